"""The dialog that asks before leaving while a decision is held or under way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual import events

from review_tui.model.decisions import Leave
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import paragraph
from review_tui.ui.screens.dialog import Dialog

_NAMED: Final = 5
_ROOMY: Final = 21
"""Height of a screen, in lines, from which several names of each kind have room."""

_GOING: Final = {"y": "leaves", "n": "stays"}
_WAITS: Final = "Leaving waits up to 5 s for answers, then says what is not known."


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Names of the decisions that are not over: held ones, which nobody has sent, and those under way."""

    held: Sequence[str] = ()
    under_way: Sequence[str] = ()


class QuitScreen(Dialog[Leave]):
    """Asks what becomes of what is held, and whether to leave; gives None to stay.

    What is held goes on counting down meanwhile: `show` tells it.
    """

    def __init__(self, unfinished: Unfinished) -> None:
        super().__init__()
        self._unfinished = unfinished

    def show(self, unfinished: Unfinished) -> None:
        """Show what has become of it."""
        self._unfinished = unfinished
        self.draw()

    def lines(self, width: int) -> list[Line]:
        """Return what is not over and what leaving means."""
        held, under_way = self._unfinished.held, self._unfinished.under_way
        most = _NAMED if self.size.height >= _ROOMY else 1
        lines: list[Line] = []
        if held:
            lines += [*_named(f"{counted(len(held), 'decision')} held, not sent", held, most, width), EMPTY]
        if under_way:
            title = f"{counted(len(under_way), 'decision')} under way"
            lines += [*_named(title, under_way, most, width), EMPTY]
        if not lines:
            return [(("Everything is sent and answered", Role.TITLE),), EMPTY, _keys(_GOING)]
        lines += [*paragraph(_WAITS, width), EMPTY]
        if not held:
            return [*lines, _keys(_GOING)]
        return [*lines, _keys({"s": "sends now", "k": "keeps for next time", "d": "drops", "n": "stays"})]

    def press(self, event: events.Key) -> bool:
        """Leave on the key of a way to do so, stay on n; q, which opened this, does neither."""
        ways = {"y": Leave.KEEP}
        if self._unfinished.held:
            ways = {"s": Leave.SEND, "k": Leave.KEEP, "d": Leave.DROP}
        if event.key in ways:
            self.dismiss(ways[event.key])
        elif event.key == "n":
            self.dismiss(None)
        else:
            return False
        return True


def _named(title: str, names: Sequence[str], most: int, width: int) -> list[Line]:
    lines: list[Line] = [((title, Role.TITLE),)]
    lines += [clipped(((f"  {plain(words)}", Role.PLAIN),), width) for words in names[:most]]
    return lines + ([((f"  + {len(names) - most} more", Role.DIM),)] if len(names) > most else [])


def _keys(keys: Mapping[str, str]) -> Line:
    return tuple(piece for key, does in keys.items() for piece in ((key, Role.KEY), (f" {does}  ", Role.DIM)))
