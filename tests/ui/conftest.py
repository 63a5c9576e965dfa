"""The console on the sandbox within the process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from tests.ui.console import Console, console_on


@pytest.fixture
async def console(steve: Steve, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Console]:
    """A console that has loaded its queue; the parameter is its size."""
    size: tuple[int, int] = getattr(request, "param", (140, 40))
    async with console_on(steve, tmp_path, size=size) as found:
        yield found
