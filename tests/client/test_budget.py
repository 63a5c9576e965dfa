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
from tests.client.rates import NOW, Hand, headers

EPOCH = NOW.timestamp()


def granted(budget: Budget) -> int:
    """Ask for background reads until there is one to wait for; return how many there were before it."""
    return next(count for count in range(1_000) if budget.may_spend_background() > 0.0)


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
        (" 41 ", 41.0),
        ("120", 120.0),
        ("120.5", WINDOW),
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


@pytest.mark.parametrize(
    ("said", "count"), [(" 300 ", 300), ("300.0", 300), ("999999999", 999_999_999), ("1234567890", None)]
)
def test_a_count_is_a_number_of_a_size_that_makes_sense(said: str, count: int | None) -> None:
    rates = read_rates(headers(said, 1), NOW)
    assert (rates and rates.limit) == count
    rates = read_rates(headers(300, said), NOW)
    assert (rates and rates.remaining) == (None if count is None else 300), "never more than the limit"


def test_without_a_reset_a_window_is_a_minute_and_a_limit_of_one_is_one() -> None:
    said = headers(1, 0)
    del said["x-ratelimit-reset"]
    assert read_rates(said, NOW) == Rates(1, 0, WINDOW)


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


def test_the_servers_own_limit_counts_also_after_the_window() -> None:
    clock = Hand()
    budget = Budget(clock)
    assert (budget.limit(), budget.limit(Bucket.WRITE)) == (300, 60)
    budget.note(Bucket.READ, headers(100, 99, 30), now=NOW)
    clock.time += 30
    assert (budget.limit(), budget.remaining(), budget.reset_in()) == (100, None, None)
    assert budget.limit(Bucket.WRITE) == 60
    budget.note(Bucket.READ, headers(200, 199, 60), now=NOW)
    assert (budget.limit(), budget.remaining()) == (200, 199)
    budget.note(Bucket.READ, headers(150, 149, 60), now=NOW)
    assert (budget.limit(), budget.remaining()) == (150, 149)


def test_the_moment_of_an_answer_is_now_unless_told() -> None:
    budget = Budget(Hand())
    budget.note(Bucket.READ, headers(300, 299, int(datetime.now(UTC).timestamp()) + 41))
    assert budget.reset_in() == pytest.approx(41, abs=2)


def test_an_answer_of_the_next_window_opens_it_and_one_of_this_window_only_shortens_it() -> None:
    clock = Hand()
    budget = Budget(clock)
    budget.note(Bucket.READ, headers(300, 10, 20), now=NOW)
    budget.note(Bucket.READ, headers(300, 200, 50), now=NOW)
    assert (budget.remaining(), budget.reset_in()) == (10, 20), "half a window later is no other window yet"
    budget.note(Bucket.READ, headers(300, 9, 15), now=NOW)
    assert (budget.remaining(), budget.reset_in()) == (9, 15)
    budget.note(Bucket.READ, headers(300, 299, 46), now=NOW)
    assert (budget.remaining(), budget.reset_in()) == (299, 46)
    clock.time += 46
    budget.note(Bucket.READ, headers(300, 298, 1), now=NOW)
    assert (budget.remaining(), budget.reset_in()) == (298, 1)


def used_up(budget: Budget, clock: Hand, *, left: int, after: float) -> None:
    """Let a window pass of which so many requests were left so many seconds after it had begun."""
    budget.note(Bucket.READ, headers(300, 300, 60), now=NOW)
    clock.time += after
    budget.note(Bucket.READ, headers(300, left, 60 - after), now=NOW)
    clock.time += 60 - after
    budget.note(Bucket.READ, headers(300, 300, 60), now=NOW)


@pytest.mark.parametrize(
    ("left", "after", "interval"),
    [(150, 30, 10.0), (250, 10, 10.0), (0, 10, 60.0), (250, 9.5, 5.0), (75, 45, 10.0), (240, 30, 5.0)],
)
def test_the_interval_is_stretched_by_how_fast_a_window_was_emptied(
    left: int, after: float, interval: float
) -> None:
    clock = Hand()
    budget = Budget(clock)
    used_up(budget, clock, left=left, after=after)
    assert budget.advise_interval(5.0) == pytest.approx(interval)


def test_a_quiet_window_gives_the_interval_back() -> None:
    clock = Hand()
    budget = Budget(clock)
    used_up(budget, clock, left=150, after=30)
    clock.time += 60
    used_up(budget, clock, left=250, after=20)
    assert budget.advise_interval(5.0) == pytest.approx(10.0), "twice the share, once more"
    clock.time += 60
    used_up(budget, clock, left=290, after=60)
    assert budget.advise_interval(5.0) == 5.0


