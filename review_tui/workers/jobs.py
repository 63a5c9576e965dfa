"""Jobs at the desk: watched until they end, listed, canceled, and their results fetched."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from review_tui.client.paths import is_id
from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen
from review_tui.model.job_words import REVIEW
from review_tui.model.jobs import Job, JobFilter, JobKey, System
from review_tui.model.submissions import Detail
from review_tui.model.watching import Watched
from review_tui.workers.batches import Batches
from review_tui.workers.clock import Clock
from review_tui.workers.errands import Errands
from review_tui.workers.faults import failure_of, kept_alive
from review_tui.workers.ledger import JobKeeper, Ledger
from review_tui.workers.news import (
    JobCanceled,
    JobsListed,
    JobsMoved,
    News,
)
from review_tui.workers.results import Results
from review_tui.workers.standing import how_it_stands, known_jobs
from review_tui.workers.watcher import Watcher

if TYPE_CHECKING:  # the console paints before what speaks to the network is loaded
    from review_tui.client.jobs import JobSource

_NO_ID: Final = "that is no id: letters and digits, with . _ : ~ - between them"


@frozen
class JobWays:
    """How jobs are asked about: what gives the sources that a key is there for, and what keeps the jobs.

    A source is opened when it is asked for the first time. `why_not` says, by system, what to set where one
    is missing, `cancel_off` why nothing may be canceled, if so; `close` ends what was opened.
    """

    sources: Mapping[System, Callable[[], "JobSource"]] = field(default_factory=dict)
    why_not: Mapping[System, str] = field(default_factory=dict)
    keeper: JobKeeper | None = None
    close: Callable[[], Awaitable[None]] | None = None
    cancel_off: str = ""


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
        self._results = Results(publish, self._ledger.vanish, clock)
        self._batches = Batches(self._ledger, self._watchers, self._observe, publish, clock)
        self._telling = False
        self._as_known = partial(known_jobs, self._ledger, self._watchers, ways.why_not, clock)
        self.known = self._as_known()

    def watch(self, keys: Sequence[JobKey]) -> str | None:
        """Ask about these jobs until they end; return why they cannot be watched."""
        for key in keys:
            if (why := self._why_not(key.system)) is not None:
                return why
            if not is_id(key.id):
                return _NO_ID
        if (why := self._ledger.add(keys)) is not None:
            return why
        for key in keys:
            self._watchers[key.system].want(key)
        return None

    def forget(self, keys: Sequence[JobKey]) -> None:
        """Watch these no more."""
        self._ledger.drop(keys)

    def restore(self, forgotten: Sequence[Watched]) -> str | None:
        """Take back that these were forgotten; return why they stay so."""
        if (why := self._ledger.restore(forgotten)) is None:
            for one in forgotten:
                self._watch_on(one.key)
        return why

    def looked_after(self, keys: Sequence[JobKey]) -> None:
        """Hear that somebody did what these jobs left to do."""
        self._ledger.look_after(lambda watched: watched.key in keys)

    def cancel(self, key: JobKey) -> str | None:
        """Ask once to cancel a job; return why nobody is asked."""
        why = self._why_not(key.system) or self._ways.cancel_off or None
        if why is None and not self._watchers[key.system].source.offers.cancel:
            why = f"{key.system.label} cannot cancel a job"
        if why is None and not self._errands.begin(("cancel", key), self._canceled(key)):
            why = "it is being canceled already"
        return why

    def result(self, key: JobKey, folder: Path, *, most: int | None = None) -> str | None:
        """Fetch a job's result into a folder; return why it is not fetched."""
        why = self._why_not(key.system)
        if why is not None:
            return why
        fetching = self._results.fetched(self._watchers[key.system].source, key, folder, most)
        return None if self._errands.begin(("result", key), fetching) else "it is on its way already"

    def leave_result(self, key: JobKey) -> None:
        """Stop fetching a job's result; nothing of it is kept."""
        self._errands.give_up(("result", key))

    def search(self, key: JobKey, path: Path, words: str) -> None:
        """Look for words in the file of a job's result, in place of whatever is looked for now."""
        self._errands.give_up("search")
        if words:
            self._errands.begin("search", self._results.searched(key, path, words))

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
        if why is None and not self._batches.read(system, batch_id):
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
            if watcher is not None and watcher.next_at(watched.key) is None:  # else a person asked meanwhile
                self._watch_on(watched.key)
        self._batches.take_up()
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
        await self._batches.close()
        for watcher in self._watchers.values():
            await watcher.close()
        await self._ledger.close()
        if self._ways.close is not None:
            await self._ways.close()

    def _why_not(self, system: System) -> str | None:
        watcher = self._watchers.get(system)
        return None if watcher else how_it_stands(system, None, self._ways.why_not).why_not

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

    def _observe(self, job: Job, asked: float, wanted: Collection[JobKey] = ()) -> None:
        """Take in what was told of a job in passing; one that is wanted or goes on after all is watched."""
        was_watched = self._ledger.is_watched(job.key)
        if job.key in wanted and self._ledger.get(job.key) is None:
            self._ledger.add([job.key])
        self._ledger.take_in(job, asked)
        if not was_watched:
            self._watch_on(job.key)

    def _watch_on(self, key: JobKey) -> None:
        """Have a job asked about that goes on, if not at once."""
        watcher = self._watchers.get(key.system)
        if watcher is not None and self._ledger.is_watched(key):
            watcher.want(key, soon=watcher.source.cadence.first)

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
