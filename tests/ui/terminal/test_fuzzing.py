"""The short dose of the fuzzer; `make fuzz-input` runs the whole."""

import pytest

from tests.ui.console import Console
from tests.ui.terminal.fuzzing import decided, unguarded


@pytest.mark.volume
async def test_stray_input_decides_nothing_and_opens_nothing(console: Console) -> None:
    assert await decided(console, range(3_000)) is None


async def test_the_same_input_decides_where_no_guard_stands(console: Console) -> None:
    assert await decided(console, range(20), unguarded) is not None
