"""Decisions on their way: sent once, by id as shown, and always read back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.outcomes import (
    LOST,
    NEVER_LEFT,
    UNKNOWN_WORDS,
    Whose,
    checking,
    clock_time,
    doing,
    done,
    may_settle,
    outcome,
    whose,
)
from review_tui.model.submissions import Detail, Verb, why_not_reason
from review_tui.workers.clock import Clock, sleep_unless
from review_tui.workers.faults import failure_of

SETTLE: Final = (3.0, 30.0)
"""Seconds between further looks at a submission whose answer was lost: with the first look, three reads."""

SETTLED: Final = 45.0
"""Seconds after which a decision that does not show will not land any more: its deadline and then some."""

DRAIN: Final = 5.0
"""Seconds that closing waits for answers."""

OPEN_WORDS: Final = "an action on this submission is open"
_NO_LOOK: Final = NEVER_LEFT | {FailureKind.KEY_NOT_ACCEPTED, FailureKind.FORBIDDEN}


class Decisions:
    """Takes one decision per submission at a time and follows it to its end; nothing is ever sent twice.

    What comes before sending (holding it, looking again, writing it down) has its place at the head of
    `_follow`; what a stage means is judged by `outcomes.outcome` alone.
    """

    def __init__(
        self,
        send: Callable[[Intent], Awaitable[object]],
        read: Callable[[str], Awaitable[Detail]],
        publish: Callable[[Standing], None],
        clock: Clock,
        *,
        settle: tuple[float, ...] = SETTLE,
    ) -> None:
        """Take how to send an intent and how to read a submission back."""
        self._send = send
        self._read = read
        self._publish = publish
        self._clock = clock
        self._settle = settle
        self._tasks: set[asyncio.Task[Standing]] = set()
        self._open: dict[str, Standing] = {}
        self._unsure: dict[tuple[str, str | None], Standing] = {}
        self._closing = asyncio.Event()

    @property
    def open_ones(self) -> tuple[Standing, ...]:
        """The decisions that are under way."""
        return tuple(self._open.values())

    @property
    def unknown(self) -> tuple[Standing, ...]:
        """The decisions whose outcome is not known."""
        return tuple(left for left in self._unsure.values() if left.stage is Stage.UNKNOWN)

    def is_open(self, submission_id: str) -> bool:
        """Whether a decision on this submission is under way."""
        return submission_id in self._open

    def decide(self, intent: Intent) -> str | None:
        """Begin; return why it was not taken, else None. Progress is published as standings."""
        if (why := self._why_not(intent)) is None:
            self._begin(intent)
        return why

    async def carry(self, intent: Intent) -> Standing:
        """Carry out one decision to its end and return how it stands; raises ValueError if not taken.

        Cancelled, it leaves the decision under way: `close()` gives it its last seconds.
        """
        if (why := self._why_not(intent)) is not None:
            raise ValueError(why)
        return await asyncio.shield(self._begin(intent))

    async def close(self) -> list[Standing]:
        """Wait a little for answers; return what stayed unknown."""
        self._closing.set()
        if self._tasks:
            drained = asyncio.ensure_future(asyncio.wait(tuple(self._tasks)))
            limit = asyncio.ensure_future(self._clock.sleep(DRAIN))
            await asyncio.wait({drained, limit}, return_when=asyncio.FIRST_COMPLETED)
            left = (drained, limit, *self._tasks)
            for waiting in left:
                waiting.cancel()
            await asyncio.gather(*left, return_exceptions=True)
        for standing in self.open_ones:
            self._tell(Standing(standing.intent, Stage.UNKNOWN, UNKNOWN_WORDS, standing.failure))
        return list(self.unknown)

    def learn(self, seen: Detail) -> None:
        """Hold a fresh reading against decisions that ended unsure: they may have landed late."""
        for (of, _), before in tuple(self._unsure.items()):
            if of == seen.id and not self._closing.is_set():
                self._learn(before, seen)

    def _learn(self, before: Standing, seen: Detail) -> None:
        intent = before.intent
        judged = outcome(intent, before.failure, seen)
        stage, words = judged.stage, judged.words
        waited = (self._clock.now() - intent.at).total_seconds()
        if stage is Stage.DONE and whose(intent, seen) is Whose.OURS:
            words = f"Your {clock_time(intent.at)} {intent.verb} arrived late: {done(intent)}"
        elif before.stage is Stage.NOT_DONE or (stage is Stage.NOT_DONE and waited < SETTLED):
            return
        if stage is not before.stage:
            self._tell(Standing(intent, stage, words, before.failure, seen))

    def _why_not(self, intent: Intent) -> str | None:
        if self._closing.is_set():
            return "the console is closing"
        if self.is_open(intent.submission_id):
            return OPEN_WORDS
        if intent.verb is Verb.RESOLVE and (intent.match_id is None or intent.resolution is None):
            return "no match was chosen"
        return why_not_reason(intent.verb, intent.reason)

    def _begin(self, intent: Intent) -> asyncio.Task[Standing]:
        self._tell(Standing(intent, Stage.SENDING, doing(intent)))
        task = asyncio.create_task(self._carried(intent))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _carried(self, intent: Intent) -> Standing:
        try:
            standing = await self._follow(intent)
        except Exception as error:  # noqa: BLE001 – a bug here must not pass for an outcome
            failure = failure_of(error, f"follow {intent.verb}")
            standing = Standing(intent, Stage.UNKNOWN, UNKNOWN_WORDS, failure)
        self._tell(standing)
        return standing

    async def _follow(self, intent: Intent) -> Standing:
        failure: Failure | None = None
        try:
            await self._send(intent)
        except Exception as error:  # noqa: BLE001 – every way to fail has an outcome; failure_of logs bugs
            failure = failure_of(error, f"send {intent.verb}")
        seen = None
        if failure is None:
            seen = await self._read_back(intent)
        elif failure.kind not in _NO_LOOK:
            self._tell(Standing(intent, Stage.VERIFYING, checking(failure), failure))
            seen = await self._look(intent, failure)
        verdict = outcome(intent, failure, seen)
        return Standing(intent, verdict.stage, verdict.words, failure, seen)

    async def _look(self, intent: Intent, failure: Failure) -> Detail | None:
        """Read the submission back; a lost answer may still land, so look again until it has settled.

        None where it could not be read, or where there was no time to let it settle.
        """
        seen = await self._read_back(intent)
        for wait in self._settle:
            if not (may_settle(intent, failure, seen) or (seen is None and failure.kind in LOST)):
                break
            if seen is not None:
                words = f"{checking(failure)[:-1]}: still {seen.status} at {clock_time(self._clock.now())}…"
                self._tell(Standing(intent, Stage.VERIFYING, words, failure, seen))
            if await sleep_unless(self._clock, wait, self._closing):
                return None
            seen = await self._read_back(intent)
        return seen

    async def _read_back(self, intent: Intent) -> Detail | None:
        try:
            return await self._read(intent.submission_id)
        except Exception as error:  # noqa: BLE001 – not read is one of the outcomes; failure_of logs bugs
            failure_of(error, f"read back after {intent.verb}")
            return None

    def _tell(self, standing: Standing) -> None:
        submission_id = standing.intent.submission_id
        key = (submission_id, standing.intent.match_id)
        self._unsure.pop(key, None)
        if standing.stage.is_final:
            self._open.pop(submission_id, None)
            if standing.stage in {Stage.UNKNOWN, Stage.NOT_DONE}:
                self._unsure[key] = standing
        else:
            self._open[submission_id] = standing
        self._publish(standing)
