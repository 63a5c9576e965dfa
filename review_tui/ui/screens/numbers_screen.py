"""The dialog that shows the own numbers."""

from collections.abc import Sequence

from textual import events

from review_tui.ui.render.line import Line
from review_tui.ui.render.numbers import NumbersView, numbers_lines
from review_tui.ui.screens.dialog import Dialog


class NumbersScreen(Dialog[None]):
    """Shows `view` and whatever is handed to `show` later; `keys` are those that opened it."""

    AUTO_FOCUS = "DialogLines"

    def __init__(self, view: NumbersView, keys: Sequence[str]) -> None:
        super().__init__()
        self._numbers = view
        self._keys = keys

    def show(self, view: NumbersView) -> None:
        """Show what they are now."""
        if view != self._numbers:
            self._numbers = view
            self.draw()

    def lines(self, width: int) -> list[Line]:
        """Return the numbers."""
        return numbers_lines(self._numbers, width)

    def press(self, event: events.Key) -> bool:
        """Close on q or the key that opened it."""
        if event.key not in {"q", *self._keys}:
            return False
        self.dismiss(None)
        return True
