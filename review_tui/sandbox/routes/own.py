"""What lives here: how the sandbox's own routes are reached, from this machine only and without a key."""

import ipaddress
import json
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox.problems import Problem
from review_tui.sandbox.routes.asking import JSON_AT_MOST, read_body

Fields = dict[str, object]


def own(method: str, name: str, answering: Callable[[Request], Awaitable[Response]]) -> Route:
    """A route below ``/sandbox/``."""

    async def endpoint(request: Request) -> Response:
        if not _is_near(request):
            raise Problem("forbidden", "These routes answer to this machine only.")
        return await answering(request)

    return Route(f"/sandbox/{name}", endpoint, methods=[method])


async def sent_fields(request: Request) -> Fields:
    """The JSON object sent, ``{}`` when nothing was; 400 for anything else."""
    body = await read_body(request, JSON_AT_MOST)
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Problem("bad-request", "The body must be a JSON object.")
    return value


def _is_near(request: Request) -> bool:
    if request.client is None:
        return True
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return True  # a transport within the process names no address
