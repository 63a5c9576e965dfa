"""The driver between the terminal and the console: input goes through the guard, and the end is noticed."""

import os
import selectors
import signal
import termios
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import TextIOBase
from types import FrameType
from typing import Any, Final, TextIO, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from review_tui.ui.keymap import DEFAULT
from review_tui.ui.terminal.abilities import abilities_of
from review_tui.ui.terminal.guard import (
    ESCAPE_DELAY,
    ESCAPE_DELAY_AFAR,
    Guard,
    Ignored,
    Input,
    Paste,
    Press,
)
from review_tui.ui.terminal.output import Output, Terminal
from review_tui.ui.terminal.sequences import MODE_REPORT

RESTORING: Final = (
    "\x18\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h"
)
"""What gives a terminal back, whatever it was in the middle of."""

_QUESTION: Final = "$p"
_LAST_ANSWERS: Final = 0.03
_LAST_AT_MOST: Final = 0.6
"""Seconds that the end waits for answers which are on their way."""

_FLUSHES: Final = 25
_FLUSHED_EVERY: Final = 0.02


class InputIgnored(Message):
    """So many characters came that nobody typed and that went nowhere."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class FrameAnswered(Message):
    """The terminal has answered the question for `mode` that went out with a frame."""

    def __init__(self, mode: int) -> None:
        super().__init__()
        self.mode = mode


class GuardedInput:
    """Turns what a terminal sends into Textual's messages: the guard first, then Textual's own parser.

    `harmless` are the characters that only move.
    """

    def __init__(
        self, *, escape_delay: float, mouse: bool = False, harmless: Iterable[str] = DEFAULT.harmless
    ) -> None:
        self._guard = Guard(harmless, escape_delay=escape_delay, mouse=mouse)
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
                if answer := MODE_REPORT.fullmatch(sequence):
                    yield FrameAnswered(int(answer[1]))
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
        self._output = _Losable(self._file)
        self._file = cast("Any", self._output)
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_reader, False)
        os.set_blocking(self._wake_writer, False)
        self._attrs_raw: list[Any] | None = None
        self._harmless: Iterable[str] = getattr(app, "harmless", DEFAULT.harmless)
        self._due = 0
        self._answers = threading.Condition()
        terminal = Terminal(
            send=self._send,
            size=self._get_terminal_size,
            is_laid_out=self._is_laid_out,
            repaint=self._app.refresh,
            now=time.monotonic,
            later=self._loop.call_later,
        )
        self.output = Output(terminal, abilities_of(os.environ.get("TERM", "")))

    def write(self, data: str) -> None:
        """Write: of a frame only what the terminal does not show yet."""
        self.output.write(data)

    def _send(self, data: str) -> None:
        with self._answers:
            self._due += data.count(_QUESTION)
        super().write(data)

    def flush(self) -> None:
        """End a frame."""
        self.output.flush()

    def process_message(self, message: Message) -> None:
        """Pass a message on; answers to frames are for the output."""
        if isinstance(message, FrameAnswered):
            with self._answers:
                self._due = max(0, self._due - 1)
                self._answers.notify_all()
            self._loop.call_soon_threadsafe(self.output.answered, message.mode)
        else:
            if isinstance(message, events.Resize):
                self._loop.call_soon_threadsafe(self.output.resized)
            super().process_message(message)

    def _is_laid_out(self) -> bool:
        """Whether what is drawn is drawn for the terminal's size."""
        try:
            return self._app.screen.size == self._get_terminal_size()
        except ScreenStackError:
            return True

    def start_application_mode(self) -> None:
        """Start, and keep how the terminal has to be while we run."""
        with suppress(BlockingIOError):
            os.read(self._wake_reader, 4096)
        self.output.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # it has no types in Textual
        self._attrs_raw = self._attributes()
        told = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: FrameType | None) -> None:
            self._loop.call_soon_threadsafe(self.output.resized)
            if callable(told):
                told(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def stop_application_mode(self) -> None:
        """Stop drawing, take in what the terminal still answers, and give it back.

        An answer that came later would stand in the shell's line as if it had been typed there.
        """
        self.output.stop()
        trip = self.output.pace.round_trip
        if trip is not None:
            with self._answers:
                self._answers.wait_for(lambda: not self._due, min(2 * trip + _LAST_ANSWERS, _LAST_AT_MOST))
        super().stop_application_mode()

    def _enable_mouse_support(self) -> None:
        """Ask for buttons and the wheel alone: a mouse that is merely moved must not come between keys."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1006h")
            self.flush()

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size that the kernel tells; COLUMNS and LINES may be another window's."""
        try:
            size = os.get_terminal_size(self.fileno)
        except OSError:
            return super()._get_terminal_size()
        return (size.columns or 80, size.lines or 25)

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
        taken = GuardedInput(escape_delay=escape_delay_here(), mouse=self._mouse, harmless=self._harmless)
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
        """Tell ourselves what the system tells those who do not ignore it."""
        main = threading.main_thread().ident
        if main is not None:
            signal.pthread_kill(main, signal.SIGHUP)

    def let_go(self) -> None:
        """Give up a terminal that takes nothing: throw away what it did not take, and restore it.

        From then on what is written goes nowhere, so that whoever waits for the terminal goes on.
        """
        self._output.lose()
        with suppress(OSError, termios.error):
            own = os.open(os.ttyname(self._output.fileno()), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
            try:
                if self.attrs_before is not None:
                    termios.tcsetattr(own, termios.TCSANOW, self.attrs_before)
                _flush(own, lambda: self._output.is_writing)
                os.write(own, RESTORING.encode())
            finally:
                os.close(own)

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
            self._loop.call_soon_threadsafe(self.output.redraw)


def _flush(terminal: int, is_writing: Callable[[], bool]) -> None:
    """Throw away what a terminal did not take, until nobody is writing any more."""
    for _ in range(_FLUSHES):
        termios.tcflush(terminal, termios.TCOFLUSH)
        if not is_writing():
            return
        for flow in (termios.TCOOFF, termios.TCOON):  # room alone does not wake who waits for it
            termios.tcflow(terminal, flow)
        time.sleep(_FLUSHED_EVERY)


class _Losable(TextIOBase):
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
