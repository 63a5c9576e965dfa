"""A grid of cells with their pens: what a terminal shows, or what it is wanted to show."""

import re
from collections.abc import Iterable
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.ui.terminal.cells import HALF, cells_of, is_disputed
from review_tui.ui.terminal.pens import PLAIN, after, on_blanks

_TOKENS: Final = re.compile(
    r"\x1b\[(\d*)(?:;(\d*))?H"  # 1, 2: the cursor goes there
    r"|\x1b\[([\d;]*)m"  # 3: the pen changes
    r"|(\r\n|\n|\r)"  # 4: a new line
    r"|\x1b\]8;[^\x07\x1b]*(?:\x1b\\|\x07)"  # a link, which nothing here is
    r"|([^\x00-\x1f\x7f-\x9f]+)"  # 5: text
    r"|(.)",  # 6: anything else
    re.DOTALL,
)


class StrangeOutputError(Exception):
    """What was written is more than text, places and pens; what the terminal shows of it is not known."""


_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNREADABLE: Final = "\ufffd"

_AGREED: Final[set[str]] = {" ", HALF}
"""What is known to be drawn alike by all terminals; it is looked at in each row that changes."""

_AGREED_AT_MOST: Final = 20_000


@frozen
class Cells:
    """Cells that stand side by side: a text and a pen for each column."""

    texts: list[str]
    pens: list[str]

    @classmethod
    def of(cls, pieces: Iterable[tuple[str, str]]) -> "Cells":
        """Return the cells of texts with their pens; what is no text is drawn as unreadable."""
        texts: list[str] = []
        pens: list[str] = []
        for piece, pen in pieces:
            text = piece if piece.isprintable() else _CONTROLS.sub(_UNREADABLE, piece)
            cells = text if text.isascii() else cells_of(text)
            texts += cells
            pens += _pens_of(cells, pen)
        return cls(texts, pens)


def _pens_of(cells: list[str] | str, pen: str) -> list[str]:
    """Return the pen of each of some cells that are written with one: a blank shows less of it."""
    blank = on_blanks(pen) if pen else pen
    if blank == pen:
        return [pen] * len(cells)
    return [blank if cell == " " else pen for cell in cells]


class Row:
    """One row: a text and a pen for each column."""

    __slots__ = ("pens", "texts")

    def __init__(self, width: int, text: str = " ") -> None:
        self.texts = [text] * width
        self.pens = [PLAIN] * width

    @property
    def is_blank(self) -> bool:
        """Whether it shows nothing."""
        return not "".join(self.texts).strip(" ")

    def equals(self, other: "Row") -> bool:
        """Whether both show the same."""
        return self.texts == other.texts and self.pens == other.pens

    def become(self, other: "Row") -> None:
        """Show what another shows."""
        self.texts[:] = other.texts
        self.pens[:] = other.pens

    def clear(self, pen: str) -> None:
        """Show blanks in one pen."""
        self.texts[:] = [" "] * len(self.texts)
        self.pens[:] = [pen] * len(self.pens)

    def first_disputed(self) -> int:
        """Return the first column of which terminals may disagree; the width where there is none."""
        texts = self.texts
        if _AGREED.issuperset(texts):
            return len(texts)
        unknown = set(texts) - _AGREED
        disputed = {text for text in unknown if is_disputed(text)}
        if len(_AGREED) < _AGREED_AT_MOST:
            _AGREED.update(unknown - disputed)
        return next((x for x, text in enumerate(texts) if text in disputed), 0) if disputed else len(texts)

    def put(self, x: int, cells: list[str] | str, pens: list[str]) -> None:
        """Write cells from a column on; what of a wide character is not written over is blank then."""
        texts, end = self.texts, min(x + len(cells), len(self.texts))
        if end <= x:
            return
        if texts[x] == HALF and x:
            texts[x - 1] = " "
        if end < len(texts) and texts[end] == HALF:
            texts[end] = " "
        texts[x:end] = cells[: end - x]
        if texts[end - 1] != HALF and end - x < len(cells) and cells[end - x] == HALF:
            texts[end - 1] = " "  # half of it is behind the edge
        self.pens[x:end] = pens[: end - x]


class Grid:
    """What is wanted on a screen of `width` × `height` cells, as a program's output tells it."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.rows = [Row(width) for _ in range(height)]
        self.touched: set[int] = set()

    def take(self, output: str) -> None:
        """Take in output: text, pens, places and new lines.

        Raises `StrangeOutputError` where there is anything else; nothing before it is lost.
        """
        x = y = 0
        pen = PLAIN
        for found in _TOKENS.finditer(output):
            match found.lastindex:
                case 5:
                    text = found[5]
                    cells = text if text.isascii() else cells_of(text)
                    if 0 <= y < self.height:
                        self.rows[y].put(x, cells, _pens_of(cells, pen))
                        self.touched.add(y)
                    x += len(cells)
                case 3:
                    pen = after(pen, found[3])
                case 1 | 2:
                    y, x = int(found[1] or 1) - 1, int(found[2] or 1) - 1
                case 4:
                    y, x = y + (found[4] != "\r"), 0
                case 6:
                    raise StrangeOutputError
                case _:
                    if found[0].endswith("H"):
                        y = x = 0

    def place(self, x: int, y: int, cells: Cells) -> None:
        """Put cells where they are wanted to stand, as far as there is room."""
        if 0 <= y < self.height and x >= 0:
            self.rows[y].put(x, cells.texts, cells.pens)
            self.touched.add(y)

    def fitted(self, width: int, height: int) -> "Grid":
        """Return a grid of another size with as much of this one as it has room for."""
        grid = Grid(width, height)
        for old, new in zip(self.rows, grid.rows, strict=False):
            new.put(0, old.texts, old.pens)
        grid.touched.update(range(height))
        return grid
