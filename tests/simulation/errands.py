"""One seed's story of jobs: systems that do them in bad weather, and a console that watches and may die."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random

from review_tui.client.budget import Budget
from review_tui.client.errors import Forbidden, NoAnswer, NotSent, RateLimited, ServerFault, Unreadable
from review_tui.client.job_errors import JobGone
from review_tui.client.jobs import Canceled, Moved, Offers
from review_tui.model.cadence import CADENCES, Cadence
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.job_words import state_of
from review_tui.model.jobs import EVERY_JOB, Batch, Job, JobFilter, JobKey, JobPage, System
from review_tui.model.results import Result
from review_tui.model.text import Shown
from review_tui.model.watching import Watched
from review_tui.workers.jobs import JobDesk, JobWays
from review_tui.workers.news import JobsMoved, News
from tests.simulation.bugs import bugs_in
from tests.simulation.weather import LeapingLoop, LoopClock

FATES = {
    "well": 70.0,
    "refused": 5.0,
    "lost": 5.0,
    "fault": 6.0,
    "limited": 4.0,
    "HTML": 4.0,
    "slow": 6.0,
}
"""How often what happens to a question; three of ten go wrong."""

GONE, FORBIDDEN = "gone", "forbidden"
"""In place of a word: the system knows the job no more, or does not show it."""

_QUEUED = {System.STEVE: "pending", System.PULSE: "pending", System.UNSILOED: "queued"}
_RUNNING = {System.STEVE: "submitted", System.PULSE: "processing", System.UNSILOED: "PROCESSING"}
_ENDS = {
    System.STEVE: ("completed", "failed", "expired"),
    System.PULSE: ("completed", "failed", "canceled", "cancelled", "expired"),
    System.UNSILOED: ("COMPLETED", "FAILED", "cancelled", "review", "Succeeded"),
}


@dataclass
class Course:
    """What becomes of a job at its system: words by the time from which they hold."""

    words: list[tuple[float, str]]

    def at(self, time: float) -> str:
        return [word for since, word in self.words if since <= time][-1]


@dataclass
class Asked:
    """A question about a job as its system saw it; `told` is the word of an answer that arrived."""

    at: float
    run: int
    alone: bool
    fate: str
    ended: float = float("inf")
    told: str | None = None
    retry_after: float | None = None


@dataclass
class Far:
    """A system at the end of a bad line; it keeps who asked what when."""

    system: System
    chance: Random
    run: int = 0
    calm: bool = False
    dead: tuple[float, float] = (0.0, 0.0)
    jobs: dict[str, Course] = field(default_factory=dict)
    asked: defaultdict[str, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    fates: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    most_in_flight: int = 0
    budget: Budget = field(default_factory=Budget)

    def itself(self) -> "Far":
        return self

    @property
    def offers(self) -> Offers:
        return Offers(list=True, several=100, cancel=True) if self.system is System.UNSILOED else Offers()

    @property
    def cadence(self) -> Cadence:
        return CADENCES[self.system]

    async def get(self, job_id: str) -> Job:
        answers = await self._answered((job_id,))
        word = answers.get(job_id, GONE)
        if word == GONE:
            raise JobGone(Failure(FailureKind.NOT_FOUND, "There is no such job", status=404))
        if word == FORBIDDEN:
            raise Forbidden(Failure(FailureKind.FORBIDDEN, "Not allowed", status=403))
        return replace(self.job(job_id, word), operation=Shown.of("extract"))

    async def several(self, job_ids: Sequence[str]) -> Mapping[str, Job]:
        answers = await self._answered(job_ids)
        told = {one: word for one, word in answers.items() if word not in {GONE, FORBIDDEN}}
        return {one: replace(self.job(one, word), in_passing=True) for one, word in told.items()}

    async def list(self, asked: JobFilter = EVERY_JOB) -> JobPage:
        del asked
        now = self._now()
        await asyncio.sleep(self.chance.uniform(0.0, 20.0))
        shown = [(one, course.at(now)) for one, course in self.jobs.items()]
        told = (self.job(one, word) for one, word in shown if word not in {GONE, FORBIDDEN})
        return JobPage(tuple(replace(job, in_passing=True) for job in told))

    async def batch(self, batch_id: str) -> Batch:
        raise NotImplementedError(batch_id)

    async def cancel(self, job_id: str) -> Canceled:
        now = self._now()
        course = self.jobs.get(job_id)
        if course is not None and not state_of(self.system, course.at(now)).is_terminal:
            course.words = [one for one in course.words if one[0] <= now] + [(now, "cancelled")]
        await asyncio.sleep(self.chance.uniform(0.0, 5.0))
        word = course.at(self._now()) if course else GONE
        return Canceled(None if word in {GONE, FORBIDDEN} else self.job(job_id, word))

    async def result(self, job_id: str, folder: Path, *, most: int = 0, moved: Moved | None = None) -> Result:
        raise NotImplementedError(job_id)

    def job(self, job_id: str, word: str) -> Job:
        state = state_of(self.system, word)
        return Job(self.system, job_id, state, Shown.of(word), needs_person=word == "review")

    async def _answered(self, job_ids: Sequence[str]) -> dict[str, str]:
        """Answer, or not; what is told is what holds when the question arrives."""
        fate = self._fate()
        self.fates[fate] += not self.calm
        questions = {one: Asked(self._now(), self.run, len(job_ids) == 1, fate) for one in job_ids}
        for one, question in questions.items():
            self.asked[one].append(question)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await self._meet(fate, questions.values())
            words = {one: self.jobs[one].at(questions[one].at) for one in job_ids if one in self.jobs}
            if fate == "slow":
                await asyncio.sleep(self.chance.uniform(1.0, 9.0))
        finally:
            self.in_flight -= 1
            for question in questions.values():
                question.ended = self._now()
        for one, question in questions.items():
            question.told = words.get(one, GONE)
        return words

    def _fate(self) -> str:
        if self.calm:
            return "well"
        if self.dead[0] <= self._now() < self.dead[1]:
            return "refused"
        return self.chance.choices(list(FATES), list(FATES.values()))[0]

    async def _meet(self, fate: str, questions: Iterable[Asked]) -> None:
        await asyncio.sleep(self.chance.uniform(0.01, 0.4))
        if fate == "refused":
            raise NotSent("refused")
        if fate == "lost":
            await asyncio.sleep(10.0)
            raise NoAnswer("nothing", decides=False)
        if fate == "fault":
            raise ServerFault(Failure(FailureKind.SERVER, "The server failed", status=502))
        if fate == "HTML":
            raise Unreadable("HTML")
        if fate == "limited":
            wait = float(self.chance.randint(1, 40))
            for question in questions:
                question.retry_after = wait
            raise RateLimited(Failure(FailureKind.LIMITED, "Too many", status=429, retry_after=wait))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


class Keeper:
    """What keeps watched jobs; it outlives the console."""

    def __init__(self) -> None:
        self.jobs: dict[JobKey, Watched] = {}

    def watched_jobs(self) -> Sequence[Watched]:
        return tuple(self.jobs.values())

    def keep_jobs(self, jobs: Iterable[Watched]) -> None:
        self.jobs |= {one.key: one for one in jobs}

    def update_jobs(self, jobs: Iterable[Watched]) -> Sequence[JobKey]:
        told = {one.key: one for one in jobs}
        self.jobs |= {key: one for key, one in told.items() if key in self.jobs}
        return tuple(told.keys() - self.jobs.keys())

    def drop_jobs(self, keys: Sequence[JobKey]) -> None:
        for key in keys:
            self.jobs.pop(key, None)


class Story:
    """Everything that happens under one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.far = {system: Far(system, self.chance) for system in System}
        self.keeper = Keeper()
        self.watched: set[JobKey] = set()
        self.again: defaultdict[JobKey, list[float]] = defaultdict(list)
        self.meddled: set[JobKey] = set()
        self.forgotten: set[JobKey] = set()
        self.lists = self.chance.random() < 0.4
        self.pauses: list[tuple[float, float]] = []
        self.said: list[str] = []
        self.known: tuple[Watched, ...] = ()
        self.bugs: list[str] = []

    async def tell(self) -> None:
        """Let it happen: some runs of the console, the last one in good weather and long enough."""
        self._plan()
        for far in self.far.values():
            start = self.chance.uniform(0.0, 80.0)
            far.dead = (start, start + self.chance.choice([0.0, 0.0, 30.0, 60.0]))
        for run in range(self.chance.choice([1, 1, 2, 3])):
            await self._run(run, lasts=self.chance.uniform(40.0, 90.0))
        for far in self.far.values():
            far.calm = True
        await self._run(99, lasts=40.0, last=True)

    def _plan(self) -> None:
        chance = self.chance
        for system, far in self.far.items():
            for number in range(chance.randint(1, 3)):
                started = chance.uniform(0.0, 30.0)
                words = [(0.0, _QUEUED[system]), (started, _RUNNING[system])]
                if chance.random() < 0.1:
                    words.append((started + chance.uniform(1.0, 30.0), _QUEUED[system]))
                if chance.random() < 0.1:
                    words.append((started + chance.uniform(1.0, 30.0), "Dreaming"))
                ends = max(at for at, _ in words) + chance.uniform(0.5, 40.0)
                if chance.random() < 0.9:
                    words.append((ends, chance.choice(_ENDS[system])))
                if chance.random() < 0.1:
                    words.append((ends + 1.0, GONE))
                far.jobs[f"{system}-{number}"] = Course(words)
            if chance.random() < 0.2:
                far.jobs[f"{system}-not-ours"] = Course([(0.0, FORBIDDEN)])

    async def _run(self, run: int, *, lasts: float, last: bool = False) -> None:
        here = asyncio.all_tasks()
        for far in self.far.values():
            far.run, far.budget = run, Budget()
        sources = {system: partial(Far.itself, far) for system, far in self.far.items()}
        desk = JobDesk(JobWays(sources, keeper=self.keeper), self._hear, LoopClock())
        running = asyncio.ensure_future(desk.run())
        person = asyncio.ensure_future(self._person(desk))
        await asyncio.sleep(lasts)
        self.said += [f"ended by itself: {task.exception()!r}" for task in (running, person) if task.done()]
        person.cancel()
        await asyncio.gather(person, return_exceptions=True)
        if last:
            await asyncio.sleep(80.0)
        self.known = desk.known.watched
        if not last and self.chance.random() < 0.5:  # killed
            tasks = asyncio.all_tasks() - here
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            return
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await desk.close()
        left = asyncio.all_tasks() - here
        self.said += [f"left running at the end: {task.get_coro()}" for task in left if not task.done()]

    async def _person(self, desk: JobDesk) -> None:
        """Watch, watch again, forget, cancel, list, pause and come back."""
        chance, loop = self.chance, asyncio.get_running_loop()
        while True:
            await asyncio.sleep(chance.uniform(0.1, 12.0))
            system = chance.choice(list(System))
            key = JobKey(system, chance.choice([*self.far[system].jobs, f"{system}-nobody-s"]))
            act = chance.choices(
                ["watch", "forget", "cancel", "list", "pause"], [60, 6, 4, 25 * self.lists, 4]
            )[0]
            if act == "watch":
                self._watch(desk, key)
            elif act == "forget":
                desk.forget([key])
                self.forgotten.add(key)
                self.watched.discard(key)
            elif act == "cancel" and desk.cancel(key) is None:
                self.meddled.add(key)
                self.again[key].append(loop.time())
            elif act == "list" and desk.list(system, EVERY_JOB) is None:
                self.meddled |= {JobKey(system, one) for one in self.far[system].jobs}
            elif act == "pause":
                began = loop.time()
                desk.pause()
                try:
                    await asyncio.sleep(chance.uniform(0.0, 30.0))
                finally:
                    self.pauses.append((began, loop.time()))
                    desk.resume()

    def _watch(self, desk: JobDesk, key: JobKey) -> None:
        if desk.watch([key]) is None:
            self.watched.add(key)
            self.again[key].append(asyncio.get_running_loop().time())

    def _hear(self, news: News) -> None:
        if not isinstance(news, JobsMoved):
            return
        for watched in news.jobs.watched:
            if watched.job is not None and watched.key not in self.meddled:
                told = {one.told for one in self.far[watched.key.system].asked[watched.key.id]}
                if watched.job.word not in told | {"gone"}:
                    self.said.append(f"{watched.key.id} is called {watched.job.word}, which nobody said")


def story_of(seed: int) -> Story:
    """Let the story of a seed happen, in no time."""

    async def told() -> Story:
        random.seed(seed)  # what draws questions apart is drawn from here
        story = Story(seed)
        with bugs_in(story.bugs):
            await story.tell()
        return story

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(told())
