"""Fraud matches: what a document was found to resemble, and whether a person has judged it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from review_tui.model.extraction import text_of
from review_tui.model.frozen import frozen
from review_tui.model.text import Shown
from review_tui.model.wire import (
    Anything,
    Id,
    Json,
    Moment,
    Number,
    OptionalText,
    Reads,
    Word,
    read_one,
    text_or_none,
)


class FraudStatus(StrEnum):
    """The words that are known; others are shown as they are."""

    CLEAN = "clean"
    FLAGGED = "flagged"
    BLOCKED = "blocked"


class Resolution(StrEnum):
    """How a person may judge a match."""

    FALSE_POSITIVE = "false_positive"
    CONFIRMED_FRAUD = "confirmed_fraud"


def _judgement(value: Json) -> Shown | None:
    word = text_or_none(value)
    return word if word and word.raw.strip() else None


Judgement = Annotated[Shown | None, Reads(_judgement)]
"""How a match was judged, or None while it is open; a blank word is no judgement."""


@frozen
class ComparedField:
    """One field of a data match beside the matched submission's; `similarity` is 0..1 or None."""

    name: Word
    value: Anything = None
    matched_value: Anything = None
    similarity: Number = None

    @property
    def shown(self) -> Shown:
        """This submission's value, clean."""
        return text_of(self.value)

    @property
    def matched_shown(self) -> Shown:
        """The matched submission's value, clean."""
        return text_of(self.matched_value)


@frozen
class FraudMatch:
    """One likeness to another submission; `score` is 0..100, `resolution` None while it is open."""

    id: Id
    submission_id: OptionalText = None
    matched_submission_id: OptionalText = None
    type: OptionalText = None
    score: Number = None
    details: Anything = None
    resolution: Judgement = None
    note: OptionalText = None
    created_at: Moment = None
    resolved_at: Moment = None
    resolved_by: Anything = None

    @property
    def is_open(self) -> bool:
        """Whether a person still has to judge it."""
        return self.resolution is None

    @property
    def compared(self) -> tuple[ComparedField, ...]:
        """The compared fields of a data match; empty for images or where they are unreadable."""
        details = self.details if isinstance(self.details, dict) else {}
        fields = details.get("fields")
        found = [f for f in fields[:200] if isinstance(f, dict)] if isinstance(fields, list) else []
        return tuple(read_one(ComparedField, f, "a field") for f in found if isinstance(f.get("name"), str))

    @property
    def resolver(self) -> Shown:
        """Who judged it, as far as the server says."""
        who = self.resolved_by
        if isinstance(who, dict):
            who = who.get("name") or who.get("id")
        return text_of(who)


def open_ones(matches: Iterable[FraudMatch]) -> tuple[FraudMatch, ...]:
    """Return the matches that nobody has judged yet."""
    return tuple(match for match in matches if match.is_open)
