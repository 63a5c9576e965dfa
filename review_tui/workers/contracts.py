"""Contracts on their way: read once for each version of a workflow, when a submission needs one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from review_tui.model.contracts import NO_CONTRACT, Contract, ContractName
from review_tui.model.failures import Failure, FailureKind
from review_tui.workers.clock import Clock, sleep_unless
from review_tui.workers.faults import failure_of
from review_tui.workers.news import ContractFailed, ContractRead

RETRY_AFTER: Final = 30.0
"""Seconds after which one that could not be read is asked for again; then twice as long each time."""

RETRY_AT_MOST: Final = 600.0
"""Seconds between two attempts, at most."""

KNOWN: Final = 64
"""Contracts of which it is known that they were read; the oldest would be read again."""

_NONE: Final = frozenset({FailureKind.NOT_FOUND, FailureKind.FORBIDDEN, FailureKind.GONE, FailureKind.LOCAL})
"""Failures after which there is none: the server shows none, or its workflow cannot be named in a request."""


async def promising_nothing(name: ContractName) -> Contract:
    """Read no contract, where there is nobody to ask."""
    del name
    return NO_CONTRACT


class Contracts:
    """Reads contracts in the background, one at a time and within the budget.

    What is wanted anew while it waits to be tried again waits on.
    """

    def __init__(
        self,
        read: Callable[[ContractName], Awaitable[Contract]],
        publish: Callable[[ContractRead | ContractFailed], None],
        clock: Clock,
        *,
        background_wait: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Take how to read one; `background_wait` gives the seconds before a read may be sent."""
        self._read = read
        self._publish = publish
        self._clock = clock
        self._background_wait = background_wait
        self._known: dict[ContractName, None] = {}
        self._due: dict[ContractName, float] = {}
        self._delays: dict[ContractName, float] = {}
        self._changed = asyncio.Event()
        self._paused = False

    def want(self, name: ContractName | None) -> None:
        """Have this one read soon, unless it is known or on its way."""
        if name is not None and name not in self._known and name not in self._due:
            self._due[name] = self._clock.monotonic()
            self._changed.set()

    def pause(self) -> None:
        """Ask for nothing again until `resume`; what is wanted for the first time is still read."""
        self._paused = True

    def resume(self) -> None:
        """Ask again now for what could not be read."""
        self._paused = False
        for name in self._due:
            self._due[name] = self._clock.monotonic()
        self._delays.clear()
        self._changed.set()

    async def run(self) -> None:
        """Read what is wanted until cancelled."""
        while True:
            self._changed.clear()
            waiting = [one for one in self._due if not (self._paused and one in self._delays)]
            if not waiting:
                await self._changed.wait()
                continue
            name = min(waiting, key=lambda one: self._due[one])
            wait = self._due[name] - self._clock.monotonic()
            if wait <= 0:
                wait = self._background_wait()
            if wait <= 0:
                await self._read_one(name)
            else:
                await sleep_unless(self._clock, wait, self._changed)

    async def _read_one(self, name: ContractName) -> None:
        try:
            contract = await self._read(name)
        except Exception as error:  # noqa: BLE001 – told; failure_of logs what is not expected
            failure = failure_of(error, "read a workflow's contract")
            if failure.kind not in _NONE:
                self._try_again_later(name, failure)
                return
            contract = NO_CONTRACT
        del self._due[name]
        self._delays.pop(name, None)
        self._known[name] = None
        if len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]
        self._publish(ContractRead(name, contract))

    def _try_again_later(self, name: ContractName, failure: Failure) -> None:
        delay = self._delays.get(name, RETRY_AFTER)
        self._delays[name] = min(2 * delay, RETRY_AT_MOST)
        self._due[name] = self._clock.monotonic() + max(delay, failure.retry_after or 0.0)
        self._publish(ContractFailed(name, failure))
