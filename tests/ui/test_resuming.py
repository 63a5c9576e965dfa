"""A reviewer comes back: the view, the place, the marks and the words are where they were left."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from starlette.applications import Starlette

from review_tui.model.submissions import Verb
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.ui.detail_view import Tab
from review_tui.ui.state import with_facts
from review_tui.workers.memory import Memory
from tests.ui.console import Console, console_on
from tests.ui.test_holding import HOLD, is_clean, posts
from tests.wire import steve_on


class Open(Protocol):
    """Opens the console; with `loaded`, waits for its first page."""

    def __call__(self, *, loaded: bool = True) -> AbstractAsyncContextManager[Console]: ...


@pytest.fixture
def opened(sandbox_app: Starlette, tmp_path: Path) -> Open:
    """Opens the console again and again, each time with what the last one kept."""
    memory = Memory()

    @asynccontextmanager
    async def opened(*, loaded: bool = True) -> AsyncIterator[Console]:
        given: dict[str, Any] = {"size": (140, 40), "memory": memory, "hold": HOLD, "loaded": loaded}
        async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, **given) as console:
            yield console
            console.app.workers.cancel_all()
            await console.settle()

    return opened


async def at_the_same_place(console: Console, submission_id: str) -> None:
    await console.until(lambda: console.review.state.selected == submission_id)
    assert submission_id in console.text()


async def test_the_view_the_order_the_selection_and_the_tab_come_back(opened: Open) -> None:
    async with opened() as console:
        await console.press("2")
        await console.until(lambda: console.review.state.started)
        await console.press("j", "j", "tab", "tab")
        left, tab = console.selected, console.review.situation.tab
        assert tab is not Tab.OVERVIEW
        rows = [row.id for row in console.review.state.rows]
    async with opened() as console:
        await at_the_same_place(console, left)
        assert str(console.review.state.query) == "fraud:flagged"
        assert [row.id for row in console.review.state.rows] == rows
        assert console.review.situation.tab is tab


async def test_in_the_place_of_one_that_is_gone_stands_its_neighbour(opened: Open, sandbox: Sandbox) -> None:
    async with opened() as console:
        await console.go_to(is_clean)
        await console.press("j", "j")
        gone = console.selected
        rows = [row.id for row in console.review.state.rows]
        following = rows[rows.index(gone) + 1]
    with sandbox.database.write() as tx:
        tx.execute("UPDATE submissions SET status = 'cancelled' WHERE id = ?", (gone,))
    async with opened() as console:
        await at_the_same_place(console, following)


async def test_a_key_is_never_overtaken_by_the_selection(opened: Open, sandbox: Sandbox) -> None:
    async with opened() as console:
        await console.press("j", "j", "j")
        left = console.selected
    sandbox.faults.add(Fault("delay", "GET", "*/submissions", delay=1.0))
    async with opened(loaded=False) as console:
        await console.press("j")
        assert not console.review.state.started
        await console.until(lambda: console.review.state.started)
        assert console.selected != left
        assert console.selected == console.review.state.rows[0].id


async def test_nothing_that_came_up_by_itself_is_decided_by_a_key_on_its_way(opened: Open) -> None:
    async with opened() as console:
        first, *others = console.review.state.rows
        left = (await console.go_to(lambda row: is_clean(row) and row in others)).id
        assert left != first.id
    async with opened() as console:
        await at_the_same_place(console, left)
        await console.until(lambda: console.review.state.detail)
        await console.give("approve")
        assert console.says == "approve: this one came up just now, press again"
        assert console.desk.open_decisions == ()


async def test_marks_come_back(opened: Open) -> None:
    async with opened() as console:
        await console.press("j")
        marked = console.selected
        console.review.change(with_facts(console.review.state, marked=frozenset({marked})))
    async with opened() as console:
        assert console.review.state.facts.marked == {marked}


@pytest.mark.parametrize("leaves", [("escape",), ()], ids=["escape", "at once"])
async def test_words_that_were_begun_come_back(opened: Open, leaves: tuple[str, ...]) -> None:
    async with opened() as console:
        row = await console.go_to(is_clean)
        await console.press("r", *"blurred at the edge", *leaves)
    async with opened() as console:
        await at_the_same_place(console, row.id)
        await console.press("r")
        assert "blurred at the edge" in console.text()


async def test_words_that_were_sent_do_not_come_back(opened: Open, sandbox: Sandbox) -> None:
    async with opened() as console:
        row = await console.go_to(is_clean)
        await console.press("r", *"blurred", "enter")
        await console.until(lambda: console.desk.is_open(row.id))
        console.clock.turn(6)
        await console.until(lambda: posts(sandbox))
        await console.until(lambda: not console.desk.open_decisions)
        await console.press("r", *"other", "escape")
        kept = console.review.memory.get("drafts")
    assert isinstance(kept, list)
    assert [Verb.REJECT, row.id, "blurred"] not in kept


async def test_a_memory_that_holds_anything_else_is_no_harm(sandbox_app: Starlette, tmp_path: Path) -> None:
    memory = Memory()
    memory.put("place", {"query": "age:", "sort": "?", "selected": 3, "near": "x", "tab": "moon"})
    memory.put("marks", {"a": 1})
    memory.put("drafts", [1, ["approve"], ["reject", "s1", 3]])
    memory.put("skipped", "s1")
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, memory=memory) as console:
        state = console.review.state
        assert state.selected == state.rows[0].id
        assert not state.query
