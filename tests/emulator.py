"""A terminal emulator for tests: pyte, with what every terminal in use does and pyte does not."""

from collections.abc import Callable
from typing import Any, Final

import pyte
from wcwidth import wcwidth

_HALF: Final = ""
_OTHER_SCREEN: Final = 1049
_FAINT: Final = 2
_INDEXED: Final = 5

Look = tuple[str, object, object]


class Picture(pyte.Screen):
    """A screen that repeats characters, and blanks what is left of a wide one that was written over.

    `widths` says how wide a character is where that is not what `wcwidth` says.
    """

    def __init__(self, columns: int, lines: int, widths: Callable[[str], int] | None = None) -> None:
        super().__init__(columns, lines)
        self._widths = widths or wcwidth

    def select_graphic_rendition(self, *attributes: int, **named: Any) -> None:
        """Take a pen; faint, which pyte does not know, stands where it would note what blinks."""
        super().select_graphic_rendition(*attributes, **named)
        is_faint, given = self.cursor.attrs.blink, iter(attributes or (0,))
        for code in given:
            if code in {38, 48}:
                for _ in range(1 if next(given, 0) == _INDEXED else 3):
                    next(given, 0)
            elif code in {0, 2, 22}:
                is_faint = code == _FAINT
        self.cursor.attrs = self.cursor.attrs._replace(blink=is_faint)

    def draw(self, data: str) -> None:
        """Draw characters; each blanks the other half of what it is put on half of."""
        if data.isascii():
            line, x = self.buffer[self.cursor.y], self.cursor.x
            if all(line[at].data != _HALF for at in range(x, x + len(data) + 1)):
                super().draw(data)
                return
        for character in data:
            width = self._widths(character)
            if width > 0:
                self._tear(self.cursor.x)
                self._tear(self.cursor.x + width)
            if width != wcwidth(character) and width > 0:
                self._draw_as(character, width)
            else:
                super().draw(character)

    def _draw_as(self, character: str, width: int) -> None:
        """Draw with a width of this terminal's own."""
        self.dirty.add(self.cursor.y)
        line, x = self.buffer[self.cursor.y], self.cursor.x
        for at, text in enumerate([character, *[_HALF] * (width - 1)], x):
            if at < self.columns:
                line[at] = self.cursor.attrs._replace(data=text)
        self.cursor.x = min(x + width, self.columns)

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:  # noqa: FBT001, FBT002 – as pyte calls it
        """Erase; half a wide character that stays is blank."""
        if how == 0:
            self._tear(self.cursor.x)
        super().erase_in_line(how, private)

    def erase_in_display(self, how: int = 0, *given: object, **named: object) -> None:
        """Erase, also cells in which nothing was ever written."""
        for row in range(self.lines) if how == 2 else ():
            for x in range(self.columns):
                self.buffer[row][x] = self.cursor.attrs
        super().erase_in_display(how, *given, **named)

    def reset_mode(self, *modes: int, **named: Any) -> None:
        """Leave modes; behind the other screen is one on which others write from its top on."""
        super().reset_mode(*modes, **named)
        if named.get("private") and _OTHER_SCREEN in modes:
            self.erase_in_display(2)
            self.cursor_position()

    def repeat(self, count: int | None = None, **_: object) -> None:
        """Draw the character before the cursor again, so many times."""
        before = self.buffer[self.cursor.y][self.cursor.x - 1].data
        self.draw(before * (count or 1))

    def _tear(self, x: int) -> None:
        line = self.buffer[self.cursor.y]
        if 0 < x < self.columns and line[x].data == _HALF:
            at = x
            while at and line[at].data == _HALF:
                at -= 1
            for torn in range(at, x + 1):
                line[torn] = line[torn]._replace(data=" ")

    def look(self) -> list[list[Look]]:
        """What a person sees: of a blank only what shows on one."""
        return [[_look_of(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]


def _look_of(cell: Any) -> Look:
    lines = (cell.underscore, cell.strikethrough, cell.reverse)
    if cell.data == " ":
        return (" ", lines, (cell.bg, cell.fg if any(lines) else None))
    return (cell.data, (*lines, cell.bold, cell.italics, cell.blink), (cell.bg, cell.fg))


class PictureStream(pyte.Stream):
    """Feeds a `Picture`."""

    csi = {**pyte.Stream.csi, "b": "repeat"}  # noqa: RUF012 – pyte's own table
    events = pyte.Stream.events | {"repeat"}
