"""Connections are used again when all of an answer has been read, and never when anything is odd."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from review_tui.client.straight import AT_ONCE, KEPT, Garbled, NoConnection, Origin, Reply, Straight

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
OTHER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"


@dataclass
class Server:
    """Answers each request, and counts connections; `left` is set where one ends."""

    port: int = 0
    opened: int = 0
    open: int = 0
    most: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    serving: list[asyncio.Task[None]] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def serving(answer: bytes, *, after: float = 0.0) -> AsyncIterator[tuple[Server, Straight]]:
    server = Server()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        server.serving.append(task)
        server.opened += 1
        server.open += 1
        server.most = max(server.most, server.open)
        server.writers.append(writer)
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(after)
                writer.write(answer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side has gone, or the test is over
        finally:
            server.open -= 1
            server.left.set()
            writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    connections = Straight(None, within=5.0)
    yield server, connections
    connections.close()
    listener.close()
    for task in server.serving:
        task.cancel()
    await asyncio.gather(*server.serving)
    await listener.wait_closed()


async def asked(server: Server, connections: Straight, begins: Callable[[], None] = lambda: None) -> Reply:
    origin = Origin("127.0.0.1", server.port, secure=False)
    return await connections.ask(origin, b"GET", b"/", [(b"Host", b"here")], b"", begins)


async def read(server: Server, connections: Straight) -> bytes:
    reply = await asked(server, connections)
    try:
        return b"".join([piece async for piece in reply.pieces()])
    finally:
        reply.close()


async def test_one_connection_does_for_requests_one_after_the_other() -> None:
    async with serving(ANSWER) as (server, connections):
        assert [await read(server, connections) for _ in range(3)] == [b"ok"] * 3
        assert server.opened == 1


async def test_a_connection_that_the_server_has_ended_is_not_asked_again() -> None:
    async with serving(ANSWER) as (server, connections):
        await read(server, connections)
        server.writers[0].close()
        await server.writers[0].wait_closed()
        assert await read(server, connections) == b"ok"
        assert server.opened == 2


async def test_what_stands_behind_an_answer_is_never_taken_for_the_next_one() -> None:
    async with serving(ANSWER + OTHER) as (server, connections):
        assert [await read(server, connections) for _ in range(2)] == [b"ok"] * 2
        assert server.opened == 2


async def test_a_connection_of_which_not_all_was_read_is_ended() -> None:
    async with serving(ANSWER) as (server, connections):
        (await asked(server, connections)).close()
        assert await read(server, connections) == b"ok"
        assert server.opened == 2


async def test_no_more_connections_are_open_than_may_be_and_few_are_kept() -> None:
    async with serving(ANSWER, after=0.02) as (server, connections):
        await asyncio.gather(*(read(server, connections) for _ in range(AT_ONCE + 5)))
        assert server.most == AT_ONCE
        async with asyncio.timeout(5):
            while server.open > KEPT:
                server.left.clear()
                await server.left.wait()
        assert server.open == KEPT


async def test_a_request_that_is_given_up_makes_room() -> None:
    async with serving(ANSWER, after=60) as (server, connections):
        for _ in range(AT_ONCE + 1):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await read(server, connections)
        assert server.opened == AT_ONCE + 1


async def test_it_has_begun_only_once_a_connection_stands() -> None:
    told: list[str] = []
    nobody = Server(port=9)
    with pytest.raises(NoConnection):
        await asked(nobody, Straight(None, within=5.0), lambda: told.append("begun"))
    assert not told
    async with serving(b"no HTTP\r\n\r\n") as (server, connections):
        with pytest.raises(Garbled):
            await asked(server, connections, lambda: told.append("begun"))
    assert told == ["begun"]
