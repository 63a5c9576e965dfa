"""Many at once: what is to be decided is read beforehand, and what was confirmed is sent one by one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from review_tui.model.bulk import Bulk, Item, stops_the_rest
from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.records import subject_of
from review_tui.model.submissions import Detail
from review_tui.workers.clock import Clock, sleep_unless
from review_tui.workers.decisions import Decisions
from review_tui.workers.faults import failure_of
from review_tui.workers.news import BulkMoved, DetailFailed, DetailRead

IN_FLIGHT: Final = 3
"""Submissions that are read at one time."""

NOTICED: Final = 1.0
"""Seconds from which a wait is told."""

ANOTHER: Final = "what was decided on the marked is still under way"
STOPPED: Final = "you took it back"


class Bulks:
    """Sends what was confirmed as one, each decision only when the one before it has ended.

    At most one bulk is under way; `over` hears that it no longer is. Each decision is one of `decisions`
    like any other, held until its turn; `pace` gives the seconds to leave yet before the next is sent, after
    so many were left, `time_for` those in which the budget lets so many go. What stops one for a reason that
    holds for all stops the rest.
    """

    def __init__(
        self,
        decisions: Decisions,
        publish: Callable[[BulkMoved], None],
        over: Callable[[], None],
        clock: Clock,
        pace: Callable[[float], float],
        time_for: Callable[[int], float],
    ) -> None:
        self._decisions = decisions
        self._publish = publish
        self._over = over
        self._clock = clock
        self._pace = pace
        self._time_for = time_for
        self._bulk: Bulk | None = None
        self._latest: dict[str, Standing] = {}
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._heard = asyncio.Event()
        self._began = 0.0

    def has(self, request_id: str) -> bool:
        """Whether a decision is one of the bulk that is under way."""
        return self._task is not None and self._bulk is not None and request_id in self._bulk.places

    def begin(self, decided: Sequence[tuple[Intent, Detail]], hold: float) -> str | None:
        """Hold all of these for so many seconds and then send them; return why not, if so.

        One that cannot be taken is not sent, which its item says.
        """
        if self._task is not None:
            return ANOTHER
        items = []
        for intent, shown in decided:
            why = self._decisions.decide(intent, shown=shown, hold=None)
            stage, words = (Stage.UNSENT, f"Not sent: {why}") if why else (Stage.HELD, "")
            items.append(Item(intent, subject_of(shown), stage, words))
        self._set_out(items, hold, kept=False)
        return None

    def release(self, request_ids: Sequence[str]) -> str | None:
        """Send what an earlier run has left held; return why not, if so. What is stopped of it stays held."""
        if self._task is not None:
            return ANOTHER
        wanted = set(request_ids)
        held = [one for one in self._decisions.held if one.intent.request_id in wanted]
        if not held:
            return "nothing of it is held any more"
        self._set_out([Item(one.intent, one.subject, one.stage, one.words) for one in held], 0.0, kept=True)
        return None

    def stop(self) -> str | None:
        """Send nothing more of it; return why there is nothing to stop."""
        if self._task is None or self._bulk is None or not self._bulk.unsent:
            return "nothing of it is left to stop"
        self._stop(STOPPED)
        return None

    def hear(self, standing: Standing) -> None:
        """Learn how far a decision has come."""
        if self._task is None or self._bulk is None:
            return
        bulk = self._bulk.following(standing)
        if bulk is not self._bulk:
            self._latest[standing.intent.request_id] = standing
            self._tell(bulk)
            self._heard.set()

    async def close(self) -> None:
        """Send nothing more; what is held stays as it is."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _set_out(self, items: Sequence[Item], hold: float, *, kept: bool) -> None:
        due = self._clock.now() + timedelta(seconds=hold) if hold > 0 else None
        self._latest = {}
        self._stopping.clear()
        self._task = asyncio.create_task(self._follow(hold))
        self._tell(Bulk(tuple(items), due=due, kept=kept))

    async def _follow(self, hold: float) -> None:
        if hold > 0 and self._bulk is not None and self._bulk.unsent:
            await sleep_unless(self._clock, hold, self._stopping)
        self._began = self._clock.monotonic()
        if self._bulk is not None:
            self._tell(replace(self._bulk, due=None))
        for request_id in self._bulk.places if self._bulk else ():
            if why := await self._send(request_id):
                self._stop(why)
            if self._stopping.is_set():
                break
        await self._until(lambda bulk: bulk.is_over)
        self._task = None
        if self._bulk is not None:
            self._tell(self._bulk)
        self._over()

    async def _send(self, request_id: str) -> str:
        """Send one when its turn has come, and wait for its end; return why no other may follow."""
        if self._is_over(request_id):
            return ""
        waited = 0.0
        while (wait := self._pace(waited)) > 0:
            if await self._is_stopped_within(wait):
                return ""
            waited += wait
        self._decisions.send_now(request_id)
        await self._until(lambda _: self._is_over(request_id))
        last = self._latest.get(request_id)
        return stops_the_rest(last) if last is not None else ""

    async def _is_stopped_within(self, wait: float) -> bool:
        """Let a wait for the budget pass, and say so where it is one that a person notices."""
        if wait >= NOTICED and self._bulk is not None:
            self._tell(replace(self._bulk, due=self._clock.now() + timedelta(seconds=wait)))
        stopped = await sleep_unless(self._clock, wait, self._stopping)
        if self._bulk is not None and self._bulk.due is not None:
            self._tell(replace(self._bulk, due=None))
        return stopped

    def _is_over(self, request_id: str) -> bool:
        """Whether one has ended, or waits for what would hold up all of them."""
        item = self._bulk.item(request_id) if self._bulk else None
        return item is None or item.end is not None or item.stage is Stage.WAITING

    async def _until(self, happened: Callable[[Bulk], bool]) -> None:
        while self._bulk is not None and not happened(self._bulk):
            self._heard.clear()
            await self._heard.wait()

    def _stop(self, why: str) -> None:
        bulk = self._bulk
        if bulk is None or self._stopping.is_set():
            return
        self._stopping.set()
        if bulk.unsent:
            self._tell(replace(bulk, stopped=why, due=None))
        for item in () if bulk.kept else bulk.unsent:
            self._decisions.take_back(item.intent.request_id)
        self._heard.set()

    def _tell(self, bulk: Bulk) -> None:
        ended = len(bulk.items) - bulk.left
        seconds = None
        if ended:
            each = (self._clock.monotonic() - self._began) / ended
            seconds = max(each * bulk.left, self._time_for(bulk.left))
        self._bulk = replace(bulk, seconds=seconds)
        self._publish(BulkMoved(self._bulk))


