"""A desk's life in a thread of its own: started, asked from outside, drained, and given up when it hangs."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Final

from review_tui.model.decisions import Leave, Stage, Standing
from review_tui.model.outcomes import UNKNOWN_WORDS
from review_tui.workers.desk import Desk
from review_tui.workers.faults import failure_of

log = logging.getLogger(__name__)

ANSWERS_WITHIN: Final = 2.0
"""Seconds that a key waits for the desk's word on it; as a rule it takes less than a thousandth of that."""

ENDS_WITHIN: Final = 7.0
"""Seconds after which a desk that was asked to end is given up."""

BUSY: Final = "not taken: the desk does not answer; try again"
OVER: Final = "the console is closing"


class Running:
    """Runs a desk on an event loop in a thread of its own.

    `asked` is called in the asking thread before each thing that a person wants, `broke` in the desk's with
    a bug that stopped it. `under_way` holds the open decisions as last published, for any thread to read;
    `acted` turns true with each act that a person waits for, for the desk's own.
    """

    def __init__(self, desk: Desk, asked: Callable[[], None], broke: Callable[[BaseException], None]) -> None:
        self.acted = False
        self.under_way: tuple[Standing, ...] = ()
        self._desk = desk
        self._asked = asked
        self._broke = broke
        self._loop: asyncio.AbstractEventLoop | None = None
        self._before: list[Callable[[], object]] = []
        self._acts: deque[Callable[[], object]] = deque()
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._leaving = asyncio.Event()
        self._how: Leave | None = None
        self._ended: Future[list[Standing]] = Future()

    def start(self) -> None:
        """Start the thread, once; not after it was asked to end."""
        if self._loop is None and not self._ended.done():
            self._loop = asyncio.new_event_loop()
            for act in self._before:
                self._loop.call_soon(act)
            self._before.clear()
            self._thread.start()

    def tell(self, act: Callable[[], object]) -> None:
        """Have the desk's thread do something soon, in the order asked; at the start at the earliest."""
        self._asked()
        if self._loop is None:
            self._before.append(act)
        else:
            self._hand_over(act)

    def ask(self, act: Callable[[], str | None]) -> str | None:
        """Have it do something and wait for its word, no longer than a person would."""
        answer: Future[str | None] = Future()

        def answered() -> None:
            if not answer.set_running_or_notify_cancel():
                return
            self.acted = True
            try:
                said = act()
            except Exception as error:  # noqa: BLE001 – told as why not; failure_of logs bugs
                said = failure_of(error, "do what a key asks for").title
            self.look()
            answer.set_result(said)

        self._asked()
        if self._ended.done():
            return OVER
        if not self._hand_over(answered):
            return BUSY if self._loop is None else OVER
        try:
            return answer.result(ANSWERS_WITHIN)
        except TimeoutError:
            if not answer.cancel():
                return answer.result()
            return OVER if self._how is not None or self._ended.done() else BUSY

    def look(self) -> None:
        """Publish what is under way now; called in the desk's thread."""
        self.under_way = self._desk.open_decisions

    def begin_to_leave(self, how: Leave) -> None:
        """Begin to drain; any thread may say so, and the first says how."""
        if self._loop is None:
            self._finish([])
        else:
            self._hand_over(lambda: self._leave(how))

    async def ended(self) -> list[Standing]:
        """Wait for the end; return the decisions whose outcome is unknown."""
        return await asyncio.shield(asyncio.wrap_future(self._ended))

    def end(self, seconds: float) -> list[Standing]:
        """Wait so long at most for the end, in any other thread; return as `ended` does.

        Where the desk does not end, all that it was sending are unknown.
        """
        try:
            unknown = self._ended.result(seconds)
        except TimeoutError:
            log.critical("the desk did not end within %s s", seconds)
            return self._lost()
        if self._thread.ident is not None:
            self._thread.join(1.0)
        return unknown

    def _hand_over(self, act: Callable[[], object]) -> bool:
        if self._loop is None or self._loop.is_closed():
            return False
        self._acts.append(act)
        if len(self._acts) > 1:
            return True  # its thread has been woken for those before, which costs more than an act
        try:
            self._loop.call_soon_threadsafe(self._take_acts)
        except RuntimeError:  # closed: it has ended
            return False
        return True

    def _take_acts(self) -> None:
        """Do in the next turn what was handed over until now, each by itself: one may go wrong."""
        while self._acts:
            asyncio.get_running_loop().call_soon(self._acts.popleft())

    def _work(self) -> None:
        loop = self._loop
        assert loop is not None
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                self._finish(runner.run(self._life()))
        except BaseException as error:  # noqa: BLE001 – a thread's last resort: it is logged and told
            self._broke(error)
            self._finish(self._lost())

    async def _life(self) -> list[Standing]:
        running = asyncio.create_task(self._desk.run())
        running.add_done_callback(self._stopped)
        await self._leaving.wait()
        running.cancel()
        await asyncio.wait([running])
        unknown = await self._desk.leave(self._how or Leave.KEEP)
        self.look()
        return unknown

    def _leave(self, how: Leave) -> None:
        if self._how is None:
            self._how = how
            self._leaving.set()

    def _stopped(self, running: asyncio.Task[None]) -> None:
        if not running.cancelled() and (error := running.exception()):
            self._broke(error)

    def _finish(self, unknown: list[Standing]) -> None:
        with suppress(InvalidStateError):
            self._ended.set_result(unknown)

    def _lost(self) -> list[Standing]:
        return [
            Standing(standing.intent, Stage.UNKNOWN, UNKNOWN_WORDS)
            for standing in self.under_way
            if not standing.stage.is_unsent
        ]
