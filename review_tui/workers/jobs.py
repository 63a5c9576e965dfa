"""Jobs at the desk: watched until they end, listed, canceled, and their results fetched."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from review_tui.client.job_errors import JobGone
from review_tui.client.paths import is_id
from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen
from review_tui.model.job_words import REVIEW
from review_tui.model.jobs import Job, JobFilter, JobKey, System
from review_tui.model.submissions import Detail
from review_tui.model.watching import NOT_CONFIGURED, Jobs, SystemWatch, Watched, as_a_rule
from review_tui.workers.clock import Clock
from review_tui.workers.errands import Errands
from review_tui.workers.faults import failure_of, kept_alive, not_saved
from review_tui.workers.ledger import JobKeeper, Ledger
from review_tui.workers.news import (
    BatchRead,
    DownloadStage,
    JobCanceled,
    JobsListed,
    JobsMoved,
    News,
    ResultMoved,
)
from review_tui.workers.watcher import Watcher

if TYPE_CHECKING:  # the console paints before what speaks to the network is loaded
    from review_tui.client.jobs import JobSource

MOVES_APART: Final = 0.25
"""Seconds between two pieces of news on one result."""

_NO_ID: Final = "that is no id: letters and digits, with . _ : ~ - between them"


@frozen
class JobWays:
    """How jobs are asked about: what gives the sources that a key is there for, and what keeps the jobs.

    A source is opened when it is asked for the first time. `why_not` says, by system, what to set where one
    is missing; `close` ends what was opened.
    """

    sources: Mapping[System, Callable[[], "JobSource"]] = field(default_factory=dict)
    why_not: Mapping[System, str] = field(default_factory=dict)
    keeper: JobKeeper | None = None
    close: Callable[[], Awaitable[None]] | None = None


class JobDesk:
    """The part of a desk at which jobs are watched; has the face `JobsFace`."""

    def __init__(self, ways: JobWays, publish: Callable[[News], None], clock: Clock) -> None:
        self._ways = ways
        self._publish = publish
        self._clock = clock
        self._ledger = Ledger(self._moved, clock, ways.keeper)
        self._watchers = {
            system: Watcher(open_source, self._ledger, clock, self._moved)
            for system, open_source in ways.sources.items()
        }
        self._errands = Errands()
        self._telling = False
        self.known = self._as_known()

    def watch(self, keys: Sequence[JobKey], *, size: int | None = None) -> str | None:
        """Ask about these jobs until they end; return why they cannot be watched."""
        for key in keys:
            if (why := self._why_not(key.system)) is not None:
                return why
            if not is_id(key.id):
                return _NO_ID
        if (why := self._ledger.add(keys, size)) is not None:
            return why
        for key in keys:
            self._watchers[key.system].want(key)
        return None

    def forget(self, keys: Sequence[JobKey]) -> None:
        """Watch these no more."""
        self._ledger.drop(keys)

    def looked_after(self, keys: Sequence[JobKey]) -> None:
        """Hear that somebody did what these jobs left to do."""
        self._ledger.look_after(lambda watched: watched.key in keys)

    def cancel(self, key: JobKey) -> str | None:
        """Ask once to cancel a job; return why nobody is asked."""
        why = self._why_not(key.system)
        if why is None and not self._watchers[key.system].source.offers.cancel:
            why = f"{key.system.label} cannot cancel a job"
        if why is None and not self._errands.begin(("cancel", key), self._canceled(key)):
            why = "it is being canceled already"
        return why

    def result(self, key: JobKey, folder: Path, *, most: int | None = None) -> str | None:
        """Fetch a job's result into a folder; return why it is not fetched."""
        why = self._why_not(key.system)
        if why is None and not self._errands.begin(("result", key), self._fetched(key, folder, most)):
            why = "it is on its way already"
        return why

    def list(self, system: System, asked: JobFilter) -> str | None:
        """Have a system list jobs; return why it cannot."""
        why = self._why_not(system)
        if why is None and not self._watchers[system].source.offers.list:
            why = f"{system.label} does not list its jobs"
        if why is None:
            self._errands.give_up(("list", system))
            self._errands.begin(("list", system), self._listed(system, asked))
        return why

    def batch(self, system: System, batch_id: str) -> str | None:
        """Read a batch and watch its jobs; return why it cannot be."""
        why = self._why_not(system)
        if why is None and not self._watchers[system].source.offers.batch:
            why = f"{system.label} knows no batches"
        if why is None and not is_id(batch_id):
            why = _NO_ID
        if why is None and not self._errands.begin((system, batch_id), self._batch_read(system, batch_id)):
            why = "it is being read already"
        return why

    def learn(self, detail: Detail) -> None:
        """Hear how a submission stands: where it was decided, its job needs nobody any more."""
        if detail.status.casefold() != REVIEW:
            self._ledger.look_after(lambda one: one.job is not None and one.job.submission_id == detail.id)

    def pause(self) -> None:
        """Ask nothing in the background until `resume()`."""
        for watcher in self._watchers.values():
            watcher.pause()

    def resume(self) -> None:
        """Go on, and ask about all as soon as their systems' advice allows."""
        for watcher in self._watchers.values():
            watcher.resume()

    async def run(self) -> None:
        """Take up what earlier runs watched, and watch until cancelled."""
        await self._ledger.load()
        for watched in self._ledger.all:
            if watched.needs_person and watched.job and watched.job.submission_id:
                self._ledger.put(watched.again())  # somebody may have decided meanwhile
            watcher = self._watchers.get(watched.key.system)
            if watcher is None or not self._ledger.is_watched(watched.key):
                continue
            if watcher.next_at(watched.key) is None:  # else a person asked for it meanwhile
                watcher.want(watched.key, soon=watcher.source.cadence.first)
        async with asyncio.TaskGroup() as group:
            for watcher in self._watchers.values():
                group.create_task(kept_alive(watcher.run, watcher.broke))

    def broke(self, failure: Failure) -> None:
        """Hear that a bug has ended the watching."""
        for watcher in self._watchers.values():
            watcher.broke(failure)

    async def close(self) -> None:
        """Give up what is under way, and wait until all that was seen is written."""
        await self._errands.close()
        for watcher in self._watchers.values():
            await watcher.close()
        await self._ledger.close()
        if self._ways.close is not None:
            await self._ways.close()

    def _why_not(self, system: System) -> str | None:
        return None if system in self._watchers else self._stands(system).why_not

    async def _canceled(self, key: JobKey) -> None:
        asked = self._clock.monotonic()
        try:
            canceled = await self._watchers[key.system].source.cancel(key.id)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            self._publish(JobCanceled(key, failure=failure_of(error, "cancel a job")))
            return
        if canceled.job is not None:
            self._observe(canceled.job, asked)
        else:
            self._watchers[key.system].hasten(key)
        self._publish(JobCanceled(key, canceled.job, canceled.failure))

    async def _fetched(self, key: JobKey, folder: Path, most: int | None) -> None:
        asked = told_at = self._clock.monotonic()

        def moved(done: int, total: int | None) -> None:
            nonlocal told_at
            if self._clock.monotonic() - told_at >= MOVES_APART:
                told_at = self._clock.monotonic()
                self._publish(ResultMoved(key, DownloadStage.RUNNING, done, total))

        self._publish(ResultMoved(key, DownloadStage.RUNNING))
        source, given = self._watchers[key.system].source, {} if most is None else {"most": most}
        try:
            result = await source.result(key.id, folder, moved=moved, **given)
        except OSError as error:
            failure = not_saved(error, folder)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            failure = failure_of(error, "fetch a result")
            if isinstance(error, JobGone):
                self._ledger.vanish(key, failure, asked)
        else:
            self._publish(ResultMoved(key, DownloadStage.DONE, result.size, result.size, result))
            return
        self._publish(ResultMoved(key, DownloadStage.FAILED, failure=failure))

    async def _listed(self, system: System, asked: JobFilter) -> None:
        at = self._clock.monotonic()
        try:
            page = await self._watchers[system].source.list(asked)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            self._publish(JobsListed(system, asked, failure=failure_of(error, "list jobs")))
            self._moved()
            return
        for job in page.jobs:
            self._observe(job, at)
        self._publish(JobsListed(system, asked, page))

    async def _batch_read(self, system: System, batch_id: str) -> None:
        at = self._clock.monotonic()
        watcher = self._watchers[system]
        try:
            batch = await watcher.source.batch(batch_id)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            self._publish(BatchRead(system, batch_id, failure=failure_of(error, "read a batch")))
            self._moved()
            return
        for job in batch.jobs:
            if self._ledger.get(job.key) is None:
                self._ledger.add([job.key], None)
            self._observe(job, at)
            if self._ledger.is_watched(job.key):
                watcher.want(job.key, soon=watcher.source.cadence.first)
        left_out = sum(self._ledger.get(job.key) is None for job in batch.jobs)
        self._publish(BatchRead(system, batch_id, batch, left_out=left_out))

    def _observe(self, job: Job, asked: float) -> None:
        """Take in what was told of a job in passing, and watch it where it is not over after all."""
        was_watched = self._ledger.is_watched(job.key)
        self._ledger.take_in(job, asked)
        if self._ledger.is_watched(job.key) and not was_watched:
            self._watchers[job.system].want(job.key, soon=self._watchers[job.system].source.cadence.first)

    def _moved(self) -> None:
        """Publish what is known, once for all that happens at a time."""
        if not self._telling:
            self._telling = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._telling = False
        known = self._as_known()
        if known != self.known:
            self.known = known
            self._publish(JobsMoved(known))

    def _as_known(self) -> Jobs:
        ahead = self._clock.now() - timedelta(seconds=self._clock.monotonic())
        return Jobs(
            tuple(self._with_next(one, ahead) for one in self._ledger.all),
            {system: self._stands(system) for system in System},
            loading=self._ledger.loading,
            not_kept=self._ledger.failure,
        )

    def _with_next(self, watched: Watched, ahead: datetime) -> Watched:
        watcher = self._watchers.get(watched.key.system)
        at = None if watcher is None else watcher.next_at(watched.key)
        if at is None:
            return watched
        # To the second: two clocks are never read at one time, and that alone is no news.
        next_at = ahead + timedelta(seconds=at + 0.5)
        return replace(watched, next_at=next_at.replace(microsecond=0))

    def _stands(self, system: System) -> SystemWatch:
        watcher = self._watchers.get(system)
        if watcher is None:
            why_not = self._ways.why_not.get(system)
            return SystemWatch(system, why_not) if why_not else NOT_CONFIGURED[system]
        if not watcher.is_open:
            return replace(as_a_rule(system), freshness=watcher.freshness)
        offers = watcher.source.offers
        return SystemWatch(
            system,
            freshness=watcher.freshness,
            lists=offers.list,
            batches=offers.batch,
            cancels=offers.cancel,
        )
