"""Doubt: how far a machine's reading can be trusted, and which fields a person should check."""

from collections.abc import Iterable
from enum import StrEnum

from review_tui.model.digest import digest_of
from review_tui.model.extraction import ExtractedField
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail


class Band(StrEnum):
    """How far a confidence can be trusted, in a word."""

    SURE = "sure"
    UNSURE = "unsure"
    DOUBTFUL = "doubtful"
    UNSAID = "not said"

    @property
    def is_to_check(self) -> bool:
        """Whether a person should look at the document itself."""
        return self in {Band.UNSURE, Band.DOUBTFUL}


def band_of(confidence: float | None, limits: DoubtLimits | None = None) -> Band:
    """Sort a confidence (0..1) into its band."""
    limits = limits or DoubtLimits()
    if confidence is None:
        return Band.UNSAID
    if confidence < limits.doubtful:
        return Band.DOUBTFUL
    return Band.UNSURE if confidence < limits.sure else Band.SURE


def to_check(fields: Iterable[ExtractedField], limits: DoubtLimits) -> tuple[ExtractedField, ...]:
    """Return the fields that a person should check: the doubtful, then the unsure, each as received."""
    found = [field for field in fields if band_of(field.confidence, limits).is_to_check]
    return tuple(sorted(found, key=lambda field: band_of(field.confidence, limits) is not Band.DOUBTFUL))


def has_confidences(fields: Iterable[ExtractedField]) -> bool:
    """Whether any single field has a confidence of its own."""
    return any(field.confidence is not None for field in fields)


def reading_of(detail: Detail) -> tuple[str, str]:
    """Name one reading of one submission: what was checked on it counts until its data are others."""
    return detail.id, digest_of(detail).partition(".")[0]
