"""Layouts: how the panes share a window of a given size."""

from enum import StrEnum


class Layout(StrEnum):
    """The names are the screen's classes in the style sheets, after a dash."""

    SIDE = "side"
    BROAD = "broad"
    STACKED = "stacked"
    SINGLE = "single"
    TINY = "tiny"


def layouts_of(width: int, height: int) -> tuple[Layout, ...]:
    """Return what a window of so many cells has room for, the best first; TINY shows nothing useful."""
    if width < 60 or height < 15:
        return (Layout.TINY,)
    side = (Layout.SIDE,) if width >= 116 else ()
    broad = (Layout.BROAD,) if width >= 150 else ()
    stacked = (Layout.STACKED,) if height >= 28 else ()
    return (*side, *broad, *stacked, Layout.SINGLE)


def layout_of(width: int, height: int) -> Layout:
    """Choose by size in cells: side by side, one above the other, one at a time, or nothing useful."""
    return layouts_of(width, height)[0]
