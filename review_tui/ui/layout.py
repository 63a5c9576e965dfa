"""Layouts: how the panes share a window of a given size."""

from enum import StrEnum


class Layout(StrEnum):
    """The names are the screen's classes in the style sheets, after a dash."""

    SIDE = "side"
    STACKED = "stacked"
    SINGLE = "single"
    TINY = "tiny"


def layout_of(width: int, height: int) -> Layout:
    """Choose by size in cells: side by side, one above the other, one at a time, or nothing useful."""
    if width < 60 or height < 15:
        return Layout.TINY
    if width >= 116:
        return Layout.SIDE
    return Layout.STACKED if height >= 28 else Layout.SINGLE
