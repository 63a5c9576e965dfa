"""Details: the newest selection wins, neighbours wait their turn, what moved is read again."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from review_tui.client.errors import NoAnswer, refusal
from review_tui.client.problems import Problem
from review_tui.model.queue import HEAD
from review_tui.model.submissions import Detail, Page, read_detail
from review_tui.workers.details import FRESH, KEPT, KEPT_BYTES, SETTLE, Details
from review_tui.workers.news import DetailFailed, DetailRead
from tests.workers.handclock import HandClock, row, settled


def detail(name: str, status: str = "review", ballast: str = "") -> Detail:
    said = {"id": name, "submissionStatus": status, "createdAt": "1970-01-01T00:00:50Z", "fraudMatches": []}
    return read_detail(said | {"metadata": {"note": ballast}})


class Reading:
    """Details at work; each read takes `takes` seconds."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.takes = 1.0
        self.wait = 0.0
        self.ballast = ""
        self.asked: list[str] = []
        self.status = "review"
        self.error: Exception | None = None
        self.told: list[DetailRead | DetailFailed] = []
        self.details = Details(self.read, self.told.append, self.clock, background_wait=lambda: self.wait)

    async def read(self, name: str) -> Detail:
        self.asked.append(name)
        status = self.status
        await self.clock.sleep(self.takes)
        if self.error is not None:
            raise self.error
        return detail(name, status, self.ballast)

    @property
    def read_ids(self) -> list[str]:
        return [news.detail.id for news in self.told if isinstance(news, DetailRead)]


@pytest.fixture
async def reading() -> AsyncIterator[Reading]:
    at_work = Reading()
    task = asyncio.create_task(at_work.details.run())
    yield at_work
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await at_work.details.close()


async def test_a_selection_is_read_and_told(reading: Reading) -> None:
    reading.details.show("a")
    await reading.clock.turn(1)
    assert reading.read_ids == ["a"]
    assert reading.details.cached("a") == detail("a")


async def test_what_is_kept_is_told_at_once_and_read_anew_only_when_old(reading: Reading) -> None:
    reading.details.show("a")
    await reading.clock.turn(2)
    reading.details.show("a")
    assert reading.read_ids == ["a", "a"]
    assert reading.asked == ["a"]
    await reading.clock.turn(FRESH)
    reading.details.show("a")
    await settled()
    assert reading.asked == ["a", "a"]


async def test_running_down_the_queue_reads_where_it_comes_to_rest(reading: Reading) -> None:
    for name in "abcdefghij":
        reading.details.show(name)
        await reading.clock.turn(0.03)
    await reading.clock.turn(2)
    assert reading.asked == ["a", "j"]
    assert reading.read_ids[-1] == "j"


async def test_who_presses_fast_has_each_one_in_time_again_though_one_was_late(reading: Reading) -> None:
    reading.takes = 0.02
    in_time = []
    for here, following in ("ab", "bc", "cd", "de"):
        in_time.append(reading.details.cached(here) is not None)
        reading.details.show(here)
        reading.details.prefetch([following])
        await reading.clock.turn(0.13 if here != "a" else 0.01)
    assert in_time == [False, False, False, True]


async def test_who_presses_fast_is_read_for_only_within_the_budget(reading: Reading) -> None:
    reading.wait = 5.0
    for here in "abcd":
        reading.details.show(here)
        reading.details.prefetch(["later"])
        await reading.clock.turn(0.1)
    assert reading.asked == ["a"]
    await reading.clock.turn(0.1)
    assert reading.asked == ["a", "d"]


async def test_the_selection_is_never_the_one_given_up_for_others(reading: Reading) -> None:
    reading.takes = 9.0
    reading.details.show("a")
    for matched in ("m1", "m2", "m3", "m4"):
        reading.details.watch(matched)
    await reading.clock.turn(10)
    assert "a" in reading.read_ids
    assert "m4" in reading.read_ids
    assert len(reading.read_ids) == 3


async def test_a_slow_answer_for_an_earlier_selection_does_not_hold_up_the_newest(reading: Reading) -> None:
    reading.takes = 9.0
    reading.details.show("slow")
    await reading.clock.turn(2)
    reading.takes = 0.1
    reading.details.show("next")
    await reading.clock.turn(SETTLE + 0.2)
    assert reading.read_ids == ["next"]


async def test_a_failed_read_is_told_and_may_be_tried_again(reading: Reading) -> None:
    reading.error = NoAnswer("timeout", decides=False)
    reading.details.show("a")
    await reading.clock.turn(1)
    assert reading.told == [DetailFailed("a", reading.error.failure)]
    reading.error = None
    reading.details.show("a")
    await reading.clock.turn(1)
    assert reading.read_ids == ["a"]


async def test_what_failed_for_a_while_is_read_again_once_the_server_answers(reading: Reading) -> None:
    reading.error = refusal(429, Problem(), decides=False, retry_after=20.0)
    reading.details.show("a")
    await reading.clock.turn(1)
    reading.error = None
    reading.details.reached()
    await reading.clock.turn(1)
    assert reading.asked == ["a"], "the server's own wait is kept"
    await reading.clock.turn(20)
    for _ in range(3):
        reading.details.reached()
        await reading.clock.turn(1)
    assert reading.asked == ["a", "a"]
    assert reading.read_ids == ["a"]


