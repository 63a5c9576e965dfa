"""Pulse: a typed client of its jobs.

    async with Pulse(Secret(os.environ["PULSE_API_KEY"])) as pulse:
        job = await pulse.jobs.get("8f14e45f-…")
        print(job.state, job.word)

`jobs` is a `JobSource`; results go into files.
"""

from typing import TYPE_CHECKING, Final

from review_tui.client.addresses import PULSE_URL
from review_tui.client.job_clients import JobClient
from review_tui.client.pulse.jobs import DIALECT, Jobs
from review_tui.client.transport import Transport
from review_tui.model.secret import Secret

if TYPE_CHECKING:
    from review_tui.client.network import Carrier

__all__ = ["Pulse"]


class Pulse(JobClient):
    """One server as one key sees it; close it, or use it with `async with`.

    `key_from` says what to check when the key is not accepted. `transport` stands in for the network.
    Raises UnsafeAddress and UnusableKey at once; every call raises WireError in one of its forms.
    """

    def __init__(
        self,
        key: Secret,
        base_url: str = PULSE_URL,
        *,
        key_from: str = "PULSE_API_KEY",
        transport: "Carrier | None" = None,
    ) -> None:
        super().__init__(Transport(base_url, key, key_from=key_from, carrier=transport, dialect=DIALECT))
        self.jobs: Final = Jobs(self._transport)
