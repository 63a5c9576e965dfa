"""Views: the rows of the queue that fit a query, in an order, kept up to date by what changed."""

from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from typing import TypeVar

from review_tui.model.frozen import frozen
from review_tui.model.listed import NONE, Listed
from review_tui.model.matching import Facts, Test, leaves_out, matcher, narrows, touched
from review_tui.model.query import Query, Term
from review_tui.model.rows import Part, Rows
from review_tui.model.sorting import Sort, place_for, sorting
from review_tui.model.submissions import Row

_Done = TypeVar("_Done")


@frozen
class View:
    """The rows as they are shown.

    `source` are the queue's rows, `fits` holds for each of their parts those that fit, or is None where all
    do. `guest` is the id of one that is shown although it does not fit, because a reviewer stands on it.
    `now` is the moment, in seconds since the epoch, at which ages were taken. `barren` are the words of the
    query that left out every row by themselves, when nothing fitted.

    Without a sort, the parts of `rows` are those of `fits`, and of `source` where all fit.
    """

    source: Listed = NONE
    query: Query = field(default_factory=Query)
    sort: Sort | None = None
    facts: Facts = field(default_factory=Facts)
    now: float = 0.0
    fits: tuple[Part, ...] | None = None
    guest: str | None = None
    rows: Rows = NONE
    barren: tuple[Term, ...] = ()

    @property
    def fitting(self) -> int:
        """How many rows fit."""
        return len(self.rows) - (self.guest is not None)

    def position(self, id_: str | None, near: int = 0) -> int | None:
        """Return where the row with this id is shown; `near` is where it stood last."""
        at = self.rows.beside(id_, near)
        if at is not None or (self.sort is None and self.fits is None):
            return self.rows.find(id_) if at is None else at
        index = self.source.find(id_)
        return None if index is None else self._shown_at(index)

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
        if self.guest is not None:
            return self._without_guest().standing_on(id_, near)
        index = self.source.find(id_, near)
        return self if index is None else self._with_guest(index)

    def above(self, ids: Iterable[str], id_: str | None) -> int:
        """Return how many of these rows are shown above another one."""
        own = self.source.find(id_)
        if own is None:
            return 0
        places = (self.source.find(one) for one in ids)
        return sum(self._is_above(at, own) for at in places if at is not None)

    def following(self, source: Listed) -> "View":
        """Return the view of newer rows; only those that are new are looked at."""
        if source is self.source:
            return self
        if self.guest is not None:
            return self._without_guest().following(source).standing_on(self.guest)
        kept = set(map(id, self.source.parts)) & set(map(id, source.parts))
        fits = None if self.fits is None else self._fits_of(source, self.fits, kept)
        if self.sort is None:
            return replace(self, source=source, fits=fits, rows=source if fits is None else Rows(fits))
        old = zip(self.source.parts, self._fitting_parts, strict=True)
        new = zip(source.parts, source.parts if fits is None else fits, strict=True)
        out, into = (_all(fit for part, fit in parts if id(part) not in kept) for parts in (old, new))
        return replace(self, source=source, fits=fits, rows=self._resorted(out, into, self.sort, source))

    def knowing(self, facts: Facts) -> "View | None":
        """Return the view with other facts; None where that may concern any row, so that it is made anew."""
        if facts is self.facts:
            return self
        if self.guest is not None:
            known = self._without_guest().knowing(facts)
            return None if known is None else known.standing_on(self.guest)
        ids = touched(self.query, self.facts, facts)
        if ids is None:
            return None
        if not ids:
            return replace(self, facts=facts)
        places = self.source.parts_of(ids)
        test, before = matcher(self.query, facts, self.now), self._fitting_parts
        fits = list(before)
        for index in places:
            fitting, rows_there = before[index].places, self.source.parts[index].rows
            told = {id(row): row.id in fitting for row in rows_there if row.id not in ids}
            fits[index] = self.source.parts[index].keeping(partial(_holds, told, test))
        rows = Rows(fits)
        if self.sort is not None:
            out, into = (_all(of[index] for index in places) for of in (before, fits))
            rows = self._resorted(out, into, self.sort, self.source)
        return replace(self, facts=facts, fits=tuple(fits), rows=rows)

    @property
    def _fitting_parts(self) -> tuple[Part, ...]:
        return self.source.parts if self.fits is None else self.fits

    def _shown_at(self, index: int) -> int | None:
        """Return where the row at `index` of the source is shown, None where it is not."""
        row = self.source[index]
        if self.sort is None:
            part, _ = self.source.located(index)
            place = self.rows.parts[part].places.get(row.id)
            return None if place is None else self.rows.start_of(part) + place
        return _found(row, self.rows, self.sort, self.source)

    def _is_above(self, index: int, other: int) -> bool:
        """Say whether the row at one place of the source is shown above that at another."""
        row, below = self.source[index], self.source[other]
        part, _ = self.source.located(index)
        if row.id not in self._fitting_parts[part].places:
            return False
        before = 0 if self.sort is None else self.sort.compare(row, below)
        return before < 0 or (before == 0 and index < other)

    def _with_guest(self, index: int) -> "View":
        """Show the row at `index` of the source, which does not fit."""
        row = self.source[index]
        if self.sort is not None:
            at = place_for(row, self.rows, self.sort, self.source)
            return replace(self, guest=row.id, rows=self.rows.spliced(at, at, (row,)))
        part, place = self.source.located(index)
        fit = self._fitting_parts[part]
        at = sum(other.id in fit.places for other in self.source.parts[part].rows[:place])
        beside = Part((*fit.rows[:at], row, *fit.rows[at:]))
        return replace(self, guest=row.id, rows=self.rows.with_part(part, beside))

    def _without_guest(self) -> "View":
        if self.guest is None:
            return self
        if self.sort is None:
            return replace(self, guest=None, rows=Rows(self._fitting_parts))
        at = self.position(self.guest)
        rows = self.rows if at is None else self.rows.edited([at])
        return replace(self, guest=None, rows=rows)

    def _fits_of(self, source: Rows, fits: Sequence[Part], kept: Collection[int]) -> tuple[Part, ...]:
        """Return what fits of newer rows; `kept` are the identities of parts that were looked at before."""
        known = dict(zip(map(id, self.source.parts), fits, strict=True))
        left = [part for part in self.source.parts if id(part) not in kept]
        told = dict.fromkeys(map(id, _all(left)), False)
        told.update(dict.fromkeys(map(id, _all(known[id(part)] for part in left)), True))
        holds = partial(_holds, told, matcher(self.query, self.facts, self.now))
        return tuple(known[id(part)] if id(part) in kept else part.keeping(holds) for part in source.parts)

    def _resorted(self, out: Sequence[Row], into: Sequence[Row], sort: Sort, source: Rows) -> Rows:
        """Take rows out of the sorted ones and put others in; `source` are all rows of now."""
        before, after = set(map(id, out)), set(map(id, into))
        leaving = (row for row in out if id(row) not in after)
        coming = [row for row in into if id(row) not in before]
        places = (_found(row, self.rows, sort, self.source) for row in leaving)
        rows = self.rows.edited(at for at in places if at is not None)
        if not coming:
            return rows
        coming = list(at_once(sorting(Rows.of(coming), sort)))
        return rows.edited((), [(place_for(row, rows, sort, source), row) for row in coming])


