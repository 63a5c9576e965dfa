"""A terminal to write to that may be lost, and what it did not take thrown away."""

import os
import termios
import time
from collections.abc import Callable
from io import TextIOBase
from typing import Final, TextIO

_FLUSHES: Final = 25
_FLUSHED_EVERY: Final = 0.02


def thrown_away(terminal: int, is_writing: Callable[[], bool]) -> None:
    """Throw away what a terminal did not take, until nobody is writing any more."""
    for _ in range(_FLUSHES):
        termios.tcflush(terminal, termios.TCOFLUSH)
        if not is_writing():
            return
        for flow in (termios.TCOOFF, termios.TCOON):  # room alone does not wake who waits for it
            termios.tcflow(terminal, flow)
        time.sleep(_FLUSHED_EVERY)


class Losable(TextIOBase):
    """A terminal to write to that may be lost: from then on what is written goes nowhere, without errors."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._lost = False
        self.is_writing = False

    def write(self, text: str) -> int:
        """Write, or lose the text with the terminal."""
        self._unless_lost(lambda: self._terminal.write(text))
        return len(text)

    def flush(self) -> None:
        """Flush, or lose what was not yet out."""
        self._unless_lost(self._terminal.flush)

    def fileno(self) -> int:
        """Return the terminal's own."""
        return self._terminal.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._terminal.isatty()

    def lose(self) -> None:
        """Write no more."""
        self._lost = True

    def _unless_lost(self, write: Callable[[], object]) -> None:
        self.is_writing = True
        try:
            if not self._lost:
                write()
        except OSError:
            self.lose()
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._terminal.fileno())
            os.close(nowhere)
        finally:
            self.is_writing = False
