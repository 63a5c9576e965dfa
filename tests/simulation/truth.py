"""How a submission really stands, and what a world offers to those who want to know or to meddle."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

import httpx

BECOMES = {"approve": {"approved", "synced"}, "reject": {"rejected"}, "cancel": {"cancelled"}}
COLLEAGUE = "a-colleagues"
"""The request id under which somebody else decides."""


@dataclass
class Judged:
    """One fraud match as it really is; `by` is the request that judged it."""

    resolution: str | None = None
    by: str | None = None
    note: str | None = None


@dataclass
class Truth:
    """One submission as it really is; `by` is the request that decided it, `took` counts what took effect."""

    id: str
    status: str = "review"
    by: str | None = None
    reason: str | None = None
    matches: dict[str, Judged] = field(default_factory=dict)
    took: Counter[str] = field(default_factory=Counter)


class World(Protocol):
    """A server with submissions, of which the truth is known; `tells_ids` if its events name the request."""

    tells_ids: bool

    @property
    def key(self) -> str:
        """The API key that opens it."""
        ...

    @property
    def carrier(self) -> httpx.AsyncBaseTransport:
        """Carries requests to it, and never fails."""
        ...

    def ids(self) -> list[str]:
        """Name the submissions that a person may want to decide."""
        ...

    def undecided(self) -> list[str]:
        """Name those of them that are in review."""
        ...

    def truth(self, submission_id: str) -> Truth:
        """Say how it is."""
        ...

    def meddle(self, submission_id: str, verb: str, reason: str) -> None:
        """Let a colleague decide, if that may be."""
        ...

    def judge(self, submission_id: str, match_id: str, resolution: str, note: str | None) -> None:
        """Let a colleague judge a match, if that may be."""
        ...

    def alter(self, submission_id: str) -> None:
        """Let what was read from the document be another amount."""
        ...

    def suspect(self, submission_id: str) -> None:
        """Let it be found to resemble another one."""
        ...

    async def live(self) -> None:
        """Go on by itself until cancelled."""
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...
