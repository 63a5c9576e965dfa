"""Jobs are read from whatever a system says, or refused as what they are not; nothing else happens."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_tui.model.job_reading import (
    read_pulse_job,
    read_session,
    read_unsiloed_batch,
    read_unsiloed_job,
    read_unsiloed_jobs,
    read_unsiloed_page,
)
from review_tui.model.job_words import JobState
from review_tui.model.jobs import Job
from review_tui.model.wire import MOST_ROWS, UnexpectedShape
from tests.model.test_results import DEEP, is_harmless

NAMES = [
    "id", "job_id", "sessionId", "batch_id", "status", "state", "data", "jobs", "pagination", "created_at",
    "updated_at", "error", "error_details", "message", "progress", "submissionId", "workflow", "type",
]  # fmt: skip
READERS: list[Callable[[Any], object]] = [
    read_session,
    read_pulse_job,
    read_unsiloed_job,
    read_unsiloed_batch,
    read_unsiloed_jobs,
    lambda value: read_unsiloed_page(value, limit=50, offset=0),
]


@settings(max_examples=60)
@given(
    st.sampled_from(READERS),
    st.dictionaries(st.sampled_from(NAMES), DEEP | st.just("j1")) | DEEP,
)
def test_whatever_is_said_it_is_a_job_or_an_unexpected_shape(
    reader: Callable[[Any], object], said: Any
) -> None:
    with suppress(UnexpectedShape):
        read = reader(said)
        if isinstance(read, Job):
            told = (read.word, read.operation, read.name, read.note, read.error)
            assert all(text is None or is_harmless(text) for text in told)
            assert read.progress is None or 0 <= read.progress <= 1


@pytest.mark.parametrize("id_", [None, "", 7, "../x", "a b", "a" * 201, "\x1b[31m"])
@pytest.mark.parametrize("reader", [read_pulse_job, read_unsiloed_job])
def test_an_id_that_no_path_can_carry_is_no_id(reader: Callable[[Any], Job], id_: object) -> None:
    with pytest.raises(UnexpectedShape):
        reader({"job_id": id_, "status": "queued"})


@pytest.mark.parametrize("status", [None, 7, {}, []])
def test_a_job_without_a_word_for_its_state_is_none(status: object) -> None:
    for read in (read_pulse_job, read_unsiloed_job):
        with pytest.raises(UnexpectedShape, match="status"):
            read({"job_id": "j1", "status": status})


def test_hostile_words_are_shown_and_their_state_is_unknown() -> None:
    job = read_pulse_job({"job_id": "j1", "status": "done\x1b]0;x\x07", "error": "\u202egnp.exe"})
    assert (job.state, job.word, job.error) == (JobState.UNKNOWN, "done␛]0;x␇", "<U+202E>gnp.exe")


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ("no text", "no text"),
        ("", None),
        ("  ", None),
        ({"error_type": "E1", "message": "no text"}, "E1: no text"),
        ({"code": "E1"}, "E1"),
        ({"detail": "no text"}, "no text"),
        ({}, None),
        ([], None),
        (7, None),
    ],
)
def test_why_it_failed_is_read_in_any_form(error: object, text: str | None) -> None:
    assert read_pulse_job({"job_id": "j1", "status": "failed", "error": error}).error == text
    assert read_unsiloed_job({"id": "j1", "status": "failed", "error_details": error}).error == text


def test_a_message_is_the_failure_of_a_job_that_failed_and_a_note_of_any_other() -> None:
    failed = read_unsiloed_job({"job_id": "j1", "status": "Failed", "message": "No pages"})
    assert (failed.error, failed.note) == ("No pages", None)
    done = read_unsiloed_job({"job_id": "j1", "status": "Succeeded", "message": "All done"})
    assert (done.error, done.note) == (None, "All done")


@pytest.mark.parametrize("decimals", range(10))
def test_a_time_may_have_up_to_nine_decimals(decimals: int) -> None:
    fraction = f".{'123456789'[:decimals]}" if decimals else ""
    job = read_unsiloed_job({"id": "j1", "status": "queued", "created_at": f"2026-03-25T12:00:00{fraction}Z"})
    micro = int("123456789"[: min(decimals, 6)].ljust(6, "0")) if decimals else 0
    assert job.created == datetime(2026, 3, 25, 12, 0, 0, micro, tzinfo=UTC)


def test_the_last_sign_of_life_is_what_was_said_last() -> None:
    said = {"id": "j1", "status": "completed", "completed_at": "2026-03-25T12:00:00Z"}
    assert read_unsiloed_job(said).updated == datetime(2026, 3, 25, 12, tzinfo=UTC)
    session = {"sessionId": "s1", "state": "completed", "processedAt": "2026-03-25T12:00:00Z"}
    assert read_session(session).updated == datetime(2026, 3, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize("submission", [None, 7, "../../admin", "", "a b"])
def test_a_session_whose_submission_is_not_told_is_read_all_the_same(submission: object) -> None:
    job = read_session({"sessionId": "s1", "state": "completed", "submissionId": submission})
    assert job.submission_id is None


def test_a_session_is_known_by_what_its_caller_calls_it() -> None:
    said = {
        "sessionId": "s1",
        "state": "failed",
        "clientSubmissionId": "order-77",
        "failedReason": "No text",
        "workflow": {"slug": "receipt-ocr", "version": 3},
    }
    job = read_session(said)
    assert (job.name, job.operation, job.error) == ("order-77", "receipt-ocr", "No text")
    assert job.body == said


@pytest.mark.parametrize(
    ("pagination", "rows", "next_offset", "total"),
    [
        ({"total": 9, "has_more": True}, 2, 12, 9),
        ({"total": 12, "has_more": False}, 2, None, 12),
        ({"total": 13}, 2, 12, 13),
        ({"total": 12}, 2, None, 12),
        ({}, 2, 12, None),
        ({}, 1, None, None),
        ({"has_more": True}, 0, None, None),
        (None, 2, 12, None),
        ({"total": "9", "has_more": "yes"}, 1, None, None),
    ],
)
def test_where_the_next_page_begins(
    pagination: object, rows: int, next_offset: int | None, total: int | None
) -> None:
    jobs = [{"job_id": f"j{n}", "status": "queued"} for n in range(rows)]
    page = read_unsiloed_page({"jobs": jobs, "pagination": pagination}, limit=2, offset=10)
    assert (page.next_offset, page.total, len(page.jobs)) == (next_offset, total, rows)


def test_of_a_list_without_end_a_thousand_are_read() -> None:
    rows = [{"job_id": f"j{n}", "status": "queued"} for n in range(MOST_ROWS + 5)]
    jobs, unreadable = read_unsiloed_jobs(rows)
    assert (len(jobs), unreadable) == (MOST_ROWS, ("jobs: 5 more than can be read",))
    assert all(job.in_passing for job in jobs), "such answers leave out why a job failed"


@pytest.mark.parametrize(
    ("said", "progress"), [(45, 0.45), (0, 0.0), (1, None), ({"percentage": 1}, 0.01), (101, None)]
)
def test_a_number_that_may_be_a_share_as_well_as_a_percentage_says_nothing(
    said: object, progress: float | None
) -> None:
    assert read_unsiloed_job({"job_id": "j1", "status": "queued", "progress": said}).progress == progress


@pytest.mark.parametrize("word", ["review", "Review", "REVIEW"])
def test_a_job_of_unsiloed_that_wants_a_look_says_so_in_any_case(word: str) -> None:
    assert read_unsiloed_job({"job_id": "j1", "status": word}).needs_person


def test_a_batch_says_what_it_knows() -> None:
    said = {
        "batch_id": "b1",
        "status": "processing",
        "overall_progress": 45,
        "failed_jobs": True,
        "jobs": None,
    }
    batch = read_unsiloed_batch(said)
    assert (batch.progress, batch.counts, batch.jobs) == (0.45, {}, ())
    one = {"job_id": "j1", "status": "completed", "operation": "parse", "progress": "Finished"}
    job = read_unsiloed_batch({**said, "jobs": [one, {}]}).jobs[0]
    assert (job.batch_id, job.operation, job.note, job.progress) == ("b1", "parse", "Finished", None)
