"""Hostile submissions at the console: what reaches the terminal is text and the console's own styling."""

import re

import pytest

from review_tui.ui.detail_view import Tab
from tests.ui.console import Console

OWN = re.compile(r"\x1b\[(?:[0-9;]*m|[0-9]+;[0-9]+H)|\n")
FOREIGN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@pytest.mark.parametrize("sandbox_app", ["hostile"], indirect=True)
async def test_no_byte_of_a_document_reaches_the_terminal_as_a_command(console: Console) -> None:
    queue = console.review.state.queue
    assert any(row.altered for row in queue.rows)
    for number in range(24):
        await console.press("j")
        console.clock.turn(1)
        await console.settle()
        if number % 8 == 0:
            await console.press("l", *["tab"] * len(Tab))
    await console.press("r", "1", "enter", "question_mark", "q")
    sent = OWN.sub("", "".join(console.app.frames))
    assert FOREIGN.findall(sent) == []
    assert "␛" in sent
