"""Older pages: loaded once, then re-read for ever, on a clock turned by hand."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from review_tui.client.errors import BadRequest, NotSent
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.queue import HEAD, Queue
from review_tui.model.submissions import Page
from review_tui.workers.news import LoadingMoved, PageRead
from review_tui.workers.pages import SWEEP_APART, Pages
from tests.workers.handclock import HandClock, Listed, row, rows_down_from, settled

TICK = 8.4


class Loading:
    """A loader at work on a list of 35 rows in pages of 10, and the queue that its news makes."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.server = Listed(rows_down_from(100, 35))
        self.wait = 0.0
        self.moves: list[LoadingMoved] = []
        self.queue = Queue()
        self.pages = self._pages()

    def _pages(self, most_rows: int = 100_000) -> Pages:
        return Pages(
            self.server.page,
            self.hear,
            self.clock,
            background_wait=lambda: self.wait,
            most_rows=most_rows,
        )

    def hear(self, news: PageRead | LoadingMoved) -> None:
        if isinstance(news, PageRead):
            self.queue, _ = self.queue.merged_with(news.page, news.window)
        else:
            self.moves.append(news)

    async def tick(self, seconds: float = TICK) -> None:
        """What the poller does: read the first page, merge it, tell the loader; then rest."""
        head = await self.server.page()
        self.queue, _ = self.queue.merged_with(head, HEAD)
        self.pages.ticked(head)
        await self.clock.turn(seconds)

    @property
    def ids(self) -> list[str]:
        return [row.id for row in self.queue.rows]

    @property
    def deeper(self) -> list[str]:
        return [cursor for cursor in self.server.asked if cursor is not None]


@pytest.fixture
async def loading() -> AsyncIterator[Loading]:
    at_work = Loading()
    task = asyncio.create_task(at_work.pages.run())
    yield at_work
    assert not task.done(), "the loader died"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_all_pages_are_loaded_after_the_first_poll(loading: Loading) -> None:
    await loading.tick(0.1)
    assert loading.ids == [found.id for found in loading.server.rows]
    assert loading.moves[-1] == LoadingMoved(35, complete=True)
    assert [move.rows for move in loading.moves] == [20, 30, 35]
    assert not any(move.complete for move in loading.moves[:-1])


async def test_it_waits_for_the_budget_and_says_so(loading: Loading) -> None:
    loading.wait = 20.0
    await loading.tick(15)
    assert loading.deeper == []
    assert loading.moves[-1].paused is not None
    assert "decisions" in loading.moves[-1].paused
    loading.wait = 0.0
    await loading.clock.turn(10)
    assert loading.moves[-1] == LoadingMoved(35, complete=True)


async def test_a_decision_made_elsewhere_deep_in_the_list_is_noticed(loading: Loading) -> None:
    await loading.tick()
    loading.server.rows = [found for found in loading.server.rows if found.id not in {"r70", "r85"}]
    for _ in range(12):
        await loading.tick()
    assert loading.ids == [found.id for found in loading.server.rows]


async def test_rows_added_between_two_walks_leave_no_hole(loading: Loading) -> None:
    await loading.tick()
    for top in range(101, 107):
        loading.server.rows.insert(0, row(f"r{top}", float(top)))
        await loading.tick()
    loading.server.rows = [found for found in loading.server.rows if found.id != "r94"]
    for _ in range(16):
        await loading.tick()
    assert loading.ids == [found.id for found in loading.server.rows]


async def test_a_hole_after_a_long_absence_is_filled_at_once(loading: Loading) -> None:
    await loading.tick()
    loading.server.rows[:0] = rows_down_from(150, 50)
    asked = len(loading.deeper)
    await loading.tick(0.1)
    assert loading.ids == [found.id for found in loading.server.rows]
    assert len(loading.deeper) - asked == 5
    assert loading.pages.is_loading is False


async def test_reading_again_takes_at_most_three_reads_a_minute(loading: Loading) -> None:
    await loading.tick()
    asked = len(loading.deeper)
    for _ in range(70):
        await loading.tick(6.72)
    assert len(loading.deeper) - asked <= 70 * 6.72 / SWEEP_APART + 1


