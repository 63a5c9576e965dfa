"""The difference between what a terminal shows and what is wanted, as the fewest bytes that make it up."""

import re
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.ui.terminal.cells import HALF, is_disputed
from review_tui.ui.terminal.grid import Grid, Row
from review_tui.ui.terminal.pens import PLAIN, can_erase, change, on_blanks

_ERASING: Final = "\x1b[K"
_CLEARING: Final = "\x1b[2J"
_REPEATED_FROM: Final = 3
_REPEATED: Final = re.compile(r"([ -~])\1{2,}")
"""What may be repeated by its count: tmux, also where it calls itself xterm, repeats nothing beyond ASCII."""

_NOWHERE: Final = -1


@frozen
class Abilities:
    """What a terminal can do beyond what all can: repeat a character, fill what it erases with the pen.

    `falls` says that a line feed reaches it alone, so that it goes straight down.
    """

    repeats: bool = False
    fills: bool = False
    falls: bool = False


class Writer:
    """Writes what leads a terminal from one picture to another, and keeps its pen and place in mind."""

    def __init__(self, width: int, abilities: Abilities, pen: str | None) -> None:
        self.pen = pen
        self._width = width
        self._can = abilities
        self._out: list[str] = []
        self._x = self._y = _NOWHERE
        self._is_sure = True

    @property
    def text(self) -> str:
        """What has been written."""
        return "".join(self._out)

    def clear(self, wanted: Grid, shown: list[Row]) -> None:
        """Write what makes every cell blank, whatever is shown: nothing else is as few bytes."""
        pens = [row.pens[-1] for row in wanted.rows if row.texts[-1] == " "]
        pen = max(set(pens), key=pens.count, default=PLAIN)
        if not can_erase(pen, fills=self._can.fills):
            pen = PLAIN
        self._take(pen)
        self._out.append(_CLEARING)
        for row in shown:
            row.clear(pen)

    def write_row(self, y: int, wanted: Row, shown: Row) -> None:
        """Write what differs in a row, which then shows what is wanted."""
        first = min(wanted.first_disputed(), shown.first_disputed())
        until = self._width
        if first < until:
            same = wanted.texts[first:] == shown.texts[first:] and wanted.pens[first:] == shown.pens[first:]
            until = first
            while until and wanted.texts[until] == HALF:
                until -= 1
            self._write_changes(y, wanted, shown, until)
            if not same:
                self._write_disputed(y, until, wanted)
        else:
            self._write_changes(y, wanted, shown, until)
        shown.become(wanted)

    def _write_changes(self, y: int, wanted: Row, shown: Row, until: int) -> None:
        texts, pens, had, had_pens = wanted.texts, wanted.pens, shown.texts, shown.pens
        changed = [x for x in range(until) if texts[x] != had[x] or pens[x] != had_pens[x]]
        if not changed:
            return
        tail = self._tail(wanted) if until == self._width else until
        at = 0
        while at < len(changed):
            x = changed[at]
            while x and texts[x] == HALF:
                x -= 1
            pen = self._pen_for(wanted, changed, at, x)
            self._go(y, x, wanted, pen)
            if x >= tail and len(changed) - at > len(_ERASING):
                self._take(pen)
                self._out.append(_ERASING)
                return
            end = self._end_of_run(wanted, changed, at, x, pen)
            self._write(texts[x:end], pen)
            self._moved_to(end)
            while at < len(changed) and changed[at] < end:
                at += 1

    def _pen_for(self, wanted: Row, changed: list[int], at: int, x: int) -> str:
        """Return the pen to write a cell with; a blank takes the one at hand, or the next, where it may."""
        pen = wanted.pens[x]
        if wanted.texts[x] != " ":
            return pen
        if self.pen is not None and on_blanks(self.pen) == pen:
            return self.pen
        for place, next_ in enumerate(changed[at:], x):
            if next_ != place:
                return pen
            if wanted.texts[next_] != " ":
                return wanted.pens[next_] if on_blanks(wanted.pens[next_]) == pen else pen
        return pen

    def _end_of_run(self, wanted: Row, changed: list[int], at: int, x: int, pen: str) -> int:
        """Return where the run of cells ends that are written with one pen from `x` on.

        Blanks that stay are written once more between others: all of them cost no more than one.
        """
        texts, pens, blank = wanted.texts, wanted.pens, on_blanks(pen)
        end = x + 1
        for next_ in changed[at:]:
            if next_ < end:
                continue
            if next_ > end and not (self._can.repeats and _are_blank(wanted, end - 1, next_ + 1, blank)):
                break
            if pens[next_] != pen and (texts[next_] != " " or pens[next_] != blank):
                break
            end = next_ + 1
        while end < self._width and texts[end] == HALF:
            end += 1
        return end

    def _tail(self, row: Row) -> int:
        """Return the column from which on the row is blank in one pen that can erase."""
        texts, pens, tail = row.texts, row.pens, self._width
        if can_erase(pens[-1], fills=self._can.fills):
            while tail and texts[tail - 1] == " " and pens[tail - 1] == pens[-1]:
                tail -= 1
        return tail

    def _write_disputed(self, y: int, x: int, wanted: Row) -> None:
        """Write the rest of a row of which the columns are in dispute: each place is given anew."""
        self._place(y, x)
        self._take(PLAIN)
        self._out.append(_ERASING)
        texts, pens = wanted.texts, wanted.pens
        end = len(texts)
        while end > x and texts[end - 1] == " " and pens[end - 1] == PLAIN:
            end -= 1
        placed = True
        while x < end:
            if not placed:
                self._place(y, x)
            stop = x + 1
            while stop < end and texts[stop] == HALF:
                stop += 1
            disputed = is_disputed(texts[x])
            while not disputed and stop < end and pens[stop] == pens[x] and not is_disputed(texts[stop]):
                stop += 1
            self._write(texts[x:stop], pens[x])
            placed = not disputed
            x = stop
        if not placed and x < len(texts):  # a terminal that drew it wider has put more there than is known
            self._place(y, x)
            self._take(PLAIN)
            self._out.append(_ERASING)
        self._x = self._y = _NOWHERE

    def _write(self, texts: list[str], pen: str) -> None:
        self._take(pen)
        text = "".join(texts)
        if self._can.repeats and len(text) == len(texts) > _REPEATED_FROM:
            text = _REPEATED.sub(_repeat, text)
        self._is_sure = self._is_sure and text.isascii()
        self._out.append(text)

    def _take(self, pen: str) -> None:
        if pen != self.pen:
            self._out.append(change(self.pen, pen))
            self.pen = pen

    def _moved_to(self, x: int) -> None:
        self._x = x
        if x >= self._width:  # terminals differ in where that is
            self._x = self._y = _NOWHERE

    def _place(self, y: int, x: int) -> None:
        self._out.append(_place(y, x))
        self._y, self._x, self._is_sure = y, x, True

    def _go(self, y: int, x: int, wanted: Row, pen: str) -> None:
        """Go to a cell that is written with `pen`, the shortest way; cells on it may be written once more."""
        if (self._y, self._x) == (y, x):
            return
        if self._y == y and self._x < x:
            gap = x - self._x
            move = _right(gap)
            if gap <= len(move) and self._write_again(self._x, x, wanted, pen, len(move)):
                self._x = x
                return
            self._out.append(move)
            self._x = x
        elif self._y == _NOWHERE or self._y > y or not self._go_down(y, x):
            self._place(y, x)

    def _go_down(self, y: int, x: int) -> bool:
        """Go down to a cell from where we are, unless its place is named as shortly.

        From a column that terminals may not agree about it goes by the edge.
        """
        down, right = y - self._y, x - self._x
        straight = f"\x1b[{down}B" if down > 1 else "\x1b[B"
        if self._can.falls and down < len(straight):
            straight = "\n" * down
        way, is_sure = f"\r{straight}{_right(x)}", True
        if self._is_sure or not right:
            beside = f"{straight}{_right(right) if right > 0 else _left(-right)}"
            if len(beside) < len(way):
                way, is_sure = beside, self._is_sure
        if len(way) >= len(_place(y, x)):
            return False
        self._out.append(way)
        self._y, self._x, self._is_sure = y, x, is_sure
        return True

    def _write_again(self, start: int, end: int, wanted: Row, pen: str, most: int) -> bool:
        """Write cells that stay, where one pen does and that takes at most so many bytes; else do nothing."""
        texts = wanted.texts[start:end]
        if texts[0] == HALF or wanted.texts[end] == HALF or len("".join(texts).encode()) > most:
            return False
        for one in (self.pen, pen):
            if one is not None and all(
                has == one or (text == " " and has == on_blanks(one))
                for text, has in zip(texts, wanted.pens[start:end], strict=True)
            ):
                self._write(texts, one)
                return True
        return False


def _are_blank(row: Row, start: int, end: int, pen: str) -> bool:
    return all(text == " " for text in row.texts[start:end]) and all(
        has == pen for has in row.pens[start:end]
    )


def _place(y: int, x: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"


def _right(cells: int) -> str:
    return f"\x1b[{cells}C" if cells > 1 else "\x1b[C" * cells


def _left(cells: int) -> str:
    return f"\x1b[{cells}D" if cells > len("\x1b[D") else "\b" * cells


def _repeat(run: re.Match[str]) -> str:
    shorter = f"{run[1]}\x1b[{len(run[0]) - 1}b"
    return shorter if len(shorter.encode()) < len(run[0].encode()) else run[0]
