"""What lives here: what one sandbox is set to, and the parts that its routes and its life share."""

import hashlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from review_tui.sandbox.accounts import Keys, job_keys
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.database import Database, Transaction
from review_tui.sandbox.faults import Faults
from review_tui.sandbox.keys import Key, known_keys, store_keys
from review_tui.sandbox.rates import Rates
from review_tui.sandbox.signing import Signer
from review_tui.sandbox.switches import Switches

SEEN_AT_MOST = 1000


@dataclass(frozen=True)
class SandboxSettings:
    """How a sandbox is to be: its file, its world, its limits per minute and key."""

    db: Path | None = None
    seed: int = 1
    submissions: int | None = None
    scenario: str = "busy"
    base_url: str | None = None
    """What the URLs it hands out begin with; without it, what the request itself was sent to."""
    read_limit: int = 300
    write_limit: int = 60
    session_limit: int = 60
    submit_limit: int = 20
    webhook_test_limit: int = 10
    pulse_limit: int = 300
    unsiloed_one_limit: int = 1000
    """Of requests for one job; ``many`` are those for several by their ids, ``list`` those for lists."""
    unsiloed_many_limit: int = 100
    unsiloed_list_limit: int = 60
    elsewhere_url: str | None = None
    """What the URLs of results at another origin begin with; without it, another port of the same host."""
    switches: Switches = field(default_factory=Switches)
    live: bool = False
    """Whether the world moves by itself while the application's lifespan lasts."""
    older_words: bool = False
    """Answer jobs in the words of an older deployment: ``status`` and ``complete``."""
    loopback_webhooks: bool = False
    """Accept webhook URLs on this machine, plain http included. No other host is ever connected to."""
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the sandbox saw it; ``status`` is ``None`` when no answer left."""

    at: str
    method: str
    path: str
    query: str
    request_id: str
    has_authorization: bool
    headers: Mapping[str, str]
    """As they came in; the keys in them open nothing but this sandbox."""
    status: int | None
    fault: str | None


class Life(Protocol):
    """Whatever moves a world; each does what is due by the sandbox's clock."""

    async def step(self) -> None:
        """Move and deliver."""

    async def move(self) -> None:
        """Move submissions on and let others act."""

    async def deliver(self) -> None:
        """Send the webhooks that are due."""


class Sandbox:
    """One pretend deployment: settings, clock, database, keys, scripted faults, requests seen."""

    def __init__(
        self, settings: SandboxSettings, populate: Callable[[Transaction, SandboxSettings], None]
    ) -> None:
        """``populate`` writes the world of a database file that is fresh."""
        self.settings = settings
        self.clock = settings.clock
        self.database = Database(settings.db, seed=settings.seed, fill=lambda tx: populate(tx, settings))
        self.seed = self.database.seed
        self.keys: dict[str, Key] = known_keys(self.seed)
        with self.database.write() as tx:
            store_keys(tx, self.keys, self.clock.now_ms())
        self.job_keys: Keys = job_keys(self.seed)
        """The keys of Pulse and Unsiloed, by system and by part."""
        self.switches = settings.switches
        self.signer = Signer(hashlib.sha256(f"{self.seed}/signing".encode()).digest())
        self.rates = Rates(
            {
                "read": settings.read_limit,
                "write": settings.write_limit,
                "session": settings.session_limit,
                "submit": settings.submit_limit,
                "webhook_test": settings.webhook_test_limit,
                "pulse": settings.pulse_limit,
                "unsiloed_one": settings.unsiloed_one_limit,
                "unsiloed_many": settings.unsiloed_many_limit,
                "unsiloed_list": settings.unsiloed_list_limit,
            }
        )
        self.elsewhere_port = urlsplit(settings.elsewhere_url or "").port
        self.faults = Faults()
        self.seen: deque[Seen] = deque(maxlen=SEEN_AT_MOST)
        self.seen_count = 0
        self.life: Life | None = None
        """What moves the world, by hand or by itself: one, or its random choices would repeat."""

    @property
    def api_key(self) -> str:
        """The key of the made-up company, the one that a newcomer is given."""
        return self.keys["company"].secret

    @property
    def company_id(self) -> str:
        """The company whose queue the scenarios fill."""
        return self.keys["company"].company_id or ""

    def note(self, seen: Seen) -> None:
        """Remember a request, the newest ``SEEN_AT_MOST`` of them."""
        self.seen.append(seen)
        self.seen_count += 1

    def close(self) -> None:
        """Let go of the database; a temporary one is removed."""
        self.database.close()