async def test_a_page_outrun_by_a_decision_is_read_anew(loading: Loading) -> None:
    answer = asyncio.Event()

    async def slowly() -> None:
        await answer.wait()

    await loading.tick()
    head = await loading.server.page()
    loading.server.before_answer = slowly
    asked = len(loading.deeper)
    for _ in range(3):
        loading.pages.ticked(head)
        await loading.clock.turn(TICK)
    assert len(loading.deeper) == asked + 1
    loading.server.rows = [found for found in loading.server.rows if found.id != "r85"]
    loading.queue = loading.queue.without("r85")
    loading.pages.outrun()
    answer.set()
    await settled()
    assert "r85" not in loading.ids
    for _ in range(4):
        await loading.tick()
    assert len(loading.deeper) == asked + 2
    assert loading.deeper[asked] == loading.deeper[asked + 1]
    assert loading.ids == [found.id for found in loading.server.rows]


async def test_a_failure_rests_it_until_the_first_page_is_read_again(loading: Loading) -> None:
    loading.server.error = NotSent("refused")
    head = Page(tuple(loading.server.rows[:10]), has_more=True, next_cursor="91.0")
    loading.pages.ticked(head)
    await loading.clock.turn(600)
    assert loading.deeper == ["91.0"]
    assert loading.moves[-1].paused == "The server cannot be reached"
    loading.server.error = None
    loading.pages.ticked(head)
    await loading.clock.turn(1)
    assert loading.moves[-1] == LoadingMoved(35, complete=True)


async def test_a_failure_of_the_list_asked_before_does_not_rest_the_new_one(loading: Loading) -> None:
    answer = asyncio.Event()

    async def refused() -> None:
        await answer.wait()
        loading.server.before_answer = None
        raise NotSent("refused")

    before = Page(tuple(loading.server.rows[:5]), has_more=True, next_cursor="96.0")
    loading.server.before_answer = refused
    loading.pages.ticked(before)
    await settled()
    assert loading.deeper == ["96.0"]
    loading.pages.restart()
    loading.pages.ticked(Page(tuple(loading.server.rows[:10]), has_more=True, next_cursor="91.0"))
    answer.set()
    await loading.clock.turn(1)
    assert loading.moves[-1] == LoadingMoved(35, complete=True)
    assert all(move.paused is None for move in loading.moves)


async def test_a_cursor_that_the_server_refuses_does_not_keep_it_busy(loading: Loading) -> None:
    loading.server.error = BadRequest(Failure(FailureKind.BAD_REQUEST, "broken cursor", status=400))
    head = Page(tuple(loading.server.rows[:10]), has_more=True, next_cursor="91.0")
    for _ in range(60):
        loading.pages.ticked(head)
        await loading.clock.turn(TICK)
    assert len(loading.deeper) < 30
    assert loading.moves[-1].paused == "broken cursor"


async def test_a_walk_that_was_refused_three_times_is_at_its_end(loading: Loading) -> None:
    loading.server.error = BadRequest(Failure(FailureKind.BAD_REQUEST, "broken cursor", status=400))
    head = Page(tuple(loading.server.rows[:10]), has_more=True, next_cursor="91.0")
    refused = 0
    while loading.pages.is_loading and refused < 10:
        loading.pages.ticked(head)
        await loading.clock.turn(60)
        assert len(loading.deeper) == refused + 1
        refused += 1
    assert refused == 3
    loading.server.error = None
    for _ in range(10):
        await loading.tick(SWEEP_APART)
    assert loading.moves[-1] == LoadingMoved(35, complete=True), "a page now and then, as after any walk"


async def test_a_walk_that_was_refused_twice_goes_on_at_the_next_poll(loading: Loading) -> None:
    head = Page(tuple(loading.server.rows[:10]), has_more=True, next_cursor="91.0")
    refusal = BadRequest(Failure(FailureKind.BAD_REQUEST, "broken cursor", status=400))
    for error in (refusal, refusal, None):
        loading.server.error = error
        loading.pages.ticked(head)
        await loading.clock.turn(60)
    assert loading.moves[-1] == LoadingMoved(35, complete=True)
    assert not loading.pages.is_loading


async def test_cursors_in_a_circle_end_the_walk() -> None:
    clock, asked, moves = HandClock(), [], []

    async def circle(cursor: str) -> Page:
        asked.append(cursor)
        return Page(tuple(rows_down_from(50, 2)), has_more=True, next_cursor="b" if cursor == "a" else "a")

    def hear(news: PageRead | LoadingMoved) -> None:
        if isinstance(news, LoadingMoved):
            moves.append(news)

    pages = Pages(circle, hear, clock)
    task = asyncio.create_task(pages.run())
    pages.ticked(Page(tuple(rows_down_from(60, 2)), has_more=True, next_cursor="a"))
    await clock.turn(60)
    assert asked == ["a", "b"]
    assert moves[-1].paused == "the server's pages lead in a circle"
    assert not moves[-1].complete
    task.cancel()


