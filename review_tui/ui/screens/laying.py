"""Laying out: how the panes share the window, turned round by a key and remembered for windows like it."""

from collections.abc import Callable, Mapping
from typing import Final

from textual.geometry import Size

from review_tui.model.wire import Json
from review_tui.ui.key_names import key_of
from review_tui.ui.layout import Layout, layouts_of
from review_tui.ui.render.line import Role
from review_tui.ui.screens.reviewing import Reviewing

_WORDS: Final = {
    Layout.SIDE: "side by side",
    Layout.BROAD: "side by side, with more room for the detail",
    Layout.STACKED: "one above the other",
    Layout.SINGLE: "one pane at a time",
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
        """Return the layout for a window."""
        return layout_by(self._screen.memory.get("layout"), layouts_of(size.width, size.height))

    def _turn(self) -> None:
        size = self._size()
        room = layouts_of(size.width, size.height)
        if len(room) == 1:
            self._screen.hint("layout: this window has room for one pane only", Role.DIM)
            return
        kept = self._screen.memory.get("layout")
        chosen = room[(room.index(layout_by(kept, room)) + 1) % len(room)]
        others = kept if isinstance(kept, dict) else {}
        self._screen.memory.put("layout", {**others, _like(room): chosen.value})
        self._take()
        ways = f": {key_of('open')} opens, {key_of('back')} goes back" if chosen is Layout.SINGLE else ""
        self._screen.hint(f"layout: {_WORDS[chosen]}{ways}", Role.DIM)


def layout_by(kept: Json, room: tuple[Layout, ...]) -> Layout:
    """Return what was chosen for windows with this room, else what shows most."""
    chosen = kept.get(_like(room)) if isinstance(kept, dict) else None
    return Layout(str(chosen)) if chosen in room else room[0]


def _like(room: tuple[Layout, ...]) -> str:
    """Name windows by what they have room for."""
    return " ".join(room)
