"""News on their way to the screen: in order, four deliveries a second, and never more than it has to know."""

import asyncio
import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.contracts import NO_CONTRACT, ContractName
from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.queue import HEAD, Queue
from review_tui.model.submissions import Page, Row, Verb, read_detail
from review_tui.workers.mailbox import APART, BEHIND, FEW_ROWS, Mailbox
from review_tui.workers.news import (
    CompanyKnown,
    ContractFailed,
    ContractRead,
    DecisionMoved,
    DetailFailed,
    DetailRead,
    FreshnessChanged,
    LoadingMoved,
    News,
    PageRead,
)
from tests.wire import NOON
from tests.workers.handclock import row, rows_down_from

PAGE = 4


def moved(stage: Stage, name: str = "s1") -> DecisionMoved:
    return DecisionMoved(Standing(Intent(Verb.APPROVE, name, NOON), stage, str(stage)))


def detail(name: str, score: float = 1.0) -> DetailRead:
    return DetailRead(read_detail({"id": name, "submissionStatus": "review", "fraudScore": score}))


def page(rows: list[Row], *, more: bool = True) -> Page:
    return Page(tuple(rows), has_more=more)


async def everything_in(mailbox: Mailbox) -> list[News]:
    heard: list[News] = []
    mailbox.hear(heard.append)
    return heard


async def test_news_come_in_order_from_another_thread() -> None:
    mailbox, heard, all_heard = Mailbox(apart=0), list[News](), asyncio.Event()

    def hear(news: News) -> None:
        heard.append(news)
        if len(heard) == len(told):
            all_heard.set()

    told = [moved(stage) for stage in (Stage.HELD, Stage.CHECKING, Stage.SENDING, Stage.DONE)]
    mailbox.hear(hear)

    def tell() -> None:
        for news in told:
            mailbox.put(news)

    thread = threading.Thread(target=tell)
    thread.start()
    async with asyncio.timeout(5):
        await all_heard.wait()
    thread.join()
    assert heard == told


async def test_a_night_of_polls_leaves_one_first_page_and_one_state_of_each_kind() -> None:
    mailbox = Mailbox()
    for night in range(3_600):
        mailbox.put(PageRead(page([row(f"r{order}", float(order)) for order in range(20, 0, -1)]), HEAD))
        since = NOON + timedelta(seconds=night)
        mailbox.put(FreshnessChanged(Freshness(FreshnessState.LIVE, since)))
        mailbox.put(LoadingMoved(night, complete=True))
        mailbox.put(detail("on-screen", float(night % 100)))
    assert len(mailbox) == 4
    heard = await everything_in(mailbox)
    assert heard[-1] == detail("on-screen", 99.0)
    assert heard[-2] == LoadingMoved(3_599, complete=True)


async def test_older_pages_pile_up_no_higher_than_the_list_is_long() -> None:
    mailbox = Mailbox()
    mailbox.put(LoadingMoved(3_000, complete=True))
    for _ in range(12):
        window = HEAD
        for top in range(3_000, 0, -100):
            read = page(rows_down_from(top, 100))
            window = window.beyond(read)
            mailbox.put(PageRead(read, window))
    rows = sum(len(news.page.rows) for news in await everything_in(mailbox) if isinstance(news, PageRead))
    assert 3_000 <= rows <= 6_000


async def test_a_list_that_is_loaded_for_the_first_time_is_kept_whole() -> None:
    mailbox = Mailbox()
    window, loaded = HEAD, 0
    for top in range(10 * FEW_ROWS, 0, -100):
        read = page(rows_down_from(top, 100))
        mailbox.put(PageRead(read, window))
        window, loaded = window.beyond(read), loaded + 100
        mailbox.put(LoadingMoved(loaded, complete=False))
    queue = Queue()
    for news in await everything_in(mailbox):
        if isinstance(news, PageRead):
            queue, _ = queue.merged_with(news.page, news.window)
    assert len(queue) == 10 * FEW_ROWS


async def test_no_decision_is_left_out() -> None:
    mailbox = Mailbox()
    told = [moved(stage, name) for name in ("a", "b") for stage in (Stage.HELD, Stage.VERIFYING, Stage.DONE)]
    for news in told:
        mailbox.put(news)
    assert await everything_in(mailbox) == told


async def test_a_reading_outdates_the_failure_before_it_and_not_the_other_way_round() -> None:
    mailbox = Mailbox()
    failure = DetailFailed("s1", Failure(FailureKind.NO_ANSWER, "No answer"))
    for news in (failure, detail("s1"), failure):
        mailbox.put(news)
    assert await everything_in(mailbox) == [detail("s1"), failure]


async def test_what_one_workflow_promises_does_not_outdate_what_another_does() -> None:
    mailbox = Mailbox()
    receipts, invoices = ContractName("receipt-ocr", "3"), ContractName("invoice-intake", "2")
    failure = Failure(FailureKind.NO_ANSWER, "No answer")
    mailbox.put(ContractFailed(receipts, failure))
    mailbox.put(ContractRead(invoices, NO_CONTRACT))
    mailbox.put(ContractRead(receipts, NO_CONTRACT))
    assert await everything_in(mailbox) == [
        ContractRead(invoices, NO_CONTRACT),
        ContractRead(receipts, NO_CONTRACT),
    ]


