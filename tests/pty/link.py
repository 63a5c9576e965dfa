"""A terminal at the other end of a slow link: latency, bandwidth, and a buffer as sshd has it."""

import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final

from tests.pty.terminal import Terminal

OVERHEAD: Final = 88
"""Bytes of a packet beside what it carries."""

PACKET: Final = 1400
BUFFER: Final = 65_536


@dataclass
class Way:
    """One direction: what was taken in, and when each packet arrives."""

    source: int
    sink: int
    latency: float
    bandwidth: float
    packets: deque[tuple[float, bytes]] = field(default_factory=deque)
    free: float = 0.0
    carried: int = 0

    @property
    def has_room(self) -> bool:
        """Whether it takes in more; else whoever writes has to wait."""
        return self.waiting < BUFFER

    @property
    def waiting(self) -> int:
        """Bytes on their way."""
        return sum([len(data) for _, data in list(self.packets)])

    def take(self, now: float) -> bool:
        """Take in what there is; False at its end."""
        try:
            data = os.read(self.source, PACKET)
        except OSError:
            return False
        self.free = max(self.free, now) + (len(data) + OVERHEAD) * 8 / self.bandwidth
        self.packets.append((self.free + self.latency, data))
        self.carried += len(data)
        return bool(data)

    def deliver(self, now: float) -> None:
        """Hand over what has arrived."""
        while self.packets and self.packets[0][0] <= now:
            os.write(self.sink, self.packets.popleft()[1])


class Linked(Terminal):
    """A terminal whose keys and pictures travel.

    `latency` is one way, in seconds, and `bandwidth` in bits a second.
    """

    def __init__(
        self,
        command: Sequence[str],
        env: Mapping[str, str],
        *,
        latency: float,
        bandwidth: float,
        columns: int = 120,
        lines: int = 40,
    ) -> None:
        super().__init__(command, env, columns=columns, lines=lines)
        self._pty = self._fd
        self._near, self._far = socket.socketpair()
        self._fd = self._near.fileno()
        self.down = Way(self._pty, self._far.fileno(), latency, bandwidth)
        self._up = Way(self._far.fileno(), self._pty, latency, bandwidth)
        self._carrier = threading.Thread(target=self._carry, daemon=True)
        self._carrier.start()

    def _carry(self) -> None:
        open_ways = {self.down.source: self.down, self._up.source: self._up}
        while self.down.source in open_ways or self.down.packets:
            now = time.monotonic()
            sources = [source for source, way in open_ways.items() if way.has_room]
            times = [way.packets[0][0] for way in (self.down, self._up) if way.packets]
            ready, _, _ = select.select(sources, [], [], max(min(times, default=now + 0.2) - now, 0.0))
            for source in ready:
                if not open_ways[source].take(time.monotonic()):
                    del open_ways[source]
            try:
                for way in (self.down, self._up):
                    way.deliver(time.monotonic())
            except OSError:
                return
        self._far.shutdown(socket.SHUT_WR)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._near.detach()  # it is closed
        self._carrier.join(5)
        self._far.close()
        os.close(self._pty)
