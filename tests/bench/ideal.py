"""The fewest bytes, near enough, by which a terminal's picture becomes another one.

An estimate by other means than the program's own, line by line from the left: a cursor move to each run of
cells that differ, or writing over what stands between when that is shorter; styles by their difference; blank
ends of lines erased; a repeated character repeated. Scrolling is not used. Who writes all that has one style
before what has another, or goes on from where the cursor stands, may need fewer still.
"""

from collections.abc import Sequence
from typing import Any, Final

from pyte.graphics import FG_BG_256

Cell = Any
"""A cell of pyte's: `data`, `fg`, `bg` and the attributes below."""

Picture = Sequence[Sequence[Cell]]

_ATTRIBUTES: Final = (
    ("bold", 1, 22),
    ("blink", 2, 22),  # which is where `Picture` notes what is faint
    ("italics", 3, 23),
    ("underscore", 4, 24),
    ("reverse", 7, 27),
    ("strikethrough", 9, 29),
)
_NAMED: Final = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_ERASE: Final = len("\x1b[K")
_SEQUENCE: Final = len("\x1b[m")
_NUMBERED: Final = {colour: number for number, colour in reversed(list(enumerate(FG_BG_256)))}
_NEAR: Final = 8
"""Cells that are at most written over on the way to the next that differs."""


def ideal_bytes(before: Picture, after: Picture) -> int:
    """Return about how many bytes make `after` of `before`; 0 where they are the same."""
    total, pen = 0, None
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            cost, pen = _row(y, old, new, pen)
            total += cost
    return total


def _row(y: int, old: Sequence[Cell], new: Sequence[Cell], pen: Cell | None) -> tuple[int, Cell | None]:
    """Return the cost of one line, and the pen after it."""
    differing = [x for x in range(len(new)) if old[x] != new[x]]
    tail = _blank_from(new)
    cost, at = 0, None
    while differing:
        x = differing[0]
        if at is None:
            cost += len(f"\x1b[{y + 1};{x + 1}H")
        elif at != x:
            between = new[at:x]
            over = _over(between, pen)
            jump = len(f"\x1b[{x - at}C")
            cost += jump if over is None else min(jump, over)
        cost += _style(pen, new[x])
        pen = new[x]
        if x >= tail and len(differing) > _ERASE:
            return cost + _ERASE, pen
        run = [x]
        while len(run) < len(differing) and differing[len(run)] == x + len(run) and new[x + len(run)] == pen:
            run.append(x + len(run))
        once = len(pen.data.encode())
        cost += min(len(run) * once, once + len(f"\x1b[{len(run) - 1}b"))
        at = x + len(run)
        del differing[: len(run)]
    return cost, pen


def _over(cells: Sequence[Cell], pen: Cell | None) -> int | None:
    """Return the bytes of writing cells anew that stand as they should; None where that would be dear."""
    if len(cells) > _NEAR or any(_look(cell) != _look(pen) for cell in cells):
        return None
    return sum(len(cell.data.encode()) for cell in cells)


def _blank_from(cells: Sequence[Cell]) -> int:
    """Return where the blanks begin that erasing would make."""
    last = cells[-1]
    if last.data != " " or last.underscore or last.reverse or last.strikethrough:
        return len(cells)
    at = len(cells)
    while at and cells[at - 1] == last:
        at -= 1
    return at


def _look(cell: Cell | None) -> object:
    return None if cell is None else cell._replace(data="")


def _style(old: Cell | None, new: Cell) -> int:
    """Return the bytes that bring the pen from one look to another, whichever way is shorter."""
    if _look(old) == _look(new):
        return 0
    anew = [on for name, on, _ in _ATTRIBUTES if getattr(new, name)]
    whole = [str(number) for number in anew] + _colours(new)
    cost = _SEQUENCE + len(";".join(["", *whole]))
    if old is None:
        return cost
    parts = [
        str(on if getattr(new, name) else off)
        for name, on, off in _ATTRIBUTES
        if getattr(new, name) != getattr(old, name)
    ]
    parts += _colours(new, unlike=old)
    return min(cost, _SEQUENCE + len(";".join(parts)))


def _colours(cell: Cell, unlike: Cell | None = None) -> list[str]:
    return [
        _colour(getattr(cell, name), base)
        for name, base in (("fg", 30), ("bg", 40))
        if getattr(cell, name) != (getattr(unlike, name) if unlike else "default")
    ]


def _colour(name: str, base: int) -> str:
    if name == "default":
        return str(base + 9)
    if name in _NAMED:
        return str(base + _NAMED.index(name))
    if name.startswith("bright"):
        return str(base + 60)
    if name in _NUMBERED:
        return f"{base + 8};5;{_NUMBERED[name]}"
    return f"{base + 8};2;{int(name[:2], 16)};{int(name[2:4], 16)};{int(name[4:], 16)}"
