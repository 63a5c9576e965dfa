"""The dialog that lists all that is hidden and brings it back."""

from collections.abc import Callable
from typing import Final

from textual import events

from review_tui.ui.render.hiding import Hidden, HiddenView, hidden_lines
from review_tui.ui.render.line import Line
from review_tui.ui.screens.dialog import Dialog

_FRAME: Final = 2
_STEPS: Final = {"j": 1, "down": 1, "k": -1, "up": -1}


class HiddenScreen(Dialog[None]):
    """Shows `view` and whatever is handed to `show` later; the choice is a submission, never a line."""

    def __init__(self, view: HiddenView, bring_back: Callable[[Hidden], None]) -> None:
        super().__init__()
        self._looked_at = view
        self._bring_back = bring_back
        self._near = 0
        self._submission_id = ""

    def show(self, view: HiddenView) -> None:
        """Show what is hidden now."""
        if view != self._looked_at:
            self._looked_at = view
            self.draw()

    def lines(self, width: int) -> list[Line]:
        """Return the list."""
        return hidden_lines(self._looked_at, self._chosen(), width, self.size.height - _FRAME)

    def press(self, event: events.Key) -> bool:
        """Choose, bring back or close; the key that opened it does nothing."""
        chosen = self._chosen()
        if event.key == "q":
            self.dismiss(None)
            return True
        if event.key in _STEPS and chosen is not None:
            entries = self._looked_at.entries
            self._near = max(0, min(self._near + _STEPS[event.key], len(entries) - 1))
            self._submission_id = entries[self._near].submission_id
        elif event.key == "b" and chosen is not None:
            self._bring_back(chosen)
        self.draw()
        return True

    def _chosen(self) -> Hidden | None:
        """Return the chosen entry; when it is back, the one that took its place."""
        entries = self._looked_at.entries
        for index, one in enumerate(entries):
            if one.submission_id == self._submission_id:
                self._near = index
                return one
        if not entries:
            return None
        self._near = min(self._near, len(entries) - 1)
        self._submission_id = entries[self._near].submission_id
        return entries[self._near]
