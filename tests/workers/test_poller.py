"""The poller, on a clock turned by hand."""

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from review_tui.client.errors import KeyNotAccepted, NotSent, RateLimited
from review_tui.model.failures import Failure, FailureKind
from review_tui.workers.poller import Failed, Fresh, Polled, Poller, backoff
from tests.workers.handclock import HandClock, Listed, row, settled

EVERY = 8.0


class Watched:
    """A poller at work, and what it told."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.server = Listed([row("a", 2.0), row("b", 1.0)])
        self.told: list[Polled] = []
        self.poller = Poller(
            self.server.page, self.told.append, self.clock, interval=EVERY, chance=lambda: 0.5
        )

    @property
    def kinds(self) -> list[str]:
        return [type(outcome).__name__ for outcome in self.told]


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    at_work = Watched()
    task = asyncio.create_task(at_work.poller.run())
    await settled()
    yield at_work
    assert not task.done(), "the poller died"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_it_polls_at_once_and_then_every_interval(watched: Watched) -> None:
    assert watched.kinds == ["Fresh"]
    await watched.clock.turn(EVERY - 0.1)
    assert len(watched.told) == 1
    await watched.clock.turn(0.2)
    assert watched.kinds == ["Fresh", "Unchanged"]


async def test_a_change_is_fresh_and_the_same_again_is_not(watched: Watched) -> None:
    watched.server.rows.insert(0, row("new", 3.0))
    await watched.clock.turn(2 * EVERY)
    assert watched.kinds == ["Fresh", "Fresh", "Unchanged"]


@pytest.mark.parametrize(("chance", "expected"), [(0.0, 0.8 * EVERY), (1.0, 1.2 * EVERY)])
async def test_the_interval_is_jittered_by_a_fifth(chance: float, expected: float) -> None:
    clock, server = HandClock(), Listed([])
    poller = Poller(server.page, lambda _: None, clock, interval=EVERY, chance=lambda: chance)
    task = asyncio.create_task(poller.run())
    await clock.turn(expected - 0.01)
    assert len(server.asked) == 1
    await clock.turn(0.02)
    assert len(server.asked) == 2
    task.cancel()


async def test_the_budget_widens_the_interval() -> None:
    clock, server = HandClock(), Listed([])
    told: list[Polled] = []
    poller = Poller(
        server.page,
        told.append,
        clock,
        interval=EVERY,
        advise=lambda base: base * 5,
        chance=lambda: 0.5,
    )
    task = asyncio.create_task(poller.run())
    await clock.turn(5 * EVERY - 1)
    assert len(server.asked) == 1
    assert isinstance(told[0], Fresh)
    assert told[0].every == 5 * EVERY
    task.cancel()


async def test_failures_back_off_a_little_and_a_server_that_is_back_is_missed_for_no_longer(
    watched: Watched,
) -> None:
    watched.server.error = NotSent("refused")
    await watched.clock.turn(400)
    waits = [outcome.retry_in for outcome in watched.told if isinstance(outcome, Failed)]
    assert waits[:4] == [8.0, 12.0, 12.0, 12.0]
    watched.server.error = None
    await watched.clock.turn(12)
    assert watched.kinds[-1] == "Unchanged"
    watched.server.error = NotSent("refused")
    await watched.clock.turn(EVERY)
    assert isinstance(watched.told[-1], Failed)
    assert watched.told[-1].retry_in == 8.0


async def test_what_the_server_asks_for_wins(watched: Watched) -> None:
    watched.server.error = RateLimited(Failure(FailureKind.LIMITED, "too many", retry_after=41.0))
    await watched.clock.turn(EVERY)
    asked = len(watched.server.asked)
    await watched.clock.turn(40)
    assert len(watched.server.asked) == asked
    await watched.clock.turn(2)
    assert len(watched.server.asked) == asked + 1


@pytest.mark.parametrize(
    ("failures", "kind", "retry_after", "expected"),
    [
        (1, FailureKind.SERVER, None, 8.0),
        (50, FailureKind.SERVER, None, 12.0),
        (3, FailureKind.SERVER, 0.0, 1.0),
        (3, FailureKind.SERVER, 90.0, 90.0),
        (50, FailureKind.LIMITED, None, 60.0),
        (1, FailureKind.LIMITED, 41.0, 41.0),
    ],
)
def test_backing_off_is_bounded(
    failures: int, kind: FailureKind, retry_after: float | None, expected: float
) -> None:
    assert backoff(failures, 8.0, Failure(kind, "no", retry_after=retry_after)) == expected


async def test_when_somebody_else_is_answered_failed_polls_are_made_up_for_at_once(watched: Watched) -> None:
    watched.server.error = NotSent("refused")
    await watched.clock.turn(3 * EVERY)
    watched.server.error = None
    asked = len(watched.server.asked)
    watched.poller.reached()
    watched.poller.reached()
    await settled()
    assert len(watched.server.asked) == asked + 1
    assert watched.kinds[-1] == "Unchanged"
    watched.poller.reached()
    await settled()
    assert len(watched.server.asked) == asked + 1, "what is live needs no more than its interval"


async def test_a_list_that_alone_fails_is_not_asked_for_with_every_answer(watched: Watched) -> None:
    watched.server.error = NotSent("refused")
    await watched.clock.turn(EVERY)
    asked = len(watched.server.asked)
    for _ in range(20):
        watched.poller.reached()
        await watched.clock.turn(0.25)
    assert len(watched.server.asked) - asked == 2


@pytest.mark.parametrize("retry_after", [41.0, None])
async def test_a_rate_limit_is_waited_for_whatever_is_decided_meanwhile(
    watched: Watched, retry_after: float | None
) -> None:
    watched.server.error = RateLimited(Failure(FailureKind.LIMITED, "too many", retry_after=retry_after))
    await watched.clock.turn(EVERY)
    asked = len(watched.server.asked)
    await watched.clock.turn(3)
    watched.poller.nudge()
    watched.poller.reached()
    await settled()
    assert len(watched.server.asked) == asked
    watched.server.error = None
    await watched.clock.turn(41 - 3)
    assert len(watched.server.asked) > asked
    assert watched.kinds[-1] == "Unchanged"


async def test_a_person_may_ask_although_the_server_wants_to_be_left_alone(watched: Watched) -> None:
    watched.server.error = RateLimited(Failure(FailureKind.LIMITED, "too many", retry_after=41.0))
    await watched.clock.turn(EVERY)
    asked = len(watched.server.asked)
    watched.server.error = None
    watched.poller.resume()
    await settled()
    assert len(watched.server.asked) == asked + 1


async def test_while_the_budget_is_spent_a_failed_poll_is_not_tried_again() -> None:
    clock, server = HandClock(), Listed([])
    server.error = NotSent("refused")
    poller = Poller(server.page, lambda _: None, clock, interval=EVERY, advise=lambda base: max(base, 30.0))
    task = asyncio.create_task(poller.run())
    await clock.turn(29)
    assert len(server.asked) == 1
    await clock.turn(2)
    assert len(server.asked) == 2
    task.cancel()


async def test_a_refused_key_stops_it_until_a_person_asks(watched: Watched) -> None:
    watched.server.error = KeyNotAccepted(Failure(FailureKind.KEY_NOT_ACCEPTED, "unknown key", status=401))
    await watched.clock.turn(EVERY)
    asked = len(watched.server.asked)
    watched.poller.nudge()
    await watched.clock.turn(1_000)
    assert len(watched.server.asked) == asked
    watched.server.error = None
    watched.poller.resume()
    await settled()
    assert watched.kinds[-1] == "Unchanged"


async def test_a_nudge_polls_at_once_and_only_once(watched: Watched) -> None:
    watched.poller.nudge()
    watched.poller.nudge()
    await settled()
    assert len(watched.server.asked) == 2


async def test_a_page_asked_for_before_a_nudge_is_dropped_and_read_anew(watched: Watched) -> None:
    """What was decided while a page was on its way is not undone by it on the screen."""
    answer = asyncio.Event()

    async def slowly() -> None:
        await answer.wait()

    watched.server.before_answer = slowly
    await watched.clock.turn(EVERY)
    assert len(watched.server.asked) == 2
    watched.server.rows = [row("b", 1.0)]
    watched.poller.nudge()
    answer.set()
    await settled()
    assert len(watched.server.asked) == 3
    assert watched.kinds == ["Fresh", "Fresh"]
    assert isinstance(watched.told[-1], Fresh)
    assert [found.id for found in watched.told[-1].page.rows] == ["b"]


async def test_after_a_pause_there_is_one_poll_and_no_catching_up(watched: Watched) -> None:
    watched.poller.pause()
    await watched.clock.turn(10 * EVERY)
    watched.poller.nudge()
    await watched.clock.turn(EVERY)
    assert len(watched.server.asked) == 1
    watched.poller.resume()
    await settled()
    assert len(watched.server.asked) == 2
    await watched.clock.turn(EVERY - 0.5)
    assert len(watched.server.asked) == 2


async def test_waking_from_a_suspend_is_noticed_within_two_seconds(watched: Watched) -> None:
    await watched.clock.turn(1)
    watched.clock.suspend(3_600)
    await watched.clock.turn(2)
    assert len(watched.server.asked) == 2


async def test_a_bug_is_logged_with_its_traceback_and_polling_goes_on(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.server.error = ZeroDivisionError("hostile \x1b]52;c;x\x07 text")
    with caplog.at_level(logging.ERROR):
        await watched.clock.turn(EVERY)
    (failed,) = [outcome for outcome in watched.told if isinstance(outcome, Failed)]
    assert failed.failure.kind is FailureKind.BUG
    assert "hostile" not in failed.failure.title + failed.failure.hint
    assert caplog.records[0].exc_info is not None
    watched.server.error = None
    await watched.clock.turn(EVERY)
    assert watched.kinds[-1] == "Unchanged"


async def test_a_hearer_that_fails_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    clock, server = HandClock(), Listed([])

    def hear(outcome: Polled) -> None:
        raise RuntimeError(type(outcome).__name__)

    task = asyncio.create_task(Poller(server.page, hear, clock, interval=EVERY).run())
    await clock.turn(3 * EVERY)
    assert len(server.asked) >= 3
    assert "taken in" in caplog.text
    task.cancel()


async def test_one_request_is_in_flight_however_slow_the_server_is(watched: Watched) -> None:
    in_flight: list[int] = [0, 0]

    async def slowly() -> None:
        in_flight[0] += 1
        in_flight[1] = max(in_flight)
        await watched.clock.sleep(30)
        in_flight[0] -= 1

    watched.server.before_answer = slowly
    for _ in range(8):
        await watched.clock.turn(EVERY)
        watched.poller.nudge()
    assert in_flight[1] == 1
