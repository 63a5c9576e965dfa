"""Listed rows: those of the queue in the server's order, each found by its id without looking at others."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from review_tui.model.rows import Part, Rows
from review_tui.model.submissions import Row

_BUCKETS: Final = 2_048
"""Into how many the ids are dealt out, so that a page copies few of them."""

_Orders = tuple[Mapping[str, float], ...]
_NOTHING: Final[_Orders] = ({},) * _BUCKETS


class Listed(Rows):
    """Rows newest first, no id twice; older and newer values share what they have in common."""

    __slots__ = ("_orders",)

    def __init__(self, parts: Iterable[Part] = (), orders: _Orders | None = None) -> None:
        """Take the parts; `orders` holds by id, dealt out by its hash, the order of each row."""
        super().__init__(parts)
        if orders is None:
            orders = _changed(_NOTHING, (), {row.id: row.order for row in self})
        self._orders = orders

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Listed":
        """Cut rows into parts."""
        return cls(Rows.of(rows).parts)

    def find(self, id_: str | None, near: int | None = None) -> int | None:
        """Return where the row with this id stands, or None; `near` is where it stood last."""
        if id_ is None:
            return None
        if near is not None and (at := self.beside(id_, near)) is not None:
            return at
        order = self._orders[hash(id_) % _BUCKETS].get(id_)
        if order is None:
            return None
        for index in range(bisect_left(self.parts, -order, key=_end_of), len(self.parts)):
            place = self.parts[index].places.get(id_)
            if place is not None:
                return self.start_of(index) + place
        return None

    def row_of(self, id_: str) -> Row | None:
        """Return the row with this id, or None."""
        at = self.find(id_)
        return None if at is None else self[at]

    def parts_of(self, ids: Iterable[str]) -> list[int]:
        """Return the parts that hold any row of these ids."""
        places = (self.find(id_) for id_ in ids)
        return sorted({self.located(place)[0] for place in places if place is not None})

    def replaced(self, start: int, stop: int, rows: Sequence[Row]) -> "Listed":
        """Put rows in the place of those from `start` up to `stop`."""
        before = {row.id: row.order for row in self[start:stop]}
        after = {row.id: row.order for row in rows}
        out = [id_ for id_ in before if id_ not in after]
        into = {id_: order for id_, order in after.items() if before.get(id_) != order}
        orders = _changed(self._orders, out, into)
        return Listed(self.spliced(start, stop, rows).parts, orders)

    def without(self, places: Sequence[int]) -> "Listed":
        """Leave out the rows at some places."""
        orders = _changed(self._orders, [self[place].id for place in places], {})
        return Listed(self.edited(places).parts, orders) if places else self


def _end_of(part: Part) -> float:
    return -part.rows[-1].order


def _changed(orders: _Orders, out: Iterable[str], into: Mapping[str, float]) -> _Orders:
    """Return the orders without some ids and with others; copies the buckets that it changes."""
    found = list(orders)
    own: dict[int, dict[str, float]] = {}
    for id_ in (*out, *into):
        key = hash(id_) % _BUCKETS
        if key not in own:
            own[key] = found[key] = {**found[key]}
        if id_ in into:
            own[key][id_] = into[id_]
        else:
            del own[key][id_]
    return tuple(found)


NONE: Final = Listed()
"""No rows."""
