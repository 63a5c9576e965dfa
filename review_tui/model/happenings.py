"""What may happen to a decision under way, and what may have to be done for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review_tui.model.failures import Failure
from review_tui.model.submissions import Detail


class Act(StrEnum):
    """What whoever drives the machine has to do next."""

    WRITE = "write the record down, durably"
    WAIT = "wait"
    LOOK = "read the submission"
    SEND = "send the request"
    REST = "nothing"


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a step: wall time in UTC, and seconds that never run back."""

    at: datetime
    steady: float


@dataclass(frozen=True, slots=True)
class Written:
    """The record was written down."""


@dataclass(frozen=True, slots=True)
class NotWritten:
    """The record could not be written down."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Due:
    """The wait is over, or the person does not want to wait."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The person took it back."""


@dataclass(frozen=True, slots=True)
class Read:
    """The submission was read."""

    seen: Detail


@dataclass(frozen=True, slots=True)
class NotRead:
    """The submission could not be read."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Answered:
    """The request ended; `failure` None says that the server accepted it."""

    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The console ends and waits no longer."""


Happening = Written | NotWritten | Due | TakenBack | Read | NotRead | Answered | Closed
