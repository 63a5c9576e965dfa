"""The budget of one key: what the rate headers leave, shared by everything that asks with it."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from review_tui.client.retry import http_date
from review_tui.model.frozen import frozen

WINDOW: Final = 60.0
"""Seconds of one fixed window of the server's."""

BACKGROUND_SHARE: Final = 0.5
"""Part of a window's reads that the background may spend, all consoles of the key together."""

FOREGROUND_RESERVE: Final = 0.2
"""Part of a window's reads that the background leaves for what a person asks."""

LONGEST_INTERVAL: Final = 60.0
"""Seconds: polling is never advised to be slower than this."""

_EPOCH: Final = 1e8
_EPOCH_MS: Final = 1e11
_JUDGED_FROM: Final = 10.0
_DIGITS: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?\Z")


class Bucket(StrEnum):
    """What a request is counted under."""

    READ = "read"
    WRITE = "write"


_ASSUMED: Final = {Bucket.READ: 300, Bucket.WRITE: 60}


@frozen
class Rates:
    """What one answer's headers say: requests per window, requests left, seconds until the next window."""

    limit: int
    remaining: int
    reset_in: float


@dataclass(slots=True)
class _Window:
    """What is known of a bucket's window; times in seconds of the budget's own clock."""

    limit: int
    remaining: int
    opened: float
    ends: float
    noted: float = 0.0
    granted: int = 0
    is_assumed: bool = False


def read_rates(headers: Mapping[str, str], now: datetime) -> Rates | None:
    """Read `X-RateLimit-*`; None where they are absent or make no sense.

    The reset may be in epoch seconds, epoch milliseconds or seconds from now. An absolute one is measured
    against the answer's own `Date`, so that a wrong local clock does no harm.
    """
    limit = _count(headers.get("x-ratelimit-limit"))
    remaining = _count(headers.get("x-ratelimit-remaining"))
    if not limit or remaining is None:
        return None
    there = http_date(headers.get("date")) or now
    return Rates(limit, min(remaining, limit), _reset_in(headers.get("x-ratelimit-reset"), there))


