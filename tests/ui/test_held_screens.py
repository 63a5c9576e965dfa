"""The whole screen while decisions are held, wait, changed or are unknown, as a reviewer sees it."""

from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from tests.ui.console import console_on
from tests.ui.golden import assert_screen
from tests.ui.test_holding import HOLD, change_total, held, is_clean, posts

sizes = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")


def _name(what: str, size: tuple[int, int]) -> str:
    return f"queue-{what}-{size[0]}x{size[1]}"


@sizes
async def test_held_and_then_changed(
    steve: Steve, sandbox: Sandbox, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with console_on(steve, tmp_path, size=size, hold=HOLD) as console:
        row = await console.go_to(is_clean)
        await console.press("a")
        await held(console)
        assert_screen(_name("held", size), console.text())
        change_total(sandbox, row.id)
        console.clock.turn(5)
        await console.until(lambda: "it changed" in console.says)
        assert_screen(_name("changed", size), console.text())


@sizes
async def test_waiting_for_the_rate_limit(
    steve: Steve, sandbox: Sandbox, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with console_on(steve, tmp_path, size=size, hold=HOLD) as console:
        row = await console.go_to(is_clean)
        sandbox.faults.add(Fault("status", "POST", f"*/{row.id}/approve", value="429"))
        await console.press("a")
        await held(console)
        console.clock.turn(5)
        await console.until(lambda: "Rate limit" in console.says)
        assert_screen(_name("waiting", size), console.text())


@sizes
async def test_unknown(steve: Steve, sandbox: Sandbox, tmp_path: Path, size: tuple[int, int]) -> None:
    async with console_on(steve, tmp_path, size=size) as console:
        row = await console.go_to(is_clean)
        sandbox.faults.add(Fault("drop", "POST", f"*/{row.id}/approve"))
        sandbox.faults.add(Fault("delay", "GET", f"*/submissions/{row.id}"))  # the look before it is sent
        sandbox.faults.add(Fault("status", "GET", f"*/submissions/{row.id}", times=99))
        await console.press("a")
        await console.until(lambda: posts(sandbox))
        console.desk.pause()
        for _ in range(4):
            await console.settle()
            console.clock.turn(16)
        await console.until(lambda: "1 unknown: U" in console.lines()[0])
        assert_screen(_name("unknown", size), console.text())


@sizes
async def test_deciding_is_off(steve: Steve, tmp_path: Path, size: tuple[int, int]) -> None:
    off = "the store is read-only"
    async with console_on(steve, tmp_path, size=size, hold=HOLD, deciding_off=off) as console:
        await console.go_to(is_clean)
        await console.press("a")
        assert_screen(_name("deciding-off", size), console.text())
