"""Virtual time, and a network on which three requests of ten go wrong."""

import asyncio
import selectors
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from datetime import datetime, timedelta
from random import Random
from typing import Any

import httpx

from review_tui.workers.clock import sleep_by_the_loop
from tests.simulation.server import answer
from tests.wire import NOON

LANDS_WITHIN = 44.0
"""Seconds after it was sent within which a request may still land: its deadline and half a minute."""

FATES = {
    "well": 70.0,
    "refused": 3.0,
    "dropped before": 3.0,
    "dropped after": 4.0,
    "lost before": 2.0,
    "lost after": 3.0,
    "late": 4.0,
    "slow": 3.0,
    "5xx before": 2.0,
    "5xx after": 2.0,
    "429": 2.0,
    "HTML before": 1.0,
    "HTML after": 1.0,
}
"""How often what happens to a request: before or after it took effect."""

OUTAGES = ({"refused": 1.0}, {"lost before": 1.0}, {"5xx before": 1.0}, {"HTML before": 1.0})
"""Weather in which nothing gets through."""

_FOREVER = 1000.0


class LeapingSelector(selectors.DefaultSelector):
    """Never waits: where nothing is ready, time leaps to what is due next. Nobody else writes to its loop."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        assert timeout is not None, "nothing is left that could ever happen"
        self.passed += max(timeout, 0.0)
        return []


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time; what is given to a thread is done at once."""

    def __init__(self) -> None:
        self._leaping = LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.passed

    def run_in_executor(  # type: ignore[override]  # the same shape, without the overloads
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 – handed on as a thread would
            done.set_exception(error)
        return done


class LoopClock:
    """The time of the running loop."""

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float, unless: asyncio.Event | None = None) -> None:
        await sleep_by_the_loop(seconds, unless)


class Weather(httpx.AsyncBaseTransport):
    """Carries requests to a server through faults drawn by `chance` from `fates`; none while it is `calm`.

    A request that is on its way reaches the server also when whoever sent it is gone. `proved` counts by
    request id those that never left or were refused by a rate limit; `sent` all that were begun; `seen`
    counts what happened to requests while it was not calm.
    """

    def __init__(self, carrier: httpx.AsyncBaseTransport, chance: Random) -> None:
        self.calm = False
        self.fates: Mapping[str, float] = FATES
        self.sent: dict[str, list[float]] = {}
        self.proved: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.at_request: Callable[[], None] = lambda: None
        self._carrier = carrier
        self._chance = chance
        self._on_their_way: set[asyncio.Task[Any]] = set()

    @property
    def on_their_way(self) -> set[asyncio.Task[Any]]:
        """What goes on without the console."""
        return self._on_their_way

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.at_request()
        chance = self._chance
        fate = "well" if self.calm else chance.choices(list(self.fates), list(self.fates.values()))[0]
        if not self.calm:
            self.seen[fate] += 1
        intent = request.headers.get("X-Request-Id", "") if request.method == "POST" else ""
        if intent:
            self.sent.setdefault(intent, []).append(asyncio.get_running_loop().time())
        if fate in {"refused", "429"}:
            self.proved[intent] += 1
        await asyncio.sleep(chance.uniform(0.01, 0.4))
        if (instead := await self._kept_from_the_server(fate, request)) is not None:
            return instead
        answered = await asyncio.shield(self._arrives(request, chance.uniform(0.0, 0.2)))
        return await self._on_its_way_back(fate, request, answered)

    async def _kept_from_the_server(self, fate: str, request: httpx.Request) -> httpx.Response | None:
        """Fail before the server hears of it, or (late) before it has answered; None where it goes on."""
        if fate == "refused":
            raise httpx.ConnectError("refused", request=request)
        if fate == "429":
            return _problem(429, Retry_After=str(self._chance.randint(1, 40)))
        if fate == "5xx before":
            return _problem(self._chance.choice([500, 502, 503]))
        if fate == "HTML before":
            return _page(self._chance.choice([200, 200, 502]))
        if fate == "late":
            self._arrives(request, self._chance.uniform(0.0, LANDS_WITHIN - 0.4))
            await asyncio.sleep(self._chance.choice([0.0, _FOREVER]))
        if fate == "lost before":
            await asyncio.sleep(_FOREVER)
        if fate in {"dropped before", "late", "lost before"}:
            raise httpx.ReadError("reset", request=request)
        return None

    async def _on_its_way_back(
        self, fate: str, request: httpx.Request, answered: httpx.Response
    ) -> httpx.Response:
        """Spoil an answer to what has taken effect, if it is to be."""
        if fate == "slow":
            await asyncio.sleep(self._chance.uniform(1.0, 20.0))
        if fate == "lost after":
            await asyncio.sleep(_FOREVER)
        if fate in {"dropped after", "lost after"}:
            raise httpx.ReadError("reset", request=request)
        if fate == "5xx after":
            return _problem(self._chance.choice([500, 502, 503, 504]))
        return _page(200) if fate == "HTML after" else answered

    def _arrives(self, request: httpx.Request, seconds: float) -> asyncio.Task[httpx.Response]:
        async def land() -> httpx.Response:
            await asyncio.sleep(seconds)
            return await self._carrier.handle_async_request(request)

        return self.goes_on(land)

    def goes_on(self, doing: Callable[[], Awaitable[Any]]) -> asyncio.Task[Any]:
        """Do something that does not end with the console."""
        task: asyncio.Task[Any] = asyncio.ensure_future(doing())
        self._on_their_way.add(task)
        task.add_done_callback(self._on_their_way.discard)
        return task


def _problem(status: int, **headers: str) -> httpx.Response:
    return answer(status, b'{"title": "no"}', "application/problem+json", **headers)


def _page(status: int) -> httpx.Response:
    return answer(status, b"<h1>Please wait</h1>", "text/html")
