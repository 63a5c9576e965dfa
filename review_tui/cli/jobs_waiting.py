"""Waiting for jobs: each asked about as its system advises, until all have ended or the time is over."""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from review_tui.cli.exits import Exit, exit_of, exit_of_all, exit_of_job
from review_tui.cli.jobs_asking import Way
from review_tui.cli.jobs_printing import change_json, change_line, job_json, state_text, tell_failure
from review_tui.cli.printing import failure_line, json_text, say
from review_tui.cli.progress import ProgressLine
from review_tui.client.errors import Unusable
from review_tui.client.jobs import JobSource
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.jobs import Job, JobKey, JobState, System
from review_tui.model.text import clean
from review_tui.model.watching import MOST_WATCHED, Course, Watched
from review_tui.workers.clock import Clock, RealClock, sleep_unless
from review_tui.workers.jobs import JobDesk, JobWays

_BEAT: Final = 1.0
"""Seconds between two lines of progress."""

_ONCE: Final = 60.0
"""Seconds for a single answer, at most."""

_GONE: Final = frozenset({FailureKind.NOT_FOUND, FailureKind.GONE})


async def wait_for_jobs(given: argparse.Namespace, way: Way, known: Mapping[JobKey, Watched]) -> Exit:
    """Run `jobs wait`: tell each job as it ends, and last those that have not; raises WireError.

    `known` is what this machine remembers: a job that its system knows no longer is gone, not unknown.
    """
    system = System(given.system)
    keys = [JobKey(system, job_id) for job_id in dict.fromkeys(given.ids)]
    line, clock = ProgressLine(sys.stderr), RealClock()
    codes: dict[JobKey, Exit] = {}

    async def tell(watched: Watched) -> None:
        before = known.get(watched.key)
        if watched.failure is not None and watched.failure.kind in _GONE and before and before.job:
            watched = before.vanished(watched.failure, clock.now())
        line.clear()
        codes[watched.key] = tell_outcome(watched, waiting.freshness, as_json=given.json)

    async with way() as client:
        waiting = Waiting(client.jobs, keys, clock, line)
        try:
            await waiting.until_over(tell, given.timeout)
        finally:
            line.clear()
    return exit_of_all(codes[key] for key in keys)


class Waiting:
    """Watches jobs of one system until they are over; `line` shows how far they are."""

    def __init__(
        self, source: JobSource, keys: Sequence[JobKey], clock: Clock, line: ProgressLine | None = None
    ) -> None:
        """Begin to watch; raises Unusable where they cannot be watched."""
        self._source = source
        self._clock = clock
        self._line = line if line is not None and line.is_shown else None
        self._changed = asyncio.Event()
        self._began = clock.monotonic()
        self._open = dict.fromkeys(keys)
        self._count = len(self._open)
        ways = JobWays({source.system: lambda: source})
        self._desk = JobDesk(ways, lambda _: self._changed.set(), clock)
        if self._count > MOST_WATCHED:
            raise Unusable(f"At most {MOST_WATCHED} jobs are waited for at one time")
        for key in self._open:
            if (why := self._desk.watch([key])) is not None:
                raise Unusable(f"{clean(key.id, cap=200)}: {why}")

    @property
    def freshness(self) -> Freshness:
        """How well the system answers."""
        return self._desk.known.systems[self._source.system].freshness

    async def until_over(
        self, tell: Callable[[Watched], Awaitable[None]], within: float | None = None
    ) -> None:
        """Tell each job once it is over, or there is no such one; when the time is, tell the others.

        That is after so many seconds, else when the system advises to give up, or when it cannot be asked.
        In no seconds each is asked about once, and once more where that does not say why it failed.
        """
        limit = self._source.cadence.deadline if within is None else within or _ONCE
        asking = asyncio.create_task(self._desk.run())
        try:
            while True:
                self._changed.clear()
                await self._tell_what_is_over(tell)
                left = self._began + limit - self._clock.monotonic()
                if not self._open or left <= 0 or self.freshness.state is FreshnessState.STOPPED:
                    break
                if within == 0 and self._all_answered:
                    break
                self._show()
                await sleep_unless(self._clock, min(left, _BEAT) if self._line else left, self._changed)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await self._desk.close()
        for key in self._open:
            await tell(self._watched(key))

    async def _tell_what_is_over(self, tell: Callable[[Watched], Awaitable[None]]) -> None:
        for key in tuple(self._open):
            watched = self._watched(key)
            if watched.course is Course.GIVEN_UP:  # whoever waits says for how long
                self._desk.watch([key])
            elif watched.course is not Course.WATCHED or _has_ended(watched.job):
                del self._open[key]
                self._desk.forget([key])
                await tell(watched)

    @property
    def _all_answered(self) -> bool:
        open_jobs = map(self._watched, self._open)
        return self.freshness.failure is not None or all(
            one.failure or (one.job is not None and not one.job.is_unexplained) for one in open_jobs
        )

    def _watched(self, key: JobKey) -> Watched:
        return self._desk.known.find(key) or Watched(key, self._clock.now())

    def _show(self) -> None:
        if self._line is None:
            return
        words = [self._how_far(), f"{self._clock.monotonic() - self._began:.0f} s"]
        if (failure := self.freshness.failure) is not None:
            words.append(failure.title)
        self._line.show("; ".join(words))

    def _how_far(self) -> str:
        jobs = [self._watched(key).job for key in self._open]
        if self._count == 1:
            (job,), (key,) = jobs, self._open
            return f"{key.id}: {'asking' if job is None else _on_the_way(job)}"
        states = Counter("asking" if job is None else str(job.state) for job in jobs)
        told = ", ".join(f"{count} {state}" for state, count in states.items())
        return f"{self._count - len(jobs)} of {self._count} over; {told}"


def _has_ended(job: Job | None) -> bool:
    """Whether what became of a job is known, if not what it was for."""
    return job is not None and job.state.is_terminal and not job.is_unexplained


def _on_the_way(job: Job) -> str:
    return state_text(job) + (f", {job.progress:.0%}" if job.progress is not None else "")


def tell_outcome(watched: Watched, freshness: Freshness, *, as_json: bool) -> Exit:
    """Print what has become of a job; return the code for it."""
    job = watched.job
    failure = watched.failure or freshness.failure
    stopped = freshness.state is FreshnessState.STOPPED and watched.course is Course.WATCHED
    if failure is not None and (job is None or stopped or watched.course is Course.REFUSED):
        return tell_failure(watched.key, failure, exit_of(failure), as_json=as_json)
    code = Exit.NOT_OVER if job is None else exit_of_job(job)
    if as_json:
        seen = [change_json(change) for change in watched.seen]
        print(json_text(job_json(watched.key, job) | {"seen": seen, "exit": int(code)}))
        return code
    say(f"{watched.key.id}: {_outcome(job, failure, code)}")
    odd = (change_line(change) for change in watched.seen if change.odd)
    say((f"{watched.key.id}: {words}" for words in odd), to=sys.stderr)
    return code


def _outcome(job: Job | None, failure: Failure | None, code: Exit) -> str:
    if job is None:
        return "not over; it was not read in that time"
    if code is Exit.NOT_OVER:
        more = failure_line(failure) if failure else job.hint
        return f"not over: {_on_the_way(job)}{f'. {more}' if more else ''}"
    why = job.error or (job.hint if job.state is JobState.EXPIRED else "")
    return f"{state_text(job)}{f': {why}' if why else ''}"
