"""The console as a program: one screen, its styles, how it starts and how it ends."""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import NoColor

import review_tui
from review_tui.model.decisions import Leave
from review_tui.model.preferences import Preferences
from review_tui.ui.commands import Place, bindings
from review_tui.ui.copies import Copies
from review_tui.ui.drawing import DrawnApp
from review_tui.ui.key_names import speak_of
from review_tui.ui.render.line import Role
from review_tui.ui.render.words import counted
from review_tui.ui.screens.beginning import Pictures
from review_tui.ui.screens.finding import ThemeChosen
from review_tui.ui.screens.review import ReviewScreen
from review_tui.ui.terminal.driver import GuardedDriver, InputIgnored
from review_tui.ui.terminal.seen import Seen
from review_tui.ui.terminal.splash import Splash
from review_tui.ui.themes import THEMES, Colorless, drawn, remembered
from review_tui.workers.face import DeskFace
from review_tui.workers.memory import Memory
from review_tui.workers.notebook import Notebook

log = logging.getLogger(__name__)

SHEETS: Final = ("app", "chrome", "queue", "detail", "dialogs", "jobs")

ONE_BURST: Final = 0.2
"""Seconds within which ignored input is counted as one and said once."""


def style_sheets() -> list[Path]:
    """Return the style sheets: inside the package when it is installed, beside it in the repository."""
    package = Path(review_tui.__file__).parent
    folder = package / "styles" if (package / "styles").is_dir() else package.parent / "styles"
    return [folder / f"{name}.tcss" for name in SHEETS]


def local_now() -> datetime:
    """Return the time in the zone of this machine."""
    return datetime.now(UTC).astimezone()


