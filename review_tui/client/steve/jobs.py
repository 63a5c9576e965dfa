"""Sessions, Steve's jobs: how far the work on a submission has come."""

from functools import partial
from pathlib import Path
from typing import Final

from review_tui.client.errors import NotFound
from review_tui.client.job_errors import NotOffered, missing, no_result
from review_tui.client.jobs import RESULT_BYTES, Canceled, Moved, Offers
from review_tui.client.paths import path
from review_tui.client.results import kept
from review_tui.client.single_jobs import SingleJobs
from review_tui.client.transport import Transport
from review_tui.model.job_reading import read_session
from review_tui.model.jobs import Job, JobState, System
from review_tui.model.results import Result
from review_tui.model.wire import Json, UnexpectedShape, as_object

_OFFERS: Final = Offers()


class Jobs(SingleJobs):
    """The sessions that this key opened; see `JobSource`."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, System.STEVE, _OFFERS)

    async def get(self, job_id: str) -> Job:
        """Read one session."""
        return (await self._read(job_id))[0]

    async def cancel(self, job_id: str) -> Canceled:
        """Raise NotOffered."""
        del job_id
        raise NotOffered(System.STEVE, "cancel sessions")

    async def result(
        self, job_id: str, folder: Path, *, most: int = RESULT_BYTES, moved: Moved | None = None
    ) -> Result:
        """Keep the result that comes with the session in a new file in `folder`."""
        del most, moved
        job, value = await self._read(job_id)
        if job.state is not JobState.SUCCEEDED or value is None:
            raise no_result(job)
        return await kept(job.key, folder, value)

    async def _read(self, job_id: str) -> tuple[Job, Json]:
        try:
            return await self._transport.read(path("jobs", job_id), partial(_read_session, job_id))
        except NotFound as error:
            raise missing(error, System.STEVE) from None


def _read_session(session_id: str, value: Json) -> tuple[Job, Json]:
    job = read_session(value)
    if job.id != session_id:
        raise UnexpectedShape("it is about another job")
    body = as_object(value, "the job")
    inner = body.get("data")
    return job, (inner if isinstance(inner, dict) and "sessionId" not in body else body).get("result")