async def test_what_goes_on_behind_is_delivered_four_times_a_second_and_what_is_waited_for_at_once() -> None:
    now = [100.0]
    mailbox, batches = Mailbox(now=lambda: now[0]), list[float]()
    mailbox.hear(lambda _: batches.append(now[0]))
    for _ in range(100):
        mailbox.put(moved(Stage.SENDING))
        await asyncio.sleep(0)
        now[0] += APART / 10
    assert len(set(batches)) == 1, "the timer turns on real time, which has not passed"
    mailbox.put(detail("wanted"), awaited=True)
    await asyncio.sleep(0)
    assert len(set(batches)) == 2
    assert len(batches) == 101


async def test_a_flood_makes_four_deliveries_a_second_on_the_machines_clock() -> None:
    at: list[float] = []
    loop = asyncio.get_running_loop()
    mailbox = Mailbox()
    mailbox.hear(lambda _: at.append(loop.time()))
    end, put = loop.time() + 1.1, 0
    while loop.time() < end:
        mailbox.put(moved(Stage.SENDING))
        put += 1
        await asyncio.sleep(0.002)
    await asyncio.sleep(APART * 2)
    starts = [at[0]] + [after for before, after in pairwise(at) if after - before > APART / 2]
    assert len(at) == put
    assert all(after - before >= APART * 0.95 for before, after in pairwise(starts))


async def test_older_pages_wait_for_company_for_a_second_and_their_end_does_not() -> None:
    now = [100.0]
    mailbox, heard = Mailbox(now=lambda: now[0]), list[News]()
    mailbox.hear(heard.append)
    beyond = HEAD.beyond(page([row("s0", 9.0)]))

    async def told_after(seconds: float, *news: News) -> int:
        mailbox.hurry()
        mailbox.put(CompanyKnown("Nordwind"), awaited=True)
        await asyncio.sleep(0)
        heard.clear()
        now[0] += seconds
        for piece in news:
            mailbox.put(piece)
        await asyncio.sleep(0)
        return len(heard)

    older, loading = PageRead(page([row("s1", 8.0)]), beyond), LoadingMoved(100, complete=False)
    assert await told_after(BEHIND * 0.9, older, loading) == 0
    assert await told_after(BEHIND, older, loading) == 2
    assert await told_after(APART, loading, older, moved(Stage.SENDING)) == 3
    for complete, paused in ((True, None), (False, "no requests left")):
        urgent = LoadingMoved(100, complete=complete, paused=paused)
        assert await told_after(APART * 0.5, older, urgent) == 0
        assert await told_after(APART, older, urgent) == 2


async def test_a_key_lets_the_next_news_through() -> None:
    mailbox, heard = Mailbox(), list[News]()
    mailbox.hear(heard.append)
    mailbox.put(CompanyKnown("Nordwind"))
    await asyncio.sleep(0)
    mailbox.put(moved(Stage.HELD))
    await asyncio.sleep(0)
    assert len(heard) == 1
    mailbox.hurry()
    assert len(heard) == 2
    mailbox.hurry()
    mailbox.put(moved(Stage.SENDING))
    await asyncio.sleep(0)
    assert len(heard) == 3


async def test_a_hearer_that_fails_loses_one_piece_and_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    mailbox, heard = Mailbox(), list[News]()

    def hear(news: News) -> None:
        if news == CompanyKnown("Nordwind"):
            raise LookupError
        heard.append(news)

    mailbox.put(CompanyKnown("Nordwind"))
    mailbox.put(moved(Stage.DONE))
    mailbox.hear(hear)
    assert [type(news) for news in heard] == [DecisionMoved]
    assert "CompanyKnown" in caplog.text


class Server:
    """A list that changes while it is read, and the walk down its pages."""

    def __init__(self) -> None:
        self.rows = rows_down_from(30, 12)
        self._next = 31
        self._window = HEAD

    def add(self, number: int) -> None:
        self.rows = [*rows_down_from(self._next + number - 1, number), *self.rows]
        self._next += number

    def remove(self, index: int) -> None:
        if self.rows:
            del self.rows[index % len(self.rows)]

    def head(self) -> PageRead:
        read = PageRead(page(self.rows[:PAGE], more=len(self.rows) > PAGE), HEAD)
        if self._window == HEAD:
            self._window = HEAD.beyond(read.page)
        return read

    def older(self) -> PageRead | None:
        if self._window == HEAD:
            return None
        rows = [found for found in self.rows if found.order < self._window.newest]
        read = PageRead(page(rows[:PAGE], more=len(rows) > PAGE), self._window)
        self._window = self._window.beyond(read.page) if read.page.has_more else HEAD
        return read


# A desk that another test of the same process has left polling draws from `random` meanwhile.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(1, 6)),
            st.tuples(st.just("remove"), st.integers(0, 30)),
            st.tuples(st.sampled_from(["head", "older", "hear"]), st.just(0)),
        ),
        max_size=40,
    )
)
def test_a_screen_that_slept_has_the_rows_of_one_that_was_awake(steps: list[tuple[str, int]]) -> None:
    server, mailbox = Server(), Mailbox()
    awake = slept = Queue()

    def caught_up(queue: Queue) -> Queue:
        for news in runner.run(everything_in(mailbox)):
            assert isinstance(news, PageRead)
            queue, _ = queue.merged_with(news.page, news.window)
        return queue

    with asyncio.Runner() as runner:
        for what, number in steps:
            news = None
            match what:
                case "add":
                    server.add(number)
                case "remove":
                    server.remove(number)
                case "head":
                    news = server.head()
                case "older":
                    news = server.older()
                case _:
                    slept = caught_up(slept)
                    mailbox = Mailbox()
            if news is not None:
                awake, _ = awake.merged_with(news.page, news.window)
                mailbox.put(news)
        assert [row.id for row in caught_up(slept).rows] == [row.id for row in awake.rows]
