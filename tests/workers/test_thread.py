"""The desk in its own thread, seen from a console that stands still, asks, leaves, or breaks down."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from review_tui.model.decisions import Intent, Leave, Stage
from review_tui.model.freshness import FreshnessState
from review_tui.model.queue import Filter
from review_tui.model.records import Record
from review_tui.model.submissions import Detail, Page, Verb, read_detail
from review_tui.workers import running
from review_tui.workers.decisions import OPEN_WORDS
from review_tui.workers.desk import Desk, Ways
from review_tui.workers.news import (
    CompanyKnown,
    DecisionMoved,
    DetailRead,
    FreshnessChanged,
    LoadingMoved,
    News,
    PageRead,
)
from review_tui.workers.thread import DeskThread
from tests.wire import NOON
from tests.workers.handclock import rows_down_from


class Kept:
    """A journal in memory, with the name of each thread that wrote."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def write(self, record: Record) -> None:
        self.records.append(record)

    def open_records(self) -> tuple[Record, ...]:
        return ()

    @property
    def stages(self) -> list[Stage]:
        return [record.stage for record in self.records]


class Server:
    """A server that takes so many seconds for a decision; `ways` may be changed before the desk is made."""

    def __init__(self) -> None:
        self.takes = 0.0
        self.sent: list[Intent] = []
        self.ways = Ways(
            page=self._page,
            detail=self._detail,
            send=self._send,
            fetch=_nothing,
            company=self._company,
            close=_nothing,
        )

    def change(self, **ways: Callable[..., object]) -> None:
        self.ways = replace(self.ways, **ways)  # type: ignore[arg-type]  # each names one of its functions

    async def _page(self, asked: Filter, cursor: str | None) -> Page:
        return Page(tuple(rows_down_from(5, 5)))

    async def _detail(self, submission_id: str) -> Detail:
        status = "approved" if any(one.submission_id == submission_id for one in self.sent) else "review"
        return read_detail({"id": submission_id, "submissionStatus": status, "fraudMatches": []})

    async def _send(self, intent: Intent) -> None:
        await asyncio.sleep(self.takes)
        self.sent.append(intent)

    async def _company(self) -> str:
        return "Nordwind"


async def _nothing(*_: object, **__: object) -> None:
    return None