class Gathering:
    """Reads many submissions before a decision on all of them; each is told as it comes in.

    `background_wait` gives the seconds before one may be asked for.
    """

    def __init__(
        self,
        read: Callable[[str], Awaitable[Detail]],
        publish: Callable[[DetailRead | DetailFailed], None],
        clock: Clock,
        background_wait: Callable[[], float],
    ) -> None:
        self._read = read
        self._publish = publish
        self._clock = clock
        self._background_wait = background_wait
        self._readers: tuple[asyncio.Task[None], ...] = ()

    def start(self, submission_ids: Sequence[str]) -> None:
        """Read these and no others any more."""
        for reader in self._readers:
            reader.cancel()
        left = iter(submission_ids)
        count = min(IN_FLIGHT, len(submission_ids))
        self._readers = tuple(asyncio.create_task(self._read_all(left)) for _ in range(count))

    async def close(self) -> None:
        """Give up what is in flight."""
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def _read_all(self, left: Iterator[str]) -> None:
        for submission_id in left:
            while (wait := self._background_wait()) > 0:
                await self._clock.sleep(wait)
            try:
                detail = await self._read(submission_id)
            except Exception as error:  # noqa: BLE001 – failure_of logs what is not expected
                self._publish(DetailFailed(submission_id, failure_of(error, "read a marked submission")))
            else:
                self._publish(DetailRead(detail))
