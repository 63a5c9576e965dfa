"""What may happen to a decision under way, and what may have to be done for it."""

from datetime import datetime
from enum import StrEnum

from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Detail


class Act(StrEnum):
    """What whoever drives the machine has to do next."""

    WRITE = "write the record down, durably"
    WAIT = "wait"
    LOOK = "read the submission"
    SEND = "send the request"
    REST = "nothing"


@frozen
class Now:
    """The moment of a step: wall time in UTC, and seconds that never run back."""

    at: datetime
    steady: float


@frozen
class Written:
    """The record was written down."""


@frozen
class NotWritten:
    """The record could not be written down."""

    failure: Failure


@frozen
class Due:
    """The wait is over, or the person does not want to wait."""


@frozen
class TakenBack:
    """The person took it back."""


@frozen
class Read:
    """The submission was read."""

    seen: Detail


@frozen
class NotRead:
    """The submission could not be read."""

    failure: Failure


@frozen
class Answered:
    """The request ended; `failure` None says that the server accepted it."""

    failure: Failure | None = None


@frozen
class Closed:
    """The console ends and waits no longer."""


Happening = Written | NotWritten | Due | TakenBack | Read | NotRead | Answered | Closed
