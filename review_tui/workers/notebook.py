"""The notebook: notes, flags and snoozes, at hand at once and written behind in a thread."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final, Protocol

from review_tui.model.failures import Failure
from review_tui.model.notes import KINDS, Book, Leaf, PastDecision, leaf_as_json, leaf_of
from review_tui.model.numbers import Stroke
from review_tui.workers.faults import failure_of

log = logging.getLogger(__name__)

PAST: Final = 20
"""Past decisions on a merchant that are looked up."""

Failed = Callable[[Failure], object]
"""Hears, in any thread, why something could not be written down."""


class Keeper(Protocol):
    """What keeps a notebook on this machine; each raises an exception with a `failure` where it cannot."""

    def leaves(self) -> Iterable[tuple[str, str, str]]:
        """Return all that is kept: kind, what it is about, and its JSON."""
        ...

    def keep(self, kind: str, about: str, body: str | None) -> None:
        """Keep a leaf in place of what was there; None takes it out."""
        ...

    def past_decisions(self, merchant: str, most: int) -> Sequence[PastDecision]:
        """Return what was decided on a merchant's submissions, newest first."""
        ...

    def strokes_since(self, moment: datetime) -> Sequence[Stroke]:
        """Return what the log of decisions tells from a moment on, oldest first."""
        ...


class Notebook:
    """A book that changes: read at the start, written one leaf after the other.

    Where it cannot be read, `failure` says why, and what is put into it lasts as long as the program.
    Without `keeper` it does so as well.
    """

    def __init__(self, keeper: Keeper | None = None) -> None:
        self.book = Book()
        self.failure: Failure | None = None
        self._keeper = keeper
        self._failed: Failed = lambda _: None
        if keeper is not None:
            self._read(keeper)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="notebook") if self._keeper else None

    def hear(self, failed: Failed) -> None:
        """Tell from now on what could not be written down."""
        self._failed = failed

    def put(self, kind: str, about: str, leaf: Leaf | None) -> Book:
        """Put a leaf into a part of the book, or take it out; return the book as it is now."""
        book = self.book.having(kind, about, leaf)
        if book is not self.book and self._keeper is not None and self._thread is not None:
            body = None if leaf is None else json.dumps(leaf_as_json(leaf), ensure_ascii=False)
            self._thread.submit(self._write, self._keeper, kind, about, body)
        self.book = book
        return book

    @property
    def has_past(self) -> bool:
        """Whether there is a log to look into."""
        return self._keeper is not None

    async def past_decisions(self, merchant: str) -> tuple[PastDecision, ...]:
        """Look up what was decided on a merchant's submissions, newest first; nothing where it cannot be."""
        if self._keeper is None or self._thread is None:
            return ()
        loop = asyncio.get_running_loop()
        try:
            return tuple(
                await loop.run_in_executor(self._thread, self._keeper.past_decisions, merchant, PAST)
            )
        except Exception as error:  # noqa: BLE001 – told by its absence; failure_of logs bugs
            failure_of(error, "look up past decisions")
            return ()

    async def strokes_since(self, moment: datetime) -> tuple[Stroke, ...] | None:
        """Look up what was decided from a moment on, oldest first; None where there is no log to read."""
        if self._keeper is None or self._thread is None:
            return None
        loop = asyncio.get_running_loop()
        try:
            return tuple(await loop.run_in_executor(self._thread, self._keeper.strokes_since, moment))
        except Exception as error:  # noqa: BLE001 – told by its absence; failure_of logs bugs
            failure_of(error, "look up own decisions")
            return None

    def close(self) -> None:
        """Wait until all that was put is written."""
        if self._thread is not None:
            self._thread.shutdown(wait=True)

    def _read(self, keeper: Keeper) -> None:
        parts: dict[str, dict[str, Leaf]] = {kind: {} for kind in KINDS}
        try:
            leaves = tuple(keeper.leaves())
        except Exception as error:  # noqa: BLE001 – kept as why; failure_of logs bugs
            self.failure = failure_of(error, "read the notebook")
            self._keeper = None
            return
        for kind, about, body in leaves:
            if kind not in KINDS:
                continue  # of a newer console, which will want it again
            try:
                parts[kind][about] = leaf_of(kind, json.loads(body))
            except (ValueError, TypeError, RecursionError):
                log.warning("left out, for it cannot be read: a leaf of %s", kind)
        self.book = Book(**parts)  # type: ignore[arg-type]  # each part holds what KINDS says

    def _write(self, keeper: Keeper, kind: str, about: str, body: str | None) -> None:
        try:
            keeper.keep(kind, about, body)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs bugs
            self._failed(failure_of(error, "write a note down"))
