"""What lives here: how values become the JSON and the timestamps of the wire."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_TOKEN = secrets.token_hex(16)
"""Stands for a piece of raw JSON while the rest is encoded; nobody outside can know it."""


@dataclass(frozen=True, slots=True)
class Raw:
    """JSON text that goes out as it is, so that what no Python value can hold (``1e400``) still arrives."""

    text: str


def dumps(value: object) -> str:
    """Compact ASCII JSON of ``value``; lone surrogates leave as escapes, ``Raw`` as it is."""
    if isinstance(value, Raw):
        return value.text
    pieces: list[str] = []

    def stand_in(item: object) -> object:
        if isinstance(item, Raw):
            pieces.append(item.text)
            return _TOKEN
        if isinstance(item, Mapping):
            return dict(item)
        raise TypeError(f"{type(item).__name__} has no JSON form")

    text = json.JSONEncoder(separators=(",", ":"), default=stand_in).encode(value)
    if not pieces:
        return text
    parts = text.split(f'"{_TOKEN}"')
    return "".join(part + piece for part, piece in zip(parts, [*pieces, ""], strict=True))


def raw(column: str | None) -> Raw | None:
    """A JSON column as it goes out: nothing is parsed on the way."""
    return None if column is None else Raw(column)


def stamp(milliseconds: int | None) -> str | None:
    """ISO 8601 UTC with milliseconds and ``Z`` of a time in Unix milliseconds."""
    if milliseconds is None:
        return None
    moment = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03d}Z"


def in_milliseconds(moment: datetime) -> int:
    """Unix milliseconds of an aware datetime, without the rounding of floats."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1000 + moment.microsecond // 1000
