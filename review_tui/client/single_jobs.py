"""Jobs of systems that are asked about one at a time: they list none and know no batches."""

from collections.abc import Mapping, Sequence

from review_tui.client.budget import Budget
from review_tui.client.job_errors import NotOffered
from review_tui.client.jobs import Offers
from review_tui.client.transport import Transport
from review_tui.model.cadence import CADENCES, Cadence
from review_tui.model.jobs import EVERY_JOB, Batch, Job, JobFilter, JobPage, System


class SingleJobs:
    """What the jobs of such systems have in common; see `JobSource`."""

    def __init__(self, transport: Transport, system: System, offers: Offers) -> None:
        self._transport = transport
        self._system = system
        self._offers = offers

    @property
    def system(self) -> System:
        """Whose jobs these are."""
        return self._system

    @property
    def offers(self) -> Offers:
        """What may be asked besides."""
        return self._offers

    @property
    def cadence(self) -> Cadence:
        """How often to ask."""
        return CADENCES[self._system]

    @property
    def budget(self) -> Budget:
        """What this key may still spend, whatever it asks for."""
        return self._transport.budget

    async def several(self, job_ids: Sequence[str]) -> Mapping[str, Job]:
        """Raise NotOffered."""
        del job_ids
        raise NotOffered(self._system, "read several jobs at once")

    async def list(self, asked: JobFilter = EVERY_JOB) -> JobPage:
        """Raise NotOffered."""
        del asked
        raise NotOffered(self._system, "list jobs")

    async def batch(self, batch_id: str) -> Batch:
        """Raise NotOffered."""
        del batch_id
        raise NotOffered(self._system, "read batches")
