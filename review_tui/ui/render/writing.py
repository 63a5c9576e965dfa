"""A text that is being written, drawn around its caret."""

from rich.cells import cell_len

from review_tui.ui.draft import Draft
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import Line, Piece, Role


def text_lines(draft: Draft, width: int, count: int) -> list[Line]:
    """Draw the part of the text around the caret, on `count` lines."""
    room = max(width - 3, 4)
    parts = draft.lines(room)
    at = max((index for index, (start, _) in enumerate(parts) if start <= draft.caret), default=0)
    first = max(0, at - count + 1)
    lines: list[Line] = []
    for index in range(first, first + count):
        if index >= len(parts):
            lines.append((("│", Role.DIM),))
            continue
        start, part = parts[index]
        edge: Piece = ("│ ", Role.DIM)
        if index != at:
            lines.append((edge, (part, Role.PLAIN)))
            continue
        column = min(draft.caret - start, len(part))
        under, after = part[column : column + 1] or " ", part[column + 1 :]
        lines.append((edge, (part[:column], Role.PLAIN), (under, Role.CURSOR), (after, Role.PLAIN)))
    return lines


def caret_line(draft: Draft, width: int) -> Line:
    """Draw the part of a text of one line around the caret."""
    before, after = draft.text[: draft.caret], draft.text[draft.caret + 1 :]
    while cell_len(before) > max(width - 2, 0):
        before = before[1:]
    under = draft.text[draft.caret : draft.caret + 1] or " "
    return clipped(((before, Role.PLAIN), (under, Role.CURSOR), (after, Role.PLAIN)), width)
