"""A line as values: pieces of text, each with the role it plays; widgets turn roles into styles."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a piece of text is, never what colour it has; a class `line--<role>` styles it."""

    PLAIN = "plain"
    DIM = "dim"
    TITLE = "title"
    KEY = "key"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    ACCENT = "accent"
    CURSOR = "cursor"
    DIFFERS = "differs"


Piece = tuple[str, Role]
"""Text that is safe to draw, and its role."""

Line = tuple[Piece, ...]

EMPTY: Final[Line] = ()
