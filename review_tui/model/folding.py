"""Folding: texts and amounts in the form in which they are compared."""

import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite
from typing import Final

_LETTERS: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t"}
)
"""Letters that are no letter and accent to Unicode, but are to whoever has no key for them."""

_AMOUNT_CHARACTERS: Final = 64


def fold(text: str) -> str:
    """Return a text without case and accents."""
    return text.lower() if text.isascii() else _folded(text)


@lru_cache(65_536)
def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return bare.casefold().translate(_LETTERS)


def rough_amount(text: str | None) -> float | None:
    """Return an amount to fifteen digits, which are quick to compare and enough to sort by."""
    if text is None or len(text) > _AMOUNT_CHARACTERS:
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def amount_value(text: str | None) -> Decimal | None:
    """Return an amount as a number; None where it is none, or not finite."""
    if text is None or len(text) > _AMOUNT_CHARACTERS:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
