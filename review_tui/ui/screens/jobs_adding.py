"""The dialog in which ids of jobs are typed or pasted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from textual import events

from review_tui.model.job_words import System
from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.job_ids import Named, named_in
from review_tui.ui.render.jobs_adding import AddView, add_lines
from review_tui.ui.render.line import Line
from review_tui.ui.screens.dialog import Dialog

Take = Callable[[tuple[Named, ...]], str | None]
"""Watches what was named; says why not."""

_CHOICES: Final[tuple[tuple[System | None, bool], ...]] = (
    (None, False),
    *((system, False) for system in System),
    (System.UNSILOED, True),
)


class AddScreen(Dialog[bool]):
    """Asks for ids; `take` watches them and says why not. `why_not` says by system why it cannot be used."""

    def __init__(
        self, take: Callable[[tuple[Named, ...]], str | None], why_not: Mapping[System, str]
    ) -> None:
        super().__init__()
        self._take_ids = take
        self._why_not = why_not
        self._draft = Draft()
        self._at = 0
        self._problem = ""

    def lines(self, width: int) -> list[Line]:
        """Return the dialog as it stands."""
        system, is_batch = _CHOICES[self._at]
        return add_lines(
            AddView(self._draft, self._named(), system, is_batch, self._problem, self._why_not), width
        )

    def press(self, event: events.Key) -> bool:
        """Write, choose the system, watch."""
        if event.key == "enter":
            self._confirm()
        elif event.key in {"tab", "shift+tab"}:
            step = 1 if event.key == "tab" else -1
            self._at, self._problem = (self._at + step) % len(_CHOICES), ""
            self.draw()
        elif edit := EDITS.get(event.key):
            self._write(edit(self._draft))
        elif event.is_printable and event.character is not None:
            self._write(self._draft.put(event.character)[0])
        else:
            return False
        return True

    def on_paste(self, event: events.Paste) -> None:
        """Take a paste as text, on one line."""
        event.stop()
        draft, lost = self._draft.put(" ".join(event.text.split()))
        self._write(draft, f"full: {lost} characters were left out" if lost else "")

    def _write(self, draft: Draft, problem: str = "") -> None:
        self._draft, self._problem = draft, problem
        self.draw()

    def _named(self) -> tuple[Named, ...]:
        """Return the ids, each with the system that was chosen, or else that of its shape."""
        system, is_batch = _CHOICES[self._at]
        named = named_in(self._draft.text)
        return (
            named
            if system is None
            else tuple(replace(one, system=system, is_batch=is_batch) for one in named)
        )

    def _confirm(self) -> None:
        named = self._named()
        if not named:
            self._problem = "type or paste an id first"
        elif any(one.system is None for one in named):
            self._problem = "whose id is that? Tab chooses the system"
        elif (why := self._take_ids(named)) is not None:
            self._problem = why
        else:
            self.dismiss(True)
            return
        self.draw()
