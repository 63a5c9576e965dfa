"""A system that does jobs as a test tells it, and remembers when it was asked about which."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from review_tui.client.budget import Budget
from review_tui.client.errors import NotFound
from review_tui.client.job_errors import JobGone
from review_tui.client.jobs import Canceled, Moved, Offers
from review_tui.model.cadence import CADENCES, Cadence
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import FreshnessState
from review_tui.model.job_words import state_of
from review_tui.model.jobs import EVERY_JOB, Batch, Job, JobFilter, JobKey, JobPage, System
from review_tui.model.results import Result
from review_tui.model.text import Shown
from review_tui.model.watching import Watched
from review_tui.workers.clock import Clock
from review_tui.workers.jobs import JobDesk, JobWays
from review_tui.workers.news import News
from tests.workers.handclock import HandClock, settled

MANY = Offers(list=True, several=100, batch=True, cancel=True)


@dataclass
class Source:
    """Jobs by id, each with the word for its state; `asked` holds when and about which it was asked."""

    system: System
    clock: Clock
    offers: Offers = field(default_factory=Offers)
    words: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    left_out: set[str] = field(default_factory=set)
    fails: Exception | None = None
    fails_for: dict[str, Exception] = field(default_factory=dict)
    before_answer: Callable[[], Awaitable[None]] | None = None
    batches: dict[str, Sequence[str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    for_submission: str | None = None
    kind: str | None = "extract"
    canceled: list[str] = field(default_factory=list)
    takes: float = 0.0
    batches_read: int = 0

    def __post_init__(self) -> None:
        self.budget = Budget(self.clock.monotonic)

    @property
    def cadence(self) -> Cadence:
        return CADENCES[self.system]

    def times(self, job_id: str) -> list[float]:
        """When it was asked about one job."""
        return [at for at, ids in self.asked if job_id in ids]

    def apart(self, job_id: str) -> list[float]:
        """The seconds between each two questions about one job."""
        times = self.times(job_id)
        return [later - earlier for earlier, later in pairwise(times)]

    async def get(self, job_id: str) -> Job:
        await self._is_asked((job_id,))
        if job_id in self.fails_for:
            raise self.fails_for[job_id]
        if job_id not in self.words:
            raise JobGone(Failure(FailureKind.NOT_FOUND, "There is no such job", status=404))
        reason = self.reasons.get(job_id)
        return replace(
            self.job(job_id),
            in_passing=False,
            error=Shown.of(reason) if reason else None,
            name=Shown.of(self.names[job_id]) if job_id in self.names else None,
        )

    async def several(self, job_ids: Sequence[str]) -> Mapping[str, Job]:
        await self._is_asked(tuple(job_ids))
        if wrong := next((self.fails_for[one] for one in job_ids if one in self.fails_for), None):
            raise wrong
        known = [one for one in job_ids if one in self.words and one not in self.left_out]
        return {one: self.job(one) for one in known}

    async def list(self, asked: JobFilter = EVERY_JOB) -> JobPage:
        await self._is_asked(())
        return JobPage(tuple(self.job(one) for one in self.words)[: asked.limit], total=len(self.words))

    async def batch(self, batch_id: str) -> Batch:
        self.batches_read += 1
        await self._is_asked(())
        if batch_id not in self.batches:
            raise NotFound(Failure(FailureKind.NOT_FOUND, "There is no such batch", status=404))
        jobs = tuple(self.job(one, batch_id=batch_id) for one in self.batches[batch_id])
        return Batch(self.system, batch_id, jobs[0].state, jobs[0].word, jobs=jobs)

    async def cancel(self, job_id: str) -> Canceled:
        self.canceled.append(job_id)
        await self._is_asked(())
        if job_id in self.fails_for:
            return Canceled(None, Failure(FailureKind.NO_ANSWER, "No answer from the server"))
        self.words[job_id] = "cancelled"
        return Canceled(replace(self.job(job_id), in_passing=False))

    async def result(
        self, job_id: str, folder: Path, *, most: int = 1_000, moved: Moved | None = None
    ) -> Result:
        await self._is_asked(())
        if job_id in self.fails_for:
            raise self.fails_for[job_id]
        path = folder / f"{job_id}.json"
        path.write_text("{}")
        if moved is not None:
            moved(1, 2)
        return Result(JobKey(self.system, job_id), path, 2)

    def job(self, job_id: str, *, batch_id: str | None = None) -> Job:
        """The job as this system tells of it now."""
        word = self.words[job_id]
        needs = word == "review" or self.for_submission is not None
        state = state_of(self.system, word)
        return Job(
            self.system,
            job_id,
            state,
            Shown.of(word),
            needs_person=needs and state.is_terminal,
            submission_id=self.for_submission,
            batch_id=batch_id,
            operation=Shown.of(self.kind) if self.kind else None,
            in_passing=True,
        )

    async def _is_asked(self, ids: tuple[str, ...]) -> None:
        if ids:
            self.asked.append((self.clock.monotonic(), ids))
        if self.before_answer is not None:
            await self.before_answer()
        if self.takes:
            await self.clock.sleep(self.takes)
        else:
            await asyncio.sleep(0)
        if self.fails is not None:
            raise self.fails


class Kept:
    """What keeps watched jobs, in memory; with `fails` it cannot."""

    def __init__(self, *watched: Watched) -> None:
        self.jobs = {one.key: one for one in watched}
        self.fails: Exception | None = None
        self.writes = 0

    def watched_jobs(self) -> Sequence[Watched]:
        self._try()
        return tuple(self.jobs.values())

    def keep_jobs(self, jobs: Iterable[Watched]) -> None:
        self._try()
        self.writes += 1
        self.jobs |= {one.key: one for one in jobs}

    def update_jobs(self, jobs: Iterable[Watched]) -> Sequence[JobKey]:
        self._try()
        self.writes += 1
        told = {one.key: one for one in jobs}
        gone = told.keys() - self.jobs.keys()
        self.jobs |= {key: one for key, one in told.items() if key not in gone}
        return tuple(gone)

    def drop_jobs(self, keys: Sequence[JobKey]) -> None:
        self._try()
        for key in keys:
            self.jobs.pop(key, None)

    def _try(self) -> None:
        if self.fails is not None:
            raise self.fails


class AtWork:
    """A desk for jobs at work on a clock turned by hand, with all three systems, and what it told."""

    def __init__(self, *, keeper: Kept | None = None, systems: Iterable[System] = System) -> None:
        self.clock = HandClock()
        self.sources = {
            system: Source(system, self.clock, MANY if system is System.UNSILOED else Offers(cancel=True))
            for system in systems
        }
        self.told: list[News] = []
        self.closed = 0
        ways = JobWays(
            {system: partial(self._opened, source) for system, source in self.sources.items()},
            keeper=keeper,
            close=self._closed,
        )
        self.opened: list[System] = []
        self.desk = JobDesk(ways, self.told.append, self.clock)
        self._running: asyncio.Task[None] | None = None

    def _opened(self, source: Source) -> Source:
        self.opened.append(source.system)
        return source

    async def _closed(self) -> None:
        self.closed += 1

    async def start(self) -> None:
        """Let it work, and wait until it knows what was kept."""
        self._running = asyncio.create_task(self.desk.run())
        ends = time.monotonic() + 20.0
        await settled()
        while self.desk.known.loading:
            assert time.monotonic() < ends
            await asyncio.sleep(0.001)
        await settled()

    async def end(self) -> None:
        """Let it end."""
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self.desk.close()

    def watch(self, system: System, *words: str) -> tuple[JobKey, ...]:
        """Watch jobs with these words, called `job-0` and so on."""
        keys = tuple(JobKey(system, f"job-{number}") for number in range(len(words)))
        self.sources[system].words |= {key.id: word for key, word in zip(keys, words, strict=True)}
        assert self.desk.watch(keys) is None
        return keys

    def job(self, key: JobKey) -> Watched:
        """What is known of a job."""
        watched = self.desk.known.find(key)
        assert watched is not None
        return watched

    def freshness(self, system: System) -> FreshnessState:
        """How true what is known of a system's jobs is."""
        return self.desk.known.systems[system].freshness.state


@asynccontextmanager
async def at_work(*, keeper: Kept | None = None, systems: Iterable[System] = System) -> AsyncIterator[AtWork]:
    """Give a desk for jobs that works, and end it."""
    here = AtWork(keeper=keeper, systems=systems)
    await here.start()
    yield here
    await here.end()
