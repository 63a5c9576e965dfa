"""A batch is looked at again while it goes on; a kept result is looked through while one waits."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.model.jobs import JobKey, System
from review_tui.workers.batches import AGAIN
from review_tui.workers.news import BatchRead, DownloadStage, News, ResultMoved, ResultSearched
from tests.workers.jobsource import AtWork, Kept, at_work

PULSE, UNSILOED = System.PULSE, System.UNSILOED


@pytest.fixture
async def here() -> AsyncIterator[AtWork]:
    async with at_work() as desk:
        yield desk


def last(told: list[News], kind: type[News]) -> News | None:
    """The last of the news of a kind."""
    return next((news for news in reversed(told) if isinstance(news, kind)), None)


async def test_what_joins_a_batch_later_is_watched_and_what_was_forgotten_is_not(here: AtWork) -> None:
    source = here.sources[UNSILOED]
    source.words |= {"a": "queued", "b": "queued", "c": "queued", "d": "queued"}
    source.batches["batch-1"] = ("a", "b")
    assert here.desk.batch(UNSILOED, "batch-1") is None
    await here.clock.turn(3)
    here.desk.forget([JobKey(UNSILOED, "b")])
    source.batches["batch-1"] = ("a", "b", "c")
    here.told.clear()
    await here.clock.turn(AGAIN)
    assert {one.key.id for one in here.desk.known.watched} == {"a", "c"}
    told = last(here.told, BatchRead)
    assert isinstance(told, BatchRead)
    assert (told.again, told.joined) == (True, 1)
    here.told.clear()
    await here.clock.turn(3 * AGAIN)
    assert last(here.told, BatchRead) is None, "what tells nothing new is no news"
    source.words |= {"a": "completed", "c": "completed"}
    await here.clock.turn(2 * AGAIN)
    read = source.batches_read
    source.batches["batch-1"] = ("a", "b", "c", "d")
    await here.clock.turn(3 * AGAIN)
    assert source.batches_read == read, "what has ended is not looked at again"


async def test_a_batch_is_looked_at_again_after_a_restart_from_how_it_is_then() -> None:
    keeper = Kept()
    async with at_work(keeper=keeper) as here:
        here.sources[UNSILOED].words |= {"a": "queued", "b": "queued"}
        here.sources[UNSILOED].batches["batch-1"] = ("a", "b")
        assert here.desk.batch(UNSILOED, "batch-1") is None
        await here.clock.turn(3)
        here.desk.forget([JobKey(UNSILOED, "b")])
    async with at_work(keeper=keeper) as here:
        source = here.sources[UNSILOED]
        source.words |= {"a": "queued", "b": "queued", "c": "queued"}
        source.batches["batch-1"] = ("a", "b")
        await here.clock.turn(AGAIN + 1)
        assert {one.key.id for one in here.desk.known.watched} == {"a"}
        source.batches["batch-1"] = ("a", "b", "c")
        here.desk.pause()
        await here.clock.turn(3 * AGAIN)
        assert source.batches_read == 1
        here.desk.resume()
        await here.clock.turn(AGAIN)
        assert {one.key.id for one in here.desk.known.watched} == {"a", "c"}
        here.desk.forget([one.key for one in here.desk.known.watched])
        read = source.batches_read
        await here.clock.turn(3 * AGAIN)
        assert source.batches_read == read


async def test_words_are_looked_for_in_a_file_one_search_at_a_time(here: AtWork, tmp_path: Path) -> None:
    key, file = JobKey(PULSE, "p1"), tmp_path / "result.json"
    file.write_text('{"a": "Needle"}\n' * 300)

    async def until_over() -> ResultSearched:
        async with asyncio.timeout(20):
            while True:
                told = last(here.told, ResultSearched)
                if isinstance(told, ResultSearched) and told.is_over:
                    return told
                await asyncio.sleep(0.001)

    here.desk.search(key, file, "nothing")
    here.desk.search(key, file, "needle")
    told = await until_over()
    assert {news.words for news in here.told if isinstance(news, ResultSearched)} == {"needle"}
    assert (told.found.count, len(told.found.places), told.found.places[1].line) == (300, 100, 2)
    here.told.clear()
    file.unlink()
    here.desk.search(key, file, "needle")
    told = await until_over()
    assert told.failure is not None
    assert str(told.failure.hint) == "No such file or directory."
    here.told.clear()
    here.desk.search(key, file, "needle")
    here.desk.search(key, file, "")
    await asyncio.sleep(0.05)
    assert last(here.told, ResultSearched) is None


async def test_a_result_that_is_on_its_way_is_stopped_and_can_be_fetched_again(
    here: AtWork, tmp_path: Path
) -> None:
    (key,) = here.watch(PULSE, "completed")
    await here.clock.turn(3)
    here.sources[PULSE].takes = 60.0
    assert here.desk.result(key, tmp_path) is None
    await here.clock.turn(1)
    here.desk.leave_result(key)
    await here.clock.turn(1)
    told = last(here.told, ResultMoved)
    assert isinstance(told, ResultMoved)
    assert told.failure is not None
    assert (told.stage, told.failure.title) == (DownloadStage.FAILED, "Stopped")
    here.sources[PULSE].takes = 0.0
    assert here.desk.result(key, tmp_path) is None
    await here.clock.turn(1)
    told = last(here.told, ResultMoved)
    assert isinstance(told, ResultMoved)
    assert told.stage is DownloadStage.DONE
