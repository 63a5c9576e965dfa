"""The mailbox: news on their way from one thread to another, never waited for by who puts them in."""

import asyncio
import logging
import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from math import inf
from time import monotonic
from typing import Final

from review_tui.model.queue import HEAD
from review_tui.workers.news import (
    BatchRead,
    ContractFailed,
    ContractRead,
    DecisionMoved,
    DetailFailed,
    DetailRead,
    DownloadMoved,
    JobCanceled,
    JobsListed,
    LoadingMoved,
    News,
    PageRead,
    ResultMoved,
)

log = logging.getLogger(__name__)

APART: Final = 0.25
"""Seconds between two deliveries that nobody waits for: what goes on behind repaints four times a second."""

BEHIND: Final = 1.0
"""Seconds after which older pages, and what was read ahead, are delivered if nothing else took them along."""

FEW_ROWS: Final = 2_000
"""Rows of older pages that may always lie here; beyond, twice the list, for by then it was re-read."""


class Mailbox:
    """Takes news from any thread and hands them to one hearer on its own event loop, in order.

    What a newer piece outdates is not kept, so that a screen that stands still for a night finds its last
    state and not all that led to it: one first page, one detail of each submission, no more older pages than
    the list has. Decisions are all kept. `put` never waits for the hearer.
    """

    def __init__(self, *, apart: float = APART, now: Callable[[], float] = monotonic) -> None:
        """Deliver at least `apart` seconds apart, unless somebody waits for it; `now` counts seconds."""
        self._apart = apart
        self._now = now
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, News] = {}
        self._older_pages: dict[Hashable, int] = {}
        self._rows = 0
        self._numbers = count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._hear: Callable[[News], None] | None = None
        self._called = inf
        self._timer: asyncio.TimerHandle | None = None
        self._timed_for = self._apart
        self._delivered_at = float("-inf")

    def __len__(self) -> int:
        """The pieces of news that wait."""
        return len(self._waiting)

    def hear(self, hear: Callable[[News], None]) -> None:
        """Hand over everything from now on to `hear`, on the loop that is running now."""
        with self._lock:
            self._loop, self._hear = asyncio.get_running_loop(), hear
        self.hurry()

    def put(self, news: News, *, awaited: bool = False) -> None:
        """Take a piece of news in; `awaited` ones are delivered at once."""
        apart = BEHIND if _is_behind(news) else self._apart
        with self._lock:
            self._keep(news)
            if self._hear is None or (self._called <= apart and not awaited):
                return
            self._called = apart
        self._call(self._deliver_at_once if awaited else partial(self._deliver_in_time, apart))

    def hurry(self) -> None:
        """Deliver what waits now, and the next at once: a key was pressed. Called on the hearer's loop."""
        self._deliver_at_once()
        self._delivered_at = float("-inf")

    def _deliver_at_once(self) -> None:
        self._delivered_at = float("-inf")
        self._deliver_in_time(0.0)

    def _call(self, deliver: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # closed: nobody looks any more
                loop.call_soon_threadsafe(deliver)

    def _deliver_in_time(self, apart: float) -> None:
        wait = self._delivered_at + apart - self._now()
        if self._timer is not None:
            if wait > 0 and apart >= self._timed_for:
                return
            self._timer.cancel()
            self._timer = None
        if wait > 0:
            self._timer, self._timed_for = asyncio.get_running_loop().call_later(wait, self._timed), apart
        else:
            self._deliver()

    def _timed(self) -> None:
        self._timer = None
        self._deliver()

    def _deliver(self) -> None:
        with self._lock:
            news, self._waiting = tuple(self._waiting.values()), {}
            self._older_pages.clear()
            self._called = inf
            hear = self._hear
        if hear is None or not news:
            return
        self._delivered_at = self._now()
        for piece in news:
            try:
                hear(piece)
            except Exception:
                log.exception("news could not be taken in: %s", type(piece).__name__)

    def _keep(self, news: News) -> None:
        """Put a piece at the end, in place of what it outdates."""
        match news:
            case PageRead(_, window) if window == HEAD:
                self._keep_first(news)
            case PageRead():
                self._keep_older(next(self._numbers), news)
            case DetailRead(detail):
                self._waiting.pop((DetailFailed, detail.id), None)
                self._replace((DetailRead, detail.id), news)
            case DetailFailed(submission_id):
                self._replace((DetailFailed, submission_id), news)
            case DecisionMoved():
                self._waiting[next(self._numbers)] = news
            case _:
                if isinstance(news, LoadingMoved):
                    self._rows = news.rows
                self._replace(_subject_of(news), news)

    def _replace(self, key: Hashable, news: News) -> None:
        self._waiting.pop(key, None)
        self._waiting[key] = news

    def _keep_first(self, news: PageRead) -> None:
        """Keep the newest first page, and of the one that waits what it does not tell."""
        before = self._waiting.get(HEAD)
        if isinstance(before, PageRead) and before.asked != news.asked:
            self._drop_pages()
        elif isinstance(before, PageRead):
            self._cut_down(before, news)
        self._waiting[HEAD] = news

    def _drop_pages(self) -> None:
        """Forget what waits of a list that nobody asks for any more."""
        self._waiting = {key: it for key, it in self._waiting.items() if not isinstance(it, PageRead)}
        self._older_pages.clear()

    def _cut_down(self, before: PageRead, news: PageRead) -> None:
        """Leave of the first page that waits what a newer one does not tell, where it stands."""
        below = rest_below(before, news)
        if below is None:
            del self._waiting[HEAD]
            return
        key = next(self._numbers)
        self._waiting = {key if kept is HEAD else kept: it for kept, it in self._waiting.items()}
        self._keep_older(key, below)

    def _keep_older(self, key: Hashable, news: PageRead) -> None:
        """Keep a page further down; where the list must have been gone through since, the oldest goes."""
        self._waiting[key] = news
        self._older_pages[key] = len(news.page.rows)
        most = max(FEW_ROWS, 2 * self._rows)
        while sum(self._older_pages.values()) > most and len(self._older_pages) > 1:
            oldest = next(iter(self._older_pages))
            del self._older_pages[oldest], self._waiting[oldest]


def _is_behind(news: News) -> bool:
    """Whether nobody waits for a piece: more of the list is there, or something was read ahead."""
    match news:
        case DetailRead():
            return True
        case PageRead(_, window):
            return window != HEAD
        case LoadingMoved(complete=complete, paused=paused, stopped=stopped):
            return not (complete or paused or stopped)
        case _:
            return False


def _subject_of(news: News) -> Hashable:
    """Return what a piece of news is about: another one on the same outdates it."""
    match news:
        case DownloadMoved(file_key):
            return DownloadMoved, file_key
        case ContractRead(name) | ContractFailed(name):
            return ContractRead, name
        case ResultMoved(job) | JobCanceled(job):
            return type(news), job
        case BatchRead(system, batch_id):
            return BatchRead, system, batch_id
        case JobsListed(system):
            return JobsListed, system
        case _:
            return type(news).__name__


def rest_below(before: PageRead, news: PageRead) -> PageRead | None:
    """Return what a first page says of rows below the end of a newer one; None where that is nothing.

    Rows that newer ones pushed down stand there: nobody else tells of them until that page is read again.
    """
    page = news.page
    if not page.has_more:
        return None
    if not page.rows:
        return before
    end = page.rows[-1].order
    known = {row.id for row in page.rows}
    below = tuple(row for row in before.page.rows if row.order <= end and row.id not in known)
    if not below:
        return None
    return replace(before, page=replace(before.page, rows=below), window=HEAD.beyond(page))
