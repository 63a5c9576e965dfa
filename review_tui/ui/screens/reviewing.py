"""What those who carry out commands need of the review screen."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from textual.screen import Screen

from review_tui.model.preferences import Preferences
from review_tui.ui.keymap import Keymap
from review_tui.ui.render.line import Role
from review_tui.ui.situation import Situation
from review_tui.ui.state import ReviewState
from review_tui.ui.terminal.seen import Seen
from review_tui.ui.widgets.detail import DetailPane
from review_tui.workers.face import DeskFace
from review_tui.workers.memory import Memory

_Answer = TypeVar("_Answer")


class Reviewing(Protocol):
    """What deciding needs of the screen."""

    desk: DeskFace
    state: ReviewState
    now: Callable[[], datetime]
    server_now: Callable[[], datetime]
    preferences: Preferences
    keymap: Keymap
    memory: Memory
    seen: Seen

    @property
    def situation(self) -> Situation:
        """What a command given now would act on."""
        ...

    @property
    def detail_pane(self) -> DetailPane:
        """The pane that knows the chosen match."""
        ...

    def change(self, state: ReviewState) -> None:
        """Make this the state and show it; a newly selected submission is asked for."""
        ...

    def read(self) -> None:
        """Give the keyboard to the detail."""
        ...

    def go_on(self) -> None:
        """Give the keyboard back to the queue, where it is on the screen."""
        ...

    def show_state(self) -> None:
        """Show the state as it is by now."""
        ...

    def hint(self, text: str, role: Role = ...) -> None:
        """Answer a key."""
        ...

    def open_dialog(
        self, dialog: Screen[_Answer], answered: Callable[[_Answer | None], None] | None = None
    ) -> None:
        """Put a dialog over the screen; `answered` takes what it gives, None when it was left."""
        ...
