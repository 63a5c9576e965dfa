"""Pens: the style that a terminal writes with, as a string of parameters, and the way between two of them."""

from functools import lru_cache
from typing import Final

PLAIN: Final = ""
"""The terminal's own colours, and nothing set."""

_OFF: Final = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "51": "54",
    "52": "54",
    "53": "55",
}
"""Attributes, and what ends each; some end in pairs."""

_ENDS: Final = frozenset(_OFF.values())
_SEEN_ON_BLANKS: Final = frozenset({"4", "7", "9", "21", "51", "52", "53"})
_LENGTHS: Final = {"5": 3, "2": 5}
"""Parameters of an extended colour by its kind: an index, or three parts."""

_CUBE: Final = (0, 95, 135, 175, 215, 255)
_GREYS: Final = 24
_FIXED_FROM: Final = 22
"""The first of the 256 colours that nobody gives a colour of his own; some do so with those below."""

Style = tuple[frozenset[str], str, str]
"""The attributes that are on, the foreground and the background; "" for the terminal's own."""

_NOTHING: Final[Style] = (frozenset(), "", "")


@lru_cache(4096)
def after(pen: str, parameters: str) -> str:
    """Return the pen that a `CSI parameters m` makes of this one."""
    on, foreground, background = _applied(style_of(pen), parameters)
    return ";".join([*sorted(on), *filter(None, (foreground, background))])


@lru_cache(4096)
def style_of(pen: str) -> Style:
    """Take a pen apart."""
    return _applied(_NOTHING, pen) if pen else _NOTHING


def _applied(style: Style, parameters: str) -> Style:
    """Return what a style becomes, parameter by parameter."""
    on, foreground, background = style
    given = parameters.split(";")
    at = 0
    while at < len(given):
        code, length = given[at] or "0", 1
        if code in {"38", "48"}:
            length = _LENGTHS.get(given[at + 1] if at + 1 < len(given) else "", 2)
        value = _colour(code, given[at + 1 : at + length])
        if code == "0":
            on, foreground, background = _NOTHING
        elif code in _OFF:
            on |= {code}
        elif code in _ENDS:
            on = frozenset(one for one in on if _OFF[one] != code)
        elif code in {"39", "49"}:
            foreground, background = ("", background) if code == "39" else (foreground, "")
        elif code[0] in "39":
            foreground = value
        else:
            background = value
        at += length
    return on, foreground, background


@lru_cache(4096)
def _indexed(red: str, green: str, blue: str) -> str | None:
    """Return the index of a colour in three parts, where it is one that all terminals know by the same."""
    parts = tuple(int(part) if part.isdecimal() else -1 for part in (red, green, blue))
    if all(part in _CUBE for part in parts):
        first, second, third = (_CUBE.index(part) for part in parts)
        index = 16 + 36 * first + 6 * second + third
        return str(index) if index >= _FIXED_FROM else None
    level, rest = divmod(parts[0] - 8, 10)
    return str(232 + level) if len(set(parts)) == 1 and not rest and 0 <= level < _GREYS else None


def _colour(code: str, parts: list[str]) -> str:
    """Return a colour's parameters, the shorter ones where there are two ways to say the same."""
    if parts[:1] == ["2"] and len(parts) == _LENGTHS["2"] - 1 and (index := _indexed(*parts[1:])):
        parts = ["5", index]
    return ";".join([code, *parts])


@lru_cache(65_536)
def change(old: str | None, new: str) -> str:
    """Return the shortest sequence that leads from one pen to another; from None, which is unknown, too."""
    if old == new:
        return ""
    if new == PLAIN:
        return "\x1b[m"
    whole = f"\x1b[{new}m" if old == PLAIN else f"\x1b[;{new}m"
    if old is None:
        return whole
    had, old_foreground, old_background = style_of(old)
    has, foreground, background = style_of(new)
    ends = {_OFF[one] for one in had - has}
    begins = {one for one in has if one not in had or _OFF[one] in ends}
    parameters = [*sorted(ends), *sorted(begins)]
    if foreground != old_foreground:
        parameters.append(foreground or "39")
    if background != old_background:
        parameters.append(background or "49")
    part = f"\x1b[{';'.join(parameters)}m"
    return part if len(part) < len(whole) else whole


@lru_cache(4096)
def on_blanks(pen: str) -> str:
    """Return the pen that shows the same on a blank: without what only letters show."""
    on, _, background = style_of(pen)
    return pen if on & _SEEN_ON_BLANKS else background


@lru_cache(4096)
def can_erase(pen: str, *, fills: bool) -> bool:
    """Whether cells erased with this pen look as blanks in it; `fills` where erasing takes its colour."""
    return pen == PLAIN or (fills and on_blanks(pen) == style_of(pen)[2])
