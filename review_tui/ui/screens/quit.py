"""The dialog that asks before leaving while a decision is under way."""

from collections.abc import Sequence

from textual import events

from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import paragraph
from review_tui.ui.screens.dialog import Dialog


class QuitScreen(Dialog[bool]):
    """Asks whether to leave; gives True, or None to stay. `waiting` names the decisions under way."""

    def __init__(self, waiting: Sequence[str]) -> None:
        super().__init__()
        self._waiting = tuple(plain(words) for words in waiting)

    def lines(self, width: int) -> list[Line]:
        """Return what is under way and what leaving means."""
        count = len(self._waiting)
        lines: list[Line] = [((f"{counted(count, 'decision')} under way", Role.TITLE),)]
        for words in self._waiting[:5]:
            lines += paragraph(words, width, indent=2)
        if count > 5:
            lines.append(((f"  + {count - 5} more", Role.DIM),))
        lines += [
            EMPTY,
            *paragraph("Leaving waits up to 5 s for answers, then says what is not known.", width),
        ]
        keys: Line = (("y", Role.KEY), (" leaves  ", Role.DIM), ("n", Role.KEY), (" stays", Role.DIM))
        return [*lines, EMPTY, keys]

    def press(self, event: events.Key) -> bool:
        """Leave on y, stay on n; q, which opened this, does neither."""
        if event.key == "y":
            self.dismiss(True)
        elif event.key == "n":
            self.dismiss(None)
        else:
            return False
        return True
