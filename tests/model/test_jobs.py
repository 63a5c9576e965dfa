"""A job is one kind of value, whoever does the work; what changes between two looks is told."""

from datetime import UTC, datetime

import pytest

from review_tui.model.job_reading import read_pulse_job, read_session, read_unsiloed_job
from review_tui.model.job_words import JobState, System, hint_of, state_of
from review_tui.model.jobs import Job, JobKey, Transition, observed
from review_tui.model.text import Shown

NOON = datetime(2026, 3, 25, 12, tzinfo=UTC)
ENDS = {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED, JobState.EXPIRED}


def job(state: JobState, word: str = "", system: System = System.PULSE) -> Job:
    return Job(system, "j1", state, Shown(word or state.value))


@pytest.mark.parametrize(
    ("system", "word", "state"),
    [
        (System.STEVE, "pending", JobState.QUEUED),
        (System.STEVE, "submitted", JobState.RUNNING),
        (System.STEVE, "completed", JobState.SUCCEEDED),
        (System.STEVE, "complete", JobState.SUCCEEDED),
        (System.STEVE, "Failed", JobState.FAILED),
        (System.STEVE, "expired", JobState.EXPIRED),
        (System.STEVE, "processing", JobState.UNKNOWN),
        (System.PULSE, "pending", JobState.QUEUED),
        (System.PULSE, "processing", JobState.RUNNING),
        (System.PULSE, "COMPLETED", JobState.SUCCEEDED),
        (System.PULSE, "failed", JobState.FAILED),
        (System.PULSE, "canceled", JobState.CANCELED),
        (System.PULSE, "cancelled", JobState.CANCELED),
        (System.PULSE, "expired", JobState.EXPIRED),
        (System.PULSE, "hibernating", JobState.UNKNOWN),
        (System.UNSILOED, "queued", JobState.QUEUED),
        (System.UNSILOED, "Starting", JobState.QUEUED),
        (System.UNSILOED, "AwaitingUpload", JobState.QUEUED),
        (System.UNSILOED, "PROCESSING", JobState.RUNNING),
        (System.UNSILOED, "processing", JobState.RUNNING),
        (System.UNSILOED, "COMPLETED", JobState.SUCCEEDED),
        (System.UNSILOED, "Succeeded", JobState.SUCCEEDED),
        (System.UNSILOED, "review", JobState.SUCCEEDED),
        (System.UNSILOED, "FAILED", JobState.FAILED),
        (System.UNSILOED, "cancelled", JobState.CANCELED),
        (System.UNSILOED, "expired", JobState.UNKNOWN),
    ],
)
def test_each_system_has_its_words(system: System, word: str, state: JobState) -> None:
    assert state_of(system, word) is state
    assert state.is_terminal is (state in ENDS)


def test_a_state_that_needs_words_has_them() -> None:
    assert hint_of(System.UNSILOED, JobState.EXPIRED) == "Jobs and results are kept for 7 days."
    assert hint_of(System.PULSE, JobState.FAILED) == hint_of(System.STEVE, JobState.FAILED) != ""
    assert hint_of(System.STEVE, JobState.RUNNING) == ""
    assert job(JobState.EXPIRED).hint == "Its result is no longer kept."
    assert job(JobState.SUCCEEDED).gone().hint == "Pulse knows it no longer.", "no more than that is known"


@pytest.mark.parametrize("field", ["state", "status"])
@pytest.mark.parametrize(("word", "done"), [("completed", True), ("complete", True), ("submitted", False)])
def test_a_session_that_is_done_and_in_review_needs_a_person(field: str, word: str, done: bool) -> None:  # noqa: FBT001 – a parameter
    said = {"sessionId": "s1", field: word, "submissionStatus": "review", "submissionId": "k1"}
    read = read_session({"data": said})
    assert (read.key, read.word, read.submission_id) == (JobKey(System.STEVE, "s1"), word, "k1")
    assert read.needs_person is done
    assert read_session(said) == read


