"""The difference between what a terminal shows and what is wanted, as the fewest bytes that make it up."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

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


class _Run(NamedTuple):
    """Cells from `x` to `end` of a row that are written with one pen; of blanks any that shows the same."""

    y: int
    x: int
    end: int
    pen: str
    row: Row
    is_blank: bool = False
    erases: bool = False


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

    def write(self, rows: Iterable[tuple[int, Row, Row]]) -> None:
        """Write what differs in rows, each with its number, what is wanted and what is shown until then.

        It goes from the top down with one pen after another: more is spent on changing pens than on the ways.
        """
        runs: list[_Run] = []
        for y, wanted, shown in rows:
            until = self._first_disputed(wanted, shown)
            runs += self._runs(y, wanted, shown, until)
            if wanted.texts[until:] != shown.texts[until:] or wanted.pens[until:] != shown.pens[until:]:
                self._write_disputed(y, until, wanted)
            shown.become(wanted)
        pens = dict.fromkeys(run.pen for run in runs)
        order = {pen: number for number, pen in enumerate(pens)}
        if self.pen in order:
            order[self.pen] = -1
        for run in sorted(runs, key=lambda run: order[run.pen]):
            self._write_run(run)

    def _first_disputed(self, wanted: Row, shown: Row) -> int:
        """Return the column from which on terminals may disagree; the width where they do not."""
        first = min(wanted.first_disputed(), shown.first_disputed())
        while first < self._width and first and wanted.texts[first] == HALF:
            first -= 1
        return first

    def _runs(self, y: int, wanted: Row, shown: Row, until: int) -> Iterator["_Run"]:
        """Yield what differs in a row up to a column, in pieces of one pen."""
        texts, pens, had, had_pens = wanted.texts, wanted.pens, shown.texts, shown.pens
        changed = [x for x in range(until) if texts[x] != had[x] or pens[x] != had_pens[x]]
        if not changed:
            return
        tail = self._tail(wanted) if until == self._width else until
        at, pen = 0, PLAIN
        while at < len(changed):
            x = changed[at]
            while x and texts[x] == HALF:
                x -= 1
            pen = _pen_for(wanted, changed, at, x, pen)
            if x >= tail and len(changed) - at > len(_ERASING):
                yield _Run(y, x, self._width, pen, wanted, is_blank=True, erases=True)
                return
            end = self._end_of_run(wanted, changed, at, x, pen)
            yield _Run(y, x, end, pen, wanted, is_blank=texts[x] == " " and _are_blank(wanted, x, end))
            while at < len(changed) and changed[at] < end:
                at += 1

    def _write_run(self, run: "_Run") -> None:
        pen = run.pen
        if run.is_blank and self.pen is not None and on_blanks(self.pen) == on_blanks(pen):
            pen = self.pen
        self._go(run.y, run.x, run.row, pen)
        if run.erases:
            self._take(pen)
            self._out.append(_ERASING)
        else:
            self._write(run.row.texts[run.x : run.end], pen)
            self._moved_to(run.end)

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
        elif self._y == _NOWHERE or self._y > y or not self._go_on(y, x):
            self._place(y, x)

    def _go_on(self, y: int, x: int) -> bool:
        """Go to the left or down to a cell from where we are, unless its place is named as shortly.

        From a column that terminals may not agree about it goes by the edge.
        """
        down, right = y - self._y, x - self._x
        straight = f"\x1b[{down}B" if down > 1 else "\x1b[B" * down
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


def _pen_for(wanted: Row, changed: list[int], at: int, x: int, before: str) -> str:
    """Return the pen to write from a cell on.

    A blank takes that of the letter that follows it, else the one `before`, where that shows the same.
    """
    pen = wanted.pens[x]
    if wanted.texts[x] != " ":
        return pen
    for place, next_ in enumerate(changed[at:], x):
        if next_ != place:
            break
        if wanted.texts[next_] != " ":
            if on_blanks(wanted.pens[next_]) == pen:
                return wanted.pens[next_]
            break
    return before if on_blanks(before) == pen else pen


def _are_blank(row: Row, start: int, end: int, pen: str | None = None) -> bool:
    """Whether cells are blank, and in one pen where that is given."""
    if any(text != " " for text in row.texts[start:end]):
        return False
    return pen is None or all(has == pen for has in row.pens[start:end])


def _place(y: int, x: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"


def _right(cells: int) -> str:
    return f"\x1b[{cells}C" if cells > 1 else "\x1b[C" * cells


def _left(cells: int) -> str:
    return f"\x1b[{cells}D" if cells > len("\x1b[D") else "\b" * cells


def _repeat(run: re.Match[str]) -> str:
    shorter = f"{run[1]}\x1b[{len(run[0]) - 1}b"
    return shorter if len(shorter.encode()) < len(run[0].encode()) else run[0]
