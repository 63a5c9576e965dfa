"""The part of a desk where jobs are: what is listed, canceled and fetched, and what comes back next time."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.errors import NotSent, TooLarge
from review_tui.client.job_errors import JobGone, ResultTooLarge
from review_tui.client.jobs import Offers
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import JobFilter, JobKey, JobState, System
from review_tui.model.submissions import read_detail
from review_tui.model.watching import MOST_WATCHED, Course
from review_tui.workers.news import (
    BatchRead,
    DownloadStage,
    JobCanceled,
    JobsListed,
    JobsMoved,
    News,
    ResultMoved,
)
from tests.workers.handclock import settled
from tests.workers.jobsource import AtWork, at_work

STEVE, PULSE, UNSILOED = System
GONE = JobGone(Failure(FailureKind.NOT_FOUND, "There is no such job", status=404))


@pytest.fixture
async def here() -> AsyncIterator[AtWork]:
    async with at_work() as desk:
        yield desk


def last(told: list[News], kind: type[News]) -> News:
    """The last of the news of a kind."""
    return [news for news in told if isinstance(news, kind)][-1]


async def test_a_system_without_a_key_says_so_and_takes_nothing() -> None:
    async with at_work(systems=[STEVE]) as here:
        why = here.desk.watch([JobKey(PULSE, "p1")])
        assert why == "Pulse is not configured: set PULSE_API_KEY."
        assert here.desk.known.systems[PULSE].why_not == why
        assert here.desk.known.systems[STEVE].why_not == ""
        assert here.desk.cancel(JobKey(PULSE, "p1")) == why
        assert here.desk.list(UNSILOED, JobFilter()) == "Unsiloed is not configured: set UNSILOED_API_KEY."
        assert here.desk.known.watched == ()


@pytest.mark.parametrize("wrong", ["", "a b", "../secret", "x" * 201, "\x1b[31m", "-rf"])
async def test_what_is_no_id_is_not_watched(here: AtWork, wrong: str) -> None:
    why = here.desk.watch([JobKey(PULSE, wrong)])
    assert why is not None
    assert "no id" in why
    assert here.desk.known.watched == ()


async def test_a_job_is_canceled_once_and_what_it_is_then_is_told(here: AtWork) -> None:
    (key,) = here.watch(UNSILOED, "queued")
    here.sources[UNSILOED].takes = 1.0
    await settled()
    assert here.desk.cancel(key) is None
    assert here.desk.cancel(key) == "it is being canceled already"
    await here.clock.turn(2)
    told = last(here.told, JobCanceled)
    assert isinstance(told, JobCanceled)
    assert told.job is not None
    assert (told.job.state, told.failure) == (JobState.CANCELED, None)
    assert here.job(key).course is Course.OVER
    assert here.sources[UNSILOED].canceled == [key.id]
    here.sources[STEVE].offers = Offers()
    assert here.desk.cancel(JobKey(STEVE, "s1")) == "Steve cannot cancel a job"


async def test_a_cancellation_without_an_answer_is_not_repeated_and_the_job_is_looked_at(
    here: AtWork,
) -> None:
    (key,) = here.watch(PULSE, "pending")
    await here.clock.turn(60)
    here.sources[PULSE].fails_for[key.id] = NotSent("refused")
    asked = len(here.sources[PULSE].asked)
    assert here.desk.cancel(key) is None
    await here.clock.turn(3)
    told = last(here.told, JobCanceled)
    assert isinstance(told, JobCanceled)
    assert told.failure is not None
    assert here.sources[PULSE].canceled == [key.id]
    assert len(here.sources[PULSE].asked) > asked


async def test_a_list_is_told_and_what_of_it_is_watched_is_known_by_it(here: AtWork) -> None:
    (key,) = here.watch(UNSILOED, "queued")
    await settled()
    here.sources[UNSILOED].words |= {key.id: "processing", "other": "completed"}
    asked = JobFilter(operation="parse")
    assert here.desk.list(UNSILOED, asked) is None
    await here.clock.turn(1)
    told = last(here.told, JobsListed)
    assert isinstance(told, JobsListed)
    assert told.asked is asked
    assert told.page is not None
    assert [job.id for job in told.page.jobs] == [key.id, "other"]
    assert here.job(key).seen[-1].after is JobState.RUNNING
    assert len(here.desk.known.watched) == 1, "what is listed is not watched for that"
    assert here.desk.list(PULSE, asked) == "Pulse does not list its jobs"


async def test_the_newest_question_for_a_list_counts(here: AtWork) -> None:
    here.sources[UNSILOED].takes = 1.0
    for offset in (0, 50, 100):
        assert here.desk.list(UNSILOED, JobFilter(offset=offset)) is None
        await here.clock.turn(0.1)
    await here.clock.turn(5)
    assert [news.asked.offset for news in here.told if isinstance(news, JobsListed)] == [100]


async def test_a_list_that_was_asked_for_before_a_job_was_gone_does_not_bring_it_back(here: AtWork) -> None:
    (key,) = here.watch(UNSILOED, "queued")
    source = here.sources[UNSILOED]
    await settled()
    source.takes = 8.0
    assert here.desk.list(UNSILOED, JobFilter()) is None
    await here.clock.turn(0.1)
    source.takes, word = 0.0, source.words.pop(key.id)
    await here.clock.turn(7)
    assert here.job(key).course is Course.OVER
    source.words[key.id] = word  # as it was when the list was asked for
    await here.clock.turn(5)
    told = last(here.told, JobsListed)
    assert isinstance(told, JobsListed)
    assert told.page is not None
    assert [job.id for job in told.page.jobs] == [key.id]
    assert here.job(key).course is Course.OVER


async def test_a_list_that_fails_says_why(here: AtWork) -> None:
    here.sources[UNSILOED].fails = NotSent("refused")
    assert here.desk.list(UNSILOED, JobFilter()) is None
    await here.clock.turn(1)
    told = last(here.told, JobsListed)
    assert isinstance(told, JobsListed)
    assert told.failure == NotSent("refused").failure


async def test_a_batch_is_read_and_its_jobs_are_watched_until_they_end(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    source.words |= {"a": "completed", "b": "processing", "c": "queued"}
    source.batches["batch-1"] = ("a", "b", "c")
    assert here.desk.batch(UNSILOED, "batch-1") is None
    await here.clock.turn(0.1)
    told = last(here.told, BatchRead)
    assert isinstance(told, BatchRead)
    assert told.batch is not None
    parts = {one.key.id: one for one in here.desk.known.watched}
    assert {job_id: one.course for job_id, one in parts.items()} == {
        "a": Course.OVER,
        "b": Course.WATCHED,
        "c": Course.WATCHED,
    }
    await here.clock.turn(30)
    assert {one.job.batch_id for one in here.desk.known.watched if one.job} == {"batch-1"}
    assert not source.times("a")
    assert {ids for _, ids in source.asked} <= {("b", "c"), ("c", "b"), ("b",), ("c",)}
    assert here.desk.batch(UNSILOED, "nobody-s") is None
    await here.clock.turn(1)
    told = last(here.told, BatchRead)
    assert isinstance(told, BatchRead)
    assert told.failure is not None
    assert here.desk.batch(PULSE, "batch-1") == "Pulse knows no batches"


async def test_the_jobs_of_a_batch_for_which_there_is_no_room_are_counted(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    parts = [f"part-{number}" for number in range(MOST_WATCHED + 7)]
    source.words |= dict.fromkeys(parts, "completed")
    source.batches["batch-1"] = parts
    assert here.desk.batch(UNSILOED, "batch-1") is None
    await settled()
    told = last(here.told, BatchRead)
    assert isinstance(told, BatchRead)
    assert (told.left_out, len(here.desk.known.watched)) == (7, MOST_WATCHED)


async def test_a_result_is_fetched_when_it_is_asked_for(here: AtWork, tmp_path: Path) -> None:
    (key,) = here.watch(PULSE, "completed")
    await here.clock.turn(10)
    assert not [news for news in here.told if isinstance(news, ResultMoved)]
    assert here.desk.result(key, tmp_path) is None
    assert here.desk.result(key, tmp_path) == "it is on its way already"
    await here.clock.turn(1)
    told = [news for news in here.told if isinstance(news, ResultMoved)]
    assert [news.stage for news in told] == [DownloadStage.RUNNING, DownloadStage.DONE]
    assert told[-1].result is not None
    assert told[-1].result.path.exists()


async def test_a_result_that_cannot_be_kept_says_why(here: AtWork, tmp_path: Path) -> None:
    (key,) = here.watch(PULSE, "completed")
    assert here.desk.result(key, tmp_path / "no such folder") is None
    await here.clock.turn(1)
    told = last(here.told, ResultMoved)
    assert isinstance(told, ResultMoved)
    assert told.stage is DownloadStage.FAILED
    assert told.failure is not None
    assert told.failure.title.startswith("Not saved: ")


@pytest.mark.parametrize("is_too_large", [True, False])
async def test_a_result_that_is_too_large_is_told_as_such(
    here: AtWork, tmp_path: Path, *, is_too_large: bool
) -> None:
    (key,) = here.watch(PULSE, "completed")
    much = TooLarge(1_000, 9_000, status=200, request_id=None)
    here.sources[PULSE].fails_for[key.id] = ResultTooLarge(much, 1_000) if is_too_large else GONE
    assert here.desk.result(key, tmp_path) is None
    await here.clock.turn(1)
    told = last(here.told, ResultMoved)
    assert isinstance(told, ResultMoved)
    assert (told.stage, told.is_too_large) == (DownloadStage.FAILED, is_too_large)


async def test_a_result_whose_job_is_gone_shows_that_it_has_expired(here: AtWork, tmp_path: Path) -> None:
    (key,) = here.watch(UNSILOED, "COMPLETED")
    await here.clock.turn(1)
    here.sources[UNSILOED].fails_for[key.id] = GONE
    assert here.desk.result(key, tmp_path) is None
    await here.clock.turn(1)
    job = here.job(key).job
    assert job is not None
    assert job.state is JobState.EXPIRED
    assert here.job(key).failure == GONE.failure


@pytest.mark.parametrize("decided", ["approved", "rejected", "cancelled"])
async def test_a_submission_that_was_decided_needs_nobody_any_more(here: AtWork, decided: str) -> None:
    here.sources[STEVE].for_submission = "s1"
    (key,) = here.watch(STEVE, "completed")
    await here.clock.turn(1)
    assert [one.key for one in here.desk.known.needing] == [key]
    here.desk.learn(read_detail({"id": "s1", "submissionStatus": "review"}))
    here.desk.learn(read_detail({"id": "s2", "submissionStatus": "approved"}))
    await settled()
    assert len(here.desk.known.needing) == 1
    here.desk.learn(read_detail({"id": "s1", "submissionStatus": decided}))
    await settled()
    assert not here.desk.known.needing


async def test_news_are_told_once_for_all_that_happens_at_a_time(here: AtWork) -> None:
    here.watch(UNSILOED, *["queued"] * 50)
    await settled()
    moved = [news for news in here.told if isinstance(news, JobsMoved)]
    assert len(moved) <= 4
    assert moved[-1].jobs == here.desk.known


async def test_a_bug_in_one_watcher_does_not_end_the_others(
    here: AtWork, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> float:
        raise ZeroDivisionError

    here.sources[PULSE].budget.may_spend_background = broken  # type: ignore[method-assign]  # a bug
    with caplog.at_level(logging.ERROR):
        here.watch(PULSE, "pending")
        (key,) = here.watch(STEVE, "submitted")
        await here.clock.turn(20)
    assert len(here.sources[STEVE].times(key.id)) > 1
    failure = here.desk.known.systems[PULSE].freshness.failure
    assert failure is not None
    assert failure.kind is FailureKind.BUG
    assert all(here.job(one.key).next_at is None for one in here.desk.known.watched if one.key != key)
    caplog.clear()


async def test_a_system_is_opened_when_somebody_has_to_be_asked(here: AtWork) -> None:
    await here.clock.turn(100)
    assert here.opened == []
    stands = here.desk.known.systems[UNSILOED]
    assert (stands.lists, stands.batches, stands.cancels) == (True, True, True)
    here.watch(UNSILOED, "queued", "queued")
    await here.clock.turn(100)
    assert here.opened == [UNSILOED]
    here.sources[UNSILOED].offers = Offers()
    assert here.desk.list(UNSILOED, JobFilter()) == "Unsiloed does not list its jobs"
    await here.clock.turn(10)
    stands = here.desk.known.systems[UNSILOED]
    assert (stands.lists, stands.batches, stands.cancels) == (False, False, False)
