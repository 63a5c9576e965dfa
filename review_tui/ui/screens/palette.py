"""The palette: one line to write in, and everything that may be meant by it."""

from collections.abc import Callable, Sequence
from typing import Final

from textual import events

from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.offers import Offer
from review_tui.ui.render.line import Line
from review_tui.ui.render.palette import ASKS, PaletteView, palette_lines
from review_tui.ui.screens.dialog import Dialog

_STEPS: Final = {
    "down": 1,
    "ctrl+n": 1,
    "tab": 1,
    "pagedown": 8,
    "up": -1,
    "ctrl+p": -1,
    "shift+tab": -1,
    "pageup": -8,
}
_LINES: Final = 22
"""Lines that it takes where there is room."""


class Palette(Dialog[Offer]):
    """Asks what to give; `offers` returns what may be meant by a text, `searching` says that more may come.

    `asks` says what may be written. Gives what was chosen with enter; what has to be written whole is not
    taken before it is.
    """

    def __init__(
        self, offers: Callable[[str], Sequence[Offer]], searching: Callable[[], bool], *, asks: str = ASKS
    ) -> None:
        super().__init__()
        self._asks = asks
        self._offered = offers
        self._searching = searching
        self._draft = Draft()
        self._offers = tuple(offers(""))
        self._at = 0
        self._problem = ""

    def lines(self, width: int) -> list[Line]:
        """Return the line that is written, and what fits."""
        view = PaletteView(self._draft, self._offers, self._at, self._searching(), self._problem, self._asks)
        return palette_lines(view, width, min(_LINES, self.size.height - 2))

    def look_again(self) -> None:
        """Offer what is known by now; what was chosen stays chosen."""
        before = self._offers[self._at] if self._offers else None
        self._offers = tuple(self._offered(self._draft.text))
        self._at = self._offers.index(before) if before in self._offers else 0
        self.draw()

    def press(self, event: events.Key) -> bool:
        """Write, choose, give."""
        if event.key == "enter":
            self._give()
        elif event.key in _STEPS:
            self._problem = ""
            self._at = max(0, min(self._at + _STEPS[event.key], len(self._offers) - 1))
            self.draw()
        elif edit := EDITS.get(event.key):
            self._take(edit(self._draft))
        elif event.is_printable and event.character is not None:
            self._take(self._draft.put(event.character)[0])
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as text, cleaned and on one line."""
        event.stop()
        self._take(self._draft.put(" ".join(event.text.split()))[0])

    def _take(self, draft: Draft) -> None:
        changed = draft.text != self._draft.text
        self._draft, self._problem = draft, ""
        if changed:
            self._offers, self._at = tuple(self._offered(draft.text)), 0
        self.draw()

    def _give(self) -> None:
        offer = self._offers[self._at] if self._offers else None
        if offer is not None and offer.whole:
            self._problem = f"it decides: write {offer.name} whole"
            self.draw()
        elif offer is not None:
            self.dismiss(offer)
