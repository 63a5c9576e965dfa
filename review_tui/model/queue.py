"""The queue: an immutable, ordered collection of rows in which identity is the submission's id."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable
from dataclasses import field, replace
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.listed import NONE, Listed
from review_tui.model.submissions import Page, Row, SubmissionStatus


@frozen
class Filter:
    """What of all submissions is asked for; None stands for any."""

    status: str | None = SubmissionStatus.REVIEW
    workflow: str | None = None
    fraud_status: str | None = None

    def __str__(self) -> str:
        """Its own words, as the status line shows them."""
        parts = (("workflow", self.workflow), ("fraud", self.fraud_status))
        words = [self.status or "any status", *(f"{name}:{value}" for name, value in parts if value)]
        return " ".join(words)

    def takes(self, row: Row) -> bool:
        """Whether `row`, as last seen, belongs to what is asked for."""
        return (
            self.status in {None, row.status}
            and self.workflow in {None, row.workflow}
            and self.fraud_status in {None, row.fraud_status}
        )


@frozen
class Changes:
    """What a merge changed, as ids; falsy when nothing did."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.changed or self.gone)


@frozen
class Window:
    """The stretch of the list that a page speaks for.

    `newest` is the order of the last row before it (infinite for the first page), `ties` the ids before it
    that share that order, None where they are not known. The page's own last row is its other end, unless
    it is the last page.
    """

    newest: float = float("inf")
    ties: frozenset[str] | None = None

    def beyond(self, page: Page) -> "Window":
        """Return the window of the page that follows `page`, which spoke for this one."""
        if not page.rows:
            return self
        end = page.rows[-1].order
        if end < self.newest:
            return Window(end, frozenset(row.id for row in page.rows if row.order == end))
        seen = None if self.ties is None else self.ties | {row.id for row in page.rows}
        return Window(self.newest, seen)


HEAD: Final = Window()
"""The window of the first page."""


def _descending(row: Row) -> float:
    return -row.order


@frozen
class Queue:
    """Rows newest first; `complete` once the oldest page is in, else `cursor` leads to the next one."""

    rows: Listed = NONE
    filter: Filter = field(default_factory=Filter)
    cursor: str | None = None
    complete: bool = False

    def __len__(self) -> int:
        """The number of rows that are loaded."""
        return len(self.rows)

    def merged_with(
        self, page: Page, window: Window = HEAD, keep: str | None = None, *, held: Collection[str] = ()
    ) -> tuple["Queue", Changes]:
        """Take in a fresh page; rows of its window that it lacks are gone.

        The row with id `keep` stays, as do those with ids in `held`. One is marked `gone` where the server
        took it off the list; one that we decided ourselves, so that the filter does not take it any more, is
        just kept. Rows that share their time with an end of the window are kept as long as they may stand on
        the neighbouring page.
        """
        last_page = not page.has_more
        if not page.rows and not last_page:
            return self, Changes()
        fresh = {row.id: row for row in _within(page.rows, window.newest)}
        oldest = float("-inf") if last_page else min(page.rows[-1].order, window.newest)
        start = bisect_left(self.rows, -window.newest, key=_descending)
        stop = bisect_right(self.rows, -oldest, key=_descending)
        known = self.rows[start:stop]
        above, below, gone = _left_behind(known, fresh, window, oldest)
        before = {row.id: row for row in known}
        added = tuple(id_ for id_ in fresh if id_ not in before)
        changed = tuple(id_ for id_, row in fresh.items() if id_ in before and before[id_] != row)
        middle = [*above, *(_same(before.get(id_), row) for id_, row in fresh.items()), *below]
        for kept in [row for row in gone if row.id == keep or row.id in held]:
            left = not kept.gone and self.filter.takes(kept)
            _put_back(middle, replace(kept, gone=True) if left else kept, known)
            if not left:
                gone.remove(kept)
        strays = _elsewhere(self.rows, added, start, stop) if added else []
        deeper = len(self.rows) - stop - sum(at >= stop for at in strays)
        cursor, complete = (self.cursor, self.complete) if deeper else _reach(page)
        changes = Changes(added, changed, tuple(row.id for row in gone))
        if not changes and (cursor, complete) == (self.cursor, self.complete) and middle == list(known):
            return self, changes
        less = sum(at < start for at in strays)
        rows = self.rows.without(strays).replaced(start - less, stop - less, middle)
        return Queue(rows, self.filter, cursor, complete), changes

    def position(self, id_: str | None, near: int = 0) -> int | None:
        """Return where the row with this id stands; `near` is where it stood last."""
        return self.rows.find(id_, near)

    def row(self, id_: str | None, near: int = 0) -> Row | None:
        """Return the row with this id, or None."""
        index = self.position(id_, near)
        return None if index is None else self.rows[index]

    def asking(self, asked: Filter, keep: Collection[str] = ()) -> "Queue":
        """Ask for others: rows that fit stay until they are read anew, as do those with ids in `keep`."""
        if asked == self.filter:
            return self
        rows = (row for row in self.rows if (asked.takes(row) and not row.gone) or row.id in keep)
        return Queue(Listed.of(rows), asked)

    def with_row(self, row: Row) -> "Queue":
        """Put a newer value of a row in its place; unchanged where it is not known."""
        return self._edited(row.id, lambda old: replace(row, order=old.order))

    def without(self, id_: str) -> "Queue":
        """Leave out one row."""
        index = self.position(id_)
        if index is None:
            return self
        return replace(self, rows=self.rows.without([index]))

    def _edited(self, id_: str, edit: Callable[[Row], Row]) -> "Queue":
        index = self.position(id_)
        if index is None or (row := edit(self.rows[index])) == self.rows[index]:
            return self
        return replace(self, rows=self.rows.replaced(index, index + 1, (row,)))


