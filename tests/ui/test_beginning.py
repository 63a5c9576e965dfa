"""Starting again: the list of last time is there at once, as something to look at and nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.ui.picture import Picture
from review_tui.ui.render.submissions import MARKER
from review_tui.ui.screens.beginning import AGAIN, SOON, Pictures
from tests.ui.console import FIRST_ROW, console_on
from tests.ui.test_holding import posts
from tests.wire import steve_on

SIZE = (140, 40)
MARK = "○ as of last time, "


@dataclass
class Shelf:
    """Keeps the picture of the next time, and counts how often it was kept and forgotten."""

    picture: Mapping[str, object] | None = None
    kept: int = 0
    forgotten: int = field(default=0)

    @property
    def pictures(self) -> Pictures:
        return Pictures(Picture.of(self.picture), self._keep, self._forget)

    def _keep(self, picture: Mapping[str, object]) -> None:
        self.picture = picture
        self.kept += 1

    def _forget(self) -> None:
        self.picture = None
        self.forgotten += 1


async def a_shelf_from_last_time(app: Starlette, folder: Path) -> Shelf:
    """Work for a moment; return what was kept of it."""
    shelf = Shelf()
    given: dict[str, Any] = {"size": SIZE, "last_time": shelf.pictures}
    async with steve_on(app) as steve, console_on(steve, folder, **given) as console:
        console.clock.turn(SOON)
        await console.press("k")
        await console.until(lambda: shelf.kept)
    assert shelf.picture is not None
    return shelf


async def test_the_rows_are_kept_as_they_stood_without_the_cursor(
    sandbox_app: Starlette, tmp_path: Path
) -> None:
    shelf = Shelf()
    given: dict[str, Any] = {"size": SIZE, "last_time": shelf.pictures}
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, **given) as console:
        assert not shelf.kept
        console.clock.turn(SOON)
        await console.press("j", "k")
        await console.until(lambda: shelf.kept)
        lines, once = console.lines(), shelf.kept
        await console.press("j")
        await console.poll()
        assert shelf.kept == once
        console.clock.turn(AGAIN)
        await console.press("k")
        await console.until(lambda: shelf.kept == once + 1)
    picture = Picture.of(shelf.picture)
    assert picture is not None
    texts = ["".join(text for text, _ in line).rstrip() for line in picture.lines]
    assert MARKER not in "".join(texts)
    assert [lines[FIRST_ROW + 1].startswith(text) for text in texts[2:3]] == [True]
    assert (picture.size, picture.top) == (SIZE, FIRST_ROW - 1)
    assert set(picture.pens) >= {role for line in picture.lines for _, role in line}


async def test_until_the_first_page_is_in_they_are_shown_and_cannot_be_decided_on(
    sandbox_app: Starlette, sandbox: Sandbox, tmp_path: Path
) -> None:
    shelf = await a_shelf_from_last_time(sandbox_app, tmp_path)
    picture = Picture.of(shelf.picture)
    assert picture is not None
    first = "".join(text for text, _ in picture.lines[1]).rstrip()
    sandbox.faults.add(Fault("delay", "GET", "*/submissions", delay=1.5))
    given: dict[str, Any] = {"size": SIZE, "last_time": shelf.pictures, "loaded": False}
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, **given) as console:
        await console.settle()
        assert not console.review.state.started
        assert MARK in console.lines()[0]
        assert console.lines()[FIRST_ROW].startswith(first)
        await console.press("a", "r", "x", "space")
        assert console.dialog is None
        assert console.review.state.selected is None
        await console.until(lambda: console.review.state.started)
        assert MARK not in console.text()
        assert console.lines()[FIRST_ROW].startswith(MARKER)
        assert posts(sandbox) == []


async def test_a_key_that_is_refused_has_the_list_forgotten(
    sandbox_app: Starlette, sandbox: Sandbox, tmp_path: Path
) -> None:
    shelf = await a_shelf_from_last_time(sandbox_app, tmp_path)
    kept = shelf.kept
    sandbox.faults.add(Fault("status", "GET", "*/submissions", value="403", times=9))
    given: dict[str, Any] = {"size": SIZE, "last_time": shelf.pictures, "loaded": False}
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, **given) as console:
        await console.until(lambda: shelf.forgotten)
        assert MARK not in console.text()
        assert "● review" not in console.text()
    assert (shelf.picture, shelf.kept) == (None, kept)


@pytest.mark.parametrize("sandbox_app", ["empty"], indirect=True)
async def test_where_nothing_is_left_to_review_nothing_is_kept(
    sandbox_app: Starlette, tmp_path: Path
) -> None:
    shelf = Shelf()
    given: dict[str, Any] = {"size": SIZE, "last_time": shelf.pictures}
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, **given) as console:
        console.clock.turn(SOON)
        await console.press("k")
        await console.until(lambda: shelf.forgotten)
    assert (shelf.picture, shelf.kept) == (None, 0)
