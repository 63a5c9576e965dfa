"""The picture of the last time: the list's rows as they stood, and how they are drawn before anything runs.

It is drawn before any library is loaded, so this imports nothing large.
"""

import re
import time
import unicodedata
from collections.abc import Sequence

from review_tui.model.text import clean

SMALLEST = (60, 15)
"""Columns and lines below which a window shows no rows."""

ROWS = 100
"""Rows that are kept at most: a page."""

_FORMAT = 2
_LARGEST = 1e11
_PEN = re.compile(r"[0-9;]{0,40}")
_SEEN_ON_BLANKS = re.compile(r"\b(?:[479]|48|4[0-7]|10[0-7])\b")
"""The parameters of pens in which blanks look otherwise, and some more."""

_WIDE = frozenset("WF")
_SHORT = 6
"""Blanks that are written rather than passed over."""


class Picture:
    """Rows as they stood at the time `at` (seconds since 1970), each a line of texts with their roles.

    `size` is the window's, in columns and lines; the first line, which names the columns, stood at its line
    `top`, and of the others `room` were seen. Beside them, in the column `edge`, stood the line between the
    panes, if that is not 0. `pens` are the SGR parameters of roles in that terminal.
    """

    def __init__(
        self,
        at: float,
        size: tuple[int, int],
        lines: Sequence[Sequence[tuple[str, str]]],
        pens: dict[str, str],
        *,
        top: int,
        room: int,
        edge: int = 0,
    ) -> None:
        self.at = at
        self.size = size
        self.lines = lines
        self.pens = pens
        self.top = top
        self.room = room
        self.edge = edge

    @classmethod
    def of(cls, kept: object) -> "Picture | None":
        """Read what `as_json` wrote, its text cleaned once more; None where that cannot be."""
        if not isinstance(kept, dict) or kept.get("format") != _FORMAT:
            return None
        try:
            columns, rows = kept["size"]
            lines = [[(clean(str(text)), str(role)) for text, role in line] for line in kept["lines"]]
            pens = {str(role): pen for role, pen in kept["pens"].items() if _PEN.fullmatch(pen)}
            at, columns, rows = float(kept["at"]), int(columns), int(rows)
            top, room, edge = (int(kept[name]) for name in ("top", "room", "edge"))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return None
        if not all(0 <= number < _LARGEST for number in (at, columns, rows, top, room, edge)):
            return None
        return cls(at, (columns, rows), lines[: ROWS + 1], pens, top=top, room=room, edge=edge)

    def as_json(self) -> dict[str, object]:
        """Return it as JSON's values."""
        return {
            "format": _FORMAT,
            "at": self.at,
            "size": list(self.size),
            "top": self.top,
            "room": self.room,
            "edge": self.edge,
            "pens": self.pens,
            "lines": [[list(piece) for piece in line] for line in self.lines],
        }

    def drawn(self, columns: int, rows: int, now: float) -> str:
        """Return what draws it on an empty screen of this size; nothing where that has no room for it."""
        if columns < SMALLEST[0] or rows < SMALLEST[1] or not self.lines:
            return ""
        pencil = _Pencil(self.pens)
        pencil.go(0, 0)
        pencil.write([("review-tui", "title")], columns)
        mark = as_of(self.at, now)
        pencil.go(0, max(columns - len(mark), 12))
        pencil.write([(mark, "warn")], columns)
        edge = self.edge if self.size == (columns, rows) else 0
        seen = max(min(self.room + 1, rows - 2 - self.top), 0)
        for y, line in enumerate([*self.lines, *[()] * (seen if edge else 0)][:seen], self.top):
            pencil.go(y, 0)
            pencil.write(line, edge or columns)
            if edge:
                pencil.go(y, edge)
                pencil.write([("│", "dim")], columns)
        return pencil.text


class _Pencil:
    """Writes pieces of lines; `pens` are those of their roles."""

    def __init__(self, pens: dict[str, str]) -> None:
        self._pens = pens
        self._pen = ""
        self._y = self._x = -1
        self._is_sure = True
        self._out: list[str] = []

    @property
    def text(self) -> str:
        """What has been written, with the pen put down."""
        return "".join([*self._out, "\x1b[m" if self._pen else ""])

    def go(self, y: int, x: int) -> None:
        """Go to a place, from where we are as far as that is known for sure."""
        gap = x - self._x
        if (y, x) == (self._y + 1, 0) and y:
            self._out.append("\r\n")
        elif y != self._y or not self._is_sure or not 0 <= gap <= _SHORT:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
        elif gap:
            self._out.append(" " * gap)
        self._y, self._x, self._is_sure = y, x, True

    def write(self, line: Sequence[tuple[str, str]], until: int) -> None:
        """Write pieces, as far as there is room before the column `until`."""
        for text, role in line:
            fitting = _cut(text, until - self._x)
            self._x += _cells(fitting)
            self._is_sure = self._is_sure and all(map(_is_sure, fitting))
            pen = self._pens.get(role, "")
            if pen != self._pen and not (
                fitting.isspace() and not _SEEN_ON_BLANKS.search(f"{pen};{self._pen}")
            ):
                lead = ";" if pen and self._pen else ""
                self._out.append(f"\x1b[{lead}{pen}m")
                self._pen = pen
            self._out.append(fitting)


def as_of(at: float, now: float) -> str:
    """Say since when what is shown stands."""
    then, today = time.localtime(at), time.localtime(now)
    same_day = then[:3] == today[:3]
    return (
        f"○ as of last time, {time.strftime('%H:%M' if same_day else '%Y-%m-%d %H:%M', then)}, reading anew …"
    )


def _is_sure(one: str) -> bool:
    """Whether every terminal draws a character as one cell; of those that do, some may be missing here."""
    return one < "\u0300" or one in "…●✓▲│–’" or ("\u0370" <= one < "\u0483")


def _cells(text: str) -> int:
    """Return how wide a text is, by the system's own table; it is near enough for a moment."""
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in _WIDE) for one in text
    )


def _cut(text: str, room: int) -> str:
    if len(text) * 2 <= room:
        return text
    while _cells(text) > max(room, 0):
        text = text[:-1]
    return text
