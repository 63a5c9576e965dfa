"""Batches: read when a person wants them, and looked at again while they go on, for jobs may join later."""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from review_tui.model.failures import FailureKind
from review_tui.model.jobs import Batch, Job, JobKey, System
from review_tui.workers.clock import Clock
from review_tui.workers.errands import Errands
from review_tui.workers.faults import failure_of
from review_tui.workers.ledger import Ledger
from review_tui.workers.news import BatchRead, News
from review_tui.workers.watcher import Watcher

AGAIN: Final = 30.0
"""Seconds between two looks at a batch that goes on."""

_NEVER: Final = frozenset(
    {
        FailureKind.NOT_FOUND,
        FailureKind.GONE,
        FailureKind.FORBIDDEN,
        FailureKind.KEY_NOT_ACCEPTED,
        FailureKind.LOCAL,
        FailureKind.BAD_REQUEST,
        FailureKind.INVALID,
    }
)


class Batches:
    """Reads batches into a ledger.

    `observe` takes in what is told of a job, when that was asked for, and which jobs are to be watched. What
    a person forgot of a batch, or what found no room, is not watched again because it is told again.
    """

    def __init__(
        self,
        ledger: Ledger,
        watchers: Mapping[System, Watcher],
        observe: Callable[[Job, float, Collection[JobKey]], None],
        publish: Callable[[News], None],
        clock: Clock,
    ) -> None:
        self._ledger = ledger
        self._watchers = watchers
        self._observe = observe
        self._publish = publish
        self._clock = clock
        self._errands = Errands()

    def read(self, system: System, batch_id: str) -> bool:
        """Read a batch, watch all its jobs, and go on looking; false where it is being read already."""
        return self._errands.begin(("read", system, batch_id), self._read(system, batch_id))

    def take_up(self) -> None:
        """Go on looking at the batches of which something goes on."""
        for watched in self._ledger.all:
            job = watched.job
            if job is None or job.batch_id is None or not self._ledger.is_watched(watched.key):
                continue
            watcher = self._watchers.get(job.system)
            if watcher is not None and watcher.source.offers.batch:
                self._errands.begin((job.system, job.batch_id), self._follow(job.system, job.batch_id))

    async def close(self) -> None:
        """Give up what is under way."""
        await self._errands.close()

    async def _read(self, system: System, batch_id: str) -> None:
        at = self._clock.monotonic()
        try:
            batch = await self._watchers[system].source.batch(batch_id)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            self._publish(BatchRead(system, batch_id, failure=failure_of(error, "read a batch")))
            return
        left_out = self._watch(batch, {job.key for job in batch.jobs}, at)
        self._publish(BatchRead(system, batch_id, batch, left_out=left_out))
        self._errands.give_up((system, batch_id))
        self._errands.begin((system, batch_id), self._follow(system, batch_id, batch))

    async def _follow(self, system: System, batch_id: str, before: Batch | None = None) -> None:
        """Look at a batch again until it has ended, and watch what joins it; without `before`, from now on.

        A system that rests is not disturbed, and its advice is kept on when to give up.
        """
        watcher = self._watchers[system]
        last, known = before, None if before is None else {job.key for job in before.jobs}
        changed_at = self._clock.monotonic()
        while before is None or not before.state.is_terminal:
            await self._clock.sleep(AGAIN)
            if self._clock.monotonic() - changed_at > watcher.source.cadence.deadline:
                return
            if known is not None and not any(map(self._ledger.get, known)):
                return
            if watcher.is_resting or watcher.source.budget.may_spend_background() > 0:
                continue
            at = self._clock.monotonic()
            try:
                before = await watcher.source.batch(batch_id)
            except Exception as error:  # noqa: BLE001 – its jobs are watched all the same
                failure = failure_of(error, "look at a batch again")
                if failure.kind in _NEVER:
                    return
                await self._clock.sleep(failure.retry_after or 0.0)
                continue
            told = {job.key for job in before.jobs}
            joined = set[JobKey]() if known is None else told - known
            left_out = self._watch(before, joined, at)
            if before != last:
                changed_at = at
                self._publish(
                    BatchRead(system, batch_id, before, left_out=left_out, again=True, joined=len(joined))
                )
            last, known = before, told | (known or set())

    def _watch(self, batch: Batch, wanted: Collection[JobKey], at: float) -> int:
        """Watch those of its jobs that are wanted and take in what is told; return how many found no room."""
        for job in batch.jobs:
            self._observe(job, at, wanted)
        return sum(self._ledger.get(key) is None for key in wanted)
