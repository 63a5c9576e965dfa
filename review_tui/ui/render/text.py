"""The only door for text from outside: whatever is drawn has come through here."""

from functools import lru_cache
from typing import Final

from rich.cells import cell_len, chop_cells

from review_tui.model.text import Shown, clean

ELLIPSIS: Final = "…"


def plain(text: str, *, lines: bool = False) -> str:
    """Return `text` as characters that are safe to draw; what the model has cleaned stays as it is.

    `Shown` is drawn as it stands; anything else is cleaned here, with `lines` keeping line breaks.
    """
    if isinstance(text, Shown):
        return str(text) if lines or "\n" not in text else text.replace("\n", "⏎")
    return clean(text, lines=lines)


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return clean `text` in exactly `width` cells: cut with `…`, padded on the right (or left)."""
    if width <= 0:
        return ""
    cells = cell_len(text)
    if cells > width:
        text = cut(text, width)
        cells = cell_len(text)
    padding = " " * (width - cells)
    return padding + text if right else text + padding


@lru_cache(4_096)
def cut(text: str, width: int) -> str:
    """Return clean `text` in at most `width` cells, with `…` where something was cut off."""
    if width <= 0:
        return ""
    return text if cell_len(text) <= width else head(text, width - 1) + ELLIPSIS


def head(text: str, width: int) -> str:
    """Return as much of the start of clean `text` as fits into `width` cells."""
    if width <= 0:
        return ""
    return text if cell_len(text) <= width else chop_cells(text[: width * 8], width)[0]
