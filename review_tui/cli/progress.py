"""Progress: one line at the end of a terminal that is written over and over, and gone before all else."""

import os
import unicodedata
from typing import Final, TextIO

from review_tui.model.text import clean

_USUAL_WIDTH: Final = 80


class ProgressLine:
    """A line on a terminal; nothing at all where the stream is none. No colours, no sequences."""

    def __init__(self, stream: TextIO) -> None:
        self.is_shown: Final = stream.isatty()
        self._stream = stream
        self._cells = 0

    def show(self, words: str) -> None:
        """Write the line, as much of it as fits."""
        if not self.is_shown:
            return
        text, cells = _cut(clean(words), self._width - 1)
        blanks = " " * max(0, min(self._cells, self._width - 1) - cells)
        self._write(f"\r{text}{blanks}")
        self._cells = cells

    def clear(self) -> None:
        """Take it away: what comes next begins the line."""
        if self._cells:
            self._write(f"\r{' ' * min(self._cells, self._width - 1)}\r")
            self._cells = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    @property
    def _width(self) -> int:
        try:
            return max(2, os.get_terminal_size(self._stream.fileno()).columns)
        except (OSError, ValueError):
            return _USUAL_WIDTH


def _cut(text: str, most: int) -> tuple[str, int]:
    """Return as much of a text as fits into `most` cells, and how many it takes."""
    taken = 0
    for at, char in enumerate(text):
        width = 0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if taken + width > most:
            return text[:at], taken
        taken += width
    return text, taken
