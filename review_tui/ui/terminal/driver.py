"""The driver between the terminal and the console: input goes through the guard, and the end is noticed."""

import os
import selectors
import signal
import termios
import threading
import time
import tty
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import FrameType
from typing import Any, Final, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App, ScreenStackError
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from review_tui.ui.keymap import DEFAULT
from review_tui.ui.terminal.abilities import abilities_of
from review_tui.ui.terminal.backlog import Backlog, each_by_itself
from review_tui.ui.terminal.grid import Cells
from review_tui.ui.terminal.guard import (
    ESCAPE_DELAY,
    ESCAPE_DELAY_AFAR,
    ESCAPE_DELAY_MOST,
    Guard,
    Ignored,
    Input,
    Paste,
    Press,
)
from review_tui.ui.terminal.losable import Losable, thrown_away
from review_tui.ui.terminal.modes import GIVING_BACK, RESTORING, TAKEN
from review_tui.ui.terminal.output import Output, Terminal
from review_tui.ui.terminal.sequences import MODE_REPORT
from review_tui.ui.terminal.splash import Splash, Standing

_ESCAPE_TRIPS: Final = 1.5
"""Round trips that a lone escape byte waits: what a packet that was lost on the way takes at least."""

_QUESTION: Final = "$p"
_POINTER: Final = "\x1b]22;"
"""Begins the shape of a mouse that is moved, of which we hear nothing."""

_LAST_ANSWERS: Final = 0.03
_LAST_AT_MOST: Final = 0.6
"""Seconds that the end waits for answers which are on their way."""


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


class LeavingTyped(Message):
    """The key that leaves was typed before there was anything to see."""


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

    def escape_waits(self, seconds: float) -> None:
        """Have a lone escape byte wait so long for the rest of a key, from the next one on."""
        self._guard.escape_waits(seconds)

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


