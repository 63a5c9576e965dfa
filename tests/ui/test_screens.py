"""The whole screen in each state of the queue, as a reviewer sees it."""

from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from tests.ui.console import console_on
from tests.ui.golden import assert_screen

SIZES = [(80, 24), (140, 40)]
LIST = "*/submissions"

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def _name(what: str, size: tuple[int, int]) -> str:
    return f"queue-{what}-{size[0]}x{size[1]}"


@sizes
@pytest.mark.parametrize("sandbox_app", ["busy", "empty", "hostile"], indirect=True)
async def test_full_empty_and_hostile(
    steve: Steve, sandbox: Sandbox, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with console_on(steve, tmp_path, size=size) as console:
        what = {"busy": "full"}.get(sandbox.settings.scenario, sandbox.settings.scenario)
        assert_screen(_name(what, size), console.text())


@sizes
@pytest.mark.parametrize("sandbox_app", ["quiet"], indirect=True)
async def test_loading(steve: Steve, sandbox: Sandbox, tmp_path: Path, size: tuple[int, int]) -> None:
    sandbox.faults.add(Fault("delay", "GET", LIST, delay=30))
    async with console_on(steve, tmp_path, size=size, loaded=False) as console:
        await console.until(lambda: console.desk.company)
        assert_screen(_name("loading", size), console.text())


@sizes
@pytest.mark.parametrize("sandbox_app", ["quiet"], indirect=True)
async def test_failed(steve: Steve, sandbox: Sandbox, tmp_path: Path, size: tuple[int, int]) -> None:
    sandbox.faults.add(Fault("html", "GET", LIST, times=99))
    async with console_on(steve, tmp_path, size=size, loaded=False) as console:
        await console.until(lambda: console.desk.company and "stale" in console.text())
        assert_screen(_name("failed", size), console.text())


@sizes
@pytest.mark.parametrize("sandbox_app", ["quiet"], indirect=True)
async def test_stale(steve: Steve, sandbox: Sandbox, tmp_path: Path, size: tuple[int, int]) -> None:
    async with console_on(steve, tmp_path, size=size) as console:
        sandbox.faults.add(Fault("html", "GET", LIST, times=99))
        await console.poll()
        await console.until(lambda: "stale" in console.text())
        assert_screen(_name("stale", size), console.text())


async def test_one_above_the_other(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path, size=(100, 30)) as console:
        assert_screen(_name("full", (100, 30)), console.text())


@pytest.mark.parametrize("sandbox_app", ["quiet"], indirect=True)
async def test_too_small_a_window_says_so(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path, size=(59, 14)) as console:
        assert console.text().strip() == "enlarge the window"
