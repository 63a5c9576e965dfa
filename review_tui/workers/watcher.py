"""The watcher: asks one system about its watched jobs, each as often as the system advises."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from random import random
from typing import TYPE_CHECKING, Final

from review_tui.client.errors import UsageExceeded
from review_tui.client.job_errors import RouteMissing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.jobs import Job, JobKey
from review_tui.model.watching import Course, Watched
from review_tui.workers.clock import Clock, sleep_unless
from review_tui.workers.faults import failure_of
from review_tui.workers.ledger import Ledger
from review_tui.workers.liveness import Liveness
from review_tui.workers.poller import Failed, backoff
from review_tui.workers.turns import Turn, Turns

if TYPE_CHECKING:  # the console paints before what speaks to the network is loaded
    from review_tui.client.jobs import JobSource

log = logging.getLogger(__name__)

IN_FLIGHT: Final = 3
"""Questions to one system at one time; one while it fails."""

_BACKOFF: Final = 2.0
"""Seconds without questions after a system failed once; then twice as long each time."""

_INTRODUCED: Final = 10
"""Jobs at one time that are asked about by themselves, for their common answer does not say what they are."""

_STRANGE: Final = 3
"""Answers in a row that cannot be read, or jobs that are refused, after which it is not about one job."""

_GONE: Final = frozenset({FailureKind.NOT_FOUND, FailureKind.GONE})
_NO: Final = frozenset(
    {
        FailureKind.FORBIDDEN,
        FailureKind.LOCAL,
        FailureKind.BAD_REQUEST,
        FailureKind.INVALID,
        FailureKind.CONFLICT,
    }
)
_ODD: Final = frozenset({FailureKind.UNREADABLE, FailureKind.BUG})


class Watcher:
    """Asks a system about the jobs of a ledger until they end.

    A wait that the system asks for is kept, whoever is impatient; what the budget of its key leaves is not
    overspent. No job is asked about twice at one time, or sooner again than the system advises.
    """

    def __init__(
        self,
        open_source: Callable[[], "JobSource"],
        ledger: Ledger,
        clock: Clock,
        moved: Callable[[], None],
        *,
        chance: Callable[[], float] = random,
    ) -> None:
        """Take what gives whom to ask, once somebody has to be, and where to write the answers.

        `moved` hears when anything else changed.
        """
        self._open_source = open_source
        self._ledger = ledger
        self._clock = clock
        self._moved = moved
        self._liveness = Liveness(lambda _: moved(), clock)
        self._turns = Turns(lambda: self.source.cadence, clock, chance)
        self._asking: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._not_before = float("-inf")
        self._backed_off_until = float("-inf")
        self._failures = self._unreadable = 0
        self._refused: set[JobKey] = set()
        self._paused = self._stopped = self._broken = False

    @cached_property
    def source(self) -> "JobSource":
        """Whom it asks."""
        return self._open_source()

    @property
    def is_open(self) -> bool:
        """Whether anybody had to be asked yet."""
        return "source" in self.__dict__

    @property
    def is_resting(self) -> bool:
        """Whether it asks nothing just now: nobody wants it to, or the system is not to be disturbed."""
        if self._paused or self._stopped or self._broken:
            return True
        return self._clock.monotonic() < max(self._not_before, self._backed_off_until)

    @property
    def freshness(self) -> Freshness:
        """How true what is known of the watched jobs still is."""
        known = self._liveness.freshness
        return Freshness() if known.state is FreshnessState.PAUSED and not self._paused else known

    def next_at(self, key: JobKey) -> float | None:
        """Return when a job is asked about next, in steady seconds; None where it is not."""
        turn = self._turns.get(key)
        if turn is None or self._paused or self._stopped or self._broken or not self._ledger.is_watched(key):
            return None
        return max(turn.due, self._not_before, self._backed_off_until)

    def want(self, key: JobKey, *, soon: float = 0.0) -> None:
        """Ask about a job of the ledger within so many seconds, and then until it ends, also after a stop."""
        self._stopped = False
        self._turns.begin(key, soon=soon)
        self._changed.set()

    def hasten(self, key: JobKey) -> None:
        """Ask about one job as soon as the system's advice allows, if it is asked about at all."""
        if (turn := self._turns.get(key)) is not None:
            self._turns.hasten(turn)
            self._changed.set()

    def pause(self) -> None:
        """Ask nothing until `resume()`."""
        self._paused = True
        self._liveness.paused()
        self._changed.set()

    def resume(self) -> None:
        """Go on, also after a stop, and ask about all as soon as the system's advice allows."""
        self._paused = self._stopped = False
        self._refused.clear()
        self._backed_off_until = float("-inf")
        for turn in self._turns:
            self._turns.hasten(turn)
        self._changed.set()
        self._moved()

    def broke(self, failure: Failure) -> None:
        """Hear that a bug has ended the asking."""
        self._broken = True
        self._liveness.broke(failure)

    async def run(self) -> None:
        """Ask until cancelled."""
        while True:
            self._changed.clear()
            wait = self._ask_what_is_due()
            if wait is None:
                await self._changed.wait()
            else:
                await sleep_unless(self._clock, wait, self._changed)

    async def close(self) -> None:
        """Give up what is in flight."""
        for task in tuple(self._asking):
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    def _ask_what_is_due(self) -> float | None:
        """Ask what may be asked now; return the seconds until there is more, None where that depends."""
        while not (self._paused or self._stopped):
            waiting = self._turns.waiting(self._ledger.is_watched)
            if not waiting or len(self._asking) >= (1 if self._failures else IN_FLIGHT):
                return None
            first = min(waiting, key=lambda turn: turn.due)
            wait = max(first.due, self._not_before, self._backed_off_until) - self._clock.monotonic()
            if wait <= 0:
                wait = self.source.budget.may_spend_background()
            if wait > 0:
                return wait
            self._begin(self._turns.together(first, waiting, self.source.offers.several))
        return None

    def _begin(self, turns: Sequence[Turn]) -> None:
        for turn in turns:
            turn.asking, turn.asked = True, self._clock.monotonic()
        task = asyncio.create_task(self._asked(turns))
        self._asking.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._asking.discard(task)
        self._changed.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("an answer about jobs could not be taken in", exc_info=error)

    async def _asked(self, turns: Sequence[Turn]) -> None:
        try:
            try:
                answers = await self._answers(turns)
            finally:
                self._turns.end(turns)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            self._failed(turns, error)
        else:
            self._reached()
            for turn in turns:
                self._answered(turn, answers.get(turn.key.id))
        finally:
            for turn in turns:
                turn.asking = False

    async def _answers(self, turns: Sequence[Turn]) -> Mapping[str, Job]:
        if len(turns) > 1:
            return await self.source.several([turn.key.id for turn in turns])
        job = await self.source.get(turns[0].key.id)
        return {turns[0].key.id: job}

    def _reached(self) -> None:
        self._failures = self._unreadable = 0
        self._refused.clear()
        self._backed_off_until = float("-inf")
        if not self._paused:
            self._liveness.succeeded(self.source.cadence.cap)

    def _answered(self, turn: Turn, job: Job | None) -> None:
        if job is None:
            turn.alone = True
            self._turns.again(turn)
            self._turns.hasten(turn)
            return
        before = self._ledger.get(turn.key)
        watched = self._ledger.take_in(job, turn.asked)
        turn.met, turn.meets = turn.met or not job.in_passing, False
        if before is None or watched is None or watched.course is not Course.WATCHED:
            return
        if not job.state.is_terminal and self._has_given_up(turn, watched):
            return
        turn.polls = 0 if watched.seen != before.seen else turn.polls + 1
        self._turns.again(turn)
        # Only an answer of its own says why it failed, and what it is.
        if job.state.is_terminal:
            turn.alone = True
        elif not turn.met and watched.job is not None and not watched.job.is_introduced:
            turn.meets = sum(one.meets for one in self._turns) < _INTRODUCED
        if job.state.is_terminal or turn.meets:
            self._turns.hasten(turn)

    def _has_given_up(self, turn: Turn, watched: Watched) -> bool:
        patience = self.source.cadence.deadline
        if self._clock.monotonic() - turn.began < patience:
            return False
        self._ledger.put(watched.given_up(patience))
        return True

    def _failed(self, turns: Sequence[Turn], error: Exception) -> None:
        failure = failure_of(error, "ask about jobs")
        for turn in turns:
            turn.polls += 1
            self._turns.again(turn, failure.retry_after)
        if isinstance(error, UsageExceeded) or failure.kind is FailureKind.KEY_NOT_ACCEPTED:
            self._stop(failure)
        elif len(turns) > 1 and (failure.kind in _GONE | _NO | _ODD or isinstance(error, RouteMissing)):
            for turn in turns:  # one may be to blame, or the route: that keeps no other from being known
                turn.alone = True
        elif failure.kind not in _GONE | _NO | _ODD or isinstance(error, RouteMissing):
            self._system_failed(failure)
        else:
            self._one_failed(turns[0], failure)
        self._moved()

    def _one_failed(self, turn: Turn, failure: Failure) -> None:
        watched = self._ledger.get(turn.key) if self._ledger.is_watched(turn.key) else None
        if failure.kind in _GONE:
            self._reached()
            self._ledger.vanish(turn.key, failure, turn.asked)
            return
        if failure.kind in _ODD:
            self._unreadable += 1
            if watched is not None and not self._has_given_up(turn, watched.unanswered(failure)):
                self._ledger.put(watched.unanswered(failure))
            if self._unreadable >= _STRANGE:
                self._system_failed(failure)
            return
        if watched is not None:
            self._ledger.put(watched.refused(failure))
        self._refused.add(turn.key)
        if len(self._refused) >= _STRANGE and failure.stops_polling:
            self._stop(failure)

    def _system_failed(self, failure: Failure) -> None:
        self._failures += 1
        rest = backoff(self._failures, _BACKOFF, failure)
        until = self._clock.monotonic() + rest
        if failure.retry_after is not None or failure.kind is FailureKind.LIMITED:
            self._not_before = max(self._not_before, until)
        else:
            self._backed_off_until = until
        if not self._paused:
            self._liveness.failed(Failed(failure, rest))

    def _stop(self, failure: Failure) -> None:
        self._stopped = True
        self._liveness.failed(Failed(failure, None))
