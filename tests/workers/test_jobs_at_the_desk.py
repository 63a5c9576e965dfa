"""Jobs as a console meets them: at a desk in another thread, beside submissions."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from review_tui.model.freshness import FreshnessState
from review_tui.model.jobs import Job, JobFilter, JobKey, JobState, System
from review_tui.model.queue import Filter
from review_tui.model.submissions import Detail, Page, read_detail
from review_tui.model.text import Shown
from review_tui.model.watching import Course, Jobs, SystemWatch, Watched
from review_tui.workers.clock import RealClock
from review_tui.workers.desk import Desk, Ways
from review_tui.workers.errands import Errands
from review_tui.workers.jobs import JobWays
from review_tui.workers.mailbox import Mailbox
from review_tui.workers.news import (
    BatchRead,
    DownloadStage,
    JobCanceled,
    JobsListed,
    JobsMoved,
    News,
    ResultMoved,
)
from review_tui.workers.thread import DeskThread
from tests.wire import NOON
from tests.workers.jobsource import MANY, Kept, Source

STEVE, PULSE, UNSILOED = System
SESSION = JobKey(STEVE, "session-1")


class Console:
    """A desk in its own thread with Steve and Unsiloed, and the news of it."""

    def __init__(self, pulse: Callable[[], Source] | None = None, keeper: Kept | None = None) -> None:
        self.steve = Source(STEVE, RealClock(), words={SESSION.id: "completed"}, for_submission="s1")
        self.unsiloed = Source(UNSILOED, RealClock(), MANY, words={"u1": "queued"})
        self.keeper = keeper or Kept()
        self.news: list[News] = []
        self._came = asyncio.Event()
        sources = {STEVE: lambda: self.steve, UNSILOED: lambda: self.unsiloed}
        sources |= {PULSE: pulse} if pulse else {}
        self.desk = DeskThread(
            Desk(
                Ways(self._page, self._detail, _nothing, _nothing, self._company, _nothing),
                server="here",
                key_hint="aok_…1a2b",
                jobs=JobWays(sources, keeper=self.keeper),
            )
        )

    async def _page(self, asked: Filter, cursor: str | None) -> Page:
        return Page(())

    async def _detail(self, submission_id: str) -> Detail:
        return read_detail({"id": submission_id, "submissionStatus": "approved", "fraudMatches": []})

    async def _company(self) -> str:
        return "Nordwind"

    def hear(self, news: News) -> None:
        self.news.append(news)
        self._came.set()

    async def until(self, enough: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not enough():
                self._came.clear()
                await self._came.wait()

    def last(self, kind: type[News]) -> News | None:
        return next((news for news in reversed(self.news) if isinstance(news, kind)), None)

    def course(self, key: JobKey) -> Course | None:
        watched = self.desk.jobs.known.find(key)
        return None if watched is None else watched.course


async def _nothing(*_: object, **__: object) -> None:
    return None


@asynccontextmanager
async def begun(found: Console) -> AsyncIterator[Console]:
    found.desk.subscribe(found.hear)
    task = asyncio.create_task(found.desk.run())
    await found.until(lambda: found.news)
    yield found
    found.desk.end()
    await asyncio.wait_for(task, 10)


@pytest.fixture
async def console() -> AsyncIterator[Console]:
    """A console that has begun, left at the end."""
    async with begun(Console()) as found:
        yield found


async def test_where_watching_cannot_begin_that_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def unopened() -> Source:
        raise ZeroDivisionError

    async with begun(Console(unopened, Kept(Watched(JobKey(PULSE, "j1"), NOON)))) as console:
        systems = console.desk.jobs
        await console.until(lambda: systems.known.systems[PULSE].freshness.state is FreshnessState.STOPPED)
    assert "ZeroDivisionError" in caplog.text


async def test_what_a_person_does_with_jobs_comes_back_as_news(console: Console, tmp_path: Path) -> None:
    jobs, key = console.desk.jobs, JobKey(UNSILOED, "u1")
    assert jobs.watch([key]) is None
    await console.until(lambda: jobs.known.find(key) and jobs.known.watched[0].job)
    assert jobs.list(UNSILOED, JobFilter()) is None
    await console.until(lambda: console.last(JobsListed))
    assert jobs.batch(UNSILOED, "nobody-s") is None
    await console.until(lambda: console.last(BatchRead))
    assert jobs.result(key, tmp_path) is None
    await console.until(
        lambda: (
            isinstance(moved := console.last(ResultMoved), ResultMoved) and moved.stage is DownloadStage.DONE
        )
    )
    assert jobs.cancel(key) is None
    await console.until(lambda: console.last(JobCanceled) and console.course(key) is Course.OVER)
    jobs.forget([key])
    await console.until(lambda: not jobs.known.watched)
    assert jobs.watch([JobKey(PULSE, "p1")]) == "Pulse is not configured: set PULSE_API_KEY."


async def test_a_session_that_wants_review_does_so_until_its_submission_is_seen_to_be_decided(
    console: Console,
) -> None:
    jobs = console.desk.jobs
    assert jobs.watch([SESSION]) is None
    await console.until(lambda: jobs.known.needing)
    console.desk.watch("s2")
    await console.until(lambda: console.desk.cached("s2"))
    assert jobs.known.needing, "another submission was decided"
    console.desk.show("s1")
    await console.until(lambda: not jobs.known.needing)


async def test_what_is_watched_is_kept_by_the_end(console: Console) -> None:
    jobs = console.desk.jobs
    assert jobs.watch([SESSION]) is None
    console.desk.end()
    assert console.keeper.jobs[SESSION].since <= RealClock().now()
    assert jobs.watch([JobKey(STEVE, "late")]) == "the console is closing"


async def test_once_errands_are_closed_none_begins() -> None:
    errands, ended = Errands(), asyncio.Event()
    assert errands.begin("first", _nothing())
    assert not errands.begin("first", _nothing()), "each at most once at a time"
    await errands.close()

    async def late() -> None:
        ended.set()

    assert not errands.begin("late", late())
    await asyncio.sleep(0)
    assert not ended.is_set()


def job(key: JobKey) -> Job:
    return Job(key.system, key.id, JobState.CANCELED, Shown.of("cancelled"))


async def test_a_console_that_stands_still_finds_the_last_news_of_each_job() -> None:
    mailbox = Mailbox()
    first, second = JobKey(PULSE, "p1"), JobKey(UNSILOED, "u1")
    known = [
        Jobs((Watched(first, NOON),), {PULSE: SystemWatch(PULSE)}, loading=loading)
        for loading in (True, False)
    ]
    for number in range(100):
        for key in (first, second):
            mailbox.put(ResultMoved(key, DownloadStage.RUNNING, number))
        mailbox.put(JobsMoved(known[number % 2]))
        mailbox.put(BatchRead(UNSILOED, "b1", left_out=number))
        mailbox.put(JobsListed(UNSILOED, JobFilter(offset=number)))
    mailbox.put(BatchRead(UNSILOED, "b2"))
    canceled = [JobCanceled(key, job(key)) for key in (first, second)]
    for news in canceled:
        mailbox.put(news)
    heard: list[News] = []
    mailbox.hear(heard.append)
    assert heard == [
        *(ResultMoved(key, DownloadStage.RUNNING, 99) for key in (first, second)),
        JobsMoved(known[1]),
        BatchRead(UNSILOED, "b1", left_out=99),
        JobsListed(UNSILOED, JobFilter(offset=99)),
        BatchRead(UNSILOED, "b2"),
        *canceled,
    ]
    assert replace(known[0], loading=False) == known[1]
