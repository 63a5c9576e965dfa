"""What the sandbox's own stories start from: an empty company at noon, and somebody who asks."""

import asyncio
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.sandbox.asking import Caller
from tests.wire import NOON


@pytest.fixture
def sandbox_app() -> Iterator[Starlette]:
    """A company without submissions; its clock stands at noon."""
    app = create_app(SandboxSettings(scenario="empty", clock=Clock(NOON, frozen=True)))
    yield app
    app.state.sandbox.close()


@pytest.fixture
def caller(sandbox_app: Starlette, sandbox: Sandbox) -> Iterator[Caller]:
    """Somebody with the company's API key."""
    with asyncio.Runner() as runner:
        yield Caller(sandbox_app, sandbox.api_key, runner)
