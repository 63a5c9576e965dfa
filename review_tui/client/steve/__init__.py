"""Steve's API as a typed client: resources as attributes, answers as frozen values, failures as exceptions.

    import asyncio
    import os

    from review_tui.model.secret import Secret

    from review_tui.client.errors import Conflict
    from review_tui.client.steve import Steve
    from review_tui.model.queue import Filter


    async def main() -> None:
        key = Secret(os.environ["STEVE_API_KEY"])
        async with Steve(os.environ["STEVE_BASE_URL"], key) as steve:
            page = await steve.submissions.list(Filter(status="review"), limit=20)
            for row in page.rows:
                detail = await steve.submissions.get(row.id)
                if detail.open_matches:
                    print(f"{row.id}: {len(detail.open_matches)} fraud matches to judge first")
                    continue
                try:
                    acted = await steve.submissions.approve(row.id)
                    print(f"{acted.id}: {acted.status}")
                except Conflict as refused:
                    print(f"{row.id}: {refused}")


    asyncio.run(main())

Reads are asked again where that helps; a decision is sent once and never again. After `NoAnswer`,
`ServerFault` or `Unreadable` a decision may have been applied: read the submission before deciding again.
"""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, Self

from review_tui.client.budget import Budget
from review_tui.client.steve.companies import Companies
from review_tui.client.steve.files import Files
from review_tui.client.steve.fraud import Fraud
from review_tui.client.steve.submissions import Submissions
from review_tui.client.steve.workflows import Workflows
from review_tui.client.transport import Transport
from review_tui.model.secret import Secret

if TYPE_CHECKING:
    from review_tui.client.network import Carrier
    from review_tui.client.steve.jobs import Jobs

__all__ = ["Steve"]


class Steve:
    """One server as one key sees it; close it, or use it with `async with`.

    `key_from` says what to check when the key is not accepted, as in "STEVE_API_KEY". `transport` stands in
    for the network in tests. Raises UnsafeAddress and UnusableKey at once; every call raises WireError in one
    of its forms.
    """

    def __init__(
        self, base_url: str, key: Secret, *, key_from: str = "the key", transport: "Carrier | None" = None
    ) -> None:
        self._transport = Transport(base_url, key, key_from=key_from, carrier=transport)
        self.fraud: Final = Fraud(self._transport)
        self.submissions: Final = Submissions(self._transport, self.fraud)
        self.workflows: Final = Workflows(self._transport)
        self.companies: Final = Companies(self._transport)
        self.files: Final = Files(self._transport)

    @cached_property
    def jobs(self) -> "Jobs":
        """The sessions that this key opened; what reads them is loaded when they are first asked for."""
        from review_tui.client.steve.jobs import Jobs

        return Jobs(self._transport)

    @property
    def budget(self) -> Budget:
        """What this key may still spend."""
        return self._transport.budget

    @property
    def clock_offset(self) -> timedelta:
        """How far the server's clock is ahead of this machine's; none up to two seconds."""
        return self._transport.server_clock.offset

    @property
    def host(self) -> str:
        """The server's host, to show."""
        return self._transport.address.host

    @property
    def proxy_in_use(self) -> str | None:
        """The proxy that requests go through, to show; None for none."""
        return self._transport.proxy_in_use

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()
