"""What lives here: the sandbox on a loopback socket, as one foreground program."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from review_tui.sandbox.app import create_app
from review_tui.sandbox.mishaps import HANG_UP
from review_tui.sandbox.routes.systems import systems_of
from review_tui.sandbox.state import Sandbox, SandboxSettings

HOST = "127.0.0.1"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(
    *,
    port: int = 0,
    seed: int = 1,
    submissions: int | None = None,
    scenario: str = "busy",
    db: Path | None = None,
    exit_with_stdin: bool = False,
) -> int:
    """Serve until told to end; print one JSON line when ready.

    Returns 0 after the end of stdin (with ``exit_with_stdin``), 128+n after signal n, 1 when the port or
    the file cannot be used and 2 for an unknown scenario, both with a line on stderr.
    """
    try:
        for number in SIGNALS:
            signal.signal(number, _end)
        with _listener(port) as listener, _listener(0) as elsewhere:
            settings = SandboxSettings(
                db=db,
                seed=seed,
                submissions=submissions,
                scenario=scenario,
                base_url=_address(listener),
                elsewhere_url=_address(elsewhere),
                live=True,
            )
            return _serve(create_app(settings), [listener, elsewhere], exit_with_stdin=exit_with_stdin)
    except _Ended as ended:
        return 128 + ended.number
    except ValueError as error:
        return _refuse(error, 2)
    except (OSError, sqlite3.Error) as error:
        return _refuse(error, 1)


class _Ended(BaseException):
    """A signal came before the server could hear of it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def _end(number: int, _frame: object) -> None:
    raise _Ended(number)


def _refuse(error: Exception, code: int) -> int:
    sys.stderr.write(f"review-tui sandbox: {error}\n")
    return code


def _listener(port: int) -> socket.socket:
    # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise OSError(f"port {port}: {getattr(error, 'strerror', None) or error}") from None
    return listener


def _address(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"


def _serve(app: Starlette, listeners: list[socket.socket], *, exit_with_stdin: bool) -> int:
    sandbox: Sandbox = app.state.sandbox
    try:
        server = _Server(
            uvicorn.Config(
                app,
                http=_Protocol,
                ws="none",
                loop="asyncio",
                lifespan="on",
                access_log=False,
                log_level="warning",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            ),
            ready=json.dumps(_told(sandbox, _address(listeners[0]))),
            hint=_hint(sandbox, _address(listeners[0])) if sys.stdout.isatty() else "",
        )
        if exit_with_stdin:
            threading.Thread(target=_until_stdin_ends, args=(server,), daemon=True).start()
        asyncio.run(server.serve_until_told(listeners))
    finally:
        sandbox.close()
    return 128 + server.signal if server.signal else 0


def _told(sandbox: Sandbox, base_url: str) -> dict[str, object]:
    """What one needs to ask it: address, key and jobs of Steve's, and of each other system by its name."""
    told: dict[str, object] = {}
    for name, system in systems_of(sandbox, base_url).items():
        one = {"base_url": system.base_url, "api_key": system.keys["company"], "jobs": system.jobs}
        told |= one if name == "steve" else {name: one}
    return told


def _hint(sandbox: Sandbox, base_url: str) -> str:
    """The same for a shell."""
    lines = []
    for name, system in systems_of(sandbox, base_url).items():
        lines.append(f"export {name.upper()}_BASE_URL={system.base_url}")
        lines.append(f"export {name.upper()}_API_KEY={system.keys['company']}")
    return "".join(f"{line}\n" for line in lines)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, ready: str, hint: str) -> None:
        super().__init__(config)
        self.ready = ready
        self.hint = hint
        self.signal = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            sys.stdout.write(self.ready + "\n")
            sys.stdout.flush()
            sys.stderr.write(self.hint)

    async def serve_until_told(self, sockets: list[socket.socket]) -> None:
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._told, number)
        await self.serve(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # the loop's own handlers are there already; uvicorn's would raise the signal again at the end

    def _told(self, number: int) -> None:
        self.signal = self.signal or number
        self.should_exit = True


class _Protocol(H11Protocol):
    """Tells the application how to hang up, for faults that end a connection without an answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = cast("Any", _able_to_hang_up(self.app, transport.close))


def _able_to_hang_up(app: Any, hang_up: Callable[[], None]) -> ASGIApp:
    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("extensions", {})[HANG_UP] = hang_up
        await app(scope, receive, send)

    return answering


def _until_stdin_ends(server: uvicorn.Server) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    server.should_exit = True
