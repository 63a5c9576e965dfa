"""Hostile submissions and servers at the console: what is drawn is text, and the console lives on."""

import asyncio
import gc
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from review_tui.client.steve import Steve
from review_tui.model.freshness import FreshnessState
from review_tui.model.submissions import read_detail
from review_tui.ui.detail_view import DetailView, Tab
from review_tui.ui.widgets.detail import DetailPane
from tests.client.rawserver import KEY, Asked, answer, bomb, misbehaving, zipped
from tests.ui.console import Console, console_on
from tests.ui.panes import looking
from tests.ui.samples import a_submission, a_view

OWN = re.compile(r"\x1b\[(?:[0-9;]*m|[0-9]+;[0-9]+H)|\n")
FOREIGN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

STALL = 0.25
"""Seconds of computing for which nothing may hold up the screen."""


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
    await console.press("r", "1", "question_mark", "q")
    sent = OWN.sub("", "".join(console.app.frames))
    assert FOREIGN.findall(sent) == []
    assert "␛" in sent


@pytest.mark.parametrize("sandbox_app", ["hostile"], indirect=True)
async def test_a_click_on_hostile_text_does_no_more_than_select_its_row(console: Console) -> None:
    queue = console.review.query_one("#queue-rows").region
    await console.go_to(lambda row: "[@click" in (row.merchant or ""))
    selected = console.selected
    for tab in range(len(Tab)):
        lines = console.lines()
        assert tab or any("[@click" in line for line in lines)
        places = [(line.find("[@click") + 3, y) for y, line in enumerate(lines) if "[@click" in line]
        for place in places[:5]:
            await console.pilot.click(offset=place)
            await console.settle()
            assert console.dialog is None
            assert queue.contains(*place) or console.selected == selected
            selected = console.selected
        await console.press("l", "tab")
    assert console.app.return_code is None
    assert not console.desk.open_decisions


GOOD = answer({"data": [{"id": "k1", "submissionStatus": "review", "createdAt": "2026-03-25T10:00:00.000Z"}]})
WORST: dict[str, bytes] = {
    "HTML": answer(b"<!doctype html><h1>Welcome</h1>", kind="text/html"),
    "no JSON": answer(b"{"),
    "cut off": GOOD.replace(b"Content-Length: ", b"Content-Length: 9"),
    "another shape": answer({"data": 7}),
    "a bomb": answer(bomb(40), headers="Content-Encoding: gzip\r\n"),
    "packed twice": answer(zipped(zipped(b"{}")), headers="Content-Encoding: gzip, gzip\r\n"),
    "a redirect": answer(b"", status=302, headers="Location: http://127.0.0.1:9/\r\n"),
    "a promise of too much": GOOD.replace(b"Content-Length: ", b"Content-Length: 99999999"),
    "no HTTP": b"\x00\x01SSH-2.0-OpenSSH\r\n\r\n",
    "nothing": b"",
    "a fault": answer({"title": "\x1b]0;x\x07"}, status=500, headers="Retry-After: NaN\r\n"),
    "a refusal": answer({"detail": "\x1b[2J"}, status=400, headers="Retry-After: -5\r\n"),
    "a limit": answer({}, status=429, headers="Retry-After: 1e308\r\n"),
}
"""What a list may be answered with."""


@pytest.mark.parametrize("worst", WORST.values(), ids=WORST)
async def test_the_last_good_state_is_kept_whatever_is_answered(tmp_path: Path, worst: bytes) -> None:
    said = GOOD

    async def behave(asked: Asked, writer: asyncio.StreamWriter) -> None:
        is_list = asked.target.startswith("/api/v1/submissions?")
        detail = {"id": "k1", "submissionStatus": "review", "fraudMatches": [], "events": []}
        writer.write(said if is_list else answer(detail if "k1" in asked.target else {"data": []}))

    async with (
        misbehaving(behave) as server,
        Steve(server.base_url, KEY) as steve,
        console_on(steve, tmp_path, loaded=False) as console,
    ):
        await console.until(lambda: console.review.state.detail)
        said = worst
        await console.give("refresh")
        await console.until(lambda: console.desk.freshness.failure)
        assert console.desk.freshness.state is FreshnessState.STALE
        assert [row.id for row in console.review.state.queue.rows] == ["k1"]
        assert console.review.state.detail is not None
        assert "stale since" in console.text()
        said = GOOD
        await console.give("refresh")
        await console.until(lambda: console.desk.freshness.state is FreshnessState.LIVE)
        assert FOREIGN.findall(OWN.sub("", "".join(console.app.frames))) == []


def enormous() -> dict[str, Any]:
    """A submission with 100,000 keys, 60,000 files, and more of everything than can be looked at."""
    body = a_submission()
    fields: dict[str, Any] = {f"f{n}\x1b": {"value": "x\u202e" * 5, "confidence": 0.5} for n in range(20_000)}
    body["extractedData"] = fields | {f"g{n}": "v" for n in range(60_000)}
    body["metadata"] = {f"m{n}": "v" for n in range(20_000)}
    body["files"] = [{"id": f"f{n}", "fileName": f"n{n}\x1b[2J.pdf"} for n in range(60_000)]
    body["events"] = [{"type": "x\u202e" * 100, "message": "m\x9b" * 2_000} for _ in range(300)]
    told = [{"name": f"n{n}", "value": "v" * 3_000, "matchedValue": "w" * 3_000} for n in range(300)]
    body["fraudMatches"] = [{"id": f"m{n}", "type": "z\x1b", "details": {"fields": told}} for n in range(200)]
    return body


def acts(pane: DetailPane, view: DetailView) -> dict[str, Callable[[], None]]:
    return {
        "show": lambda: pane.show(view),
        "down": lambda: pane.body.action_move(1),
        "end": lambda: pane.body.action_to_end(1),
    }


async def test_no_submission_is_so_large_that_the_screen_stalls() -> None:
    detail = read_detail(enormous())
    view = a_view(detail)
    other = a_view(read_detail(a_submission("other")))
    taken: dict[str, float] = {}
    gc.collect()
    gc.freeze()  # what other tests of this process have left is not looked through again and again
    async with looking((140, 40)) as seen:
        for tab in Tab:
            seen.pane.open_tab(tab)
            await seen.show(other)
            for what, act in acts(seen.pane, view).items():
                gc.collect()
                began = time.thread_time()
                act()
                taken[f"{tab} {what}"] = time.thread_time() - began
            await seen.pilot.pause()
    slow = {what: round(seconds, 3) for what, seconds in taken.items() if seconds > STALL}
    assert slow == {}
