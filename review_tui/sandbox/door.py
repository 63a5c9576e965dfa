"""What lives here: what every request passes: its id, the record of it, rate headers, scripted faults."""

import re
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review_tui.sandbox import mishaps, refusals
from review_tui.sandbox.faults import HEADER, ConnectionDropped, Fault, parse_header
from review_tui.sandbox.keys import caller_of
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.refusals import ELSEWHERE_AT
from review_tui.sandbox.state import Sandbox, Seen
from review_tui.sandbox.wire import stamp

REQUEST_ID = re.compile(r"[\x20-\x7e]{1,128}")
OWN_ROUTES = "/sandbox/"


@dataclass
class Door:
    """The outermost layer; its own admin routes pass without faults and without being recorded."""

    sandbox: Sandbox
    inner: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else f"req_{secrets.token_hex(12)}"
        scope.setdefault("state", {})["request_id"] = request_id
        passage = _Passage(self.sandbox, scope, send, request_id)
        if scope["path"].startswith(OWN_ROUTES):
            await self.inner(scope, receive, passage.send)
            return
        fault: Fault | None = None
        try:
            self._check_origin(scope)
            fault = self._fault(scope, headers)
            if fault is None:
                await self.inner(scope, receive, passage.send)
            else:
                await mishaps.perform(fault, self.inner, scope, receive, passage.send)
        except Problem as problem:
            await refusals.answer(problem, instance=scope["path"], request_id=request_id)(
                scope, receive, passage.send
            )
        except ConnectionDropped:
            passage.status = None
            raise
        finally:
            self._record(scope, headers, passage, fault)

    def _check_origin(self, scope: Scope) -> None:
        """What lies at the other origin is not here, and nothing else is there; within a process both are."""
        port, server = self.sandbox.elsewhere_port, scope.get("server")
        if port is not None and server is not None:
            is_there = server[1] == port
            if is_there != scope["path"].startswith(ELSEWHERE_AT):
                raise Problem("not-found", "Not Found.")

    def _fault(self, scope: Scope, headers: Headers) -> Fault | None:
        asked = headers.get(HEADER)
        if asked is not None:
            return parse_header(asked)
        return self.sandbox.faults.take(scope["method"], scope["path"])

    def _record(self, scope: Scope, headers: Headers, passage: "_Passage", fault: Fault | None) -> None:
        self.sandbox.note(
            Seen(
                at=stamp(self.sandbox.clock.now_ms()) or "",
                method=scope["method"],
                path=scope["path"],
                query=scope.get("query_string", b"").decode("latin-1"),
                request_id=passage.request_id,
                has_authorization="authorization" in headers,
                headers=dict(headers),
                status=None if scope["state"].get("dropped") else passage.status,
                fault=None if fault is None else fault.kind,
            )
        )


class _Passage:
    def __init__(self, sandbox: Sandbox, scope: Scope, send: Send, request_id: str) -> None:
        self._sandbox, self._scope, self._send = sandbox, scope, send
        self.request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            headers["Request-Id"] = self.request_id
            if self._scope["path"].startswith("/api/"):
                headers.update(self._rate_headers())
        await self._send(message)

    def _rate_headers(self) -> dict[str, str]:
        state: MutableMapping[str, Any] = self._scope["state"]
        if "rate" in state:
            return dict(state["rate"].headers())
        now = self._sandbox.clock.now_ms()
        with self._sandbox.database.read() as tx:
            try:
                key_id = caller_of(tx, Headers(scope=self._scope).get("authorization")).key_id
            except Problem:
                key_id = None
            return self._sandbox.rates.peek(tx, key_id, "read", now).told().headers()
