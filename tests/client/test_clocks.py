"""The server's clock is known by the `Date` of its answers, however wrong the one of this machine is."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review_tui.client.clocks import REMEMBERED, ServerClock
from tests.wire import steve_on

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)


def answered(clock: ServerClock, there: datetime, here: datetime, *, took: float = 0.2, **more: str) -> None:
    """Hear an answer that the server dated, on a machine whose clock shows something else."""
    headers = {"date": format_datetime(there, usegmt=True), **more}
    clock.note(headers, here, here + timedelta(seconds=took))


@pytest.mark.parametrize(
    "ahead", [timedelta(hours=3), timedelta(days=-1), timedelta(seconds=3), timedelta(minutes=-7, seconds=-4)]
)
def test_a_wrong_clock_is_known_to_the_second_from_one_answer(ahead: timedelta) -> None:
    clock = ServerClock()
    answered(clock, NOON + ahead, NOON + timedelta(seconds=0.4))
    assert abs(clock.offset - ahead) <= timedelta(seconds=1)


@pytest.mark.parametrize("part", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("took", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_two_clocks_that_go_right_are_the_same(part: float, took: float, ahead: int) -> None:
    clock = ServerClock()
    for second in range(20):
        here = NOON + timedelta(seconds=second + part)
        middle = here + timedelta(seconds=took / 2 + ahead)
        answered(clock, middle.replace(microsecond=0), here, took=took)
        assert clock.offset == timedelta()


def test_nothing_is_known_before_the_first_answer_and_from_what_is_no_date() -> None:
    clock = ServerClock()
    assert clock.offset == timedelta()
    for date in ("", "yesterday", "2026-03-25", "Wed, 99 Mar 2026 12:00:00 GMT"):
        clock.note({"date": date}, NOON, NOON)
    clock.note({}, NOON, NOON)
    assert clock.offset == timedelta()


def test_an_answer_that_may_be_old_does_not_count() -> None:
    clock = ServerClock()
    day = timedelta(days=1)
    answered(clock, NOON - day, NOON, age="86400")
    answered(clock, NOON - day, NOON, took=6.0)
    answered(clock, NOON - day, NOON, took=-1.0)
    assert clock.offset == timedelta()


def test_one_odd_answer_among_many_does_not_count_and_a_clock_set_anew_soon_does() -> None:
    clock = ServerClock()
    for second in range(REMEMBERED):
        answered(clock, NOON + timedelta(seconds=second), NOON + timedelta(seconds=second))
    answered(clock, NOON + timedelta(hours=5), NOON)
    assert clock.offset == timedelta()
    for second in range(REMEMBERED // 2 + 1):
        now = NOON + timedelta(minutes=1, seconds=second)
        answered(clock, now, now + timedelta(hours=3))
    assert abs(clock.offset + timedelta(hours=3)) <= timedelta(seconds=1)


class Dated:
    """Dates answers by a clock that is three hours ahead of this machine's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                there = format_datetime(datetime.now(UTC) + timedelta(hours=3), usegmt=True)
                message["headers"] = [*message["headers"], (b"date", there.encode())]
            await send(message)

        await self.app(scope, receive, dated)


async def test_the_clock_is_known_from_whatever_is_asked(sandbox_app: Starlette) -> None:
    sandbox_app.add_middleware(Dated)
    async with steve_on(sandbox_app) as steve:
        assert steve.clock_offset == timedelta()
        await steve.companies.list()
        assert abs(steve.clock_offset - timedelta(hours=3)) <= timedelta(seconds=1)
