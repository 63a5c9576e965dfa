"""Turns: when each watched job of one system is asked about, and with which others."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import random

from review_tui.model.cadence import Cadence
from review_tui.model.jobs import JobKey
from review_tui.workers.clock import Clock


@dataclass(slots=True, eq=False)
class Turn:
    """When a job is asked about; times in steady seconds.

    `asked` is when its question began and `over` when it ended: it may have been put several times between.
    `polls` counts the answers since anything changed. `alone` says that no common answer tells of it, `met`
    that an answer of its own told what it is, `meets` that the next one has to; `asking` that it is being
    asked about.
    """

    key: JobKey
    due: float
    began: float
    asked: float = float("-inf")
    over: float = float("-inf")
    polls: int = 0
    alone: bool = False
    met: bool = False
    meets: bool = False
    asking: bool = False

    @property
    def by_itself(self) -> bool:
        """Whether the next question is about it alone."""
        return self.alone or self.meets


class Turns:
    """The turns of one system's jobs; no job has one sooner after another than the system advises."""

    def __init__(
        self, cadence: Callable[[], Cadence], clock: Clock, chance: Callable[[], float] = random
    ) -> None:
        """Take what gives the system's advice, which is not asked for while there are no turns."""
        self._cadence = cadence
        self._clock = clock
        self._chance = chance
        self._turns: dict[JobKey, Turn] = {}

    def __iter__(self) -> Iterator[Turn]:
        """All of them."""
        return iter(tuple(self._turns.values()))

    def get(self, key: JobKey) -> Turn | None:
        """Return the turn of a job, or None."""
        return self._turns.get(key)

    def begin(self, key: JobKey, *, soon: float = 0.0) -> None:
        """Give a job a turn within so many seconds, as one that was never asked about."""
        now = self._clock.monotonic()
        turn = self._turns.setdefault(key, Turn(key, now, now))
        turn.due = max(now + soon * self._chance(), self._soonest(turn))
        turn.began, turn.polls = now, 0

    def hasten(self, turn: Turn) -> None:
        """Let it come as soon as the system's advice allows."""
        turn.due = min(turn.due, self._soonest(turn))

    def again(self, turn: Turn, retry_after: float | None = None) -> None:
        """Let it come again when the system advises to."""
        delay = self._cadence().delay(turn.polls, spread=self._chance(), retry_after=retry_after)
        turn.due = self._clock.monotonic() + delay

    def end(self, turns: Sequence[Turn]) -> None:
        """Say that a question about these is over, whatever came of it."""
        for turn in turns:
            turn.over = self._clock.monotonic()

    def waiting(self, is_watched: Callable[[JobKey], bool]) -> list[Turn]:
        """Return the turns that come; those of jobs that are watched no more are let go of."""
        waiting: list[Turn] = []
        if not self._turns:
            return waiting
        rested = self._rested
        for turn in self:
            if turn.asking:
                continue
            if is_watched(turn.key):
                waiting.append(turn)
            elif turn.over <= rested:  # else it may be watched again, and then not too soon
                del self._turns[turn.key]
        return waiting

    def together(self, first: Turn, waiting: Sequence[Turn], most: int) -> Sequence[Turn]:
        """Return what one question asks about: with what is due whatever else may be asked about again."""
        if first.by_itself or most < 2:
            return (first,)
        now, rested = self._clock.monotonic(), self._rested
        others = [
            turn
            for turn in waiting
            if turn is not first and not turn.by_itself and (turn.due <= now or turn.over <= rested)
        ]
        return (first, *sorted(others, key=lambda turn: turn.due)[: most - 1])

    @property
    def _rested(self) -> float:
        """When a job was asked about at the latest that may be asked about again."""
        return self._clock.monotonic() - self._cadence().least

    def _soonest(self, turn: Turn) -> float:
        return max(self._clock.monotonic(), turn.over + self._cadence().least)
