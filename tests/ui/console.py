"""The console on a desk whose clock is turned by hand, with what it draws and sends kept for looking at."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from review_tui.client.steve import Steve
from review_tui.model.preferences import Advance, Preferences
from review_tui.model.queue import Filter
from review_tui.model.submissions import Row
from review_tui.ui.app import ReviewApp
from review_tui.ui.commands import BY_ID
from review_tui.ui.copies import Copies
from review_tui.ui.saying import notice_at
from review_tui.ui.screens.beginning import Pictures
from review_tui.ui.screens.review import ReviewScreen
from review_tui.workers.desk import Desk, desk_on
from review_tui.workers.face import DeskFace
from review_tui.workers.memory import Memory
from review_tui.workers.notebook import Notebook
from tests.wire import NOON
from tests.workers.handclock import first_of

FIRST_ROW = 3
"""The line of the newest row: the header, the views and the names of the columns stand above it."""

STAYING = Preferences(advance=Advance.OFF)
"""What is decided stays selected."""


class HandClock:
    """Time that passes only when it is turned."""

    def __init__(self, start: datetime = NOON) -> None:
        self._start = start
        self._passed = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    async def sleep(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        slept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._passed + seconds, slept))
        await first_of(slept, unless)

    def turn(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._passed += seconds
        due = [future for at, future in self._sleepers if at <= self._passed]
        self._sleepers = [(at, future) for at, future in self._sleepers if at > self._passed]
        for future in due:
            if not future.done():
                future.set_result(None)


class Watched(ReviewApp):
    """A console that keeps every frame it would have sent to a terminal."""

    def __init__(self, desk: DeskFace, **given: Any) -> None:
        self.frames: list[str] = []
        super().__init__(desk, **given)

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.frames.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)


@dataclass
class Console:
    """What a test does with a running console."""

    app: Watched
    pilot: Pilot[None]
    clock: HandClock
    desk: Desk
    downloads: Path

    @property
    def review(self) -> ReviewScreen:
        """The review screen, also while a dialog stands over it."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, ReviewScreen)
        return screen

    @property
    def dialog(self) -> type[object] | None:
        """What stands over the review screen."""
        return None if len(self.app.screen_stack) == 1 else type(self.app.screen)

    @property
    def selected(self) -> str:
        """The id of the selected submission."""
        assert self.review.state.selected is not None
        return self.review.state.selected

    @property
    def says(self) -> str:
        """The status line."""
        notice = notice_at(self.review.state, self.clock.now())
        return notice.text if notice else ""

    def strips(self) -> Sequence[Sequence[Strip]]:
        """What is on the screen, line by line."""
        update = self.app.screen._compositor.render_update(
            full=True, screen_stack=self.app._background_screens
        )
        assert isinstance(update, LayoutUpdate)
        return [list(line) for line in update.strips]

    def lines(self) -> list[str]:
        """What is on the screen, without colours and trailing blanks."""
        return ["".join(strip.text for strip in line).rstrip() for line in self.strips()]

    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines()) + "\n"

    async def press(self, *keys: str) -> None:
        """Press keys and let the console come to rest."""
        await self.pilot.press(*keys)
        await self.settle()

    async def give(self, command_id: str) -> None:
        """Give a command by the first of its keys."""
        await self.press(BY_ID[command_id].keys[0])

    async def settle(self) -> None:
        """Let everything that is under way come to rest."""
        for _ in range(2):
            await self.pilot.pause()

    async def until(self, happened: Callable[[], object], *, within: float = 10.0) -> None:
        """Wait until something is true; fails with what is on the screen."""
        deadline = asyncio.get_running_loop().time() + within
        while not happened():
            assert asyncio.get_running_loop().time() < deadline, f"not within {within} s:\n{self.text()}"
            await self.pilot.pause(0.02)
        await self.settle()

    async def go_to(self, wanted: Callable[[Row], object]) -> Row:
        """Move down to the first row that is wanted, with its detail on the screen."""
        await self.press("g")
        rows = self.review.state.rows
        index = next(index for index, row in enumerate(rows) if wanted(row))
        await self.press(*["j"] * index)
        self.clock.turn(0.5)
        await self.until(lambda: self.review.state.detail)
        return rows[index]

    async def poll(self) -> None:
        """Let the next poll happen."""
        self.clock.turn(15)
        await self.settle()

    async def frames_of(self, *keys: str) -> list[str]:
        """Press keys and return the frames that were sent to the terminal for them."""
        await self.settle()
        before = len(self.app.frames)
        await self.press(*keys)
        return self.app.frames[before:]


@asynccontextmanager
async def console_on(
    steve: Steve,
    downloads: Path,
    *,
    size: tuple[int, int] = (80, 24),
    asked: Filter | None = None,
    loaded: bool = True,
    preferences: Preferences = STAYING,
    memory: Memory | None = None,
    notebook: Notebook | None = None,
    copies: Copies | None = None,
    last_time: Pictures | None = None,
    start: datetime = NOON,
    **desk_with: Any,
) -> AsyncIterator[Console]:
    """Run the console on a client; with `loaded`, wait for the first page and its first detail.

    What is decided is sent at once, unless `desk_with` says otherwise: it goes on to `desk_on`. The selection
    stays on it, unless `preferences` say otherwise.
    """
    clock = HandClock(start)
    desk = desk_on(steve, key_hint="aok_…0000", asked=asked, clock=clock, **{"hold": {}, **desk_with})
    app = Watched(
        desk,
        downloads=downloads,
        now=clock.now,
        preferences=preferences,
        memory=memory,
        notebook=notebook,
        copies=copies,
        last_time=last_time,
    )
    async with app.run_test(size=size) as pilot:
        console = Console(app, pilot, clock, desk, downloads)
        if loaded:
            await console.until(lambda: console.review.state.started and desk.company)
            if console.review.state.queue.rows:
                await console.until(lambda: console.review.state.detail)
        yield console
    await desk.close()
