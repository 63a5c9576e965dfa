"""Laying out: how the panes share the window, turned round by a key and remembered for windows like it."""

from collections.abc import Callable, Mapping
from typing import Final

from textual.geometry import Size

from review_tui.ui.layout import Layout, layouts_of
from review_tui.ui.render.line import Role
from review_tui.ui.screens.reviewing import Reviewing

_WORDS: Final = {
    Layout.SIDE: "side by side",
    Layout.BROAD: "side by side, with more room for the detail",
    Layout.STACKED: "one above the other",
    Layout.SINGLE: "one pane at a time: Enter opens, h goes back",
}


class Laying:
    """Chooses the layout; `take` puts the panes in it, `size` says how large the window is.

    What was chosen is kept by what a window has room for, so that a small one and a large one each keep
    their own.
    """

    def __init__(self, screen: Reviewing, size: Callable[[], Size], take: Callable[[], None]) -> None:
        self._screen = screen
        self._size = size
        self._take = take
        self.commands: Mapping[str, Callable[[], None]] = {"layout": self._turn}

    def layout(self, size: Size) -> Layout:
        """Return the layout for a window: what was chosen for its like, else what shows most."""
        room = layouts_of(size.width, size.height)
        kept = self._screen.memory.get("layout")
        chosen = kept.get(_like(room)) if isinstance(kept, dict) else None
        return Layout(str(chosen)) if chosen in room else room[0]

    def _turn(self) -> None:
        size = self._size()
        room = layouts_of(size.width, size.height)
        if len(room) == 1:
            self._screen.hint("layout: this window has room for one pane only", Role.DIM)
            return
        chosen = room[(room.index(self.layout(size)) + 1) % len(room)]
        kept = self._screen.memory.get("layout")
        others = kept if isinstance(kept, dict) else {}
        self._screen.memory.put("layout", {**others, _like(room): chosen.value})
        self._take()
        self._screen.hint(f"layout: {_WORDS[chosen]}", Role.DIM)


def _like(room: tuple[Layout, ...]) -> str:
    """Name windows by what they have room for."""
    return " ".join(room)
