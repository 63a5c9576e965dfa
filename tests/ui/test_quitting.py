"""A reviewer leaves while decisions are held: what is asked, and what happens while it is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.sandbox.state import Sandbox
from review_tui.ui.screens.quit import QuitScreen
from tests.ui.console import Console, console_on
from tests.ui.test_holding import HOLD, held, is_clean, name_of, posts


@pytest.fixture
async def console(steve: Steve, tmp_path: Path) -> AsyncIterator[Console]:
    """A console that holds decisions for a few seconds."""
    async with console_on(steve, tmp_path, size=(140, 40), hold=HOLD) as found:
        yield found


async def test_quitting_asks_what_becomes_of_what_is_held(console: Console, sandbox: Sandbox) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await console.give("quit")
    assert console.dialog is QuitScreen
    assert f"Approve {name_of(row)}" in console.text()
    await console.press("q", "y", "n")
    assert console.dialog is None
    await console.give("quit")
    await console.press("d")
    await console.until(lambda: not console.app.is_running)
    assert posts(sandbox) == []


async def test_quitting_can_send_what_is_held(console: Console, sandbox: Sandbox) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await console.press("q", "s")
    await console.until(lambda: not console.app.is_running)
    assert [(seen.path, seen.status) for seen in sandbox.seen if seen.method == "POST"] == [
        (f"/api/v1/submissions/{row.id}/approve", 200)
    ]


async def test_a_hold_that_ends_while_quitting_is_asked_about_leaves_as_asked_for(
    console: Console, sandbox: Sandbox
) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await console.give("quit")
    assert f"in 5 s · Approve {name_of(row)}" in console.text()
    console.clock.turn(2)
    await console.until(lambda: f"in 3 s · Approve {name_of(row)}" in console.text())
    console.clock.turn(3)
    await console.until(lambda: not console.app.is_running)
    assert console.app.return_code == 0
    assert [(seen.path, seen.status) for seen in sandbox.seen if seen.method == "POST"] == [
        (f"/api/v1/submissions/{row.id}/approve", 200)
    ]


async def test_a_hold_that_ends_badly_while_quitting_is_asked_about_is_told_first(
    console: Console, steve: Steve
) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await steve.submissions.reject(row.id, reason="not ours", request_id="someone-else")
    await console.give("quit")
    console.clock.turn(5)
    await console.until(lambda: "Your approve was not sent" in "\n".join(console.lines()[5:-3]))
    assert console.dialog is QuitScreen
    await console.press("y")
    await console.until(lambda: not console.app.is_running)
