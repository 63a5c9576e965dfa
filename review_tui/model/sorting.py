"""Sorting: the columns by which rows are put in order, and how two of them compare."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from review_tui.model.folding import fold, rough_amount
from review_tui.model.frozen import frozen
from review_tui.model.rows import PART, Part, Rows
from review_tui.model.submissions import Row

SLICE: Final = 2_048
"""Rows that are worked on between two moments at which keys may be heard, where they stand in no part."""

_SAMPLED: Final = 8
"""Rows of a sample for each bucket."""


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


@frozen
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

    def compare(self, one: Row, other: Row) -> int:
        """Return -1 where a row stands before another, 1 where behind, 0 where the server's order says."""
        own, others = self.value(one), self.value(other)
        return _before(others, own, self) - _before(own, others, self)


def sorting(rows: Rows, sort: Sort) -> Generator[None, None, Rows]:
    """Sort rows, which stand in the server's order, in steps of few milliseconds each.

    They are dealt out to buckets: those between two limits, which a sample has, and those that equal a limit
    and need no sorting. Each bucket is let go when its rows stand in parts: to free all at once takes long.
    """
    value = _VALUES[sort.column]
    limits = yield from _limits(rows, value)
    buckets: list[tuple[list[Any], list[Row]]] = [([], []) for _ in range(2 * len(limits) + 1)]
    absent: list[Row] = []
    for part in rows.parts:
        for row, own in zip(part.rows, map(value, part.rows), strict=True):
            if own is None:
                absent.append(row)
            else:
                values, bucket = buckets[bisect_left(limits, own) + bisect_right(limits, own)]
                values.append(own)
                bucket.append(row)
        yield
    if not sort.descending:
        buckets.reverse()
    parts: list[Part] = []
    found: list[Row] = []
    while buckets:
        values, bucket = buckets.pop()
        order: Sequence[int] = range(len(bucket))
        if len(buckets) % 2 == 0:
            order = sorted(order, key=values.__getitem__, reverse=sort.descending)
        for start in range(0, len(bucket), SLICE):
            found += map(bucket.__getitem__, order[start : start + SLICE])
            yield from _into_parts(found, parts, SLICE)
    yield from _into_parts(found, parts, 1)
    yield from _into_parts(absent, parts, 1)
    return Rows(parts)


def _into_parts(rows: list[Row], parts: list[Part], least: int) -> Generator[None, None, None]:
    """Take rows, in slices of which each has at least so many, and leave the rest of them."""
    done = 0
    while len(rows) - done >= least:
        parts += Rows.of(rows[done : done + SLICE]).parts
        done += SLICE
        yield
    del rows[:done]


def _limits(rows: Rows, value: Callable[[Row], Any]) -> Generator[None, None, list[Any]]:
    """Return values between which there is about a slice of the rows, as far as a sample tells."""
    wanted = len(rows) // SLICE
    sample: list[Any] = []
    for number in range(wanted * _SAMPLED):
        own = value(rows[number * len(rows) // (wanted * _SAMPLED)])
        if own is not None:
            sample.append(own)
        if number % PART == 0:
            yield
    return sorted(set(sorted(sample)[_SAMPLED // 2 :: _SAMPLED]))


def place_for(row: Row, among: Rows, sort: Sort, source: Rows) -> int:
    """Return where a row belongs in sorted ones; `source` holds all rows, in the server's order."""
    own, value = sort.value(row), _VALUES[sort.column]
    start = _first(among, 0, lambda other: not _before(value(other), own, sort))
    stop = _first(among, start, lambda other: _before(own, value(other), sort))
    if start == stop:
        return start
    start, stop = _among(among, start, stop, row.order)
    if start == stop:
        return start
    first, last = _among(source, 0, len(source), row.order)
    ranks = {other.id: rank for rank, other in enumerate(source[first:last])}
    own_rank = ranks.get(row.id, len(ranks))
    equal = among[start:stop]
    return start + bisect_right(equal, own_rank, key=lambda other: ranks.get(other.id, len(ranks)))


def _among(rows: Rows, start: int, stop: int, order: float) -> tuple[int, int]:
    """Return where in a stretch, which falls by order, the rows of one order begin and end."""
    first = _first(rows, start, lambda other: other.order <= order, stop)
    return first, _first(rows, first, lambda other: other.order < order, stop)


def _before(one: Any, other: Any, sort: Sort) -> bool:
    if one is None or other is None:
        return one is not None and other is None
    return bool(one > other if sort.descending else one < other)


def _first(rows: Rows, start: int, holds: Callable[[Row], bool], stop: int | None = None) -> int:
    """Return the first index from `start` for which something holds that holds for all behind it."""
    return bisect_left(rows, True, start, len(rows) if stop is None else stop, key=holds)
