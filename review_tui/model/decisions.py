"""Decisions: what a person meant, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from review_tui.model.failures import Failure
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Detail, Verb


def _new_request_id() -> str:
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Intent:
    """One decision on one submission, by id as shown; `request_id` goes with it to the server."""

    verb: Verb
    submission_id: str
    at: datetime
    reason: str | None = None
    match_id: str | None = None
    resolution: Resolution | None = None
    note: str | None = None
    request_id: str = field(default_factory=_new_request_id)


class Stage(StrEnum):
    """How far a decision has come; the last six are final."""

    SENDING = "sending"
    VERIFYING = "verifying"
    DONE = "done"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    UNSENT = "unsent"
    NOT_DONE = "not done"
    UNKNOWN = "unknown"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self not in {Stage.SENDING, Stage.VERIFYING}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a decision stands, in clean words; `detail` is the server's value where it was read back."""

    intent: Intent
    stage: Stage
    words: str
    failure: Failure | None = None
    detail: Detail | None = None
