"""The dialog that asks why a submission is rejected or cancelled."""

from typing import Final

from textual import events

from review_tui.model.submissions import Row, Verb, why_not_reason
from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.reasons import REASONS
from review_tui.ui.render.line import Line
from review_tui.ui.render.reason import ReasonView, reason_lines
from review_tui.ui.render.text import plain
from review_tui.ui.screens.dialog import Dialog

_ROOMY: Final = 21
"""Height of a screen, in lines, from which nothing has to be spared."""


class ReasonScreen(Dialog[str]):
    """Asks for the reason; gives the text, "" for a cancel without one, None when it was left.

    `text` is what stands in it at the start and `problem` why it is asked again, after a send that
    failed. A digit picks a reason only while nothing is written; enter, never the key that opened the
    dialog, confirms.
    """

    def __init__(self, verb: Verb, row: Row, *, text: str = "", problem: str = "") -> None:
        super().__init__()
        self._verb = verb
        self._row = row
        self._reasons = REASONS[verb]
        self._draft = Draft.of(text)
        self._problem = plain(problem)
        self._without = False

    def lines(self, width: int) -> list[Line]:
        """Return the dialog as it stands."""
        return reason_lines(
            ReasonView(
                self._verb,
                self._row,
                self._reasons,
                self._draft,
                self._problem,
                without=self._without,
                compact=self.size.height < _ROOMY,
            ),
            width,
        )

    def press(self, event: events.Key) -> bool:
        """Write, pick or confirm."""
        if event.key == "enter":
            self._confirm()
            return True
        if edit := EDITS.get(event.key):
            self._take(edit(self._draft))
            return True
        if not event.is_printable or event.character is None:
            return False
        if event.character.isdecimal() and not self._is_written():
            self._pick(event.character)
        else:
            self._put(event.character)
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as text, cleaned, never as keys."""
        event.stop()
        self._put(event.text)

    def _is_written(self) -> bool:
        return bool(self._draft.text) and self._draft.text not in self._reasons

    def _pick(self, digit: str) -> None:
        number = int(digit)
        if number == 0 and self._verb is Verb.CANCEL:
            self._take(Draft(), without=True)
        elif 1 <= number <= len(self._reasons):
            self._take(Draft.of(self._reasons[number - 1]))
        else:
            self._take(self._draft, f"no reason has the digit {number}; a space first writes it")

    def _put(self, raw: str) -> None:
        draft, lost = self._draft.put(raw)
        self._take(draft, f"full: {lost} characters were left out" if lost else "")

    def _take(self, draft: Draft, problem: str = "", *, without: bool = False) -> None:
        self._draft, self._problem, self._without = draft, problem, without
        self.draw()

    def _confirm(self) -> None:
        text = self._draft.text.strip()
        if not text and self._verb is Verb.CANCEL and not self._without:
            self._take(self._draft, "write or pick a reason, or press 0 for none")
        elif problem := why_not_reason(self._verb, text):
            self._take(self._draft, problem)
        else:
            self.dismiss(text)
