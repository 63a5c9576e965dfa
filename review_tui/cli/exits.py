"""Exit codes: what a script may rely on, for every way in which a command can end."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

from review_tui.model.decisions import Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import Job, JobState


class Exit(IntEnum):
    """The codes; 128 + n says that signal n ended the command."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    AUTH = 5
    LIMITED = 6
    NETWORK = 7
    UNKNOWN = 8
    NEEDS_PERSON = 10
    JOB_FAILED = 11
    JOB_CANCELED = 12
    JOB_EXPIRED = 13
    NOT_OVER = 14


_OF_KIND: Final = {
    FailureKind.NOT_SENT: Exit.NETWORK,
    FailureKind.UNTRUSTED: Exit.NETWORK,
    FailureKind.NO_ANSWER: Exit.NETWORK,
    FailureKind.UNREADABLE: Exit.NETWORK,
    FailureKind.SERVER: Exit.NETWORK,
    FailureKind.BAD_REQUEST: Exit.USAGE,
    FailureKind.INVALID: Exit.USAGE,
    FailureKind.LOCAL: Exit.USAGE,
    FailureKind.KEY_NOT_ACCEPTED: Exit.AUTH,
    FailureKind.FORBIDDEN: Exit.AUTH,
    FailureKind.NOT_FOUND: Exit.NOT_FOUND,
    FailureKind.CONFLICT: Exit.REFUSED,
    FailureKind.GONE: Exit.REFUSED,
    FailureKind.LIMITED: Exit.LIMITED,
    FailureKind.BUG: Exit.UNEXPECTED,
}


def exit_of(failure: Failure) -> Exit:
    """Return the code for a failure."""
    return _OF_KIND[failure.kind]


def exit_of_standing(standing: Standing) -> Exit:
    """Return the code for a decision's end."""
    if standing.stage is Stage.DONE:
        return Exit.OK
    if standing.stage is Stage.UNKNOWN:
        return Exit.UNKNOWN
    if standing.stage is Stage.NOT_DONE:
        return Exit.NETWORK
    if standing.stage is Stage.ELSEWHERE or standing.failure is None:
        return Exit.REFUSED
    return exit_of(standing.failure)


_OF_STATE: Final = {
    JobState.SUCCEEDED: Exit.OK,
    JobState.FAILED: Exit.JOB_FAILED,
    JobState.CANCELED: Exit.JOB_CANCELED,
    JobState.EXPIRED: Exit.JOB_EXPIRED,
}


def exit_of_job(job: Job) -> Exit:
    """Return the code for what has become of a job."""
    if job.needs_person:
        return Exit.NEEDS_PERSON
    return _OF_STATE.get(job.state, Exit.NOT_OVER)


def exit_of_all(codes: Iterable[Exit]) -> Exit:
    """Return the code for several: the first that is not OK, NEEDS_PERSON only where there is no other."""
    found = [code for code in codes if code is not Exit.OK]
    return next((code for code in found if code is not Exit.NEEDS_PERSON), found[0] if found else Exit.OK)
