"""The dialog that asks before something is done with a job."""

from collections.abc import Callable

from textual import events

from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.wrapping import paragraph
from review_tui.ui.screens.dialog import Dialog


class AskScreen(Dialog[bool]):
    """Says `words` in clean text and does it on `y`, which `does` names; every other key leaves it."""

    AUTO_FOCUS = "DialogLines"

    def __init__(self, words: str, does: str, do: Callable[[], None]) -> None:
        super().__init__()
        self._words = words
        self._does = does
        self._do = do

    def lines(self, width: int) -> list[Line]:
        """Return the question and its keys."""
        keys: Line = (
            ("y", Role.KEY),
            (f" {self._does}  ", Role.DIM),
            ("esc", Role.KEY),
            (" leaves it as it is", Role.DIM),
        )
        return [*paragraph(self._words, width, Role.TITLE), EMPTY, keys]

    def press(self, event: events.Key) -> bool:
        """Do it on `y`; other keys do nothing."""
        if event.key == "y":
            self.dismiss(True)
            self._do()
        return True
