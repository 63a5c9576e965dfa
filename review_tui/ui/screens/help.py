"""The dialog that shows every command, its keys, and why it cannot be given now."""

from textual import events

from review_tui.ui.render.help import help_lines
from review_tui.ui.render.line import Line
from review_tui.ui.screens.dialog import Dialog
from review_tui.ui.situation import Situation


class HelpScreen(Dialog[None]):
    """Shows the table of commands as it applies to `situation`."""

    AUTO_FOCUS = "DialogLines"

    def __init__(self, situation: Situation) -> None:
        super().__init__()
        self._situation = situation

    def lines(self, width: int) -> list[Line]:
        """Return the commands by group."""
        return help_lines(self._situation, width)

    def press(self, event: events.Key) -> bool:
        """Close on q or the key that opened it."""
        if event.key not in {"q", "question_mark"}:
            return False
        self.dismiss(None)
        return True
