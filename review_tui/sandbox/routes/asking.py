"""What lives here: what every API route does first: who asks, may they still, and what did they send."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import rates
from review_tui.sandbox.keys import Caller, caller_of
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.state import Sandbox
from review_tui.sandbox.wire import dumps

JSON_AT_MOST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a known caller."""

    request: Request
    sandbox: Sandbox
    caller: Caller
    now: int

    @property
    def company_id(self) -> str:
        """The company that the caller's key is scoped to (company routes only)."""
        return self.caller.company_id or ""

    @property
    def request_id(self) -> str:
        """The id that the answer and the events carry."""
        return request_id_of(self.request)

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    async def json_object(self) -> dict[str, object]:
        """The JSON object sent, ``{}`` when nothing was; 400, 413 or 415 otherwise."""
        body = await read_body(self.request, JSON_AT_MOST)
        if not body:
            return {}
        media_type = self.request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise Problem("unsupported-media-type", "Send application/json.")
        try:
            value = json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise Problem("bad-request", "The body is not JSON.") from None
        if not isinstance(value, dict):
            raise Problem("bad-request", "The body must be a JSON object.")
        return value


Answering = Callable[[Ask], Awaitable[Response]]


def api(method: str, path: str, bucket: str, answering: Answering, *, scoped: bool = True) -> Route:
    """A route of the API: authenticated, counted in ``bucket``, then answered."""

    async def endpoint(request: Request) -> Response:
        sandbox = sandbox_of(request)
        now = sandbox.clock.now_ms()
        with sandbox.database.write() as tx:
            caller = caller_of(tx, request.headers.get("authorization"))
            used = sandbox.rates.use(tx, caller.key_id, bucket, now)
        request.state.rate = used.told()
        if caller.revoked:
            raise Problem("forbidden", "This API key has been revoked.")
        rates.check(used, now)
        if scoped and caller.company_id is None:
            raise Problem("key-not-company-scoped", "This route needs a key of one company.")
        return await answering(Ask(request, sandbox, caller, now))

    return Route(f"/api/v1{path}", endpoint, methods=[method])


def sandbox_of(request: Request) -> Sandbox:
    """The sandbox that serves a request."""
    return cast("Sandbox", request.app.state.sandbox)


def request_id_of(request: Request) -> str:
    """The id that was given to a request at the door."""
    return str(request.state.request_id)


def base_url_of(request: Request) -> str:
    """What absolute URLs begin with: as set, or as the request came."""
    return (sandbox_of(request).settings.base_url or str(request.base_url)).rstrip("/")


def json_answer(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(dumps(value), status_code=status, media_type="application/json")


async def read_body(request: Request, at_most: int) -> bytes:
    """The body, refused with 413 as soon as it is longer than ``at_most`` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > at_most:
            raise Problem("payload-too-large", f"The body may have at most {at_most} bytes.")
    return bytes(body)


def _no_constant(name: str) -> object:
    raise ValueError(name)
