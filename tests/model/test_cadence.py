"""How soon a job is asked about again: as its system advises, drawn apart, and not for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.cadence import CADENCES
from review_tui.model.job_words import System

STEVE, PULSE, UNSILOED = (CADENCES[system] for system in System)


def test_pulse_is_asked_ever_more_slowly_up_to_half_a_minute() -> None:
    waits = [PULSE.delay(polls) for polls in range(9)]
    assert waits == pytest.approx([2, 3, 4.5, 6.75, 10.125, 15.1875, 22.78125, 30, 30])
    assert PULSE.delay(10_000) == 30


@pytest.mark.parametrize(("spread", "share"), [(0.0, 0.9), (0.5, 1.0), (1.0, 1.1)])
def test_waits_are_drawn_a_tenth_apart(spread: float, share: float) -> None:
    assert PULSE.delay(0, spread=spread) == pytest.approx(2 * share)
    assert PULSE.delay(50, spread=spread) == pytest.approx(30 * share)


@given(st.sampled_from(System), st.integers(0, 10**6), st.floats(0, 1))
def test_no_wait_is_outside_what_the_system_advises(system: System, polls: int, spread: float) -> None:
    least, most = {System.STEVE: (5, 10), System.PULSE: (1.8, 33), System.UNSILOED: (5, 10)}[system]
    assert least <= CADENCES[system].delay(polls, spread=spread) <= most


def test_what_the_server_asks_for_wins_but_never_hurries() -> None:
    assert PULSE.delay(50, retry_after=4) == 4
    assert PULSE.delay(0, retry_after=90) == 90
    assert STEVE.delay(0, retry_after=0) == UNSILOED.delay(9, retry_after=1) == 5


def test_each_is_waited_for_as_long_as_its_system_advises() -> None:
    assert [one.deadline / 60 for one in (STEVE, PULSE, UNSILOED)] == [40, 60, 15]
    assert STEVE.deadline > 30 * 60, "a session lives for half an hour"
