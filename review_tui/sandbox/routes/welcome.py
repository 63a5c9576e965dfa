"""What lives here: the first page, which says what this is not, and the OpenAPI document."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox.accounts import SYSTEMS
from review_tui.sandbox.routes.asking import json_answer, sandbox_of

NOTICE = (
    "A pretend document-review server with made-up people, shops and papers. It is not Steve, nor Pulse "
    "or Unsiloed, nor made by those who make them, and not for real data: anybody on this machine can read "
    "and change all of it."
)


async def welcome(request: Request) -> Response:
    """Say at once what this is not."""
    sandbox = sandbox_of(request)
    return json_answer(
        {
            "name": "review-tui sandbox",
            "notice": NOTICE,
            "scenario": sandbox.settings.scenario,
            "seed": sandbox.seed,
            "openapi": "/openapi.json",
            "systems": "/sandbox/systems",
            "admin": "/sandbox/state",
        }
    )


async def show_openapi(_request: Request) -> Response:
    """The description of the API, made when somebody first asks for it."""
    from review_tui.sandbox import openapi

    return json_answer(openapi.DOCUMENT)


async def show_job_openapi(request: Request) -> Response:
    """The same of Pulse or Unsiloed."""
    from review_tui.sandbox import openapi_jobs

    return json_answer(openapi_jobs.document_of(request.url.path.split("/")[1]))


ROUTES: list[Route] = [
    Route("/", welcome, methods=["GET"]),
    Route("/openapi.json", show_openapi, methods=["GET"]),
    *(Route(f"/{system}/openapi.json", show_job_openapi, methods=["GET"]) for system in SYSTEMS),
]
