"""Times to come, read as a person at a wall clock means them: in any zone, over the change to summer time."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.moments import FARTHEST, NoMoment, moment_of, morning_after, next_monday

WARSAW = ZoneInfo("Europe/Warsaw")
NOW = datetime(2026, 3, 25, 12, 30, tzinfo=UTC)
"""A Wednesday, half past one in Warsaw; summer time begins there on Sunday at two."""


def local(text: str, now: datetime = NOW, zone: tzinfo = WARSAW) -> str:
    """What a text is read as, on the wall clock."""
    return f"{moment_of(text, now, zone).astimezone(zone):%a %d %b %H:%M %Z}"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("45m", "Wed 25 Mar 14:15 CET"),
        ("2h", "Wed 25 Mar 15:30 CET"),
        ("1h30m", "Wed 25 Mar 15:00 CET"),
        ("1 h 30 min", "Wed 25 Mar 15:00 CET"),
        ("2 days", "Fri 27 Mar 13:30 CET"),
        ("14:30", "Wed 25 Mar 14:30 CET"),
        ("14.30", "Wed 25 Mar 14:30 CET"),
        ("13:30", "Thu 26 Mar 13:30 CET"),
        ("9:00", "Thu 26 Mar 09:00 CET"),
        ("tomorrow", "Thu 26 Mar 09:00 CET"),
        ("Tomorrow 16:05", "Thu 26 Mar 16:05 CET"),
        ("today 18:00", "Wed 25 Mar 18:00 CET"),
        ("Fri", "Fri 27 Mar 09:00 CET"),
        ("friday 8:15", "Fri 27 Mar 08:15 CET"),
        ("wed 15:00", "Wed 25 Mar 15:00 CET"),
        ("wed 9:00", "Wed 01 Apr 09:00 CEST"),
        ("Mon 9:00", "Mon 30 Mar 09:00 CEST"),
        ("2026-04-02 9:00", "Thu 02 Apr 09:00 CEST"),
        ("2026-04-02", "Thu 02 Apr 09:00 CEST"),
        ("sun 2:30", "Sun 29 Mar 03:30 CEST"),
    ],
)
def test_a_time_means_what_the_wall_clock_will_show(text: str, means: str) -> None:
    assert local(text) == means


def test_a_time_that_the_clock_shows_twice_is_the_first() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    assert local("sun 2:30", before) == "Sun 25 Oct 02:30 CEST"


def test_a_span_is_as_long_as_it_says_over_the_change_to_summer_time() -> None:
    saturday = datetime(2026, 3, 28, 20, 0, tzinfo=UTC)
    assert moment_of("1d", saturday, WARSAW) == saturday + timedelta(days=1)
    assert f"{morning_after(saturday, WARSAW).astimezone(WARSAW):%a %H:%M}" == "Sun 09:00"


def test_the_machines_own_zone_is_taken_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert moment_of("23:00", NOW, None) == datetime(2026, 3, 25, 14, 0, tzinfo=UTC)
        assert morning_after(NOW, None) == datetime(2026, 3, 26, 0, 0, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("day", range(25, 32))
def test_monday_is_the_next_one_never_today(day: int) -> None:
    found = next_monday(datetime(2026, 3, day, 6, 0, tzinfo=UTC), WARSAW).astimezone(WARSAW)
    assert found.weekday() == 0
    assert 1 <= (found.date() - datetime(2026, 3, day).date()).days <= 7  # noqa: DTZ001 – a day of the wall


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "write a time"),
        ("soon", "no time"),
        ("25:00", "no time"),
        ("12:60", "no time"),
        ("5", "no time"),
        ("m", "no time"),
        ("0m", "over already"),
        ("today 9:00", "over already"),
        ("2026-03-24", "over already"),
        ("2026-02-30", "no such day"),
        ("91d", "at most 90 days"),
        ("9999w9999w", "at most 90 days"),
        ("9999-12-31 23:59", "at most 90 days"),
    ],
)
def test_what_cannot_be_meant_says_why(text: str, why: str) -> None:
    with pytest.raises(NoMoment, match=why):
        moment_of(text, NOW, WARSAW)


@given(st.text(max_size=20) | st.from_regex(r"[0-9a-z :.-]{1,16}", fullmatch=True))
def test_whatever_is_typed_is_a_time_to_come_or_a_reason(text: str) -> None:
    with suppress(NoMoment):
        found = moment_of(text, NOW, WARSAW)
        assert timedelta() < found - NOW <= FARTHEST
        assert found.tzinfo is UTC
