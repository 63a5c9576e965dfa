"""The systems whose jobs are watched, opened when they are first asked."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from review_tui.client.steve import Steve
from review_tui.model.job_words import System
from review_tui.settings.environment import Settings
from review_tui.settings.systems import OTHERS, Access, not_configured
from review_tui.workers.jobs import JobWays
from review_tui.workers.ledger import JobKeeper

if TYPE_CHECKING:  # what speaks to the others is loaded when one of them is asked
    from review_tui.client.jobs import JobSource
    from review_tui.client.pulse import Pulse
    from review_tui.client.unsiloed import Unsiloed


def client_of(system: System, access: Access) -> "Pulse | Unsiloed":
    """Return a client of Pulse or Unsiloed; raises UnsafeAddress and UnusableKey."""
    if system is System.PULSE:
        from review_tui.client.pulse import Pulse

        return Pulse(access.api_key, access.base_url, key_from=access.key_check)
    from review_tui.client.unsiloed import Unsiloed

    return Unsiloed(access.api_key, access.base_url, key_from=access.key_check)


class Systems:
    """Steve, and those beside it that a key is there for."""

    def __init__(self, settings: Settings, steve: Steve) -> None:
        self._accesses = settings.systems
        self._steve = steve
        self._opened: list[Pulse | Unsiloed] = []

    def ways(self, keeper: JobKeeper | None) -> JobWays:
        """Return how their jobs are asked about; `keeper` remembers which."""
        others: dict[System, Callable[[], JobSource]] = {}
        missing: dict[System, str] = {}
        for system in OTHERS:
            match self._accesses.get(system):
                case Access() as access:
                    others[system] = partial(self._open, system, access)
                case None:
                    missing[system] = f"{system.label} is not configured: {not_configured(system)}."
                case wrong:
                    missing[system] = f"{system.label} is set up wrongly: {wrong}"
        return JobWays({System.STEVE: self._sessions, **others}, missing, keeper, self._close)

    def _sessions(self) -> "JobSource":
        return self._steve.jobs

    def _open(self, system: System, access: Access) -> "JobSource":
        client = client_of(system, access)
        self._opened.append(client)
        return client.jobs

    async def _close(self) -> None:
        for client in self._opened:
            await client.close()
