"""What is written on its way to the terminal: only what differs, and no more than its link carries."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Protocol

from review_tui.model.frozen import frozen
from review_tui.ui.terminal.difference import Abilities, Writer
from review_tui.ui.terminal.grid import Cells, Grid, Row, StrangeOutputError
from review_tui.ui.terminal.pace import MODES, Pace

SYNC_START: Final = "\x1b[?2026h"
SYNC_END: Final = "\x1b[?2026l"
_SYNCHRONISED_FROM: Final = 200
"""Bytes of a frame from which it could be seen half done."""

_ASIDE: Final = re.compile(
    r"\x1b\[[?<=>][\d;]*\$?[a-zA-Z]|\x1b\](?!8;)[^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[\d*n|\x1b\[\d*c|\x07"
)
"""What changes no cell: modes, the keyboard's protocol, titles, the clipboard, questions, the bell."""

_FIRST_QUESTION: Final = f"\x1b[?{MODES[0]}$p"
_OTHER_SCREEN: Final = re.compile(r"\x1b\[\?(?:47|1047|1049)[hl]")
_OWN_MODES: Final = "\x1b[?25l\x1b[?7l"
"""Those of our modes without which nothing is drawn where it belongs."""


class Cancellable(Protocol):
    """Something that is to happen later."""

    def cancel(self) -> None:
        """Let it not happen."""
        ...


@frozen
class Terminal:
    """What there is to write to.

    `send` writes, `size` returns columns and rows, `is_laid_out` says whether what is drawn is drawn for
    that size, `repaint` asks for everything to be drawn anew, `later` calls after so many seconds.
    """

    send: Callable[[str], None]
    size: Callable[[], tuple[int, int]]
    is_laid_out: Callable[[], bool]
    repaint: Callable[[], object]
    now: Callable[[], float]
    later: Callable[[float, Callable[[], None]], Cancellable]


_QUIET: Final = 0.05
"""Seconds without a frame after which all is drawn that a change of the window's size brings."""

_SETTLED_AFTER: Final = 0.5
"""Seconds after such a change from which frames go out even so."""