async def test_what_failed_for_good_or_is_left_is_not_asked_for_again(reading: Reading) -> None:
    reading.error = refusal(410, Problem(), decides=False)
    reading.details.show("gone")
    await reading.clock.turn(1)
    reading.details.reached()
    reading.error = NoAnswer("timeout", decides=False)
    reading.details.show("left")
    await reading.clock.turn(1)
    reading.error = None
    reading.details.show("b")
    reading.details.reached()
    await reading.clock.turn(1)
    assert reading.asked == ["gone", "left", "b"]


async def test_neighbours_are_read_one_by_one_once_the_selection_is_in(reading: Reading) -> None:
    reading.details.prefetch(["b", "c"])
    reading.details.show("a")
    await reading.clock.turn(0.5)
    assert reading.asked == ["a"]
    await reading.clock.turn(1)
    assert reading.asked == ["a", "b"]
    await reading.clock.turn(1)
    assert reading.asked == ["a", "b", "c"]


async def test_neighbours_wait_for_the_budget_and_the_newest_list_counts(reading: Reading) -> None:
    reading.wait = 5.0
    reading.details.prefetch(["b"])
    await reading.clock.turn(4)
    reading.details.prefetch(["c"])
    await reading.clock.turn(4)
    reading.wait = 0.0
    await reading.clock.turn(10)
    assert reading.asked == ["c"]


async def test_at_most_so_many_are_kept(reading: Reading) -> None:
    reading.takes = 0.01
    for number in range(KEPT + 5):
        reading.details.watch(f"n{number}")
        await reading.clock.turn(0.1)
    assert reading.details.cached("n0") is None
    assert reading.details.cached(f"n{KEPT + 4}") is not None


async def test_heavy_ones_make_room_for_each_other_but_the_newest_stays(reading: Reading) -> None:
    reading.takes = 0.01
    reading.ballast = "x" * (KEPT_BYTES // 3)
    for name in ("a", "b", "c", "d"):
        reading.details.watch(name)
        await reading.clock.turn(0.1)
    assert [reading.details.cached(name) is not None for name in "abcd"] == [False, False, True, True]
    reading.ballast = "x" * (KEPT_BYTES * 2)
    reading.details.watch("e")
    await reading.clock.turn(0.1)
    assert [reading.details.cached(name) is not None for name in "cde"] == [False, False, True]


async def test_a_row_that_moved_in_the_list_is_read_again_at_once_if_it_is_on_screen(
    reading: Reading,
) -> None:
    for name in ("other", "shown"):
        reading.details.show(name)
        await reading.clock.turn(2)
    reading.details.compare(Page((row("shown", 50.0, "failed"), row("other", 50.0, "failed"))), HEAD)
    await settled()
    assert reading.asked == ["other", "shown", "shown"]
    assert reading.details.cached("other") is None


async def test_a_submission_that_left_the_list_is_looked_at_once(reading: Reading) -> None:
    reading.details.show("shown")
    await reading.clock.turn(2)
    reading.status = "approved"
    for _ in range(3):
        reading.details.compare(Page((row("newer", 60.0), row("older", 40.0))), HEAD)
        await reading.clock.turn(2)
    assert reading.asked == ["shown", "shown"]
    kept = reading.details.cached("shown")
    assert kept is not None
    assert kept.status == "approved"


async def test_what_the_list_lacks_although_it_belongs_there_is_looked_at_once_and_not_at_every_poll(
    reading: Reading,
) -> None:
    reading.details.show("shown")
    await reading.clock.turn(2)
    for _ in range(3):
        reading.details.compare(Page((row("newer", 60.0), row("older", 40.0))), HEAD)
        await reading.clock.turn(2)
    kept = reading.details.cached("shown")
    assert kept is not None
    assert kept.status == "review"
    assert reading.asked == ["shown", "shown"]


async def test_a_page_that_does_not_reach_so_far_says_nothing_of_it(reading: Reading) -> None:
    reading.details.show("shown")
    await reading.clock.turn(2)
    reading.details.compare(Page((row("newer", 60.0), row("new", 55.0)), has_more=True), HEAD)
    await reading.clock.turn(2)
    assert reading.asked == ["shown"]


async def test_what_is_forgotten_is_neither_told_nor_held_back_when_it_is_wanted_again(
    reading: Reading,
) -> None:
    reading.details.show("a")
    await reading.clock.turn(2)
    reading.details.forget("a")
    reading.details.forget("never read")
    assert reading.details.cached("a") is None
    reading.details.show("a")
    assert reading.read_ids == ["a"]
    await reading.clock.turn(2)
    assert reading.asked == ["a", "a"]


async def test_what_was_read_back_after_a_decision_is_not_displaced_by_an_older_read(
    reading: Reading,
) -> None:
    reading.details.show("a")
    await reading.clock.turn(0.5)
    reading.details.put(detail("a", "approved"))
    await reading.clock.turn(5)
    kept = reading.details.cached("a")
    assert kept is not None
    assert kept.status == "approved"
    assert reading.read_ids == []


async def test_closing_gives_up_what_is_in_flight(reading: Reading) -> None:
    reading.details.show("a")
    await settled()
    await reading.details.close()
    await reading.clock.turn(5)
    reading.details.show("b")
    await settled()
    assert reading.told == []
    assert reading.asked == ["a"]
