"""The mouse: it selects and scrolls, and nothing that it does decides."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.ui.detail_view import Tab
from review_tui.ui.screens.outbox import OutboxScreen
from review_tui.ui.screens.palette import Palette
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.ui.situation import Focus
from review_tui.ui.terminal.driver import GuardedInput
from tests.ui.console import FIRST_ROW, Console, console_on
from tests.ui.test_holding import HOLD, held, is_clean

LEFT, UP, DOWN = 0, 64, 65
"""What a terminal says of a button, and of the wheel."""


@pytest.fixture
async def console(steve: Steve, tmp_path: Path) -> AsyncIterator[Console]:
    async with console_on(steve, tmp_path, size=(140, 20), hold=HOLD) as found:
        yield found


async def point(console: Console, what: int, column: int, line: int, *, times: int = 1) -> None:
    """Use the mouse at a place on the screen, as its terminal would tell it."""
    driver, guarded = console.app._driver, GuardedInput(escape_delay=0.05, mouse=True)
    assert driver is not None
    there = f"{what};{column + 1};{line + 1}"
    for _ in range(times):
        said = f"\x1b[<{there}M" if what in {UP, DOWN} else f"\x1b[<{there}M\x1b[<{there}m"
        for message in guarded.feed(said.encode(), 0.0):
            driver.process_message(message)
    await console.settle()


def cursor_line(console: Console) -> int:
    return next(index for index, line in enumerate(console.lines()) if line.startswith("▌"))


def tab_of(console: Console) -> Tab:
    return console.review.situation.tab


def focus_of(console: Console) -> Focus:
    return console.review.situation.focus


async def test_a_click_selects_the_row_under_it(console: Console) -> None:
    await point(console, LEFT, 10, FIRST_ROW + 4)
    assert console.selected == console.review.state.rows[4].id
    assert cursor_line(console) == FIRST_ROW + 4
    assert not console.desk.open_decisions


async def test_a_click_gives_the_keyboard_to_the_pane_under_it(console: Console) -> None:
    await point(console, LEFT, 100, 10)
    assert focus_of(console) is Focus.DETAIL
    await point(console, LEFT, 10, FIRST_ROW + 1)
    assert focus_of(console) is Focus.QUEUE
    await console.pilot.resize_terminal(80, 24)
    assert cursor_line(console) == FIRST_ROW + 1


async def test_a_click_leaves_a_filter_line_that_is_being_written(console: Console) -> None:
    await console.give("filter")
    await console.press(*"fraud:flagged")
    await point(console, LEFT, 10, FIRST_ROW + 2)
    assert focus_of(console) is Focus.QUEUE
    assert console.review.filtering.prompt is None
    before = console.selected
    await console.press("j")
    assert console.selected != before
    assert not console.desk.open_decisions


async def test_the_wheel_scrolls_what_a_dialog_says(console: Console) -> None:
    await console.press("?")
    before = console.lines()
    await point(console, DOWN, 70, 10)
    assert console.lines()[5:10] != before[5:10]


async def test_a_click_beside_the_window_leaves_the_keyboard_where_it_is(console: Console) -> None:
    await point(console, LEFT, 10, 500)
    await point(console, DOWN, 500, 10)
    await console.press("j")
    assert console.selected == console.review.state.rows[1].id


async def test_a_click_on_a_tab_opens_it(console: Console) -> None:
    tabs = next(index for index, line in enumerate(console.lines()) if "Overview" in line)
    line = console.lines()[tabs]
    for tab in (Tab.FIELDS, Tab.RAW, Tab.OVERVIEW):
        await point(console, LEFT, line.index(tab.title()), tabs)
        assert tab_of(console) is tab
    await point(console, LEFT, len(line) + 3, tabs)
    await point(console, LEFT, line.index("Raw"), tabs - 1)
    assert tab_of(console) is Tab.OVERVIEW
    assert focus_of(console) is Focus.QUEUE


async def test_the_wheel_scrolls_and_the_cursor_stays_in_sight(console: Console) -> None:
    rows = console.review.state.rows
    await point(console, DOWN, 10, 8)
    assert console.selected == rows[3].id
    assert cursor_line(console) == FIRST_ROW
    await console.press(*"jjj")
    await point(console, DOWN, 10, 8)
    assert console.selected == rows[6].id
    assert cursor_line(console) == FIRST_ROW
    await point(console, UP, 10, 8, times=40)
    await point(console, DOWN, 10, 8, times=40)
    assert console.selected == rows[len(rows) - (20 - FIRST_ROW - 2)].id
    assert cursor_line(console) == FIRST_ROW


async def test_the_wheel_scrolls_the_detail_and_leaves_the_selection(console: Console) -> None:
    await console.press("tab", "tab")
    selected, top = console.selected, console.review.detail_pane.body.top
    await point(console, DOWN, 100, 10)
    assert console.review.detail_pane.body.top == top + 3
    assert console.selected == selected


async def test_no_click_anywhere_decides(console: Console) -> None:
    row = await console.go_to(is_clean)
    for line in (0, 1, 2, 5, 9, 17, 18, 19):
        for column in (3, 100):
            await point(console, LEFT, column, line, times=2)
    assert console.dialog is None
    assert not console.desk.open_decisions
    assert not console.review.state.standings
    await console.go_to(lambda other: other.id == row.id)


@pytest.mark.parametrize(("keys", "dialog"), [("r", ReasonScreen), ("U", OutboxScreen)])
async def test_a_dialog_is_answered_by_keys_alone(console: Console, keys: str, dialog: type) -> None:
    await console.go_to(is_clean)
    if dialog is OutboxScreen:
        await console.press("a")
        await held(console)
    await console.press(keys)
    before = console.desk.open_decisions
    for line in range(0, 20, 2):
        await point(console, LEFT, 70, line, times=2)
    assert console.dialog is dialog
    assert console.desk.open_decisions == before


async def test_the_palette_gives_no_command_by_a_click(console: Console) -> None:
    await console.go_to(is_clean)
    await console.press("ctrl+p", *"approve")
    await console.until(lambda: "Approve the submission" in console.text())
    for line in range(20):
        await point(console, LEFT, 70, line)
    assert console.dialog is Palette
    assert not console.desk.open_decisions