class Output:
    """Takes what Textual writes frame by frame, and sends the terminal what it does not show yet."""

    def __init__(self, terminal: Terminal, abilities: Abilities) -> None:
        self.pace = Pace()
        self._terminal = terminal
        self._can = abilities
        self._synchronised = False
        self._frame: list[str] = []
        self.wanted = Grid(0, 0)
        self._shown: list[Row] = []
        self._pen: str | None = None
        self._timer: Cancellable | None = None
        self._is_unknown = True
        self._resized: tuple[float, float] | None = None
        self._drawn = 0
        self._seen = 0
        self._asked: dict[int, int] = {}
        self._stopped = False
        self._stands = False

    @property
    def next_frame(self) -> int:
        """The number of the frame with which everything is drawn that changes now."""
        return self._drawn + 1

    def is_seen(self, frame: int) -> bool:
        """Whether the terminal has shown a frame; true of each where it is near or tells nothing."""
        return self._seen >= frame or not self.pace.is_on

    def write(self, data: str) -> None:
        """Take in a piece of a frame; what is beside frames goes on at once."""
        if data in {SYNC_START, SYNC_END}:
            self._synchronised = True
        elif "\x1b" not in data and "\x07" not in data:
            self._frame.append(data)
        else:
            self._frame.append(_ASIDE.sub(self._send_aside, data))

    def flush(self) -> None:
        """End the frame: send it, or keep it until the terminal is ready for it."""
        frame = "".join(self._frame)
        self._frame.clear()
        if not frame or self._stopped:
            return
        self._begin_frame()
        try:
            self.wanted.take(frame)
        except StrangeOutputError:
            self._terminal.send(frame)
            self.forget()
            self._terminal.repaint()
        self._send_when_ready()

    def show(self, placed: Iterable[tuple[int, int, Cells]]) -> None:
        """Take in a whole frame as cells, each piece with its column and row, and end it."""
        if not self._stopped:
            self._begin_frame()
            for x, y, cells in placed:
                self.wanted.place(x, y, cells)
            self._send_when_ready()

    def _begin_frame(self) -> None:
        self._drawn += 1
        self._fit()
        if self._resized is not None:
            self._resized = self._resized[0], self._terminal.now()

    def stop(self) -> None:
        """Draw no more: the terminal is to be given back."""
        self._stopped = True

    def start(self) -> None:
        """Draw, on a terminal of which nothing is known."""
        self._stopped = False
        self.forget()

    def lines_fall(self, falls: bool) -> None:  # noqa: FBT001 – it is what it says
        """Know whether a line feed goes straight down."""
        self._can = replace(self._can, falls=falls)

    def stands(self, drawn: str, size: tuple[int, int]) -> None:
        """Know that this was drawn on a terminal of this size, which shows nothing else."""
        self._fit()
        if size == (self.wanted.width, self.wanted.height):
            shown = Grid(*size)
            shown.take(drawn)
            self._shown, self._is_unknown, self._pen = shown.rows, False, None
            self._stands = True

    def answered(self, mode: int) -> None:
        """Take in the terminal's answer to a frame, which names the mode that was asked for."""
        self.pace.answered(mode, self._terminal.now())
        self._seen = max(self._seen, self._asked.pop(mode, 0))
        self._send_when_ready()

    def forget(self) -> None:
        """Know nothing of what the terminal shows; everything is sent with the next frame."""
        self._pen = None
        self._is_unknown = True
        self.wanted.touched.update(range(self.wanted.height))

    def resized(self) -> None:
        """Draw anew for a window that has another size, or had one: what it shows is anybody's guess."""
        self._fit()
        self.forget()
        if self._drawn:
            now = self._terminal.now()
            self._resized = self._resized[0] if self._resized else now, now
        self._send_when_ready()

    def redraw(self) -> None:
        """Send everything anew, for whatever may have been written over it."""
        self.forget()
        self._terminal.send(_OWN_MODES)
        self._send_when_ready()

    def _send_aside(self, found: re.Match[str]) -> str:
        if _OTHER_SCREEN.fullmatch(found[0]):
            self.forget()
        elif found[0] == _FIRST_QUESTION and self.pace.round_trip is None:
            self.pace.asks(self._terminal.now())  # Textual has asked by itself: that is measured as well
        self._terminal.send(found[0])
        return ""

    def _fit(self) -> None:
        """Have grids of the terminal's size; what it shows after a change of that is anybody's guess."""
        width, height = self._terminal.size()
        if (width, height) != (self.wanted.width, self.wanted.height):
            if (
                self.wanted.width
            ):  # what is cut off here may never be drawn again: the size may come back at once
                self._terminal.repaint()
            self.wanted = self.wanted.fitted(width, height)
            self._shown = [Row(width) for _ in range(height)]
            self.forget()

    def _send_when_ready(self) -> None:
        now = self._terminal.now()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self.wanted.touched or self._stopped:
            return
        if (left := self._settling(now)) > 0:
            self._timer = self._terminal.later(left, self._send_when_ready)
        elif self.pace.may_send(now):
            self._send(now)
        elif (deadline := self.pace.deadline()) is not None:
            self._timer = self._terminal.later(max(deadline - now, 0.0), self._send_when_ready)

    def _settling(self, now: float) -> float:
        """Return how long a frame still waits: it is for another size, or not all is drawn for this one."""
        is_laid_out = self._terminal.is_laid_out()
        if self._resized is None:
            if is_laid_out:
                return 0.0
            self._resized = now, now
        since, last = self._resized
        left = min(last + _QUIET if is_laid_out else since + _SETTLED_AFTER, since + _SETTLED_AFTER) - now
        if left <= 0 and is_laid_out:
            self._resized = None
        return left

    def _send(self, now: float) -> None:
        wanted = self.wanted
        if self._stands and all(row.is_blank for row in wanted.rows):
            return  # drawn before anything is laid out: what stands there says more
        self._stands = False
        writer = Writer(wanted.width, self._can, self._pen)
        if self._is_unknown:
            writer.clear(wanted, self._shown)
            self._is_unknown = False
        rows = ((y, wanted.rows[y], self._shown[y]) for y in sorted(wanted.touched))
        writer.write(row for row in rows if not row[1].equals(row[2]))
        wanted.touched.clear()
        self._pen = writer.pen
        body = writer.text
        if not body:
            self._is_as_sent()
            return
        if self._synchronised and len(body) >= _SYNCHRONISED_FROM:
            body = f"{SYNC_START}{body}{SYNC_END}"
        mode = self.pace.asks(now)
        if mode is not None:
            self._asked[mode] = self._drawn
        self._terminal.send(body if mode is None else f"{body}\x1b[?{mode}$p")

    def _is_as_sent(self) -> None:
        """Note that a frame was like the one before, so that it is seen with that."""
        if self._asked:
            last = max(self._asked, key=self._asked.__getitem__)
            self._asked[last] = self._drawn
        else:
            self._seen = self._drawn
