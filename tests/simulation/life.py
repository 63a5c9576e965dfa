"""One seed's story: a person at a console that may die at any instant, a colleague, and bad weather."""

import asyncio
import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from pydantic import SecretStr

from review_tui.client.steve import Steve
from review_tui.model.decisions import Intent, Stage, Standing, excludes
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.machine import SETTLE
from review_tui.model.records import Record
from review_tui.model.submissions import Verb
from review_tui.workers.desk import Desk, ways_of
from review_tui.workers.news import DecisionMoved, News
from tests.simulation.server import BECOMES, COLLEAGUE, Server, Truth
from tests.simulation.weather import LeapingLoop, LoopClock, Weather
from tests.wire import IN_PROCESS

VERBS = {"approve": Verb.APPROVE, "reject": Verb.REJECT, "cancel": Verb.CANCEL}
KEY = SecretStr("aok_" + "0" * 64)


class DiskFull(Exception):  # noqa: N818 – it says what happened
    """What a journal raises that cannot be written."""

    failure = Failure(FailureKind.LOCAL, "no space is left")


class AlreadyOpen(Exception):  # noqa: N818 – it says what happened
    """What a journal raises that keeps another open decision on the same submission."""

    failure = Failure(FailureKind.CONFLICT, "an action on this submission is open")


@dataclass
class Shelf:
    """A journal that outlives the console; it fails, and the console dies, when told to."""

    chance: Random
    records: dict[str, Record] = field(default_factory=dict)
    history: dict[str, list[Stage]] = field(default_factory=dict)
    fails: float = 0.0
    at_write: Callable[[], None] = lambda: None

    def write(self, record: Record) -> None:
        self.at_write()
        if self.chance.random() < self.fails:
            raise DiskFull
        kept = (each for each in self.records.values() if not each.stage.is_final)
        if not record.stage.is_final and any(_is_another(each.intent, record.intent) for each in kept):
            raise AlreadyOpen
        self.records[record.intent.request_id] = record
        self.history.setdefault(record.intent.request_id, []).append(record.stage)
        self.at_write()

    def open_records(self) -> tuple[Record, ...]:
        return tuple(
            record
            for record in self.records.values()
            if not record.stage.is_final or record.stage.may_be_corrected
        )


def _is_another(one: Intent, other: Intent) -> bool:
    return one.request_id != other.request_id and excludes(one, other)


@dataclass(frozen=True)
class Told:
    """A standing as it was published, and when."""

    standing: Standing
    at: float


class Story:
    """Everything that happens under one seed; `told` holds every statement the console made."""

    def __init__(self, seed: int, looks: tuple[float, ...] = SETTLE) -> None:
        self._looks = looks
        self.chance = Random(seed)
        random.seed(seed)  # what spreads polls and retries apart is drawn from here
        self.server = Server(self.chance.random() < 0.7)
        self.weather = Weather(self.server, self.chance)
        self.shelf = Shelf(self.chance, fails=0.05 if self.chance.random() < 0.2 else 0.0)
        self.told: list[Told] = []
        self.intents: dict[str, Intent] = {}
        self.dropped: dict[str, float] = {}
        self.left: tuple[Standing, ...] = ()
        self._instants = self.chance.randint(1, 25) if self.chance.random() < 0.6 else 0
        self._died = asyncio.Event()

    async def tell(self) -> None:
        """Let it happen."""
        for number in range(self.chance.randint(3, 6)):
            self.server.submissions[f"s{number}"] = self._submission(number)
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            await self._session()
        self.weather.calm, self.shelf.fails, self._instants = True, 0.0, 0
        await self._session(last=True)

    def _submission(self, number: int) -> Truth:
        truth = Truth(f"s{number}")
        loop = asyncio.get_running_loop()
        if self.chance.random() < 0.3:
            verb = self.chance.choice(list(BECOMES))
            loop.call_later(
                self.chance.uniform(0.0, 60.0),
                lambda: self.server.decide(truth, verb, COLLEAGUE, "blurred", "reviewer"),
            )
        if self.chance.random() < 0.1:
            loop.call_later(self.chance.uniform(0.0, 30.0), lambda: setattr(truth, "amount", 999))
        return truth

    async def _session(self, *, last: bool = False) -> None:
        """Run the console until the person leaves or it dies."""
        self._died = asyncio.Event()
        self.weather.at_request = self.shelf.at_write = self._instant
        steve = Steve(IN_PROCESS, KEY, transport=self.weather)
        hold = {verb: self.chance.choice([0.0, 5.0, 5.0, 20.0]) for verb in Verb}
        desk = Desk(
            ways_of(steve),
            server="here",
            key_hint="…",
            clock=LoopClock(),
            interval=20.0,
            settle=self._looks,
            hold=hold,
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
        self.left = desk.held()
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
            undecided = [truth.id for truth in self.server.submissions.values() if truth.status == "review"]
            chosen = chance.choice(undecided or list(self.server.submissions))
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
        await asyncio.sleep(120.0)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._died.wait(), seconds)
            raise asyncio.CancelledError

    def _decide(self, desk: Desk, submission_id: str) -> None:
        verb = self.chance.choice(list(Verb)[:3])
        reason = None if verb is Verb.APPROVE else "blurred"
        intent = Intent(verb, submission_id, desk.clock.now(), reason=reason)
        intent = replace(intent, request_id=f"{len(self.intents)}-{self.chance.getrandbits(64):x}")
        if desk.decide(intent, shown=desk.cached(submission_id)) is None:
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


