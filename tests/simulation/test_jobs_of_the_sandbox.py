"""The three clients, watching the sandbox's own jobs in bad weather: asked as advised, known as they are."""

import asyncio
import os
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from review_tui.client.jobs import JobSource
from review_tui.client.pulse import Pulse
from review_tui.client.steve import Steve
from review_tui.client.unsiloed import Unsiloed
from review_tui.model.jobs import JobKey, JobState, System
from review_tui.model.secret import Secret
from review_tui.model.watching import Course, Jobs
from review_tui.workers.jobs import JobDesk, JobWays
from tests.simulation.bugs import bugs_in
from tests.simulation.errands import Keeper
from tests.simulation.sandboxed import Sandboxed
from tests.simulation.weather import LeapingLoop, LoopClock, Weather
from tests.wire import IN_PROCESS

FIRST = int(os.environ.get("SIMULATION_FIRST_SEED", "0"))
SEEDS = int(os.environ.get("SIMULATION_JOB_SANDBOX_SEEDS", "2"))
STRANGERS = {System.PULSE: "00000000-0000-4000-a000-000000000000", System.UNSILOED: "job_nobody"}
_SLACK = 1e-6


class Sent(httpx.AsyncBaseTransport):
    """Carries requests on and remembers when which job was asked about."""

    def __init__(self, carrier: httpx.AsyncBaseTransport) -> None:
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        self._carrier = carrier

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        now = asyncio.get_running_loop().time()
        asked = request.url.params.get("job_ids", "").split(",") if "job_ids" in request.url.params else []
        for job_id in asked or [request.url.path.rpartition("/")[2]]:
            self.times[job_id].append(now)
        return await self._carrier.handle_async_request(request)


class Watching:
    """A console's desk for jobs at the sandbox, and all that it came to know."""

    def __init__(self, world: Sandboxed, chance: Random) -> None:
        self.world = world
        self.weather = Weather(world.carrier, chance)
        self.sent = Sent(self.weather)
        self.keeper = Keeper()
        self.known = Jobs()
        self.keys: tuple[JobKey, ...] = ()
        self.truths: dict[JobKey, str] = {}
        self.died_at = 0.0
        self.bugs: list[str] = []

    async def tell(self) -> None:
        """Watch all there is through storm and calm, with one death in between."""
        self.keys = tuple(await self._there())
        async with self._desk() as desk:
            assert desk.watch(self.keys) is None
            await asyncio.sleep(100.0)
        self.died_at, self.weather.calm = asyncio.get_running_loop().time(), True
        async with self._desk() as desk:
            await asyncio.sleep(100.0)
            self.known = desk.known
        self.truths = await self._truths()
        await asyncio.gather(*self.weather.on_their_way, return_exceptions=True)

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[JobDesk]:
        sandbox = self.world._sandbox
        keys = {system: Secret(keys["company"].secret) for system, keys in sandbox.job_keys.items()}
        steve = Steve(IN_PROCESS, Secret(self.world.key), transport=self.sent)
        pulse = Pulse(keys["pulse"], f"{IN_PROCESS}/pulse", transport=self.sent)
        unsiloed = Unsiloed(keys["unsiloed"], f"{IN_PROCESS}/unsiloed", transport=self.sent)
        sources: dict[System, Callable[[], JobSource]] = {
            System.STEVE: lambda: steve.jobs,
            System.PULSE: lambda: pulse.jobs,
            System.UNSILOED: lambda: unsiloed.jobs,
        }
        desk = JobDesk(JobWays(sources, keeper=self.keeper), lambda _: None, LoopClock())
        running = asyncio.ensure_future(desk.run())
        await asyncio.sleep(0)
        yield desk
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await desk.close()
        for client in (steve, pulse, unsiloed):
            await client.close()

    async def _there(self) -> list[JobKey]:
        """All jobs that the sandbox says are worth watching, and one of nobody's at each."""
        found = await self._own("systems")
        keys = [JobKey(system, job_id) for system in System for job_id in found[system]["jobs"]]
        return [*keys, *(JobKey(system, job_id) for system, job_id in STRANGERS.items())]

    async def _truths(self) -> dict[JobKey, str]:
        rows = (await self._own("jobs"))["data"]
        return {JobKey(System(row["system"]), row["id"]): row["state"] for row in rows}

    async def _own(self, path: str) -> dict[str, Any]:
        async with httpx.AsyncClient(transport=self.world.carrier, base_url=IN_PROCESS) as client:
            answered: dict[str, Any] = (await client.get(f"/sandbox/{path}")).json()
            return answered


STATES = {
    "queued": JobState.QUEUED,
    "running": JobState.RUNNING,
    "completed": JobState.SUCCEEDED,
    "review": JobState.SUCCEEDED,
    "failed": JobState.FAILED,
    "cancelled": JobState.CANCELED,
    "expired": JobState.EXPIRED,
}


def what_is_false(watching: Watching) -> list[str]:
    """Say what is known otherwise than it is, and what was asked about too soon or in vain."""
    false = list(watching.bugs)
    for key in watching.keys:
        watched = watching.known.find(key)
        if watched is None:
            false.append(f"{key} was lost")
            continue
        if key.id in STRANGERS.values():
            if watched.course is not Course.REFUSED:
                false.append(f"{key} is nobody's, and {watched.course}")
            continue
        assert watched.job is not None, f"{key} is {watched.course}, {watched.failure}"
        truth = watching.truths.get(key)
        if truth is not None and STATES[truth] is not watched.job.state:
            false.append(f"{key} is {truth} and called {watched.job.state}")
        if (watched.course is Course.OVER) != watched.job.state.is_terminal:
            false.append(f"{key} is {watched.course}, being {watched.job.state}")
        least = {System.STEVE: 0.2, System.PULSE: 1.8, System.UNSILOED: 2.0}[key.system]
        for before, after in pairwise(watching.sent.times[key.id]):
            if after - before < least - _SLACK and not before <= watching.died_at <= after:
                false.append(f"{key} was asked about again after {after - before:.2f} s")
    return false


def story_of(seed: int, folder: Path) -> Watching:
    """Let the story of a seed happen, in no time."""

    async def told() -> Watching:
        random.seed(seed)
        chance = Random(seed)
        world = Sandboxed(chance, folder, scenario="busy")
        watching, living = Watching(world, chance), asyncio.ensure_future(world.live())
        try:
            with bugs_in(watching.bugs):
                await watching.tell()
        finally:
            living.cancel()
            world.close()
        return watching

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(told())


@pytest.mark.volume
def test_what_the_sandbox_does_is_known_as_it_is(tmp_path: Path) -> None:
    asked = jobs = 0
    for seed in range(FIRST, FIRST + SEEDS):
        watching = story_of(seed, tmp_path)
        false = what_is_false(watching)
        replay = f"SIMULATION_FIRST_SEED={seed} SIMULATION_JOB_SANDBOX_SEEDS=1"
        assert not false, f"{replay} replays it: {'; '.join(false[:5])}"
        jobs += len(watching.keys)
        asked += sum(watching.weather.seen.values())
        assert sum(one.course is Course.OVER for one in watching.known.watched) > 10
    print(f"{SEEDS} seeds, {jobs} jobs, {asked} questions in the storm: 0 false")
