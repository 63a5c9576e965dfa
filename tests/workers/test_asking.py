"""A desk that is asked for other submissions while it runs: nothing of the old list is told any more."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from review_tui.model.freshness import FreshnessState
from review_tui.model.queue import HEAD, Filter, Queue
from review_tui.model.submissions import Detail, Page, read_detail
from review_tui.workers.desk import Desk, Ways
from review_tui.workers.mailbox import Mailbox
from review_tui.workers.news import LoadingMoved, News, PageRead
from tests.workers.handclock import HandClock, Listed, row, rows_down_from, settled

REVIEW = Filter()
APPROVED = Filter("approved")


class Lists:
    """A server with a list for each status."""

    def __init__(self) -> None:
        self.lists = {
            "review": Listed(rows_down_from(100, 35)),
            "approved": Listed([row(f"a{order}", order, "approved") for order in range(100, 70, -1)]),
        }
        self.asked: list[tuple[Filter, str | None]] = []
        self.details: list[str] = []
        self.held = 0
        self._gate: asyncio.Event | None = None
        self._deeper = False
        self.news: list[News] = []
        self.clock = HandClock()
        ways = Ways(
            page=self._page,
            detail=self._detail,
            send=_nothing,
            fetch=_nothing,
            company=self._company,
            close=_nothing,
        )
        self.desk = Desk(ways, server="here", key_hint="aok_…1a2b", clock=self.clock)

    def ids(self, status: str) -> list[str]:
        return [row.id for row in self.lists[status].rows]

    @property
    def pages(self) -> list[PageRead]:
        return [news for news in self.news if isinstance(news, PageRead)]

    def told_of(self, asked: Filter) -> list[str]:
        """The queue that the pages of one list make."""
        queue = Queue(filter=asked)
        for news in self.pages:
            if news.asked == asked:
                queue, _ = queue.merged_with(news.page, news.window)
        return [row.id for row in queue.rows]

    def hold_up(self, *, deeper: bool) -> asyncio.Event:
        """Hold up the next first page, or the next deeper one, until the event is set."""
        self._gate, self._deeper = asyncio.Event(), deeper
        return self._gate

    async def _page(self, asked: Filter, cursor: str | None) -> Page:
        self.asked.append((asked, cursor))
        page = await self.lists[asked.status or ""].page(cursor)
        if self._gate is not None and (cursor is not None) is self._deeper:
            gate, self._gate = self._gate, None
            self.held += 1
            await gate.wait()
        return page

    async def _detail(self, submission_id: str) -> Detail:
        self.details.append(submission_id)
        return read_detail({"id": submission_id, "submissionStatus": "review", "fraudMatches": []})

    async def _company(self) -> str:
        return "Nordwind"


async def _nothing(*_: object, **__: object) -> None:
    return None


@pytest.fixture
async def lists() -> AsyncIterator[Lists]:
    found = Lists()
    found.desk.subscribe(found.news.append)
    task = asyncio.create_task(found.desk.run())
    await settled()
    yield found
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_other_list_is_asked_for_at_once_and_loaded_to_its_end(lists: Lists) -> None:
    await lists.clock.turn(60)
    lists.news.clear()
    lists.desk.ask(APPROVED)
    await settled()
    assert lists.pages[0].window == HEAD
    await lists.clock.turn(1)
    assert lists.told_of(APPROVED) == lists.ids("approved")
    assert lists.told_of(REVIEW) == []
    assert [news.complete for news in lists.news if isinstance(news, LoadingMoved)][-1]


@pytest.mark.parametrize("deeper", [False, True], ids=["the first page", "an older page"])
async def test_a_page_on_its_way_for_the_old_list_is_dropped(lists: Lists, *, deeper: bool) -> None:
    await lists.clock.turn(60)
    gate = lists.hold_up(deeper=deeper)
    await lists.clock.turn(60)
    assert lists.held == 1
    lists.news.clear()
    lists.desk.ask(APPROVED)
    await settled()
    gate.set()
    await lists.clock.turn(60)
    assert {news.asked for news in lists.pages} == {APPROVED}
    assert all(row.status == "approved" for news in lists.pages for row in news.page.rows)
    assert lists.told_of(APPROVED) == lists.ids("approved")


async def test_asking_for_the_same_asks_nothing(lists: Lists) -> None:
    await lists.clock.turn(60)
    lists.asked.clear()
    lists.desk.ask(Filter())
    await settled()
    assert lists.asked == []


async def test_a_page_that_looks_like_the_last_one_is_told_for_the_other_list(lists: Lists) -> None:
    await lists.clock.turn(60)
    lists.lists["approved"] = lists.lists["review"]
    lists.news.clear()
    lists.desk.ask(APPROVED)
    await settled()
    assert lists.pages
    assert lists.pages[0].asked == APPROVED


async def test_a_desk_at_rest_asks_for_the_other_list_all_the_same(lists: Lists) -> None:
    await lists.clock.turn(60)
    lists.desk.pause()
    lists.desk.ask(APPROVED)
    await settled()
    await lists.clock.turn(60)
    assert lists.desk.freshness.state is FreshnessState.LIVE
    assert lists.told_of(APPROVED) == lists.ids("approved")


async def test_what_is_on_the_screen_is_not_missed_in_a_list_that_does_not_hold_it(lists: Lists) -> None:
    await lists.clock.turn(60)
    lists.desk.show("r100")
    await settled()
    lists.details.clear()
    lists.desk.ask(APPROVED)
    await lists.clock.turn(10)
    assert lists.details == []


def test_what_waits_of_an_old_list_is_forgotten_when_the_other_comes() -> None:
    box = Mailbox()
    old = Page(tuple(rows_down_from(50, 10)), True, "next")
    box.put(PageRead(old, HEAD, REVIEW))
    box.put(PageRead(Page(tuple(rows_down_from(40, 10)), True, "next"), HEAD.beyond(old), REVIEW))
    box.put(PageRead(Page((row("a1", 5.0, "approved"),)), HEAD, APPROVED))
    assert len(box) == 1