class Console:
    """A desk in its own thread, and what its news are in ours."""

    def __init__(self, server: Server, **desk_with: float) -> None:
        self.server = server
        self.journal = Kept()
        self.news: list[News] = []
        self.threads: set[str] = set()
        hold = dict.fromkeys(Verb, desk_with.get("hold", 0.0))
        self.desk = DeskThread(
            Desk(server.ways, server="here", key_hint="aok_…1a2b", hold=hold, journal=self.journal)
        )
        self._came = asyncio.Event()

    def hear(self, news: News) -> None:
        self.news.append(news)
        self.threads.add(threading.current_thread().name)
        self._came.set()

    async def until(self, enough: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not enough():
                self._came.clear()
                await self._came.wait()

    @property
    def stages(self) -> list[Stage]:
        return [news.standing.stage for news in self.news if isinstance(news, DecisionMoved)]

    @property
    def states(self) -> list[FreshnessState]:
        return [news.freshness.state for news in self.news if isinstance(news, FreshnessChanged)]


def blocked_until(enough: Callable[[], object], seconds: float = 10) -> None:
    """Stand still, event loop and all, as a console does whose terminal takes nothing."""
    end = time.monotonic() + seconds
    while not enough():
        assert time.monotonic() < end, "it never happened while we stood still"
        time.sleep(0.005)


def approve(name: str = "r3") -> Intent:
    return Intent(Verb.APPROVE, name, NOON)


@pytest.fixture
def server() -> Server:
    return Server()


@asynccontextmanager
async def opened(server: Server, **desk_with: float) -> AsyncIterator[Console]:
    """A console whose first page has come; left at the end, whatever happened."""
    console = Console(server, **desk_with)
    console.desk.subscribe(console.hear)
    task = asyncio.create_task(console.desk.run())
    try:
        await console.until(lambda: console.states)
        yield console
    finally:
        console.desk.end()
        await asyncio.wait_for(task, 10)


@pytest.fixture
async def console(server: Server) -> AsyncIterator[Console]:
    """A console that sends at once."""
    async with opened(server) as found:
        yield found


async def test_news_are_heard_in_the_thread_of_the_console(console: Console) -> None:
    await console.until(lambda: any(isinstance(news, PageRead) for news in console.news))
    assert console.threads == {threading.main_thread().name}
    assert console.desk.company == "Nordwind"


async def test_a_decision_comes_to_its_end_while_the_console_stands_still(console: Console) -> None:
    assert console.desk.decide(approve()) is None
    blocked_until(lambda: console.journal.stages[-1:] == [Stage.DONE])
    assert console.stages == []
    assert console.desk.open_decisions == ()
    await console.until(lambda: console.stages)
    assert console.stages[-1] is Stage.DONE


async def test_what_was_decided_is_under_way_when_the_key_returns(server: Server) -> None:
    async with opened(server, hold=30.0) as console:
        intent = approve()
        assert console.desk.decide(intent) is None
        assert [one.intent for one in console.desk.open_decisions] == [intent]
        assert console.desk.decide(approve()) == OPEN_WORDS
        assert console.desk.undo() is None
        await console.until(lambda: Stage.TAKEN_BACK in console.stages)
        assert console.desk.open_decisions == ()
        assert console.desk.undo() == "nothing is held"
        assert console.desk.take_back(intent.request_id) == "it is over"
    assert server.sent == []


async def test_what_is_shown_comes_at_once_whatever_was_told_before(console: Console) -> None:
    before = time.monotonic()
    for name in ("r1", "r2", "r3"):
        console.desk.show(name)
    await console.until(lambda: any(isinstance(n, DetailRead) and n.detail.id == "r3" for n in console.news))
    assert time.monotonic() - before < 2
    found = console.desk.cached("r3")
    assert found is not None
    assert found.id == "r3"


async def test_the_first_page_waits_for_no_delivery_that_is_due_later(server: Server) -> None:
    page, told = server.ways.page, threading.Event()

    async def behind_the_company(asked: Filter, cursor: str | None) -> Page:
        await asyncio.to_thread(told.wait, 20)
        return await page(asked, cursor)

    server.change(page=behind_the_company)
    console = Console(server)
    console.desk._mailbox._apart = 3600.0
    console.desk.subscribe(console.hear)
    task = asyncio.create_task(console.desk.run())
    await console.until(lambda: any(isinstance(news, CompanyKnown) for news in console.news))
    told.set()
    await console.until(lambda: any(isinstance(news, PageRead) for news in console.news))
    console.desk.end()
    await asyncio.wait_for(task, 10)


async def test_leaving_drains_while_the_console_lives(server: Server) -> None:
    server.takes = 0.3
    async with opened(server) as console:
        console.desk.decide(approve())
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.01)
                ticks += 1

        ticking = asyncio.create_task(tick())
        assert await console.desk.leave(Leave.KEEP) == []
        ticking.cancel()
        assert ticks > 5
        assert console.journal.stages[-1] is Stage.DONE
        assert console.desk.decide(approve("r4")) == "the console is closing"


async def test_who_says_first_how_to_leave_is_heard(server: Server) -> None:
    async with opened(server, hold=30.0) as console:
        console.desk.decide(approve())
        console.desk.begin_to_leave(Leave.SEND)
        assert await console.desk.leave(Leave.DROP) == []
    assert len(server.sent) == 1


async def test_a_console_that_broke_down_has_its_decisions_recorded(server: Server) -> None:
    server.takes = 0.3
    console = Console(server)
    running_desk = asyncio.create_task(console.desk.run())
    await asyncio.sleep(0)
    blocked_until(lambda: console.desk.company)
    console.desk.decide(approve())
    running_desk.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running_desk
    assert console.desk.end() == []
    assert console.journal.stages[-1] is Stage.DONE


def test_a_console_that_never_came_up_ends_at_once(server: Server) -> None:
    desk = DeskThread(Desk(server.ways, server="here", key_hint="…"))
    assert desk.decide(approve()) == running.BUSY
    assert desk.end() == []
    assert desk.decide(approve()) == "the console is closing"


