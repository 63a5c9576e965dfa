"""How the panes share windows of different sizes."""

from dataclasses import replace
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.queue import HEAD
from review_tui.model.submissions import Page
from review_tui.model.wire import Json
from review_tui.ui.layout import Layout, layout_of, layouts_of
from review_tui.ui.screens.laying import layout_by
from review_tui.ui.state import with_page
from review_tui.workers.memory import Memory
from tests.ui.console import FIRST_ROW, Console, console_on


@pytest.mark.parametrize(
    ("size", "layout"),
    [
        ((160, 50), Layout.SIDE),
        ((116, 15), Layout.SIDE),
        ((115, 28), Layout.STACKED),
        ((80, 28), Layout.STACKED),
        ((80, 27), Layout.SINGLE),
        ((60, 15), Layout.SINGLE),
        ((59, 40), Layout.TINY),
        ((200, 14), Layout.TINY),
    ],
)
def test_the_size_chooses(size: tuple[int, int], layout: Layout) -> None:
    assert layout_of(*size) is layout


async def test_every_row_has_its_merchant_amount_and_fraud_at_every_width(console: Console) -> None:
    row = console.review.state.queue.rows[0]
    for width in (60, 80, 100, 116, 140, 200):
        await console.pilot.resize_terminal(width, 30)
        await console.settle()
        line = console.lines()[FIRST_ROW]
        assert str(row.merchant)[:10] in line, width
        assert str(row.amount) in line, width
        assert str(row.fraud_status) in line, width


@pytest.mark.parametrize("console", [(80, 24)], indirect=True)
async def test_a_small_window_shows_one_pane_at_a_time(console: Console) -> None:
    detail = console.review.state.detail
    assert detail
    assert detail.id not in console.text()
    await console.give("open")
    assert detail.id in console.text()
    assert "▌" not in console.text()
    await console.give("back")
    assert "▌ ● review" in console.lines()[FIRST_ROW]
    assert detail.id not in console.text()


@pytest.mark.parametrize("console", [(80, 24)], indirect=True)
async def test_a_small_window_shows_what_is_selected_however_often_one_comes_back(console: Console) -> None:
    for _ in range(3):
        await console.give("open")
        selected = console.review.state.selected
        assert selected
        assert selected in console.text(), "what is approved is what is shown"
        await console.give("back")
        await console.press("j")


async def test_the_selection_survives_every_size(console: Console) -> None:
    await console.press("j", "j", "j")
    selected = console.selected
    for size in ((80, 24), (40, 10), (100, 30), (60, 15), (140, 40)):
        await console.pilot.resize_terminal(*size)
        await console.settle()
        assert console.selected == selected
    assert "▌" in console.lines()[FIRST_ROW + 3]


@pytest.mark.parametrize("console", [(80, 24)], indirect=True)
async def test_the_cursor_is_always_in_sight(console: Console) -> None:
    for key in ("G", "g", "pagedown", "pagedown", "pageup", "k", "end", "home"):
        await console.press(key)
        assert sum("▌" in line for line in console.lines()) == 1, key


async def test_a_window_too_small_decides_nothing_and_keeps_the_keyboards_place(console: Console) -> None:
    for command, keys in (("back", "Enter open"), ("open", "h back")):
        await console.give(command)
        await console.pilot.resize_terminal(50, 14)
        await console.press("a", "r", "c")
        assert console.dialog is None
        assert not console.desk.open_decisions
        assert not console.review.state.standings
        await console.pilot.resize_terminal(80, 24)
        assert keys in console.lines()[-1]
    await console.press("h")
    before = console.selected
    await console.pilot.resize_terminal(50, 14)
    await console.pilot.resize_terminal(120, 40)
    await console.press("j")
    assert console.selected != before


