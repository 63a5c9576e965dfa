"""When a console within the process is at rest: told by its event loop, not by how long it was quiet."""

import asyncio
from asyncio.base_events import BaseEventLoop
from typing import Any

import pytest

SOON = 0.05
"""Seconds within which a timer belongs to what is under way: redrawing, scrolling."""

TICKING = 0.1
"""Seconds after which timers are left alone: a covered screen that has changed goes on asking to be drawn."""

_at_work: set["asyncio.Future[Any]"] = set()


async def rest(min_sleep: float = 0.0, max_sleep: float = 10.0) -> None:
    """Return when nothing is left to do: no callback, no timer that is due soon, no thread at work.

    Takes the place of Textual's own wait, which takes a process for idle that used little of the
    processor for 20 ms: too long on a quiet machine, and not true on a busy one. Work that does not
    end is left after `max_sleep` seconds.
    """
    await asyncio.sleep(min_sleep)
    loop = asyncio.get_running_loop()
    kept = vars(loop)
    began = loop.time()
    ends, ticks = began + max_sleep, began + TICKING
    quiet = 0
    while quiet < 2 and loop.time() < ends:
        soon = min(loop.time() + SOON, ticks)
        waits = bool(_at_work) or any(
            timer.when() < soon and not timer.cancelled() for timer in kept["_scheduled"]
        )
        quiet = 0 if waits or kept["_ready"] else quiet + 1
        await asyncio.sleep(0.001 if waits else 0)


def watch_for_rest(patch: pytest.MonkeyPatch) -> None:
    """Let Textual's pilot wait for rest, and keep count of the threads that the loop waits for."""
    run_in_executor = BaseEventLoop.run_in_executor

    def counted(self: BaseEventLoop, executor: Any, func: Any, *args: Any) -> "asyncio.Future[Any]":
        future = run_in_executor(self, executor, func, *args)
        _at_work.add(future)
        future.add_done_callback(_at_work.discard)
        return future

    patch.setattr(BaseEventLoop, "run_in_executor", counted)
    patch.setattr("textual.app.wait_for_idle", rest)
    patch.setattr("textual.pilot.wait_for_idle", rest)