def test_a_desk_that_never_ran_is_left_as_often_as_somebody_leaves(server: Server) -> None:
    desk = DeskThread(Desk(server.ways, server="127.0.0.1", key_hint="aok_…0000"))
    desk.begin_to_leave()
    assert desk.end() == desk.end() == []


async def test_what_is_asked_before_the_start_is_done_at_the_start(server: Server) -> None:
    asked: list[Filter] = []

    async def page(wanted: Filter, cursor: str | None) -> Page:
        asked.append(wanted)
        return Page(tuple(rows_down_from(5, 5)))

    server.change(page=page)
    console = Console(server)
    console.desk.ask(Filter(fraud_status="flagged"))
    console.desk.show("r3")
    console.desk.subscribe(console.hear)
    at_work = asyncio.create_task(console.desk.run())
    await console.until(lambda: any(isinstance(news, DetailRead) for news in console.news))
    await console.until(lambda: asked)
    console.desk.end()
    await asyncio.wait_for(at_work, 10)
    assert {wanted.fraud_status for wanted in asked} == {"flagged"}


async def test_a_desk_that_does_not_answer_takes_no_decision_later(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "ANSWERS_WITHIN", 0.1)
    stuck, go_on = threading.Event(), threading.Event()

    async def hang(submission_id: str) -> Detail:
        stuck.set()
        go_on.wait(10)
        raise TimeoutError

    server.change(detail=hang)
    async with opened(server, hold=30.0) as console:
        console.desk.show("r1")
        assert stuck.wait(10)
        assert console.desk.decide(approve()) == running.BUSY
        go_on.set()
        assert console.desk.undo() == "nothing is held"
        assert console.journal.records == []


async def test_a_desk_that_hangs_is_given_up_and_what_it_sent_is_unknown(server: Server) -> None:
    go_on = threading.Event()

    async def hang(intent: Intent) -> None:
        await asyncio.sleep(0)
        go_on.wait(20)

    server.change(send=hang)
    async with opened(server) as console:
        console.desk.decide(approve())
        blocked_until(lambda: Stage.SENDING in console.journal.stages)
        blocked_until(lambda: [one.stage for one in console.desk.open_decisions] == [Stage.SENDING])
        unknown = console.desk.end(0.2)
        assert [(one.intent.submission_id, one.stage) for one in unknown] == [("r3", Stage.UNKNOWN)]
        go_on.set()


async def test_a_bug_in_what_loads_older_pages_is_told_and_polling_goes_on(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> float:
        raise LookupError("no such budget")

    async def first_of_many(asked: Filter, cursor: str | None) -> Page:
        return Page(tuple(rows_down_from(5, 5)), has_more=True, next_cursor="more")

    server.change(page=first_of_many, background_wait=broken)
    async with opened(server) as console:
        await console.until(lambda: [n for n in console.news if isinstance(n, LoadingMoved) and n.paused])
        assert console.states[-1] is FreshnessState.LIVE
        assert console.desk.decide(approve()) is None
    assert "no such budget" in caplog.text


@pytest.mark.parametrize("error", [SystemExit("mad"), KeyboardInterrupt("mad")])
async def test_a_desk_whose_thread_dies_says_so_and_decides_no_more(
    server: Server, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:

    async def dies(submission_id: str) -> Detail:
        raise error

    server.change(detail=dies)
    async with opened(server, hold=30.0) as console:
        assert console.desk.decide(approve("r1")) is None
        blocked_until(lambda: console.journal.stages == [Stage.HELD])
        console.desk.show("r2")
        await console.until(lambda: console.states[-1] is FreshnessState.STOPPED)
        assert "unexpected" in console.desk.deciding_off
        assert (console.desk.decide(approve()) or "").startswith("deciding is off: unexpected")
        assert console.desk.undo() == "the console is closing"
        assert await console.desk.leave(Leave.KEEP) == []
        assert console.journal.stages == [Stage.HELD]
    assert type(error).__name__ in caplog.text
