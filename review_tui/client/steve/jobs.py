"""Sessions, Steve's jobs: how far the work on a submission has come."""

from functools import partial

from review_tui.client.paths import path
from review_tui.client.transport import Transport
from review_tui.model.job_reading import read_session
from review_tui.model.jobs import Job
from review_tui.model.wire import Json, UnexpectedShape


class Jobs:
    """The sessions that this key opened."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def get(self, session_id: str) -> Job:
        """Read one session; poll every 5 to 10 s and stop once `state.is_terminal`."""
        return await self._transport.read(path("jobs", session_id), partial(_read_job, session_id))


def _read_job(session_id: str, value: Json) -> Job:
    job = read_session(value)
    if job.id != session_id:
        raise UnexpectedShape("it is about another job")
    return job
