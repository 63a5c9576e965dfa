"""Ages: how long submissions wait, and which of them wait too long."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from review_tui.model.preferences import AgeLimits
from review_tui.model.submissions import Row, SubmissionStatus

Limits = Callable[[str | None], AgeLimits]
"""Gives the limits of a workflow."""


class Lateness(StrEnum):
    """How a submission stands to the limits of its workflow; the words are shown."""

    IN_TIME = ""
    DUE = "due"
    LATE = "late"


def lateness(row: Row, limits: AgeLimits, now: datetime) -> Lateness:
    """Say whether a submission waits too long; only those that wait for a decision can."""
    if row.created is None or row.gone or row.status != SubmissionStatus.REVIEW.value:
        return Lateness.IN_TIME
    age = now.timestamp() - row.created
    if limits.breach is not None and age >= limits.breach:
        return Lateness.LATE
    return Lateness.DUE if limits.warn is not None and age >= limits.warn else Lateness.IN_TIME


class Oldest:
    """The row that waits longest, looked for once for each queue: every key asks."""

    def __init__(self) -> None:
        self._rows: Sequence[Row] = ()
        self._row: Row | None = None

    def of(self, rows: Sequence[Row]) -> Row | None:
        """Return it; `rows` are in the server's order, newest first."""
        if rows is not self._rows:
            self._rows, self._row = rows, oldest_waiting(rows)
        return self._row


def oldest_waiting(rows: Sequence[Row]) -> Row | None:
    """Return the row that waits longest for a decision; `rows` are in the server's order, newest first."""
    for row in reversed(rows):
        if row.created is not None and not row.gone and row.status == SubmissionStatus.REVIEW.value:
            return row
    return None
