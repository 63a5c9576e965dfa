"""A document comes from its own link, in pieces, within bounds; the key never goes there."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from review_tui.client.errors import (
    LinkExpired,
    NoAnswer,
    NotFound,
    NotSent,
    Unreadable,
    UnsafeAddress,
    Unusable,
)
from review_tui.client.transport import Transport
from review_tui.model.failures import FailureKind
from review_tui.model.files import StoredFile
from review_tui.model.wire import read_one
from tests.client.rawserver import KEY, SUBMISSION, Asked, answer, asking, misbehaving, zipped
from tests.simulation.weather import LeapingLoop


def file_at(url: str | None) -> StoredFile:
    return read_one(StoredFile, {"id": "f1", "fileName": "a.pdf", "downloadUrl": url}, "it")


def nowhere(piece: bytes) -> None:
    """Take a piece and keep nothing."""


async def test_a_document_arrives_whole_and_tells_how_far_it_is() -> None:
    document = bytes(range(256)) * 4_000
    pieces: list[bytes] = []
    moves: list[tuple[int, int | None]] = []
    async with (
        asking(answer(SUBMISSION)) as (steve, _),
        misbehaving(answer(document, kind="application/pdf")) as store,
    ):
        url = f"{store.base_url}/f1?sig=abc%2Fdef&exp=1"
        received = await steve.files.download(
            file_at(url), pieces.append, moved=lambda done, total: moves.append((done, total))
        )
    assert b"".join(pieces) == document
    assert (received.size, received.content_type) == (len(document), "application/pdf")
    assert moves[-1] == (len(document), len(document))
    assert moves == sorted(moves)
    assert store.asked[0].target == "/f1?sig=abc%2Fdef&exp=1"


async def test_the_key_never_goes_to_a_files_link() -> None:
    async with (
        asking(answer(SUBMISSION)) as (steve, server),
        misbehaving(answer(b"x", headers="Set-Cookie: spy=1\r\n")) as store,
    ):
        await steve.submissions.get("k1")
        for _ in range(2):
            await steve.files.download(file_at(f"{store.base_url}/f1"), nowhere)
        await steve.files.download(file_at(f"{server.base_url}/f1"), nowhere)
    assert "authorization" in server.asked[0].headers
    for asked in (*store.asked, server.asked[1]):
        assert "authorization" not in asked.headers
        assert "cookie" not in asked.headers
        assert KEY.revealed() not in repr(asked)


async def test_a_link_to_a_name_that_no_host_can_have_is_a_failure_like_any_other() -> None:
    async with asking(answer(b"")) as (steve, server):
        for host in ("xn--a.example", "a" * 70 + ".example"):
            with pytest.raises((Unusable, NotSent)):
                await steve.files.download(file_at(f"https://{host}/f1"), nowhere)
        assert server.asked == []


@pytest.mark.parametrize("status", [401, 403, 410])
async def test_an_old_link_asks_for_a_fresh_one(status: int) -> None:
    async with asking(answer(b"<Error/>", status=status, kind="application/xml")) as (steve, server):
        with pytest.raises(LinkExpired) as caught:
            await steve.files.download(file_at(f"{server.base_url}/f1"), nowhere)
    assert (caught.value.failure.kind, caught.value.failure.status) == (FailureKind.GONE, status)
    assert not caught.value.failure.stops_polling


async def test_a_file_without_a_link_asks_for_a_fresh_one() -> None:
    async with asking(answer(b"")) as (steve, server):
        for url in (None, ""):
            with pytest.raises(LinkExpired):
                await steve.files.download(file_at(url), nowhere)
    assert server.asked == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(b"", status=302, headers="Location: http://127.0.0.1:9/\r\n"), "It answered 302"),
        (answer(b"", status=204), "It answered 204"),
        (answer(zipped(b"x"), headers="Content-Encoding: gzip\r\n"), "packed though"),
        (answer(b"x", headers="Content-Encoding: gzip, gzip\r\n"), "packed more than once"),
        (answer(b"x" * 99).replace(b"Length: 99", b"Length: 200"), "ends in the middle"),
        (answer(b"x").replace(b"Length: 1", b"Length: 104857601"), "larger than 100 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_not_the_file_is_unreadable(said: bytes, why: str) -> None:
    async with asking(said) as (steve, server):
        with pytest.raises(Unreadable, match=why):
            await steve.files.download(file_at(f"{server.base_url}/f1"), nowhere)


async def test_a_file_that_is_gone_is_not_found() -> None:
    async with asking(answer(b"", status=404)) as (steve, server):
        with pytest.raises(NotFound):
            await steve.files.download(file_at(f"{server.base_url}/f1"), nowhere)


async def test_a_file_without_an_end_is_cut_at_its_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    async def flood(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    monkeypatch.setattr("review_tui.client.transport.FILE_BYTES", 1024 * 1024)
    received = 0

    def count(piece: bytes) -> None:
        nonlocal received
        received += len(piece)

    async with asking(flood) as (steve, server):
        with pytest.raises(Unreadable, match="larger than 1 MiB"):
            await steve.files.download(file_at(f"{server.base_url}/f1"), count)
    assert received <= 1024 * 1024


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"])
async def test_a_download_that_stalls_is_given_up(begun: bytes) -> None:
    async def stall(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(begun)
        await asyncio.sleep(30)

    async with misbehaving(stall) as store, Transport(store.base_url, KEY) as transport:
        with pytest.raises(NoAnswer, match="Nothing came for"):
            await transport.download(f"{store.base_url}/f1", nowhere, stall=0.2)


class SaysNoMore(httpx.AsyncBaseTransport):
    """Answers with a beginning, and then with nothing for ever."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=self._body(), request=request)

    async def _body(self) -> AsyncIterator[bytes]:
        yield b"%PDF"
        await asyncio.Event().wait()


