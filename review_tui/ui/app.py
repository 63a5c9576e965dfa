"""The console as a program: one screen, its styles, how it starts and how it ends."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final

from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.theme import BUILTIN_THEMES

import review_tui
from review_tui.model.decisions import Stage, Standing
from review_tui.model.outcomes import UNKNOWN_WORDS
from review_tui.ui.commands import Place, bindings
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.screens.quit import QuitScreen
from review_tui.ui.screens.review import ReviewScreen
from review_tui.ui.signals import on_ending
from review_tui.workers.desk import Desk

log = logging.getLogger(__name__)

SHEETS: Final = ("app", "chrome", "queue", "detail", "dialogs")

TERMINAL: Final = replace(
    BUILTIN_THEMES["ansi-dark"], name="terminal", primary="ansi_cyan", accent="ansi_cyan"
)
"""The terminal's own palette on its own background."""


def style_sheets() -> list[Path]:
    """Return the style sheets: inside the package when it is installed, beside it in the repository."""
    package = Path(review_tui.__file__).parent
    folder = package / "styles" if (package / "styles").is_dir() else package.parent / "styles"
    return [folder / f"{name}.tcss" for name in SHEETS]


def local_now() -> datetime:
    """Return the time in the zone of this machine."""
    return datetime.now(UTC).astimezone()


class ReviewApp(App[None], inherit_bindings=False):
    """The console at one desk; `downloads` is the folder for files.

    After `run(mouse=False)`, `return_code` is 0 or 128+n for a signal, and `unknown` holds the decisions
    whose outcome is not known.
    """

    TITLE = "review-tui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.APP),
        Binding("ctrl+c", "interrupt", show=False, priority=True),
    ]

    def __init__(self, desk: Desk, *, downloads: Path, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(css_path=list(style_sheets()), ansi_color=True)
        self.desk = desk
        self.unknown: list[Standing] = []
        self._review = ReviewScreen(desk, downloads=downloads, now=now or local_now)
        self._ending: asyncio.Task[None] | None = None
        self._stop_listening: Callable[[], None] = lambda: None
        self.animation_level = "none"
        self.register_theme(TERMINAL)
        self.theme = TERMINAL.name

    def get_default_screen(self) -> ReviewScreen:
        """Return the one screen."""
        return self._review

    def on_mount(self) -> None:
        """Start the desk, and listen to being asked to end."""
        self._stop_listening = on_ending(self.leave)
        self.run_worker(self.desk.run(), name="desk", exit_on_error=False)

    def on_unmount(self) -> None:
        """Stop listening to signals."""
        self._stop_listening()

    def leave(self, code: int = 0) -> None:
        """End with this exit code, once open decisions have been given their few seconds."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end(code))

    async def _end(self, code: int) -> None:
        self.workers.cancel_all()
        self.unknown = await self.desk.close()
        self.exit(return_code=code)

    def _fatal_error(self) -> None:
        """End and say so in a line; Textual's report prints the values at hand, which are documents."""
        error = self._exception
        log.critical("the console failed", exc_info=error)
        words = f"review-tui: unexpected {type(error).__name__}; set REVIEW_TUI_LOG to a file to learn more"
        self._exit_renderables.append(Text(words))
        self.unknown = [
            Standing(standing.intent, Stage.UNKNOWN, UNKNOWN_WORDS) for standing in self.desk.open_decisions
        ]
        self._close_messages_no_wait()

    def action_leave(self) -> None:
        """Leave; ask first while a decision is under way."""
        waiting = [
            f"{standing.intent.verb.capitalize()} {self._named(standing.intent.submission_id)}"
            for standing in self.desk.open_decisions
        ]
        if not waiting:
            self.leave()
            return

        def answered(sure: bool | None) -> None:  # noqa: FBT001 – the shape of a dialog's answer
            if sure:
                self.leave()

        self.push_screen(QuitScreen(waiting), answered)

    def _named(self, submission_id: str) -> str:
        row = self._review.state.queue.row(submission_id)
        return f"{merchant_words(row)}, {amount_words(row)}, {submission_id}" if row else submission_id

    def action_interrupt(self) -> None:
        """Do what SIGINT does."""
        self.leave(130)
