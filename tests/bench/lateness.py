"""The console with an eye on its event loop: how late each of its heartbeats was is written down at the end.

`python -m tests.bench.lateness FILE ARGUMENTS…` takes the console's own arguments.
"""

import asyncio
import json
import sys
import threading
import time
from pathlib import Path
from typing import Final

from review_tui.cli.main import main

EVERY: Final = 0.01
"""Seconds between two heartbeats."""


class Heart(asyncio.DefaultEventLoopPolicy):
    """Lets the loop of the main thread beat, and keeps by how many seconds each beat was late."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """Return a loop; the one that draws has a heartbeat."""
        loop = super().new_event_loop()
        if threading.current_thread() is threading.main_thread():
            self._beat(loop, time.monotonic())
        return loop

    def _beat(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now = time.monotonic()
        self.late.append(max(now - due, 0.0))
        loop.call_later(EVERY, self._beat, loop, now + EVERY)


if __name__ == "__main__":
    heart = Heart()
    asyncio.set_event_loop_policy(heart)
    told = Path(sys.argv.pop(1))
    code = main(sys.argv[1:])
    told.write_text(json.dumps(heart.late))
    sys.exit(code)
