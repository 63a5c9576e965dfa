"""How true the list still is: since when it is live or as old as it is, and when somebody asks again."""

import asyncio
from datetime import timedelta
from typing import NoReturn

import pytest

from review_tui.client.errors import NotSent
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.workers.desk import Desk, Ways
from review_tui.workers.liveness import Liveness
from review_tui.workers.news import FreshnessChanged
from review_tui.workers.poller import Failed
from tests.wire import NOON
from tests.workers.handclock import HandClock, Listed, rows_down_from

REFUSED = Failure(FailureKind.SERVER, "the server fails")
BUG = Failure(FailureKind.BUG, "something unexpected happened")


class Watched:
    """What is told of a list, by a clock that is turned by hand."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.told: list[Freshness] = []
        self.liveness = Liveness(lambda news: self.told.append(news.freshness), self.clock)

    async def later(self, seconds: float) -> None:
        await self.clock.turn(seconds)


@pytest.fixture
def watched() -> Watched:
    return Watched()


async def test_it_is_live_since_it_was_first_read_and_told_once(watched: Watched) -> None:
    watched.liveness.succeeded(8.4)
    await watched.later(8)
    watched.liveness.succeeded(8.4)
    assert watched.told == [Freshness(FreshnessState.LIVE, NOON, every=8.0)]


async def test_what_fails_is_as_old_as_the_last_reading(watched: Watched) -> None:
    watched.liveness.succeeded(8.0)
    await watched.later(8)
    watched.liveness.succeeded(8.0)
    await watched.later(8)
    watched.liveness.failed(Failed(REFUSED, 4.0))
    read_at, again = NOON + timedelta(seconds=8), NOON + timedelta(seconds=20)
    assert watched.liveness.freshness == Freshness(
        FreshnessState.STALE, read_at, failure=REFUSED, retry_at=again
    )
    await watched.later(4)
    watched.liveness.succeeded(8.0)
    assert watched.liveness.freshness.since == again, "what was missed meanwhile is not called live"


async def test_a_list_that_was_never_read_fails_since_the_first_try(watched: Watched) -> None:
    watched.liveness.failed(Failed(REFUSED, 4.0))
    await watched.later(4)
    watched.liveness.failed(Failed(REFUSED, None))
    assert watched.liveness.freshness == Freshness(FreshnessState.STOPPED, NOON, failure=REFUSED)


async def test_a_bug_is_told_with_the_age_of_what_stands_there(watched: Watched) -> None:
    await watched.later(5)
    watched.liveness.broke(BUG)
    assert watched.liveness.freshness.since == NOON + timedelta(seconds=5)
    watched.liveness.succeeded(8.0)
    await watched.later(60)
    watched.liveness.broke(BUG)
    assert watched.told[-1] == Freshness(FreshnessState.STOPPED, NOON + timedelta(seconds=5), failure=BUG)


async def _refused(*_: object, **__: object) -> NoReturn:
    raise NotSent("refused")


async def _no_name() -> str:
    return ""


def _broken(_: float) -> float:
    raise ZeroDivisionError


async def test_a_desk_whose_asking_has_ended_in_a_bug_says_so(caplog: pytest.LogCaptureFixture) -> None:
    listed = Listed(rows_down_from(100, 5))
    ways = Ways(
        page=lambda _, cursor: listed.page(cursor),
        detail=_refused,
        send=_refused,
        fetch=_refused,
        company=_no_name,
        close=_refused,
        advise_interval=_broken,
    )
    desk = Desk(ways, server="here", key_hint="…", clock=(clock := HandClock()))
    told: list[FreshnessState] = []
    desk.subscribe(
        lambda news: told.append(news.freshness.state) if isinstance(news, FreshnessChanged) else None
    )
    running = asyncio.create_task(desk.run())
    await clock.turn(30)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert told == [FreshnessState.STOPPED]
    assert "ZeroDivisionError" in caplog.text
