"""Connections straight to a server: HTTP/1.1 on asyncio's own transports, each kept for the next request."""

import asyncio
import select
import ssl
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Final

import h11

from review_tui.model.frozen import frozen

AT_ONCE: Final = 8
"""Connections that are open at one time; who wants another one waits."""

KEPT: Final = 4
"""Connections that are kept while nobody asks."""

KEPT_FOR: Final = 30.0
"""Seconds for which they are."""

_HEAD_BYTES: Final = 100 * 1024
_WAITING_BYTES: Final = 256 * 1024
_NEXT_ADDRESS_AFTER: Final = 0.25

Headers = Sequence[tuple[bytes, bytes]]


class NoConnection(Exception):  # noqa: N818 – what is said is that there is none
    """No connection stands; the cause says why, a TimeoutError that it took too long."""


class Garbled(Exception):  # noqa: N818 – it is the answer that is
    """What came is no answer, or not a whole one."""


@frozen
class Origin:
    """Where a connection leads; `secure` is for https."""

    host: str
    port: int
    secure: bool


class _Wire(asyncio.Protocol):
    """One connection: what it brought and nobody has read yet, and how far its exchange is."""

    def __init__(self) -> None:
        self.exchange = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_BYTES)
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._error: Exception | None = None
        self._reader: asyncio.Future[None] | None = None

    @property
    def transport(self) -> asyncio.Transport:
        assert self._transport is not None
        return self._transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting.append(data)
        self._size += len(data)
        if self._size >= _WAITING_BYTES:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._error = True, exc
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def read(self) -> bytes:
        """Return what has come, nothing at the end; raises OSError."""
        if not self._waiting and not self._ended:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        if self._waiting:
            data = b"".join(self._waiting) if len(self._waiting) > 1 else self._waiting[0]
            self._waiting.clear()
            if self._size >= _WAITING_BYTES:
                self.transport.resume_reading()
            self._size = 0
            return data
        if self._error is not None:
            raise self._error
        return b""

    @property
    def is_fresh(self) -> bool:
        """Whether nothing has come since the last answer, also nothing that was not taken in yet."""
        if self._ended or self._waiting or self.transport.is_closing():
            return False
        poll = select.poll()
        poll.register(self.transport.get_extra_info("socket"), select.POLLIN)
        return not poll.poll(0)


class Reply:
    """An answer whose body has not been read yet; close it."""

    def __init__(self, wire: _Wire, closed: Callable[[_Wire, bool], None]) -> None:
        self.status = 0
        self.headers: Headers = ()
        self._wire = wire
        self._closed: Callable[[_Wire, bool], None] | None = closed

    async def ask(self, request: h11.Request, body: bytes) -> None:
        """Send the request in one piece and read the head of what comes back."""
        exchange = self._wire.exchange
        pieces = [exchange.send(request), exchange.send(h11.Data(body)) if body else None]
        pieces.append(exchange.send(h11.EndOfMessage()))
        self._wire.transport.write(b"".join(piece for piece in pieces if piece))
        while True:
            event = await self._event()
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == 101
            ):
                self.status, self.headers = event.status_code, event.headers.raw_items()
                return

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""
        while isinstance(event := await self._event(), h11.Data):
            yield bytes(event.data)

    async def _event(self) -> object:
        exchange = self._wire.exchange
        try:
            while (event := exchange.next_event()) is h11.NEED_DATA:
                data = await self._wire.read()
                if not data and exchange.their_state is h11.SEND_RESPONSE:
                    raise Garbled("it ended without an answer")
                exchange.receive_data(data)
        except h11.RemoteProtocolError as error:
            raise Garbled(str(error)) from error
        return event

    def close(self) -> None:
        """Give the connection back, or end it where not all was read."""
        closed, self._closed = self._closed, None
        if closed is not None:
            exchange = self._wire.exchange
            over = exchange.our_state is h11.DONE and exchange.their_state is h11.DONE
            if whole := over and not exchange.trailing_data[0]:
                exchange.start_next_cycle()
            closed(self._wire, whole)


class Straight:
    """Connections to servers, without a proxy between; `context` is for https. Close them."""

    def __init__(self, context: ssl.SSLContext | None, *, within: float) -> None:
        """Take the seconds in which a connection must stand."""
        self._context = context
        self._within = within
        self._room = asyncio.Semaphore(AT_ONCE)
        self._kept: dict[_Wire, Origin] = {}

    def close(self) -> None:
        """Close those that are kept."""
        for wire in self._kept:
            wire.transport.close()
        self._kept.clear()

    async def ask(
        self,
        origin: Origin,
        method: bytes,
        target: bytes,
        headers: Headers,
        body: bytes,
        begins: Callable[[], None],
    ) -> Reply:
        """Send a request, of which `begins` is told just before, and return its answer unread.

        Raises NoConnection, Garbled and OSError.
        """
        request = h11.Request(method=method, target=target, headers=list(headers))
        await self._room.acquire()
        try:
            wire = self._kept_to(origin) or await self._opened(origin)
        except BaseException:
            self._room.release()
            raise
        reply = Reply(wire, lambda wire, whole: self._take_back(wire, origin, whole=whole))
        try:
            begins()
            await reply.ask(request, body)
        except BaseException:
            reply.close()
            raise
        return reply

    def _kept_to(self, origin: Origin) -> _Wire | None:
        oldest = asyncio.get_running_loop().time() - KEPT_FOR
        for wire, leads in reversed(tuple(self._kept.items())):
            if wire.idle_since < oldest or not wire.is_fresh:
                del self._kept[wire]
                wire.transport.close()
            elif leads == origin:
                del self._kept[wire]
                return wire
        return None

    async def _opened(self, origin: Origin) -> _Wire:
        try:
            async with asyncio.timeout(self._within):
                _, wire = await asyncio.get_running_loop().create_connection(
                    _Wire,
                    origin.host,
                    origin.port,
                    ssl=self._context if origin.secure else None,
                    happy_eyeballs_delay=_NEXT_ADDRESS_AFTER,
                )
        except OSError as error:
            raise NoConnection(str(error)) from error
        return wire

    def _take_back(self, wire: _Wire, origin: Origin, *, whole: bool) -> None:
        self._room.release()
        if not whole or wire.transport.is_closing():
            with suppress(OSError):
                wire.transport.abort()
            return
        wire.idle_since = asyncio.get_running_loop().time()
        self._kept[wire] = origin
        while len(self._kept) > KEPT:
            eldest = next(iter(self._kept))
            del self._kept[eldest]
            eldest.transport.close()