def test_what_is_null_is_what_is_left_out() -> None:
    left_out = read_pulse_job({"job_id": "j1", "status": "pending", "created_at": "2026-03-25T12:00:00Z"})
    nothing = {"updated_at": None, "result": None, "error": None}
    told = {"job_id": "j1", "status": "pending", "created_at": "2026-03-25T12:00:00Z", **nothing}
    assert read_pulse_job(told) == left_out
    assert left_out.created == NOON
    both = {"job_id": None, "id": "j1", "status": "FAILED", "error": None, "error_details": {"message": "no"}}
    assert (read_unsiloed_job(both).id, read_unsiloed_job(both).error) == ("j1", "no")


def test_a_result_is_not_kept_with_its_job() -> None:
    read = read_pulse_job(
        {"job_id": "j1", "status": "completed", "result": {"markdown": "x" * 9}, "extra": 1}
    )
    assert read.body == {"job_id": "j1", "status": "completed", "extra": 1}
    heavy = read_unsiloed_job({"job_id": "j1", "status": "completed", "output": ["x"] * 1_000, "extra": 1})
    assert heavy.body == {"job_id": "j1", "status": "completed", "extra": 1}


@pytest.mark.parametrize(
    ("before", "after", "odd"),
    [
        (JobState.QUEUED, JobState.RUNNING, ""),
        (JobState.QUEUED, JobState.SUCCEEDED, ""),
        (JobState.RUNNING, JobState.FAILED, ""),
        (JobState.RUNNING, JobState.EXPIRED, ""),
        (JobState.SUCCEEDED, JobState.EXPIRED, ""),
        (JobState.RUNNING, JobState.UNKNOWN, ""),
        (JobState.UNKNOWN, JobState.QUEUED, ""),
        (JobState.RUNNING, JobState.QUEUED, "went back from running"),
        (JobState.SUCCEEDED, JobState.RUNNING, "was succeeded already"),
        (JobState.SUCCEEDED, JobState.FAILED, "was succeeded already"),
        (JobState.FAILED, JobState.UNKNOWN, "was failed already"),
        (JobState.EXPIRED, JobState.QUEUED, "was expired already"),
    ],
)
def test_a_state_that_goes_back_is_told(before: JobState, after: JobState, odd: str) -> None:
    seen = observed(job(before), job(after), NOON)
    assert seen == Transition(before, after, Shown(after.value), NOON, odd)


def test_what_stays_is_no_change_but_a_new_word_is_one() -> None:
    assert observed(job(JobState.RUNNING, "processing"), job(JobState.RUNNING, "PROCESSING"), NOON) is None
    again = observed(job(JobState.UNKNOWN, "dozing"), job(JobState.UNKNOWN, "dreaming"), NOON)
    assert again is not None
    assert (again.before, again.word, again.odd) == (JobState.UNKNOWN, "dreaming", "")
    other = observed(job(JobState.CANCELED, "canceled"), job(JobState.CANCELED, "cancelled"), NOON)
    assert other is not None
    assert other.odd == ""


def test_the_first_look_is_where_it_begins() -> None:
    assert observed(None, job(JobState.RUNNING), NOON) == Transition(
        None, JobState.RUNNING, Shown("running"), NOON
    )


def test_what_an_earlier_answer_told_stays_known() -> None:
    whole = Job(
        System.UNSILOED, "j1", JobState.RUNNING, Shown("PROCESSING"), name=Shown("a.pdf"), created=NOON
    )
    brief = read_unsiloed_job({"job_id": "j1", "status": "completed", "progress": {"percentage": 100}})
    known = brief.with_what_was_known(whole)
    assert (known.name, known.created, known.state, known.progress) == (
        "a.pdf",
        NOON,
        JobState.SUCCEEDED,
        1.0,
    )
    assert brief.with_what_was_known(None) is brief


def test_why_it_failed_stays_known_while_it_is_failed() -> None:
    failed = read_unsiloed_job({"job_id": "j1", "status": "failed", "error": "no such page"})
    again, queued = ({"job_id": "j1", "status": word} for word in ("FAILED", "queued"))
    assert read_unsiloed_job(again).with_what_was_known(failed).error == "no such page"
    assert read_unsiloed_job(queued).with_what_was_known(failed).error is None


def test_a_job_that_is_gone_is_expired_with_all_that_was_known_of_it() -> None:
    gone = Job(
        System.UNSILOED, "j1", JobState.SUCCEEDED, Shown("review"), needs_person=True, created=NOON
    ).gone()
    assert (gone.state, gone.needs_person, gone.created) == (JobState.EXPIRED, False, NOON)
