"""Sorting: the columns by which rows are put in order, and how two of them compare."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from review_tui.model.folding import fold, rough_amount
from review_tui.model.submissions import Row

SLICE: Final = 5_000
"""Rows that are worked on between two moments at which keys may be heard."""


class Column(StrEnum):
    """What rows can be sorted by."""

    AGE = "age"
    SCORE = "score"
    CONFIDENCE = "confidence"
    AMOUNT = "amount"
    MERCHANT = "merchant"
    STATUS = "status"
    FRAUD = "fraud"
    WORKFLOW = "workflow"


@lru_cache(16_384)
def _folded(text: str | None) -> str | None:
    return None if text is None else fold(text)


_VALUES: Final[Mapping[Column, Callable[[Row], Any]]] = {
    Column.AGE: lambda row: None if row.created is None else -row.created,
    Column.SCORE: lambda row: row.fraud_score,
    Column.CONFIDENCE: lambda row: row.confidence,
    Column.AMOUNT: lambda row: rough_amount(row.amount),
    Column.MERCHANT: lambda row: _folded(row.merchant),
    Column.STATUS: lambda row: _folded(row.status),
    Column.FRAUD: lambda row: _folded(row.fraud_status),
    Column.WORKFLOW: lambda row: _folded(row.workflow),
}


@dataclass(frozen=True, slots=True)
class Sort:
    """An order by one column; `descending` runs from the largest down.

    Rows without a value come last in both directions; equal ones keep the server's order.
    """

    column: Column
    descending: bool = False

    def __str__(self) -> str:
        """The sort as it is written in a saved view."""
        return f"-{self.column}" if self.descending else str(self.column)

    @classmethod
    def of(cls, text: str) -> "Sort | None":
        """Read a sort such as `-age`; the empty text is the server's order, None; raises ValueError."""
        name = text.strip().lower()
        if not name:
            return None
        return cls(Column(name.removeprefix("-")), name.startswith("-"))

    def value(self, row: Row) -> Any:
        """Return what of a row is compared, None where it has nothing of the kind."""
        return _VALUES[self.column](row)


def sorting(rows: Sequence[Row], sort: Sort) -> Generator[None, None, list[Row]]:
    """Sort rows, which stand in the server's order, in steps of few milliseconds each."""
    value = _VALUES[sort.column]
    values: list[Any] = []
    runs: list[list[int]] = []
    absent: list[int] = []
    for start in range(0, len(rows), SLICE):
        own = [*map(value, rows[start : start + SLICE])]
        values += own
        absent += [start + index for index, one in enumerate(own) if one is None]
        yield
        part = [start + index for index, one in enumerate(own) if one is not None]
        runs.append(sorted(part, key=values.__getitem__, reverse=sort.descending))
        yield
    while len(runs) > 1:
        pairs, runs = runs, []
        for index in range(0, len(pairs), 2):
            merged = [index for run in pairs[index : index + 2] for index in run]
            merged.sort(key=values.__getitem__, reverse=sort.descending)  # of two sorted runs: it merges them
            runs.append(merged)
            yield
    places = [*(runs[0] if runs else ()), *absent]
    found: list[Row] = []
    for start in range(0, len(places), SLICE):
        found += map(rows.__getitem__, places[start : start + SLICE])
        yield
    return found


def place_for(row: Row, among: Sequence[Row], sort: Sort, source: Sequence[Row]) -> int:
    """Return where a row belongs in sorted ones; `source` holds all rows, in the server's order."""
    own = sort.value(row)
    start = _first(among, 0, len(among), lambda other: not _before(sort.value(other), own, sort))
    stop = _first(among, start, len(among), lambda other: _before(own, sort.value(other), sort))
    start = _first(among, start, stop, lambda other: other.order <= row.order)
    stop = _first(among, start, stop, lambda other: other.order < row.order)
    if start == stop:
        return start
    first = _first(source, 0, len(source), lambda other: other.order <= row.order)
    last = _first(source, first, len(source), lambda other: other.order < row.order)
    ranks = {other.id: rank for rank, other in enumerate(source[first:last])}
    own_rank = ranks.get(row.id, len(ranks))
    return _first(among, start, stop, lambda other: ranks.get(other.id, len(ranks)) > own_rank)


def _before(one: Any, other: Any, sort: Sort) -> bool:
    if one is None or other is None:
        return one is not None and other is None
    return bool(one > other if sort.descending else one < other)


def _first(rows: Sequence[Row], start: int, stop: int, holds: Callable[[Row], bool]) -> int:
    """Return the first index for which something holds that holds for all behind it."""
    while start < stop:
        middle = (start + stop) // 2
        if holds(rows[middle]):
            stop = middle
        else:
            start = middle + 1
    return start
