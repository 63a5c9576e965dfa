"""How true the list still is, judged by what becomes of the polls."""

from collections.abc import Callable
from datetime import datetime, timedelta

from review_tui.model.failures import Failure
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.workers.clock import Clock
from review_tui.workers.news import FreshnessChanged
from review_tui.workers.poller import Failed


class Liveness:
    """Keeps the list's `freshness` and tells it whenever it is another."""

    def __init__(self, publish: Callable[[FreshnessChanged], None], clock: Clock) -> None:
        self.freshness = Freshness()
        self._publish = publish
        self._clock = clock
        self._live_since: datetime | None = None
        self._last_success: datetime | None = None

    def succeeded(self, every: float) -> None:
        """Take in that the list was read; it will be again in `every` seconds."""
        self._last_success = now = self._clock.now()
        self._live_since = self._live_since or now
        self._become(Freshness(FreshnessState.LIVE, self._live_since, every=float(round(every))))

    def failed(self, outcome: Failed) -> None:
        """Take in that it could not be read: it is as old as the last time that it could."""
        now = self._clock.now()
        stopped = outcome.retry_in is None
        retry_at = None if outcome.retry_in is None else now + timedelta(seconds=outcome.retry_in)
        state = FreshnessState.STOPPED if stopped else FreshnessState.STALE
        since = self._last_success or (self.freshness.since if self.freshness.failure else None) or now
        self._live_since = None
        self._become(Freshness(state, since, failure=outcome.failure, retry_at=retry_at))

    def paused(self) -> None:
        """Take in that nobody asks until a person wants it."""
        self._become(Freshness(FreshnessState.PAUSED, self._clock.now()))

    def broke(self, failure: Failure) -> None:
        """Take in that a bug has ended the asking."""
        since = self._last_success or self._clock.now()
        self._become(Freshness(FreshnessState.STOPPED, since, failure=failure))

    def _become(self, freshness: Freshness) -> None:
        if freshness != self.freshness:
            self.freshness = freshness
            self._publish(FreshnessChanged(freshness))
