"""A bug in the console: it ends, says so in a line, and prints nothing of what it had at hand."""

from contextlib import suppress
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from tests.ui.console import console_on


async def test_a_crash_tells_its_kind_and_no_value_at_hand(
    steve: Steve, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def break_down() -> None:
        merchant = "Ca\x1b[2Jfe"
        raise LookupError(merchant)

    with suppress(LookupError):  # run_test raises anew what ended the console
        async with console_on(steve, tmp_path) as console:
            console.app.call_later(break_down)
            await console.settle()
    assert console.app.return_code == 1
    printed = "".join(capsys.readouterr())
    assert "review-tui: unexpected LookupError" in printed
    assert "merchant" not in printed
    assert "break_down" not in printed
    assert "break_down" in caplog.text


async def test_what_is_ignored_while_it_ends_is_said_nowhere(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path) as console:
        pass
    console.app._ignored = 3
    console.app._say_ignored()
    assert console.app._exception is None
