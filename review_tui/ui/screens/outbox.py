"""The outbox: the dialog in which held decisions are taken back, sent now or dropped."""

from collections.abc import Callable, Sequence
from typing import Final

from textual import events

from review_tui.model.bulk import TYPED_ABOVE
from review_tui.model.decisions import Stage, Standing
from review_tui.model.frozen import frozen
from review_tui.ui.render.line import Line
from review_tui.ui.render.outbox import DROP_ALL, SEND_ALL, OutboxView, outbox_lines
from review_tui.ui.screens.dialog import Dialog

_FRAME: Final = 2
_STEPS: Final = {"j": 1, "down": 1, "k": -1, "up": -1}
_KEYS_OF_ALL: Final = {"S": SEND_ALL, "D": DROP_ALL}
_ALL: Final = frozenset(_KEYS_OF_ALL.values())

Act = Callable[[str], str | None]
"""Does something with the decision of a request id; says why it cannot be done, else None."""


@frozen
class Acts:
    """What can be done with a decision that is not sent yet."""

    take_back: Act
    send_now: Act
    drop: Act
    send_all: Callable[[Sequence[str]], str | None] = lambda _: None


class OutboxScreen(Dialog[None]):
    """Shows `view` and whatever is handed to `show` later; the choice is a request id, never a line.

    It may open by itself, under somebody's hands: what an earlier run left is sent or dropped only after
    a second key of its own.
    """

    def __init__(self, view: OutboxView, acts: Acts) -> None:
        super().__init__()
        self._looked_at = view
        self._acts = acts
        self._request_id = ""
        self._near = 0
        self._asking = ""
        self._typed = ""
        self._problem = ""

    def show(self, view: OutboxView) -> None:
        """Show what has become of the decisions."""
        asked_for = self._request_id
        self._looked_at = view
        if self._chosen() is None or self._request_id != asked_for:
            self._asking = ""
        self.draw()

    def lines(self, width: int) -> list[Line]:
        """Return the list with the chosen decision unfolded."""
        height = self.size.height - _FRAME
        return outbox_lines(
            self._looked_at,
            self._chosen(),
            width,
            height,
            asking=self._asking,
            typed=self._typed,
            problem=self._problem,
        )

    def press(self, event: events.Key) -> bool:
        """Choose, act, confirm; the key that opened it does nothing."""
        chosen, asking = self._chosen(), self._asking
        self._problem = ""
        if asking in _ALL:
            self._press_on_all(asking, event)
            self.draw()
            return True
        self._asking = self._typed = ""
        if asking:
            if event.key == "y" and chosen is not None:
                self._do(asking, chosen)
        elif event.key in _STEPS:
            self._move(_STEPS[event.key])
        elif event.key in {"u", "s", "d"} and chosen is not None:
            self._press_on(chosen, {"u": "take back", "s": "send", "d": "drop"}[event.key])
        elif event.key in _KEYS_OF_ALL and len(self._left_over()) > 1:
            self._asking = _KEYS_OF_ALL[event.key]
        elif event.key == "q":
            self.dismiss(None)
            return True
        self.draw()
        return True

    def _press_on_all(self, asking: str, event: events.Key) -> None:
        """Confirm with y, many only behind their number; any other key does not."""
        left = [one.intent.request_id for one in self._left_over()]
        if event.character and event.character.isdecimal() and event.character.isascii():
            self._typed += event.character
            return
        typed, self._asking, self._typed = self._typed, "", ""
        if event.key != "y":
            return
        if len(left) > TYPED_ABOVE and typed != str(len(left)):
            self._problem = f"more than {TYPED_ABOVE}: type {len(left)} before y"
        elif asking == SEND_ALL:
            self._problem = self._acts.send_all(left) or ""
        else:
            self._problem = next(filter(None, [self._acts.drop(one) for one in left]), "")

    def _left_over(self) -> list[Standing]:
        return [one for one in self._looked_at.standings if one.earlier and one.stage is Stage.HELD]

    def _press_on(self, chosen: Standing, what: str) -> None:
        if not chosen.stage.is_unsent:
            self._problem = "it is on its way: what becomes of it is told here"
        elif chosen.earlier:
            self._asking = "send" if what == "send" else "drop"
        else:
            self._do(what, chosen)

    def _do(self, what: str, chosen: Standing) -> None:
        act = {"send": self._acts.send_now, "drop": self._acts.drop, "take back": self._acts.take_back}[what]
        self._problem = act(chosen.intent.request_id) or ""

    def _chosen(self) -> Standing | None:
        """Return the chosen decision: at first one that waits for the person; later what took its place."""
        standings = self._looked_at.standings
        if not self._request_id:
            waits = (index for index, one in enumerate(standings) if one.stage.is_unsent)
            self._near = next(waits, 0)
        for index, one in enumerate(standings):
            if one.intent.request_id == self._request_id:
                self._near = index
                return one
        if not standings:
            return None
        self._near = min(self._near, len(standings) - 1)
        self._request_id = standings[self._near].intent.request_id
        return standings[self._near]

    def _move(self, step: int) -> None:
        standings = self._looked_at.standings
        if standings:
            self._near = max(0, min(self._near + step, len(standings) - 1))
            self._request_id = standings[self._near].intent.request_id
