"""Signals: being asked to end, heard in a thread of its own, so that it works while the screen is stuck."""

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Final, Self

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

DRAINS_WITHIN: Final = 7.0
"""Seconds that what is on its way gets to be written down."""

PATIENCE: Final = 0.7
"""Seconds in which the main thread has to end by itself, and then again without its terminal."""

_Handler = Callable[[int, FrameType | None], object] | int | signal.Handlers | None


class Ending:
    """While it is open, a signal that ends us is told and seen through to the end of the process.

    Python's own handlers run in the main thread alone, and an event loop's when it turns; a terminal that
    takes nothing holds up both. So the number comes through a pipe. `begin` is called with the exit code
    128+n, `drained` waits so many seconds at most for what is on its way, `let_go` frees the main thread
    from its terminal. When even that does not help, the process ends all the same, with that code.
    """

    def __init__(
        self, begin: Callable[[int], None], drained: Callable[[float], object], let_go: Callable[[], None]
    ) -> None:
        self._begin = begin
        self._drained = drained
        self._let_go = let_go
        self._over = threading.Event()
        self._before: dict[signal.Signals, _Handler] = {}
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._thread = threading.Thread(target=self._listen, name="signals", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._wakeup_before = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in ENDING:
            self._before[number] = signal.signal(number, _heard)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._writer)
        self._thread.join(PATIENCE)

    def _listen(self) -> None:
        number = 0
        while number not in ENDING:
            came = os.read(self._reader, 1)
            if not came:
                os.close(self._reader)
                return
            number = came[0]
        code = 128 + number
        self._begin(code)
        self._drained(DRAINS_WITHIN)
        if self._over.wait(PATIENCE):
            return
        with suppress(OSError):
            self._let_go()
        if not self._over.wait(PATIENCE):
            os._exit(code)


def _heard(number: int, frame: FrameType | None) -> None:
    """Do nothing: the number is on its way through the pipe."""
