"""The desk as the console sees it: what it tells, how often it asks, how it ends."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from starlette.applications import Starlette

from review_tui.client.errors import Forbidden, NotSent
from review_tui.client.steve import Steve
from review_tui.model.decisions import Intent, Stage
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import FreshnessState
from review_tui.model.queue import Queue
from review_tui.model.secret import Secret
from review_tui.model.submissions import Detail, Page, Verb, read_detail
from review_tui.sandbox import queries, transitions
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.workers.desk import Desk, Ways, desk_on, ways_of
from review_tui.workers.news import (
    CompanyKnown,
    DecisionMoved,
    DetailRead,
    DownloadMoved,
    DownloadStage,
    FreshnessChanged,
    LoadingMoved,
    News,
    PageRead,
)
from tests.wire import NOON, steve_on
from tests.workers.handclock import HandClock, Listed, row, rows_down_from, settled

T = TypeVar("T")


class Heard:
    """Everything a desk told, and the queue that its pages make."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.queue = Queue()
        self._came = asyncio.Event()

    def __call__(self, news: News) -> None:
        self.news.append(news)
        if isinstance(news, PageRead):
            self.queue, _ = self.queue.merged_with(news.page, news.window)
        self._came.set()

    def of(self, kind: type[T]) -> list[T]:
        return [news for news in self.news if isinstance(news, kind)]

    @property
    def states(self) -> list[FreshnessState]:
        return [news.freshness.state for news in self.of(FreshnessChanged)]

    async def until(self, enough: Callable[[], bool]) -> None:
        """Wait for news until there is enough of it."""
        async with asyncio.timeout(20):
            while not enough():
                self._came.clear()
                await self._came.wait()


async def _unreachable(*_: object, **__: object) -> None:
    raise NotSent("refused")


