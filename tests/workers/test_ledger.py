"""What is watched is remembered, within bounds, and comes back at the next start."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from review_tui.model.jobs import JobKey, JobState, System
from review_tui.model.watching import MOST_WATCHED, Course, Watched
from review_tui.store.errors import StoreUnusable
from tests.wire import NOON
from tests.workers.handclock import settled
from tests.workers.jobsource import AtWork, Kept, at_work

STEVE, PULSE, UNSILOED = System


@pytest.fixture
async def here() -> AsyncIterator[AtWork]:
    async with at_work() as desk:
        yield desk


async def test_what_is_watched_comes_back_with_what_was_seen_and_is_asked_about_again() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        running, done = here.watch(UNSILOED, "queued", "queued")
        await here.clock.turn(6)
        here.sources[UNSILOED].words |= {running.id: "PROCESSING", done.id: "COMPLETED"}
        await here.clock.turn(15)
        before = here.desk.known.watched
        assert before[0].since > before[1].since, "a file has no other order"
    async with at_work(keeper=keeper) as here:
        assert [replace(one, next_at=None, read_at=None) for one in here.desk.known.watched] == [
            replace(one, next_at=None, read_at=None) for one in before
        ]
        here.sources[UNSILOED].words |= {running.id: "COMPLETED", done.id: "COMPLETED"}
        await here.clock.turn(6)
        assert here.sources[UNSILOED].times(running.id)
        assert not here.sources[UNSILOED].times(done.id), "what has ended is not asked about again"
        assert [one.after for one in here.job(running).seen] == [
            JobState.QUEUED,
            JobState.RUNNING,
            JobState.SUCCEEDED,
        ]


async def test_an_answer_that_tells_nothing_new_is_not_written_down() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        here.watch(PULSE, "pending")
        await here.clock.turn(100)
        assert len(here.sources[PULSE].asked) > 5
    assert keeper.writes == 2, "that it is watched, and its state"


async def test_a_forgotten_job_does_not_come_back() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        (key,) = here.watch(PULSE, "pending")
        await here.clock.turn(3)
        here.desk.forget([key])
    assert not keeper.jobs


async def kept(keeper: Kept, *keys: JobKey) -> None:
    """Wait until these alone are kept, which a thread sees to."""
    ends = time.monotonic() + 20.0
    while set(keeper.jobs) != set(keys):
        assert time.monotonic() < ends, f"{set(keeper.jobs)} are kept"
        await asyncio.sleep(0.001)
    await settled()


async def test_a_job_that_another_console_forgot_is_not_brought_back() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here, at_work(keeper=keeper) as there:
        running, other = here.watch(PULSE, "pending", "pending")
        await kept(keeper, running, other)
        assert there.desk.watch([running]) is None
        there.desk.forget([running])
        await kept(keeper, other)
        here.sources[PULSE].words |= {running.id: "processing", other.id: "processing"}
        ends = time.monotonic() + 20.0
        while here.desk.known.find(running):
            assert time.monotonic() < ends
            await here.clock.turn(3)
        await kept(keeper, other)
        assert here.desk.watch([running]) is None
        await kept(keeper, running, other)


async def test_what_was_forgotten_by_mistake_is_taken_back_with_its_past() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        keys = here.watch(PULSE, "pending", "completed", "pending")
        await here.clock.turn(3)
        before = [here.job(key) for key in keys]
        here.desk.forget(keys[:2])
        await kept(keeper, keys[2])
        assert here.desk.restore(before) is None
        await kept(keeper, *keys)
        assert [here.job(key).seen for key in keys] == [one.seen for one in before]
        here.sources[PULSE].words[keys[0].id] = "completed"
        await here.clock.turn(60)
        assert here.job(keys[0]).course is Course.OVER


async def test_what_cannot_be_kept_is_watched_all_the_same_and_said() -> None:
    keeper = Kept()
    keeper.fails = StoreUnusable("no space is left for the store")
    async with at_work(keeper=keeper) as here:
        (key,) = here.watch(PULSE, "pending")
        await here.clock.turn(5)
        assert here.job(key).job is not None
        assert here.desk.known.not_kept is not None
        assert here.desk.known.not_kept.title == "no space is left for the store"
        keeper.fails = None
        other = JobKey(PULSE, "other")
        assert here.desk.watch([other]) is None
        await kept(keeper, key, other)
        keeper.fails = StoreUnusable("no space is left for the store")
        here.desk.forget([key])
        await here.clock.turn(5)
        keeper.fails = None
    assert set(keeper.jobs) == {other}, "what could not be written is written by the end"


async def test_a_job_that_was_added_before_the_old_ones_were_known_keeps_their_past() -> None:
    key = JobKey(PULSE, "job-0")
    keeper = Kept(Watched(key, NOON - timedelta(days=1), Course.GIVEN_UP, patience=900.0))
    here = AtWork(keeper=keeper)
    here.watch(PULSE, "pending")
    await here.start()
    assert here.job(key).since == NOON - timedelta(days=1)
    assert here.job(key).course is Course.WATCHED
    await here.clock.turn(3)
    assert here.sources[PULSE].asked
    await here.end()
    assert keeper.jobs[key].since == NOON - timedelta(days=1)


async def test_a_job_that_was_forgotten_before_the_old_ones_were_known_does_not_come_back() -> None:
    key = JobKey(PULSE, "job-0")
    keeper = Kept(Watched(key, NOON))
    here = AtWork(keeper=keeper)
    here.desk.forget([key])
    await here.start()
    await here.end()
    assert not here.desk.known.watched
    assert not keeper.jobs


async def test_only_so_many_are_watched_and_those_that_ended_make_room(here: AtWork) -> None:
    keys = [JobKey(PULSE, f"p{number}") for number in range(MOST_WATCHED)]
    here.sources[PULSE].words |= {key.id: "pending" for key in keys} | {"p7": "completed"}
    assert here.desk.watch(keys) is None
    one_more = JobKey(STEVE, "s1")
    assert "500 jobs are watched already" in (here.desk.watch([one_more]) or "")
    here.sources[PULSE].takes = 0.01
    await here.clock.turn(30)
    assert here.job(keys[7]).course is Course.OVER
    assert here.desk.watch([one_more]) is None
    await settled()
    assert here.desk.known.find(keys[7]) is None
    assert here.desk.known.watched[0].key == one_more
    assert len(here.desk.known.watched) == MOST_WATCHED


async def test_what_ended_a_week_ago_is_forgotten() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        done, running = here.watch(PULSE, "completed", "pending")
        here.sources[STEVE].for_submission = "s1"
        (in_review,) = here.watch(STEVE, "completed")
        await here.clock.turn(1)
        here.clock.suspend(timedelta(days=7, hours=1).total_seconds())
        here.sources[PULSE].words["another"] = "pending"
        assert here.desk.watch([JobKey(PULSE, "another")]) is None
        await settled()
        assert [one.key for one in here.desk.known.watched] == [
            JobKey(PULSE, "another"),
            in_review,
            running,
        ], "what somebody has yet to look at stays"
    assert done not in keeper.jobs


async def test_whether_a_submission_still_needs_somebody_is_asked_once_at_the_next_start() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        here.sources[STEVE].for_submission = "s1"
        (key,) = here.watch(STEVE, "completed")
        await here.clock.turn(1)
        assert len(here.desk.known.needing) == 1
    async with at_work(keeper=keeper) as here:
        here.sources[STEVE].words[key.id] = "completed"
        await here.clock.turn(100)
        assert here.desk.known.needing == ()
        assert len(here.sources[STEVE].asked) == 1


async def test_what_wants_a_look_is_done_once_somebody_has_looked_until_it_changes() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        (key,) = here.watch(UNSILOED, "review")
        await here.clock.turn(1)
        assert here.job(key).needs_person
        here.desk.looked_after([key])
        await settled()
        assert [one for one in here.desk.known.watched if one.needs_person] == []
        assert here.desk.watch([key]) is None
        await here.clock.turn(10)
        assert [one for one in here.desk.known.watched if one.needs_person] == []
    async with at_work(keeper=keeper) as here:
        assert [one.needs_person for one in here.desk.known.watched] == [False]


async def test_at_the_end_all_is_written_and_what_was_opened_is_closed() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        here.sources[PULSE].takes = 5.0
        (key,) = here.watch(PULSE, "pending")
        await here.clock.turn(1)
    assert here.closed == 1
    assert keeper.jobs[key].job is None