def told_under(seed: int, looks: tuple[float, ...] = SETTLE) -> Story:
    """Let the story of a seed happen, in no time; `looks` as the console's `settle`."""
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        return runner.run(_told(seed, looks))


async def _told(seed: int, looks: tuple[float, ...]) -> Story:
    story = Story(seed, looks)
    await story.tell()
    return story


def what_is_false(story: Story) -> list[str]:
    """Say what the console said that is not so, now that the truth is known; empty where all of it is."""
    return [
        f"{intent.verb} {intent.submission_id}: {wrong}"
        for intent in story.intents.values()
        for wrong in _wrong_about(story, intent)
    ]


def _wrong_about(story: Story, intent: Intent) -> list[str]:
    request_id = intent.request_id
    truth = story.server.submissions[intent.submission_id]
    ours = truth.by == request_id
    sent = story.weather.sent.get(request_id, [])
    told = [each for each in story.told if each.standing.intent.request_id == request_id]
    wrong = [
        f"called {each.standing.stage} ({each.standing.words}), and it is {truth.status} by {truth.by}"
        for each in told
        if not _holds(each.standing, truth, ours=ours) and not _came_back(each, told)
    ]
    if len(sent) > 1 + story.weather.proved.get(request_id, 0):
        wrong.append(
            f"sent {len(sent)} times, {story.weather.proved.get(request_id, 0)} of them proved unsent"
        )
    back = [each for each in told if each.standing.stage is Stage.TAKEN_BACK and not _came_back(each, told)]
    if any(at > each.at for each in back for at in sent):
        wrong.append("sent after it was taken back")
    if sent and Stage.SENDING not in story.shelf.history.get(request_id, []):
        wrong.append("sent without being written down")
    kept = story.shelf.records.get(request_id)
    if kept is not None and not kept.stage.is_final:
        wrong.append(f"left {kept.stage} in the journal")
    last = kept.stage if kept is not None else told[-1].standing.stage if told else None
    if ours and last not in {Stage.DONE, Stage.UNKNOWN}:
        wrong.append(f"applied, and the last word is {last}")
    return wrong


def _came_back(each: Told, told: list[Told]) -> bool:
    """Whether what was given up could not be written down, said so, and was shown again after a restart."""
    later = told[told.index(each) + 1 :]
    return "shown as held next time" in each.standing.words and any(one.standing.earlier for one in later)


def _holds(standing: Standing, truth: Truth, *, ours: bool) -> bool:
    """Whether a statement is true of how things turned out."""
    if standing.stage is Stage.DONE:
        as_wanted = truth.status == BECOMES[standing.intent.verb]
        told_apart = standing.intent.verb is Verb.APPROVE and "cannot be told" not in standing.words
        return as_wanted and (ours or not told_apart)
    return not standing.stage.is_final or standing.stage is Stage.UNKNOWN or not ours
