"""Details: the submissions that were read whole, the one on screen first, its neighbours ahead of need."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.queue import Filter, Window
from review_tui.model.submissions import Detail, Page, Row
from review_tui.workers.clock import Clock, sleep_unless
from review_tui.workers.faults import failure_of
from review_tui.workers.news import DetailFailed, DetailRead

KEPT: Final = 64
"""Details that are kept; the least recently used goes first."""

KEPT_BYTES: Final = 32 * 1024 * 1024
"""Bytes of memory that kept details take together, about: an answer may be of many megabytes."""

FRESH: Final = 20.0
"""Seconds for which a detail is shown without asking again."""

IN_FLIGHT: Final = 3
"""Reads of details at one time; past that the oldest is given up."""

SETTLE: Final = 0.12
"""Seconds that a selection must stand still when it was just moved, unless there is budget to read ahead."""

HELD: Final = 0.06
"""Seconds between two moves of a key that is held down; then nothing is read until it comes to rest."""


@frozen
class _Kept:
    detail: Detail
    at: float


class Details:
    """Least recently used details, read on selection with the newest request winning."""

    def __init__(
        self,
        read: Callable[[str], Awaitable[Detail]],
        publish: Callable[[DetailRead | DetailFailed], None],
        clock: Clock,
        *,
        background_wait: Callable[[], float] = lambda: 0.0,
        taken: Filter | None = None,
    ) -> None:
        """Take how to read one; `background_wait` gives the seconds before a prefetch may be sent."""
        self._read = read
        self._publish = publish
        self._clock = clock
        self._background_wait = background_wait
        self._filter = taken or Filter()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._loads: dict[str, asyncio.Task[None]] = {}
        self._settling: set[str] = set()
        self._is_held = False
        self._ahead: tuple[str, ...] = ()
        self._ahead_changed = asyncio.Event()
        self._wanted: str | None = None
        self._looked_for: set[str] = set()
        self._again_at: dict[str, float] = {}
        self._moved_at = float("-inf")
        self._closed = False

    def cached(self, submission_id: str) -> Detail | None:
        """Return the detail as last read, or None; any thread may ask."""
        kept = self._kept.get(submission_id)
        return None if kept is None else kept.detail

    def show(self, submission_id: str, known: Detail | None = None) -> None:
        """Make this the one on screen: told at once where it is kept, read where it is not or is old.

        What is `known` of it already is not told again: that would wake another thread to draw the same.
        """
        moved_before, self._moved_at = self._moved_at, self._clock.monotonic()
        since = self._moved_at - moved_before if submission_id != self._wanted else SETTLE * 2
        hurried, self._is_held = since < SETTLE * 2, since < HELD
        self._wanted = submission_id
        self._tell_kept(submission_id, known)
        if not self._is_fresh(submission_id):
            self._load(submission_id, after=SETTLE if hurried else 0.0)

    def watch(self, submission_id: str) -> None:
        """Read another submission, such as a matched one, without displacing the one on screen."""
        self._tell_kept(submission_id)
        if not self._is_fresh(submission_id):
            self._load(submission_id)

    def prefetch(self, submission_ids: Sequence[str]) -> None:
        """Name the ones that may be wanted next; they are read one by one when nothing else is.

        The one on screen comes first where it waits to stand still: who presses a key eight times a second
        would else never have it in time again.
        """
        self._ahead = tuple(submission_ids)
        self._ahead_changed.set()

    def expect(self, taken: Filter) -> None:
        """Hear what the list is asked for from now on."""
        self._filter = taken

    def put(self, detail: Detail) -> None:
        """Keep a detail that was read elsewhere; a read of it in flight is older and given up."""
        if detail.id in self._loads:
            self._give_up(detail.id)
        self._keep(detail)

    def forget(self, submission_id: str) -> None:
        """Drop what is kept of a submission, so that it is read again when wanted."""
        self._kept.pop(submission_id, None)

    def recheck(self, submission_id: str) -> None:
        """Read a submission now, whatever is kept of it."""
        self._load(submission_id)

    def reached(self) -> None:
        """Hear that the server answers: read the one on screen again if only time was in the way."""
        wanted = self._wanted
        if wanted is not None and self._again_at.get(wanted, float("inf")) <= self._clock.monotonic():
            self._load(wanted)

    def compare(self, page: Page, window: Window) -> None:
        """Hold what is kept against a fresh page: what moved is read again, at once if it is on screen."""
        for row in page.rows:
            kept = self._kept.get(row.id)
            if kept is not None and _moved(Row.of(kept.detail), row):
                self._outdate(row.id)
        wanted = self._kept.get(self._wanted or "")
        if wanted is None or wanted.detail.id in self._looked_for:
            return
        row = Row.of(wanted.detail)
        oldest = page.rows[-1].order if page.has_more and page.rows else float("-inf")
        expected = self._filter.takes(row) and oldest < row.order < window.newest
        if expected and all(other.id != row.id for other in page.rows):
            self._looked_for.add(row.id)
            self._outdate(row.id)

    async def run(self) -> None:
        """Read ahead until cancelled: one at a time, only when idle and within the budget."""
        while True:
            await self._ahead_changed.wait()
            self._ahead_changed.clear()
            wanted = self._wanted
            settling = (wanted,) if wanted in self._settling and not self._is_held else ()
            await self._read_ahead((*settling, *self._ahead))

    async def close(self) -> None:
        """Give up what is in flight."""
        self._closed = True
        loads = tuple(self._loads.values())
        for load in loads:
            load.cancel()
        await asyncio.gather(*loads, return_exceptions=True)

    async def _read_ahead(self, ids: tuple[str, ...]) -> None:
        for submission_id in ids:
            while under_way := self._under_way(submission_id):
                await asyncio.wait(under_way)
            while (wait := self._background_wait()) > 0:
                if await sleep_unless(self._clock, wait, self._ahead_changed):
                    return
            if self._ahead_changed.is_set():
                return
            if submission_id in self._settling:
                self._give_up(submission_id)
            if submission_id not in self._kept and submission_id not in self._loads:
                self._load(submission_id)

    def _under_way(self, submission_id: str) -> list[asyncio.Task[None]]:
        """Return what is read before a submission that may be wanted: all but what waits to be this one."""
        own = submission_id in self._settling
        return [task for id_, task in self._loads.items() if not own or id_ not in self._settling]

    def _tell_kept(self, submission_id: str, known: Detail | None = None) -> None:
        kept = self.cached(submission_id)
        if kept is not None:
            self._kept.move_to_end(submission_id)
            if kept is not known:
                self._publish(DetailRead(kept))

    def _is_fresh(self, submission_id: str) -> bool:
        kept = self._kept.get(submission_id)
        return kept is not None and self._clock.monotonic() - kept.at < FRESH

    def _outdate(self, submission_id: str) -> None:
        if submission_id == self._wanted:
            self._load(submission_id)
        else:
            self.forget(submission_id)

    def _load(self, submission_id: str, *, after: float = 0.0) -> None:
        if submission_id in self._loads or self._closed:
            return
        while len(self._loads) >= IN_FLIGHT:
            oldest = next(loading for loading in self._loads if loading != self._wanted)
            self._give_up(oldest)
        task = asyncio.create_task(self._loaded(submission_id, after))
        self._loads[submission_id] = task
        if after:
            self._settling.add(submission_id)
        task.add_done_callback(lambda done: self._ended(submission_id, done))

    def _give_up(self, submission_id: str) -> None:
        self._loads.pop(submission_id).cancel()
        self._settling.discard(submission_id)

    def _ended(self, submission_id: str, task: asyncio.Task[None]) -> None:
        if self._loads.get(submission_id) is task:
            del self._loads[submission_id]
            self._settling.discard(submission_id)

    async def _loaded(self, submission_id: str, after: float) -> None:
        if after:
            await self._clock.sleep(after)
            self._settling.discard(submission_id)
            if submission_id != self._wanted:
                return
        try:
            detail = await self._read(submission_id)
        except Exception as error:  # noqa: BLE001 – failure_of logs what is not expected
            failure = failure_of(error, "read a submission")
            if failure.passes:
                self._again_at = {submission_id: self._clock.monotonic() + (failure.retry_after or 0.0)}
            self._publish(DetailFailed(submission_id, failure))
            return
        self._keep(detail)
        self._publish(DetailRead(detail))

    def _keep(self, detail: Detail) -> None:
        self._again_at.pop(detail.id, None)
        self._kept[detail.id] = _Kept(detail, self._clock.monotonic())
        self._kept.move_to_end(detail.id)
        weight = sum(kept.detail.weight for kept in self._kept.values())
        while len(self._kept) > KEPT or (weight > KEPT_BYTES and len(self._kept) > 1):
            weight -= self._kept.popitem(last=False)[1].detail.weight


def _moved(kept: Row, listed: Row) -> bool:
    return (kept.status, kept.fraud_status, kept.fraud_score) != (
        listed.status,
        listed.fraud_status,
        listed.fraud_score,
    )
