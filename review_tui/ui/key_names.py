"""Key names: what the keys of commands are called where a text speaks of them."""

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "approve": "a",
        "reject": "r",
        "cancel": "c",
        "undo": "u",
        "outbox": "U",
        "bulk": "B",
        "next-match": "m",
        "false-positive": "f",
        "confirmed-fraud": "x",
        "note": "i",
        "next-doubt": "n",
        "previous-doubt": "N",
        "skipped": "S",
        "hidden": "Z",
        "mark-range": "V",
        "open": "Enter",
        "back": "h",
        "jobs": "J",
        "download": "o",
        "refresh": "R",
        "load-older": "L",
        "filter": "/",
        "view-all": "0",
        **{f"view-{number}": str(number) for number in range(1, 10)},
    }
)
"""The keys of which texts speak, as the table of commands has them."""

_IN_USE: Final[ContextVar[Mapping[str, str]]] = ContextVar("keys in use", default=OWN)


def key_of(command_id: str) -> str:
    """Return the key by which a command is given now."""
    return _IN_USE.get()[command_id]


def speak_of(names: Mapping[str, str]) -> None:
    """Let texts speak of these keys from now on, in whatever is begun from here; by the ids of commands."""
    _IN_USE.set(names)
