"""Lines that are made as far as somebody scrolls."""

from collections.abc import Iterator
from typing import Final

from review_tui.ui.render.line import Line, Role

LINES_AT_MOST: Final = 10_000
"""Lines that can be scrolled through; what is beyond is said to be left out."""

_AHEAD: Final = 200


class GrowingLines:
    """Lines of a source that may be long, `LINES_AT_MOST` at most."""

    def __init__(self, source: Iterator[Line]) -> None:
        self._source = source
        self._made: list[Line] = []
        self._over = False

    @property
    def count(self) -> int:
        """Lines made so far."""
        return len(self._made)

    def reach(self, index: int) -> None:
        """Make lines up to a stretch beyond `index`, as far as there are any."""
        wanted = min(index + _AHEAD, LINES_AT_MOST)
        while not self._over and len(self._made) < wanted:
            line = next(self._source, None)
            if line is None:
                self._over = True
            else:
                self._made.append(line)
        if not self._over and len(self._made) >= LINES_AT_MOST:
            self._over = True
            words = f"… only the first {LINES_AT_MOST:,} lines are listed"
            self._made.append(((words, Role.WARN),))

    def reach_end(self) -> None:
        """Make all lines that can be scrolled through."""
        self.reach(LINES_AT_MOST)

    def line(self, index: int) -> Line:
        """Return one line that was made."""
        return self._made[index]
