"""Likeness: how far two values of one field agree, as numbers, as dates or as text, and where they differ."""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Final

from review_tui.model.folding import fold
from review_tui.model.frozen import frozen

NEAR: Final = 0.8
"""Similarity (0..1) from which two texts count as near, be it that of the texts without their accents."""

COMPARED: Final = 200
"""Characters of a value that are compared; longer ones are equal or different."""

_TOLERANCE: Final = Decimal("0.01")
_NEAR_DAYS: Final = 7
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,6})?")
_LONGEST_DATE: Final = 40
_DATES: Final = ("%d.%m.%Y", "%Y/%m/%d")

Span = tuple[int, int]
"""Where something begins and where it has ended, in characters."""


class Relation(StrEnum):
    """How two values relate."""

    EQUAL = "equal"
    NEAR = "near"
    DIFFERENT = "different"


@frozen
class Compared:
    """How two values relate; `share` is their similarity (0..1), `days` how far two dates are apart."""

    relation: Relation
    share: float | None = None
    days: int | None = None


def compare(here: str, there: str, said: float | None = None) -> Compared:
    """Compare two values as received; `said` is the server's similarity (0..1), which counts before ours."""
    if here == there:
        return Compared(Relation.EQUAL)
    if said is not None:
        return Compared(Relation.NEAR if said >= NEAR else Relation.DIFFERENT, said)
    return _as_numbers(here, there) or _as_dates(here, there) or _as_texts(here, there)


@lru_cache(1_024)
def similarity(here: str, there: str) -> float:
    """Return the share of characters (0..1) that the texts have in common in the same order."""
    if not here and not there:
        return 1.0
    return 2 * _common(_rows(here, there)) / (len(here) + len(there))


@lru_cache(1_024)
def differing(here: str, there: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return where each text has what the other has not, in the same order; too long ones have no places."""
    if max(len(here), len(there)) > COMPARED:
        return (), ()
    rows = _rows(here, there)
    ours, theirs = set(range(len(here))), set(range(len(there)))
    at_here, at_there = len(here), len(there)
    while at_here and at_there:
        if here[at_here - 1] == there[at_there - 1]:
            at_here, at_there = at_here - 1, at_there - 1
            ours.discard(at_here)
            theirs.discard(at_there)
        elif _length(rows[at_there - 1], at_here) >= _length(rows[at_there], at_here - 1):
            at_there -= 1
        else:
            at_here -= 1
    return _spans(ours), _spans(theirs)


def _rows(here: str, there: str) -> list[int]:
    """Return, for each start of `there`, a number whose bits tell what it has in common with `here`.

    Up to each place of `here`, as many bits are set as there are characters in common, in order. All
    places of `here` are taken at once, as the bits of one number.
    """
    places: dict[str, int] = {}
    for index, char in enumerate(here):
        places[char] = places.get(char, 0) | 1 << index
    row = mask = (1 << len(here)) - 1
    rows = [row]
    for char in there:
        matching = row & places.get(char, 0)
        row = ((row + matching) | (row - matching)) & mask
        rows.append(row)
    return [(~row) & mask for row in rows]


def _common(rows: list[int]) -> int:
    return rows[-1].bit_count()


def _length(row: int, upto: int) -> int:
    return (row & ((1 << upto) - 1)).bit_count()


def _spans(places: set[int]) -> tuple[Span, ...]:
    found: list[Span] = []
    for _, group in groupby(enumerate(sorted(places)), key=lambda pair: pair[1] - pair[0]):
        run = [place for _, place in group]
        found.append((run[0], run[-1] + 1))
    return tuple(found)


def _as_numbers(here: str, there: str) -> Compared | None:
    a, b = _number(here), _number(there)
    if a is None or b is None:
        one_is = (a is None) != (b is None)
        return Compared(Relation.DIFFERENT) if one_is and not _both_dates(here, there) else None
    if a == b:
        return Compared(Relation.EQUAL)
    try:
        apart = abs(a - b) / max(abs(a), abs(b))
    except ArithmeticError:
        return Compared(Relation.DIFFERENT)
    share = float(max(1 - apart, Decimal(0)))
    return Compared(Relation.NEAR if apart <= _TOLERANCE else Relation.DIFFERENT, share)


def _both_dates(here: str, there: str) -> bool:
    return _date(here) is not None and _date(there) is not None


def _as_dates(here: str, there: str) -> Compared | None:
    a, b = _date(here), _date(there)
    if a is None or b is None:
        return None
    days = abs((a - b).days)
    if not days:
        same = _is_day(here) and _is_day(there)
        return Compared(Relation.EQUAL if same else Relation.NEAR, days=0)
    return Compared(Relation.NEAR if days <= _NEAR_DAYS else Relation.DIFFERENT, days=days)


def _as_texts(here: str, there: str) -> Compared:
    if max(len(here), len(there)) > COMPARED:
        return Compared(Relation.DIFFERENT)
    share = similarity(_spaced(here.casefold()), _spaced(there.casefold()))
    near = share >= NEAR or similarity(_spaced(fold(here)), _spaced(fold(there))) >= NEAR
    return Compared(Relation.NEAR if near else Relation.DIFFERENT, share)


def _spaced(value: str) -> str:
    """Return a text with single spaces, no longer than what is compared: folding may make it longer."""
    return " ".join(value.split())[:COMPARED]


def _number(value: str) -> Decimal | None:
    """Read a number as it stands; other scripts' digits are no number, for they only look the same."""
    return Decimal(value) if _NUMBER.fullmatch(value) else None


def _is_day(value: str) -> bool:
    return len(value) <= len("2026-03-24")


def _date(value: str) -> date | None:
    """Read a day, with or without a time, as documents write it where that can be taken in one way only."""
    if not value.isascii() or not 8 <= len(value) <= _LONGEST_DATE:
        return None
    if value[4:5] == value[7:8] == "-":
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            return None
    for form in _DATES:
        try:
            return datetime.strptime(value, form).date()  # noqa: DTZ007 – a day, not a moment
        except ValueError:
            continue
    return None
