"""What every room's tests start from: a sandbox, a client on it, and a wall around this machine."""

import gc
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.wire import NOON, Served, only_loopback, serving, steve_on

# Hundreds of programs are started: none is to compile anew what the one before has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long one example takes says more about the machine's other work than about ours.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, begin with what takes longest, so that nothing long is left for the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not any(map(item.get_closest_marker, ("volume", "pty"))))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the collector what lives as long as the run: modules and thousands of collected tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def nobodys_settings() -> Iterator[None]:
    """What a developer has configured for themselves leads no test astray."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEW_TUI_CONFIG", os.devnull)
        yield


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Traffic goes to this machine and nowhere else."""
    with only_loopback():
        yield


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The file of a scenario's world as it begins; each is made once and copied after."""
    folder = tmp_path_factory.mktemp("worlds")

    @cache
    def world(scenario: str) -> Path:
        made = folder / f"{scenario}.db"
        app = create_app(SandboxSettings(db=made, seed=7, scenario=scenario, clock=Clock(NOON, frozen=True)))
        app.state.sandbox.close()
        return made

    return world


@pytest.fixture
def sandbox_app(
    request: pytest.FixtureRequest, worlds: Callable[[str], Path], tmp_path: Path
) -> Iterator[Starlette]:
    """A sandbox within the process, its clock standing still; the parameter is its scenario."""
    scenario: str = getattr(request, "param", "busy")
    db = tmp_path / "sandbox.db"
    shutil.copyfile(worlds(scenario), db)
    app = create_app(SandboxSettings(db=db, seed=7, scenario=scenario, clock=Clock(NOON, frozen=True)))
    yield app
    app.state.sandbox.close()


@pytest.fixture
def sandbox(sandbox_app: Starlette) -> Sandbox:
    """What the sandbox within the process keeps: its clock, its database, its faults, the requests it saw."""
    found = sandbox_app.state.sandbox
    assert isinstance(found, Sandbox)
    return found


@pytest.fixture
async def steve(sandbox_app: Starlette) -> AsyncIterator[Steve]:
    """A client of the sandbox within the process."""
    async with steve_on(sandbox_app) as client:
        yield client


@pytest.fixture
def served() -> Iterator[Served]:
    """A sandbox over a real socket, in a process of its own."""
    with serving("--seed", "7", "--scenario", "busy") as found:
        yield found
