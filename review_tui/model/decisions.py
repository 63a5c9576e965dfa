"""Decisions: what a person meant, and what became of it."""

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import uuid4

from review_tui.model.failures import Failure
from review_tui.model.fraud import Resolution
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Detail, Verb


def _new_request_id() -> str:
    return str(uuid4())


@frozen
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


def excludes(one: Intent, other: Intent) -> bool:
    """Whether two decisions may not be open at once: on one submission only judgements of two matches may."""
    if one.submission_id != other.submission_id:
        return False
    judgements = one.verb is Verb.RESOLVE and other.verb is Verb.RESOLVE
    return not judgements or one.match_id == other.match_id


class Stage(StrEnum):
    """How far a decision has come."""

    HELD = "held"
    CHECKING = "checking"
    WAITING = "waiting"
    SENDING = "sending"
    VERIFYING = "verifying"
    SETTLING = "settling"
    DONE = "done"
    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    UNSENT = "unsent"
    NOT_DONE = "not done"
    UNKNOWN = "unknown"
    TAKEN_BACK = "taken back"
    CHANGED = "changed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self not in _OPEN

    @property
    def is_unsent(self) -> bool:
        """Whether it is open and the server has nothing of it, so that it may still be taken back."""
        return self in _TO_BE_SENT

    @property
    def may_be_corrected(self) -> bool:
        """Whether a later reading of the submission may still tell another end."""
        return self in {Stage.NOT_DONE, Stage.UNKNOWN}


class Leave(StrEnum):
    """What becomes, when the console is left, of what this run still holds."""

    SEND = "send now"
    KEEP = "keep for next time"
    DROP = "drop"


_TO_BE_SENT: Final = frozenset({Stage.HELD, Stage.CHECKING, Stage.WAITING})
_OPEN: Final = _TO_BE_SENT | {Stage.SENDING, Stage.VERIFYING, Stage.SETTLING}


@frozen
class Standing:
    """Where a decision stands, in clean words; `detail` is the server's value where it was read back.

    `due` is in UTC: the end of a hold, or when it may be sent again; None waits for the person. `subject`
    names the submission where nothing else does, clean. `earlier` says that another run began it.
    """

    intent: Intent
    stage: Stage
    words: str
    failure: Failure | None = None
    detail: Detail | None = None
    due: datetime | None = None
    subject: str = ""
    earlier: bool = False
