"""Jobs: asynchronous work of a system, in one vocabulary; here Steve's sessions."""

from enum import StrEnum

from pydantic import AliasChoices, Field

from review_tui.model.text import Shown
from review_tui.model.wire import Id, Json, Moment, OptionalText, Wire


class JobState(StrEnum):
    """The canonical states."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def is_terminal(self) -> bool:
        """Whether it will never change again; an unknown word is not."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED, JobState.EXPIRED}


_STEVE = {
    "pending": JobState.QUEUED,
    "submitted": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "complete": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "expired": JobState.EXPIRED,
}


class SessionJob(Wire):
    """A Steve session; `word` is the state as the server spells it."""

    session_id: Id
    submission_id: OptionalText = None
    word: Shown = Field(validation_alias=AliasChoices("state", "status"))
    submission_status: OptionalText = None
    result: Json = None
    failed_reason: OptionalText = None
    client_submission_id: OptionalText = None
    metadata: Json = None
    processed_at: Moment = None
    webhook_delivery_status: OptionalText = None

    @property
    def state(self) -> JobState:
        """The canonical state."""
        return _STEVE.get(self.word.casefold(), JobState.UNKNOWN)

    @property
    def needs_review(self) -> bool:
        """Whether the work is done and a person has to decide on the submission."""
        return self.state is JobState.SUCCEEDED and self.submission_status == "review"
