"""The rows of the jobs: what stands where, what fits a filter, what was pasted and what is asked for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import Batch, JobFilter, JobKey, JobPage, JobState
from review_tui.model.text import Shown
from review_tui.model.watching import Jobs
from review_tui.ui.commands import BY_ID, key_name
from review_tui.ui.commands.jobs import AT_JOBS, JobKeys, JobsSituation
from review_tui.ui.job_asking import NotUnderstood, asked_of, written
from review_tui.ui.job_ids import PASTED_AT_MOST, Named, named_in
from review_tui.ui.job_rows import Listing, RowId, rows_of
from review_tui.ui.jobs_state import JobsState, after_job_news
from review_tui.workers.news import BatchRead, DownloadStage, JobCanceled, JobsListed, JobsMoved, ResultMoved
from tests.ui.madejobs import NOW, PULSE, STEVE, UNSILOED, a_job, every_kind, row_of, watched

BATCH = RowId(UNSILOED, "batch_march", is_batch=True)


def ids(jobs: Jobs, words: str = "", unfolded: frozenset[RowId] = frozenset()) -> list[str]:
    return [row.id.id for row in rows_of(jobs, words, unfolded)]


def test_what_needs_somebody_comes_first_and_a_batch_is_one_row() -> None:
    jobs = every_kind()
    found = ids(jobs)
    assert found[0] == "aab3238922bcc25a6f606eb525ffdc56"
    assert found[1:4] == ["job_7f13gkhgepsttv37", "job_failed0000000001", "batch_march"]
    assert "job_part000000000001" not in found
    open_ = ids(jobs, unfolded=frozenset({BATCH}))
    assert open_[3:6] == ["batch_march", "job_part000000000001", "job_part000000000002"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("failed", ["job_failed0000000001"]),
        ("UMOWA", ["job_7f13gkhgepsttv37"]),
        ("needs", ["aab3238922bcc25a6f606eb525ffdc56"]),
        ("pulse -completed -expired canceled", ["45c48cce-2e2d-4fbd-aa1a-fc51c7c6ad26"]),
        ("march queued", ["batch_march"]),
        ("nowhere", []),
    ],
)
def test_rows_are_found_by_their_words(words: str, found: list[str]) -> None:
    assert ids(every_kind(), words) == found


def test_the_selection_is_a_job_whatever_comes_and_goes() -> None:
    first, second, third = (watched(a_job(PULSE, f"p{number}", "processing")) for number in range(3))
    state = JobsState(known=Jobs((second, third)))
    assert state.selected == RowId(PULSE, "p1")
    state = after_job_news(state, JobsMoved(Jobs((first, second, third))), NOW)
    assert (state.selected, state.near) == (RowId(PULSE, "p1"), 1)
    state = after_job_news(state, JobsMoved(Jobs((first, third))), NOW)
    assert state.selected == RowId(PULSE, "p2"), "what took its place"
    state = replace(state, wanted=RowId(PULSE, "p9"))
    assert state.selected == RowId(PULSE, "p2")
    state = after_job_news(state, JobsMoved(Jobs((watched(a_job(PULSE, "p9", "pending")), third))), NOW)
    assert state.selected == RowId(PULSE, "p9")
    assert after_job_news(state, JobsMoved(Jobs()), NOW).row is None


def test_of_many_results_the_newest_stay_at_hand() -> None:
    state = JobsState()
    for number in range(9):
        done = ResultMoved(JobKey(PULSE, f"p{number}"), DownloadStage.DONE)
        state = after_job_news(state, done, NOW)
    assert [key.id for key in state.fetched] == [f"p{number}" for number in range(1, 9)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("8f14e45f-ceea-467f-a0f1-1f2d3c4b5a69", Named("8f14e45f-ceea-467f-a0f1-1f2d3c4b5a69", PULSE)),
        ("job_7f13gkhgepsttv37", Named("job_7f13gkhgepsttv37", UNSILOED)),
        ("aab3238922bcc25a6f606eb525ffdc56", Named("aab3238922bcc25a6f606eb525ffdc56", STEVE)),
        ("batch_march", Named("batch_march", UNSILOED, is_batch=True)),
        ("https://far.example/api/v1/jobs/k9ses?x=1", Named("k9ses", STEVE)),
        ("https://far.example/v2/jobs/batch/b1/", Named("b1", UNSILOED, is_batch=True)),
        ("http://far.example/job/p1", Named("p1", PULSE)),
        ("order-77", Named("order-77")),
        ("https://far.example/elsewhere/p1", Named("https://far.example/elsewhere/p1")),
        ("http://[broken/job/p1", None),
    ],
)
def test_an_id_tells_whose_it_is_by_its_shape_or_its_address(text: str, named: Named | None) -> None:
    (found,) = named_in(text)[:1]
    assert found == named or (named is None and found.system is None)


def test_a_paste_gives_each_id_once_and_not_without_end() -> None:
    assert [one.id for one in named_in('["a1", "b2",\n"a1"]')] == ["a1", "b2"]
    assert len(named_in(" ".join(f"x{number}" for number in range(900)))) == PASTED_AT_MOST
    assert named_in("  \n ") == ()


def test_what_is_to_be_listed_is_read_and_said_in_the_same_words() -> None:
    text = "status:failed operation:parse tag:urgent,late after:2d before:2026-03-24"
    asked = asked_of(text, NOW)
    assert asked == JobFilter(
        JobState.FAILED,
        "parse",
        datetime(2026, 3, 23, 12, tzinfo=UTC),
        datetime(2026, 3, 24, tzinfo=UTC),
        ("urgent", "late"),
    )
    assert asked_of(written(asked), NOW) == asked
    assert asked_of("", NOW) == JobFilter()
    for state in ("queued", "running", "done", "canceled"):
        again = asked_of(f"status:{state}", NOW)
        assert asked_of(written(again), NOW) == again


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("failed", "“failed” is not understood"),
        ("status:gone", "status:gone is none of queued"),
        ("after:soon", "after:soon is no time"),
        ("colour:red", "colour: is not understood"),
        ("tag:a&b", "tag:a&b may hold letters"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, why: str) -> None:
    with pytest.raises(NotUnderstood, match=why):
        asked_of(text, NOW)


def test_a_list_that_was_not_asked_for_last_is_not_shown() -> None:
    newer = JobFilter(JobState.FAILED)
    state = JobsState(known=every_kind(), listing=Listing(UNSILOED, newer))
    page = JobPage((a_job(UNSILOED, "job_x", "failed"),), total=1)
    assert after_job_news(state, JobsListed(UNSILOED, JobFilter(), page), NOW).rows == ()
    shown = after_job_news(state, JobsListed(UNSILOED, newer, page), NOW)
    assert [row.id.id for row in shown.rows] == ["job_x"]
    failure = Failure(FailureKind.NO_ANSWER, "No answer from the server")
    stale = after_job_news(shown, JobsListed(UNSILOED, newer, failure=failure), NOW)
    assert stale.rows == shown.rows
    assert stale.listing is not None
    assert stale.listing.failure == failure


def test_what_became_of_an_errand_is_told() -> None:
    state, key = JobsState(known=every_kind()), JobKey(PULSE, "p1")
    late = a_job(PULSE, "p1", "completed")
    told = after_job_news(state, JobCanceled(key, late), NOW).notices.shown
    assert told is not None
    assert told.text == "Pulse p1: asked to cancel; it is succeeded"
    empty = Batch(UNSILOED, "b1", JobState.QUEUED, Shown.of("queued"))
    told = after_job_news(state, BatchRead(UNSILOED, "b1", empty), NOW).notices.shown
    assert told is not None
    assert told.text == "Batch b1 has no jobs"
    told = after_job_news(
        state, BatchRead(UNSILOED, "b1", replace(empty, jobs=(late,)), left_out=1), NOW
    ).notices.shown
    assert told is not None
    assert "1 of its jobs found no room" in told.text
    lost = Failure(FailureKind.NOT_FOUND, "There is no such batch")
    told = after_job_news(state, BatchRead(UNSILOED, "b1", failure=lost), NOW).notices.shown
    assert told is not None
    assert told.text == "Batch b1: There is no such batch"


def test_each_key_at_the_jobs_has_one_command_and_those_of_the_review_are_followed() -> None:
    own = JobKeys({id_: command.keys for id_, command in BY_ID.items()})
    assert all(own.keys_of(command) for command in AT_JOBS)
    assert own.by_key["c"].id == "cancel"
    assert all(key_name(key).isprintable() for key in own.by_key)
    moved = JobKeys({"cancel": ("w",), "jobs": ("f7",)})
    assert moved.by_key["w"].id == "cancel", "what was chosen comes first"
    assert moved.by_key["f7"].id == "leave"
    assert moved.by_key["escape"].id == "leave"


def test_a_command_that_cannot_be_given_says_why() -> None:
    jobs = every_kind()
    rows = {row.id.id: row for row in rows_of(jobs, "", frozenset({BATCH}))}

    def why(command_id: str, row_id: str | None) -> str:
        command = next(one for one in AT_JOBS if one.id == command_id)
        return command.why_disabled(JobsSituation(jobs, rows[row_id] if row_id else None))

    assert why("cancel", None) == "nothing is selected"
    assert why("cancel", "aab3238922bcc25a6f606eb525ffdc56") == "Steve cannot cancel a job"
    assert why("cancel", "45c48cce-2e2d-4fbd-aa1a-fc51c7c6ad26") == "it is canceled already"
    assert why("cancel", "batch_march") == "a batch is canceled job by job: Enter shows them"
    assert why("cancel", "job_7f13gkhgepsttv37") == ""
    assert why("fetch", "job_7f13gkhgepsttv37") == "there is none: it is running"
    assert why("fetch", "6512bd43-d9ca-46e0-ac99-0b0a82652dca") == "nothing is known of it yet"
    assert why("fetch", "batch_march") == "a batch has no result of its own: its jobs have"
    assert why("seen", "job_7f13gkhgepsttv37") == "it needs nobody"
    assert why("later", "batch_march") == "there is no further page"
    assert why("undo", None) == "nothing was forgotten since the start"
    assert why("stop", "batch_march") == "no result of it is on its way"
    assert "the filter key looks for words" in why("next-hit", None)
    cancel = next(one for one in AT_JOBS if one.id == "cancel")
    reading = JobsSituation(jobs, rows["job_7f13gkhgepsttv37"], cannot_cancel="for reading only")
    assert cancel.why_disabled(reading) == "for reading only"
    assert row_of(jobs.watched[0]) in rows.values()
