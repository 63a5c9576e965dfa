"""Clients of systems that do jobs and nothing else: what is the same whatever their jobs are."""

from typing import Self

from review_tui.client.transport import Transport


class JobClient:
    """One server as one key sees it; close it, or use it with `async with`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def host(self) -> str:
        """The server's host, to show."""
        return self._transport.address.host

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()
