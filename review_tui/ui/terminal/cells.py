"""Cells: what of a text stands in which column, and where terminals do not agree about that."""

import unicodedata
from functools import lru_cache
from typing import Final

from rich.cells import get_character_cell_size, split_graphemes

HALF: Final = ""
"""What stands in the right half of a wide character."""

_NARROW: Final[set[str]] = set()
"""Characters that are known to have a column each, whatever stands beside them."""

_NARROW_AT_MOST: Final = 10_000

_SPECIAL: Final = ("\u200d", "\ufe0f")
_WIDE: Final = (
    (0x2E80, 0x303E),
    (0x3041, 0xA4CF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x20000, 0x3FFFD),
)
"""Where every terminal's table says two columns, and has for as long as there are such tables."""

_MARKS: Final = frozenset({"Mn", "Me"})
_UNSURE: Final = frozenset({"Mc", "Cf", "Cn", "Co", "Cs", "Sk"})
_KNOWN_TO_ALL: Final = 0x3000
"""Below this a narrow character is narrow in every table; above it new ones keep being added."""


def cells_of(text: str) -> list[str]:
    """Return what stands in each column: a character with its marks, then `HALF` behind a wide one."""
    if _NARROW.issuperset(text):
        return list(text)
    cells: list[str] = []
    if any(special in text for special in _SPECIAL):
        for start, end, width in split_graphemes(text)[0]:
            _put(cells, text[start:end], width)
        return cells
    for character in text:
        _put(cells, character, get_character_cell_size(character))
    if len(cells) == len(text) and HALF not in cells and len(_NARROW) < _NARROW_AT_MOST:
        _NARROW.update(text)
    return cells


def _put(cells: list[str], cluster: str, width: int) -> None:
    if width:
        cells.append(cluster)
        cells += [HALF] * (width - 1)
    elif cells:
        at = len(cells) - 1
        while at and cells[at] == HALF:
            at -= 1
        cells[at] += cluster


@lru_cache(8192)
def is_disputed(cell: str) -> bool:
    """Whether terminals may take a cell's text for narrower or wider than it is drawn here.

    Characters of the East Asian ambiguous width are taken as narrow: whoever has them wide has every
    program's lines in pieces.
    """
    if not cell or (len(cell) == 1 and cell.isascii()):
        return False
    base, marks = cell[0], cell[1:]
    if any(unicodedata.category(mark) not in _MARKS or 0xFE00 <= ord(mark) <= 0xFE0F for mark in marks):
        return True
    if unicodedata.category(base) in _UNSURE and not base.isascii():
        return True
    point, width = ord(base), get_character_cell_size(base)
    if width > 1:
        return not any(first <= point <= last for first, last in _WIDE)
    return width == 0 or point > _KNOWN_TO_ALL or _is_also_an_emoji(base)


@lru_cache(8192)
def _is_also_an_emoji(character: str) -> bool:
    """Whether a character, narrow by itself, is drawn wide by terminals that see an emoji in it."""
    _, width = split_graphemes(f"{character}\ufe0f")
    return width > 1 and ord(character) > 0xFF and unicodedata.east_asian_width(character) != "A"
