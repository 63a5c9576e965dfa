"""What lives here: what every route of Pulse and Unsiloed does first: whose key it is, what is due."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import jobs
from review_tui.sandbox.accounts import PULSE, Key, key_of
from review_tui.sandbox.queries import Row
from review_tui.sandbox.refusals import Refusal, coded, detailed
from review_tui.sandbox.routes.asking import sandbox_of
from review_tui.sandbox.state import Sandbox


@dataclass(frozen=True, slots=True)
class JobAsk:
    """One request of a known account; what is due by now has happened."""

    request: Request
    sandbox: Sandbox
    key: Key
    now: int

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])


JobAnswering = Callable[[JobAsk], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Gate:
    """How one family of routes of one system is entered: by which header, and when it is there at all."""

    system: str
    header: str
    is_there: Callable[[Sandbox], bool] = lambda _sandbox: True

    def route(self, method: str, path: str, bucket: str, answering: JobAnswering) -> Route:
        """A route behind a key of the system, counted in ``bucket``."""

        async def endpoint(request: Request) -> Response:
            sandbox = sandbox_of(request)
            if not self.is_there(sandbox):
                raise detailed(404, "Not Found")
            now = sandbox.clock.now_ms()
            key = self._key(sandbox, request)
            with sandbox.database.write() as tx:
                wait = sandbox.rates.wait_rolling(tx, key.id, bucket, now)
                jobs.move(tx, now, sandbox.switches.pulse_keeps_s)
            if wait is not None:
                raise self._too_many(wait)
            return await answering(JobAsk(request, sandbox, key, now))

        return Route(f"/{self.system}{path}", endpoint, methods=[method])

    def _key(self, sandbox: Sandbox, request: Request) -> Key:
        given = request.headers.get(self.header, "")
        key = key_of(sandbox.job_keys[self.system], given)
        if key is None:
            code, said = ("AUTH_002", "Invalid API key.") if given else ("AUTH_001", "API key required.")
            raise coded(401, code, said) if self.system == PULSE else detailed(401, said)
        if key.revoked:
            said = "This API key has been revoked."
            raise coded(403, "AUTH_003", said) if self.system == PULSE else detailed(403, said)
        return key

    def _too_many(self, wait: int) -> Refusal:
        said = f"Too many requests; try again in {wait} s."
        headers = {"Retry-After": str(wait)}
        if self.system == PULSE:
            return Refusal(
                429,
                {"error": {"code": "RATE_001", "message": said, "details": {"retry_after": wait}}},
                headers,
            )
        body = {"error": "rate_limit_exceeded", "message": said, "retry_after": wait}
        return Refusal(429, body, headers)


def own_job(ask: JobAsk, system: str) -> Row:
    """The job that is asked for; 404 where there is none, 403 where it is another account's."""
    job_id = ask.part("job_id")
    with ask.sandbox.database.read() as tx:
        row = jobs.find(tx, system, job_id)
    if row is None:
        said = f"Job {job_id} not found"
        raise coded(404, "JOB_001", said, job_id=job_id) if system == PULSE else detailed(404, said)
    if row["account"] != ask.key.account:
        said = "This job belongs to another account."
        raise coded(403, "AUTH_004", said) if system == PULSE else detailed(403, said)
    return row
