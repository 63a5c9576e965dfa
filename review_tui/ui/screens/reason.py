"""The dialog that asks why a submission is rejected or cancelled."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from textual import events

from review_tui.model.submissions import Row, Verb, why_not_reason
from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.reasons import Reason, reasons_for
from review_tui.ui.render.line import Line
from review_tui.ui.render.reason import ReasonView, reason_lines
from review_tui.ui.render.text import plain
from review_tui.ui.screens.dialog import Dialog

_ROOMY: Final = 21
"""Height of a screen, in lines, from which nothing has to be spared."""

_FRAME: Final = 2
_STEPS: Final[Mapping[str, int]] = {"down": 1, "up": -1}


class ReasonScreen(Dialog[str]):
    """Asks for the reason; gives the text, "" for a cancel without one, None when it was left.

    `row` is the submission, None for as many as are `marked`. `text` is what stands in it at the start and
    `problem` why it is asked again, after a send that failed; `left` hears what stands in it at the end,
    however it ends. A digit gives its reason at once, but only while nothing is written; up and down pick one
    to be written on. What is written is given by enter, never by the key that opened the dialog.
    """

    def __init__(
        self,
        verb: Verb,
        row: Row | None,
        *,
        reasons: Sequence[Reason] | None = None,
        text: str = "",
        problem: str = "",
        left: Callable[[str], None] = lambda _: None,
        marked: int = 0,
    ) -> None:
        super().__init__()
        self._verb = verb
        self._row = row
        flow = row.workflow if row else None
        self._reasons = reasons_for(verb, (), flow, None) if reasons is None else reasons
        self._marked = marked
        self._texts = tuple(reason.text for reason in self._reasons)
        self._draft = Draft.of(text)
        self._problem = plain(problem)
        self._without = False
        self._left = left

    def on_unmount(self) -> None:
        """Hand over what is written, also where the whole program ends."""
        self._left(self._draft.text)

    def lines(self, width: int) -> list[Line]:
        """Return the dialog as it stands."""
        return reason_lines(
            ReasonView(
                self._verb,
                self._row,
                self._texts,
                self._draft,
                self._problem,
                without=self._without,
                compact=self.size.height < _ROOMY,
                marked=self._marked,
            ),
            width,
            self.size.height - _FRAME,
        )

    def press(self, event: events.Key) -> bool:
        """Write, pick or confirm."""
        if event.key == "enter":
            self._confirm()
            return True
        if event.key in _STEPS:
            self._step(_STEPS[event.key])
            return True
        if edit := EDITS.get(event.key):
            self._take(edit(self._draft))
            return True
        if not event.is_printable or event.character is None:
            return False
        if event.character.isdecimal() and not self._is_written():
            self._give(int(event.character))
        else:
            self._put(event.character)
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as text, cleaned, never as keys."""
        event.stop()
        self._put(event.text)

    def _is_written(self) -> bool:
        return bool(self._draft.text) and self._draft.text not in self._texts

    def _give(self, digit: int) -> None:
        """Give the reason of a digit; one with a gap is picked only, to be written on."""
        if digit == 0 and self._verb is Verb.CANCEL:
            self._take(Draft(), without=True)
            self._confirm()
        elif not 1 <= digit <= len(self._reasons):
            self._take(self._draft, f"no reason has the digit {digit}; a space first writes it")
        elif self._pick(self._reasons[digit - 1]):
            self._confirm()

    def _step(self, step: int) -> None:
        """Pick the next reason without giving it."""
        if self._is_written() or not self._reasons:
            return
        picked = self._draft.text
        at = self._texts.index(picked) + step if picked else min(step, 0)
        self._pick(self._reasons[at % len(self._reasons)])

    def _pick(self, reason: Reason) -> bool:
        """Take a reason into the text; False where something is missing in it, which is said."""
        self._take(Draft.of(reason.text), _gap_words(reason.missing))
        return not reason.missing

    def _put(self, raw: str) -> None:
        draft, lost = self._draft.put(raw)
        self._take(draft, f"full: {lost} characters were left out" if lost else "")

    def _take(self, draft: Draft, problem: str = "", *, without: bool = False) -> None:
        self._draft, self._problem, self._without = draft, problem, without
        self.draw()

    def _confirm(self) -> None:
        text = self._draft.text.strip()
        gaps = dict.fromkeys(name for one in self._reasons for name in one.missing if f"{{{name}}}" in text)
        if gaps:
            self._take(self._draft, _gap_words(gaps))
        elif not text and self._verb is Verb.CANCEL and not self._without:
            self._take(self._draft, "write or pick a reason, or press 0 for none")
        elif problem := why_not_reason(self._verb, text):
            self._take(self._draft, problem)
        else:
            self.dismiss(text)


def _gap_words(missing: Iterable[str]) -> str:
    """Say what has to be written where a field was not read; empty where nothing is missing."""
    gaps = ", ".join(f"{{{plain(name)}}}" for name in missing)
    return f"{gaps} was not read: write it" if gaps else ""
