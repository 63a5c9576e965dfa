"""The dialog that lists the last messages."""

from collections.abc import Sequence

from textual import events

from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.screens.dialog import Dialog


class MessagesScreen(Dialog[None]):
    """Shows messages, the newest first; each is a line of words that are safe to draw."""

    AUTO_FOCUS = "DialogLines"

    def __init__(self, messages: Sequence[Line]) -> None:
        super().__init__()
        self._messages = list(messages)

    def lines(self, width: int) -> list[Line]:
        """Return the messages under their heading."""
        del width
        listed = self._messages or [(("No message yet.", Role.DIM),)]
        return [(("Messages", Role.TITLE), ("  newest first · esc or q closes", Role.DIM)), EMPTY, *listed]

    def press(self, event: events.Key) -> bool:
        """Close on q."""
        if event.key != "q":
            return False
        self.dismiss(None)
        return True
