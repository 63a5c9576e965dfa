"""A detail pane by itself, in the console's own styles, for looking at it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pyte
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.events import Paste
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import ModalScreen, Screen

from review_tui.ui.app import style_sheets
from review_tui.ui.detail_view import DetailView
from review_tui.ui.themes import TERMINAL, THEMES
from review_tui.ui.widgets.detail import DetailPane, FileChosen, MatchChosen, MatchedWanted
from tests.ui.samples import a_view


class PaneApp(App[None]):
    """Nothing but the pane; keeps what it says."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__(css_path=list(style_sheets()), ansi_color=True)
        self.register_theme(THEMES[0])
        self.theme = TERMINAL
        self.said: list[Message] = []
        self.frames: list[str] = []
        self.came: list[int] = []
        self.pane = DetailPane(lambda: self.came.append(len(self.frames)), id="detail")

    def compose(self) -> ComposeResult:
        yield self.pane

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.frames.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)

    def on_match_chosen(self, message: MatchChosen) -> None:
        self.said.append(message)

    def on_matched_wanted(self, message: MatchedWanted) -> None:
        self.said.append(message)

    def on_file_chosen(self, message: FileChosen) -> None:
        self.said.append(message)


@dataclass
class Looked:
    """A running pane and what a test does with it."""

    app: PaneApp
    pilot: Pilot[None]
    _terminal: pyte.Screen | None = None

    @property
    def pane(self) -> DetailPane:
        """The pane."""
        return self.app.pane

    async def show(self, view: DetailView) -> None:
        """Hand the pane a view, the way the screen does."""
        self.pane.show(view)
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        """Press keys in the body of the pane."""
        self.pane.body.focus()
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def text(self) -> str:
        """What is on the screen, without colours and trailing blanks."""
        return screen_text(self.app)

    def terminal(self) -> str:
        """What a terminal shows that got nothing but the frames that were sent."""
        if self._terminal is None:
            self._terminal = pyte.Screen(*self.app.size)
        stream = pyte.Stream(self._terminal)
        stream.feed("".join(self.app.frames))
        self.app.frames.clear()
        return "\n".join(line.rstrip() for line in self._terminal.display) + "\n"

    def wanted(self) -> list[str]:
        """The submissions that the pane asked for, in order."""
        return [message.submission_id for message in self.app.said if isinstance(message, MatchedWanted)]


@dataclass
class Asked:
    """A dialog over a pane; `answers` holds what it gave, once it has."""

    app: PaneApp
    pilot: Pilot[None]
    answers: list[object]

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def paste(self, text: str) -> None:
        """Paste, as a terminal with bracketed paste does."""
        self.app.post_message(Paste(text))
        await self.pilot.pause()
        await self.pilot.pause()

    def text(self) -> str:
        """What is on the screen, without colours and trailing blanks."""
        return screen_text(self.app)


def screen_text(app: App[None]) -> str:
    """Return what an app shows, without colours and trailing blanks."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert isinstance(update, LayoutUpdate)
    lines = ["".join(segment.text for segment in strip).rstrip() for strip in update.strips]
    return "\n".join(lines) + "\n"


@asynccontextmanager
async def looking(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Looked]:
    """Run a pane of this size."""
    app = PaneApp()
    async with app.run_test(size=size) as pilot:
        yield Looked(app, pilot)


@asynccontextmanager
async def asking(dialog: ModalScreen[Any], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Asked]:
    """Run a dialog over a pane of this size."""
    async with looking(size) as seen:
        await seen.show(a_view())
        answers: list[object] = []
        seen.app.push_screen(dialog, answers.append)
        await seen.pilot.pause()
        yield Asked(seen.app, seen.pilot, answers)
