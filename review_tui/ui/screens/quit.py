"""The dialog that asks before leaving while a decision is held or under way."""

from collections.abc import Mapping, Sequence
from typing import Final

from textual import events

from review_tui.model.decisions import Leave
from review_tui.model.frozen import frozen
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import paragraph
from review_tui.ui.screens.dialog import Dialog

_NAMED: Final = 5
_ROOMY: Final = 21
"""Height of a screen, in lines, from which several names of each kind have room."""

_GOING: Final = {"y": "leaves", "n": "stays"}
_TOO_LATE: Final = {"s": "can be sent", "k": "can be kept", "d": "can be dropped"}
_WAITS: Final = "Leaving waits up to 5 s for answers, then says what is not known."


@frozen
class Unfinished:
    """What stands between a person and leaving: held decisions, which nobody has sent, and those under way.

    `ended` says what became, since leaving was asked for, of those that did not end as they were meant.
    """

    held: Sequence[str] = ()
    under_way: Sequence[str] = ()
    ended: Sequence[Piece] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left to ask or to tell."""
        return not (self.held or self.under_way or self.ended)


class QuitScreen(Dialog[Leave]):
    """Asks what becomes of what is held, and whether to leave; gives None to stay.

    What is held goes on counting down meanwhile: `show` tells it, and leaves once nothing stands between.
    """

    def __init__(self, unfinished: Unfinished) -> None:
        super().__init__()
        self._unfinished = unfinished
        self._problem = ""

    def show(self, unfinished: Unfinished) -> None:
        """Show what has become of it; with nothing left to ask, leave as was asked for."""
        self._unfinished = unfinished
        self._problem = ""
        if not self.is_current:  # answered, though the answer may not have been heard yet
            return
        if unfinished.is_nothing:
            self.dismiss(Leave.KEEP)
        else:
            self.draw()

    def lines(self, width: int) -> list[Line]:
        """Return what is not over, what went wrong, and what leaving means."""
        held, under_way, ended = self._unfinished.held, self._unfinished.under_way, self._unfinished.ended
        most = _NAMED if self.size.height >= _ROOMY else 1
        lines: list[Line] = []
        if held:
            title = f"{counted(len(held), 'decision')} held, not sent"
            lines += [*_named(title, [(name, Role.PLAIN) for name in held], most, width), EMPTY]
        if under_way:
            title = f"{counted(len(under_way), 'decision')} under way"
            lines += [*_named(title, [(name, Role.PLAIN) for name in under_way], most, width), EMPTY]
        if ended:
            lines += [*_named("Meanwhile", ended, most, width), EMPTY]
        if held or under_way:
            lines += [*paragraph(_WAITS, width), EMPTY]
        if self._problem:
            lines += [*paragraph(f"! {self._problem}", width, Role.WARN), EMPTY]
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
        elif event.key in _TOO_LATE:
            self._problem = f"nothing is held any more, so nothing {_TOO_LATE[event.key]}"
            self.draw()
        else:
            return False
        return True


def _named(title: str, names: Sequence[Piece], most: int, width: int) -> list[Line]:
    lines: list[Line] = [((title, Role.TITLE),)]
    lines += [clipped(((f"  {plain(words)}", role),), width) for words, role in names[:most]]
    return lines + ([((f"  + {len(names) - most} more", Role.DIM),)] if len(names) > most else [])


def _keys(keys: Mapping[str, str]) -> Line:
    return tuple(piece for key, does in keys.items() for piece in ((key, Role.KEY), (f" {does}  ", Role.DIM)))
