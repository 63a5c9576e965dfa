"""Many jobs of one system side by side: what befalls one says nothing of the others."""

from collections.abc import AsyncIterator

import pytest

from review_tui.client.errors import BadRequest, Forbidden, KeyNotAccepted, NotSent, RateLimited, Unreadable
from review_tui.client.job_errors import RouteMissing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import FreshnessState
from review_tui.model.jobs import EVERY_JOB, JobKey, System
from review_tui.model.watching import Course
from tests.workers.handclock import settled
from tests.workers.jobsource import AtWork, at_work

PULSE, UNSILOED = System.PULSE, System.UNSILOED


@pytest.fixture
async def here() -> AsyncIterator[AtWork]:
    async with at_work() as desk:
        yield desk


def limited(seconds: float) -> RateLimited:
    return RateLimited(Failure(FailureKind.LIMITED, "Rate limit reached", status=429, retry_after=seconds))


async def test_a_job_that_comes_later_takes_no_other_along_too_soon(here: AtWork) -> None:
    here.watch(UNSILOED, "queued", "queued")
    await here.clock.turn(2)
    here.sources[UNSILOED].words["late"] = "queued"
    assert here.desk.watch([JobKey(UNSILOED, "late")]) is None
    await here.clock.turn(60)
    source = here.sources[UNSILOED]
    assert source.asked[1][1] == ("late",)
    assert all(apart >= 5.0 for job_id in source.words for apart in source.apart(job_id))


async def test_no_question_is_about_more_jobs_than_the_system_takes(here: AtWork) -> None:
    here.watch(UNSILOED, *["queued"] * 150)
    await settled()
    assert [len(ids) for _, ids in here.sources[UNSILOED].asked] == [100, 50]


async def test_a_job_that_is_forgotten_and_watched_again_is_asked_about_no_sooner(here: AtWork) -> None:
    (key,) = here.watch(PULSE, "pending")
    await settled()
    here.desk.forget([key])
    assert here.desk.watch([JobKey(PULSE, "another")]) is None
    await settled()
    assert here.desk.watch([key]) is None
    await here.clock.turn(10)
    assert here.sources[PULSE].apart(key.id)[0] >= 1.8


async def test_the_longest_of_the_waits_that_are_asked_for_is_kept(here: AtWork) -> None:
    source = here.sources[PULSE]
    source.fails_for |= {"job-0": limited(41.0), "job-1": limited(5.0)}
    here.watch(PULSE, "pending", "pending", "pending")
    await settled()
    asked = len(source.asked)
    await here.clock.turn(40)
    assert len(source.asked) == asked


@pytest.mark.parametrize("between", ["pending", None])
async def test_jobs_that_are_refused_one_by_one_do_not_speak_for_all(
    here: AtWork, between: str | None
) -> None:
    """Three in a row do, for then it is the key; other refusals never do."""
    error = (
        Forbidden(Failure(FailureKind.FORBIDDEN, "Not allowed", status=403))
        if between
        else BadRequest(Failure(FailureKind.BAD_REQUEST, "Not understood", status=400))
    )
    source = here.sources[PULSE]
    for number in range(4):
        refused = JobKey(PULSE, f"refused-{number}")
        source.fails_for[refused.id] = error
        assert here.desk.watch([refused]) is None
        await here.clock.turn(1)
        assert here.job(refused).course is Course.REFUSED
        assert here.freshness(PULSE) is not FreshnessState.STOPPED
        if between:
            source.words[f"good-{number}"] = between
            assert here.desk.watch([JobKey(PULSE, f"good-{number}")]) is None
            await here.clock.turn(1)


async def test_answers_that_cannot_be_read_count_only_in_a_row(here: AtWork) -> None:
    source = here.sources[PULSE]
    for number in range(4):
        source.fails_for[f"odd-{number}"] = Unreadable("it is HTML")
        source.words[f"good-{number}"] = "completed"
        assert here.desk.watch([JobKey(PULSE, f"odd-{number}")]) is None
        await settled()
        assert here.freshness(PULSE) is not FreshnessState.STALE
        here.desk.forget([JobKey(PULSE, f"odd-{number}")])
        assert here.desk.watch([JobKey(PULSE, f"good-{number}")]) is None
        await here.clock.turn(3)
        assert here.freshness(PULSE) is FreshnessState.LIVE


async def test_after_a_stop_a_job_that_somebody_adds_is_asked_about(here: AtWork) -> None:
    source = here.sources[PULSE]
    source.fails = KeyNotAccepted(Failure(FailureKind.KEY_NOT_ACCEPTED, "The key is not accepted"))
    here.watch(PULSE, "pending")
    await here.clock.turn(100)
    assert here.freshness(PULSE) is FreshnessState.STOPPED
    source.fails, source.words["new"] = None, "pending"
    assert here.desk.watch([JobKey(PULSE, "new")]) is None
    await here.clock.turn(40)
    assert source.times("new")
    assert len(source.times("job-0")) > 1, "the others as well"
    assert here.freshness(PULSE) is FreshnessState.LIVE