class ReviewApp(DrawnApp, inherit_bindings=False):
    """The console at one desk; `downloads` is the folder for files, `driver` None takes Textual's own.

    After `run(mouse=False)`, `return_code` is 0 or the code that it was told to end with. A bug ends it
    with 1, and leaves the desk to who made it.
    """

    TITLE = "review-tui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.APP),
        Binding("ctrl+c", "interrupt", show=False, priority=True),
    ]

    def __init__(  # noqa: PLR0913 – one name for each thing a console is made of
        self,
        desk: DeskFace,
        *,
        downloads: Path,
        now: Callable[[], datetime] | None = None,
        driver: type[Driver] | None = GuardedDriver,
        preferences: Preferences | None = None,
        memory: Memory | None = None,
        notebook: Notebook | None = None,
        copies: Copies | None = None,
        splash: Splash | None = None,
        last_time: Pictures | None = None,
        came_up: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(driver_class=driver, css_path=list(style_sheets()), ansi_color=True)
        self.desk = desk
        self.splash = splash
        self._came_up = came_up
        self._preferences = preferences or Preferences()
        self._memory = memory or Memory()
        self._review = ReviewScreen(
            desk,
            downloads=downloads,
            now=now or local_now,
            preferences=self._preferences,
            memory=self._memory,
            notebook=notebook or Notebook(),
            copies=self._reaching_the_terminal(copies or Copies()),
            seen=Seen(lambda: self._driver),
            last_time=last_time,
        )
        self.set_keymap(dict(self._review.keymap.bindings))
        speak_of(self._review.keymap.names)
        self._ending: asyncio.Task[None] | None = None
        self._code: int | None = None
        self._turning: asyncio.AbstractEventLoop | None = None
        self._ignored = 0
        self.animation_level = "none"
        self._disable_notifications = self._disable_tooltips = True  # there are none, and each costs a layout
        # Textual takes an empty NO_COLOR for a wish, and its filter sends the terminal's default colours.
        self.no_color = not self._preferences.color or bool(os.environ.get("NO_COLOR"))
        self._filters = [one for one in self._filters if not isinstance(one, NoColor)]
        self._filters += [Colorless()] if self.no_color else []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._drawn(remembered(self._memory.get("theme"), self._preferences.theme))

    def choose_theme(self, name: str) -> None:
        """Paint with the theme of this name from now on, also at the next start."""
        self._memory.put("theme", [self._preferences.theme, name])
        self.theme = self._drawn(name)
        why = "" if self.theme == name else " – this terminal has too few colours, so its own are shown"
        self._review.hint(f"theme: {name}{why}", Role.DIM)

    def on_theme_chosen(self, message: ThemeChosen) -> None:
        """Paint with the theme that was chosen in the palette."""
        self.choose_theme(message.name)

    def _drawn(self, name: str) -> str:
        return drawn(name, self.console.color_system, any_color=not self.no_color)

    def _reaching_the_terminal(self, copies: Copies) -> Copies:
        """Let the clipboard send its sequences through our driver."""

        def write(sequence: str) -> None:
            if self._driver is not None:
                self._driver.write(sequence)

        return replace(copies, clipboard=replace(copies.clipboard, write=write))

    @property
    def harmless(self) -> frozenset[str]:
        """The characters that only move, for the guard of the input."""
        return self._review.keymap.harmless

    @property
    def moves(self) -> frozenset[str]:
        """The keys that move in lists, for the backlog of the input."""
        return self._review.keymap.moves

    async def on_event(self, event: events.Event) -> None:
        """Let the mouse select where the queue is; whatever stands over it is answered by keys alone.

        A press beside the window, as one that it shrank under, would take the keyboard from everybody.
        """
        if isinstance(event, events.MouseEvent):
            pressed = isinstance(event, (events.MouseDown, events.MouseUp))
            inside = self.size.region.contains(event.x, event.y)
            if not inside or (pressed and self.screen is not self._review):
                return
        await super().on_event(event)

    def get_default_screen(self) -> ReviewScreen:
        """Return the one screen."""
        return self._review

    @property
    def leaving(self) -> frozenset[str]:
        """The characters that leave, for what is typed before there is anything to see."""
        return frozenset(key for key in self._review.keymap.by_id["quit"].keys if len(key) == 1)

    def on_mount(self) -> None:
        """Start the desk once something is seen; end at once where that was asked for before we came up."""
        self._turning = asyncio.get_running_loop()
        self.call_after_refresh(self._start_work)
        if self._code is not None:
            self.leave(self._code)

    def _start_work(self) -> None:
        self._came_up()
        if self._ending is None:
            self.run_worker(self.desk.run(), name="desk", exit_on_error=False)

    def on_leaving_typed(self) -> None:
        """Leave, as was asked for before anything could be seen."""
        self.action_leave()

    def told_to_end(self, code: int) -> None:
        """End with this exit code; any thread may say so, also before the console is up."""
        self._code = code
        if self._turning is not None:
            with suppress(RuntimeError):  # it has ended already
                self._turning.call_soon_threadsafe(self.leave, code)

    def let_go(self) -> None:
        """Give up a terminal that takes nothing, from another thread, so that the end is not held up."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.let_go()

    def leave(self, code: int = 0, how: Leave = Leave.KEEP) -> None:
        """End with this exit code, once decisions on their way have been given their few seconds."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(code, how))

    async def _end(self, code: int, how: Leave) -> None:
        self.workers.cancel_all()
        self._review.beginning.keep()
        sent = how is Leave.SEND or any(not one.stage.is_unsent for one in self.desk.open_decisions)
        if not sent and isinstance(self._driver, GuardedDriver):
            self._driver.stop_application_mode()  # what is left to close needs no terminal
        await self.desk.leave(how)
        self.exit(return_code=code)

    def on_paste(self, event: events.Paste) -> None:
        """Say that a paste which nobody took went nowhere."""
        self._count_ignored(len(event.text))

    def on_input_ignored(self, message: InputIgnored) -> None:
        """Say that what came was no key."""
        self._count_ignored(message.count)

    def _count_ignored(self, count: int) -> None:
        if not self._ignored:
            self.set_timer(ONE_BURST, self._say_ignored)
        self._ignored += count

    def _say_ignored(self) -> None:
        count, self._ignored = self._ignored, 0
        if self.is_running:  # else there is no screen any more to say it on
            self._review.hint(f"ignored {counted(count, 'character')} that nobody typed", Role.DIM)

    def _fatal_error(self) -> None:
        """End and say so in a line; Textual's report prints the values at hand, which are documents."""
        error = self._exception
        log.critical("the console failed", exc_info=error)
        words = f"review-tui: unexpected {type(error).__name__}; set REVIEW_TUI_LOG to a file to learn more"
        self._exit_renderables.append(Text(words))
        self._close_messages_no_wait()

    def action_leave(self) -> None:
        """Leave; ask first while a decision is held or under way."""
        self._review.holding.leave(lambda how: self.leave(how=how))

    def action_interrupt(self) -> None:
        """Do what SIGINT does."""
        self.leave(130)
