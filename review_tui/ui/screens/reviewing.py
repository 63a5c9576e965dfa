"""What those who carry out commands need of the review screen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from textual.screen import Screen

from review_tui.model.submissions import Row, Verb
from review_tui.ui.commands import Situation
from review_tui.ui.render.line import Role
from review_tui.ui.state import ReviewState
from review_tui.ui.widgets.detail import DetailPane
from review_tui.workers.desk import Desk

Reason = Callable[[str | None], None]
"""Takes the reason that was given; None when the dialog was left without one."""


@dataclass(frozen=True, slots=True)
class AskedReason:
    """What a reason is asked for; `text` was written before, `problem` says why it is asked again."""

    verb: Verb
    row: Row
    text: str = ""
    problem: str = ""


class Reviewing(Protocol):
    """What deciding needs of the screen."""

    desk: Desk
    state: ReviewState
    now: Callable[[], datetime]

    @property
    def situation(self) -> Situation:
        """What a command given now would act on."""
        ...

    @property
    def detail_pane(self) -> DetailPane:
        """The pane that knows the chosen match."""
        ...

    def read(self) -> None:
        """Give the keyboard to the detail."""
        ...

    def hint(self, text: str, role: Role = ...) -> None:
        """Answer a key."""
        ...

    def ask_reason(self, asked: AskedReason, answered: Reason) -> None:
        """Ask for the words that go with a decision."""
        ...

    def open_dialog(self, dialog: Screen[None]) -> None:
        """Put a dialog over the screen."""
        ...
