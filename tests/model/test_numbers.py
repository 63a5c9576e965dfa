"""Own numbers are honest: no break is work, no hour is lost, and too few are not made a pace."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from review_tui.model.moments import day_began
from review_tui.model.numbers import BREAK, Looks, Made, Stroke, by_hour, made_of, tally, time_left

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
WARSAW = ZoneInfo("Europe/Warsaw")


def made(minutes: float, verb: str = "approve", stage: str = "done") -> Made:
    return Made(NOON + timedelta(minutes=minutes), verb, stage)


def test_a_decision_is_made_when_its_key_was_pressed_and_is_what_came_of_it_last() -> None:
    def stroke(id_: str, seconds: float, stage: str, verb: str = "approve") -> Stroke:
        return Stroke(id_, NOON + timedelta(seconds=seconds), verb, stage)

    strokes = [
        stroke("r1", 0, "held"),
        stroke("r2", 3, "held", "reject"),
        stroke("r1", 5, "sending"),
        stroke("r2", 6, "taken back", "reject"),
        stroke("r1", 7, "done"),
    ]
    assert made_of(strokes) == {
        "r1": Made(NOON, "approve", "done"),
        "r2": Made(NOON + timedelta(seconds=3), "reject", "taken back"),
    }


def test_only_what_is_done_counts_and_what_was_taken_back_is_a_share_of_all() -> None:
    found = tally(
        [
            made(0),
            made(1),
            made(2, "reject"),
            made(3, "cancel"),
            made(4, "resolve"),
            made(5, stage="taken back"),
            made(6, stage="held"),
            made(7, stage="unknown"),
            made(8, stage="refused"),
        ]
    )
    assert found.done == {"approve": 2, "reject": 1, "cancel": 1, "resolve": 1}
    assert (found.decided, found.made, found.taken_back) == (4, 6, 1)
    assert found.undone == pytest.approx(1 / 6)
    assert tally([]).undone is None


def test_a_break_is_no_work() -> None:
    steady = [made(minute) for minute in (0, 1, 2, 3)]
    assert tally(steady).pace == pytest.approx(60)
    after_lunch = [*steady, *(made(90 + minute) for minute in (0, 1, 2, 3))]
    assert tally(after_lunch).pace == pytest.approx(60), "the first after a break took nobody knows how long"
    just_no_break = [made(0), made(9.9), made(19.8), made(29.7)]
    assert tally(just_no_break).pace == pytest.approx(60 / 9.9)
    assert tally([made(n * BREAK.total_seconds() / 60) for n in range(9)]).pace is None


def test_judging_matches_is_work_that_decides_no_submission() -> None:
    found = [made(0), made(1, "resolve"), made(2), made(3, "resolve"), made(4), made(6)]
    assert tally(found).pace == pytest.approx(3 / 6 * 60)


def test_the_start_of_the_session_is_where_the_first_submission_began() -> None:
    found = [made(1), made(2), made(3)]
    assert tally(found).pace is None, "two are too few"
    assert tally(found, NOON).pace == pytest.approx(60)
    assert tally(found, NOON - timedelta(hours=12)).pace is None
    assert tally([], NOON).pace is None


def test_decisions_at_one_stroke_make_no_infinite_pace() -> None:
    assert tally([made(0) for _ in range(50)]).pace is None
    assert time_left(40, None) is None
    assert time_left(40, 80.0) == timedelta(minutes=30)


def test_what_was_decided_is_counted_by_the_hours_of_the_clock() -> None:
    found = [made(-1), made(0), made(59), made(60), made(61, "resolve"), made(62, stage="held"), made(200)]
    hours = by_hour(found, NOON + timedelta(minutes=90), UTC, 3)
    assert [(hour.began.hour, hour.decided) for hour in hours] == [(11, 1), (12, 2), (13, 1)]


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)],
    ids=["spring", "autumn", "usual"],
)
def test_a_day_has_the_hours_that_its_clock_shows(day: str, hours: int) -> None:
    evening = datetime.fromisoformat(f"{day}T23:30").replace(tzinfo=WARSAW)
    midnight = day_began(evening, WARSAW)
    assert midnight.astimezone(WARSAW).strftime("%F %T") == f"{day} 00:00:00"
    told = by_hour([], evening.astimezone(UTC), WARSAW, hours)
    assert told[0].began == midnight
    assert len({hour.began for hour in told}) == hours
    shown = [hour.began.astimezone(WARSAW).strftime("%H:%M") for hour in told]
    assert shown.count("02:00") == {23: 0, 24: 1, 25: 2}[hours]


def test_hours_begin_on_the_clock_also_where_it_stands_half_an_hour_apart() -> None:
    delhi = ZoneInfo("Asia/Kolkata")
    (hour,) = by_hour([made(-15), made(-31)], NOON, delhi, 1)
    assert hour.began.astimezone(delhi).strftime("%H:%M") == "17:00"
    assert hour.decided == 1


def test_looks_at_one_submission_add_up_and_a_break_is_none() -> None:
    looks = Looks()
    looks.see("s1", 0)
    looks.see("s2", 10)
    looks.see("s1", 15)
    looks.see("s1", 18)
    looks.see(None, 20)
    assert looks.take("s1", 100) == 15
    assert looks.take("s1", 100) is None
    looks.see("s2", 100)
    assert looks.take("s2", 107) == 12
    assert looks.take("s2", 110) == 3, "it is still looked at"
    looks.see("s3", 110)
    assert looks.take("s3", 110 + BREAK.total_seconds()) is None
    assert looks.take("s9", 1_000) is None
