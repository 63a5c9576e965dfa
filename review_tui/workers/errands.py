"""Errands: what a person asks for once, each at most once at a time."""

import asyncio
from collections.abc import Coroutine, Hashable
from typing import Any


class Errands:
    """Tasks by name; after `close` none begins."""

    def __init__(self) -> None:
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self._closed = False

    def begin(self, name: Hashable, work: Coroutine[Any, Any, None]) -> bool:
        """Begin something; false where it is under way already, or nothing begins any more."""
        if name in self._tasks or self._closed:
            work.close()
            return False
        task = asyncio.create_task(work)
        self._tasks[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))
        return True

    def give_up(self, name: Hashable) -> None:
        """Give up what is under way under a name."""
        if (task := self._tasks.pop(name, None)) is not None:
            task.cancel()

    async def close(self) -> None:
        """Give up all, and begin nothing any more."""
        self._closed = True
        tasks = tuple(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, name: Hashable, task: "asyncio.Task[None]") -> None:
        if self._tasks.get(name) is task:
            del self._tasks[name]
