"""The server's clock beside ours: how far the two stand apart, as the `Date` of its answers tells."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from review_tui.client.retry import http_date

IGNORED: Final = timedelta(seconds=2)
"""How far apart two clocks may stand and still pass for the same: a `Date` has no parts of a second."""

BELIEVED_WITHIN: Final = timedelta(seconds=5)
"""How long an answer may take whose `Date` still tells the time."""

REMEMBERED: Final = 9
"""Answers of which the median is taken, so that a single odd one does not count."""

_HALF_A_SECOND: Final = timedelta(seconds=0.5)


class ServerClock:
    """How far the server's clock is ahead of this machine's.

    `offset` has to be added to this machine's time: in whole seconds, none where nothing is known. Any thread
    may read it.
    """

    def __init__(self) -> None:
        self.offset = timedelta()
        self._seen: deque[float] = deque(maxlen=REMEMBERED)

    def note(self, headers: Mapping[str, str], sent: datetime, received: datetime) -> None:
        """Take in the `Date` of an answer that was asked for and came at these moments of our clock.

        One that a cache gives may be of any age, one for which our clock ran back says nothing.
        """
        there = http_date(headers.get("date"))
        if there is None or "age" in headers or not timedelta() <= received - sent <= BELIEVED_WITHIN:
            return
        here = sent + (received - sent) / 2
        self._seen.append((there + _HALF_A_SECOND - here).total_seconds())
        offset = timedelta(seconds=round(median(self._seen)))
        self.offset = timedelta() if abs(offset) <= IGNORED else offset
