"""Cells: what of a line fits, and which part of a screen line differs between two contents of it."""

from rich.cells import cell_len

from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.text import ELLIPSIS, head


def clipped(line: Line, width: int) -> Line:
    """Return `line` in at most `width` cells, with `…` where it was cut off."""
    if sum(cell_len(text) for text, _ in line) <= width:
        return line
    pieces = []
    room = width - 1
    for text, role in line:
        if cell_len(text) > room:
            pieces.append((head(text, room) + ELLIPSIS, role))
            break
        pieces.append((text, role))
        room -= cell_len(text)
    return tuple(pieces) if width > 0 else ()


def changed_cells(old: Line, new: Line, width: int) -> tuple[int, int] | None:
    """Return the half-open range of cells in which two lines differ; None when they draw the same.

    Both fit into `width` cells and count as padded with blanks.
    """
    if old == new:
        return None
    before, after = _characters(old), _characters(new)
    shorter = min(len(before), len(after))
    same = 0
    while same < shorter and before[same] == after[same]:
        same += 1
    while same and any(_joins(chars, same) for chars in (before, after)):
        same -= 1
    start = _cells(after[:same])
    if start >= width:
        return None
    tail = 0
    while tail < shorter - same and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    while tail and _joins(after, len(after) - tail):
        tail -= 1
    middle_old = _cells(before[same : len(before) - tail])
    middle_new = _cells(after[same : len(after) - tail])
    end = start + middle_new
    if middle_old != middle_new:
        end = max(_cells(before), _cells(after))
    return (start, min(end, width)) if end > start else None


def _characters(line: Line) -> list[tuple[str, Role]]:
    return [(char, role) for text, role in line for char in text]


def _cells(characters: list[tuple[str, Role]]) -> int:
    return cell_len("".join(char for char, _ in characters))


def _joins(characters: list[tuple[str, Role]], index: int) -> bool:
    """Whether the character at `index` is drawn in the cell of the one before it."""
    return index < len(characters) and cell_len(characters[index][0]) == 0
