"""The two ways by which tests reach a sandbox: within the process, and over a loopback socket."""

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.model.secret import Secret
from review_tui.sandbox.faults import ConnectionDropped
from review_tui.sandbox.state import Sandbox
from tests.nursery import begun

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
"""The time at which a frozen sandbox stands."""

IN_PROCESS = "http://127.0.0.1"
"""A base URL for a sandbox within the process; nothing listens there."""


class InProcess(httpx.AsyncBaseTransport):
    """Carries requests to an application without a socket; a dropped connection is a reset.

    An answer arrives whole or not at all: what happens in the middle of a body needs a socket.
    """

    def __init__(self, app: Starlette) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._inner.handle_async_request(request)
        except ConnectionDropped as dropped:
            raise httpx.ReadError(str(dropped), request=request) from dropped


def steve_on(app: Starlette, key: str | None = None) -> Steve:
    """A client of a sandbox within the process, with its own key if no other is given."""
    sandbox: Sandbox = app.state.sandbox
    return Steve(IN_PROCESS, Secret(key or sandbox.api_key), transport=InProcess(app))


@dataclass(frozen=True)
class Served:
    """A sandbox that listens on a loopback socket in a process of its own."""

    base_url: str
    api_key: str
    pid: int
    others: Mapping[str, Mapping[str, str | list[str]]] = field(default_factory=dict)
    """``base_url``, ``api_key`` and ``jobs`` (ids) of Pulse and Unsiloed, by their names."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the program finds it, with a state folder of its own."""
        others = {
            f"{system.upper()}_{name.upper()}": value
            for system, told in self.others.items()
            for name, value in told.items()
            if isinstance(value, str)
        }
        return os.environ | {
            **others,
            "STEVE_BASE_URL": self.base_url,
            "STEVE_API_KEY": self.api_key,
            "REVIEW_TUI_CONFIG": os.devnull,
            "REVIEW_TUI_STATE": str(state_of(self.pid)),
        }


def state_of(pid: int) -> Path:
    """The folder in which the program keeps what it decides on the sandbox of this process."""
    return Path(tempfile.gettempdir(), f"review-tui-state-{pid}")


@contextmanager
def serving(*arguments: str, within: float = 30.0) -> Iterator[Served]:
    """Serve a sandbox with these arguments; ended by its pid."""
    # Into a file: a pipe that nobody reads is full after 64 KiB, and the next word would stop the server.
    with tempfile.TemporaryDirectory() as folder:
        process, out = begun(arguments, said := Path(folder, "said"))
        try:
            ready = json.loads(_first_line(out, said, within))
            assert process.pid is not None
            others = {system: ready[system] for system in ("pulse", "unsiloed")}
            yield Served(ready["base_url"], ready["api_key"], process.pid, others)
        finally:
            process.terminate()
            process.join(10)
            if process.is_alive():
                process.kill()
                process.join(5)
            out.close()
            shutil.rmtree(state_of(process.pid or 0), ignore_errors=True)


def _first_line(out: Connection, said: Path, within: float) -> bytes:
    ends = time.monotonic() + within
    line = b""
    while not line.endswith(b"\n"):
        if not out.poll(max(0.0, ends - time.monotonic())):
            raise AssertionError(f"the sandbox was not ready within {within} s")
        if not (piece := os.read(out.fileno(), 4096)):
            raise AssertionError(f"the sandbox ended: {said.read_text(errors='replace')}")
        line += piece
    return line


@contextmanager
def only_loopback() -> Iterator[None]:
    """Refuse every connection of this process that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not _is_here(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