def reckoning(
    source: Listed, query: Query, sort: Sort | None, facts: Facts, now: float, before: View | None = None
) -> Generator[None, None, View]:
    """Make a view in steps of few milliseconds each; it is what the generator returns.

    Where what is looked for is more of what fitted `before`, only that is looked through.
    """
    fits: tuple[Part, ...] | None = None
    if leaves_out(query, facts):
        test, found = matcher(query, facts, now), list[Part]()
        for part in _looked_through(source, query, facts, before):
            found.append(part.keeping(test))
            yield
        fits = tuple(found)
    rows = source if fits is None else Rows(fits)
    if sort is not None:
        rows = yield from sorting(rows, sort)
    barren: tuple[Term, ...] = ()
    if source and not rows:
        barren = yield from _barren(source, query, facts, now)
    return View(source, query, sort, facts, now, fits, None, rows, barren)


def _looked_through(source: Rows, query: Query, facts: Facts, before: View | None) -> tuple[Part, ...]:
    """Return for each part of the rows those of them that may fit."""
    if before is None or before.fits is None or before.source is not source or before.facts is not facts:
        return source.parts
    return before.fits if narrows(query, before.query) else source.parts


def _barren(source: Rows, query: Query, facts: Facts, now: float) -> Generator[None, None, tuple[Term, ...]]:
    if len(query.terms) == 1:
        return query.terms
    found: list[Term] = []
    for term in query.terms:
        test = matcher(Query((term,)), facts, now)
        for part in source.parts:
            if any(map(test, part.rows)):
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


def _all(parts: Iterable[Part]) -> list[Row]:
    return [row for part in parts for row in part.rows]


def _holds(told: Mapping[int, bool], test: Test, row: Row) -> bool:
    """Say whether a row fits; `told` knows that of some by their identity."""
    known = told.get(id(row))
    return test(row) if known is None else known


def _found(row: Row, rows: Rows, sort: Sort, source: Rows) -> int | None:
    """Return where a row stands among sorted ones."""
    at = place_for(row, rows, sort, source)
    for guess in (at - 1, at):
        if 0 <= guess < len(rows) and rows[guess].id == row.id:
            return guess
    return rows.find(row.id)
