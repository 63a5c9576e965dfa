"""A terminal that only takes the time while a program writes, and draws when the program is quiet."""

import os
import re
import select
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from tests.bench.ideal import Picture, ideal_bytes
from tests.pty.link import Linked
from tests.pty.terminal import Terminal

APART: Final = 0.004
"""Seconds without a byte that part two frames."""

_SYNC_START: Final = b"\x1b[?2026h"
_SYNC_END: Final = b"\x1b[?2026l"
_OTHER_SCREEN_LEFT: Final = b"\x1b[?1049l"


@dataclass(frozen=True, slots=True)
class Burst:
    """What came of keys: when the first and the last byte came (seconds after the key, None for silence),
    how many bytes in how many frames, and how few bytes would have done.
    """

    first: float | None
    last: float | None
    size: int
    frames: int
    ideal: int


@dataclass(frozen=True, slots=True)
class Started:
    """Seconds from before the start until the first byte, anything on the screen, and the screen one waits
    for; the last is also when nothing more came. `size` is all that was written until then.
    """

    first_byte: float
    first_paint: float
    ready: float
    settled: float
    size: int


class Watched(Terminal):
    """A terminal whose bytes carry the time at which they came.

    What a time says is from just before the program is started, or the key is sent, to just after the read
    that brought the byte. One that is `mute` answers no question.
    """

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], *, mute: bool = False, **more: Any
    ) -> None:
        self._mute = mute
        self._arrived: deque[tuple[float, bytes]] = deque()
        self._tail = b""
        self._half_done = False
        self.began = time.monotonic()
        super().__init__(command, env, **more)

    def _draw(self, data: bytes) -> None:
        self._arrived.append((time.monotonic(), data))

    def _answer(self, data: bytes) -> None:
        if not self._mute:
            super()._answer(data)

    def draw(self) -> Iterator[float]:
        """Bring what came onto the screen; yield the time of each piece that is not half a frame."""
        while self._arrived:
            at, data = self._arrived.popleft()
            super()._draw(data)
            data = self._tail + data
            begins, ends = data.rfind(_SYNC_START), data.rfind(_SYNC_END)
            if begins != ends:
                self._half_done = begins > ends
            self._tail = data[1 - len(_SYNC_END) :]
            if not self._half_done:
                yield at

    @property
    def text(self) -> str:
        """What stands on the screen, as far as it has come."""
        for _ in self.draw():
            pass
        return super().text

    def cells(self) -> Picture:
        """Return the screen as it stands, cell by cell."""
        for _ in self.draw():
            pass
        screen = self._screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

    def until_quiet(self, quiet: float, *, first: float = 2.0, at_most: float = 60.0) -> None:
        """Read until nothing has come for `quiet` seconds; what has not begun has `first` for that."""
        end = time.monotonic() + at_most
        wait = first
        while (now := time.monotonic()) < end:
            ready, _, _ = select.select([self._fd], [], [], min(wait, end - now))
            if not ready or not self._take():
                return
            wait = quiet

    def started(self, ready: str, *, quiet: float = 0.2, seconds: float = 60.0) -> Started:
        """Wait until the screen matches `ready` and nothing more comes."""
        paint = there = None
        first = last = 0.0
        while there is None:
            self.until_quiet(min(quiet, 0.1), first=0.5)
            if self._arrived:
                first, last = first or self._arrived[0][0], self._arrived[-1][0]
            for at in self.draw():
                text = Terminal.text.fget(self)  # type: ignore[attr-defined]  # a property of the parent
                if paint is None and text.strip():
                    paint = at
                if there is None and re.search(ready, text):
                    there = at
            if time.monotonic() - self.began > seconds:
                raise AssertionError(f"never saw {ready!r} on this screen:\n{self.text}")
        self.until_quiet(quiet, first=quiet)
        if self._arrived:
            last = self._arrived[-1][0]
        first_byte, first_paint, ready_at, settled = (
            at - self.began for at in (first, paint or there, there, last)
        )
        return Started(first_byte, first_paint, ready_at, settled, len(self.raw))

    def strike(self, keys: bytes, *, quiet: float = 0.12, first: float = 2.0) -> Burst:
        """Send keys in one piece and wait until what comes of them is over."""
        before = self.cells()
        os.write(self._fd, keys)
        return self._burst(time.monotonic(), before, quiet, first)

    def hold_down(self, key: bytes, *, rate: float, seconds: float, quiet: float) -> Burst:
        """Let a key repeat; times are from the last one on."""
        before = self.cells()
        starts = struck = time.monotonic()
        for number in range(int(rate * seconds)):
            self.read(max(starts + number / rate - time.monotonic(), 0.0))
            struck = time.monotonic()
            os.write(self._fd, key)
        return self._burst(struck, before, quiet, 2.0)

    def pour(self, data: bytes, *, seconds: float = 120.0) -> None:
        """Send much, as fast as the program takes it in."""
        end = time.monotonic() + seconds
        os.set_blocking(self._fd, False)
        sent = 0
        while sent < len(data) and time.monotonic() < end:
            ready, room, _ = select.select([self._fd], [self._fd], [], 1.0)
            if ready and not self._take():
                break
            if room:
                sent += os.write(self._fd, data[sent : sent + 4096])
        os.set_blocking(self._fd, True)

    def resized(self, columns: int, lines: int, *, quiet: float = 0.25) -> Burst:
        """Change the window's size; ideal is what draws the new picture on an empty screen."""
        for _ in self.draw():
            pass
        struck = time.monotonic()
        self.resize(columns, lines)
        blank = [[self._screen.default_char] * columns for _ in range(lines)]
        return self._burst(struck, blank, quiet, 2.0)

    def left(self, keys: bytes, *, seconds: float = 5.0) -> tuple[float, int]:
        """Quit; return the seconds until the terminal is as it was, and how many modes were left on."""
        mark = len(self.raw)
        struck = time.monotonic()
        os.write(self._fd, keys)
        restored = struck
        while time.monotonic() - struck < seconds:
            ready, _, _ = select.select([self._fd], [], [], 0.001)
            if ready and not self._take():
                break
            restored = time.monotonic()
            if _OTHER_SCREEN_LEFT in self.raw[mark:] and self.is_cooked():
                break
        self.wait_for_exit()
        return restored - struck, len(self.modes_left_on())

    def vanished(self, *, seconds: float = 20.0) -> float:
        """Take the terminal away; return the seconds until the program has ended."""
        lost = time.monotonic()
        os.close(self._fd)
        self._fd = os.open(os.devnull, os.O_RDONLY)
        while not os.waitpid(self.pid, os.WNOHANG)[0]:
            if time.monotonic() - lost > seconds:
                self.signal(signal.SIGKILL)
                os.waitpid(self.pid, 0)
                break
            time.sleep(0.005)
        self.status = 0
        return time.monotonic() - lost

    def _burst(self, struck: float, before: Picture, quiet: float, first: float) -> Burst:
        self.until_quiet(quiet, first=first)
        times = [at - struck for at, _ in self._arrived]
        size = sum(len(data) for _, data in self._arrived)
        frames = sum(later - earlier > APART for earlier, later in pairwise(times))
        after = self.cells()
        return Burst(
            first=times[0] if times else None,
            last=max(times[-1], 0.0) if times else None,
            size=size,
            frames=frames + bool(times),
            ideal=ideal_bytes(before, after),
        )


class WatchedAfar(Watched, Linked):
    """A watched terminal at the other end of a slow link; times are those at its end."""
