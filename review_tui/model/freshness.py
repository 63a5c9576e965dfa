"""Freshness: how true what is on the screen still is."""

from datetime import datetime
from enum import StrEnum

from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen


class FreshnessState(StrEnum):
    """What is happening between us and the server."""

    LOADING = "loading"
    LIVE = "live"
    STALE = "stale"
    PAUSED = "paused"
    STOPPED = "stopped"


@frozen
class Freshness:
    """The state, since when it holds, how often we ask (seconds) and, when stale, why and the next try."""

    state: FreshnessState = FreshnessState.LOADING
    since: datetime | None = None
    every: float | None = None
    failure: Failure | None = None
    retry_at: datetime | None = None
