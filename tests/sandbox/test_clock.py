"""The one clock: real, moved, set, frozen."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from review_tui.sandbox.clock import Clock
from review_tui.sandbox.wire import in_milliseconds, stamp
from tests.wire import NOON


def test_it_is_the_real_time_unless_moved() -> None:
    clock = Clock()
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    clock.advance(3600)
    assert abs(clock.now() - datetime.now(UTC) - timedelta(hours=1)) < timedelta(seconds=1)


def test_a_set_clock_runs_on_from_there() -> None:
    clock = Clock(NOON)
    time.sleep(0.02)
    assert timedelta() < clock.now() - NOON < timedelta(seconds=5)


def test_a_frozen_clock_stands_until_it_is_moved() -> None:
    clock = Clock(NOON, frozen=True)
    time.sleep(0.01)
    assert clock.now() == NOON
    clock.advance(1.5)
    assert clock.now_ms() == in_milliseconds(NOON) + 1500
    clock.run()
    assert not clock.frozen
    time.sleep(0.01)
    assert clock.now() > NOON + timedelta(seconds=1.5)
    clock.freeze()
    assert clock.now() == clock.now()


def test_it_takes_aware_moments_only() -> None:
    with pytest.raises(ValueError, match="aware"):
        Clock().set(NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (1_774_440_000_999, "2026-03-25T12:00:00.999Z"),
        (None, None),
    ],
)
def test_stamps_have_milliseconds_and_a_z(milliseconds: int | None, text: str | None) -> None:
    assert stamp(milliseconds) == text


def test_milliseconds_are_not_rounded_by_floats() -> None:
    start = datetime(2026, 3, 25, 12, 0, 0, 0, tzinfo=UTC)
    for number in range(1000):
        moment = start + timedelta(milliseconds=number)
        assert in_milliseconds(moment) % 1000 == number
