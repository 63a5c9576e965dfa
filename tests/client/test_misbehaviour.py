"""Whatever a server does, a request ends in a typed error, soon and small, and a decision is sent once."""

import asyncio
import json
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Final

import pytest

from review_tui.client.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    KeyNotAccepted,
    NoAnswer,
    NotFound,
    NotSent,
    RateLimited,
    Refused,
    ServerFault,
    Unreadable,
    WireError,
)
from review_tui.client.steve import Steve
from review_tui.client.transport import Transport
from review_tui.model.failures import FailureKind
from tests.client.rawserver import KEY, SUBMISSION, Asked, answer, asking, bomb, misbehaving, zipped

BOMB: Final = bomb(64)
JSON: Final = json.dumps(SUBMISSION).encode()


def packed(body: bytes, coding: str, *more: str) -> bytes:
    lines = "".join(f"Content-Encoding: {name}\r\n" for name in (coding, *more))
    return answer(body, headers=lines)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    "said",
    [
        answer(SUBMISSION),
        answer(SUBMISSION, kind="application/json; charset=utf-8"),
        answer(SUBMISSION, kind=None),
        answer({"data": SUBMISSION}),
        answer(b"\xef\xbb\xbf" + JSON),
        packed(zipped(JSON), "gzip"),
        packed(zipped(JSON[:9]) + zipped(JSON[9:]), "gzip"),
        packed(zlib.compress(JSON), "deflate"),
        packed(raw_deflate(JSON), "deflate"),
        packed(JSON, "identity"),
    ],
    ids=[
        "plain",
        "charset",
        "untyped",
        "wrapped",
        "marked",
        "gzip",
        "members",
        "zlib",
        "deflate",
        "identity",
    ],
)
async def test_every_honest_way_to_say_it_is_understood(said: bytes) -> None:
    async with asking(said) as (steve, _):
        assert (await steve.submissions.get("k1")).status == "review"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (answer(b"<!doctype html><h1>Welcome</h1>", kind="text/html"), "it is text/html, not JSON"),
        (answer(b"<!doctype html>"), "the answer is not JSON"),
        (answer(b""), "the answer is not JSON"),
        (answer(JSON[:30]), "the answer is not JSON"),
        (answer(b"\xff\xfe" + JSON), "the answer is not JSON"),
        (answer(JSON).replace(b"Content-Length: ", b"Content-Length: 9"), "the answer ends in the middle"),
        (answer([]), "the submission is not an object"),
        (answer({"id": "k1"}), "submissionStatus"),
        (answer({"id": "../admin", "submissionStatus": "review"}), "id"),
        (answer(SUBMISSION | {"id": "k2"}), "it is about another submission"),
        (answer(b"[" * 200_000 + b"]" * 200_000), "the answer is not JSON"),
        (answer(b'{"a":' * 150 + b"1" + b"}" * 150), "the answer is nested too deeply"),
        (answer(b'{"id": ' + b"7" * 5_000 + b"}"), "the submission: id"),
        (packed(BOMB, "gzip"), "the answer unpacks to more than 16384 KiB"),
        (packed(zipped(BOMB), "gzip", "gzip"), "the answer is packed more than once"),
        (packed(zipped(BOMB), "gzip, gzip"), "the answer is packed more than once"),
        (packed(JSON, "br"), "the answer is packed in an unknown way"),
        (packed(JSON, "gzip"), "the answer is not packed as it says"),
        (packed(zipped(JSON)[:-9], "gzip"), "the answer ends in the middle"),
        (packed(zipped(JSON) + b"more", "gzip"), "the answer is not packed as it says"),
        (packed(zlib.compress(JSON) + b"more", "deflate"), "the answer goes on after its end"),
        (answer(b"", status=204), "it answered 204, which was not promised"),
        (answer(SUBMISSION, status=202), "it answered 202, which was not promised"),
        (answer(SUBMISSION, status=206), "it answered 206, which was not promised"),
        (answer(b"", status=304), "it redirects elsewhere (304), which is never followed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_was_not_promised_is_unreadable_and_says_why(said: bytes, why: str) -> None:
    async with asking(said) as (steve, server):
        with pytest.raises(Unreadable) as caught:
            await steve.submissions.get("k1")
        assert why.lower() in caught.value.failure.hint.lower()
        assert caught.value.failure.status is not None
        assert caught.value.failure.request_id
        assert len(server.asked) == 1


async def test_a_redirect_is_not_followed_and_the_key_stays_at_home() -> None:
    async with misbehaving(answer(SUBMISSION)) as elsewhere:
        moved = answer(b"", status=307, headers=f"Location: {elsewhere.base_url}/api/v1/submissions/k1\r\n")
        async with asking(moved) as (steve, server):
            with pytest.raises(Unreadable, match="redirects elsewhere"):
                await steve.submissions.get("k1")
            with pytest.raises(Unreadable, match="redirects elsewhere"):
                await steve.submissions.approve("k1")
        assert [asked.method for asked in server.asked] == ["GET", "POST"]
        assert elsewhere.asked == []


async def test_a_cookie_is_never_sent_back() -> None:
    async with asking(answer(SUBMISSION, headers="Set-Cookie: spy=1; Path=/\r\n")) as (steve, server):
        await steve.submissions.get("k1")
        await steve.submissions.get("k1")
        assert len(server.asked) == 2
        assert not any("cookie" in asked.headers for asked in server.asked)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, BadRequest, FailureKind.BAD_REQUEST),
        (401, KeyNotAccepted, FailureKind.KEY_NOT_ACCEPTED),
        (403, Forbidden, FailureKind.FORBIDDEN),
        (404, NotFound, FailureKind.NOT_FOUND),
        (409, Conflict, FailureKind.CONFLICT),
        (410, Gone, FailureKind.GONE),
        (418, BadRequest, FailureKind.BAD_REQUEST),
        (408, ServerFault, FailureKind.SERVER),
        (499, ServerFault, FailureKind.SERVER),
        (422, Invalid, FailureKind.INVALID),
        (429, RateLimited, FailureKind.LIMITED),
        (500, ServerFault, FailureKind.SERVER),
        (502, ServerFault, FailureKind.SERVER),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"<h1>no</h1>", b'{"detail": 7, "errors": [1, {}]}', b"[]", b'{"detail"']
)
async def test_a_refusal_is_its_status_whatever_its_body_is(
    status: int, kind: type[Refused], words: FailureKind, body: bytes
) -> None:
    async with asking(answer(body, status=status)) as (steve, server):
        with pytest.raises(kind) as caught:
            await steve.submissions.approve("k1", request_id="intent-1")
        failure = caught.value.failure
        assert type(caught.value) is kind
        assert (failure.kind, failure.status, failure.request_id) == (words, status, "intent-1")
        assert failure.title
        assert failure.hint
        assert len(server.asked) == 1
        assert server.asked[0].headers["x-request-id"] == "intent-1"


