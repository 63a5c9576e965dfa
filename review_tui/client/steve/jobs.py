"""Sessions, Steve's jobs: how far the work on a submission has come."""

from functools import partial

from review_tui.client.steve.paths import path
from review_tui.client.transport import Transport
from review_tui.model.jobs import SessionJob
from review_tui.model.wire import Json, UnexpectedShape, as_object, read_one


class Jobs:
    """The sessions that this key opened."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def get(self, session_id: str) -> SessionJob:
        """Read one session; poll every 5 to 10 s and stop once `state.is_terminal`."""
        return await self._transport.read(path("jobs", session_id), partial(_read_job, session_id))


def _read_job(session_id: str, value: Json) -> SessionJob:
    body = as_object(value, "the job")
    inner = body.get("data")
    if isinstance(inner, dict) and "sessionId" not in body:
        body = inner
    job = read_one(SessionJob, body, "the job")
    if job.session_id != session_id:
        raise UnexpectedShape("it is about another job")
    return job
