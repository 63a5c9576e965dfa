"""Older pages: loaded by cursor in the background, then re-read slowly, one at a time, for ever."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from math import inf
from typing import Final

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.frozen import frozen
from review_tui.model.queue import HEAD, Window
from review_tui.model.submissions import Page
from review_tui.workers.clock import Clock
from review_tui.workers.faults import failure_of
from review_tui.workers.news import LoadingMoved, PageRead

log = logging.getLogger(__name__)

MOST_ROWS: Final = 100_000
"""Rows that are loaded unasked; older ones are left on the server until a person wants them too."""

TICKS_A_SWEEP: Final = 2
"""Polls of the first page for each re-reading of a deeper one."""

SWEEP_APART: Final = 20.1
"""Seconds between two re-readings at least, so that at most three begin in any minute."""

_BACKOFF: Final = (5.0, 10.0, 20.0, 40.0, 60.0)
_WAIT_SAID: Final = 1.0
_REFUSALS: Final = 3
_BARREN: Final = 50
"""Pages without a row, one after the other, that a walk puts up with; a filter may leave some."""


@frozen
class _Place:
    """Where a walk was left."""

    cursor: str
    window: Window
    rows: int
    seen: frozenset[str]


class Pages:
    """Walks from the first page to the last, quickly while something is missing, else a page now and then.

    A walk follows the server's own cursors from a first page as just polled, so what moved between pages
    is met again by the next walk. Cursors that lead in a circle end the walk. A walk that is stopped, or has
    brought as many rows as are wanted unasked, goes on from that place when a person says so.
    """

    def __init__(
        self,
        read: Callable[[str], Awaitable[Page]],
        publish: Callable[[PageRead | LoadingMoved], None],
        clock: Clock,
        *,
        background_wait: Callable[[], float] = lambda: 0.0,
        most_rows: int = MOST_ROWS,
    ) -> None:
        """Take how to read the page behind a cursor; `background_wait` gives the seconds to wait first."""
        self._read = read
        self._publish = publish
        self._clock = clock
        self._background_wait = background_wait
        self._unasked = most_rows
        self._most_rows: float = most_rows
        self._left: _Place | None = None
        self._head: Page | None = None
        self._cursor: str | None = None
        self._window = HEAD
        self._seen: set[str] = set()
        self._missing_above: float | None = float("-inf")
        self._rows = 0
        self._rows_of_last_walk = 0
        self._complete = False
        self._told: LoadingMoved | None = None
        self._ticks = 0
        self._ticked = asyncio.Event()
        self._going = asyncio.Event()
        self._going.set()
        self._read_at = float("-inf")
        self._outrun = False
        self._failures = 0
        self._refusals = 0
        self._barren = 0

    @property
    def is_loading(self) -> bool:
        """Whether pages are missing that this walk is to bring."""
        return self._missing_above is not None

    def ticked(self, head: Page) -> None:
        """Hear that the first page was polled; each success is one tick, none come while polling rests."""
        before, self._head = self._head, head
        if before is not None and _leaves_a_hole(before, head) and self._missing_above is None:
            self._missing_above = before.rows[0].order
            self._cursor = None
        if self._cursor is None:
            self._begin(head)
        self._ticks += 1
        self._ticked.set()

    def outrun(self) -> None:
        """Drop the page in flight, for it was asked before something was decided, and read it anew."""
        self._outrun = True

    def leave_older(self) -> None:
        """Load no more than what is here; that is still re-read."""
        if self._cursor is not None and self._missing_above == -inf:
            self._most_rows = self._rows
            self._leave(self._cursor)

    def load_older(self) -> None:
        """Go on where loading was left, to the last page."""
        if self._left is None:
            return
        left, self._left, self._most_rows = self._left, None, inf
        if not self.is_loading:
            self._cursor, self._window, self._rows = left.cursor, left.window, left.rows
            self._seen = set(left.seen)
        self._missing_above = -inf
        self._tell(None)
        self._ticked.set()

    def restart(self) -> None:
        """Walk another list, from its first page when that has come; the page in flight is of the old one."""
        self._most_rows, self._left = self._unasked, None
        self._head = self._cursor = self._told = None
        self._window = HEAD
        self._seen = set()
        self._missing_above = float("-inf")
        self._rows = self._rows_of_last_walk = 0
        self._failures = self._refusals = self._barren = 0
        self._complete = False
        self._outrun = True
        self._going.set()

    def pause(self) -> None:
        """Ask nothing until `resume()`."""
        self._going.clear()

    def resume(self) -> None:
        """Go on where it was left."""
        self._going.set()

    def give_up(self, failure: Failure) -> None:
        """Say that older pages are not loaded any more."""
        self._complete = False
        self._tell(failure.title)

    async def run(self) -> None:
        """Load and re-read until cancelled."""
        while True:
            await self._turn()
            if self._cursor is not None:
                await self._step(self._cursor)

    async def _turn(self) -> None:
        """Wait until the next page may be asked for."""
        await self._ticked.wait()
        if self._cursor is None or not self.is_loading or self._failures:
            await self._next_tick()
        while not self.is_loading and not self._sweep_is_due():
            await self._next_tick()
        if self.is_loading:
            while (wait := self._background_wait()) > 0:
                if wait > _WAIT_SAID:
                    self._tell("resting, so that decisions have requests left")
                await self._clock.sleep(wait)
        else:
            self._ticks = 0
        await self._going.wait()

    async def _next_tick(self) -> None:
        self._ticked.clear()
        await self._ticked.wait()

    def _sweep_is_due(self) -> bool:
        apart = self._clock.monotonic() - self._read_at
        return self._ticks >= TICKS_A_SWEEP and apart >= SWEEP_APART and self._background_wait() <= 0

    async def _step(self, cursor: str) -> None:
        """Read one page and walk on from it."""
        window, self._outrun = self._window, False
        self._read_at = self._clock.monotonic()
        try:
            page = await self._read(cursor)
        except Exception as error:  # noqa: BLE001 – the walk survives everything; failure_of logs bugs
            if cursor == self._cursor:  # else it is not what is walked through any more
                await self._rest_after(error)
            return
        if self._outrun or cursor != self._cursor:
            return
        self._failures = 0
        self._seen.add(cursor)
        self._rows += len(page.rows)
        self._barren = 0 if page.rows else self._barren + 1
        self._window = window.beyond(page)
        self._publish(PageRead(page, window))
        self._walk_on(page)

    def _walk_on(self, page: Page) -> None:
        self._cursor = page.next_cursor if page.has_more else None
        missing_above = self._missing_above
        if self._cursor is None:
            self._end(None if not page.has_more else "the server names no next page")
        elif self._cursor in self._seen:
            self._end("the server's pages lead in a circle")
        elif self._barren >= _BARREN:
            self._end("the server's pages are empty and do not end")
        elif self._rows >= self._most_rows:
            self._leave(self._cursor)
        elif missing_above is not None and page.rows and page.rows[-1].order <= missing_above:
            self._missing_above = None
            self._tell(self._told.paused if self._told else None)
        elif self.is_loading:
            self._tell(None)

    def _begin(self, head: Page) -> None:
        self._seen = set()
        self._cursor = head.next_cursor if head.has_more else None
        self._window = HEAD.beyond(head)
        self._rows = len(head.rows)
        if self._cursor is None:
            self._end("the server names no next page" if head.has_more else None)
        elif self._rows >= self._most_rows:
            self._leave(self._cursor)

    def _leave(self, cursor: str) -> None:
        """Leave older pages on the server, and keep the place where they begin."""
        if self._missing_above == -inf:
            self._left = _Place(cursor, self._window, self._rows, frozenset(self._seen))
        self._end(f"the newest {self._rows:,} are loaded, older ones are not")

    def _end(self, why: str | None) -> None:
        """End a walk, early where `why` says so; the next begins at the first page with the next tick."""
        self._cursor = None
        self._missing_above = None
        self._refusals = self._barren = 0
        self._complete = why is None
        self._rows_of_last_walk = self._rows
        self._tell(why)

    async def _rest_after(self, error: Exception) -> None:
        failure = failure_of(error, "load older pages")
        self._failures += 1
        if failure.kind is FailureKind.BAD_REQUEST:
            self._cursor = None
            self._refusals += 1
            if self._refusals >= _REFUSALS:
                self._end(failure.title)
        self._tell(failure.title)
        await self._clock.sleep(failure.retry_after or _BACKOFF[min(self._failures, len(_BACKOFF)) - 1])

    def _tell(self, paused: str | None) -> None:
        rows = max(self._rows, self._rows_of_last_walk)
        stopped = self._left is not None and not self.is_loading
        news = LoadingMoved(rows, self._complete and not self.is_loading, paused, stopped=stopped)
        if news != self._told:
            self._told = news
            self._publish(news)


def _leaves_a_hole(before: Page, head: Page) -> bool:
    """Whether so much came in that rows between two readings of the first page were never seen."""
    return bool(before.rows and head.rows and head.has_more and head.rows[-1].order > before.rows[0].order)
