"""Jobs as three systems tell of them, read into one kind of value."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Final

from review_tui.model.frozen import frozen
from review_tui.model.job_words import REVIEW, JobState, System, state_of
from review_tui.model.jobs import Batch, Job, JobPage
from review_tui.model.text import Shown
from review_tui.model.wire import (
    MOST_ROWS,
    Anything,
    Id,
    Json,
    Moment,
    OptionalText,
    Reads,
    Under,
    UnexpectedShape,
    Word,
    as_object,
    id_or_none,
    or_none,
    read_one,
    text_or_none,
    weight_of,
)

_RESULTS: Final = frozenset({"result", "data", "chunks", "markdown", "page_results"})
"""What of an answer is the result itself, which is fetched by itself."""

_HEAVY: Final = 16 * 1024
"""Bytes from which on a part of an answer is taken for a result as well."""


def _words_of(value: Json) -> Shown | None:
    """Return what an error says, be it a text or an object that holds one; None where it says nothing."""
    if isinstance(value, dict):
        kind = value.get("error_type") or value.get("code")
        words = value.get("message") or value.get("detail")
        value = ": ".join(part for part in (kind, words) if isinstance(part, str) and part)
    return text_or_none(value) if isinstance(value, str) and value.strip() else None


def _underscored(name: str) -> str:
    """Return a name as the other two systems spell it."""
    return name


OptionalId = Annotated[str | None, Reads(id_or_none)]
"""An id that is safe in a path, or None where there is no such."""

ErrorText = Annotated[Shown | None, Reads(_words_of)]
"""Why a job failed, or None."""


@frozen
class _Session:
    session_id: Id
    word: Annotated[Word, Under("state", "status")]
    submission_id: OptionalId = None
    submission_status: OptionalText = None
    workflow: Anything = None
    failed_reason: OptionalText = None
    client_submission_id: OptionalText = None
    processed_at: Moment = None
    created_at: Moment = None
    updated_at: Moment = None


@frozen
class _PulseJob:
    job_id: Id
    status: Word
    created_at: Moment = None
    updated_at: Moment = None
    error: ErrorText = None


@frozen
class _UnsiloedJob:
    id: Annotated[Id, Under("job_id", "id")]
    status: Word
    operation: Annotated[OptionalText, Under("operation", "type", "job_type")] = None
    created_at: Moment = None
    updated_at: Moment = None
    completed_at: Moment = None
    name: Annotated[OptionalText, Under("pdf_name", "file_name")] = None
    error: Annotated[ErrorText, Under("error", "error_details")] = None
    message: OptionalText = None
    progress: Anything = None
    batch_id: OptionalId = None


@frozen
class _UnsiloedBatch:
    batch_id: Id
    status: Word
    created_at: Moment = None
    total_jobs: Anything = None
    completed_jobs: Anything = None
    failed_jobs: Anything = None
    cancelled_jobs: Anything = None
    overall_progress: Anything = None
    jobs: Anything = None


def _given(value: Json, what: str) -> Mapping[str, Json]:
    """Return an object without what is null: that is the same as left out."""
    return {name: inner for name, inner in as_object(value, what).items() if inner is not None}


def read_session(value: Json) -> Job:
    """Read a Steve session, of the current and of an older deployment; raises UnexpectedShape."""
    body = _given(value, "the job")
    if isinstance(body.get("data"), dict) and "sessionId" not in body:
        body = _given(body["data"], "the job")
    told = read_one(_Session, body, "the job")
    state = state_of(System.STEVE, told.word)
    slug = told.workflow.get("slug") if isinstance(told.workflow, dict) else None
    return Job(
        System.STEVE,
        told.session_id,
        state,
        told.word,
        operation=or_none(slug, _text),
        name=told.client_submission_id,
        created=told.created_at,
        updated=told.updated_at or told.processed_at,
        error=told.failed_reason,
        needs_person=state is JobState.SUCCEEDED and str(told.submission_status or "").casefold() == REVIEW,
        submission_id=told.submission_id,
        body=_without_result(body),
    )


def read_pulse_job(value: Json) -> Job:
    """Read a Pulse job, in the words of either document; raises UnexpectedShape."""
    body = _given(value, "the job")
    told = read_one(_PulseJob, body, "the job", spelled=_underscored)
    return Job(
        System.PULSE,
        told.job_id,
        state_of(System.PULSE, told.status),
        told.status,
        created=told.created_at,
        updated=told.updated_at,
        error=told.error,
        body=_without_result(body),
    )


def read_unsiloed_job(
    value: Json, *, operation: str | None = None, batch_id: str | None = None, what: str = "the job"
) -> Job:
    """Read an Unsiloed job as any route tells of it; raises UnexpectedShape.

    `operation` and `batch_id` stand in where the answer does not say them.
    """
    body = _given(value, what)
    told = read_one(_UnsiloedJob, body, what, spelled=_underscored)
    state = state_of(System.UNSILOED, told.status)
    failed = state is JobState.FAILED
    note = told.progress if isinstance(told.progress, str) else None
    return Job(
        System.UNSILOED,
        told.id,
        state,
        told.status,
        operation=told.operation or or_none(operation, _text),
        name=told.name,
        created=told.created_at,
        updated=told.updated_at or told.completed_at,
        progress=_percentage(told.progress),
        note=or_none(note, _text) or (None if failed else told.message),
        error=told.error or (told.message if failed else None),
        needs_person=told.status.casefold() == REVIEW,
        batch_id=told.batch_id or batch_id,
        body=_without_result(body),
    )


def read_unsiloed_page(value: Json, *, limit: int, offset: int) -> JobPage:
    """Read a page of jobs; raises UnexpectedShape where there is no list at all."""
    body = as_object(value, "the list of jobs")
    jobs, unreadable = read_unsiloed_jobs(body.get("jobs"))
    told = body.get("pagination")
    pagination = told if isinstance(told, dict) else {}
    rows: Sequence[Json] = body["jobs"]
    total = _count(pagination.get("total"))
    more = pagination.get("has_more")
    if not isinstance(more, bool):
        more = len(rows) >= limit if total is None else offset + len(rows) < total
    return JobPage(jobs, offset + len(rows) if more and rows else None, total, unreadable)


def read_unsiloed_jobs(rows: Json, *, batch_id: str | None = None) -> tuple[tuple[Job, ...], tuple[str, ...]]:
    """Read a list of jobs row by row, and a line on each that cannot be read; raises UnexpectedShape."""
    if not isinstance(rows, list):
        raise UnexpectedShape("the list of jobs has no jobs")
    jobs: list[Job] = []
    unreadable: list[str] = []
    for index, row in enumerate(rows[:MOST_ROWS]):
        try:
            job = read_unsiloed_job(row, batch_id=batch_id, what=f"jobs[{index}]")
            jobs.append(replace(job, in_passing=True))
        except UnexpectedShape as error:
            unreadable.append(str(error))
    if len(rows) > MOST_ROWS:
        unreadable.append(f"jobs: {len(rows) - MOST_ROWS:,} more than can be read")
    return tuple(jobs), tuple(unreadable)


def read_unsiloed_batch(value: Json) -> Batch:
    """Read a batch with its jobs; raises UnexpectedShape."""
    body = _given(value, "the batch")
    told = read_one(_UnsiloedBatch, body, "the batch", spelled=_underscored)
    jobs, unreadable = read_unsiloed_jobs(told.jobs or [], batch_id=told.batch_id)
    counts = {
        "total": told.total_jobs,
        "completed": told.completed_jobs,
        "failed": told.failed_jobs,
        "canceled": told.cancelled_jobs,
    }
    return Batch(
        System.UNSILOED,
        told.batch_id,
        state_of(System.UNSILOED, told.status),
        told.status,
        created=told.created_at,
        counts={name: count for name, value in counts.items() if (count := _count(value)) is not None},
        progress=_percentage(told.overall_progress),
        jobs=jobs,
        unreadable=unreadable,
        body={name: inner for name, inner in body.items() if name != "jobs"},
    )


def _text(value: Any) -> Shown:
    if not isinstance(value, str) or not value:
        raise ValueError("text expected")
    return Shown.of(value)


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def _percentage(value: Json) -> float | None:
    """Return a percentage as 0 to 1, None for anything else.

    It comes as a number or as an object that holds one. A bare number that might just as well be a share
    says nothing.
    """
    told = value.get("percentage") if isinstance(value, dict) else value
    if isinstance(told, bool) or not isinstance(told, int | float | Decimal) or not 0 <= told <= 100:
        return None
    if told is value and 0 < told <= 1:
        return None
    return float(told) / 100


def _without_result(body: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return an answer without the result: jobs are kept, by the hundred, and results may be megabytes."""
    return {name: value for name, value in body.items() if name not in _RESULTS and weight_of(value) < _HEAVY}
