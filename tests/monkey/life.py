"""One monkey's life: steps on a console that is killed and started again, in a world that misbehaves."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from review_tui.model.decisions import Intent
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Verb
from review_tui.ui.screens.palette import Palette
from review_tui.ui.screens.quit import QuitScreen
from review_tui.workers.news import DecisionMoved, News
from tests.monkey.console import Kept, WatchedApp, desk_in, timers_of
from tests.monkey.hands import ENDING, Step, a_plan, a_step
from tests.monkey.seen import Sight, is_decided, is_denied, row_at, sight_of, what_is_wrong
from tests.simulation.bugs import bugs_in
from tests.simulation.judging import Told, what_is_false
from tests.simulation.truth import Truth, World
from tests.simulation.weather import FATES, OUTAGES, LeapingLoop, LoopClock, Weather

PAUSES: Final = (0.005, 0.005, 0.035)
"""Seconds between two steps; what a key does is done at once, but painted at most every sixtieth second."""

TOLD: Final = 30
"""Steps that are told of a monkey that found something."""

SIZE: Final = (80, 24)


class Found(AssertionError):  # noqa: N818 – it is what a monkey is for
    """What a monkey found, with its last steps."""


class Monkey:
    """One seed's monkey at its console."""

    def __init__(self, chance: Random, world: World, folder: Path) -> None:
        self.world = world
        self.intents: dict[str, Intent] = {}
        self.told: list[Told] = []
        self.truths: dict[str, Truth] = {}
        self.done: Counter[str] = Counter()
        self.bugs: list[str] = []
        self.frames = 0
        self.shelf = Kept(folder / "state" / "store.db")
        self.weather = Weather(world.carrier, Random(chance.random()))
        self._chance = chance
        self._folder = folder
        self._last: deque[str] = deque(maxlen=TOLD)
        self._size = SIZE
        self._plan: list[Step] = []
        self._dead = asyncio.Event()

    async def live(self, steps: int) -> None:
        """Do so many steps, then let everything be settled, and hold what was said against the truth."""
        self.weather.calm = True
        await self._start()
        dies = self._chance.randrange(steps)
        for step in range(steps):
            if self._running.done():
                await self._ended()
            elif step == dies or self._chance.random() < 0.0005:
                await self._die()
            await self._step()
        await self._die(again=False)
        await self._settle_up()
        ids = {*self.world.ids(), *(intent.submission_id for intent in self.intents.values())}
        self.truths = {submission_id: self.world.truth(submission_id) for submission_id in ids}
        if false := what_is_false(self):
            self._fail(false)

    async def _start(self) -> None:
        self._here = asyncio.all_tasks()
        self.shelf.reopen()
        self.weather.at_request = lambda: None
        self.weather.calm = self._chance.random() < 0.8
        hold = {verb: self._chance.choice([0.0, 5.0, 5.0, 20.0]) for verb in Verb}
        self._desk = desk_in(self.world, self.weather, self.shelf, hold, self._hear)
        self._app = WatchedApp(self._desk, downloads=self._folder / "downloads", now=LoopClock().now)
        self._running = asyncio.ensure_future(self._app.run_async(headless=True, size=self._size))
        await asyncio.sleep(1.0)
        self._last.append("start")
        self.done["start"] += 1

    async def _ended(self) -> None:
        """Make sure that it ended because it was asked to, and start it again."""
        await self._reap()
        if self._app._exception is not None or self._running.exception() is not None:
            self._fail([f"it crashed: {self._app._exception or self._running.exception()!r}"])
        if self._app._ending is None:
            self._fail(["it ended, and nobody asked for that"])
        await self._start()

    async def _die(self, *, again: bool = True) -> None:
        """Kill the console as kill -9 does, at some instant of whatever it is at."""
        for _ in range(self._chance.randrange(30)):
            await asyncio.sleep(0)

        def gone() -> None:
            raise asyncio.CancelledError

        self.shelf.dead, self.weather.at_request = True, gone
        self._last.append("kill")
        self.done["kill"] += again
        await self._reap()
        if again:
            await self._start()

    async def _reap(self) -> None:
        self.frames += self._app.frames
        for _ in range(3):
            left = asyncio.all_tasks() - self._here - self.weather.on_their_way - {asyncio.current_task()}
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _step(self) -> None:
        before, app, desk = sight_of(self._app), self._app, self._desk
        step = self._next(dialog=before.dialog is not None)
        self._last.append(step.told)
        self.done[step.told.split()[0]] += 1
        desk.forget()
        self._size = step.size or self._size
        if step.place and not self._running.done():
            before = replace(before, pointed=row_at(app, *step.place))
        step.do(app)
        await asyncio.sleep(self._chance.choice(PAUSES))
        await self._look(before, step)
        if step.seconds and not self._running.done():
            desk.forget()
            await asyncio.sleep(step.seconds)
            await self._look(before, step)

    def _next(self, *, dialog: bool) -> Step:
        """Go on with the plan, mostly; else do or let happen anything."""
        if not self._plan and not dialog:
            self._plan = a_plan(self._chance)
        if self._plan and self._chance.random() < 0.93:
            return self._plan.pop(0)
        return self._meddle() or a_step(self._chance, dialog=dialog, size=self._size)

    async def _look(self, before: Sight, step: Step) -> None:
        app, desk = self._app, self._desk
        if app._exception is not None:
            self._fail([f"it crashed: {app._exception!r}"])
        if app._ending is not None:
            await self._is_let_go(before, step)
            return
        if self._running.done():
            self._fail(["it ended, and nobody asked for that"])
        after = sight_of(app)
        taken = [intent for intent, why in desk.intents if why is None]
        taken += [intent for intents, why in desk.many if why is None for intent in intents]
        self.intents |= {intent.request_id: intent for intent in taken}
        wrong = what_is_wrong(before, step, after, app, desk) + self._what_is_sent() + self.bugs
        if after.selected and is_decided(after) and is_denied(after, self.world.truth(after.selected)):
            wrong.append(f"shows {after.selected} as {after.status}")
        if wrong:
            self._fail(wrong)

    def _what_is_sent(self) -> list[str]:
        """Name what is shown as not sent and was, or is held and not shown."""
        shown = {
            one.intent.request_id for one in self._app.review.state.outbox.values() if one.stage.is_unsent
        }
        held = {one.intent.request_id for one in self._desk.held()}
        sent, proved = self.weather.sent, self.weather.proved
        wrong = [f"shows {id_} as not sent" for id_ in shown if len(sent.get(id_, ())) > proved[id_]]
        return wrong if shown == held else [*wrong, f"shows {shown} as held, and {held} are"]

    async def _is_let_go(self, before: Sight, step: Step) -> None:
        """Make sure that who asked it to end is let go within the seconds that draining may take."""
        if step.key not in ENDING and not isinstance(before.dialog, QuitScreen | Palette):
            self._fail(["it ends, and nobody asked for that"])
        await asyncio.wait({self._running}, timeout=20.0)
        if not self._running.done():
            self._fail(["it does not end"])

    def _meddle(self) -> Step | None:
        """Change the weather, let time pass, or let others do something, now and then."""
        chance = self._chance
        kind = chance.random()
        if kind > 0.04 and (self.weather.fates is FATES or kind > 0.1):
            return None
        if kind < 0.012 or kind > 0.04:
            return Step(self._other_weather(), lambda _: None)
        if kind < 0.014:
            seconds = chance.uniform(20.0, 600.0)
            return Step(f"wait long {seconds:.0f}", lambda _: None, seconds=seconds)
        selected = self._app.review.state.selected
        ids = self.world.undecided() or self.world.ids()
        submission_id = selected if selected in ids and chance.random() < 0.5 else chance.choice(ids)
        assert submission_id is not None
        told, meddle = self._meddling(submission_id)
        return Step(f"meddle: {told} {submission_id}", lambda _: meddle())

    def _meddling(self, submission_id: str) -> tuple[str, Callable[[], None]]:
        chance, world = self._chance, self.world
        matches = list(world.truth(submission_id).matches)
        kind = chance.choice(["decide", "judge", "alter", "suspect"] if matches else ["decide", "alter"])
        if kind == "decide":
            verb = chance.choice(["approve", "reject", "cancel"])
            return verb, lambda: world.meddle(submission_id, verb, "not like this")
        if kind == "judge":
            match_id, resolution = chance.choice(matches), chance.choice(list(Resolution)).value
            return "judge", lambda: world.judge(submission_id, match_id, resolution, None)
        return kind, lambda: (world.alter if kind == "alter" else world.suspect)(submission_id)

    def _other_weather(self) -> str:
        kind = self._chance.random()
        self.weather.calm = kind < 0.5
        self.weather.fates = FATES if kind < 0.8 else self._chance.choice(OUTAGES)
        return "calm" if kind < 0.5 else f"weather {list(self.weather.fates)[:2]}"

    async def _settle_up(self) -> None:
        """Send or drop what is left with a desk that nobody looks at, and wait until all is known."""
        self.weather.calm, self.weather.at_request = True, lambda: None
        self.shelf.reopen()
        desk = desk_in(self.world, self.weather, self.shelf, {}, self._hear)
        desk.subscribe(lambda _: None)
        running = asyncio.ensure_future(desk.run())
        await asyncio.sleep(5.0)
        for standing in desk.held():
            (self._chance.choice([desk.send_now, desk.drop]))(standing.intent.request_id)
        for _ in range(20):
            await asyncio.sleep(10.0)
            if not desk.open_decisions and not self.weather.on_their_way:
                break
        await desk.close()
        running.cancel()
        await asyncio.gather(running, *self.weather.on_their_way, return_exceptions=True)
        self.shelf.store.close()

    def _hear(self, news: News) -> None:
        if isinstance(news, DecisionMoved) and not self.shelf.dead:
            self.told.append(Told(news.standing, asyncio.get_running_loop().time()))

    def _fail(self, wrong: list[str]) -> None:
        raise Found("; ".join(wrong) + "\nthe last steps: " + " | ".join(self._last))


def monkey_of(seed: int, steps: int, folder: Path, world_of: Callable[[Random], World]) -> Monkey:
    """Let a seed's monkey live through so many steps, in no time; raises Found."""

    async def lived() -> Monkey:
        chance = Random(seed)
        random.seed(seed)  # what spreads polls and retries apart is drawn from here
        world = world_of(chance)
        living = asyncio.ensure_future(world.live())
        monkey = Monkey(chance, world, folder)
        try:
            with bugs_in(monkey.bugs):
                await monkey.live(steps)
        finally:
            living.cancel()
            world.close()
        return monkey

    with asyncio.Runner(loop_factory=LeapingLoop) as runner, timers_of(runner.get_loop()):
        return runner.run(lived())
