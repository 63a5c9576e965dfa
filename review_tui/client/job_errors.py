"""What can go wrong with jobs beyond what can go wrong with any request.

NotOffered                  an Unusable: this system cannot be asked that; nothing was sent
RouteMissing                a NotFound: the server has no such route; the address, or its age, is not right.
                            Its failure is of the kind of a server's fault, for it says nothing of a job
JobGone                     a NotFound: the server knows no such job, or knows it no longer
StillRunning                a result was asked for too early
JobFailed                   there is no result, for the job failed: no fault of the server's, never repeated
└── WasCanceled             or was canceled
ResultGone                  a Gone: there was a result, and it is no longer kept
└── PointerExpired          its link is used up or too old: reading the job once more gives a fresh one
ResultTooLarge              more bytes than are taken without asking
"""
# ruff: noqa: N818 – the names say what happened, as a person would

import re
from dataclasses import replace
from typing import Final

from review_tui.client.errors import BadRequest, Gone, NotFound, Refused, TooLarge, Unusable, WireError
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.job_words import System, hint_of
from review_tui.model.jobs import Job, JobState
from review_tui.model.text import clean

_MIB: Final = 1024 * 1024
_REASON: Final = 300
_NO_ROUTE: Final = re.compile(
    r"((404\W*)?((the )?(requested )?(page|path|resource|route|url) (was )?)?not found\W*"
    r"|.*\b(default backend|no route)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_CANCELED: Final = Failure(FailureKind.CONFLICT, "The job was canceled", "It has no result.")


class NotOffered(Unusable):
    """A system cannot be asked that."""

    def __init__(self, system: System, what: str) -> None:
        super().__init__(f"{system.label} cannot {what}", "Its interface has no such request.")


class RouteMissing(NotFound):
    """The server has no such route."""


class JobGone(NotFound):
    """The server knows no such job, or knows it no longer."""


class StillRunning(BadRequest):
    """The job has no result yet."""


class JobFailed(Refused):
    """The job has no result, for it failed."""


class WasCanceled(JobFailed):
    """The job has no result, for it was canceled."""


class ResultGone(Gone):
    """There was a result, and it is no longer kept."""


class PointerExpired(ResultGone):
    """The link to a result is used up or too old."""


class ResultTooLarge(WireError):
    """A result has more bytes than were to be taken; `size` is how many, None where not announced."""

    def __init__(self, error: TooLarge, most: int) -> None:
        told = "" if error.size is None else f"It has {error.size / _MIB:,.0f} MiB; "
        super().__init__(
            Failure(
                FailureKind.LOCAL,
                "The result is very large",
                f"{told}at most {most / _MIB:,.0f} MiB are taken unless more is allowed. "
                "A link that works once is used up.",
                status=error.failure.status,
            )
        )
        self.size: Final = error.size


def missing(error: NotFound, system: System) -> NotFound:
    """Return the error for a 404: about the job where the system says so, else about the route.

    Whatever stands before a system at an address that is not right answers with a page, or with words that
    a framework has for every route: no job is gone because of them.
    """
    problem = error.problem
    if system is System.STEVE:
        about_the_job = bool(problem.title)
    else:
        about_the_job = bool(problem.code) or not _NO_ROUTE.fullmatch(problem.detail)
    if about_the_job:
        return _job_gone(error, system)
    hint = f"Check {system.upper()}_BASE_URL; if it is right, this deployment has no such route."
    title = "The server does not know the request"
    return RouteMissing(replace(error.failure, kind=FailureKind.SERVER, title=title, hint=hint))


def _job_gone(error: NotFound, system: System) -> JobGone:
    hint = error.failure.hint
    if system is System.UNSILOED and "7 days" not in hint:
        hint = f"{hint} {hint_of(system, JobState.EXPIRED)}".strip()
    return JobGone(replace(error.failure, title="There is no such job", hint=hint))


def still_running(error: Refused) -> StillRunning:
    """Return the error for a result that was asked for too early."""
    return StillRunning(replace(error.failure, kind=FailureKind.CONFLICT, title="The job has no result yet"))


def job_failed(reason: str, *, error: Refused | None = None) -> JobFailed:
    """Return the error for a result that never came to be; `error` is the answer that said so."""
    words = clean(reason, cap=_REASON).strip()
    failure = error.failure if error else Failure(FailureKind.CONFLICT, "")
    hint = f"{words[:1].upper()}{words[1:]}" if words else "No reason was given."
    return JobFailed(
        replace(failure, kind=FailureKind.CONFLICT, title="The job failed", hint=hint, retry_after=None)
    )


def job_canceled(error: Refused) -> WasCanceled:
    """Return the error for the result of a job that was canceled."""
    return WasCanceled(replace(_CANCELED, status=error.failure.status, said=error.failure.said))


def no_result(job: Job) -> WireError:
    """Return the error for the result of a job that has none, by its state."""
    if job.state is JobState.FAILED:
        return job_failed(job.error or "")
    if job.state is JobState.EXPIRED:
        title = "There is no result" if job.system is System.STEVE else "The result is gone"
        return ResultGone(Failure(FailureKind.GONE, title, job.hint))
    if job.state is JobState.CANCELED:
        return WasCanceled(_CANCELED)
    if job.state is JobState.SUCCEEDED:
        return ResultGone(Failure(FailureKind.GONE, "The job is done, but its answer holds no result"))
    return StillRunning(Failure(FailureKind.CONFLICT, "The job has no result yet", f"It is {job.word}."))


def pointer_expired(status: int | None) -> PointerExpired:
    """Return the error for a link to a result that is not honoured."""
    return PointerExpired(
        Failure(
            FailureKind.GONE,
            "The result is gone",
            "Its link is used up or too old, and so was a fresh one.",
            status=status,
        )
    )
