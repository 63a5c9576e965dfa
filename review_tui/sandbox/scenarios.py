"""The scenarios: what a world looks like when the sandbox opens, and how it goes on from there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from random import Random

from starlette.types import ASGIApp

from review_tui.sandbox import state, webhooks
from review_tui.sandbox.database import Transaction, meta, set_meta
from review_tui.sandbox.keys import known_keys
from review_tui.sandbox.life.generator import Generator
from review_tui.sandbox.life.jobs import JobsLife, tell_jobs
from review_tui.sandbox.life.past import Past, planned
from review_tui.sandbox.life.pipeline import Pipeline
from review_tui.sandbox.life.rival import Rival
from review_tui.sandbox.life.story import MINUTE
from review_tui.sandbox.life.workflows import store_workflows
from review_tui.sandbox.state import Sandbox, SandboxSettings

__all__ = ["SCENARIOS", "Life", "Scenario", "life_of", "live", "populate"]

AT_FULL_LENGTH = 200
"""How many submissions are told in full, pictures hashed; what is more comes before them, in bulk."""
CROWD_ENDS = 5 * MINUTE
"""How old (ms) the youngest of the others are."""
TICK = 0.4
"""Seconds between two looks at what is due."""

_REVIEW_AT_START = "in review at start"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of world: `submissions` at its start, seconds between arrivals, who else is about.

    `arrivals` are the least and most seconds between two uploads, None for no uploads at all; `rival`
    are those between another reviewer's decisions, None when there is none.
    """

    name: str
    says: str
    submissions: int
    arrivals: tuple[float, float] | None = None
    rival: tuple[float, float] | None = None
    hostile: bool = False


SCENARIOS: Mapping[str, Scenario] = {
    scenario.name: scenario
    for scenario in (
        Scenario("quiet", "a few submissions, a new one every minute or two", 12, arrivals=(60, 120)),
        Scenario("busy", "a queue of some seventy, a new one every 5 to 15 seconds", 150, arrivals=(5, 15)),
        Scenario("flood", "a hundred thousand submissions over months", 100_000),
        Scenario("empty", "a company that nobody has sent anything to", 0),
        Scenario("hostile", "submitters who attack the reviewer's terminal", 200, hostile=True),
        Scenario(
            "conflict",
            "another reviewer decides things under you every few seconds",
            120,
            arrivals=(5, 12),
            rival=(2, 6),
        ),
    )
}


def scenario_of(settings: SandboxSettings) -> Scenario:
    """The scenario that a sandbox is set to; ValueError names those there are."""
    try:
        return SCENARIOS[settings.scenario]
    except KeyError:
        known = ", ".join(SCENARIOS)
        raise ValueError(f"no scenario {settings.scenario!r}; there are {known}") from None


def populate(tx: Transaction, settings: SandboxSettings) -> None:
    """Write the scenario's world into a fresh database: the same one for the same seed and clock."""
    scenario = scenario_of(settings)
    count = scenario.submissions if settings.submissions is None else settings.submissions
    now = settings.clock.now_ms()
    rng = Random(f"{settings.seed}/{scenario.name}")
    key = known_keys(settings.seed)["company"]
    store_workflows(tx, key.company_id or "")
    newest = min(count, AT_FULL_LENGTH)
    plans = planned(newest, now, rng)
    if count > newest:
        from review_tui.sandbox.life.crowd import tell_crowd

        tell_crowd(tx, rng, key, count - newest, now - CROWD_ENDS)
    Past(tx, rng, key, now).tell(plans)
    if count:
        tell_jobs(tx, settings.seed, now, hostile=scenario.hostile)
    if scenario.hostile:
        from review_tui.sandbox.life.attack import attack

        attack(tx, now)
    (waiting,) = tx.execute("SELECT count(*) FROM submissions WHERE status = 'review'").fetchone()
    set_meta(tx, _REVIEW_AT_START, str(waiting))


class Life:
    """All that moves in a sandbox; tests turn it by hand with `step`, a live sandbox with `live`."""

    def __init__(self, sandbox: Sandbox, app: ASGIApp) -> None:
        scenario = scenario_of(sandbox.settings)
        rng = Random(f"{sandbox.seed}/{scenario.name}/life/{_so_far(sandbox)}")
        self._sandbox = sandbox
        self.pipeline = Pipeline(sandbox)
        self.jobs = JobsLife(
            sandbox, Random(f"{sandbox.seed}/jobs/{_so_far(sandbox)}"), bool(scenario.arrivals)
        )
        self.generator = (
            Generator(sandbox, app, rng, scenario.arrivals, _ceiling(sandbox)) if scenario.arrivals else None
        )
        self.rival = (
            Rival(sandbox, rng, scenario.rival, floor=_ceiling(sandbox) // 4) if scenario.rival else None
        )

    async def step(self) -> None:
        """Do all that is due by the sandbox's clock."""
        await self.move()
        await self.deliver()

    async def move(self) -> None:
        """Move submissions, add new ones, let the other reviewer decide."""
        now = self._sandbox.clock.now_ms()
        await asyncio.to_thread(self.pipeline.step, now)
        await asyncio.to_thread(self.jobs.step, now)
        if self.generator is not None:
            await self.generator.step(now)
        if self.rival is not None:
            await asyncio.to_thread(self.rival.step, now)

    async def deliver(self) -> None:
        """Send the webhooks that are due; a receiver that hangs holds this up for seconds."""
        await asyncio.to_thread(webhooks.deliver_due, self._sandbox.database, self._sandbox.clock.now_ms())


async def live(sandbox: Sandbox, app: ASGIApp) -> None:
    """Let the world move until cancelled; webhooks go out beside it, so that no receiver holds it up."""
    life = life_of(sandbox, app)
    async with asyncio.TaskGroup() as both:
        both.create_task(_again_and_again(life.move))
        both.create_task(_again_and_again(life.deliver))


async def _again_and_again(step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except Exception:  # noqa: BLE001 – whatever one step met, the world goes on
            _log.exception("a step of the sandbox's life failed")
        await asyncio.sleep(TICK)


def life_of(sandbox: Sandbox, app: ASGIApp) -> state.Life:
    """The one life of a sandbox: turned by hand or living by itself, it goes on from where it was."""
    if sandbox.life is None:
        sandbox.life = Life(sandbox, app)
    return sandbox.life


def _so_far(sandbox: Sandbox) -> int:
    """How many submissions there are: a life that goes on in a kept file must not repeat its uploads."""
    with sandbox.database.read() as tx:
        (many,) = tx.execute("SELECT count(*) FROM submissions").fetchone()
    return int(many)


def _ceiling(sandbox: Sandbox) -> int:
    """How many may wait for review: twice as many as at the start, and never fewer than ten."""
    with sandbox.database.read() as tx:
        return max(10, 2 * int(meta(tx, _REVIEW_AT_START) or 0))
