"""Loading: older submissions are loaded behind, stopped and gone on with, and how many to expect is kept."""

import gc
from collections.abc import Callable, Mapping
from typing import Final

from review_tui.model.queue import Filter
from review_tui.model.wire import Json
from review_tui.ui.key_names import key_of
from review_tui.ui.render.line import Role
from review_tui.ui.screens.reviewing import Reviewing

FEW: Final = 2_000
"""Rows that are loaded so soon that nobody asks how far that is."""

APART: Final = 5_000
"""Rows that come in between two moments at which those there are taken out of the collector's way."""

LISTS: Final = 50
"""Lists of which it is kept how long they were."""


class Loading:
    """Gives the command that stops loading older ones, or goes on with it."""

    def __init__(self, screen: Reviewing) -> None:
        self._screen = screen
        self._set_aside = 0
        self._noted: tuple[Filter, int] | None = None
        self.commands: Mapping[str, Callable[[], None]] = {"load-older": self._turn}

    @property
    def expected(self) -> int:
        """About how many the list will have, as it had when it was loaded last; 0 where nobody knows."""
        queue = self._screen.state.queue
        known = (
            0 if queue.complete else _lengths(self._screen.memory.get("lengths")).get(str(queue.filter), 0)
        )
        return known if known > len(queue) else 0

    def follow(self) -> None:
        """Keep how long a list is, once all of it is loaded."""
        queue = self._screen.state.queue
        if not 0 <= len(queue) - self._set_aside < APART:
            self._set_aside = len(queue)
            if len(queue) >= APART:
                gc.collect(1)
                gc.freeze()  # else the collector goes through all that is loaded, while keys wait
        here = (queue.filter, len(queue))
        if not queue.complete or len(queue) < FEW or here == self._noted:
            return
        self._noted = here
        lengths = _lengths(self._screen.memory.get("lengths"))
        lengths.pop(str(queue.filter), None)
        kept: dict[str, Json] = {**dict([*lengths.items()][1 - LISTS :]), str(queue.filter): len(queue)}
        self._screen.memory.put("lengths", kept)

    def _turn(self) -> None:
        screen, loading = self._screen, self._screen.state.loading
        if loading is not None and loading.stopped:
            screen.desk.load_older()
            screen.hint(f"loading older ones: {key_of('load-older')} stops", Role.ACCENT)
        else:
            screen.desk.leave_older()
            rows = f"{len(screen.state.queue):,}"
            screen.hint(f"{rows} loaded, older ones left: {key_of('load-older')} goes on", Role.ACCENT)


def _lengths(kept: Json) -> dict[str, int]:
    found = kept.items() if isinstance(kept, dict) else ()
    return {name: rows for name, rows in found if isinstance(name, str) and isinstance(rows, int)}