async def test_a_refusal_speaks_the_servers_words_cleaned() -> None:
    problem = {
        "title": "Validation failed",
        "detail": "see errors",
        "requestId": "req_7\x1b[2J",
        "errors": [{"field": "reason\u202e", "message": "too \x1b]52;c;aGk=\x07short", "code": "min"}],
    }
    said = answer(problem, status=422, kind="application/problem+json")
    async with asking(said) as (steve, _):
        with pytest.raises(Invalid) as caught:
            await steve.submissions.reject("k1", reason="?")
    failure = caught.value.failure
    assert failure.problems[0].field == "reason<U+202E>"
    assert failure.hint == "reason<U+202E>: too ␛]52;c;aGk=␇short."
    assert failure.request_id == "req_7␛[2J"
    assert str(caught.value).isprintable()


async def test_a_refusals_endless_body_does_not_keep_it() -> None:
    async def dribble(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 409 No\r\nContent-Type: application/problem+json\r\nContent-Length: 99999\r\n\r\n"
        )
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with asking(dribble) as (steve, _):
        began = time.monotonic()
        with pytest.raises(Conflict):
            await steve.submissions.approve("k1")
        assert time.monotonic() - began < 4


async def test_a_body_that_never_ends_is_dropped_at_its_cap() -> None:
    sent = 0

    async def flood(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            writer.write(b" " * 65_536)
            await writer.drain()
            sent += 65_536

    async with asking(flood) as (steve, _):
        with pytest.raises(Unreadable, match="larger than 16384 KiB"):
            await steve.submissions.get("k1")
        assert sent < 40 * 1024 * 1024


async def test_a_size_that_is_announced_too_large_is_refused_unread() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000000000\r\n\r\n"

    async def announce(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await asyncio.sleep(30)

    async with asking(announce) as (steve, _):
        began = time.monotonic()
        with pytest.raises(Unreadable, match="larger than"):
            await steve.submissions.get("k1")
        assert time.monotonic() - began < 2


async def test_bombs_leave_memory_alone() -> None:
    async with asking(packed(BOMB, "gzip")) as (steve, _):
        tracemalloc.start()
        try:
            for _ in range(3):
                with pytest.raises(Unreadable):
                    await steve.submissions.get("k1")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 40 * 1024 * 1024  # the cap is 16 MiB, the bomb 64 MiB


async def hang_up(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def say_nothing(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def half_a_head(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-")
    await writer.drain()


async def noise(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\x01SSH-2.0-OpenSSH\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize("silence", [hang_up, half_a_head, noise])
async def test_a_lost_answer_is_no_answer_and_is_never_asked_for_twice(
    silence: Callable[[Asked, asyncio.StreamWriter], "asyncio.Future[None]"],
) -> None:
    async with asking(silence) as (steve, server):
        with pytest.raises(NoAnswer) as caught:
            await steve.submissions.approve("k1")
        assert "look before you decide again" in caught.value.failure.hint
        assert len(server.asked) == 1


async def test_a_read_whose_answer_is_lost_is_asked_again() -> None:
    times = 0

    async def better_the_third_time(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal times
        times += 1
        if times < 3:
            writer.transport.abort()
        else:
            writer.write(answer(SUBMISSION))

    async with asking(better_the_third_time) as (steve, server):
        assert (await steve.submissions.get("k1")).id == "k1"
        assert len({asked.headers["x-request-id"] for asked in server.asked}) == 3


async def test_silence_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review_tui.client.transport.READ_DEADLINE", 0.3)
    monkeypatch.setattr("review_tui.client.transport.DECISION_DEADLINE", 0.3)
    async with asking(say_nothing) as (steve, server):
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            await steve.submissions.get("k1")
        with pytest.raises(NoAnswer):
            await steve.submissions.cancel("k1")
        assert time.monotonic() - began < 2
        assert [asked.method for asked in server.asked] == ["GET", "POST"]


async def test_a_dribbled_answer_ends_at_the_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    async def dribble(asked: Asked, writer: asyncio.StreamWriter) -> None:
        for byte in answer(SUBMISSION):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)

    monkeypatch.setattr("review_tui.client.transport.DECISION_DEADLINE", 0.5)
    async with asking(dribble) as (steve, _):
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            await steve.submissions.approve("k1")
        assert time.monotonic() - began < 2


async def test_where_nobody_listens_nothing_was_sent() -> None:
    async with misbehaving(b"") as server:
        address = server.base_url
    async with Steve(address, KEY) as steve:
        with pytest.raises(NotSent) as caught:
            await steve.submissions.approve("k1")
        with pytest.raises(NotSent) as not_read:
            await steve.submissions.get("k1")
    assert caught.value.failure.kind is FailureKind.NOT_SENT
    assert caught.value.failure.title == "Not sent: the server cannot be reached"
    assert caught.value.failure.hint == "The connection was refused. Nothing was changed."
    assert not_read.value.failure.title == "Not reachable: 127.0.0.1"
    assert not_read.value.failure.hint == "The connection was refused."


async def test_a_name_that_nobody_knows_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: object, **kwargs: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    async with Steve("https://steve.invalid", KEY) as steve:
        with pytest.raises(NotSent, match="There is no host of that name"):
            await steve.submissions.approve("k1")


@pytest.mark.parametrize("host", ["a..b.invalid", "a" * 64 + ".invalid"])
async def test_a_name_that_cannot_be_one_was_not_sent_either(host: str) -> None:
    async with Steve(f"https://{host}", KEY) as steve:
        with pytest.raises(NotSent):
            await steve.submissions.approve("k1")


async def test_a_large_answer_is_read_beside_the_loop() -> None:
    def where(value: object) -> threading.Thread:
        return threading.current_thread()

    for size, beside in ((1_000, False), (40_000, True)):
        data = {f"field{i}": {"value": "x" * 40, "confidence": 0.5} for i in range(size)}
        async with misbehaving(answer(data)) as server, Transport(server.base_url, KEY) as transport:
            thread = await transport.read("/anything", where)
        assert (thread is not threading.main_thread()) is beside


async def test_every_error_is_one_of_ours() -> None:
    async with asking(hang_up) as (steve, _):
        with pytest.raises(WireError) as caught:
            await steve.companies.list()
        assert type(caught.value).__module__ == "review_tui.client.errors"
        assert caught.value.__suppress_context__
