"""Rows in parts: an immutable sequence of which a change copies only the parts that it touches."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter, eq, itemgetter
from typing import Final, overload

from review_tui.model.submissions import Row

PART: Final = 512
"""Rows of one part at most: few to look at within a key, and yet many enough for a short list of parts."""


_first_two: Final = itemgetter(0, 1)


class Part:
    """Some rows that stand together; it never changes, so that what was made of it can be kept beside it."""

    __slots__ = ("_places", "rows")

    def __init__(self, rows: tuple[Row, ...] = ()) -> None:
        self.rows = rows
        self._places: dict[str, int] | None = None

    @property
    def places(self) -> Mapping[str, int]:
        """Where in the part each row stands, by its id."""
        if self._places is None:
            self._places = {row.id: place for place, row in enumerate(self.rows)}
        return self._places

    def keeping(self, fits: Callable[[Row], bool]) -> "Part":
        """Return the part of those rows that fit."""
        rows = tuple(filter(fits, self.rows))
        return self if len(rows) == len(self.rows) else Part(rows)


class Rows(Sequence[Row]):
    """Rows by their place, in parts that older and newer values of the sequence share.

    Reading a row takes as long as finding its part; finding an id takes one look into each part; a change
    copies the list of parts and the parts that it touches.
    """

    __slots__ = ("_ends", "parts")

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self.parts = tuple(parts)
        self._ends = [*accumulate(map(len, map(attrgetter("rows"), self.parts)))]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Rows":
        """Cut rows into parts."""
        return cls(_cut(tuple(rows)))

    def __len__(self) -> int:
        """The number of rows."""
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        """Return the row at a place, or those of a stretch."""
        if isinstance(index, slice):
            return self._stretch(index)
        ends = self._ends
        if index < 0:
            index += len(self)
        part = bisect_right(ends, index)
        if index < 0 or part == len(ends):
            raise IndexError(index)
        return self.parts[part].rows[index - ends[part]]

    def __iter__(self) -> Iterator[Row]:
        """Go through all rows."""
        return chain.from_iterable(part.rows for part in self.parts)

    def __reversed__(self) -> Iterator[Row]:
        """Go through all rows from the last one."""
        return chain.from_iterable(reversed(part.rows) for part in reversed(self.parts))

    def __eq__(self, other: object) -> bool:
        """Whether the other sequence holds equal rows in this order."""
        if self is other:
            return True
        if not isinstance(other, Rows | tuple | list):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        """Return what equal ones share, without going through the rows."""
        return hash(len(self))

    def located(self, index: int) -> tuple[int, int]:
        """Return the part in which a row stands, and where in it; `index` is within the rows."""
        part = bisect_right(self._ends, index)
        return part, index - self.start_of(part)

    def start_of(self, part: int) -> int:
        """Return where a part begins."""
        return self._ends[part - 1] if part else 0

    def beside(self, id_: str | None, near: int) -> int | None:
        """Return where the row with this id stands if that is at most two places from `near`."""
        if 0 <= near < len(self) and self[near].id == id_:
            return near
        start = max(0, near - 2)
        return next((at for at, row in enumerate(self[start : near + 3], start) if row.id == id_), None)

    def find(self, id_: str | None, near: int | None = None) -> int | None:
        """Return where the row with this id stands, or None; `near` is where it stood last."""
        if id_ is None:
            return None
        if near is not None and (at := self.beside(id_, near)) is not None:
            return at
        for index, part in enumerate(self.parts):
            place = part.places.get(id_)
            if place is not None:
                return self.start_of(index) + place
        return None

    def spliced(self, start: int, stop: int, rows: Sequence[Row]) -> "Rows":
        """Put rows in the place of those from `start` up to `stop`."""
        if start == stop and not rows:
            return self
        if not self.parts:
            return Rows.of(rows)
        first = min(bisect_right(self._ends, start), len(self.parts) - 1)
        last = max(first, bisect_left(self._ends, stop))
        head = self.parts[first].rows[: start - self.start_of(first)]
        tail = self.parts[last].rows[stop - self.start_of(last) :]
        middle = (*head, *rows, *tail)
        if len(middle) < PART // 2 and last + 1 < len(self.parts):
            last += 1
            middle = (*middle, *self.parts[last].rows)
        return Rows((*self.parts[:first], *_cut(middle), *self.parts[last + 1 :]))

    def edited(self, out: Iterable[int], put: Iterable[tuple[int, Row]] = ()) -> "Rows":
        """Take out the rows at some places and put others in before those at theirs; places are of now."""
        gone: dict[int, list[int]] = defaultdict(list)
        come: dict[int, list[tuple[int, Row]]] = defaultdict(list)
        for index in out:
            part, place = self.located(index)
            gone[part].append(place)
        for index, row in put:
            part = min(bisect_right(self._ends, index), max(len(self.parts) - 1, 0))
            come[part].append((index - self.start_of(part), row))
        if not gone and not come:
            return self
        parts: list[Part] = []
        before = 0
        for touched in sorted({*gone, *come}):
            parts += self.parts[before:touched]
            own = self.parts[touched].rows if self.parts else ()
            parts += _cut(_edited(own, gone[touched], come[touched]))
            before = touched + 1
        return Rows((*parts, *self.parts[before:]))

    def with_part(self, index: int, part: Part) -> "Rows":
        """Put another part in the place of one; no other part moves."""
        return Rows((*self.parts[:index], part, *self.parts[index + 1 :]))

    def _stretch(self, given: slice) -> tuple[Row, ...]:
        start, stop, step = given.indices(len(self))
        if step != 1:
            return tuple(self[index] for index in range(start, stop, step))
        if start >= stop:
            return ()
        index, place = self.located(start)
        found = self.parts[index].rows[place : place + stop - start]
        while len(found) < stop - start:
            index += 1
            found += self.parts[index].rows[: stop - start - len(found)]
        return found


def _cut(rows: tuple[Row, ...]) -> list[Part]:
    """Cut rows into as few parts as there must be, of about one size."""
    count = -(-len(rows) // PART)
    edges = [len(rows) * number // count for number in range(count + 1)] if count else []
    return [Part(rows[start:stop]) for start, stop in pairwise(edges)]


def _edited(rows: tuple[Row, ...], out: Iterable[int], put: Iterable[tuple[int, Row]]) -> tuple[Row, ...]:
    """Take out and put in; where both are at one place, what is put in stands before what is taken out."""
    found: list[Row] = []
    done = 0
    edits: list[tuple[int, int, Row | None]] = [*((place, 1, None) for place in out)]
    edits += ((place, 0, row) for place, row in put)
    for place, taken, row in sorted(edits, key=_first_two):
        found += rows[done:place]
        found += () if row is None else (row,)
        done = place + taken
    return (*found, *rows[done:])
