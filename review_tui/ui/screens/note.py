"""The dialog in which notes are written."""

from collections.abc import Sequence
from typing import Final

from textual import events

from review_tui.model.frozen import frozen
from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.render.line import Line
from review_tui.ui.render.noting import KEPT_HERE, NoteView, note_lines
from review_tui.ui.screens.dialog import Dialog

_ROOMY: Final = 21
"""Height of a screen, in lines, from which nothing has to be spared."""

NEW_LINE: Final = frozenset({"ctrl+j", "shift+enter", "alt+enter"})


@frozen
class NotePage:
    """What one note is on, in clean words, what stands in it, and where it will be kept."""

    about: str
    subject: str
    text: str = ""
    where: str = KEPT_HERE


class NoteScreen(Dialog[tuple[str, ...]]):
    """Asks for one text per page; gives all of them, trimmed, None when it was left.

    Tab turns the page, enter keeps. `texts` is what stands in them at any time, for a draft. `saves` says
    what enter does, `problem` why it is asked again.
    """

    def __init__(self, pages: Sequence[NotePage], *, saves: str = "keeps", problem: str = "") -> None:
        super().__init__()
        self._pages = tuple(pages)
        self._drafts = [Draft.of(page.text) for page in pages]
        self._at = 0
        self._saves = saves
        self._problem = problem

    @property
    def texts(self) -> tuple[str, ...]:
        """What is written on each page now."""
        return tuple(draft.text for draft in self._drafts)

    def lines(self, width: int) -> list[Line]:
        """Return the page that is open."""
        page, other = self._pages[self._at], self._pages[(self._at + 1) % len(self._pages)]
        view = NoteView(
            page.about,
            page.subject,
            self._drafts[self._at],
            other=other.about if len(self._pages) > 1 else "",
            where=page.where,
            saves=self._saves,
            problem=self._problem,
            compact=self.size.height < _ROOMY,
        )
        return note_lines(view, width)

    def press(self, event: events.Key) -> bool:
        """Write, turn the page or keep."""
        draft = self._drafts[self._at]
        if event.key == "enter":
            self.dismiss(tuple(text.strip() for text in self.texts))
        elif event.key in {"tab", "shift+tab"}:
            self._at = (self._at + 1) % len(self._pages)
            self.draw()
        elif event.key in NEW_LINE:
            self._put("\n")
        elif edit := EDITS.get(event.key):
            self._take(edit(draft))
        elif event.is_printable and event.character is not None:
            self._put(event.character)
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as text, cleaned, never as keys."""
        event.stop()
        self._put(event.text)

    def _put(self, raw: str) -> None:
        draft, lost = self._drafts[self._at].put(raw)
        self._take(draft, f"full: {lost} characters were left out" if lost else "")

    def _take(self, draft: Draft, problem: str = "") -> None:
        self._drafts[self._at], self._problem = draft, problem
        self.draw()
