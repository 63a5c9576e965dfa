"""Glimpses: the first values of a JSON text that is too large, or too broken, to be read whole."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from review_tui.model.extraction import VALUE_CAP
from review_tui.model.results import FIELDS_SHOWN, ResultField
from review_tui.model.text import Shown

_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)
_DEPTH: Final = 100


def first_values(text: str, most: int = FIELDS_SHOWN) -> tuple[ResultField, ...]:
    """Return the first values with their paths; what is cut off or no JSON ends them."""
    return tuple(islice(_values(text), most))


@dataclass(slots=True)
class _Level:
    """An object, or with a number for its key a list, whose values are being told."""

    key: str | int
    has_value: bool = False

    @property
    def end(self) -> str:
        return "]" if isinstance(self.key, int) else "}"

    @property
    def takes_value(self) -> bool:
        return isinstance(self.key, int) or self.has_value

    def goes_on(self, sign: str) -> bool:
        """Take a colon or a comma; return whether it may stand here."""
        if isinstance(self.key, int):
            self.key += sign == ","
            return sign == ","
        self.has_value = sign == ":"
        return True


def _values(text: str) -> Iterator[ResultField]:
    levels: list[_Level] = []
    for match in _PIECE.finditer(text):
        piece, inner = match[0], levels[-1] if levels else None
        if piece in "}]":
            if inner is None or inner.end != piece:
                return
            levels.pop()
        elif match.end() == len(text):
            return  # it may go on
        elif piece in ":,":
            if inner is None or not inner.goes_on(piece):
                return
        elif inner is not None and not inner.takes_value:
            inner.key = _plain(piece)[:VALUE_CAP]
        elif piece not in "{[":
            yield ResultField(Shown.of(_path(levels), cap=VALUE_CAP), Shown.of(_plain(piece), cap=VALUE_CAP))
        elif len(levels) < _DEPTH:
            levels.append(_Level("" if piece == "{" else 0))
        else:
            return


def _path(levels: list[_Level]) -> str:
    path = ""
    for level in levels:
        path += f"[{level.key}]" if isinstance(level.key, int) else f"{'.' if path else ''}{level.key}"
    return path


def _plain(piece: str) -> str:
    """Return a piece's text: without quotes where it has some."""
    if not piece.startswith('"'):
        return piece
    try:
        return str(json.loads(piece, strict=False))
    except ValueError:
        return piece[1:-1]
