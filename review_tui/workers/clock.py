"""Time as the workers see it, so that a test may turn it by hand."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Protocol


class Clock(Protocol):
    """Wall time in UTC, a steady count of seconds, and waiting."""

    def now(self) -> datetime:
        """Return the wall time in UTC; it may jump, for instance over a suspend."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run back."""
        ...

    async def sleep(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        """Wait so many seconds, or until `unless` is set."""
        ...


class RealClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the wall time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run back."""
        return monotonic()

    async def sleep(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        """Wait so many seconds, or until `unless` is set."""
        await sleep_by_the_loop(seconds, unless)


async def sleep_by_the_loop(seconds: float, unless: asyncio.Event | None) -> None:
    """Wait so many seconds of the running loop, or until `unless` is set."""
    if unless is None:
        await asyncio.sleep(seconds)
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await unless.wait()


async def sleep_unless(clock: Clock, seconds: float, woken: asyncio.Event) -> bool:
    """Wait until `woken` is set or the time is over; return whether it was set."""
    if not woken.is_set():
        await clock.sleep(seconds, woken)
    return woken.is_set()


async def wait_at_most(clock: Clock, seconds: float, tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Wait for tasks, at most so long; they are left as they are."""
    waited_for = tuple(tasks)
    if not waited_for:
        return
    drained = asyncio.ensure_future(asyncio.wait(waited_for))
    limit = asyncio.ensure_future(clock.sleep(seconds))
    await asyncio.wait({drained, limit}, return_when=asyncio.FIRST_COMPLETED)
    drained.cancel()
    limit.cancel()
    await asyncio.gather(drained, limit, return_exceptions=True)
