"""A failure as a value: what to tell the reviewer and when to ask again."""

from dataclasses import field
from enum import StrEnum

from review_tui.model.frozen import frozen
from review_tui.model.text import Shown


class FailureKind(StrEnum):
    """What a reviewer would do differently about it."""

    NOT_SENT = "not sent"
    UNTRUSTED = "not sent, server untrusted"
    NO_ANSWER = "no answer"
    UNREADABLE = "unreadable"
    BAD_REQUEST = "bad request"
    INVALID = "invalid"
    KEY_NOT_ACCEPTED = "key not accepted"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    CONFLICT = "conflict"
    GONE = "gone"
    LIMITED = "rate limited"
    SERVER = "server fault"
    LOCAL = "local"
    BUG = "unexpected"


@frozen
class FieldProblem:
    """One field that the server did not accept."""

    field: Shown
    message: Shown


@frozen
class Failure:
    """An expected failure, in words for the screen.

    `title` says what happened and `hint` what to do; both are clean. `retry_after` is in seconds, `status`
    the HTTP status when an answer came. `said` is the body of a refusal as it came, for whoever wants all of
    it; it is no part of what the failure is.
    """

    kind: FailureKind
    title: str
    hint: str = ""
    status: int | None = None
    request_id: Shown | None = None
    retry_after: float | None = None
    problems: tuple[FieldProblem, ...] = ()
    said: Shown | None = field(default=None, repr=False, compare=False)

    @property
    def stops_polling(self) -> bool:
        """Whether asking again is pointless until a person changes something."""
        return self.kind in {FailureKind.KEY_NOT_ACCEPTED, FailureKind.FORBIDDEN}

    @property
    def passes(self) -> bool:
        """Whether asking again later may well succeed, though nobody changes anything."""
        return self.kind in {
            FailureKind.NOT_SENT,
            FailureKind.NO_ANSWER,
            FailureKind.LIMITED,
            FailureKind.SERVER,
        }
