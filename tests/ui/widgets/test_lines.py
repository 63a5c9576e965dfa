"""The line view: it scrolls by itself and sends only the cells that differ."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from rich.style import Style
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen

from review_tui.ui.app import style_sheets
from review_tui.ui.render.line import Line, Role
from review_tui.ui.themes import TERMINAL, THEMES
from review_tui.ui.widgets.lines import LineView
from review_tui.ui.widgets.strips import strip_of


def numbered(count: int) -> list[Line]:
    return [((f"line {number}", Role.PLAIN),) for number in range(count)]


class FocusableLines(LineView, can_focus=True):
    """Lines that take the keyboard."""


class Page(App[None]):
    """Nothing but lines."""

    def __init__(self) -> None:
        super().__init__(css_path=list(style_sheets()), ansi_color=True)
        self.register_theme(THEMES[0])
        self.theme = TERMINAL
        self.view = FocusableLines()
        self.frames: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.frames.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)

    def seen(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[None]]:
    async with Page().run_test(size=(20, 6)) as pilot:
        yield pilot


async def shown(pilot: Pilot[None], lines: list[Line]) -> Page:
    app = pilot.app
    assert isinstance(app, Page)
    app.view.show_lines(lines)
    await pilot.pause()
    app.frames.clear()
    return app


async def test_lines_are_shown_from_the_top(pilot: Pilot[None]) -> None:
    app = await shown(pilot, numbered(3))
    assert app.seen() == ["line 0", "line 1", "line 2", "", "", ""]


async def test_keys_scroll_as_far_as_there_are_lines(pilot: Pilot[None]) -> None:
    app = await shown(pilot, numbered(20))
    for key, first in (("j", 1), ("k", 0), ("k", 0), ("pagedown", 5), ("G", 14), ("j", 14), ("g", 0)):
        await pilot.press(key)
        await pilot.pause()
        assert app.seen()[0] == f"line {first}", key


async def test_what_is_the_same_is_not_sent_again(pilot: Pilot[None]) -> None:
    app = await shown(pilot, numbered(6))
    app.view.show_lines(numbered(6))
    await pilot.pause()
    assert app.frames == []


async def test_one_changed_word_sends_that_line_only(pilot: Pilot[None]) -> None:
    lines = numbered(6)
    app = await shown(pilot, lines)
    lines[2] = (("line 2", Role.PLAIN), (" done", Role.GOOD))
    app.view.show_lines(lines)
    await pilot.pause()
    assert len(app.frames) == 1
    assert "done" in app.frames[0]
    assert "line 3" not in app.frames[0]
    assert app.seen()[2] == "line 2 done"


async def test_fewer_lines_scroll_back_and_leave_nothing_behind(pilot: Pilot[None]) -> None:
    app = await shown(pilot, numbered(20))
    await pilot.press("G")
    app.view.show_lines(numbered(2))
    await pilot.pause()
    assert app.seen() == ["line 0", "line 1", "", "", "", ""]


async def test_a_line_too_long_says_that_it_was_cut(pilot: Pilot[None]) -> None:
    app = await shown(pilot, [(("漢字" * 10, Role.PLAIN),)])
    assert app.seen()[0] == "漢字漢字漢字漢字漢…"


async def test_a_smaller_window_shows_the_same_first_line(pilot: Pilot[None]) -> None:
    app = await shown(pilot, numbered(20))
    await pilot.press("j", "j")
    await pilot.resize_terminal(12, 4)
    await pilot.pause()
    assert app.seen() == ["line 2", "line 3", "line 4", "line 5"]


async def test_the_terminals_own_colours_need_no_bytes(pilot: Pilot[None]) -> None:
    app = await shown(pilot, [(("plain", Role.PLAIN),)])
    app.view.show_lines([(("other", Role.PLAIN), (" bad", Role.BAD))])
    await pilot.pause()
    assert "\x1b[39" not in app.frames[0]
    assert "49m" not in app.frames[0]
    assert "\x1b[1;31m bad" in app.frames[0]


def test_a_blank_needs_no_style_of_its_own_where_it_looks_like_the_one_before() -> None:
    styles = {role: Style(bgcolor="black") for role in Role}
    styles |= {
        Role.DIM: Style(color="white", bgcolor="black"),
        Role.CURSOR: Style(reverse=True, bgcolor="black"),
    }
    blank = ("  ", Role.PLAIN)
    strip = strip_of(
        (("dim", Role.DIM), blank, ("cursor", Role.CURSOR), blank, ("end", Role.PLAIN)), 20, styles
    )
    assert [segment.text for segment in strip] == ["dim  ", "cursor", "  ", "end    "]
    assert strip.cell_length == 20


async def test_no_color_sends_attributes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with Page().run_test(size=(20, 12)) as pilot:
        app = await shown(pilot, numbered(1))
        app.view.show_lines([((f"{role} ", role),) for role in Role])
        await pilot.pause()
        for colour in ("\x1b[3", ";3", "\x1b[4", ";4", "38;", "48;"):
            assert not any(f"{colour}{digit}" in app.frames[0] for digit in "01234567"), colour
        assert "\x1b[1;7mcursor" in app.frames[0]
