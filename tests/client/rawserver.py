"""A server that misbehaves as told, byte by byte, on a loopback socket."""

import asyncio
import contextlib
import gzip
import json
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from review_tui.client.steve import Steve
from review_tui.model.secret import Secret

KEY = Secret("aok_" + "5ec7e7" * 10 + "beef")

Behaviour = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """One request as it came in; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class RawServer:
    """Where it listens, and what it was asked."""

    base_url: str
    asked: list[Asked] = field(default_factory=list)


@asynccontextmanager
async def misbehaving(
    behave: Behaviour | bytes, *, tls: ssl.SSLContext | None = None, blurts: bytes = b""
) -> AsyncIterator[RawServer]:
    """Listen, and answer each request with these bytes, or as the function does; then hang up.

    What it `blurts` is sent before anything was asked.
    """
    server: RawServer
    under_way: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        try:
            writer.write(blurts)
            asked = await _read(reader)
            server.asked.append(asked)
            if isinstance(behave, bytes):
                writer.write(behave)
                await writer.drain()
            else:
                await behave(asked, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side has gone, or the test is over
        finally:
            under_way.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, ssl.SSLError):
                await writer.wait_closed()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = listener.sockets[0].getsockname()[1]
    server = RawServer(f"{'https' if tls else 'http'}://127.0.0.1:{port}")
    try:
        yield server
    finally:
        listener.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way)
        await listener.wait_closed()


@asynccontextmanager
async def asking(behave: Behaviour | bytes) -> AsyncIterator[tuple[Steve, RawServer]]:
    """A client of a server that misbehaves."""
    async with misbehaving(behave) as server, Steve(server.base_url, KEY) as steve:
        yield steve, server


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in head[1:] if line)}
    return Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


def answer(
    body: bytes | Any, *, status: int = 200, kind: str | None = "application/json", headers: str = ""
) -> bytes:
    """A whole answer; a body that is not bytes is sent as JSON. `headers` are lines that end in CRLF."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    typed = f"Content-Type: {kind}\r\n" if kind else ""
    framed = f"Content-Length: {len(content)}\r\nConnection: close\r\n"
    return f"HTTP/1.1 {status} Said\r\n{typed}{framed}{headers}\r\n".encode() + content


def zipped(body: bytes) -> bytes:
    """These bytes, packed as hard as can be."""
    return gzip.compress(body, 9)


@cache
def bomb(mebibytes: int) -> bytes:
    """So many MiB of blanks, packed: the first of them, many times, since to pack them all takes a second."""
    packer, blanks, check = zlib.compressobj(9, wbits=-15), b" " * (1 << 20), 0
    first = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(mebibytes):
        check = zlib.crc32(blanks, check)
    end = packer.flush() + struct.pack("<LL", check, mebibytes << 20)
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + first * mebibytes + end


SUBMISSION = {"id": "k1", "submissionStatus": "review", "fraudMatches": [], "events": []}
"""The least that is a submission."""

APPROVED = {"data": {"id": "k1", "submissionStatus": "approved", "updatedAt": "2026-03-25T10:00:00.000Z"}}
"""What approving it answers."""
