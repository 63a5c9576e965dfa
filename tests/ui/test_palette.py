"""The palette's line: what is pasted there may come from a document."""

import pytest
from textual import events
from textual.widgets import Input

from tests.ui.console import Console


@pytest.mark.parametrize("text", ["\x1b[31mred", "\x1b]52;c;cm0=\x07", "\x9b2J", "\u202eevil", "a\u200bb"])
async def test_a_paste_that_would_act_on_the_terminal_is_not_drawn(console: Console, text: str) -> None:
    await console.press("ctrl+p", "o")
    console.app.post_message(events.Paste(text))
    await console.settle()
    assert console.app.screen.query_one(Input).value == "o"
    await console.press("backspace", *"hel")
    console.app.post_message(events.Paste("p"))
    await console.settle()
    assert console.app.screen.query_one(Input).value == "help"
