"""A link that dies in the middle of an answer: what was read stays, it is said, and the console goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from review_tui.client.steve import Steve
from review_tui.model.freshness import FreshnessState
from tests.client.rawserver import KEY, Asked, answer, misbehaving
from tests.ui.console import Console, console_on


def row_of(name: str, score: float) -> dict[str, Any]:
    created = f"2026-03-25T10:00:0{name[-1]}.000Z"
    return {"id": name, "submissionStatus": "review", "createdAt": created, "fraudScore": score}


@dataclass
class Link:
    """A server of three submissions; what ends with one of the paths in `dies` is cut off in its middle."""

    dies: set[str] = field(default_factory=set)
    score: float = 7.0

    async def behave(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        path = asked.target.partition("?")[0]
        if path.endswith("/submissions"):
            said = answer({"data": [row_of(name, self.score) for name in ("k3", "k2", "k1")]})
        elif "/submissions/" in path:
            name = path.rpartition("/")[2]
            more = {"fraudMatches": [], "events": [], "externalUser": {"name": f"sent by {name}"}}
            said = answer({"data": row_of(name, self.score) | more})
        else:
            said = answer({"data": []})
        dies = any(path.endswith(one) for one in self.dies)
        writer.write(said[: said.index(b"{") + 40] if dies else said)


@asynccontextmanager
async def console_over(link: Link, folder: Path) -> AsyncIterator[Console]:
    """A console that has loaded what the link gives, its newest submission on the screen."""
    async with (
        misbehaving(link.behave) as server,
        Steve(server.base_url, KEY) as steve,
        console_on(steve, folder, size=(140, 40), loaded=False) as console,
    ):
        await console.until(lambda: "sent by k3" in console.text())
        yield console


async def test_a_detail_that_is_cut_off_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    link = Link(dies={"/k2"})
    async with console_over(link, tmp_path) as console:
        await console.press("j")
        console.clock.turn(1)
        await console.until(lambda: "The answer ends in the middle." in console.text())
        assert console.selected == "k2"
        await console.press("a")
        assert not console.desk.open_decisions, "what was not read is not decided"
        await console.press("k")
        assert "sent by k3" in console.text()
        await console.press("j")
        link.dies.clear()
        await console.give("refresh")
        console.clock.turn(1)
        await console.until(lambda: "sent by k2" in console.text())


async def test_what_was_read_of_a_detail_stays_where_the_next_reading_is_cut_off(tmp_path: Path) -> None:
    link = Link()
    async with console_over(link, tmp_path) as console:
        link.dies.add("/k3")
        link.score = 8.0
        await console.give("refresh")
        await console.until(lambda: console.review.state.failure)
        assert "sent by k3" in console.text()
        assert "Shown as read before; reading it again failed" in console.text()
        link.dies.clear()
        await console.give("refresh")
        await console.until(lambda: console.review.state.failure is None)
        assert "sent by k3" in console.text()


async def test_a_list_that_is_cut_off_leaves_rows_and_detail(tmp_path: Path) -> None:
    link = Link()
    async with console_over(link, tmp_path) as console:
        link.dies.add("/submissions")
        await console.give("refresh")
        await console.until(lambda: console.desk.freshness.state is FreshnessState.STALE)
        assert [row.id for row in console.review.state.rows] == ["k3", "k2", "k1"]
        assert "sent by k3" in console.text()
        assert "stale since" in console.text()
        await console.press("j")
        console.clock.turn(1)
        await console.until(lambda: "sent by k2" in console.text())
