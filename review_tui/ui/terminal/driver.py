"""The driver between the terminal and the console: input goes through the guard, and the end is noticed."""

import os
import selectors
import signal
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOBase
from typing import Any, Final, TextIO, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from review_tui.ui.commands import COMMANDS, Group
from review_tui.ui.terminal.guard import (
    ESCAPE_DELAY,
    ESCAPE_DELAY_AFAR,
    Guard,
    Ignored,
    Input,
    Paste,
    Press,
)

WATCHDOG: Final = 8.0
"""Seconds after which a console whose terminal is gone is ended, drained or not."""

HUNG_UP: Final = 128 + signal.SIGHUP

MOVING: Final = frozenset(
    key for command in COMMANDS if command.group is Group.MOVE for key in command.keys if len(key) == 1
)
"""The characters that only move, by the table of commands."""


class InputIgnored(Message):
    """So many characters came that nobody typed and that went nowhere."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class TerminalGone(Message):
    """Nobody can see or press anything any more."""


class GuardedInput:
    """Turns what a terminal sends into Textual's messages: the guard first, then Textual's own parser."""

    def __init__(self, *, escape_delay: float, mouse: bool = False) -> None:
        self._guard = Guard(MOVING, escape_delay=escape_delay, mouse=mouse)
        self._parser = XTermParser()

    @property
    def deadline(self) -> float | None:
        """When `tick` has to be called if nothing comes before; None for never."""
        return self._guard.deadline

    def feed(self, data: bytes, now: float) -> Iterator[Message]:
        """Yield what comes of the bytes of one read."""
        for taken in self._guard.feed(data, now):
            yield from self._messages(taken)

    def tick(self, now: float) -> Iterator[Message]:
        """Yield what had to wait until now."""
        for taken in self._guard.tick(now):
            yield from self._messages(taken)

    def _messages(self, taken: Input) -> Iterator[Message]:
        match taken:
            case Press(sequence):
                yield from self._parser.feed(sequence)
            case Paste(text):
                yield events.Paste(text)
            case Ignored(count):
                yield InputIgnored(count)
            case _:
                yield events.Key("escape", "\x1b")


def escape_delay_here() -> float:
    """Return how long a lone escape byte waits: longer when the terminal is at the other end of a link."""
    return ESCAPE_DELAY_AFAR if os.environ.get("SSH_CONNECTION") else ESCAPE_DELAY


class GuardedDriver(LinuxDriver):
    """Textual's driver, except that input is guarded, leaving is quick and a lost terminal ends it."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert self._file is not None
        self._file = cast("Any", _Losable(self._file))
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_reader, False)
        os.set_blocking(self._wake_writer, False)
        self._attrs_raw: list[Any] | None = None

    def start_application_mode(self) -> None:
        """Start, and keep how the terminal has to be while we run."""
        with suppress(BlockingIOError):
            os.read(self._wake_reader, 4096)
        super().start_application_mode()  # type: ignore[no-untyped-call]  # it has no types in Textual
        self._attrs_raw = self._attributes()

    def disable_input(self) -> None:
        """End the input thread at once instead of at its next look."""
        with suppress(BlockingIOError):
            os.write(self._wake_writer, b"\0")
        super().disable_input()

    def _run_input_thread(self) -> None:
        """Run the input thread; what goes wrong in it ends the console as any other error does."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 – a thread's last resort: it is told to the app
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)  # noqa: SLF001 – as Textual does

    def run_input_thread(self) -> None:
        """Read, guard and pass on until the input is disabled or the terminal is gone."""
        taken = GuardedInput(escape_delay=escape_delay_here(), mouse=self._mouse)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while True:
                deadline = taken.deadline
                wait = None if deadline is None else max(deadline - time.monotonic(), 0)
                ready = {key.fd for key, _ in selector.select(wait)}
                if self._wake_reader in ready:
                    return
                messages = taken.tick(time.monotonic())
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        self._end_without_terminal()
                        return
                    messages = taken.feed(data, time.monotonic())
                for message in messages:
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _end_without_terminal(self) -> None:
        """Ask the console to end; see to it that it does."""
        self.send_message(TerminalGone())
        watchdog = threading.Timer(WATCHDOG, os._exit, (HUNG_UP,))
        watchdog.daemon = True
        watchdog.start()

    def _attributes(self) -> list[Any] | None:
        try:
            return termios.tcgetattr(self.fileno)
        except termios.error:
            return None

    def _sigcont_application(self, *_: object) -> None:
        """Go on after a stop: start anew if we had left the screen, else draw again what may be lost."""
        if self._must_signal_resume:
            super()._sigcont_application()
        elif self._attrs_raw is not None:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._attrs_raw)
            except termios.error:
                return
            self._loop.call_soon_threadsafe(self._app.refresh)


class _Losable(TextIOBase):
    """A terminal to write to that may be lost: from then on what is written goes nowhere, without errors."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Write, or lose the text with the terminal."""
        try:
            return self._terminal.write(text)
        except OSError:
            self._lose()
            return len(text)

    def flush(self) -> None:
        """Flush, or lose what was not yet out."""
        try:
            self._terminal.flush()
        except OSError:
            self._lose()

    def fileno(self) -> int:
        """Return the terminal's own."""
        return self._terminal.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._terminal.isatty()

    def _lose(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._terminal.fileno())
        os.close(nowhere)
