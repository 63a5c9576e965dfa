"""The backlog: what was typed faster than it is done waits here, and equal moves become one."""

import threading
from collections import deque
from collections.abc import Callable, Collection
from copy import copy
from typing import Final, Protocol

from textual import events
from textual.message import Message

_SOON: Final = 30
"""Turns of the loop after which it is looked less often whether the key before is done."""

_LESS_OFTEN: Final = 0.005
_AT_MOST: Final = 60
"""How often it is looked then: a handler that waits for something else must not keep the keys."""


class Loop(Protocol):
    """What is needed of an event loop."""

    def call_soon(self, callback: Callable[[], None], /) -> object:
        """Call in the next turn."""
        ...

    def call_soon_threadsafe(self, callback: Callable[[], None], /) -> object:
        """Call in the next turn; from any thread."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> object:
        """Call after so many seconds."""
        ...


def each_by_itself(key: str, times: int) -> bool:
    """Take no key for more than one press."""
    del key
    return times == 1


class Backlog:
    """Hands messages on in their order, each when the program is done with the one before.

    So the loop goes on with everything else in between, and keys of `moves` that are pressed again while they
    wait are handed on once: `at_once` is told before each message which key it is and how often it counts,
    and says whether it can be taken so. Where it cannot, each press is handed on by itself. `put` may be
    called in any thread, `post` and `is_busy` are called on the loop.
    """

    def __init__(
        self,
        loop: Loop,
        post: Callable[[Message], object],
        is_busy: Callable[[], bool],
        *,
        moves: Collection[str] = (),
        at_once: Callable[[str, int], bool] = each_by_itself,
    ) -> None:
        self._loop = loop
        self._post = post
        self._is_busy = is_busy
        self._moves = moves
        self._at_once = at_once
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Message, int]] = deque()
        self._is_going = False
        self._looked = 0

    def __len__(self) -> int:
        """The messages that wait; a move that was pressed again counts once."""
        return len(self._waiting)

    def put(self, message: Message) -> None:
        """Take a message in."""
        with self._lock:
            last, times = self._waiting[-1] if self._waiting else (None, 0)
            if self._is_again(message, last):
                self._waiting[-1] = (message, times + 1)
            else:
                self._waiting.append((message, 1))
            if self._is_going:
                return
            self._is_going = True
        self._loop.call_soon_threadsafe(self._go_on)

    def _is_again(self, message: Message, last: Message | None) -> bool:
        return (
            isinstance(message, events.Key)
            and isinstance(last, events.Key)
            and message.key == last.key
            and message.key in self._moves
        )

    def _go_on(self) -> None:
        if self._looked < _SOON + _AT_MOST and self._is_busy():
            self._looked += 1
            if self._looked < _SOON:
                self._loop.call_soon(self._go_on)
            else:
                self._loop.call_later(_LESS_OFTEN, self._go_on)
            return
        self._looked = 0
        message, goes_on = self._next()
        self._post(message)
        if goes_on:
            self._loop.call_soon(self._go_on)

    def _next(self) -> tuple[Message, bool]:
        """Return what is to be handed on, and whether more waits behind it."""
        with self._lock:
            message, times = self._waiting.popleft()
            if isinstance(message, events.Key) and not self._at_once(message.key, times):
                self._waiting.appendleft((copy(message), times - 1))
                self._at_once(message.key, 1)
            self._is_going = bool(self._waiting)
            return message, self._is_going
