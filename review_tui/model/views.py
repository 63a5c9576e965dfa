"""Views: the rows of the queue that fit a query, in an order, kept up to date by what changed."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from operator import indexOf, is_
from typing import Final, TypeVar

from review_tui.model.matching import Facts, leaves_out, matcher, touched
from review_tui.model.query import Query, Term
from review_tui.model.queue import place_of
from review_tui.model.sorting import SLICE, Sort, place_for, sorting
from review_tui.model.submissions import Row

_Done = TypeVar("_Done")
_FITS: Final = b"\x01"


@dataclass(frozen=True, slots=True)
class View:
    """The rows as they are shown.

    `source` are the queue's rows, `mask` has a byte for each of them, 1 where it fits, or is None where all
    do. `guest` is the id of one that is shown although it does not fit, because a reviewer stands on it.
    `now` is the moment, in seconds since the epoch, at which ages were taken. `barren` are the words of the
    query that left out every row by themselves, when nothing fitted.
    """

    source: tuple[Row, ...] = ()
    query: Query = field(default_factory=Query)
    sort: Sort | None = None
    facts: Facts = field(default_factory=Facts)
    now: float = 0.0
    mask: bytes | None = None
    guest: str | None = None
    rows: Sequence[Row] = ()
    barren: tuple[Term, ...] = ()

    @property
    def fitting(self) -> int:
        """How many rows fit."""
        return len(self.rows) - (self.guest is not None)

    def position(self, id_: str | None, near: int = 0) -> int | None:
        """Return where the row with this id is shown; `near` is where it stood last."""
        rows = self.rows
        for guess in range(max(0, near - 2), min(len(rows), near + 3)):
            if rows[guess].id == id_:
                return guess
        index = place_of(self.source, id_)  # much quicker than among sorted ones, which lie all about
        if index is None or (self.mask is not None and not self.mask[index] and id_ != self.guest):
            return None
        return place_of(rows, id_, _place(self, index))

    def row(self, id_: str | None, near: int = 0) -> Row | None:
        """Return the row with this id if it is shown."""
        index = self.position(id_, near)
        return None if index is None else self.rows[index]

    def neighbour(self, id_: str, step: int, near: int = 0) -> Row | None:
        """Return the row shown `step` places below (above when negative), or None past an end."""
        index = self.position(id_, near)
        if index is None or not 0 <= index + step < len(self.rows):
            return None
        return self.rows[index + step]

    def standing_on(self, id_: str | None, near: int = 0) -> "View":
        """Show the row with this id whether it fits or not, and no other that does not."""
        if id_ == self.guest or (self.guest is None and self.position(id_, near) is not None):
            return self
        view = self._without_guest()
        if id_ is None or view.position(id_, near) is not None:
            return view
        index = place_of(view.source, id_, near)
        if index is None:
            return view
        at = _place(view, index)
        return replace(view, guest=id_, rows=[*view.rows[:at], view.source[index], *view.rows[at:]])

    def following(self, source: tuple[Row, ...]) -> "View":
        """Return the view of newer rows; only those that are new are looked at."""
        if source is self.source:
            return self
        guest, view = self.guest, self._without_guest()
        start, stop, new_stop = _differing(view.source, source)
        old, new = view.source[start:stop], source[start:new_stop]
        mask = view.mask
        if mask is not None:
            mask = mask[:start] + _mask_of(view, old, new, mask[start:stop]) + mask[stop:]
        if view.sort is None:
            rows: Sequence[Row] = source if mask is None else [*compress(source, mask)]
        else:
            fitting = new if mask is None else [*compress(new, mask[start : start + len(new)])]
            rows = _resorted(view.rows, old, fitting, view.sort, source)
        return replace(view, source=source, mask=mask, rows=rows).standing_on(guest)

    def knowing(self, facts: Facts) -> "View | None":
        """Return the view with other facts; None where that may concern any row, so that it is made anew."""
        if facts is self.facts:
            return self
        ids = touched(self.query, self.facts, facts)
        if ids is None:
            return None
        if not ids:
            return replace(self, facts=facts)
        guest, view = self.guest, self._without_guest()
        test = matcher(view.query, facts, view.now)
        places = [index for index, row in enumerate(view.source) if row.id in ids]
        mask = bytearray(view.mask or _FITS * len(view.source))
        for index in places:
            mask[index] = test(view.source[index])
        if view.sort is None:
            rows: Sequence[Row] = [*compress(view.source, mask)]
        else:
            of = [view.source[index] for index in places]
            fitting = [view.source[index] for index in places if mask[index]]
            rows = _resorted(view.rows, of, fitting, view.sort, view.source)
        return replace(view, facts=facts, mask=bytes(mask), rows=rows).standing_on(guest)

    def _without_guest(self) -> "View":
        at = None if self.guest is None else self.position(self.guest)
        if at is None:
            return self if self.guest is None else replace(self, guest=None)
        return replace(self, guest=None, rows=[*self.rows[:at], *self.rows[at + 1 :]])


def reckoning(
    source: tuple[Row, ...], query: Query, sort: Sort | None, facts: Facts, now: float
) -> Generator[None, None, View]:
    """Make a view in steps of few milliseconds each; it is what the generator returns."""
    mask: bytes | None = None
    if leaves_out(query, facts):
        test, found = matcher(query, facts, now), bytearray()
        for start in range(0, len(source), SLICE):
            found += bytes(map(test, source[start : start + SLICE]))
            yield
        mask = bytes(found)
    rows: Sequence[Row] = source if mask is None else [*compress(source, mask)]
    if sort is not None:
        rows = yield from sorting(rows, sort)
    barren: tuple[Term, ...] = ()
    if source and not rows:
        barren = yield from _barren(source, query, facts, now)
    return View(source, query, sort, facts, now, mask, None, rows, barren)


def _barren(
    source: tuple[Row, ...], query: Query, facts: Facts, now: float
) -> Generator[None, None, tuple[Term, ...]]:
    if len(query.terms) == 1:
        return query.terms
    found: list[Term] = []
    for term in query.terms:
        test = matcher(Query((term,)), facts, now)
        for start in range(0, len(source), SLICE):
            if any(map(test, source[start : start + SLICE])):
                break
            yield
        else:
            found.append(term)
    return tuple(found)


def at_once(work: Generator[None, None, _Done]) -> _Done:
    """Do work that is cut in steps to its end, without a pause."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            done: _Done = end.value
            return done


