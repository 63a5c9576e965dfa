"""The console on the sandbox within the process."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import SandboxSettings
from tests.ui.console import Console, console_on
from tests.ui.rest import watch_for_rest
from tests.ui.sheets import parse_once
from tests.wire import NOON


def _app(scenario: str, db: Path) -> Starlette:
    return create_app(SandboxSettings(db=db, seed=7, scenario=scenario, clock=Clock(NOON, frozen=True)))


@pytest.fixture(scope="session", autouse=True)
def watched_for_rest() -> Iterator[None]:
    """Pilots wait until the console has come to rest, and not longer."""
    with pytest.MonkeyPatch.context() as patch:
        watch_for_rest(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def sheets_parsed_once() -> Iterator[None]:
    """Style sheets are the same for all."""
    with pytest.MonkeyPatch.context() as patch:
        parse_once(patch)
        yield


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sandboxes that have been filled once."""
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture
def sandbox_app(request: pytest.FixtureRequest, worlds: Path, tmp_path: Path) -> Iterator[Starlette]:
    """A sandbox of this test's own, its clock standing still; the parameter is its scenario."""
    scenario: str = getattr(request, "param", "busy")
    filled = worlds / f"{scenario}.db"
    if not filled.exists():
        _app(scenario, filled).state.sandbox.close()
    own = tmp_path / "sandbox.db"
    shutil.copyfile(filled, own)
    app = _app(scenario, own)
    yield app
    app.state.sandbox.close()


@pytest.fixture
async def console(steve: Steve, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Console]:
    """A console that has loaded its queue; the parameter is its size."""
    size: tuple[int, int] = getattr(request, "param", (140, 40))
    async with console_on(steve, tmp_path, size=size) as found:
        yield found
