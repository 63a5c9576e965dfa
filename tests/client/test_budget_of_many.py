"""Many decisions under one budget: at once while there is plenty, then spread, and never all of it."""

import pytest

from review_tui.client.budget import WINDOW, Bucket, Budget
from tests.client.rates import NOW, Hand, headers


def test_half_a_window_goes_at_once_and_the_rest_is_spread() -> None:
    budget = Budget(Hand())
    assert budget.pace_writes() == 0.0
    budget.note(Bucket.WRITE, headers(60, 30, 40), now=NOW)
    assert budget.pace_writes() == 0.0
    budget.note(Bucket.WRITE, headers(60, 29, 40), now=NOW)
    assert budget.pace_writes() == pytest.approx(40 / 17)
    assert budget.pace_writes(2.0) == pytest.approx(40 / 17 - 2)
    assert budget.pace_writes(3.0) == 0.0
    budget.note(Bucket.WRITE, headers(60, 13, 40), now=NOW)
    assert budget.pace_writes() == pytest.approx(40)


def test_a_fifth_of_a_window_is_left_until_the_next() -> None:
    hand = Hand()
    budget = Budget(hand)
    budget.note(Bucket.WRITE, headers(60, 12, 40), now=NOW)
    hand.time += 10
    assert budget.pace_writes(20.0) == pytest.approx(30), "waiting does not make room"
    hand.time += 30
    assert budget.pace_writes() == 0.0


def test_a_refusal_rests_all_of_them() -> None:
    budget = Budget(Hand())
    budget.refused(Bucket.WRITE, 9.0)
    assert budget.pace_writes() == pytest.approx(9)


def test_how_long_they_take_is_told_by_windows() -> None:
    hand = Hand()
    budget = Budget(hand)
    assert budget.time_for_writes(48) == 0.0
    assert budget.time_for_writes(49) == WINDOW
    budget.note(Bucket.WRITE, headers(60, 22, 40), now=NOW)
    hand.time += 10
    assert budget.time_for_writes(10) == 0.0
    assert budget.time_for_writes(11) == pytest.approx(30)
    assert budget.time_for_writes(10 + 47) == pytest.approx(30)
    assert budget.time_for_writes(10 + 48 + 1) == pytest.approx(30 + WINDOW)