class ByHand:
    """A desk on a list of rows and a clock turned by hand; `reads` has the times of all its reads."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.server = Listed(rows_down_from(100, 35))
        self.reads: list[float] = []
        self.closed = False
        self.heard = Heard()
        self.ways = Ways(
            page=lambda _, cursor: self._page(cursor),
            detail=self._detail,
            send=_unreachable,
            fetch=_unreachable,
            company=self._company,
            close=self._close,
        )
        self.desk = Desk(self.ways, server="here", key_hint="aok_…1a2b", clock=self.clock)

    def is_in(self, state: FreshnessState) -> bool:
        return self.desk.freshness.state is state

    async def _page(self, cursor: str | None) -> Page:
        self.reads.append(self.clock.monotonic())
        return await self.server.page(cursor)

    async def _detail(self, submission_id: str) -> Detail:
        self.reads.append(self.clock.monotonic())
        return read_detail({"id": submission_id, "submissionStatus": "review", "fraudMatches": []})

    async def _company(self) -> str:
        return "Nordwind"

    async def _close(self) -> None:
        self.closed = True


@pytest.fixture
async def by_hand() -> AsyncIterator[ByHand]:
    at_work = ByHand()
    at_work.desk.subscribe(at_work.heard)
    task = asyncio.create_task(at_work.desk.run())
    await settled()
    yield at_work
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_idle_console_asks_at_most_twelve_times_a_minute(by_hand: ByHand) -> None:
    await by_hand.clock.turn(60)
    by_hand.reads.clear()
    await by_hand.clock.turn(3_600)
    busiest = max(sum(start <= at < start + 60 for at in by_hand.reads) for start in by_hand.reads)
    assert 5 <= busiest <= 12
    assert len(by_hand.reads) / 60 <= 12


async def test_an_idle_console_tells_nothing(by_hand: ByHand) -> None:
    await by_hand.clock.turn(60)
    pages = len(by_hand.heard.of(PageRead))
    others = len(by_hand.heard.news) - pages
    await by_hand.clock.turn(600)
    told = len(by_hand.heard.news) - len(by_hand.heard.of(PageRead))
    assert told == others
    assert by_hand.heard.states == [FreshnessState.LIVE]


async def test_pages_make_the_servers_list(by_hand: ByHand) -> None:
    assert [found.id for found in by_hand.heard.queue.rows] == [found.id for found in by_hand.server.rows]
    assert by_hand.heard.of(LoadingMoved)[-1] == LoadingMoved(35, complete=True)


async def test_the_companys_name_is_told(by_hand: ByHand) -> None:
    assert by_hand.heard.of(CompanyKnown) == [CompanyKnown("Nordwind")]
    assert by_hand.desk.company == "Nordwind"


async def test_who_comes_first_hears_what_nobody_heard() -> None:
    at_work = ByHand()
    task = asyncio.create_task(at_work.desk.run())
    await settled()
    at_work.desk.subscribe(at_work.heard)
    assert len(at_work.heard.queue) == 35
    assert at_work.heard.states == [FreshnessState.LIVE]
    late = Heard()
    at_work.desk.subscribe(late)
    assert late.news == []
    task.cancel()


async def test_a_hearer_that_fails_keeps_nothing_from_the_others(
    by_hand: ByHand, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(news: News) -> None:
        raise RuntimeError(type(news).__name__)

    later = Heard()
    by_hand.desk.subscribe(failing)
    by_hand.desk.subscribe(later)
    by_hand.server.rows.insert(0, row("new", 200.0))
    await by_hand.clock.turn(12)
    assert later.of(PageRead)
    assert "could not be taken in" in caplog.text


async def test_freshness_says_since_when_and_when_next(by_hand: ByHand) -> None:
    by_hand.server.error = NotSent("refused")
    await by_hand.clock.turn(12)
    stale = by_hand.desk.freshness
    assert stale.state is FreshnessState.STALE
    assert stale.since == NOON
    assert stale.failure == by_hand.server.error.failure
    assert stale.retry_at is not None
    assert stale.retry_at > by_hand.clock.now()
    by_hand.server.error = None
    await by_hand.clock.turn(30)
    live = by_hand.desk.freshness
    assert live.state is FreshnessState.LIVE
    assert live.every == 8.0
    assert live.since is not None
    assert live.since > NOON


async def test_a_detail_that_can_be_read_again_brings_the_queue_back_at_once(by_hand: ByHand) -> None:
    by_hand.server.error = NotSent("refused")
    await by_hand.clock.turn(60)
    assert by_hand.is_in(FreshnessState.STALE)
    by_hand.server.error = None
    await by_hand.clock.turn(3)
    by_hand.desk.show("s7")
    await settled()
    assert by_hand.is_in(FreshnessState.LIVE)


async def test_a_revoked_key_stops_it_and_a_person_starts_it_again(by_hand: ByHand) -> None:
    by_hand.server.error = Forbidden(Failure(FailureKind.FORBIDDEN, "revoked", status=403))
    await by_hand.clock.turn(120)
    assert by_hand.is_in(FreshnessState.STOPPED)
    asked = len(by_hand.reads)
    await by_hand.clock.turn(600)
    assert len(by_hand.reads) == asked
    by_hand.server.error = None
    by_hand.desk.refresh()
    await settled()
    assert by_hand.is_in(FreshnessState.LIVE)


async def test_a_pause_is_told_and_asks_nothing(by_hand: ByHand) -> None:
    by_hand.desk.pause()
    assert by_hand.is_in(FreshnessState.PAUSED)
    asked = len(by_hand.reads)
    await by_hand.clock.turn(600)
    assert len(by_hand.reads) == asked
    by_hand.desk.resume()
    await settled()
    assert by_hand.is_in(FreshnessState.LIVE)


async def test_closing_closes_the_connections(by_hand: ByHand) -> None:
    assert await by_hand.desk.close() == []
    assert by_hand.closed


async def test_a_bug_in_one_worker_leaves_the_others_at_work(caplog: pytest.LogCaptureFixture) -> None:
    at_work = ByHand()
    ways = replace(at_work.ways, company=_broken)
    desk = Desk(ways, server="here", key_hint="…", clock=at_work.clock)
    desk.subscribe(at_work.heard)
    task = asyncio.create_task(desk.run())
    await at_work.clock.turn(30)
    assert len(at_work.heard.queue) == 35
    assert "ZeroDivisionError" in caplog.text
    task.cancel()


async def _broken() -> str:
    raise ZeroDivisionError


class OnSandbox:
    """A desk on a sandbox within the process."""

    def __init__(self, steve: Steve, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.heard = Heard()
        self.desk = Desk(ways_of(steve), server=steve.host, key_hint="aok_…1a2b", settle=(0.01,))
        self.desk.subscribe(self.heard)

    def last(self) -> DecisionMoved | None:
        moves = self.heard.of(DecisionMoved)
        return moves[-1] if moves else None

    def ended(self) -> bool:
        last = self.last()
        return last is not None and last.standing.stage.is_final


@pytest.fixture
async def on_sandbox(sandbox_app: Starlette, sandbox: Sandbox) -> AsyncIterator[OnSandbox]:
    at_work = OnSandbox(steve_on(sandbox_app), sandbox)
    task = asyncio.create_task(at_work.desk.run())
    await at_work.heard.until(lambda: bool(at_work.heard.of(PageRead)) and bool(at_work.desk.company))
    yield at_work
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await at_work.desk.close()


async def test_a_reviewer_opens_approves_and_sees_the_row_leave(on_sandbox: OnSandbox) -> None:
    desk, heard = on_sandbox.desk, on_sandbox.heard
    chosen = next(found for found in heard.queue.rows if found.fraud_status == "clean").id
    desk.show(chosen)
    await heard.until(lambda: desk.cached(chosen) is not None)
    on_sandbox.sandbox.seen.clear()
    assert desk.decide(Intent(Verb.APPROVE, chosen, NOON)) is None
    assert desk.is_open(chosen)
    await heard.until(on_sandbox.ended)
    await heard.until(lambda: heard.queue.position(chosen) is None)
    assert not desk.is_open(chosen)
    last = on_sandbox.last()
    assert last is not None
    assert last.standing.words == "Approved"
    kept = desk.cached(chosen)
    assert kept is not None
    assert kept.status == "approved"
    methods = [request.method for request in on_sandbox.sandbox.seen]
    assert methods.count("POST") == 1
    assert methods.count("GET") <= 3


async def test_a_decision_by_a_colleague_is_noticed_with_who_decided(on_sandbox: OnSandbox) -> None:
    desk, heard, sandbox = on_sandbox.desk, on_sandbox.heard, on_sandbox.sandbox
    chosen = heard.queue.rows[1].id
    desk.show(chosen)
    await heard.until(lambda: desk.cached(chosen) is not None)
    actor = {"type": "reviewer", "id": "robin", "name": "Robin"}
    with sandbox.database.write() as tx:
        found = queries.find(tx, sandbox.company_id, chosen)
        transitions.reject(tx, found, sandbox.clock.now_ms(), reason="a copy", actor=actor)
    desk.refresh()

    def told() -> bool:
        return any(news.detail.status == "rejected" for news in heard.of(DetailRead))

    await heard.until(told)
    kept = desk.cached(chosen)
    assert kept is not None
    assert kept.reason == "a copy"
    assert kept.events[0].actor_name == "Robin"
    assert heard.queue.position(chosen) is None


async def test_quitting_while_an_answer_is_out_waits_for_it(on_sandbox: OnSandbox) -> None:
    on_sandbox.sandbox.faults.add(Fault("delay", method="POST", delay=0.3))
    chosen = on_sandbox.heard.queue.rows[0].id
    on_sandbox.desk.decide(Intent(Verb.CANCEL, chosen, NOON))
    await settled()
    assert [standing.intent.submission_id for standing in on_sandbox.desk.open_decisions] == [chosen]
    assert await on_sandbox.desk.close() == []
    last = on_sandbox.last()
    assert last is not None
    assert last.standing.stage is Stage.DONE


@pytest.mark.parametrize(
    ("proxy", "server"),
    [("", "desk.example"), ("http://me:secret@relay.example:3128", "desk.example via relay.example:3128")],
)
async def test_what_the_server_is_called_names_the_proxy_on_the_way(
    monkeypatch: pytest.MonkeyPatch, proxy: str, server: str
) -> None:
    for name in ("https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name.upper(), proxy if name == "https_proxy" else "")
    async with Steve("https://desk.example", Secret("aok_1")) as steve:
        assert desk_on(steve, key_hint="aok_…").server == server


async def test_a_file_is_fetched_for_the_reviewer(on_sandbox: OnSandbox, tmp_path: Path) -> None:
    desk, heard = on_sandbox.desk, on_sandbox.heard
    chosen = heard.queue.rows[0].id
    desk.watch(chosen)
    await heard.until(lambda: desk.cached(chosen) is not None)
    detail = desk.cached(chosen)
    assert detail is not None
    desk.download(detail, detail.files[0], tmp_path)
    await heard.until(
        lambda: any(news.stage is not DownloadStage.RUNNING for news in heard.of(DownloadMoved))
    )
    assert heard.of(DownloadMoved)[-1].stage is DownloadStage.DONE


async def test_an_unknown_outcome_is_looked_up_again_by_itself(on_sandbox: OnSandbox) -> None:
    faults = on_sandbox.sandbox.faults
    chosen = on_sandbox.heard.queue.rows[0].id
    faults.add(Fault("drop", method="POST", after=True))
    unreadable = Fault("status", method="GET", path=f"*/{chosen}", times=1_000, value="403")

    def hear(news: News) -> None:
        if isinstance(news, DecisionMoved) and news.standing.stage is Stage.SENDING:
            faults.add(unreadable)

    on_sandbox.desk.subscribe(hear)
    on_sandbox.desk.decide(Intent(Verb.CANCEL, chosen, NOON))
    await on_sandbox.heard.until(on_sandbox.ended)
    last = on_sandbox.last()
    assert last is not None
    assert last.standing.stage is Stage.UNKNOWN
    faults.clear()
    on_sandbox.desk.refresh()

    def corrected() -> bool:
        last = on_sandbox.last()
        return last is not None and last.standing.stage is Stage.DONE

    await on_sandbox.heard.until(corrected)
