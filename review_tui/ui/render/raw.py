"""The raw view: the JSON as received, exact and inert, written out only as far as it is looked at."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from rich.cells import cell_len, chop_cells

from review_tui.model.text import escaped
from review_tui.model.wire import Json
from review_tui.ui.render.growing import GrowingLines
from review_tui.ui.render.line import Line, Role

_STRING_AT_MOST: Final = 4_000
_INDENT: Final = 2
_DEEPEST: Final = 12
_QUOTED: Final = json.JSONEncoder(ensure_ascii=False).encode  # made once: json.dumps makes one for each call


class RawText(GrowingLines):
    r"""The pretty-printed JSON of one value as lines of `width` cells, made while one scrolls.

    `count` is the number of lines made so far; `reach` makes more. Control, direction and format
    characters are written as `\\uXXXX`; a string beyond 4,000 characters is cut and its rest counted.
    """

    def __init__(self, value: Json, width: int) -> None:
        super().__init__(_lines(value, max(width, 20)))
        self.reach(0)


def scalar(value: Json) -> str:
    """Write one JSON value that is neither object nor list, every digit as received."""
    if isinstance(value, str):
        rest = len(value) - _STRING_AT_MOST
        text = escaped(_QUOTED(value[:_STRING_AT_MOST]))
        return f"{text} … (+{rest} characters)" if rest > 0 else text
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    return json.dumps(value)


def _lines(value: Json, width: int) -> Iterator[Line]:
    for depth, text in _written(value):
        indent = min(depth, _DEEPEST) * _INDENT
        for part in _folded(text, width, indent):
            yield ((part, Role.PLAIN),)


def _folded(text: str, width: int, indent: int) -> Iterator[str]:
    """Break one line of JSON at the width; every character of it is kept, so that it can be copied."""
    room = max(width - indent, 10)
    space = " " * indent
    if len(text) * 2 <= room:
        yield space + text
        return

    narrow = text.isascii() or all(cell_len(char) == 1 for char in set(text))
    parts = (text[at : at + room] for at in range(0, len(text), room)) if narrow else chop_cells(text, room)
    for part in parts:
        yield space + part


def _written(value: Json) -> Iterator[tuple[int, str]]:
    """Yield (depth, text) line by line; a stack of its own, so that no nesting is too deep for it."""
    if not isinstance(value, dict | list) or not value:
        yield 0, scalar(value)
        return
    yield 0, "{" if isinstance(value, dict) else "["
    stack: list[tuple[Iterator[tuple[str, Json]], int, str]] = [_opened(value)]
    while stack:
        members, left, closing = stack.pop()
        entry = next(members, None)
        if entry is None:
            comma = "," if stack and stack[-1][1] else ""
            yield len(stack), closing + comma
            continue
        stack.append((members, left - 1, closing))
        name, child = entry
        if isinstance(child, dict | list) and child:
            yield len(stack), name + ("{" if isinstance(child, dict) else "[")
            stack.append(_opened(child))
        else:
            yield len(stack), f"{name}{scalar(child)}{',' if left > 1 else ''}"


def _opened(value: Json) -> tuple[Iterator[tuple[str, Json]], int, str]:
    if isinstance(value, dict):
        return ((f"{scalar(str(key))}: ", child) for key, child in value.items()), len(value), "}"
    return (("", child) for child in value), len(value), "]"
