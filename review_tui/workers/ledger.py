"""The ledger of watched jobs: what is known of each, kept for the next start."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from review_tui.model.failures import Failure
from review_tui.model.jobs import Job, JobKey
from review_tui.model.watching import MOST_WATCHED, Course, Watched
from review_tui.workers.clock import Clock
from review_tui.workers.faults import failure_of

_FULL: Final = f"{MOST_WATCHED} jobs are watched already; forget some first"

_APART: Final = timedelta(microseconds=1)
"""What lies between two that were added together, which is their order at the next start."""


class JobKeeper(Protocol):
    """What keeps watched jobs on this machine; each raises an exception with a `failure` where it cannot."""

    def watched_jobs(self) -> Sequence[Watched]:
        """Return what is kept, those of earlier first."""
        ...

    def keep_jobs(self, jobs: Iterable[Watched]) -> None:
        """Keep these in place of what was kept of each."""
        ...

    def update_jobs(self, jobs: Iterable[Watched]) -> Sequence[JobKey]:
        """Keep these in place of what is kept of each; return those of which nothing is kept any more."""
        ...

    def drop_jobs(self, keys: Sequence[JobKey]) -> None:
        """Forget these."""
        ...


class Ledger:
    """Watched jobs by their keys, the newest first; `moved` hears of every change.

    Each change of course or state is written behind, in order, by a thread. Where that fails, `failure` says
    why, what is watched lasts as long as the program, and it is tried again with the next change. Without
    `keeper` it lasts as long as well. What another console has forgotten meanwhile is not written again but
    forgotten here too.
    """

    def __init__(self, moved: Callable[[], None], clock: Clock, keeper: JobKeeper | None = None) -> None:
        self.failure: Failure | None = None
        self.loading = keeper is not None
        self._moved = moved
        self._clock = clock
        self._keeper = keeper
        self._jobs: dict[JobKey, Watched] = {}
        self._newest: dict[JobKey, float] = {}
        self._dropped_early: set[JobKey] = set()
        self._kept: set[JobKey] = set()
        self._owed: set[JobKey] = set()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="jobs") if keeper else None
        self._writes: set[asyncio.Future[Sequence[JobKey]]] = set()

    @property
    def all(self) -> tuple[Watched, ...]:
        """Every job, the newest first."""
        return tuple(reversed(self._jobs.values()))

    def get(self, key: JobKey) -> Watched | None:
        """Return a job, or None."""
        return self._jobs.get(key)

    def is_watched(self, key: JobKey) -> bool:
        """Whether a job is to be asked about."""
        watched = self._jobs.get(key)
        return watched is not None and watched.course is Course.WATCHED

    async def load(self) -> None:
        """Take up what earlier runs left; what was added since stays the newest."""
        if self._keeper is None or self._thread is None:
            return
        try:
            kept = await asyncio.get_running_loop().run_in_executor(self._thread, self._keeper.watched_jobs)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs bugs
            self.failure, kept = failure_of(error, "read the watched jobs"), ()
        added, self._jobs = self._jobs, {one.key: one for one in sorted(kept, key=_since)}
        self._kept = set(self._jobs)
        self.loading = False
        self.drop(tuple(self._dropped_early))
        for key, one in added.items():
            before = self._jobs.pop(key, None)
            self._jobs[key] = one if before is None else before.again()
        self._make_room(0)
        self._keep([key for key in added if key in self._jobs], wanted=True)
        self._moved()

    def add(self, keys: Sequence[JobKey]) -> str | None:
        """Watch these from now on, also those of which nothing more was expected; all or none.

        Return why they are not.
        """
        new = [key for key in dict.fromkeys(keys) if key not in self._jobs]
        if not self._make_room(len(new)):
            return _FULL
        now = self._clock.now()
        changed = []
        for number, key in enumerate(dict.fromkeys(keys)):
            before = self._jobs.get(key)
            if before is not None and before.course is Course.WATCHED:
                continue
            since = now + number * _APART
            self._jobs[key] = Watched(key, since) if before is None else before.again()
            changed.append(key)
        self._keep(changed, wanted=True)
        return None

    def restore(self, forgotten: Sequence[Watched]) -> str | None:
        """Take back that these were forgotten, all or none; return why they stay so."""
        back = {one.key: one for one in forgotten if one.key not in self._jobs}
        if not self._make_room(len(back)):
            return _FULL
        self._dropped_early -= back.keys()
        self._jobs = {one.key: one for one in sorted((*self._jobs.values(), *back.values()), key=_since)}
        self._keep(back.keys(), wanted=True)
        return None

    def drop(self, keys: Sequence[JobKey]) -> None:
        """Forget these."""
        if self.loading:
            self._dropped_early.update(keys)
        known = [key for key in keys if self._jobs.pop(key, None) is not None]
        for key in known:
            self._newest.pop(key, None)
        if known:
            self._kept.difference_update(known)
            self._write(known)
            self._moved()

    def take_in(self, job: Job, asked: float) -> Watched | None:
        """Take in an answer to what was `asked` at that time, steadily counted; None if nobody watches it.

        An answer that was overtaken by one to a later question says nothing any more.
        """
        before = self._jobs.get(job.key)
        if before is None or not self._is_newest(job.key, asked):
            return before
        watched = before.told(job, self._clock.now())
        self.put(watched)
        return watched

    def vanish(self, key: JobKey, failure: Failure, asked: float) -> None:
        """Take in that a system, `asked` at that time, knows no such job."""
        before = self._jobs.get(key)
        if before is not None and self._is_newest(key, asked):
            self.put(before.vanished(failure, self._clock.now()))

    def put(self, watched: Watched) -> None:
        """Take in what is known of a job now; kept where it is more than another answer of the same kind."""
        before = self._jobs.get(watched.key)
        if before is None:
            return
        self._jobs[watched.key] = watched
        if _worth_keeping(before) != _worth_keeping(watched):
            self._keep([watched.key])
        else:
            self._moved()

    def look_after(self, which: Callable[[Watched], bool]) -> None:
        """Hear that somebody did what these left to do."""
        for watched in self.all:
            if watched.needs_person and which(watched):
                self.put(watched.looked_after())

    async def close(self) -> None:
        """Wait until all is written; what could not be is tried once more."""
        if self._writes:
            await asyncio.wait(self._writes)
        if self._owed:
            self._write(())
            await asyncio.wait(self._writes)
        if self._thread is not None:
            self._thread.shutdown(wait=False)

    def _is_newest(self, key: JobKey, asked: float) -> bool:
        """Whether no later question was answered; from now on this one is the newest, if so."""
        newest = max(asked, self._newest.get(key, asked))
        self._newest[key] = newest
        return asked == newest

    def _make_room(self, count: int) -> bool:
        """Forget what ended long ago, and of the rest as much as is needed; say whether there is room.

        What somebody has yet to look at goes last.
        """
        now = self._clock.now()
        ended = [one for one in self._jobs.values() if one.course is not Course.WATCHED]
        too_many = len(self._jobs) + count - MOST_WATCHED
        if too_many > len(ended):
            return False
        ended.sort(key=lambda one: (one.needs_person, one.changed_at or one.since))
        leaving = [one.key for at, one in enumerate(ended) if at < too_many or one.is_old(now)]
        self.drop(leaving)
        return True

    def _keep(self, keys: Collection[JobKey], *, wanted: bool = False) -> None:
        """Write down what these are; those that a person `wanted` also where another console forgot them."""
        if wanted:
            self._kept.difference_update(keys)
        if keys:
            self._write(keys)
            self._moved()

    def _write(self, keys: Collection[JobKey]) -> None:
        """Bring what is kept of these to what they are, and of those that could not be written before."""
        if self._keeper is None or self._thread is None or self.loading:  # `load` writes what came before it
            return
        owed = {*keys, *self._owed}
        self._owed.clear()
        gone = [key for key in owed if key not in self._jobs]
        new = [self._jobs[key] for key in owed if key in self._jobs and key not in self._kept]
        known = [self._jobs[key] for key in owed if key in self._jobs and key in self._kept]

        def write(keeper: JobKeeper) -> Sequence[JobKey]:
            if gone:
                keeper.drop_jobs(gone)
            if new:
                keeper.keep_jobs(new)
            return keeper.update_jobs(known) if known else ()

        writing = asyncio.get_running_loop().run_in_executor(self._thread, write, self._keeper)
        self._writes.add(writing)
        writing.add_done_callback(partial(self._written, owed, [one.key for one in new]))

    def _written(
        self, owed: Collection[JobKey], new: Sequence[JobKey], writing: "asyncio.Future[Sequence[JobKey]]"
    ) -> None:
        self._writes.discard(writing)
        error = None if writing.cancelled() else writing.exception()
        failure = failure_of(error, "keep a watched job") if isinstance(error, Exception) else None
        if failure != self.failure:
            self.failure = failure
            self._moved()
        if writing.cancelled() or error is not None:
            self._owed.update(owed)
            return
        self._kept.update(key for key in new if key in self._jobs)
        for key in writing.result():
            if key in self._kept:  # else a person wants it again
                self._kept.discard(key)
                self._jobs.pop(key, None)
                self._newest.pop(key, None)
                self._moved()


def _since(watched: Watched) -> datetime:
    return watched.since


def _worth_keeping(watched: Watched) -> tuple[object, ...]:
    job = watched.job
    what = (job.operation, job.name) if job else ()
    return watched.course, watched.seen, watched.left_out, watched.needs_person, what