def test_half_a_minute_without_a_byte_is_a_stall() -> None:
    async def story() -> float:
        loop = asyncio.get_running_loop()
        async with Transport("https://a.example", KEY, carrier=SaysNoMore()) as transport:
            with pytest.raises(NoAnswer, match="Nothing came for 30 s"):
                await transport.download("https://files.example/f1", nowhere)
        return loop.time()

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        assert runner.run(story()) == pytest.approx(30, abs=1)


async def test_slow_is_not_stalled() -> None:
    async def slowly(asked: Asked, writer: asyncio.StreamWriter) -> None:
        head, _, body = answer(b"steady" * 10).partition(b"steady")
        writer.write(head)
        for byte in b"steady" + body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.01)

    pieces: list[bytes] = []
    async with misbehaving(slowly) as store, Transport(store.base_url, KEY) as transport:
        await transport.download(f"{store.base_url}/f1", pieces.append, stall=0.3)
    assert b"".join(pieces) == b"steady" * 10


async def test_a_full_disk_is_the_callers_own_error() -> None:
    def full(piece: bytes) -> None:
        raise OSError(28, "No space left on device")

    def slow_share(piece: bytes) -> None:
        raise TimeoutError(110, "Connection timed out")

    async with asking(answer(b"x")) as (steve, server):
        with pytest.raises(OSError, match="No space left"):
            await steve.files.download(file_at(f"{server.base_url}/f1"), full)
        with pytest.raises(TimeoutError, match="timed out"):
            await steve.files.download(file_at(f"{server.base_url}/f1"), slow_share)


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with misbehaving(b"") as store:
        url = f"{store.base_url}/f1"
    async with asking(answer(b"")) as (steve, _):
        with pytest.raises(NotSent):
            await steve.files.download(file_at(url), nowhere)


@pytest.mark.parametrize(
    "url", ["http://files.example/f", "file:///etc/passwd", "https://me@files.example/f"]
)
async def test_an_unsafe_link_is_not_followed(url: str) -> None:
    async with asking(answer(b"")) as (steve, _):
        with pytest.raises(UnsafeAddress):
            await steve.files.download(file_at(url), nowhere)


async def test_no_log_holds_a_links_authority(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    said = answer(b"x", headers="X-Next: http://127.0.0.1:9/f?sig=alsosecret\r\n")
    async with asking(said) as (steve, server):
        await steve.files.download(file_at(f"{server.base_url}/f1?sig=topsecret&exp=1"), nowhere)
        with pytest.raises(Unreadable):
            await steve.submissions.get("k1")
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "/f1?…" in logged
    assert "secret" not in logged
    assert KEY.revealed() not in logged
