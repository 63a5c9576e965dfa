"""The splash: the first picture of a start, on a terminal that nobody drives yet; imports nothing large."""

import os
import signal
import termios
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from review_tui.ui.terminal.modes import RESTORING, TAKEN

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OFF = b"\0"

Attributes = list[Any]
"""How a terminal is set, as `termios` tells it."""


class Standing:
    """What a splash hands over: what it has drawn, for which size, and how the terminal was before it."""

    def __init__(self, drawn: str, size: tuple[int, int], before: Attributes) -> None:
        self.drawn = drawn
        self.size = size
        self.before = before


class Splash:
    """Shows a picture until a driver takes the terminal over, or it ends.

    Meanwhile nothing that is typed is shown or acted on, but ctrl+c and signals that end us do, with the
    terminal given back. `drawn` makes the picture for so many columns and lines.
    """

    def __init__(self, drawn: Callable[[int, int], str], *, reader: int = 0, writer: int = 2) -> None:
        self._drawn = drawn
        self._reader = reader
        self._writer = writer
        self._stands: Standing | None = None
        self._before: dict[int, Callable[[int, FrameType | None], object] | int | None] = {}

    def show(self) -> None:
        """Draw, where there is a terminal that can be drawn on and something to draw."""
        try:
            size = tuple(os.get_terminal_size(self._writer))
            drawn = self._drawn(size[0], size[1])
            before = termios.tcgetattr(self._reader)
        except (OSError, termios.error):
            return
        if not drawn:
            return
        self._stands = Standing(drawn, (size[0], size[1]), before)
        for number in _ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks for
                self._before[number] = signal.signal(number, self._ended)
        try:
            termios.tcsetattr(self._reader, termios.TCSANOW, _quiet(before))
            _write_all(self._writer, "".join((*TAKEN, drawn)).encode())
        except (OSError, termios.error):
            self.end()

    def leave_signals(self) -> None:
        """Let signals be what they were: from now on somebody else hears them."""
        while self._before:
            number, handler = self._before.popitem()
            signal.signal(number, handler)

    def hand_over(self) -> Standing | None:
        """Leave the terminal as it is to who drives it from now on; None where nothing stands there."""
        stands, self._stands = self._stands, None
        self.leave_signals()
        return stands

    def end(self) -> None:
        """Give the terminal back, unless it was handed over; what was typed goes nowhere."""
        stands, self._stands = self._stands, None
        if stands is not None:
            with suppress(OSError):
                # The terminal may take nothing, and whoever ends us does not wait for it.
                own = os.open(os.ttyname(self._writer), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
                with os.fdopen(own, "wb", buffering=0) as terminal:
                    terminal.write(RESTORING.encode())
            with suppress(termios.error):
                termios.tcflush(self._reader, termios.TCIFLUSH)
                termios.tcsetattr(self._reader, termios.TCSANOW, stands.before)
        self.leave_signals()

    def _ended(self, number: int, frame: FrameType | None) -> None:
        """End at once: nothing has begun that could be lost."""
        del frame
        self.end()
        os._exit(128 + number)


def _quiet(attributes: Attributes) -> Attributes:
    """Return a terminal's attributes without echo and lines, and without keys that stop or dump us."""
    quiet = [*attributes[:6], list(attributes[6])]
    quiet[1] &= ~termios.ONLCR
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    for key in (termios.VSUSP, termios.VQUIT):
        quiet[6][key] = _OFF
    return quiet


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
