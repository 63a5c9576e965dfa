"""Unsiloed AI: a typed client of its jobs, on deployments with routes for jobs and on newer ones without.

    async with Unsiloed(Secret(os.environ["UNSILOED_API_KEY"])) as unsiloed:
        for job in (await unsiloed.jobs.list()).jobs:
            print(job.id, job.state)

`jobs` is a `JobSource`; results go into files.
"""

from typing import TYPE_CHECKING, Final

from review_tui.client.addresses import UNSILOED_URL
from review_tui.client.job_clients import JobClient
from review_tui.client.transport import Transport
from review_tui.client.unsiloed.jobs import Jobs
from review_tui.client.unsiloed.meanings import DIALECT
from review_tui.model.secret import Secret

if TYPE_CHECKING:
    from review_tui.client.network import Carrier

__all__ = ["Unsiloed"]


class Unsiloed(JobClient):
    """One server as one key sees it; close it, or use it with `async with`.

    `key_from` says what to check when the key is not accepted. `transport` stands in for the network.
    Raises UnsafeAddress and UnusableKey at once; every call raises WireError in one of its forms.
    """

    def __init__(
        self,
        key: Secret,
        base_url: str = UNSILOED_URL,
        *,
        key_from: str = "UNSILOED_API_KEY",
        transport: "Carrier | None" = None,
    ) -> None:
        super().__init__(Transport(base_url, key, key_from=key_from, carrier=transport, dialect=DIALECT))
        self.jobs: Final = Jobs(self._transport)
