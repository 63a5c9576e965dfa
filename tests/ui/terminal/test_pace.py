"""Pace: on a link in virtual time, what is seen is never much older than the link makes it."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from review_tui.ui.terminal.pace import LOST_AFTER, Pace, told

BYTES = 430
"""Of a frame for one key, and what comes with it on the link."""

OVERHEAD = 88


@dataclass
class Link:
    """A program that draws at `rate` frames a second, a link, and a terminal at its other end.

    `latency` is one way in seconds, `bandwidth` in bits a second; `answers` says for each question whether
    the terminal answers it, `delay` how much later.
    """

    latency: float
    bandwidth: float
    paced: bool = True
    answers: Callable[[int], bool] = lambda _: True
    delay: Callable[[int], float] = lambda _: 0.0
    pace: Pace = field(default_factory=Pace)
    shown: list[tuple[float, float]] = field(default_factory=list)
    held: float = 0.0

    def __post_init__(self) -> None:
        self._queue: list[tuple[float, int, str, float]] = []
        self._count = 0
        self._free = 0.0
        self._pending: float | None = None
        self._since = 0.0
        self._timer = float("inf")
        self._asked = 0

    def run(self, rate: float, seconds: float, *, first: float = 5_000) -> "Link":
        """Draw a first frame, then so many a second; until all has been shown."""
        self._frame(0.0, 0.0, 0.0)  # Textual asks once by itself
        self._frame(0.0, 0.0, first)
        for number in range(int(rate * seconds)):
            at = 3.0 + number / rate
            self._until(at)
            self._draw(at)
        self._until(at + 60.0)
        return self

    @property
    def lag(self) -> float:
        """Seconds from the last frame drawn until it was shown."""
        drawn, shown = self.shown[-1]
        return shown - drawn

    def _draw(self, now: float) -> None:
        self._pending = now
        self._try(now)

    def _try(self, now: float) -> None:
        if self._pending is None:
            return
        if self.paced and not self.pace.may_send(now):
            deadline = self.pace.deadline()
            assert deadline is not None, "it waits for nothing"
            self._put(max(deadline, now), "timer", 0.0)
            self.held = max(self.held, now - self._pending)
            return
        self.held = max(self.held, now - self._pending)
        drawn, self._pending = self._pending, None
        self._frame(now, drawn, BYTES)

    def _frame(self, now: float, drawn: float, size: float) -> None:
        asks = self.pace.asks(now) if self.paced else None
        self._free = max(self._free, now) + (size + OVERHEAD) * 8 / self.bandwidth
        arrives = self._free + self.latency
        self._put(arrives, "shown", drawn)
        if asks is not None:
            self._asked += 1
            if self.answers(self._asked):
                back = OVERHEAD * 8 / self.bandwidth + self.latency + self.delay(self._asked)
                self._put(arrives + back, "answer", asks)

    def _put(self, at: float, what: str, drawn: float) -> None:
        self._count += 1
        heapq.heappush(self._queue, (at, self._count, what, drawn))

    def _until(self, end: float) -> None:
        while self._queue and self._queue[0][0] <= end:
            at, _, what, drawn = heapq.heappop(self._queue)
            if what == "shown":
                self.shown.append((drawn, at))
            elif what == "answer":
                self.pace.answered(int(drawn), at)
                self._try(at)
            else:
                self._try(at)


SLOW = (0.05, 64_000.0)
FAT = (0.1, 1_000_000.0)


def trip(latency: float, bandwidth: float) -> float:
    """An empty frame there and back."""
    return 2 * (latency + OVERHEAD * 8 / bandwidth)


def frame_time(bandwidth: float) -> float:
    return (BYTES + OVERHEAD) * 8 / bandwidth


def test_key_repeat_on_a_slow_link_lags_by_trips_not_by_keys() -> None:
    paced, plain = Link(*SLOW).run(30, 3), Link(*SLOW, paced=False).run(30, 3)
    assert paced.lag <= 1.5 * trip(*SLOW) + 2 * frame_time(SLOW[1])
    assert plain.lag > 2 * paced.lag


@pytest.mark.parametrize("bandwidth", [8_000.0, 16_000.0, 32_000.0, 128_000.0])
@pytest.mark.parametrize("latency", [0.02, 0.1, 0.3])
def test_the_same_holds_on_other_links(latency: float, bandwidth: float) -> None:
    paced = Link(latency, bandwidth).run(30, 5)
    assert paced.lag <= 1.5 * trip(latency, bandwidth) + 3 * frame_time(bandwidth)


def test_a_long_fat_link_is_used() -> None:
    paced, plain = Link(*FAT).run(30, 3), Link(*FAT, paced=False).run(30, 3)
    assert paced.lag <= plain.lag + 0.01


def test_a_terminal_that_never_answers_is_asked_once_and_never_waited_for() -> None:
    link = Link(*SLOW, answers=lambda _: False).run(30, 3)
    assert link.held == 0
    assert link._asked == 1


def test_one_that_answers_late_at_first_is_paced_from_then_on() -> None:
    link = Link(*SLOW, delay=lambda number: 2.5 if number == 1 else 0.0).run(30, 6)
    assert link.pace.is_on
    assert link.lag <= 1.5 * trip(*SLOW) + 3 * frame_time(SLOW[1])


def test_the_first_frame_waits_for_nobody() -> None:
    assert Pace().may_send(0.0)
    assert Link(*SLOW).run(1, 1).shown[1][0] == 0.0


def test_a_lost_answer_costs_a_second_once() -> None:
    link = Link(*SLOW, answers=lambda number: number != 6).run(30, 4)
    gaps = [later - earlier for (_, earlier), (_, later) in pairwise(link.shown[2:])]
    assert sum(gap > 0.5 for gap in gaps) <= 1
    assert max(gaps) <= LOST_AFTER + 2 * trip(*SLOW) + frame_time(SLOW[1])


def test_one_that_stops_answering_is_not_waited_for_any_more() -> None:
    link = Link(*SLOW, answers=lambda number: number < 8).run(30, 6)
    assert not link.pace.is_on
    gaps = [later - earlier for (_, earlier), (_, later) in pairwise(link.shown[2:])]
    assert sum(gap > 0.5 for gap in gaps) <= 4


def test_a_terminal_beside_us_is_hardly_ever_asked() -> None:
    link = Link(0.0002, 1e9).run(30, 12)
    assert link.held == 0
    assert link._asked <= 5


def test_answers_that_nobody_asked_for_change_nothing() -> None:
    pace = Pace()
    pace.answered(2026, 1.0)
    assert pace.round_trip is None
    assert pace.may_send(1.0)


@pytest.mark.parametrize(
    ("seconds", "before", "said"),
    [
        (None, 0.3, 0.0),
        (0.149, 0.0, 0.0),
        (0.15, 0.0, 0.15),
        (0.29, 0.0, 0.2),
        (0.33, 0.2, 0.2),
        (0.35, 0.2, 0.3),
        (0.26, 0.3, 0.3),
        (0.25, 0.3, 0.2),
        (0.14, 0.15, 0.15),
        (0.12, 0.15, 0.0),
        (99.0, 0.0, 3.0),
    ],
)
def test_how_slow_a_link_is_is_told_in_steps_that_do_not_flicker(
    seconds: float | None, before: float, said: float
) -> None:
    assert told(seconds, before) == said


def test_what_is_told_of_a_link_is_what_it_takes_and_not_what_waits_on_it() -> None:
    link = Link(*SLOW).run(30, 3)
    assert link.pace.link is not None
    assert link.pace.round_trip is not None
    assert trip(*SLOW) <= link.pace.link <= 1.5 * trip(*SLOW) + frame_time(SLOW[1])
    assert Link(0.0002, 1e9).run(30, 3).pace.link is None, "one beside us is not told of"
