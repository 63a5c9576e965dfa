"""Dialogs in a window that becomes too small to judge anything: nothing is confirmed that cannot be seen."""

from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.decisions import Stage
from review_tui.model.submissions import Verb
from review_tui.ui.screens.outbox import OutboxScreen
from review_tui.ui.screens.quit import QuitScreen
from review_tui.ui.screens.reason import ReasonScreen
from tests.ui.console import Console, console_on

SMALL = [(59, 24), (80, 14), (20, 5), (1, 1)]


def over(console: Console) -> object:
    """What stands over the screen by now."""
    return console.dialog


@pytest.mark.parametrize("size", SMALL)
async def test_a_reason_cannot_be_confirmed_unseen_and_is_kept(
    console: Console, size: tuple[int, int]
) -> None:
    await console.give("reject")
    await console.press("down")
    await console.pilot.resize_terminal(*size)
    await console.press("enter", "x", "2", "enter")
    assert console.dialog is ReasonScreen
    assert not console.desk.open_decisions
    if size[0] > 20 and size[1] > 3:
        assert "enlarge the window" in console.text()
    await console.pilot.resize_terminal(80, 24)
    await console.settle()
    assert "enlarge the window" not in console.text()
    await console.press("enter")
    standing = console.review.state.standings[console.selected]
    assert standing.intent.reason is not None
    assert "x" not in standing.intent.reason[-1:]


async def test_escape_still_leaves(console: Console) -> None:
    await console.give("reject")
    await console.pilot.resize_terminal(40, 10)
    await console.press("escape")
    assert console.dialog is None


async def test_what_is_held_is_neither_sent_nor_dropped_unseen(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path, hold={Verb.APPROVE: 30.0}) as console:
        await console.go_to(lambda row: row.fraud_status == "clean")
        await console.give("approve")
        await console.press("U")
        assert over(console) is OutboxScreen
        await console.pilot.resize_terminal(40, 10)
        await console.press("s", "d", "u")
        assert [one.stage for one in console.desk.open_decisions] == [Stage.HELD]
        await console.press("escape", "q")
        assert over(console) is QuitScreen
        await console.press("s", "k", "d", "y")
        assert over(console) is QuitScreen
        assert [one.stage for one in console.desk.open_decisions] == [Stage.HELD]


@pytest.mark.parametrize("size", SMALL)
async def test_the_palette_decides_nothing_there_either(console: Console, size: tuple[int, int]) -> None:
    await console.go_to(lambda row: row.fraud_status == "clean")
    await console.give("palette")
    await console.pilot.resize_terminal(*size)
    await console.press(*"approve", "enter")
    await console.pilot.pause(0.3)
    await console.press("enter")
    assert not console.desk.open_decisions
    assert not console.review.state.standings
