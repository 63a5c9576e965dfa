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

_FORMAT = 1
_LARGEST = 1e11
_PEN = re.compile(r"[0-9;]{0,40}")
_SEEN_ON_BLANKS = re.compile(r"\b(?:[479]|48|4[0-7]|10[0-7])\b")
"""The parameters of pens in which blanks look otherwise, and some more."""

_WIDE = frozenset("WF")


class Picture:
    """Rows as they stood at the time `at` (seconds since 1970), each a line of texts with their roles.

    `size` is the window's, in columns and lines; the first line, which names the columns, stood at its line
    `top`, and of the others `room` were seen. `pens` are the SGR parameters of roles in that terminal.
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
    ) -> None:
        self.at = at
        self.size = size
        self.lines = lines
        self.pens = pens
        self.top = top
        self.room = room

    @classmethod
    def of(cls, kept: object) -> "Picture | None":
        """Read what `as_json` wrote, its text cleaned once more; None where that cannot be."""
        if not isinstance(kept, dict) or kept.get("format") != _FORMAT:
            return None
        try:
            columns, rows = kept["size"]
            lines = [[(clean(str(text)), str(role)) for text, role in line] for line in kept["lines"]]
            pens = {str(role): pen for role, pen in kept["pens"].items() if _PEN.fullmatch(pen)}
            numbers = (float(kept["at"]), int(columns), int(rows), int(kept["top"]), int(kept["room"]))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return None
        if not all(0 <= number < _LARGEST for number in numbers):
            return None
        at, columns, rows, top, room = numbers
        return cls(at, (columns, rows), lines[: ROWS + 1], pens, top=top, room=room)

    def as_json(self) -> dict[str, object]:
        """Return it as JSON's values."""
        return {
            "format": _FORMAT,
            "at": self.at,
            "size": list(self.size),
            "top": self.top,
            "room": self.room,
            "pens": self.pens,
            "lines": [[list(piece) for piece in line] for line in self.lines],
        }

    def drawn(self, columns: int, rows: int, now: float) -> str:
        """Return what draws it on an empty screen of this size; nothing where that has no room for it."""
        if columns < SMALLEST[0] or rows < SMALLEST[1] or not self.lines:
            return ""
        mark = as_of(self.at, now)
        out = [
            self._line(0, 0, [("review-tui", "title")], columns),
            self._line(0, max(columns - len(mark), 12), [(mark, "warn")], columns),
        ]
        seen = min(self.room + 1, rows - 2 - self.top)
        for y, line in enumerate(self.lines[: max(seen, 0)], self.top):
            out.append(self._line(y, 0, line, columns))
        return "".join(out)

    def _line(self, y: int, x: int, line: Sequence[tuple[str, str]], columns: int) -> str:
        out = [f"\x1b[{y + 1};{x + 1}H"]
        now = ""
        for text, role in line:
            fitting = _cut(text, columns - x)
            x += _cells(fitting)
            pen = self.pens.get(role, "")
            if pen != now and not (fitting.isspace() and not _SEEN_ON_BLANKS.search(f"{pen};{now}")):
                out.append(f"\x1b[{';' if pen else ''}{pen}m")
                now = pen
            out.append(fitting)
        return "".join([*out, "\x1b[m" if now else ""])


def as_of(at: float, now: float) -> str:
    """Say since when what is shown stands."""
    then, today = time.localtime(at), time.localtime(now)
    same_day = then[:3] == today[:3]
    return (
        f"○ as of last time, {time.strftime('%H:%M' if same_day else '%Y-%m-%d %H:%M', then)}, reading anew …"
    )


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
