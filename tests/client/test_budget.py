"""What the rate headers leave is shared, decisions first; consoles that cannot see each other get along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.client.budget import LONGEST_INTERVAL, WINDOW, Bucket, Budget, Rates, read_rates

NOW = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
EPOCH = NOW.timestamp()


@dataclass
class Hand:
    """A clock that is turned by hand."""

    time: float = 1_000.0

    def __call__(self) -> float:
        return self.time


def headers(limit: object, remaining: object, reset: object = 60) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": str(remaining),
        "x-ratelimit-reset": str(reset),
    }


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("41", 41.0),
        ("0", 0.0),
        ("41.5", 41.5),
        (str(int(EPOCH) + 41), 41.0),
        (str(int(EPOCH * 1000) + 41_000), 41.0),
        (str(int(EPOCH) - 5), WINDOW),
        (str(int(EPOCH) + 86_400), WINDOW),
        ("100000", WINDOW),
        ("-1", WINDOW),
        ("NaN", WINDOW),
        ("inf", WINDOW),
        ("1e9", WINDOW),
        ("", WINDOW),
        ("9" * 400, WINDOW),
    ],
)
def test_the_reset_is_understood_in_three_units(reset: str, seconds: float) -> None:
    rates = read_rates(headers(300, 299, reset), NOW)
    assert rates is not None
    assert (rates.limit, rates.remaining) == (300, 299)
    assert rates.reset_in == pytest.approx(seconds, abs=0.01)


def test_a_wrong_local_clock_does_no_harm() -> None:
    said = headers(300, 299, int(EPOCH) + 41) | {"date": format_datetime(NOW, usegmt=True)}
    wrong = datetime(2031, 1, 1, tzinfo=UTC)
    assert read_rates(said, wrong) == Rates(300, 299, 41.0)


@pytest.mark.parametrize(
    ("limit", "remaining"), [("", "5"), ("x", "5"), ("0", "0"), ("300", ""), ("300", "-1"), ("NaN", "1")]
)
def test_headers_that_make_no_sense_are_as_good_as_none(limit: str, remaining: str) -> None:
    assert read_rates(headers(limit, remaining), NOW) is None
    budget = Budget(Hand())
    budget.note(Bucket.READ, headers(limit, remaining))
    assert (budget.limit(), budget.remaining(), budget.reset_in()) == (300, None, None)


@given(st.dictionaries(st.sampled_from(list(headers(1, 1))), st.text(max_size=20)))
def test_no_header_breaks_it(said: Mapping[str, str]) -> None:
    rates = read_rates(said, NOW)
    assert rates is None or (0 <= rates.remaining <= rates.limit and 0 <= rates.reset_in <= 2 * WINDOW)


def test_it_tells_what_is_left_until_the_window_is_over() -> None:
    clock = Hand()
    budget = Budget(clock)
    budget.note(Bucket.WRITE, headers(60, 58, 30), now=NOW)
    assert (budget.limit(Bucket.WRITE), budget.remaining(Bucket.WRITE)) == (60, 58)
    assert budget.reset_in(Bucket.WRITE) == pytest.approx(30)
    assert budget.remaining(Bucket.READ) is None
    clock.time += 31
    assert budget.remaining(Bucket.WRITE) is None


def test_answers_that_overtake_each_other_count_the_lowest() -> None:
    budget = Budget(Hand())
    for remaining in (299, 297, 298):
        budget.note(Bucket.READ, headers(300, remaining, 50), now=NOW)
    assert budget.remaining() == 297


def test_the_background_gets_half_of_a_window_and_waits_for_the_next() -> None:
    clock = Hand()
    budget = Budget(clock)
    budget.note(Bucket.READ, headers(300, 299, 40), now=NOW)
    granted = 0
    while budget.may_spend_background() == 0.0:
        granted += 1
    assert granted == 150
    assert budget.may_spend_background() == pytest.approx(40)
    clock.time += 41
    assert budget.may_spend_background() == 0.0


def test_a_server_without_headers_is_not_emptied_either() -> None:
    clock = Hand()
    budget = Budget(clock)
    for _ in range(3):
        granted = 0
        while (wait := budget.may_spend_background()) == 0.0:
            granted += 1
        assert granted == 150
        clock.time += wait


@pytest.mark.parametrize("limit", [1, 3])
def test_however_small_the_limit_the_background_comes_to_its_turn(limit: int) -> None:
    clock = Hand()
    budget = Budget(clock)
    for _ in range(3):
        budget.note(Bucket.READ, headers(limit, limit, 60), now=NOW)
        assert budget.may_spend_background() == 0.0
        clock.time += budget.may_spend_background()


def test_the_last_fifth_is_for_the_person() -> None:
    budget = Budget(Hand())
    budget.note(Bucket.READ, headers(300, 61, 40), now=NOW)
    assert budget.may_spend_background() == 0.0
    budget.note(Bucket.READ, headers(300, 60, 40), now=NOW)
    assert budget.may_spend_background() == pytest.approx(40)
    assert budget.advise_interval(5.0) == pytest.approx(40)


def test_a_refusal_rests_the_background_as_long_as_it_says() -> None:
    clock = Hand()
    budget = Budget(clock)
    budget.refused(Bucket.READ, 33.0)
    assert budget.may_spend_background() == pytest.approx(33)
    clock.time += 34
    assert budget.may_spend_background() == 0.0
    assert budget.advise_interval(5.0) == pytest.approx(7.5)


def test_a_refused_decision_does_not_stop_reading() -> None:
    budget = Budget(Hand())
    budget.refused(Bucket.WRITE, 33.0)
    assert budget.may_spend_background() == 0.0
    assert budget.advise_interval(5.0) == 5.0


def test_alone_it_polls_as_wished() -> None:
    clock = Hand()
    budget = Budget(clock)
    for _ in range(60):
        spent = int(clock.time % 60 / 5)
        budget.note(Bucket.READ, headers(300, 299 - spent, 60 - clock.time % 60), now=NOW)
        assert budget.advise_interval(5.0) == 5.0
        clock.time += 5


def test_a_wish_for_long_intervals_is_kept() -> None:
    assert Budget(Hand()).advise_interval(300.0) == 300.0


@dataclass
class Key:
    """A server's counter of one key: fixed windows of a minute."""

    limit: int = 300
    used: dict[int, int] = field(default_factory=dict)
    refusals: int = 0

    def ask(self, time: float) -> Mapping[str, str] | None:
        minute = int(time // WINDOW)
        self.used[minute] = self.used.get(minute, 0) + 1
        if self.used[minute] > self.limit:
            self.refusals += 1
            return None
        reset = (minute + 1) * WINDOW - time
        return headers(self.limit, self.limit - self.used[minute], round(reset, 2))


def test_forty_consoles_on_one_key_are_not_refused_for_ten_minutes() -> None:
    random, clock, key = Random(7), Hand(0.0), Key()
    budgets = [Budget(clock) for _ in range(40)]
    due = [random.uniform(0, 60) for _ in budgets]
    while (time := min(due)) < 660:
        clock.time, console = time, due.index(time)
        said = key.ask(time)
        if said is None:
            budgets[console].refused(Bucket.READ, WINDOW - time % WINDOW)
        else:
            budgets[console].note(Bucket.READ, said, now=NOW)
        due[console] = time + budgets[console].advise_interval(5.0) * random.uniform(0.8, 1.2)
    assert key.refusals == 0
    settled = [key.used[minute] for minute in range(2, 11)]
    assert max(settled) <= 240
    assert sum(settled) / len(settled) >= 60
    print(f"requests a minute: {list(key.used.values())}")


@given(st.floats(1, 60), st.lists(st.tuples(st.integers(0, 300), st.floats(0, 60), st.floats(0, 90))))
def test_the_advice_is_never_below_the_wish_nor_without_end(
    base: float, answers: list[tuple[int, float, float]]
) -> None:
    clock = Hand()
    budget = Budget(clock)
    for remaining, reset, passed in answers:
        clock.time += passed
        budget.note(Bucket.READ, headers(300, remaining, f"{reset:.3f}"), now=NOW)
        assert base <= budget.advise_interval(base) <= max(LONGEST_INTERVAL, base) + WINDOW
        assert 0.0 <= budget.may_spend_background() <= 2 * WINDOW


def test_it_can_be_asked_outside_of_a_loop() -> None:
    assert Budget().advise_interval(5.0) == 5.0
