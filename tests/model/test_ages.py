"""Who waits too long is told by the limits of their workflow; the one that waits longest is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from review_tui.model.ages import Lateness, Oldest, lateness, oldest_waiting
from review_tui.model.preferences import AgeLimits
from review_tui.model.submissions import Row
from review_tui.model.text import Shown
from tests.ui.samples import a_detail

BORN = datetime(2026, 3, 25, 10, 0, tzinfo=UTC)
ROW = Row.of(a_detail())
LIMITS = AgeLimits(warn=3_600, breach=7_200)


@pytest.mark.parametrize(
    ("age", "limits", "found"),
    [
        (3_599, LIMITS, Lateness.IN_TIME),
        (3_600, LIMITS, Lateness.DUE),
        (7_199, LIMITS, Lateness.DUE),
        (7_200, LIMITS, Lateness.LATE),
        (10**7, AgeLimits(), Lateness.IN_TIME),
        (7_200, AgeLimits(warn=3_600), Lateness.DUE),
        (7_200, AgeLimits(breach=7_200), Lateness.LATE),
        (3_600, AgeLimits(breach=7_200), Lateness.IN_TIME),
        (-86_400, LIMITS, Lateness.IN_TIME),
    ],
)
def test_the_limits_say_who_waits_too_long(age: int, limits: AgeLimits, found: Lateness) -> None:
    assert lateness(ROW, limits, BORN + timedelta(seconds=age)) is found


@pytest.mark.parametrize(
    "row",
    [replace(ROW, gone=True), replace(ROW, status=Shown.of("approved")), replace(ROW, created=None)],
    ids=["gone", "decided", "of no known age"],
)
def test_what_waits_for_nobody_is_never_late(row: Row) -> None:
    assert lateness(row, LIMITS, BORN + timedelta(days=1)) is Lateness.IN_TIME
    assert oldest_waiting((row,)) is None


def test_the_oldest_is_the_last_that_waits() -> None:
    rows = tuple(replace(ROW, id=f"s{number}") for number in range(4))
    decided = (*rows[:3], replace(rows[3], status=Shown.of("rejected")))
    assert oldest_waiting(rows) is rows[3]
    assert oldest_waiting(decided) is rows[2]
    assert oldest_waiting(()) is None


def test_it_is_looked_for_once_for_each_queue() -> None:
    oldest = Oldest()
    rows = Counted([ROW])
    assert oldest.of(rows) is oldest.of(rows) is ROW
    assert rows.looked == 1
    assert oldest.of(()) is None


class Counted(list[Row]):
    """Rows that count how often somebody looks through them."""

    looked = 0

    def __reversed__(self) -> Iterator[Row]:
        self.looked += 1
        return super().__reversed__()
