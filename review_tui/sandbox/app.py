"""What lives here: the sandbox as one ASGI application, for a socket or a transport within the process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from review_tui.sandbox import problems, refusals, scenarios
from review_tui.sandbox.door import Door
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.refusals import Refusal
from review_tui.sandbox.routes import (
    admin,
    elsewhere,
    files,
    fraud,
    jobs,
    operations,
    pulse,
    submissions,
    systems,
    unsiloed,
    welcome,
    workflows,
)
from review_tui.sandbox.routes.asking import request_id_of
from review_tui.sandbox.state import Sandbox, SandboxSettings

__all__ = ["Sandbox", "SandboxSettings", "create_app"]


def create_app(settings: SandboxSettings | None = None) -> Starlette:
    """A sandbox ready to answer; ``app.state.sandbox`` is what it keeps, and is to be closed at the end.

    It needs no lifespan; only the life of its own (``settings.live``) runs while a lifespan lasts. An
    unknown scenario is a ``ValueError``, a file that is no database a ``sqlite3.DatabaseError``.
    """
    settings = settings or SandboxSettings()
    scenarios.scenario_of(settings)  # an unknown one is refused before there is a file
    sandbox = Sandbox(settings, scenarios.populate)
    app = _Application(
        routes=[
            *submissions.ROUTES,
            *fraud.ROUTES,
            *jobs.ROUTES,
            *workflows.ROUTES,
            *files.ROUTES,
            *welcome.ROUTES,
            *admin.routes(_turn),
            *systems.ROUTES,
            *pulse.ROUTES,
            *unsiloed.ROUTES,
            *operations.ROUTES,
            *elsewhere.ROUTES,
        ],
        exception_handlers={
            Problem: _answer_problem,
            Refusal: _answer_refusal,
            HTTPException: _answer_status,
            Exception: _answer_fault,
        },
        lifespan=_lifespan,
    )
    app.state.sandbox = sandbox
    return app


async def _turn(sandbox: Sandbox, app: ASGIApp) -> None:
    await scenarios.life_of(sandbox, app).step()


class _Application(Starlette):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await Door(self.state.sandbox, super().__call__)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    sandbox: Sandbox = app.state.sandbox
    if not sandbox.settings.live:
        yield
        return
    life = asyncio.create_task(scenarios.live(sandbox, app))
    try:
        yield
    finally:
        life.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await life


async def _answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return refusals.answer(error, instance=request.url.path, request_id=request_id_of(request))


async def _answer_refusal(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.response()


async def _answer_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return await _answer_problem(request, problems.of_status(error.status_code, error.headers))


async def _answer_fault(request: Request, _error: Exception) -> Response:
    return await _answer_problem(request, Problem("internal-error", "Something in the sandbox went wrong."))
