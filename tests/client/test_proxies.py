"""A proxy between us and the server may say anything: nothing was sent, and the key stays here."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from review_tui.client.errors import NotSent
from review_tui.client.steve import Steve
from tests.client.rawserver import KEY, Asked, answer, misbehaving


async def hangs_up(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def says_nothing(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def floods(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"x" * 4_096 + b"\r\n")
        await writer.drain()


@pytest.mark.parametrize(
    "behaves",
    [
        answer(b"", status=407, headers='Proxy-Authenticate: Basic realm="\x1b[2J"\r\n'),
        answer(b"<h1>Forbidden by policy</h1>", status=403, kind="text/html"),
        answer(b"", status=302, headers="Location: http://127.0.0.1:9/\r\n"),
        answer(b"", status=500),
        b"HTTP/1.1 200 OK\r\n\r\n\x00\x01no handshake",
        b"\x00\x01SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 99999 \x1b]0;x\x07\r\n\r\n",
        b"",
        hangs_up,
        floods,
        says_nothing,
    ],
    ids=[
        "password",
        "policy",
        "redirect",
        "fault",
        "no handshake",
        "no HTTP",
        "no status",
        "nothing",
        "hangs up",
        "floods",
        "silent",
    ],
)
async def test_whatever_a_proxy_says_a_decision_was_not_sent(
    monkeypatch: pytest.MonkeyPatch,
    behaves: bytes | Callable[[Asked, asyncio.StreamWriter], Coroutine[Any, Any, None]],
) -> None:
    monkeypatch.setattr("review_tui.client.transport.DECISION_DEADLINE", 1.5)
    async with misbehaving(behaves) as proxy:
        for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.base_url)
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("NO_PROXY", "")
        async with Steve("https://a.example", KEY) as steve:
            began = time.monotonic()
            with pytest.raises(NotSent) as caught:
                await steve.submissions.approve("k1")
            assert time.monotonic() - began < 5
    assert str(caught.value).isprintable()
    assert {asked.method for asked in proxy.asked} <= {"CONNECT"}
    assert KEY.revealed() not in repr(proxy.asked)
