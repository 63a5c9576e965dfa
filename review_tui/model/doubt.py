"""Doubt: how far a machine's reading can be trusted, and which fields a person should check."""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from review_tui.model.contracts import NO_CONTRACT, Contract, ContractName, breaks_of
from review_tui.model.digest import digest_of
from review_tui.model.extraction import VALUE_CAP, ExtractedField, Extraction, fields_of, gives_confidences
from review_tui.model.failures import Failure
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail
from review_tui.model.text import Shown
from review_tui.model.wire import Json


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


class Held(StrEnum):
    """Whether the fields of a submission were held to their workflow's contract, or why not."""

    NOT_NEEDED = "they have confidences of their own"
    NO_CONTRACT = "its workflow has no contract to hold them to"
    NOT_YET = "looking up its workflow's contract"
    UNREADABLE = "its workflow's contract could not be read"
    HELD = "held to its workflow's contract"


def band_of(confidence: float | None, limits: DoubtLimits | None = None) -> Band:
    """Sort a confidence (0..1) into its band."""
    limits = limits or DoubtLimits()
    if confidence is None:
        return Band.UNSAID
    if confidence < limits.doubtful:
        return Band.DOUBTFUL
    return Band.UNSURE if confidence < limits.sure else Band.SURE


def to_check(fields: Iterable[ExtractedField], limits: DoubtLimits) -> tuple[ExtractedField, ...]:
    """Return the fields that a person should check, each as received.

    Those that break their contract come first, for that is no guess; then the doubtful, then the unsure.
    """
    found = [field for field in fields if field.breaks or band_of(field.confidence, limits).is_to_check]

    def rank(field: ExtractedField) -> int:
        doubtful = band_of(field.confidence, limits) is Band.DOUBTFUL
        return 0 if field.breaks else 1 if doubtful else 2

    return tuple(sorted(found, key=rank))


def contract_for(detail: Detail) -> ContractName | None:
    """Name the contract that is to say what to check, for lack of confidences; None where none is needed.

    Where nothing was extracted there is nothing to check.
    """
    data = detail.extracted_data
    if not data or not isinstance(data, dict) or gives_confidences(data):
        return None
    return ContractName.of(detail.workflow)


def held(detail: Detail, contract: Contract | Failure | None) -> Held:
    """Say whether the fields could be held to `contract`, a failure where that could not be read."""
    if gives_confidences(detail.extracted_data):
        return Held.NOT_NEEDED
    if contract_for(detail) is None or contract == NO_CONTRACT:
        return Held.NO_CONTRACT
    if contract is None:
        return Held.NOT_YET
    return Held.UNREADABLE if isinstance(contract, Failure) else Held.HELD


def read_fields(detail: Detail, contract: Contract | Failure | None) -> Extraction:
    """Return the extracted fields, held against the contract where it is known."""
    extraction = fields_of(detail.extracted_data)
    if not isinstance(contract, Contract):
        return extraction
    return _held_against(extraction, contract, detail.extracted_data)


def _held_against(extraction: Extraction, contract: Contract, data: Json) -> Extraction:
    """Return the fields with what of `contract` they break; those that the data lack come last."""
    broken = {one.path: one for one in breaks_of(contract, data)}
    if not broken:
        return extraction
    fields = [
        replace(field, breaks=broken.pop(field.path.raw).words) if field.path.raw in broken else field
        for field in extraction.fields
    ]
    lacking = (
        ExtractedField(Shown.of(one.path, cap=VALUE_CAP), one.value, breaks=one.words)
        for one in broken.values()
    )
    return replace(extraction, fields=(*fields, *lacking))


def has_confidences(fields: Iterable[ExtractedField]) -> bool:
    """Whether any single field has a confidence of its own."""
    return any(field.confidence is not None for field in fields)


def reading_of(detail: Detail) -> tuple[str, str]:
    """Name one reading of one submission: what was checked on it counts until its data are others."""
    return detail.id, digest_of(detail).partition(".")[0]
