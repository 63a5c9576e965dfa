"""The dialog that says what every key does here, searched while one types."""

from textual import events

from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.keymap import Keymap
from review_tui.ui.render.help import help_lines
from review_tui.ui.render.line import EMPTY, Line
from review_tui.ui.screens.dialog import Dialog
from review_tui.ui.situation import Situation


class HelpScreen(Dialog[None]):
    """Shows the commands as they apply to `situation`, with the keys that are in use."""

    AUTO_FOCUS = "DialogLines"

    def __init__(self, situation: Situation, keymap: Keymap) -> None:
        super().__init__()
        self._situation = situation
        self._keymap = keymap
        self._searched = Draft()
        self._height = 0

    def lines(self, width: int) -> list[Line]:
        """Return the commands that fit what is written; the box keeps its height while one writes."""
        found = help_lines(self._keymap, self._situation, self._searched, width)
        self._height = max(self._height, len(found))
        return found + [EMPTY] * (min(self._height, self.size.height - 2) - len(found))

    def press(self, event: events.Key) -> bool:
        """Search for what is typed; with nothing typed, close on the key that opened it."""
        keys = self._keymap.by_id["help"].keys
        if event.key in keys and not self._searched.text:
            self.dismiss(None)
        elif event.key not in {"home", "end"} and (edit := EDITS.get(event.key)):
            self._search(edit(self._searched))
        elif event.is_printable and event.character is not None:
            self._search(self._searched.put(event.character)[0])
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Search for a paste, cleaned and on one line."""
        event.stop()
        self._search(self._searched.put(" ".join(event.text.split()))[0])

    def _search(self, searched: Draft) -> None:
        if searched.text != self._searched.text:
            self._view.top = 0
        self._searched = searched
        self.draw()
