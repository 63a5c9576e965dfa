"""The bench's sandbox: as many rows in review as asked for, at rest, and reading as fast as one likes."""

import json
import select
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn

from review_tui.sandbox.app import create_app
from review_tui.sandbox.state import SandboxSettings

USUAL: Final = 300
"""Reads in a minute that a server usually allows."""

FREELY: Final = 10_000_000
"""Reads in a minute where loading is not to be waited for."""

_IN_REVIEW: Final = 1.95
"""Submissions of a flood for each that is in review, so that no more are than asked for."""


_MADE_WITHIN: Final = 300.0


@dataclass(frozen=True)
class World:
    """A sandbox that serves so many rows."""

    base_url: str
    api_key: str
    rows: int

    @property
    def environment(self) -> dict[str, str]:
        """By which the console finds it."""
        return {"STEVE_BASE_URL": self.base_url, "STEVE_API_KEY": self.api_key}

    def requests(self) -> list[Any]:
        """The newest thousand requests that it saw."""
        with urllib.request.urlopen(f"{self.base_url}/sandbox/requests", timeout=10) as answer:
            found: list[Any] = json.load(answer)["data"]
        return found


@contextmanager
def serving_rows(folder: Path, rows: int, *, reads: int = FREELY) -> Iterator[World]:
    """Serve so many rows, allowing so many reads a minute; it ends with whoever began it."""
    command = (sys.executable, "-m", "tests.bench.world", str(folder / f"{rows}.db"), str(rows), str(reads))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if not select.select([process.stdout], [], [], _MADE_WITHIN)[0]:
                raise AssertionError("the sandbox was not ready in time")
            ready = json.loads(process.stdout.readline())
            yield World(ready["base_url"], ready["api_key"], rows)
        finally:
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def main(file: Path, rows: int, reads: int) -> None:
    """Serve until standard input ends; print one JSON line when ready, as the sandbox's own program does."""
    # Named as TCP, or asyncio leaves Nagle's algorithm on and each answer waits for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = SandboxSettings(
            db=file,
            seed=7,
            scenario="flood",
            submissions=round(rows * _IN_REVIEW),
            base_url=base_url,
            read_limit=reads,
        )
        app = create_app(settings)
        server = uvicorn.Server(
            uvicorn.Config(app, http="h11", ws="none", loop="asyncio", access_log=False, log_level="warning")
        )
        threading.Thread(target=_until_nobody_asks, args=(server,), daemon=True).start()
        print(json.dumps({"base_url": base_url, "api_key": app.state.sandbox.api_key}), flush=True)
        server.run(sockets=[listener])
        app.state.sandbox.close()


def _until_nobody_asks(server: uvicorn.Server) -> None:
    while sys.stdin.buffer.read(4096):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
