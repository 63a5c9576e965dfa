"""Jobs are asked about as their systems advise, until they end, and never twice at one time."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from review_tui.client.errors import (
    Forbidden,
    KeyNotAccepted,
    NotSent,
    RateLimited,
    ServerFault,
    Unreadable,
    UsageExceeded,
)
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import FreshnessState
from review_tui.model.jobs import JobKey, JobState, System
from review_tui.model.watching import Course
from tests.workers.handclock import settled
from tests.workers.jobsource import AtWork, at_work

STEVE, PULSE, UNSILOED = System
FORBIDDEN = Forbidden(Failure(FailureKind.FORBIDDEN, "Not allowed", status=403))
LIMITED = RateLimited(Failure(FailureKind.LIMITED, "Rate limit reached", status=429, retry_after=41.0))
QUEUE_FULL = ServerFault(Failure(FailureKind.SERVER, "The queue is full", status=503, retry_after=41.0))
FAULT = ServerFault(Failure(FailureKind.SERVER, "The server failed", status=500))


@pytest.fixture
async def here() -> AsyncIterator[AtWork]:
    async with at_work() as desk:
        yield desk


@pytest.mark.parametrize(
    ("system", "running", "done", "least", "most"),
    [
        (STEVE, "submitted", "completed", 5.0, 10.0),
        (PULSE, "processing", "completed", 1.8, 33.0),
        (UNSILOED, "PROCESSING", "COMPLETED", 5.0, 10.0),
    ],
)
async def test_a_job_is_asked_about_as_its_system_advises_and_no_more_once_it_has_ended(
    here: AtWork, system: System, running: str, done: str, least: float, most: float
) -> None:
    (key,) = here.watch(system, running)
    source = here.sources[system]
    await settled()
    assert source.times(key.id) == [0.0], "a new one is asked about at once"
    await here.clock.turn(200)
    assert all(least <= apart <= most for apart in source.apart(key.id))
    assert len(source.asked) >= 200 / most
    source.words[key.id] = done
    await here.clock.turn(most)
    asked = len(source.asked)
    assert here.job(key).course is Course.OVER
    assert [one.after for one in here.job(key).seen] == [JobState.RUNNING, JobState.SUCCEEDED]
    assert here.job(key).next_at is None
    await here.clock.turn(1_000)
    assert len(source.asked) == asked


async def test_pulse_is_asked_less_and_less_often_until_something_changes(here: AtWork) -> None:
    (key,) = here.watch(PULSE, "pending")
    source = here.sources[PULSE]
    await here.clock.turn(120)
    apart = source.apart(key.id)
    for wait, expected in zip(apart, [2.0, 3.0, 4.5, 6.75, 10.1, 15.2, 22.8, 30.0], strict=False):
        assert 0.9 * expected <= wait + 0.1 <= 1.1 * expected + 0.2
    source.words[key.id] = "processing"
    await here.clock.turn(33)
    changed = here.job(key).changed_at
    assert changed is not None
    seconds = (changed - here.job(key).since).total_seconds()
    later = [at for at in source.times(key.id) if at > seconds]
    assert later[0] - seconds <= 2.3, "after a change it is soon asked about again"


async def test_several_jobs_are_asked_about_by_one_question_where_the_system_takes_it(here: AtWork) -> None:
    keys = here.watch(UNSILOED, *["queued"] * 30)
    source = here.sources[UNSILOED]
    await here.clock.turn(120)
    assert len(source.asked) <= 1 + 120 / 5
    assert all(len(ids) == 30 for _, ids in source.asked)
    assert all(5.0 <= apart <= 10.0 for key in keys for apart in source.apart(key.id))


async def test_a_job_that_a_common_answer_leaves_out_is_asked_about_alone(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    source.left_out.add("job-1")
    keys = here.watch(UNSILOED, "queued", "PROCESSING", "queued")
    await here.clock.turn(30)
    assert here.job(keys[1]).job is not None
    assert all(apart >= 5.0 for key in keys for apart in source.apart(key.id))
    assert {len(ids) for _, ids in source.asked} == {3, 1, 2}


async def test_what_is_asked_about_alone_waits_from_the_end_of_the_common_answer(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    source.left_out.add("job-1")
    source.takes = 4.0
    keys = here.watch(UNSILOED, "queued", "queued")
    await here.clock.turn(12)
    assert source.apart(keys[1].id)[0] >= 4.0 + 5.0


async def test_one_job_that_is_refused_does_not_keep_the_others_from_being_known(here: AtWork) -> None:
    here.sources[UNSILOED].fails_for["job-1"] = FORBIDDEN
    keys = here.watch(UNSILOED, "queued", "queued", "COMPLETED")
    await here.clock.turn(30)
    assert [here.job(key).course for key in keys] == [Course.WATCHED, Course.REFUSED, Course.OVER]
    assert here.job(keys[1]).failure == FORBIDDEN.failure
    assert here.freshness(UNSILOED) is FreshnessState.LIVE


@pytest.mark.parametrize("error", [LIMITED, QUEUE_FULL])
async def test_a_wait_that_the_system_asks_for_is_kept_however_impatient_somebody_is(
    here: AtWork, error: Exception
) -> None:
    (key,) = here.watch(PULSE, "pending")
    source = here.sources[PULSE]
    await settled()
    source.fails = error
    await here.clock.turn(2.5)
    asked = len(source.asked)
    source.fails = None
    for _ in range(4):
        here.desk.resume()
        assert here.desk.watch([JobKey(PULSE, "another"), key]) is None
        await here.clock.turn(9.5)
    assert len(source.asked) == asked
    assert here.freshness(PULSE) is FreshnessState.STALE
    await here.clock.turn(4)
    assert len(source.asked) > asked
    assert here.freshness(PULSE) is FreshnessState.LIVE


async def test_a_system_that_fails_is_left_alone_longer_and_longer_and_holds_up_no_other(
    here: AtWork,
) -> None:
    here.sources[PULSE].fails = NotSent("refused")
    here.watch(PULSE, *["pending"] * 20)
    (other,) = here.watch(STEVE, "submitted")
    await here.clock.turn(60)
    assert here.freshness(PULSE) is FreshnessState.STALE
    assert here.freshness(STEVE) is FreshnessState.LIVE
    assert len(here.sources[STEVE].times(other.id)) >= 6
    times = [at for at, _ in here.sources[PULSE].asked]
    assert len(times) <= 3 + 60 / 10, "twenty jobs do not make twenty times the noise"
    here.sources[PULSE].fails = None
    await here.clock.turn(13)
    assert here.freshness(PULSE) is FreshnessState.LIVE


async def test_a_system_that_hangs_is_asked_about_few_things_at_one_time(here: AtWork) -> None:
    here.sources[PULSE].takes = 8.0
    keys = here.watch(PULSE, *["pending"] * 20)
    await here.clock.turn(7.9)
    assert len(here.sources[PULSE].asked) == 3
    await here.clock.turn(200)
    assert all(here.job(key).job is not None for key in keys), "each has its turn"


@pytest.mark.parametrize(
    "error",
    [
        KeyNotAccepted(Failure(FailureKind.KEY_NOT_ACCEPTED, "Key not accepted", status=401)),
        UsageExceeded(Failure(FailureKind.FORBIDDEN, "The usage limit is reached", status=429)),
    ],
)
async def test_where_asking_again_does_not_help_it_ends_until_somebody_wants_it(
    here: AtWork, error: Exception
) -> None:
    (key,) = here.watch(PULSE, "pending")
    source = here.sources[PULSE]
    source.fails = error
    await here.clock.turn(3)
    assert here.freshness(PULSE) is FreshnessState.STOPPED
    assert here.job(key).course is Course.WATCHED, "the job is not to blame"
    assert here.job(key).next_at is None
    asked = len(source.asked)
    await here.clock.turn(1_000)
    assert len(source.asked) == asked
    source.fails = None
    here.desk.resume()
    await here.clock.turn(3)
    assert len(source.asked) > asked
    assert here.freshness(PULSE) is FreshnessState.LIVE


async def test_a_key_that_may_see_no_job_at_all_is_asked_about_few(here: AtWork) -> None:
    source = here.sources[PULSE]
    source.fails = FORBIDDEN
    keys = here.watch(PULSE, *["pending"] * 20)
    await here.clock.turn(100)
    assert len(source.asked) <= 5
    assert here.freshness(PULSE) is FreshnessState.STOPPED
    assert sum(here.job(key).course is Course.REFUSED for key in keys) <= 5


async def test_an_id_that_nobody_knows_is_refused_and_one_that_was_known_has_expired(here: AtWork) -> None:
    (known,) = here.watch(UNSILOED, "queued")
    unknown = JobKey(UNSILOED, "nobody-s")
    assert here.desk.watch([unknown]) is None
    await here.clock.turn(20)
    assert here.job(unknown).course is Course.REFUSED
    assert here.job(unknown).job is None
    del here.sources[UNSILOED].words[known.id]
    await here.clock.turn(20)
    gone = here.job(known)
    assert gone.course is Course.OVER
    assert gone.job is not None
    assert gone.job.state is JobState.EXPIRED
    assert gone.seen[-1].odd == ""
    asked = len(here.sources[UNSILOED].asked)
    await here.clock.turn(100)
    assert len(here.sources[UNSILOED].asked) == asked


async def test_an_unknown_word_is_shown_and_given_up_in_the_end_and_may_be_watched_again(
    here: AtWork,
) -> None:
    (key,) = here.watch(UNSILOED, "Hallucinating")
    await here.clock.turn(899)
    watched = here.job(key)
    assert watched.course is Course.WATCHED
    assert watched.job is not None
    assert (watched.job.state, watched.job.word) == (JobState.UNKNOWN, "Hallucinating")
    await here.clock.turn(20)
    assert here.job(key).course is Course.GIVEN_UP
    assert here.job(key).patience == 900.0
    asked = len(here.sources[UNSILOED].asked)
    await here.clock.turn(1_000)
    assert len(here.sources[UNSILOED].asked) == asked
    here.sources[UNSILOED].words[key.id] = "completed"
    assert here.desk.watch([key]) is None
    await here.clock.turn(1)
    assert here.job(key).course is Course.OVER


async def test_what_a_silent_system_would_have_said_is_not_given_up_before_it_speaks(here: AtWork) -> None:
    (key,) = here.watch(UNSILOED, "queued")
    await here.clock.turn(5)
    here.sources[UNSILOED].fails = NotSent("refused")
    await here.clock.turn(2_000)
    assert here.job(key).course is Course.WATCHED
    here.sources[UNSILOED].fails, here.sources[UNSILOED].words[key.id] = None, "COMPLETED"
    await here.clock.turn(20)
    assert here.job(key).course is Course.OVER


async def test_a_state_that_goes_back_is_logged_as_it_was_seen_and_watched_on(here: AtWork) -> None:
    (key,) = here.watch(UNSILOED, "PROCESSING")
    await here.clock.turn(5)
    here.sources[UNSILOED].words[key.id] = "queued"
    await here.clock.turn(15)
    assert [(one.word, one.odd) for one in here.job(key).seen] == [
        ("PROCESSING", ""),
        ("queued", "went back from running"),
    ]
    here.sources[UNSILOED].words[key.id] = "COMPLETED"
    await here.clock.turn(15)
    here.sources[UNSILOED].words[key.id] = "PROCESSING"
    assert here.desk.watch([key]) is None
    await here.clock.turn(15)
    assert here.job(key).seen[-1].odd == "was succeeded already"
    assert here.job(key).course is Course.WATCHED


async def test_a_job_that_is_added_twice_or_forgotten_and_added_is_asked_about_no_sooner(
    here: AtWork,
) -> None:
    (key,) = here.watch(UNSILOED, "queued")
    source = here.sources[UNSILOED]
    await settled()
    for _ in range(8):
        assert here.desk.watch([key, key]) is None
        await here.clock.turn(0.5)
        here.desk.forget([key])
        await here.clock.turn(0.1)
        assert here.desk.watch([key]) is None
        await here.clock.turn(0.5)
    assert source.times(key.id) == [0.0, 5.0]
    assert len(here.desk.known.watched) == 1


async def test_a_forgotten_job_is_asked_about_no_more_also_when_its_answer_is_on_the_way(
    here: AtWork,
) -> None:
    here.sources[PULSE].takes = 4.0
    (key,) = here.watch(PULSE, "pending")
    await here.clock.turn(2)
    here.desk.forget([key])
    await here.clock.turn(100)
    assert here.desk.known.watched == ()
    assert len(here.sources[PULSE].asked) == 1


async def test_an_answer_that_was_overtaken_says_nothing(here: AtWork) -> None:
    (key,) = here.watch(UNSILOED, "PROCESSING")
    source = here.sources[UNSILOED]
    await settled()
    late = source.job(key.id)
    answered = asyncio.Event()
    get = source.get

    async def slowly(job_id: str) -> object:
        await get(job_id)
        await answered.wait()
        return late

    source.get = slowly  # type: ignore[method-assign, assignment]  # the same answer, late
    await here.clock.turn(6)
    assert here.desk.cancel(key) is None
    await here.clock.turn(1)
    assert here.job(key).course is Course.OVER
    answered.set()
    await here.clock.turn(1)
    assert here.job(key).course is Course.OVER
    assert [one.word for one in here.job(key).seen] == ["PROCESSING", "cancelled"]


async def test_nothing_is_asked_while_it_is_paused_and_all_at_once_after_it(here: AtWork) -> None:
    keys = here.watch(PULSE, "pending", "pending", "pending")
    await here.clock.turn(1)
    here.desk.pause()
    asked = len(here.sources[PULSE].asked)
    await here.clock.turn(500)
    assert len(here.sources[PULSE].asked) == asked
    assert here.freshness(PULSE) is FreshnessState.PAUSED
    assert all(here.job(key).next_at is None for key in keys)
    here.desk.resume()
    await settled()
    assert len(here.sources[PULSE].asked) == asked + 3
    assert here.freshness(PULSE) is FreshnessState.LIVE


async def test_what_the_key_may_spend_is_shared_with_whoever_else_asks(here: AtWork) -> None:
    here.sources[PULSE].takes = 0.05
    here.watch(PULSE, *["pending"] * 200)
    await here.clock.turn(59)
    assert len(here.sources[PULSE].asked) == 150, "half of what is assumed for a minute"


async def test_an_answer_that_cannot_be_read_is_told_at_its_job_and_asked_for_again(here: AtWork) -> None:
    keys = here.watch(PULSE, "pending", "pending")
    here.sources[PULSE].fails_for["job-0"] = Unreadable("HTML")
    await here.clock.turn(30)
    assert here.job(keys[0]).failure is not None
    assert here.job(keys[0]).course is Course.WATCHED
    assert here.job(keys[1]).failure is None
    assert here.freshness(PULSE) is FreshnessState.LIVE
    here.sources[PULSE].fails_for.clear()
    await here.clock.turn(60)
    assert here.job(keys[0]).failure is None
    here.sources[PULSE].fails = Unreadable("HTML")
    await here.clock.turn(120)
    assert here.freshness(PULSE) is FreshnessState.STALE, "nothing at all can be read there"


async def test_a_bug_is_logged_and_does_not_end_the_watching(
    here: AtWork, caplog: pytest.LogCaptureFixture
) -> None:
    (key,) = here.watch(PULSE, "pending")
    here.sources[PULSE].fails_for[key.id] = ZeroDivisionError("hostile \x1b]52;c;x\x07 text")
    with caplog.at_level(logging.ERROR):
        await here.clock.turn(10)
    failure = here.job(key).failure
    assert failure is not None
    assert failure.kind is FailureKind.BUG
    assert "hostile" not in failure.title + failure.hint
    here.sources[PULSE].fails_for.clear()
    await here.clock.turn(30)
    assert here.job(key).failure is None
    caplog.clear()


async def test_a_fault_of_the_server_is_no_end_of_a_job(here: AtWork) -> None:
    (key,) = here.watch(STEVE, "submitted")
    here.sources[STEVE].fails = FAULT
    await here.clock.turn(30)
    assert here.job(key).course is Course.WATCHED
    here.sources[STEVE].fails, here.sources[STEVE].words[key.id] = None, "completed"
    await here.clock.turn(15)
    assert here.job(key).course is Course.OVER
