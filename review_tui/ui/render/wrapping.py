"""Wrapping words into lines, and spreading a line over its width."""

from typing import Final

from rich.cells import cell_len, chop_cells

from review_tui.model.text import MARKS_PER_BASE
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.text import ELLIPSIS, cut

_NARROWEST: Final = 4
_CHARACTERS_PER_CELL: Final = 1 + MARKS_PER_BASE


def wrapped(text: str, width: int, most: int | None = None) -> list[str]:
    """Break `text` between words into lines of at most `width` cells; past `most` lines it ends in `…`."""
    width = max(width, _NARROWEST)
    if most is not None:
        text = text[: (most + 1) * width * _CHARACTERS_PER_CELL]
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if cell_len(longer) <= width:
                line = longer
                continue
            if cell_len(word) > width:  # it has to be broken anyway: start on the line that is begun
                *full, line = chop_cells(longer, width)
                lines += full
                continue
            lines.append(line)
            line = word
        lines.append(line)
        if most is not None and len(lines) > most:
            last = cut(lines[most - 1], width - 1).removesuffix(ELLIPSIS)
            return [*lines[: most - 1], f"{last}{ELLIPSIS}"]
    return lines


def paragraph(text: str, width: int, role: Role = Role.PLAIN, *, indent: int = 0) -> list[Line]:
    """Wrap `text` into lines of one role, each `indent` cells in."""
    space = " " * indent
    return [((f"{space}{part}", role),) for part in wrapped(text, width - indent)]


def cells(line: Line) -> int:
    """Return how many cells a line takes."""
    return sum(cell_len(text) for text, _ in line)


def spread(left: Line, right: Line, width: int) -> Line:
    """Put `right` at the right edge; `left` gives way."""
    taken = cells(right)
    if not taken:
        return clipped(left, width)
    kept = clipped(left, max(width - taken - 2, 0))
    gap = width - taken - cells(kept)
    return (*kept, (" " * gap, Role.PLAIN), *right) if gap > 0 else clipped(right, width)
