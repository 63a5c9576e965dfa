"""Comparing what two documents say, field by field: equal, near, different, missing."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from review_tui.model.extraction import ABSENT
from review_tui.model.fraud import FraudMatch
from review_tui.model.frozen import frozen
from review_tui.model.likeness import Compared, Relation, Span, compare, differing
from review_tui.model.submissions import Detail
from review_tui.model.text import Shown
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain

_HIGHEST: Final = 99
"""Per cent of likeness that is not said to be more, for a value that is not the same."""


class Likeness(Enum):
    """How two values relate: glyph, word and role; near ones stand out, for they may have been made to."""

    EQUAL = ("=", "equal", Role.PLAIN)
    NEAR = ("≈", "near", Role.WARN)
    DIFFERENT = ("≠", "different", Role.TITLE)
    ONLY_HERE = ("∅", "only here", Role.DIM)
    ONLY_THERE = ("∅", "only there", Role.DIM)

    def __init__(self, glyph: str, word: str, role: Role) -> None:
        self.glyph = glyph
        self.word = word
        self.role = role


_LIKENESSES: Final = {
    Relation.EQUAL: Likeness.EQUAL,
    Relation.NEAR: Likeness.NEAR,
    Relation.DIFFERENT: Likeness.DIFFERENT,
}


@frozen
class Pair:
    """One field of this submission beside the same field of the matched one.

    `compared` says how far near ones agree.
    """

    path: Shown
    here: Shown | None
    there: Shown | None
    likeness: Likeness
    compared: Compared | None = None

    @property
    def is_written_alike(self) -> bool:
        """Whether there is nothing to see beside each other."""
        return self.here is not None and self.there is not None and self.here.raw == self.there.raw

    def words(self, *, brief: bool = False) -> str:
        """Say how they relate, a near one with how near; `brief` leaves the word out."""
        like, near = self.likeness, self.compared
        word = like.glyph if brief else f"{like.glyph} {like.word}"
        if like is not Likeness.NEAR or near is None:
            return word
        if near.days:
            return f"{word} {near.days} d"
        return word if near.share is None else f"{word} {min(int(near.share * 100 + 1e-9), _HIGHEST)} %"

    def differing(self) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """Return where the texts of a near pair differ, in characters as they are drawn."""
        if self.likeness is not Likeness.NEAR or self.here is None or self.there is None:
            return (), ()
        return differing(plain(self.here), plain(self.there))


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


def _pair(path: Shown, here: Shown, there: Shown | None, said: float | None) -> Pair:
    if there is None or there == ABSENT != here:
        return Pair(path, here, there, Likeness.ONLY_HERE)
    if here == ABSENT != there:
        return Pair(path, here, there, Likeness.ONLY_THERE)
    compared = compare(here.raw, there.raw, said)
    return Pair(path, here, there, _LIKENESSES[compared.relation], compared)
