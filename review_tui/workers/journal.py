"""The journal: where decisions are written down, so that none is lost with the console."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from review_tui.model.records import Record

Write = Callable[[Record], Awaitable[None]]
"""Writes a record down, durably, in the order asked; what it raises carries a `failure`."""


class Journal(Protocol):
    """What keeps decisions on this machine; both raise an exception with a `failure` where it cannot."""

    def write(self, record: Record) -> None:
        """Keep `record` in place of what was kept of the same decision; on the disk when it returns."""
        ...

    def open_records(self) -> tuple[Record, ...]:
        """Return what is not over, and what may still be corrected."""
        ...


class JournalThread:
    """Writes to a journal from one thread of its own: in order, and without holding up the event loop."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")

    async def write(self, record: Record) -> None:
        """Write a record down; a cancelled wait does not cancel the write."""
        written = asyncio.get_running_loop().run_in_executor(self._thread, self._journal.write, record)
        await asyncio.shield(written)

    async def open_records(self) -> tuple[Record, ...]:
        """Return what was left open."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._journal.open_records)

    def close(self) -> None:
        """Take no more; what was asked for is still written."""
        self._thread.shutdown(wait=False)
