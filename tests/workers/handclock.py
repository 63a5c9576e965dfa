"""A clock that a test turns by hand, and pages to read by it."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from review_tui.model.submissions import Page, Row
from review_tui.model.text import Shown
from tests.wire import NOON


class HandClock:
    """Time stands still until `turn`; whoever sleeps wakes in order, and gets to run before time goes on."""

    def __init__(self, now: datetime = NOON) -> None:
        self._wall = now
        self._steady = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()

    def now(self) -> datetime:
        return self._wall

    def monotonic(self) -> float:
        return self._steady

    async def sleep(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        slept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._steady + seconds, next(self._numbers), slept))
        await first_of(slept, unless)

    async def turn(self, seconds: float) -> None:
        """Let so many seconds pass."""
        end = self._steady + seconds
        await settled()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            if woken.done():
                continue
            self._pass(due - self._steady)
            woken.set_result(None)
            await settled()
        self._pass(end - self._steady)

    def suspend(self, seconds: float) -> None:
        """Let the machine sleep: the wall clock goes on, the steady one stands still."""
        self._wall += timedelta(seconds=seconds)

    def _pass(self, seconds: float) -> None:
        self._steady += seconds
        self._wall += timedelta(seconds=seconds)


class LeapingClock(HandClock):
    """Whoever sleeps wakes at once, and so much later it is."""

    async def sleep(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        await asyncio.sleep(0)
        self._pass(max(seconds, 0.0))


async def first_of(slept: asyncio.Future[None], unless: asyncio.Event | None) -> None:
    """Wait until somebody has slept enough, or until `unless` is set."""
    if unless is None:
        await slept
        return
    waits: list[asyncio.Future[Any]] = [slept, asyncio.ensure_future(unless.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
        await asyncio.gather(*waits, return_exceptions=True)


async def settled() -> None:
    """Let everything run that can run without time passing."""
    for _ in range(40):
        await asyncio.sleep(0)


def row(name: str, order: float, status: str = "review") -> Row:
    """A row of the queue."""
    return Row(
        id=name,
        status=Shown.of(status),
        fraud_status=None,
        fraud_score=None,
        confidence=None,
        merchant=None,
        amount=None,
        currency=None,
        workflow=None,
        client_submission_id=None,
        created=order,
        order=order,
    )


class Listed:
    """A server's list of rows, newest first, paged by a cursor that is the order to go on below."""

    def __init__(self, rows: list[Row], *, limit: int = 10) -> None:
        self.rows = rows
        self.limit = limit
        self.asked: list[str | None] = []
        self.before_answer: Callable[[], Awaitable[None]] | None = None
        self.error: Exception | None = None

    async def page(self, cursor: str | None = None) -> Page:
        self.asked.append(cursor)
        below = float("inf") if cursor is None else float(cursor)
        found = [row for row in self.rows if row.order < below]
        if self.before_answer is not None:
            await self.before_answer()
        if self.error is not None:
            raise self.error
        rows = tuple(found[: self.limit])
        more = len(found) > self.limit
        return Page(rows, more, str(rows[-1].order) if more else None)


def rows_down_from(top: int, number: int) -> list[Row]:
    """Rows `r<top>` and below, newest first."""
    return [row(f"r{order}", float(order)) for order in range(top, top - number, -1)]
