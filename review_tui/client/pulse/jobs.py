"""Jobs of Pulse: read one by one, canceled; results that come with the job or from a link that works once."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from review_tui.client.cancellation import canceled
from review_tui.client.dialects import Dialect
from review_tui.client.errors import Gone, NotFound, Refused, Unreadable, WireError
from review_tui.client.job_errors import PointerExpired, missing, no_result, pointer_expired
from review_tui.client.jobs import RESULT_BYTES, Canceled, Moved, Offers
from review_tui.client.paths import path
from review_tui.client.problems import Problem
from review_tui.client.results import fetched, kept
from review_tui.client.single_jobs import SingleJobs
from review_tui.client.transport import Transport
from review_tui.model.cadence import CADENCES
from review_tui.model.job_reading import read_pulse_job
from review_tui.model.jobs import Job, JobState, System
from review_tui.model.results import Result
from review_tui.model.wire import Json, UnexpectedShape

WITH_RESULT_DEADLINE: Final = 60.0
"""Seconds for one reading of a job: with a result of 5 MB, over a link of 1 Mbit/s."""

_OFFERS: Final = Offers(cancel=True)


def _meant(error: Refused, problem: Problem) -> WireError:
    del problem
    return missing(error, System.PULSE) if isinstance(error, NotFound) else error


def _key_header(link: str) -> tuple[str, str]:
    del link
    return ("x-api-key", "")


DIALECT: Final = Dialect(
    key_header=_key_header, meant=_meant, apart=CADENCES[System.PULSE].least, waits=3_600.0
)
"""How Pulse is spoken to."""


class Jobs(SingleJobs):
    """The jobs of the key's organisation; see `JobSource`."""

    def __init__(self, transport: Transport) -> None:
        super().__init__(transport, System.PULSE, _OFFERS)

    async def get(self, job_id: str) -> Job:
        """Read one job."""
        return (await self._read(job_id))[0]

    async def cancel(self, job_id: str) -> Canceled:
        """Ask once to cancel a job, and read what has become of it."""
        return await canceled(self._transport, path("job", job_id), partial(self.get, job_id))

    async def result(
        self, job_id: str, folder: Path, *, most: int = RESULT_BYTES, moved: Moved | None = None
    ) -> Result:
        """Fetch a job's result into a new file in `folder`.

        A link to it is followed once; where it is not honoured, the job is read once more for a fresh one.
        """
        for last in (False, True):
            job, value = await self._read(job_id)
            # What is left of an expired result has no shape, and is never taken for one.
            if job.state is not JobState.SUCCEEDED or value is None:
                raise no_result(job)
            link = _link_in(value)
            if link is None:
                return await kept(job.key, folder, value)
            try:
                return await fetched(
                    job.key, folder, partial(self._follow, link, most=most, moved=moved), most=most
                )
            except PointerExpired:
                if last:
                    raise
        raise AssertionError  # the loop ends in one way or another

    async def _follow(
        self, link: str, into: Callable[[bytes], None], *, most: int, moved: Moved | None
    ) -> None:
        """Fetch what a link leads to, once; the key goes along to its own server alone."""
        fetch = self._transport.stream if self._transport.is_own(link) else self._transport.download
        try:
            await fetch(link, into, most=most, moved=moved)
        except (Gone, NotFound) as error:
            raise pointer_expired(error.failure.status) from None

    async def _read(self, job_id: str) -> tuple[Job, Json]:
        read = partial(_read_job, job_id)
        return await self._transport.read(path("job", job_id), read, within=WITH_RESULT_DEADLINE)


def _link_in(result: Json) -> str | None:
    """Return the link that stands in place of a large result; None where the result itself stands there."""
    if not isinstance(result, dict) or result.get("is_url") is not True:
        return None
    link = result.get("url")
    if not isinstance(link, str) or not link:
        raise Unreadable("the link to the result is missing")
    return link


def _read_job(job_id: str, value: Json) -> tuple[Job, Json]:
    job = read_pulse_job(value)
    if job.id != job_id:
        raise UnexpectedShape("it is about another job")
    return job, value.get("result")
