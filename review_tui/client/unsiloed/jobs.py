"""Jobs of Unsiloed: one by one or by the hundred, listed, in batches; canceled; their results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from review_tui.client.budget import Budget
from review_tui.client.cancellation import canceled
from review_tui.client.errors import NotFound, Refused, Unusable, UnusableId
from review_tui.client.job_errors import JobGone, NotOffered, RouteMissing, no_result
from review_tui.client.jobs import RESULT_BYTES, Canceled, Moved, Offers
from review_tui.client.paths import path
from review_tui.client.results import fetched, kept
from review_tui.client.transport import Transport
from review_tui.client.unsiloed.meanings import why_no_result
from review_tui.client.unsiloed.operations import Operations
from review_tui.model.cadence import CADENCES, Cadence
from review_tui.model.job_reading import (
    read_unsiloed_batch,
    read_unsiloed_job,
    read_unsiloed_jobs,
    read_unsiloed_page,
)
from review_tui.model.jobs import EVERY_JOB, Batch, Job, JobFilter, JobKey, JobPage, JobState, System
from review_tui.model.results import Result
from review_tui.model.wire import Json, UnexpectedShape, as_object

AT_ONCE: Final = 100
"""Jobs that are read by one request, at most."""

_ALL: Final = Offers(list=True, several=AT_ONCE, batch=True, cancel=True)
_BY_OPERATION: Final = Offers()
_WORDS: Final = {
    JobState.QUEUED: "queued",
    JobState.RUNNING: "processing",
    JobState.SUCCEEDED: "completed",
    JobState.FAILED: "failed",
    JobState.CANCELED: "cancelled",
}
"""The states by which jobs are listed, in the words of the list."""

_NO_IDS: Final = frozenset({"status", "batch"})
"""What stands in routes of their own where others have an id."""

_T = TypeVar("_T")


class Jobs:
    """The jobs of the key's account; see `JobSource`.

    Newer deployments lack the routes for jobs and have one for each kind of work: that is noticed by the
    first answer, and remembered.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._operations = Operations(transport)
        self._by_operation = False

    @property
    def system(self) -> System:
        """Whose jobs these are."""
        return System.UNSILOED

    @property
    def offers(self) -> Offers:
        """What may be asked besides: nothing, where there are only routes for each kind of work."""
        return _BY_OPERATION if self._by_operation else _ALL

    @property
    def cadence(self) -> Cadence:
        """How often to ask."""
        return CADENCES[System.UNSILOED]

    @property
    def budget(self) -> Budget:
        """What this key may still spend."""
        return self._transport.budget

    async def get(self, job_id: str) -> Job:
        """Read one job."""
        if not self._by_operation:
            try:
                return await self._transport.read(_route(job_id), partial(_read_job, job_id))
            except RouteMissing:
                pass
        return (await self._read_by_operation(job_id))[0]

    async def several(self, job_ids: Sequence[str]) -> Mapping[str, Job]:
        """Read at most a hundred jobs by one request; those that were left out are missing."""
        if len(job_ids) > AT_ONCE:
            raise Unusable("Too many jobs at once", f"At most {AT_ONCE} are read by one request.")
        path(*job_ids)
        if not job_ids:
            return {}
        params = {"job_ids": ",".join(job_ids), "include_progress": "true"}
        jobs = await self._read_jobs("/jobs/status", _read_several, "read several jobs at once", params)
        return {job.id: job for job in jobs if job.id in job_ids}

    async def list(self, asked: JobFilter = EVERY_JOB) -> JobPage:
        """Read some jobs, newest first."""
        if asked.state is not None and asked.state not in _WORDS:
            raise NotOffered(System.UNSILOED, f"list jobs that are {asked.state}")
        params = {
            "status": _WORDS[asked.state] if asked.state else "",
            "operation": asked.operation,
            "created_after": _moment(asked.created_after),
            "created_before": _moment(asked.created_before),
            "tags": ",".join(asked.tags),
            "limit": str(asked.limit),
            "offset": str(asked.offset),
        }
        given = {name: value for name, value in params.items() if value}
        read = partial(read_unsiloed_page, limit=asked.limit, offset=asked.offset)
        return await self._read_jobs("/jobs", read, "list jobs", given)

    async def batch(self, batch_id: str) -> Batch:
        """Read a batch with its jobs."""
        try:
            return await self._read_jobs(
                path("jobs", "batch", batch_id),
                partial(_read_batch, batch_id),
                "read batches",
                {"include_progress": "true"},
            )
        except JobGone as error:
            raise NotFound(replace(error.failure, title="There is no such batch")) from None

    async def cancel(self, job_id: str) -> Canceled:
        """Ask once to cancel a job, and read what has become of it."""
        if self._by_operation:
            raise NotOffered(System.UNSILOED, "cancel jobs here")
        try:
            return await canceled(self._transport, _route(job_id), partial(self.get, job_id))
        except RouteMissing as error:
            await self._read_by_operation(job_id)  # else it is not the age of the deployment
            raise NotOffered(System.UNSILOED, "cancel jobs here") from error

    async def result(
        self, job_id: str, folder: Path, *, most: int = RESULT_BYTES, moved: Moved | None = None
    ) -> Result:
        """Fetch a job's result into a new file in `folder`."""
        key = JobKey(System.UNSILOED, job_id)
        if not self._by_operation:
            stream = partial(self._transport.stream, _route(job_id, "result"), most=most, moved=moved)
            try:
                return await fetched(key, folder, stream, most=most)
            except RouteMissing:
                pass
            except Refused as error:
                raise why_no_result(error, job_id) from None
        job, value = await self._read_by_operation(job_id)
        if job.state is not JobState.SUCCEEDED or value is None:
            raise no_result(job)
        return await kept(key, folder, value)

    async def _read_by_operation(self, job_id: str) -> tuple[Job, Json]:
        self._by_operation = True
        try:
            return await self._operations.read(job_id)
        except RouteMissing:
            self._by_operation = False
            raise

    async def _read_jobs(
        self, route: str, read: Callable[[Json], _T], what: str, params: Mapping[str, str]
    ) -> _T:
        """Read what only the routes for jobs tell."""
        if self._by_operation:
            raise NotOffered(System.UNSILOED, f"{what} here")
        try:
            return await self._transport.read(route, read, params=params)
        except RouteMissing:
            self._by_operation = True
            raise


def _route(job_id: str, *below: str) -> str:
    """Return the route of a job; raises UnusableId for what is no id, or leads elsewhere."""
    if job_id in _NO_IDS:
        raise UnusableId("That is not an id", f"“{job_id}” is a part of Unsiloed's routes.")
    return path("jobs", job_id, *below)


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_job(job_id: str, value: Json) -> Job:
    job = read_unsiloed_job(value)
    if job.id != job_id:
        raise UnexpectedShape("it is about another job")
    return job


def _read_several(value: Json) -> tuple[Job, ...]:
    return read_unsiloed_jobs(as_object(value, "the list of jobs").get("jobs"))[0]


def _read_batch(batch_id: str, value: Json) -> Batch:
    batch = read_unsiloed_batch(value)
    if batch.id != batch_id:
        raise UnexpectedShape("it is about another batch")
    return batch
