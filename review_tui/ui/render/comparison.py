"""Comparing what two documents say, field by field: equal, near, different."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from enum import Enum
from typing import Final

from review_tui.model.extraction import ABSENT
from review_tui.model.fraud import FraudMatch
from review_tui.model.submissions import Detail
from review_tui.model.text import Shown
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.line import Role

NEAR: Final = 0.8
"""Likeness (0..1) from which two values count as near."""

_TOLERANCE: Final = Decimal("0.01")
_COMPARED_CHARACTERS: Final = 80


class Likeness(Enum):
    """How two values relate: glyph, word and role; near ones stand out, for they may have been made to."""

    EQUAL = ("=", "equal", Role.PLAIN)
    NEAR = ("≈", "near", Role.WARN)
    DIFFERENT = ("≠", "different", Role.TITLE)
    ONLY_HERE = ("<", "only here", Role.DIM)
    ONLY_THERE = (">", "only there", Role.DIM)

    def __init__(self, glyph: str, word: str, role: Role) -> None:
        self.glyph = glyph
        self.word = word
        self.role = role


@dataclass(frozen=True, slots=True)
class Pair:
    """One field of this submission beside the same field of the matched one."""

    path: Shown
    here: Shown | None
    there: Shown | None
    likeness: Likeness


def pairs_of(here: Detail, there: Detail, match: FraudMatch) -> list[Pair]:
    """Pair the fields of two submissions: what tells them apart first, then as received, ours before theirs.

    Where the server gave a similarity for a field, it decides between near and different.
    """
    said = {field.name.raw: field.similarity for field in match.compared}
    ours = {field.path.raw: field.path for field in extraction_of(here).fields}
    values = {field.path.raw: field.value for field in extraction_of(here).fields}
    others = {field.path.raw: field for field in extraction_of(there).fields}
    pairs = [
        _pair(path, values[raw], others[raw].value if raw in others else None, said.get(raw))
        for raw, path in ours.items()
    ]
    pairs += [
        Pair(field.path, None, field.value, Likeness.ONLY_THERE)
        for raw, field in others.items()
        if raw not in ours
    ]
    return sorted(pairs, key=_equal_last)


def pairs_told(match: FraudMatch) -> list[Pair]:
    """Pair the fields as the match itself tells them, for when the other submission is not here."""
    pairs = [_pair(f.name, f.shown, f.matched_shown, f.similarity) for f in match.compared]
    return sorted(pairs, key=_equal_last)


def _equal_last(pair: Pair) -> int:
    ranks = {Likeness.DIFFERENT: 0, Likeness.NEAR: 1, Likeness.EQUAL: 3}
    return ranks.get(pair.likeness, 2)


def tally(pairs: list[Pair]) -> Mapping[Likeness, int]:
    """Count the pairs of each likeness, leaving out what there is none of."""
    counts = {likeness: sum(pair.likeness is likeness for pair in pairs) for likeness in Likeness}
    return {likeness: count for likeness, count in counts.items() if count}


def likeness_of(here: str, there: str, said: float | None = None) -> Likeness:
    """Compare two values as received; `said` is the server's similarity, 0..1."""
    if here == there:
        return Likeness.EQUAL
    if said is not None:
        return Likeness.NEAR if said >= NEAR else Likeness.DIFFERENT
    if _folded(here) == _folded(there) or _near_numbers(here, there):
        return Likeness.NEAR
    if _number(here) is not None or _number(there) is not None:
        return Likeness.DIFFERENT
    if max(len(here), len(there)) > _COMPARED_CHARACTERS:
        return Likeness.DIFFERENT
    ratio = SequenceMatcher(None, _folded(here), _folded(there), autojunk=False).ratio()
    return Likeness.NEAR if ratio >= NEAR else Likeness.DIFFERENT


def _pair(path: Shown, here: Shown, there: Shown | None, said: float | None) -> Pair:
    if there is None or there == ABSENT != here:
        return Pair(path, here, there, Likeness.ONLY_HERE)
    if here == ABSENT != there:
        return Pair(path, here, there, Likeness.ONLY_THERE)
    return Pair(path, here, there, likeness_of(here.raw, there.raw, said))


def _folded(value: str) -> str:
    return " ".join(value.casefold().split())


def _number(value: str) -> Decimal | None:
    try:
        number = Decimal(value) if len(value) <= _COMPARED_CHARACTERS else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _near_numbers(here: str, there: str) -> bool:
    a, b = _number(here), _number(there)
    if a is None or b is None:
        return False
    try:
        return abs(a - b) <= _TOLERANCE * max(abs(a), abs(b))
    except ArithmeticError:
        return False
