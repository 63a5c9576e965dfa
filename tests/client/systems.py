"""Pulse and Unsiloed within the process, with jobs that are moved by hand."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from starlette.applications import Starlette

from review_tui.client.pulse import Pulse
from review_tui.client.unsiloed import Unsiloed
from review_tui.model.secret import Secret
from review_tui.sandbox.faults import ALWAYS_AFTER, Fault
from review_tui.sandbox.state import Sandbox
from tests.client.rawserver import KEY, Asked, RawServer, answer
from tests.wire import IN_PROCESS, InProcess

LARGE: Final = b'{"markdown": "# Much", "page_count": 90}'
"""What lies behind a link."""


def told(status: str, **fields: object) -> bytes:
    """A job of Pulse."""
    return answer({"job_id": "j1", "status": status, "created_at": "2026-03-25T12:00:00Z", **fields})


def pointing(url: str) -> bytes:
    """A job of Pulse whose result is elsewhere."""
    return told("completed", result={"is_url": True, "url": url})


class Routes:
    """Answers by the first part of the path, the last answer of each again and again."""

    def __init__(self, **routes: list[bytes] | bytes) -> None:
        self._routes = {
            name: list(said) if isinstance(said, list) else [said] for name, said in routes.items()
        }

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        name = asked.target.strip("/").partition("?")[0].partition("/")[0]
        said = self._routes.get(name, [answer({"detail": "Not Found"}, status=404)])
        writer.write(said.pop(0) if len(said) > 1 else said[0])
        await writer.drain()


def pulse_at(server: RawServer, path: str = "") -> Pulse:
    return Pulse(KEY, server.base_url + path)


def left_in(folder: Path) -> list[str]:
    """The names of what lies in a folder."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@dataclass(frozen=True)
class Systems:
    """A sandbox and whoever may ask it."""

    app: Starlette

    @property
    def sandbox(self) -> Sandbox:
        found = self.app.state.sandbox
        assert isinstance(found, Sandbox)
        return found

    def pulse(self, part: str = "company") -> Pulse:
        key = Secret(self.sandbox.job_keys["pulse"][part].secret)
        return Pulse(key, f"{IN_PROCESS}/pulse", transport=InProcess(self.app))

    def unsiloed(self, part: str = "company") -> Unsiloed:
        key = Secret(self.sandbox.job_keys["unsiloed"][part].secret)
        return Unsiloed(key, f"{IN_PROCESS}/unsiloed", transport=InProcess(self.app))

    async def job(self, system: str, **fields: object) -> str:
        """Make a job; returns its id."""
        return str((await self._own("jobs", {"system": system, **fields}))["data"]["id"])

    async def change(self, job_id: str, **fields: object) -> None:
        """Move a job by hand."""
        await self._own(f"jobs/{job_id}", fields)

    async def switch(self, **positions: object) -> None:
        """Let the systems answer in another way."""
        await self._own("switches", positions)

    def fault(self, kind: str, value: str | None = None, *, times: int = 1, method: str = "*") -> None:
        """Let the next answers go wrong."""
        self.sandbox.faults.add(Fault(kind, method, times=times, value=value, after=kind in ALWAYS_AFTER))

    async def _own(self, path: str, fields: object) -> dict[str, dict[str, object]]:
        async with httpx.AsyncClient(transport=InProcess(self.app), base_url=IN_PROCESS) as client:
            answer = await client.post(f"/sandbox/{path}", json=fields)
            assert answer.status_code < 300, answer.text
            found: dict[str, dict[str, object]] = answer.json()
            return found