async def test_a_job_that_is_wanted_once_more_is_given_its_whole_time_again(here: AtWork) -> None:
    (key,) = here.watch(UNSILOED, "queued")
    await here.clock.turn(800)
    assert here.desk.watch([key]) is None
    await here.clock.turn(300)
    assert here.job(key).course is Course.WATCHED


async def test_why_a_job_failed_is_asked_for_where_a_common_answer_does_not_say_it(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    source.reasons["job-1"] = "the password is missing"
    keys = here.watch(UNSILOED, "queued", "failed", "queued")
    await settled()
    assert here.job(keys[1]).job is not None, "that it failed is known at once"
    await here.clock.turn(10)
    job = here.job(keys[1]).job
    assert job is not None
    assert job.error == "the password is missing"
    assert here.job(keys[1]).course is Course.OVER
    assert [ids for _, ids in source.asked if "job-1" in ids] == [("job-0", "job-1", "job-2"), ("job-1",)]
    here.desk.list(UNSILOED, EVERY_JOB)
    await settled()
    job = here.job(keys[1]).job
    assert job is not None
    assert job.error == "the password is missing", "a list that does not say it takes nothing back"
    assert here.job(keys[1]).course is Course.OVER


async def test_a_system_that_answers_for_one_job_at_a_time_only_does_not_count_as_failing(
    here: AtWork,
) -> None:
    source = here.sources[UNSILOED]
    source.fails = RouteMissing(Failure(FailureKind.NOT_FOUND, "The server does not know the request"))
    keys = here.watch(UNSILOED, "queued", "queued")
    await settled()
    source.fails = None
    assert here.freshness(UNSILOED) is not FreshnessState.STALE
    await here.clock.turn(10)
    assert {ids for _, ids in source.asked[1:]} == {(key.id,) for key in keys}
    assert here.freshness(UNSILOED) is FreshnessState.LIVE


async def test_a_job_that_failed_for_no_reason_is_asked_why_once(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    keys = here.watch(UNSILOED, "failed", "queued")
    await here.clock.turn(30)
    assert len(source.times(keys[0].id)) == 2
    here.desk.list(UNSILOED, EVERY_JOB)
    await here.clock.turn(30)
    assert len(source.times(keys[0].id)) == 2
    assert here.job(keys[0]).course is Course.OVER


@pytest.mark.parametrize("named", ["scan", None])
async def test_what_a_common_answer_does_not_name_is_asked_about_by_itself_once(
    here: AtWork,
    named: str | None,
) -> None:
    source = here.sources[UNSILOED]
    source.kind = None
    source.names = {f"job-{number}": f"{named} {number}" for number in range(15)} if named else {}
    keys = here.watch(UNSILOED, *["queued"] * 14, "completed")
    await settled()
    assert [len(ids) for _, ids in source.asked] == [15], "how they stand is asked first"
    await here.clock.turn(60)
    assert {len([ids for _, ids in source.asked if ids == (key.id,)]) for key in keys} == {1}
    assert all(apart >= 4.999 for key in keys for apart in source.apart(key.id))
    assert here.job(keys[14]).course is Course.OVER
    names = [job.name for key in keys if (job := here.job(key).job) is not None]
    assert names == [f"{named} {number}" if named else None for number in range(15)]


async def test_a_failed_part_of_a_batch_is_asked_why(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    source.words |= {"part-0": "failed", "part-1": "completed"}
    source.reasons["part-0"] = "no such page"
    source.batches["batch-1"] = ("part-0", "part-1")
    assert here.desk.batch(UNSILOED, "batch-1") is None
    await here.clock.turn(30)
    job = here.job(JobKey(UNSILOED, "part-0")).job
    assert job is not None
    assert job.error == "no such page"
    assert source.times("part-1") == [], "what is done is known as done"


async def test_a_job_whose_answers_can_never_be_read_is_given_up_as_any_other(here: AtWork) -> None:
    here.sources[UNSILOED].fails_for["job-0"] = Unreadable("it is HTML")
    (key,) = here.watch(UNSILOED, "queued")
    await here.clock.turn(800)
    assert here.job(key).course is Course.WATCHED
    await here.clock.turn(200)
    assert here.job(key).course is Course.GIVEN_UP
    asked = len(here.sources[UNSILOED].asked)
    await here.clock.turn(200)
    assert len(here.sources[UNSILOED].asked) == asked


async def test_an_answer_that_fails_after_the_pause_does_not_speak_of_another_try(here: AtWork) -> None:
    here.watch(PULSE, "pending")
    await settled()
    source = here.sources[PULSE]
    source.fails, source.takes = NotSent("refused"), 3.0
    await here.clock.turn(4)
    here.desk.pause()
    await here.clock.turn(10)
    assert here.freshness(PULSE) is FreshnessState.PAUSED