async def test_a_long_walk_ends_at_the_last_page(loading: Loading) -> None:
    loading.server.rows, loading.server.limit = rows_down_from(200, 120), 1
    await loading.tick(60)
    assert loading.moves[-1] == LoadingMoved(120, complete=True)


async def test_empty_pages_without_end_end_the_walk() -> None:
    clock, asked, moves = HandClock(), [], []

    async def barren(cursor: str) -> Page:
        asked.append(cursor)
        return Page((), has_more=True, next_cursor=f"{cursor}x")

    def hear(news: PageRead | LoadingMoved) -> None:
        if isinstance(news, LoadingMoved):
            moves.append(news)

    pages = Pages(barren, hear, clock)
    task = asyncio.create_task(pages.run())
    pages.ticked(Page(tuple(rows_down_from(60, 2)), has_more=True, next_cursor="a"))
    await clock.turn(60)
    assert len(asked) == 50
    assert moves[-1].paused == "the server's pages are empty and do not end"
    assert not moves[-1].complete
    task.cancel()


async def test_what_is_left_on_the_server_is_said() -> None:
    clock, server, moves = HandClock(), Listed(rows_down_from(100, 90)), []

    def hear(news: PageRead | LoadingMoved) -> None:
        if isinstance(news, LoadingMoved):
            moves.append(news)

    pages = Pages(server.page, hear, clock, most_rows=40)
    task = asyncio.create_task(pages.run())
    pages.ticked(await server.page())
    await clock.turn(60)
    assert moves[-1] == LoadingMoved(
        40, complete=False, paused="the newest 40 are loaded, older ones are not", stopped=True
    )
    task.cancel()


async def test_nothing_is_asked_while_paused(loading: Loading) -> None:
    loading.pages.pause()
    await loading.tick(600)
    assert loading.deeper == []
    loading.pages.resume()
    await settled()
    assert loading.moves[-1] == LoadingMoved(35, complete=True)


async def test_a_server_that_names_no_next_page_is_said_to(loading: Loading) -> None:
    loading.pages.ticked(Page(tuple(rows_down_from(9, 3)), has_more=True, next_cursor=None))
    await settled()
    assert loading.moves == [LoadingMoved(3, complete=False, paused="the server names no next page")]


async def test_a_walk_is_stopped_and_goes_on_where_it_was_left(loading: Loading) -> None:
    loading.wait = 20.0
    await loading.tick(1)
    loading.pages.leave_older()
    loading.wait = 0.0
    words = "the newest 10 are loaded, older ones are not"
    assert loading.moves[-1] == LoadingMoved(10, complete=False, paused=words, stopped=True)
    for _ in range(5):
        await loading.tick(SWEEP_APART)
    assert len(loading.ids) == 10, "what is here is re-read, nothing more is asked"
    loading.pages.load_older()
    await settled()
    assert loading.ids == [found.id for found in loading.server.rows]
    assert loading.moves[-1] == LoadingMoved(35, complete=True)
    assert len(loading.deeper) == len(set(loading.deeper)), "no page was asked for again"


async def test_a_walk_goes_on_past_what_is_loaded_unasked() -> None:
    loading = Loading()
    loading.pages = loading._pages(most_rows=20)
    task = asyncio.create_task(loading.pages.run())
    await loading.tick()
    assert loading.moves[-1].stopped
    assert len(loading.ids) == 20
    loading.server.rows.insert(0, row("new", 101.0))
    await loading.tick()
    loading.pages.load_older()
    await settled()
    assert loading.moves[-1] == LoadingMoved(35, complete=True)
    assert loading.ids == [found.id for found in loading.server.rows]
    loading.pages.restart()
    loading.server.rows = rows_down_from(90, 50)
    loading.queue = Queue()
    for _ in range(3):
        await loading.tick()
    assert loading.moves[-1].stopped, "another list is loaded as far as any"
    task.cancel()


async def test_nothing_is_stopped_or_gone_on_with_when_all_is_loaded(loading: Loading) -> None:
    await loading.tick()
    told = len(loading.moves)
    loading.pages.leave_older()
    loading.pages.load_older()
    await loading.tick()
    assert loading.moves[told:] == []
