"""Jobs: what every system that does asynchronous work is asked, in one shape."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from review_tui.client.budget import Budget
from review_tui.model.cadence import Cadence
from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen
from review_tui.model.jobs import EVERY_JOB, Batch, Job, JobFilter, JobPage, System
from review_tui.model.results import Result

RESULT_BYTES: Final = 512 * 1024 * 1024
"""Bytes of a result that are taken without asking, at most."""

Moved = Callable[[int, int | None], None]
"""Hears the bytes so far, and those in all where that is known."""


@frozen
class Offers:
    """What a system can be asked besides one job and its result; `several` is how many by one request."""

    list: bool = False
    several: int = 0
    batch: bool = False
    cancel: bool = False


@frozen
class Canceled:
    """What came of cancelling a job.

    `job` is what the job was when it was read again: it may well have ended otherwise. None where it could
    not be read. `failure` is what the cancelling met, or else the reading; None where both were answered.
    """

    job: Job | None
    failure: Failure | None = None


class JobSource(Protocol):
    """One system's jobs as one key sees them.

    Every call raises WireError in one of its forms. For one that the system does not offer that is
    NotOffered, raised before anything is sent. The forms that are about jobs:

    - JobGone: the system knows no such job, or knows it no longer. Show one that was known as `job.gone()`.
    - StillRunning: a result was asked for too early.
    - JobFailed: the job has no result, for it failed; that is its end, and asking again does not help.
    - ResultGone: there was a result, and it is no longer kept.
    - ResultTooLarge: it is larger than is taken without asking; `size` says how large.
    - UsageExceeded: this key has used up what it may; asking again does not help.
    """

    @property
    def system(self) -> System:
        """Whose jobs these are."""
        ...

    @property
    def offers(self) -> Offers:
        """What may be asked besides; it may shrink once the system has been asked."""
        ...

    @property
    def cadence(self) -> Cadence:
        """How often to ask."""
        ...

    @property
    def budget(self) -> Budget:
        """What this key may still spend."""
        ...

    async def get(self, job_id: str) -> Job:
        """Read one job."""
        ...

    async def several(self, job_ids: Sequence[str]) -> Mapping[str, Job]:
        """Read at most `offers.several` jobs by one request; those that the system left out are missing.

        Such answers tell little: see `Job.with_what_was_known`. One that is missing is worth a `get`.
        """
        ...

    async def list(self, asked: JobFilter = EVERY_JOB) -> JobPage:
        """Read some jobs, newest first."""
        ...

    async def batch(self, batch_id: str) -> Batch:
        """Read a batch with its jobs."""
        ...

    async def cancel(self, job_id: str) -> Canceled:
        """Ask once to cancel a job, and read what has become of it. Raises only where nothing was asked."""
        ...

    async def result(
        self, job_id: str, folder: Path, *, most: int = RESULT_BYTES, moved: Moved | None = None
    ) -> Result:
        """Fetch a job's result into a new file in `folder`; nothing unfinished is left there.

        At most `most` bytes are taken. OSError goes through: the folder is the caller's.
        """
        ...