def _count(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(float(text)) if _DIGITS.match(text) and len(text) <= 9 else None


def _reset_in(text: str | None, now: datetime) -> float:
    text = (text or "").strip()
    if not _DIGITS.match(text):
        return WINDOW
    value = float(text)
    if value >= _EPOCH_MS:
        value /= 1_000
    if value >= _EPOCH:
        value -= now.timestamp()
    return value if 0.0 <= value <= 2 * WINDOW else WINDOW


def loop_time() -> float:
    """Return the running loop's own time: where that is turned by hand, the budget's turns with it."""
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:
        return time.monotonic()


class Budget:
    """What may be spent, decisions first: the background takes at most half and leaves a fifth untouched.

    Consoles that share a key do not see each other, but all see what is left: the interval is stretched by
    how fast the window empties, whoever empties it.
    """

    def __init__(self, clock: Callable[[], float] = loop_time) -> None:
        self._clock = clock
        self._windows: dict[Bucket, _Window] = {}
        self._stretch = 1.0
        self._blocked_until: dict[Bucket, float] = {}

    def limit(self, bucket: Bucket = Bucket.READ) -> int:
        """Return the requests per window; assumed until the server has said."""
        window = self._windows.get(bucket)
        return window.limit if window else _ASSUMED[bucket]

    def remaining(self, bucket: Bucket = Bucket.READ) -> int | None:
        """Return the requests left in this window; None while that is not known."""
        window = self._current(bucket)
        return window.remaining if window else None

    def reset_in(self, bucket: Bucket = Bucket.READ) -> float | None:
        """Return the seconds until the next window; None while that is not known."""
        window = self._current(bucket)
        return window.ends - self._clock() if window else None

    def note(self, bucket: Bucket, headers: Mapping[str, str], *, now: datetime | None = None) -> None:
        """Take in the headers of one answer."""
        rates = read_rates(headers, now or datetime.now(UTC))
        if rates is None:
            return
        here = self._clock()
        ends = here + rates.reset_in
        window = self._windows.get(bucket)
        if window is None or here >= window.ends or ends > window.ends + WINDOW / 2:
            if window is not None and bucket is Bucket.READ:
                self._learn(window)
            window = _Window(rates.limit, rates.remaining, ends - WINDOW, ends)
            self._windows[bucket] = window
        elif window.is_assumed:  # what is left of it was never said
            window.remaining, window.is_assumed = rates.remaining, False
        window.noted = here
        window.limit, window.ends = rates.limit, min(ends, window.ends)
        window.remaining = min(rates.remaining, window.remaining)

    def refused(self, bucket: Bucket, retry_after: float | None) -> None:
        """Take in a 429: nothing more in the background until it is over, and more slowly after."""
        wait = WINDOW / 4 if retry_after is None else retry_after
        self._blocked_until[bucket] = self._clock() + wait
        if bucket is Bucket.READ:
            self._stretch = min(self._stretch * 1.5, LONGEST_INTERVAL)

    def advise_interval(self, base: float) -> float:
        """Return how many seconds to leave between two background reads of one console; at least `base`."""
        stretched = min(base * self._stretch, max(base, LONGEST_INTERVAL))
        return max(stretched, self._rest())

    def may_spend_background(self) -> float:
        """Ask for one background read: 0.0 grants and counts it, else the seconds to wait first."""
        if (rest := self._rest()) > 0:
            return rest
        window = self._current(Bucket.READ)
        if window is None:
            here = self._clock()
            assumed = _ASSUMED[Bucket.READ]
            window = _Window(assumed, assumed, here, here + WINDOW, is_assumed=True)
            self._windows[Bucket.READ] = window
        if window.granted >= max(1, int(window.limit * BACKGROUND_SHARE / self._stretch)):
            return max(window.ends - self._clock(), 0.1)
        window.granted += 1
        return 0.0

    def pace_writes(self, waited: float = 0.0) -> float:
        """Return the seconds still to leave before the next of many decisions, after `waited` ones.

        The first half of a window goes as fast as it is answered; the rest is spread until its end, and a
        fifth is left for single ones.
        """
        here = self._clock()
        blocked = max(self._blocked_until.get(Bucket.WRITE, 0.0) - here, 0.0)
        window = self._current(Bucket.WRITE)
        if window is None:
            return blocked
        room = self._room(window)
        if room < 1:
            return max(blocked, window.ends - here)
        spread = (window.ends - here) / room if window.remaining * 2 < window.limit else 0.0
        return max(blocked, spread - waited, 0.0)

    def time_for_writes(self, count: int) -> float:
        """Return the seconds in which `count` more decisions may be sent, if the server is quick."""
        window = self._current(Bucket.WRITE)
        limit = self.limit(Bucket.WRITE) * (1 - FOREGROUND_RESERVE)
        room = limit if window is None else self._room(window)
        if count <= room:
            return 0.0
        rest = WINDOW if window is None else window.ends - self._clock()
        return rest + (count - room) // limit * WINDOW

    @staticmethod
    def _room(window: _Window) -> float:
        """Return how many of a window's requests many at once may take."""
        return max(window.remaining - window.limit * FOREGROUND_RESERVE, 0.0)

    def _rest(self) -> float:
        """Seconds for which the background must not ask at all."""
        here = self._clock()
        blocked = self._blocked_until.get(Bucket.READ, 0.0) - here
        window = self._current(Bucket.READ)
        if window is not None and window.remaining <= window.limit * FOREGROUND_RESERVE:
            blocked = max(blocked, window.ends - here)
        return max(blocked, 0.0)

    def _current(self, bucket: Bucket) -> _Window | None:
        window = self._windows.get(bucket)
        return window if window and self._clock() < window.ends else None

    def _learn(self, window: _Window) -> None:
        """Set the stretch so that the next window is emptied no faster than the background's share."""
        seen = min(window.noted - window.opened, WINDOW)
        if seen < _JUDGED_FROM:
            return
        used = (window.limit - window.remaining) * WINDOW / seen
        wanted = used / (window.limit * BACKGROUND_SHARE)
        self._stretch = min(max(self._stretch * wanted, 1.0), LONGEST_INTERVAL)
