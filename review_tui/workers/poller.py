"""The poller: asks for the first page again and again, and never dies."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import random
from typing import Final

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Page
from review_tui.workers.clock import Clock, sleep_unless
from review_tui.workers.faults import failure_of

log = logging.getLogger(__name__)

INTERVAL: Final = 8.4
"""Seconds between polls: with the jitter at most nine begin in any minute."""

JITTER: Final = 0.2
LONGEST_BACKOFF: Final = 12.0
"""Seconds between tries while the server fails, unless it asks for more: it is missed for no longer."""

LONGEST_LIMITED: Final = 60.0
"""The same while it refuses for its rate limit and does not say for how long."""

_AGAIN: Final = 2.0
"""Seconds between two tries, at least, when others find that the server answers."""

_SLICE: Final = 2.0
_SUSPENDED: Final = 5.0


@frozen
class Fresh:
    """The page differs from the one before; the next poll is `every` seconds away, before jitter."""

    page: Page
    every: float


@frozen
class Unchanged:
    """The page is the one we have."""

    page: Page
    every: float


@frozen
class Failed:
    """The page could not be read; the next try is `retry_in` seconds away, or None when polling stopped."""

    failure: Failure
    retry_in: float | None


Polled = Fresh | Unchanged | Failed


def backoff(failures: int, interval: float, failure: Failure) -> float:
    """Return the seconds to wait after so many failures in a row; what the server asks for wins."""
    if failure.retry_after is not None:
        return max(1.0, failure.retry_after)
    longest = LONGEST_LIMITED if failure.kind is FailureKind.LIMITED else LONGEST_BACKOFF
    return min(longest, interval * 2.0 ** min(failures - 1, 10))


class Poller:
    """Fetch, publish one of three outcomes, sleep; one request in flight, overlap dropped, no catch-up."""

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Page]],
        publish: Callable[[Polled], None],
        clock: Clock,
        *,
        interval: float = INTERVAL,
        jitter: float = JITTER,
        advise: Callable[[float], float] = float,
        chance: Callable[[], float] = random,
    ) -> None:
        """Take what to fetch and whom to tell; `advise` widens the interval as the budget asks.

        Of 0 it gives the seconds for which nothing at all may be asked.
        """
        self._fetch = fetch
        self._publish = publish
        self._clock = clock
        self._interval = interval
        self._jitter = jitter
        self._advise = advise
        self._chance = chance
        self._woken = asyncio.Event()
        self._asked_again = False
        self._paused = False
        self._stopped = False
        self._failures = 0
        self._tried = float("-inf")
        self._not_before = float("-inf")
        self._last: Page | None = None

    def nudge(self) -> None:
        """Poll now. A page in flight is older than the cause of this call, so it is dropped and read anew.

        A stopped or paused poller stays so until `resume()`, and a wait that the server asked for is kept.
        """
        if self._stopped or self._paused or self._clock.monotonic() < self._not_before:
            return
        self._asked_again = True
        self._woken.set()

    def restart(self) -> None:
        """Poll now for something else, unless a wait that was asked for is not over."""
        self._last = None
        if self._paused or self._stopped:
            self.resume()
        else:
            self.nudge()

    def reached(self) -> None:
        """Hear that somebody else's request was answered: where polls failed, poll now."""
        if self._failures and self._clock.monotonic() - self._tried >= _AGAIN:
            self.nudge()

    def pause(self) -> None:
        """Ask nothing until `resume()`."""
        self._paused = True

    def resume(self) -> None:
        """Go on, with one poll at once, also after a stop: a person asks for it."""
        self._paused = self._stopped = False
        self._not_before = float("-inf")
        self.nudge()

    async def run(self) -> None:
        """Poll until cancelled."""
        while True:
            if not (self._paused or self._stopped):
                await self._rest(await self._poll())
            else:
                await self._woken.wait()
            self._woken.clear()

    async def _poll(self) -> float:
        """Read once, tell, and return the seconds to rest; a page that was outrun is read again."""
        while True:
            self._asked_again = False
            self._woken.clear()
            outcome = await self._outcome()
            if self._paused:
                return 0.0
            if not self._asked_again or isinstance(outcome, Failed):
                break
        if not isinstance(outcome, Failed):
            self._last = outcome.page
        try:
            self._publish(outcome)
        except Exception:
            log.exception("a poll's news could not be taken in")
        if isinstance(outcome, Failed):
            return outcome.retry_in or 0.0
        return outcome.every * (1 + self._jitter * (2 * self._chance() - 1))

    async def _outcome(self) -> Polled:
        self._tried = self._clock.monotonic()
        try:
            page = await self._fetch()
            every = self._advise(self._interval)
        except Exception as error:  # noqa: BLE001 – the poller survives everything; failure_of logs bugs
            failure = failure_of(error, "poll")
            self._failures += 1
            self._stopped = failure.stops_polling
            rest = max(backoff(self._failures, self._interval, failure), self._advise(0.0))
            if failure.retry_after is not None or failure.kind is FailureKind.LIMITED:
                self._not_before = self._clock.monotonic() + rest
            return Failed(failure, None if self._stopped else rest)
        self._failures = 0
        last = self._last
        same = last is not None and (last.rows, last.has_more, last.unreadable) == (
            page.rows,
            page.has_more,
            page.unreadable,
        )
        return Unchanged(page, every) if same else Fresh(page, every)

    async def _rest(self, seconds: float) -> None:
        """Sleep in slices: the steady clock stands still in a suspend, the wall clock tells of it."""
        due = self._clock.monotonic() + seconds
        while (left := due - self._clock.monotonic()) > 0:
            began, length = self._clock.now(), min(left, _SLICE)
            if await sleep_unless(self._clock, length, self._woken):
                return
            if (self._clock.now() - began).total_seconds() > length + _SUSPENDED:
                return