def escape_delay_here(round_trip: float | None = None) -> float:
    """Return how long a lone escape byte waits: longer when the terminal is at the other end of a link.

    A link that is slower than thought, or of which nobody has told, is known by its `round_trip` in seconds.
    """
    least = ESCAPE_DELAY_AFAR if os.environ.get("SSH_CONNECTION") else ESCAPE_DELAY
    return max(least, min(_ESCAPE_TRIPS * (round_trip or 0.0), ESCAPE_DELAY_MOST))


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
        self._output = Losable(self._file)
        self._file = cast("Any", self._output)
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_reader, False)
        os.set_blocking(self._wake_writer, False)
        self._attrs_raw: list[Any] | None = None
        self._has_terminal = False
        self._harmless: Iterable[str] = getattr(app, "harmless", DEFAULT.harmless)
        self._leaving: Iterable[str] = getattr(app, "leaving", ())
        self._splash: Splash | None = getattr(app, "splash", None)
        self._stands: Standing | None = None
        self._due = 0
        self._answers = threading.Condition()
        self._backlog = Backlog(
            self._loop,
            self._app.post_message,
            self._is_busy,
            moves=getattr(app, "moves", ()),
            at_once=getattr(app, "takes_at_once", each_by_itself),
        )
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
        """Write: of a frame only what the terminal does not show yet; nothing once it was given back."""
        if self._has_terminal and not (self._stands and data in TAKEN) and not data.startswith(_POINTER):
            self.output.write(data)

    def show(self, placed: Iterable[tuple[int, int, Cells]]) -> None:
        """Show a frame that is cells already, each piece with its column and row."""
        if self._has_terminal:
            self.output.flush()
            self.output.show(placed)

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

    def send_message(self, message: Message) -> None:
        """Have the app take a message when it is done with those before."""
        self._backlog.put(message)

    def _is_busy(self) -> bool:
        """Whether the app, or who has the keyboard, still has something to do."""
        try:
            listening = self._app.focused or self._app.screen
        except ScreenStackError:
            return False
        pumps = (self._app, *listening.ancestors_with_self)
        return any(not one._message_queue.empty() for one in pumps)  # noqa: SLF001 – nothing else tells

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
        self._has_terminal = True
        self.output.start()
        self._stands, self._splash = self._splash.hand_over() if self._splash else None, None
        super().start_application_mode()  # type: ignore[no-untyped-call]  # it has no types in Textual
        if self._stands is not None:
            self.attrs_before = self._stands.before
            self.output.stands(self._stands.drawn, self._stands.size)
            self._stands = None
        self.output.lines_fall(self._has_lines_fall())
        self._attrs_raw = self._attributes()
        told = signal.getsignal(signal.SIGWINCH)

        def resized(number: int, frame: FrameType | None) -> None:
            self._loop.call_soon_threadsafe(self.output.resized)
            if callable(told):
                told(number, frame)

        signal.signal(signal.SIGWINCH, resized)

    def stop_application_mode(self) -> None:
        """Give the terminal back, once, and then take in what it still answers.

        An answer that came later would stand in the shell's line as if it had been typed there.
        """
        if not self._has_terminal:
            return
        self.output.stop()
        self._has_terminal = False
        self._send(GIVING_BACK)
        trip = self.output.pace.round_trip
        if trip is not None:
            with self._answers:
                self._answers.wait_for(lambda: not self._due, min(2 * trip + _LAST_ANSWERS, _LAST_AT_MOST))
        self.disable_input()
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _enable_mouse_support(self) -> None:
        """Ask for buttons and the wheel alone: a mouse that is merely moved must not come between keys."""
        if self._mouse and self._key_thread is not None:  # Textual asks twice, and the second time counts
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
        """End the input thread at once instead of at its next look; what has come since goes nowhere."""
        if self._key_thread is None:
            return
        signal.signal(signal.SIGWINCH, signal.SIG_DFL)
        with suppress(BlockingIOError):
            os.write(self._wake_writer, b"\0")
        self._key_thread.join()
        self._key_thread = None
        with suppress(termios.error):
            termios.tcflush(self.fileno, termios.TCIFLUSH)

    def _run_input_thread(self) -> None:
        """Run the input thread; what goes wrong in it ends the console as any other error does."""
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 – a thread's last resort: it is told to the app
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)  # noqa: SLF001 – as Textual does

    def run_input_thread(self) -> None:
        """Read, guard and pass on until the input is disabled or the terminal is gone."""
        taken = GuardedInput(escape_delay=escape_delay_here(), mouse=self._mouse, harmless=self._harmless)
        for message in self._typed_ahead(taken):
            self.process_message(message)
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
                    taken.escape_waits(escape_delay_here(self.output.pace.round_trip))
                    messages = taken.feed(data, time.monotonic())
                for message in messages:
                    self.process_message(message)

    def _typed_ahead(self, taken: GuardedInput) -> Iterator[Message]:
        """Yield what comes of what was typed before anything was seen: keys decide and open nothing.

        What the terminal answers is taken in, and the key that leaves is heard.
        """
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            data = self._read() if selector.select(0) else b""
        typed, escape, rest = data.partition(b"\x1b")
        if any(key.encode() in typed for key in self._leaving):
            yield LeavingTyped()
        if escape:
            yield from taken.feed(escape + rest, time.monotonic())

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
                thrown_away(own, lambda: self._output.is_writing)
                os.write(own, RESTORING.encode())
            finally:
                os.close(own)

    def _has_lines_fall(self) -> bool:
        """Have line feeds reach the terminal as they are; False where what is written goes another way."""
        with suppress(OSError, termios.error):
            attributes = termios.tcgetattr(self.fileno)
            attributes[tty.OFLAG] &= ~termios.ONLCR
            termios.tcsetattr(self.fileno, termios.TCSANOW, attributes)
            return not termios.tcgetattr(self._output.fileno())[tty.OFLAG] & termios.ONLCR
        return False

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
