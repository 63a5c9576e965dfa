"""How the sandbox's tests ask it: one plain ASGI request at a time, without a socket."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.types import Message

from review_tui.sandbox.state import Sandbox


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def slug(self) -> str:
        """The kind of problem that a refusal names, after a look at its shape."""
        assert self.headers["content-type"] == "application/problem+json"
        problem = self.json
        assert set(problem) >= {"type", "title", "status", "detail", "instance", "requestId"}
        assert problem["status"] == self.status
        assert problem["requestId"] == self.headers["request-id"]
        start, slug = problem["type"].rsplit("/", 1)
        assert start == "https://docs.steve.openloyalty.io/errors"
        return str(slug)


@dataclass
class Caller:
    """Somebody with an API key (or, with an empty one, without)."""

    app: Starlette
    key: str
    runner: asyncio.Runner = field(repr=False)

    @property
    def sandbox(self) -> Sandbox:
        found = self.app.state.sandbox
        assert isinstance(found, Sandbox)
        return found

    def with_key(self, part: str) -> "Caller":
        """The same sandbox asked with another of its keys."""
        return Caller(self.app, self.sandbox.keys[part].secret, self.runner)

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, value: object = None, **headers: str) -> Answer:
        if value is None:
            return self.ask("POST", path, headers=headers)
        body = json.dumps(value).encode()
        return self.ask("POST", path, body, {"Content-Type": "application/json", **headers})

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """Send one request; underscores in header names stand for hyphens."""
        given = {name.replace("_", "-").lower(): value for name, value in (headers or {}).items()}
        given.setdefault("host", "127.0.0.1")
        if self.key and path.startswith("/api/"):
            given.setdefault("authorization", f"Bearer {self.key}")
        return self.runner.run(self._ask(method, path, body, given))

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        parts = urlsplit(path)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 4711),
            "server": ("127.0.0.1", 80),
            "state": {},
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start = sent[0]
        whole = b"".join(message.get("body", b"") for message in sent[1:])
        return Answer(
            start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, whole
        )
