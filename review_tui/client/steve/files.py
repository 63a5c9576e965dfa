"""Files of a submission: fetched from their pre-signed links, to which the key never travels."""

from collections.abc import Callable

from review_tui.client.errors import link_expired
from review_tui.client.transport import Received, Transport
from review_tui.model.files import StoredFile


class Files:
    """The uploaded documents."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def download(
        self,
        file: StoredFile,
        into: Callable[[bytes], None],
        *,
        moved: Callable[[int, int | None], None] | None = None,
    ) -> Received:
        """Fetch one file of at most 100 MiB, handing each piece to `into` as it comes.

        `moved` hears the bytes so far and in all, None where that is not known. Raises LinkExpired where the
        link is missing or no longer honoured: read the submission again for a fresh one. What `into` raises
        goes through.
        """
        if not file.download_url:
            raise link_expired(None)
        return await self._transport.download(file.download_url, into, moved=moved)