def _elsewhere(rows: Listed, ids: Iterable[str], start: int, stop: int) -> list[int]:
    """Return where rows of these ids stand outside of a page's window: they have moved into it."""
    places = (rows.find(id_) for id_ in ids)
    return [at for at in places if at is not None and not start <= at < stop]


def _reach(page: Page) -> tuple[str | None, bool]:
    """How far down the list is loaded once the oldest page is in."""
    return (page.next_cursor, page.next_cursor is None) if page.has_more else (None, True)


def _same(known: Row | None, row: Row) -> Row:
    """The row that is known where nothing about it is new, so that what was made of it can be kept."""
    return row if known is None or known != row else known


def _within(rows: tuple[Row, ...], newest: float) -> tuple[Row, ...]:
    """Rows of a page, none of them before the page: a server may sort otherwise than we think."""
    if not rows or rows[0].order <= newest:
        return rows
    return tuple(row if row.order <= newest else replace(row, order=newest) for row in rows)


def _left_behind(
    known: tuple[Row, ...], fresh: dict[str, Row], window: Window, oldest: float
) -> tuple[list[Row], list[Row], list[Row]]:
    """Split known rows that a page lacks: at its upper end, at its lower end, and gone."""
    above: list[Row] = []
    below: list[Row] = []
    gone: list[Row] = []
    for row in known:
        if row.id in fresh:
            continue
        if row.gone:
            gone.append(row)
        elif row.order == window.newest and (window.ties is None or row.id in window.ties):
            above.append(row)
        elif row.order == oldest:
            below.append(row)
        else:
            gone.append(row)
    return above, below, gone


def _put_back(rows: list[Row], row: Row, known: tuple[Row, ...]) -> None:
    """Insert `row` where it stood: behind the nearest row above it that is still there, and in order."""
    places = {other.id: index for index, other in enumerate(rows)}
    at = 0
    for other in known:
        if other.id == row.id:
            break
        at = places.get(other.id, at - 1) + 1
    first = sum(1 for other in rows if other.order > row.order)
    last = sum(1 for other in rows if other.order >= row.order)
    rows.insert(min(max(at, first), last), row)
