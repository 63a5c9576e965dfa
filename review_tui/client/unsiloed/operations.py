"""Operations: Unsiloed's newer deployments, which have a route for each kind of work in place of `/jobs`."""

from functools import partial
from typing import Final

from review_tui.client.errors import NotFound
from review_tui.client.job_errors import JobGone, RouteMissing
from review_tui.client.paths import path
from review_tui.client.transport import Transport
from review_tui.model.job_reading import read_unsiloed_job
from review_tui.model.jobs import Job
from review_tui.model.wire import Json, UnexpectedShape

_ROUTES: Final = {"extract": "extract", "parse": "parse", "classify": "classify", "split": "splitter"}
"""The route of each kind of work."""

WITH_RESULT_DEADLINE: Final = 60.0
"""Seconds for one reading of a job, for its result may come with it."""

_REMEMBERED: Final = 10_000
_ABOUT: Final = frozenset(
    {"job_id", "id", "status", "created_at", "updated_at", "completed_at", "file_name", "file_url", "message",
     "progress", "error", "error_details", "started_at", "pdf_name", "pdf_hash", "type", "operation"}
)  # fmt: skip
"""What of an answer is about the job; where it has no `result`, the rest is the result."""


class Operations:
    """Jobs found by the kind of their work, which is remembered once it is known."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._kinds: dict[str, str] = {}

    async def read(self, job_id: str) -> tuple[Job, Json]:
        """Read one job with its result, None where there is none; raises JobGone and RouteMissing.

        The first time that may take a request for each kind of work.
        """
        known = self._kinds.get(job_id)
        missing: NotFound | None = None
        for kind in sorted(_ROUTES, key=lambda kind: kind != known):
            try:
                found = await self._transport.read(
                    path(_ROUTES[kind], job_id),
                    partial(_read_job, job_id, kind),
                    within=WITH_RESULT_DEADLINE,
                )
            except (JobGone, RouteMissing) as error:
                if missing is None or isinstance(error, JobGone):
                    missing = error
                continue
            self._remember(job_id, kind)
            return found
        assert missing is not None
        raise missing

    def _remember(self, job_id: str, kind: str) -> None:
        if len(self._kinds) >= _REMEMBERED:
            self._kinds.pop(next(iter(self._kinds)))
        self._kinds[job_id] = kind


def _read_job(job_id: str, kind: str, value: Json) -> tuple[Job, Json]:
    job = read_unsiloed_job(value, operation=kind)
    if job.id != job_id:
        raise UnexpectedShape("it is about another job")
    result = value.get("result")
    if result is None:
        result = {name: inner for name, inner in value.items() if name not in _ABOUT} or None
    return job, result