def _differing(old: tuple[Row, ...], new: tuple[Row, ...]) -> tuple[int, int, int]:
    """Return where two sequences of the very same rows begin to differ, and in each where that ends."""
    shorter = min(len(old), len(new))
    start = _same(old, new, shorter)
    same_behind = min(_same(reversed(old), reversed(new), shorter), shorter - start)
    return start, len(old) - same_behind, len(new) - same_behind


def _resorted(
    rows: Sequence[Row],
    out: Sequence[Row],
    into: Sequence[Row],
    sort: Sort,
    source: Sequence[Row],
) -> list[Row]:
    """Take rows out of sorted ones and put others in."""
    staying = set(map(id, out)) & set(map(id, into))
    leaving = set(map(id, out)) - staying
    found = [row for row in rows if id(row) not in leaving] if leaving else list(rows)
    shown = set(map(id, found)) if staying else set()
    for row in into:
        if id(row) not in shown:
            found.insert(place_for(row, found, sort, source), row)
    return found


def _same(one: Iterable[Row], other: Iterable[Row], most: int) -> int:
    """Count the leading rows that are the very same; `most` where all are."""
    try:
        return indexOf(map(is_, one, other), False)
    except ValueError:
        return most


def _place(view: View, index: int) -> int:
    """Return where the row at `index` of the source belongs among those shown."""
    if view.sort is not None:
        return place_for(view.source[index], view.rows, view.sort, view.source)
    return index if view.mask is None else view.mask.count(_FITS, 0, index)


def _mask_of(view: View, old: Sequence[Row], new: Sequence[Row], known: bytes) -> bytes:
    """Return the mask of new rows, of which some may stand among the old ones already."""
    test = matcher(view.query, view.facts, view.now)
    verdicts = dict(zip(map(id, old), known, strict=True))
    return bytes(verdicts[id(row)] if id(row) in verdicts else test(row) for row in new)
