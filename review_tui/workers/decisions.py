"""Decisions on their way: held, looked at anew, written down, sent once by id as shown, and read back."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from review_tui.model.decisions import Intent, Stage, Standing, excludes
from review_tui.model.happenings import Closed, Due, TakenBack
from review_tui.model.machine import SETTLE, Course, begun, corrected, resumed
from review_tui.model.records import Record
from review_tui.model.submissions import Detail, Verb, why_not_reason
from review_tui.workers.clock import Clock, wait_at_most
from review_tui.workers.journal import Write
from review_tui.workers.walk import Means, Walk

DRAIN: Final = 5.0
"""Seconds that finishing and closing together wait for answers."""

LAST_WRITES: Final = 1.0
"""Seconds that closing then waits for the journal."""

OPEN_WORDS: Final = "a decision on this submission is under way"
_CLOSING: Final = "the console is closing"
_OVER: Final = "it is over"


class Decisions:
    """Takes one decision per submission at a time, or one per fraud match, and follows it to its end.

    What a decision becomes is judged by `model.machine` alone; this does what the machine says is next, and
    publishes what came of it.
    """

    def __init__(
        self,
        send: Callable[[Intent], Awaitable[object]],
        read: Callable[[str], Awaitable[Detail]],
        publish: Callable[[Standing], None],
        clock: Clock,
        *,
        write: Write | None = None,
        run: str = "",
        settle: tuple[float, ...] = SETTLE,
    ) -> None:
        """Take how to send an intent, how to read a submission, and where to write decisions down, if at all.

        `run` names this run of the program in what is written down.
        """
        self._publish = publish
        self._means = Means(send, read, write, clock, self.learn, self._moved)
        self._run = run
        self._settle = settle
        self._tasks: dict[Walk, asyncio.Task[Standing]] = {}
        self._open: dict[str, Walk] = {}
        self._unsure: dict[str, Walk] = {}
        self._closing = False
        self._drained_by = float("inf")

    @property
    def open_ones(self) -> tuple[Standing, ...]:
        """The decisions that are under way, oldest first."""
        return tuple(walk.course.standing for walk in self._open.values())

    @property
    def held(self) -> tuple[Standing, ...]:
        """The decisions that may still be taken back, oldest first; earlier runs' wait for the person."""
        return tuple(standing for standing in self.open_ones if standing.stage.is_unsent)

    @property
    def unknown(self) -> tuple[Standing, ...]:
        """The decisions whose outcome is not known."""
        return tuple(left for left in self.unsure if left.stage is Stage.UNKNOWN)

    @property
    def unsure(self) -> tuple[Standing, ...]:
        """The decisions that a later reading may still correct."""
        return tuple(walk.course.standing for walk in self._unsure.values())

    def is_open(self, submission_id: str) -> bool:
        """Whether a decision on this submission is under way."""
        return any(walk.intent.submission_id == submission_id for walk in self._open.values())

    def decide(self, intent: Intent, *, shown: Detail | None = None, hold: float | None = 0.0) -> str | None:
        """Begin; return why it was not taken, else None. Progress is published as standings.

        `shown` is the submission as the person saw it, `hold` the seconds in which it may be taken back. None
        holds it until `send_now`, and does not send again what a rate limit refuses or what never left.
        """
        if (why := self._why_not(intent)) is None:
            self._begin(intent, shown, hold, again=hold is not None)
        return why

    async def carry(self, intent: Intent, *, shown: Detail | None = None) -> Standing:
        """Carry out one decision at once and return how it ended; raises ValueError if not taken.

        What a rate limit refuses, or what never left this host, is not sent again: whoever waits decides.
        Cancelled, it leaves the decision under way: `close()` gives it its last seconds.
        """
        if (why := self._why_not(intent)) is not None:
            raise ValueError(why)
        return await asyncio.shield(self._begin(intent, shown, 0.0, again=False))

    def resume(self, records: Iterable[Record]) -> None:
        """Take up what an earlier run left: held ones wait for the person, sent ones are looked up."""
        for record in records:
            walk = self._walk(resumed(record, self._means.now(), run=self._run, settle=self._settle))
            if walk.rests:
                walk.tell()
            elif not self._is_excluded(walk.intent):
                self._set_out(walk)

    @property
    def newest(self) -> str | None:
        """The request id of the newest decision of this run that may be taken back."""
        for walk in reversed(self._open.values()):
            if walk.may_be_taken_back and not walk.course.is_earlier:
                return walk.intent.request_id
        return None

    def undo(self) -> str | None:
        """Take back the newest unsent decision of this run; return why there is nothing to take back."""
        newest = self.newest
        return "nothing is held" if newest is None else self.take_back(newest)

    def take_back(self, request_id: str) -> str | None:
        """Take a decision back before it is sent; return why it cannot be any more."""
        walk = self._open.get(request_id)
        if walk is None:
            return _OVER
        if not walk.may_be_taken_back:
            return "it is being taken back" if walk.course.stage.is_unsent else "it is being sent"
        walk.ask(TakenBack())
        return None

    def send_now(self, request_id: str) -> str | None:
        """Send a held decision without waiting; return why that cannot be."""
        walk = self._open.get(request_id)
        if walk is None:
            return _OVER
        if self._closing or not walk.may_be_taken_back:
            return _CLOSING if self._closing else "it is on its way"
        if walk.course.stage is not Stage.CHECKING:
            walk.ask(Due())
        return None

    def learn(self, seen: Detail) -> None:
        """Hold a fresh reading against decisions that ended unsure: they may have landed late."""
        for request_id, walk in tuple(self._unsure.items()):
            if self._closing or walk.intent.submission_id != seen.id:
                continue
            after = corrected(walk.course, seen, self._means.now())
            if after is not walk.course:
                del self._unsure[request_id]
                self._start(self._walk(after))

    async def finish(self) -> None:
        """Wait, at most a few seconds, for what is on its way; what waits for the person goes on waiting."""
        self._drained_by = self._means.clock.monotonic() + DRAIN
        on_its_way = [task for walk, task in self._tasks.items() if not walk.waits_for_the_person]
        await wait_at_most(self._means.clock, DRAIN, on_its_way)

    async def close(self) -> list[Standing]:
        """Wait a little for answers; return what stayed unknown. What is held stays held for next time."""
        self._closing = True
        for walk in self._tasks:
            walk.ask(Closed())
        clock = self._means.clock
        left_to_drain = min(self._drained_by - clock.monotonic(), DRAIN)
        await wait_at_most(clock, max(left_to_drain, 0.0), self._tasks.values())
        left = dict(self._tasks)
        for task in left.values():
            task.cancel()
        await asyncio.gather(*left.values(), return_exceptions=True)
        writes = [asyncio.ensure_future(walk.cut_off()) for walk in left if not walk.rests]
        await wait_at_most(clock, LAST_WRITES, writes)
        for write in writes:
            write.cancel()
        for walk in left:
            walk.let_go()
        return list(self.unknown)

    def _why_not(self, intent: Intent) -> str | None:
        if self._closing:
            return _CLOSING
        if self._is_excluded(intent):
            return OPEN_WORDS
        if intent.verb is Verb.RESOLVE and (intent.match_id is None or intent.resolution is None):
            return "no match was chosen"
        return why_not_reason(intent.verb, intent.reason)

    def _is_excluded(self, intent: Intent) -> bool:
        return any(excludes(walk.intent, intent) for walk in self._open.values())

    def _walk(self, course: Course) -> Walk:
        return Walk(course, self._means)

    def _begin(
        self, intent: Intent, shown: Detail | None, hold: float | None, *, again: bool
    ) -> asyncio.Task[Standing]:
        course = begun(
            intent,
            self._means.now(),
            hold=hold,
            shown=shown,
            run=self._run,
            durable=self._means.write is not None,
            again=again,
            settle=self._settle,
        )
        return self._set_out(self._walk(course))

    def _set_out(self, walk: Walk) -> asyncio.Task[Standing]:
        self._open[walk.intent.request_id] = walk
        walk.tell()
        return self._start(walk)

    def _start(self, walk: Walk) -> asyncio.Task[Standing]:
        task = self._tasks[walk] = asyncio.create_task(walk.follow())
        task.add_done_callback(lambda _: self._tasks.pop(walk, None))
        return task

    def _moved(self, walk: Walk) -> None:
        standing = walk.course.standing
        if standing.stage.is_final:
            self._file_away(walk, standing.stage)
        if walk.told != (standing.stage, standing.words):
            walk.told = (standing.stage, standing.words)
            self._publish(standing)

    def _file_away(self, walk: Walk, stage: Stage) -> None:
        intent = walk.intent
        if self._open.get(intent.request_id) is walk:
            del self._open[intent.request_id]
        if stage.may_be_corrected:
            self._unsure[intent.request_id] = walk
        elif stage is Stage.DONE:  # what it shows from now on is this one's
            on = (intent.submission_id, intent.match_id)
            for request_id, other in tuple(self._unsure.items()):
                if (other.intent.submission_id, other.intent.match_id) == on:
                    del self._unsure[request_id]
