"""A terminal of the tests' own: runs a program in a pty, answers its queries, keeps the screen it draws."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from tests.emulator import Picture, PictureStream

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "escape": "\x1b",
    "space": " ",
    "ctrl+c": "\x03",
}

# pyte prints what it does not know; these are taken out before it sees them.
_UNKNOWN_TO_PYTE = re.compile(
    r"\x1b\[[<=>][0-9;:]*[A-Za-z]|\x1b\[\?[0-9;]*[a-gi-km-zA-Z]|\x1b\[\??[0-9;]*\$[a-z]|\x1b[P_^X].*?\x1b\\|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;]*q",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(?:\[[<=>?]?[0-9;:$ ]*|[\]P_^X][^\x07\x1b]*\x1b?)?\Z")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
RESTORED = {
    1049: False,
    1000: False,
    1002: False,
    1003: False,
    1006: False,
    2004: False,
    1004: False,
    25: True,
}
"""Private modes and how a program must leave them."""


class Terminal:
    """A program in a pty of `columns` × `lines`; `raw` is every byte it wrote."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], *, columns: int = 120, lines: int = 40
    ) -> None:
        self._screen = Picture(columns, lines)
        self._stream = PictureStream(self._screen)
        self._lines: dict[int, str] = {}
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""
        self.raw = bytearray()
        self.status: int | None = None
        # A size said in the environment would outdo the one that the kernel tells.
        env = {name: value for name, value in env.items() if name not in {"COLUMNS", "LINES"}}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), env)
        self._resize(columns, lines)
        self._before = termios.tcgetattr(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.status is None:
            self.signal(signal.SIGKILL)
            self.wait_for_exit(5)
        os.close(self._fd)

    def _resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns: int, lines: int) -> None:
        """Change the window's size; the kernel tells the program."""
        self._screen.resize(lines, columns)
        self._resize(columns, lines)

    @property
    def text(self) -> str:
        """What stands on the screen, without trailing blanks."""
        # pyte's own display stumbles over half of a wide character that was overwritten.
        columns = range(self._screen.columns)
        for y in self._screen.dirty:
            row = self._screen.buffer[y]
            self._lines[y] = "".join([row[x].data for x in columns]).rstrip()
        self._screen.dirty.clear()
        return "\n".join([self._lines.get(y, "") for y in range(self._screen.lines)])

    def press(self, *keys: str, pause: float = 0.05) -> None:
        """Press keys one by one as a person does: never two in the same instant."""
        for key in keys:
            os.write(self._fd, KEYS.get(key, key).encode())
            self.read(pause)

    def type(self, text: str) -> None:
        """Type text at about 30 keys a second."""
        self.press(*text, pause=0.03)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program itself."""
        os.kill(self.pid, number)

    def read(self, seconds: float) -> None:
        """Take in what the program writes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self._fd], [], [], left)
            if ready and not self._take():
                return

    def wait_for(self, pattern: str, seconds: float = 15) -> re.Match[str]:
        """Read until the screen's text matches; fails with the screen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := re.search(pattern, self.text):
                return found
            self.read(0.03)
        raise AssertionError(f"never saw {pattern!r} on this screen:\n{self.text}")

    def wait_until_gone(self, pattern: str, seconds: float = 15) -> None:
        """Read until the screen's text no longer matches; fails with the screen."""
        end = time.monotonic() + seconds
        while re.search(pattern, self.text):
            assert time.monotonic() < end, f"still see {pattern!r} on this screen:\n{self.text}"
            self.read(0.03)

    def wait_for_exit(self, seconds: float = 10) -> int:
        """Wait for the end; returns the exit code, 128 + n for a signal."""
        end = time.monotonic() + seconds
        while self.status is None:
            self.read(0.02)
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                code = os.waitstatus_to_exitcode(status)
                self.status = code if code >= 0 else 128 - code
            elif time.monotonic() > end:
                raise AssertionError(f"still running; its screen:\n{self.text}")
        self.read(0.05)
        return self.status

    def modes_left_on(self) -> dict[int, bool]:
        """Private modes that the program did not leave as a shell needs them."""
        seen: dict[int, bool] = {}
        for numbers, end in _MODE.findall(bytes(self.raw)):
            for number in numbers.split(b";"):
                seen[int(number)] = end == b"h"
        return {mode: on for mode, on in seen.items() if mode in RESTORED and RESTORED[mode] != on}

    def is_cooked(self) -> bool:
        """Whether echo, line input and what becomes of line feeds are as they were before."""
        now = termios.tcgetattr(self._fd)
        return bool(now[3] == self._before[3] and now[:2] == self._before[:2])

    def _take(self) -> bool:
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        if not data:
            return False
        self.raw += data
        self._answer(data)
        self._draw(data)
        return True

    def _draw(self, data: bytes) -> None:
        """Bring what was written onto the screen."""
        text = self._rest + self._decoder.decode(data)
        cut = _UNFINISHED.search(text)
        self._rest = text[cut.start() :] if cut else ""
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", text[: cut.start()] if cut else text))

    def _answer(self, data: bytes) -> None:
        """Reply as a terminal does to what Textual asks at its start."""
        for number in re.findall(rb"\x1b\[\?(\d+)\$p", data):
            os.write(self._fd, b"\x1b[?%b;%d$y" % (number, 2 if number == b"2026" else 0))
        if b"\x1b[c" in data:
            os.write(self._fd, b"\x1b[?62;22c")