def test_how_fast_decisions_are_made_does_not_slow_reading() -> None:
    clock = Hand()
    budget = Budget(clock)
    budget.note(Bucket.WRITE, headers(60, 60, 60), now=NOW)
    clock.time += 30
    budget.note(Bucket.WRITE, headers(60, 0, 30), now=NOW)
    clock.time += 31
    budget.note(Bucket.WRITE, headers(60, 60, 60), now=NOW)
    assert budget.advise_interval(5.0) == 5.0


def test_a_refusal_without_a_time_rests_for_a_quarter_of_a_window() -> None:
    budget = Budget(Hand())
    budget.refused(Bucket.READ, None)
    assert budget.may_spend_background() == 15.0
    budget.refused(Bucket.READ, 0.5)
    assert budget.may_spend_background() == 0.5
    budget.refused(Bucket.READ, 0.0)
    assert budget.may_spend_background() == 0.0


def test_refusals_add_up_to_a_minute_and_no_more() -> None:
    budget = Budget(Hand())
    for stretched in (7.5, 11.25, 16.875):
        budget.refused(Bucket.READ, 0.0)
        assert budget.advise_interval(5.0) == pytest.approx(stretched)
    for _ in range(50):
        budget.refused(Bucket.READ, 0.0)
    assert budget.advise_interval(5.0) == budget.advise_interval(1.0) == LONGEST_INTERVAL
    assert budget.advise_interval(61.0) == 61.0


def test_after_a_refusal_the_background_gets_less_of_a_window() -> None:
    budget = Budget(Hand())
    budget.note(Bucket.READ, headers(300, 300, 40), now=NOW)
    budget.refused(Bucket.READ, 0.0)
    assert granted(budget) == 100


def test_at_the_very_end_of_a_window_the_background_waits_a_moment_all_the_same() -> None:
    clock = Hand()
    budget = Budget(clock)
    budget.note(Bucket.READ, headers(2, 2, 60), now=NOW)
    assert budget.may_spend_background() == 0.0
    clock.time += 59.99
    assert budget.may_spend_background() == 0.1


def test_answers_that_overtake_each_other_count_the_lowest() -> None:
    budget = Budget(Hand())
    for remaining in (299, 297, 298):
        budget.note(Bucket.READ, headers(300, remaining, 50), now=NOW)
    assert budget.remaining() == 297


def test_the_background_gets_half_of_a_window_and_waits_for_the_next() -> None:
    clock = Hand()
    budget = Budget(clock)
    budget.note(Bucket.READ, headers(300, 299, 40), now=NOW)
    assert granted(budget) == 150
    assert budget.may_spend_background() == pytest.approx(40)
    clock.time += 41
    assert budget.may_spend_background() == 0.0


def test_a_server_without_headers_is_not_emptied_either() -> None:
    clock = Hand()
    budget = Budget(clock)
    for _ in range(3):
        assert granted(budget) == 150
        clock.time += budget.may_spend_background()


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
    for _ in range(100_000):
        if (time := min(due)) >= 660:
            break
        clock.time, console = time, due.index(time)
        said = key.ask(time)
        if said is None:
            budgets[console].refused(Bucket.READ, WINDOW - time % WINDOW)
        else:
            budgets[console].note(Bucket.READ, said, now=NOW)
        due[console] = time + budgets[console].advise_interval(5.0) * random.uniform(0.8, 1.2)
    else:
        pytest.fail("they ask without end")
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


def test_it_may_be_asked_from_the_first_second_on() -> None:
    assert Budget(Hand(0.0)).may_spend_background() == 0.0


def test_it_can_be_asked_outside_of_a_loop() -> None:
    assert Budget().advise_interval(5.0) == 5.0


def test_what_was_only_assumed_of_a_window_holds_up_nothing_once_the_server_has_said() -> None:
    hand = Hand()
    budget = Budget(hand)
    assert budget.may_spend_background() == 0.0
    budget.note(Bucket.READ, headers(9_000, 8_999), now=NOW)
    assert budget.remaining() == 8_999
    assert budget.may_spend_background() == 0.0
    budget.note(Bucket.READ, headers(9_000, 9_000), now=NOW)
    assert budget.remaining() == 8_999, "an answer that was overtaken gives nothing back"
