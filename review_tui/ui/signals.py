"""Signals: being asked to end by the terminal, the system or a person."""

import asyncio
import signal
from collections.abc import Callable
from typing import Final

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def on_ending(leave: Callable[[int], None]) -> Callable[[], None]:
    """Call `leave` with the exit code 128+n when asked to end; returns how to undo it."""
    loop = asyncio.get_running_loop()
    caught: list[signal.Signals] = []
    for number in ENDING:
        try:
            loop.add_signal_handler(number, leave, 128 + number)
        except (RuntimeError, ValueError, NotImplementedError):  # not in the main thread, as in some tests
            continue
        caught.append(number)

    def undo() -> None:
        for number in caught:
            loop.remove_signal_handler(number)

    return undo
