"""What lives here: how each kind of fault is performed on one request."""

import asyncio
import json
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review_tui.sandbox import refusals
from review_tui.sandbox.faults import ConnectionDropped, Fault
from review_tui.sandbox.problems import Problem, of_status
from review_tui.sandbox.wire import dumps

HANG_UP = "sandbox.hang_up"
"""The scope extension by which the server lets the application close the connection."""

PIECE = 16
MUCH = 5_000_000_000
PAGE = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1>gateway</body></html>"
ANOTHER_ID = "k00another0submission0altogether"


@dataclass
class _Held:
    """An answer that was held back."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")


async def perform(fault: Fault, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let ``fault`` happen to one request; ``fault.after`` says whether it takes effect first."""
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.kind == "delay":
        await app(scope, receive, send)
        return
    held = _Held()
    if fault.after:
        await app(scope, receive, held.send)
    if fault.kind == "drop":
        await _hang_up(scope, receive)
    elif fault.kind in ("status", "shape", "html", "redirect", "body"):
        await _other_answer(fault, scope)(scope, receive, send)
    else:
        await _spoilt(fault, held, scope, receive, send)


def _other_answer(fault: Fault, scope: Scope) -> Response:
    if fault.kind == "html":
        status = int(fault.number(502))
        return HTMLResponse(PAGE.format(status), status_code=status)
    if fault.kind == "redirect":
        return Response(status_code=307, headers={"Location": fault.value or "https://elsewhere.invalid/"})
    if fault.kind == "body":
        return Response(fault.value or "", media_type="application/json")
    if fault.kind == "shape":
        return refusals.shaped(fault.value or "coded", scope["path"].rsplit("/", 1)[-1]).response()
    status = int(fault.number(500))
    problem: Problem = of_status(status, refusals.SOON if status in (429, 503) else None)
    return refusals.answer(
        problem, instance=scope["path"], request_id=scope["state"]["request_id"], status=status
    )


async def _spoilt(fault: Fault, held: _Held, scope: Scope, receive: Receive, send: Send) -> None:
    body = bytes(held.body)
    if fault.kind == "wrong_id":
        body = _with_another_id(body)
    elif fault.kind == "truncated":
        body = body[: len(body) // 2]
    headers = MutableHeaders(raw=list(held.headers))
    headers["Content-Length"] = str(int(fault.number(MUCH)) if fault.kind == "announced" else len(body))
    await send({"type": "http.response.start", "status": held.status, "headers": headers.raw})
    if fault.kind in ("cut_off", "announced"):
        sent = body if fault.kind == "announced" else body[: len(body) // 2]
        await send({"type": "http.response.body", "body": sent, "more_body": True})
        await _hang_up(scope, receive)
        return
    if fault.kind == "slow_body":
        for start in range(0, len(body), PIECE):
            piece = body[start : start + PIECE]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(fault.number(0.05))
        body = b""
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _hang_up(scope: Scope, receive: Receive) -> None:
    scope["state"]["dropped"] = True
    hang_up = scope.get("extensions", {}).get(HANG_UP)
    if hang_up is None:
        raise ConnectionDropped("the sandbox closed the connection, as it was told to")
    hang_up()
    while (await receive())["type"] != "http.disconnect":
        pass


def _with_another_id(body: bytes) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return body
    inner = value.get("data", value) if isinstance(value, dict) else value
    for name in ("id", "job_id"):
        if isinstance(inner, dict) and name in inner:
            inner[name] = ANOTHER_ID
    return dumps(value).encode()
