"""What lives here: large results at another origin, behind addresses that carry their own authority."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import jobs
from review_tui.sandbox.accounts import PULSE
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.results import result_of
from review_tui.sandbox.routes.asking import sandbox_of

GOOD_FOR_S = 86_400
PORT_WITHIN = 9000
"""The other origin's port where there is no socket; nothing listens there."""


def address_of(request: Request, job_id: str, now: int) -> str:
    """Where the result of a job lies for a day, readable by whoever holds the address."""
    sandbox = sandbox_of(request)
    start = sandbox.settings.elsewhere_url or f"{request.url.scheme}://{request.url.hostname}:{PORT_WITHIN}"
    return start + sandbox.signer.path(f"/elsewhere/results/{job_id}.json", now // 1000 + GOOD_FOR_S)


async def fetch(request: Request) -> Response:
    """A result, as often as one likes until its address is too old."""
    sandbox = sandbox_of(request)
    sandbox.signer.check_path(request.url.path, dict(request.query_params), sandbox.clock.now_ms() / 1000)
    with sandbox.database.read() as tx:
        row = jobs.find(tx, PULSE, str(request.path_params["job_id"]))
    if row is None or row["state"] == "expired":
        raise Problem("not-found", "The specified key does not exist.")
    return Response(await run_in_threadpool(result_of, row), media_type="application/json")


ROUTES: list[Route] = [Route("/elsewhere/results/{job_id}.json", fetch, methods=["GET"])]