async def test_the_strong_cursor_is_where_the_keyboard_is(console: Console) -> None:
    for _ in range(2):
        assert "\x1b[1;7m▌ ● review" in "".join(await console.frames_of("j"))
        reading = "".join(await console.frames_of("l"))
        assert "\x1b[1;7mOverview" in reading
        assert "\x1b[1m▌ ● review" in reading
        assert "\x1b[1;7m▌ ● review" in "".join(await console.frames_of("h"))


@pytest.mark.parametrize("console", [(80, 24)], indirect=True)
async def test_rows_that_come_in_leave_the_cursor_on_its_line(console: Console) -> None:
    await console.press("pagedown", "k", "k")
    line = next(index for index, text in enumerate(console.lines()) if "▌" in text)
    before = console.selected
    newest = console.review.state.queue.rows[0]
    state = console.review.state
    fresh = replace(newest, id="new", order=newest.order + 1)
    console.review.change(with_page(state, Page((fresh, *state.queue.rows), has_more=False), HEAD))
    await console.settle()
    assert console.selected == before
    assert "▌" in console.lines()[line]
    assert "↑ 1 new" in console.lines()[0]
    await console.press("g")
    assert console.selected == "new"
    assert "new ·" not in console.lines()[0]


def layout_in(console: Console) -> Layout:
    return next(layout for layout in Layout if console.review.has_class(f"-{layout}"))


async def test_layouts_are_turned_round_and_remembered_for_windows_of_that_size(
    steve: Steve, tmp_path: Path
) -> None:
    memory = Memory()
    async with console_on(steve, tmp_path, size=(140, 40), memory=memory) as console:
        selected = console.selected
        seen = []
        for _ in range(4):
            seen.append(layout_in(console))
            await console.give("layout")
        assert seen == [Layout.SIDE, Layout.STACKED, Layout.SINGLE, Layout.SIDE]
        assert "layout: one above the other" in console.says
        await console.pilot.resize_terminal(100, 30)
        await console.give("layout")
        assert layout_in(console) is Layout.SINGLE
        await console.pilot.resize_terminal(80, 24)
        await console.give("layout")
        assert "room for one pane only" in console.says
        assert console.selected == selected
    assert memory.get("layout") == {"side stacked single": "stacked", "stacked single": "single"}


async def test_the_layout_that_was_chosen_comes_back(steve: Steve, tmp_path: Path) -> None:
    memory = Memory()
    memory.put("layout", {"side stacked single": "stacked", "stacked single": "single"})
    async with console_on(steve, tmp_path, size=(140, 50), memory=memory, loaded=False) as console:
        for size, layout in (
            ((140, 50), Layout.STACKED),
            ((140, 20), Layout.SIDE),
            ((110, 35), Layout.SINGLE),
        ):
            await console.pilot.resize_terminal(*size)
            await console.settle()
            assert layout_in(console) is layout


async def test_a_wide_window_has_room_for_a_match_beside_the_submission(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path, size=(160, 40)) as console:
        await console.go_to(lambda row: row.fraud_status == "flagged" and (row.fraud_score or 0) < 97)
        await console.give("approve")
        await console.until(lambda: "= equal" in console.text())
        assert "matched one" not in console.text()
        await console.give("layout")
        assert layout_in(console) is Layout.BROAD
        assert "this one" in console.text()
        assert "matched one" in console.text()


async def test_the_pane_that_has_the_keyboard_is_seen_in_every_layout(console: Console) -> None:
    await console.give("open")
    for _ in range(3):
        await console.give("layout")
        assert "Overview" in console.text()
        assert console.review.focused is console.review.detail_pane.body
    await console.give("back")
    for _ in range(3):
        await console.give("layout")
        assert "▌" in console.text()


def test_nonsense_that_was_kept_is_no_layout() -> None:
    room = layouts_of(140, 40)
    assert layout_by({"side stacked single": "single"}, room) is Layout.SINGLE
    nonsense: list[Json] = [None, "side", [], {"side stacked single": "tiny"}, {"side stacked single": 7}]
    for kept in nonsense:
        assert layout_by(kept, room) is Layout.SIDE
