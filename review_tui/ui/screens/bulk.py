"""Deciding on all the marked: the sheet that is confirmed, and what becomes of it."""

from collections.abc import Callable
from typing import Final

from textual import events

from review_tui.model.bulk import TYPED_ABOVE
from review_tui.ui.plan import Plan
from review_tui.ui.render.bulk import BulkView, PlanView, bulk_lines, plan_lines
from review_tui.ui.render.line import Line
from review_tui.ui.screens.dialog import Dialog

_FRAME: Final = 2
_STEPS: Final = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 10, "pageup": -10}
_DIGITS: Final = 5


class PlanScreen(Dialog[Plan]):
    """Says what will be sent and what not; gives the plan that was confirmed, None when it was left.

    Enter confirms up to twenty decisions, beyond these only behind their number; the key that opened it
    does neither. `show` tells what was read meanwhile; once all is read the plan stays as it is.
    """

    def __init__(self, plan: Plan, *, waits: float = 0.0, template: str = "") -> None:
        super().__init__()
        self._plan = plan
        self._waits = waits
        self._template = template
        self._at = 0
        self._typed = ""
        self._problem = ""

    def show(self, plan: Plan) -> None:
        """Show what has been read by now."""
        if self._plan.reading and self.is_current:
            self._plan = plan
            self.draw()

    def lines(self, width: int) -> list[Line]:
        """Return the sheet as it stands."""
        view = PlanView(self._plan, self._at, self._typed, self._problem, self._waits, self._template)
        return plan_lines(view, width, self.size.height - _FRAME)

    def press(self, event: events.Key) -> bool:
        """Look, type the number, confirm."""
        self._problem = ""
        if event.key == "enter":
            self._confirm()
        elif event.key in _STEPS:
            self._at = max(0, min(self._at + _STEPS[event.key], len(self._plan.entries) - 1))
        elif event.key in {"backspace", "ctrl+h"}:
            self._typed = self._typed[:-1]
        elif event.character and event.character.isdecimal() and event.character.isascii():
            self._typed = (self._typed + event.character)[-_DIGITS:]
        elif event.key == "q":
            self.dismiss(None)
            return True
        self.draw()
        return True

    def _confirm(self) -> None:
        count = self._plan.decisions
        if self._plan.reading:
            self._problem = "what is marked is still being read"
        elif not count:
            self._problem = "nothing of it can be sent"
        elif count > TYPED_ABOVE and self._typed != str(count):
            self._problem = f"more than {TYPED_ABOVE}: type {count} and press enter"
        else:
            self.dismiss(self._plan)


class BulkScreen(Dialog[None]):
    """Shows what each of the items has come to; `stop` stops the rest and says why it could not."""

    def __init__(self, view: BulkView, stop: Callable[[], str | None]) -> None:
        super().__init__()
        self._looked_at = view
        self._stop = stop
        self._at = 0
        self._problem = ""

    def show(self, view: BulkView) -> None:
        """Show how far it has come."""
        self._looked_at = view
        self.draw()

    def lines(self, width: int) -> list[Line]:
        """Return the items."""
        view = BulkView(self._looked_at.bulk, self._looked_at.now, self._at, self._problem)
        return bulk_lines(view, width, self.size.height - _FRAME)

    def press(self, event: events.Key) -> bool:
        """Look, stop the rest, close; the key that opened it closes it."""
        self._problem = ""
        if event.key in {"q", "B"}:
            self.dismiss(None)
            return True
        if event.key in _STEPS:
            last = len(self._looked_at.bulk.items) - 1
            self._at = max(0, min(self._at + _STEPS[event.key], last))
        elif event.key == "x":
            self._problem = self._stop() or ""
        self.draw()
        return True
