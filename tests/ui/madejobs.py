"""Made-up jobs as the screen of jobs is handed them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.job_words import JobState, System, state_of
from review_tui.model.jobs import Job, JobKey, Transition
from review_tui.model.text import Shown
from review_tui.model.watching import Course, Jobs, SystemWatch, Watched
from review_tui.ui.job_rows import JobRow, RowId

NOW = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
STEVE, PULSE, UNSILOED = System
GONE = Failure(FailureKind.NOT_FOUND, "There is no such job", "Its id may be of another system.", status=404)
FOREIGN = Failure(FailureKind.FORBIDDEN, "This key may not see it", status=403)


def ago(minutes: float) -> datetime:
    """So many minutes before NOW."""
    return NOW - timedelta(minutes=minutes)


def a_job(system: System, id_: str, word: str, **told: Any) -> Job:
    """A job in the state that the word means; texts may be plain."""
    for name in ("operation", "name", "note", "error"):
        if name in told:
            told[name] = Shown.of(told[name])
    return Job(system, id_, state_of(system, word), Shown.of(word), **told)


def watched(job: Job | None, *, key: JobKey | None = None, **known: Any) -> Watched:
    """A job that is watched, first seen running two minutes ago."""
    over = job is not None and job.state.is_terminal
    seen = () if job is None else _seen(job)
    given = {
        "since": ago(20),
        "course": Course.OVER if over else Course.WATCHED,
        "seen": seen,
        "read_at": None if job is None else ago(0.1),
        "next_at": None if over else NOW + timedelta(seconds=8),
        **known,
    }
    found = key or (job.key if job else None)
    assert found is not None
    return Watched(found, job=job, **given)


def _seen(job: Job) -> tuple[Transition, ...]:
    began = Transition(None, JobState.RUNNING, Shown.of("PROCESSING"), ago(12))
    if job.state is JobState.RUNNING:
        return (began,)
    return (began, Transition(JobState.RUNNING, job.state, job.word, ago(2)))


def live(*, lists: bool = True) -> dict[System, SystemWatch]:
    """Three systems that answer."""
    fresh = Freshness(FreshnessState.LIVE, ago(20), every=8.0)
    return {
        system: SystemWatch(
            system,
            freshness=fresh,
            lists=lists and system is UNSILOED,
            batches=system is UNSILOED,
            cancels=system is not STEVE,
        )
        for system in System
    }


def every_kind() -> Jobs:
    """One job in each way of standing."""
    return Jobs(
        (
            watched(a_job(UNSILOED, "job_7f13gkhgepsttv37", "PROCESSING", operation="parse", name="Umowa.pdf",
                          created=ago(12), updated=ago(1), progress=0.44)),
            watched(a_job(UNSILOED, "job_failed0000000001", "FAILED", operation="extract", created=ago(180),
                          error="The file could not be opened: it ended too early.")),
            watched(a_job(UNSILOED, "job_part000000000001", "completed", operation="split",
                          batch_id="batch_march", created=ago(31))),
            watched(a_job(UNSILOED, "job_part000000000002", "queued", operation="split",
                          batch_id="batch_march", created=ago(31))),
            watched(a_job(PULSE, "8f14e45f-ceea-467f-a0f1-1f2d3c4b5a69", "completed", created=ago(50))),
            watched(a_job(PULSE, "c9f0f895-fb98-4b91-9f2a-7a1e2d3c4b5a", "expired", created=ago(3000))),
            watched(a_job(PULSE, "45c48cce-2e2d-4fbd-aa1a-fc51c7c6ad26", "canceled", created=ago(70))),
            watched(a_job(PULSE, "d3d94468-02a4-4259-b55d-38e6d163e820", "simmering", created=ago(70)),
                    course=Course.GIVEN_UP, patience=3600.0, next_at=None),
            watched(None, key=JobKey(PULSE, "6512bd43-d9ca-46e0-ac99-0b0a82652dca"), course=Course.REFUSED,
                    failure=GONE, next_at=None),
            watched(None, key=JobKey(STEVE, "c20ad4d76fe97759aa27a0c99bff6710"), course=Course.REFUSED,
                    failure=FOREIGN, next_at=None),
            watched(None, key=JobKey(STEVE, "c51ce410c124a10e0db5e4b97fc2af39")),
            watched(a_job(STEVE, "aab3238922bcc25a6f606eb525ffdc56", "completed", operation="receipt-ocr",
                          name="order-77", needs_person=True, updated=ago(2),
                          submission_id="9bf31c7ff062936a96d3c8bd1f8f2ff3")),
        ),
        live(),
    )  # fmt: skip


def row_of(one: Watched) -> JobRow:
    """The row of a watched job."""
    return JobRow(RowId(*one.key), one.job, one)
