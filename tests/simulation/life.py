"""One seed's story: a person at a console that may die at any instant, a colleague, and bad weather."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

from review_tui.client.steve import Steve
from review_tui.model.decisions import Intent, Stage
from review_tui.model.fraud import FraudMatch, Resolution
from review_tui.model.machine import SETTLE
from review_tui.model.secret import Secret
from review_tui.model.submissions import Detail, Verb
from review_tui.workers.desk import Desk, ways_of
from review_tui.workers.news import DecisionMoved, News
from tests.simulation.bugs import bugs_in
from tests.simulation.judging import Told
from tests.simulation.shelf import Shelf
from tests.simulation.truth import Truth, World
from tests.simulation.weather import LeapingLoop, LoopClock, Weather
from tests.wire import IN_PROCESS

REASONS = ("blurred", "unreadable")


class Story:
    """Everything that happens under one seed; `told` holds every statement the console made."""

    def __init__(self, chance: Random, world: World, looks: tuple[float, ...]) -> None:
        """Take the seed's `chance`, the server, and `looks` as the console's `settle`."""
        self.chance = chance
        self.world = world
        self.weather = Weather(world.carrier, chance)
        self.shelf = Shelf(chance, fails=0.05 if chance.random() < 0.2 else 0.0)
        self.told: list[Told] = []
        self.intents: dict[str, Intent] = {}
        self.truths: dict[str, Truth] = {}
        self.bugs: list[str] = []
        self.meddled = 0
        self._looks = looks
        self._instants = chance.randint(1, 25) if chance.random() < 0.6 else 0
        self._died = asyncio.Event()

    async def tell(self) -> None:
        """Let it happen."""
        for submission_id in self.world.ids():
            self._plan(submission_id)
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            await self._session()
        self.weather.calm, self.shelf.fails, self._instants = True, 0.0, 0
        await self._session(last=True)
        await asyncio.gather(*self.weather.on_their_way, return_exceptions=True)
        self.truths = {submission_id: self.world.truth(submission_id) for submission_id in self.world.ids()}

    def _plan(self, submission_id: str) -> None:
        """Plan what others do to a submission while the person is at work."""
        chance, world = self.chance, self.world
        if chance.random() < 0.3:
            verb, reason = chance.choice(["approve", "reject", "cancel"]), chance.choice(REASONS)
            self._later(60.0, lambda: world.meddle(submission_id, verb, reason))
        if chance.random() < 0.1:
            self._later(30.0, lambda: world.alter(submission_id))
        if chance.random() < 0.05:
            self._later(30.0, lambda: world.suspect(submission_id))
        for match_id in world.truth(submission_id).matches:
            if chance.random() < 0.25:
                resolution, note = chance.choice(list(Resolution)).value, chance.choice([None, "seen it"])
                self._later(40.0, _judging(world, submission_id, match_id, resolution, note))

    def _later(self, within: float, meddle: Callable[[], None]) -> None:
        def act() -> None:
            self.meddled += 1
            meddle()

        asyncio.get_running_loop().call_later(self.chance.uniform(0.0, within), act)

    async def _session(self, *, last: bool = False) -> None:
        """Run the console until the person leaves or it dies."""
        self._died = asyncio.Event()
        self.weather.at_request = self.shelf.at_write = self._instant
        steve = Steve(IN_PROCESS, Secret(self.world.key), transport=self.weather)
        desk = Desk(
            ways_of(steve),
            server="here",
            key_hint="…",
            clock=LoopClock(),
            interval=30.0,
            settle=self._looks,
            hold={verb: self.chance.choice([0.0, 5.0, 5.0, 20.0]) for verb in Verb},
            journal=self.shelf,
        )
        desk.subscribe(self._hear)
        here = asyncio.all_tasks() - self.weather.on_their_way
        running = asyncio.ensure_future(desk.run())
        person = asyncio.ensure_future(self._settle_up(desk) if last else self._person(desk))
        await asyncio.wait({running, person}, return_when=asyncio.FIRST_COMPLETED)
        if self._died.is_set():
            await self._end(asyncio.all_tasks() - here - self.weather.on_their_way)
            await steve.close()
            return
        closing = asyncio.ensure_future(desk.close())
        await asyncio.wait({closing})
        await self._end(asyncio.all_tasks() - here - self.weather.on_their_way)

    async def _end(self, tasks: "set[asyncio.Task[None]]") -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _instant(self) -> None:
        """Die here, if this is the instant; whoever is dead does nothing any more."""
        if self._instants:
            self._instants -= 1
            if self._instants == 0:
                self._died.set()
        if self._died.is_set():
            raise asyncio.CancelledError

    async def _person(self, desk: Desk) -> None:
        """Read, decide, change their mind, and leave."""
        chance = self.chance
        for _ in range(chance.randint(2, 8)):
            await self._pause(chance.uniform(0.1, 8.0))
            self._deal_with_held(desk)
            chosen = chance.choice(self.world.undecided() or self.world.ids())
            desk.show(chosen)
            await self._pause(chance.uniform(0.5, 3.0))
            self._decide(desk, chosen)
            await self._pause(chance.uniform(0.0, 6.0))
            if chance.random() < 0.2:
                desk.undo()
        await self._pause(chance.choice([0.0, 1.0, 10.0, 100.0]))

    async def _settle_up(self, desk: Desk) -> None:
        """Send or drop what is left, and wait until all is known."""
        await asyncio.sleep(5.0)
        self._deal_with_held(desk, surely=True)
        for _ in range(12):
            await asyncio.sleep(10.0)
            if self._is_over(desk):
                break

    def _is_over(self, desk: Desk) -> bool:
        """Whether nothing is under way any more, and nothing that is not known can still be corrected."""
        return not (desk.open_decisions or self.weather.on_their_way or self.last_words()[Stage.UNKNOWN])

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._died.wait(), seconds)
            raise asyncio.CancelledError

    def _decide(self, desk: Desk, submission_id: str) -> None:
        """Judge what has to be judged first, mostly; else decide."""
        shown = desk.cached(submission_id)
        matches = (shown.open_matches if shown else None) or ()
        if matches and self.chance.random() < 0.75:
            for match in matches[: self.chance.randint(1, 3)]:
                self._judge(desk, submission_id, match, shown)
            return
        verb = self.chance.choice([Verb.APPROVE, Verb.REJECT, Verb.CANCEL])
        reason = None if verb is Verb.APPROVE else self.chance.choice(REASONS)
        self._give(desk, Intent(verb, submission_id, desk.clock.now(), reason=reason), shown)

    def _judge(self, desk: Desk, submission_id: str, match: FraudMatch, shown: Detail | None) -> None:
        intent = Intent(
            Verb.RESOLVE,
            submission_id,
            desk.clock.now(),
            match_id=match.id,
            resolution=self.chance.choice(list(Resolution)),
            note=self.chance.choice([None, None, "looked at both", "seen it"]),
        )
        self._give(desk, intent, shown)

    def _give(self, desk: Desk, intent: Intent, shown: Detail | None) -> None:
        intent = replace(intent, request_id=f"{len(self.intents)}-{self.chance.getrandbits(64):x}")
        if desk.decide(intent, shown=shown) is None:
            self.intents[intent.request_id] = intent

    def _deal_with_held(self, desk: Desk, *, surely: bool = False) -> None:
        for standing in desk.held():
            request_id = standing.intent.request_id
            if self.chance.random() < 0.3 or surely:
                if self.chance.random() < 0.5:
                    desk.send_now(request_id)
                else:
                    desk.drop(request_id)

    def _hear(self, news: News) -> None:
        if isinstance(news, DecisionMoved) and not self._died.is_set():
            self.told.append(Told(news.standing, asyncio.get_running_loop().time()))

    def last_words(self) -> Counter[Stage | None]:
        """Count how the decisions ended, as the person was last told."""
        last = {told.standing.intent.request_id: told.standing.stage for told in self.told}
        return Counter(last.get(request_id) for request_id in self.intents)


def _judging(
    world: World, submission_id: str, match_id: str, resolution: str, note: str | None
) -> Callable[[], None]:
    return lambda: world.judge(submission_id, match_id, resolution, note)


def story_of(seed: int, world_of: Callable[[Random], World], looks: tuple[float, ...] = SETTLE) -> Story:
    """Let the story of a seed happen, in no time, on the server that `world_of` makes of its chance."""

    async def told() -> Story:
        chance = Random(seed)
        random.seed(seed)  # what spreads polls and retries apart is drawn from here
        world = world_of(chance)
        story, living = Story(chance, world, looks), asyncio.ensure_future(world.live())
        try:
            with bugs_in(story.bugs):
                await story.tell()
        finally:
            living.cancel()
            world.close()
        return story

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(told())
