"""Many decisions confirmed as one: undone as one, sent one by one, stopped by what holds for all."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from review_tui.client.errors import KeyNotAccepted, NoAnswer, NotSent, RateLimited
from review_tui.client.steve import Steve
from review_tui.model.bulk import Bulk, End, ends_words
from review_tui.model.decisions import Intent, Leave, Stage
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.queue import Filter
from review_tui.model.records import Record
from review_tui.model.submissions import Detail, Verb
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.workers.bulk import ANOTHER
from review_tui.workers.desk import Desk, Ways, ways_of
from review_tui.workers.news import BulkMoved, DecisionMoved, DetailRead, News
from tests.wire import NOON
from tests.workers.handclock import HandClock, settled

HOLD = 5.0


class Shelf:
    """What is written down, kept over runs."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}

    def write(self, record: Record) -> None:
        self.records[record.intent.request_id] = record

    def open_records(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records.values() if not record.stage.is_final)


class AtWork:
    """A desk at which many are decided at once."""

    def __init__(self, steve: Steve, shelf: Shelf | None = None, **ways: object) -> None:
        self.clock = HandClock()
        self.news: list[News] = []
        self.steve = steve
        found: Ways = replace(ways_of(steve), **ways)  # type: ignore[arg-type]  # the names are of its fields
        hold = dict.fromkeys(Verb, HOLD)
        self.desk = Desk(
            found, server="", key_hint="", clock=self.clock, hold=hold, settle=(3.0, 45.0), journal=shelf
        )
        self.desk.subscribe(self.news.append)

    async def some(self, count: int) -> list[Detail]:
        """Return submissions in review that may be approved."""
        details = []
        for row in (await self.steve.submissions.list(Filter())).rows:
            detail = await self.steve.submissions.get(row.id)
            if detail.open_matches == ():
                details.append(detail)
            if len(details) == count:
                return details
        raise AssertionError("the sandbox has too few")

    async def begin(self, details: list[Detail], verb: Verb = Verb.APPROVE) -> None:
        reason = "blurred" if verb is Verb.REJECT else None
        pairs = [(Intent(verb, one.id, NOON, reason=reason), one) for one in details]
        assert self.desk.decide_all(pairs) is None
        await self.rest()

    async def rest(self, seconds: float = 0.0) -> None:
        """Let time pass, and what needs none come to rest: the sandbox is asked within the process."""
        await self.clock.turn(seconds)
        quiet = 0
        while quiet < 3:
            told = len(self.news)
            await settled()
            await asyncio.sleep(0.005)
            quiet = quiet + 1 if len(self.news) == told else 0

    async def until(self, happened: Callable[[], object]) -> None:
        for _ in range(400):
            if happened():
                return
            await self.rest()
        raise AssertionError(self.words)

    @property
    def bulk(self) -> Bulk:
        return next(news.bulk for news in reversed(self.news) if isinstance(news, BulkMoved))

    @property
    def words(self) -> str:
        return ends_words(self.bulk.items)

    def stages(self, request_id: str) -> list[Stage]:
        moved = [news.standing for news in self.news if isinstance(news, DecisionMoved)]
        return [one.stage for one in moved if one.intent.request_id == request_id]


@pytest.fixture
def at_work(steve: Steve) -> AtWork:
    return AtWork(steve)


async def stay_open() -> None:
    """The client is used again by the next run."""


def posts(sandbox: Sandbox) -> list[str]:
    return [request.path for request in sandbox.seen if request.method == "POST"]


async def test_all_are_held_together_and_then_sent_one_after_the_other(
    at_work: AtWork, sandbox: Sandbox
) -> None:
    details = await at_work.some(4)
    await at_work.begin(details)
    assert at_work.bulk.due is not None
    assert (at_work.bulk.due - NOON).total_seconds() == HOLD
    await at_work.rest(HOLD - 0.1)
    assert posts(sandbox) == []
    await at_work.rest(0.2)
    await at_work.until(lambda: at_work.bulk.is_over)
    assert [path.split("/")[-2] for path in posts(sandbox)] == [one.id for one in details]
    assert at_work.words == "4 done"
    for item in at_work.bulk.items:
        assert at_work.stages(item.intent.request_id) == [
            *(Stage.HELD, Stage.CHECKING, Stage.SENDING, Stage.DONE)
        ]


async def test_undo_takes_back_all_of_it_as_one_and_before_it_what_is_newer(
    at_work: AtWork, sandbox: Sandbox
) -> None:
    *many, one = await at_work.some(4)
    await at_work.begin(many)
    assert at_work.desk.decide(Intent(Verb.APPROVE, one.id, NOON), shown=one) is None
    await at_work.rest()
    assert at_work.desk.undo() is None
    await at_work.rest()
    assert [standing.intent.submission_id for standing in at_work.desk.held()] == [x.id for x in many]
    assert at_work.desk.undo() is None
    await at_work.until(lambda: at_work.bulk.is_over)
    assert at_work.words == "3 not sent"
    await at_work.rest(60)
    assert posts(sandbox) == []
    assert at_work.desk.undo() == "nothing is held"


async def test_a_wait_for_the_budget_is_told_with_its_end(steve: Steve) -> None:
    waits = iter([0.0, 10.0, 30.0, 0.0])
    at_work = AtWork(steve, pace=lambda _: next(waits))
    await at_work.begin(await at_work.some(2))
    await at_work.rest(HOLD)
    await at_work.until(lambda: at_work.bulk.count(End.DONE) == 1)
    assert at_work.bulk.due == at_work.clock.now() + timedelta(seconds=10)
    await at_work.rest(10)
    assert at_work.bulk.due == at_work.clock.now() + timedelta(seconds=30), "another console was quicker"
    await at_work.rest(30)
    await at_work.until(lambda: at_work.bulk.is_over)
    ended = at_work.bulk
    assert (ends_words(ended.items), ended.due) == ("2 done", None)


async def test_what_is_stopped_in_the_middle_is_not_sent(at_work: AtWork, sandbox: Sandbox) -> None:
    details = await at_work.some(4)
    at_work.desk._bulks._pace = lambda waited: 2.0 - waited
    await at_work.begin(details)
    await at_work.rest(HOLD + 2.5)
    await at_work.until(lambda: at_work.bulk.count(End.DONE) == 1)
    assert at_work.bulk.seconds is not None
    assert at_work.desk.stop_the_rest() is None
    await at_work.until(lambda: at_work.bulk.is_over)
    assert at_work.words == "1 done, 3 not sent"
    assert at_work.bulk.stopped == "you took it back"
    await at_work.rest(60)
    assert len(posts(sandbox)) == 1
    assert at_work.desk.stop_the_rest() is not None


@pytest.mark.parametrize(
    ("error", "stage"),
    [
        (
            KeyNotAccepted(Failure(FailureKind.KEY_NOT_ACCEPTED, "Key not accepted", status=401)),
            Stage.REFUSED,
        ),
        (RateLimited(Failure(FailureKind.LIMITED, "Too many requests", retry_after=9.0)), Stage.REFUSED),
        (NotSent("no route"), Stage.UNSENT),
    ],
    ids=["401", "429", "not reachable"],
)
async def test_what_holds_for_all_stops_the_rest_unsent(
    steve: Steve, sandbox: Sandbox, error: Exception, stage: Stage
) -> None:
    sent: list[str] = []
    real = ways_of(steve).send

    async def send(intent: Intent) -> None:
        sent.append(intent.submission_id)
        if len(sent) == 3:
            raise error
        await real(intent)

    at_work = AtWork(steve, send=send)
    details = await at_work.some(6)
    await at_work.begin(details)
    await at_work.rest(HOLD)
    await at_work.until(lambda: at_work.bulk.is_over)
    assert sent == [one.id for one in details[:3]]
    assert at_work.bulk.items[2].stage is stage
    assert {item.stage for item in at_work.bulk.items[3:]} == {Stage.TAKEN_BACK}
    assert at_work.bulk.stopped
    await at_work.rest(120)
    assert len(sent) == 3


async def test_an_outcome_that_nobody_knows_stops_the_rest(steve: Steve) -> None:
    dark: set[str] = set()
    ways = ways_of(steve)
    desks: list[AtWork] = []

    async def send(intent: Intent) -> None:
        await ways.send(intent)
        if desks[0].bulk.places[intent.request_id] == 1:
            dark.add(intent.submission_id)
            raise NoAnswer("reset", decides=True)

    async def detail(submission_id: str) -> Detail:
        if submission_id in dark:
            raise NoAnswer("reset", decides=False)
        return await ways.detail(submission_id)

    at_work = AtWork(steve, send=send, detail=detail)
    desks.append(at_work)
    await at_work.begin(await at_work.some(4))
    await at_work.rest(HOLD)
    for _ in range(5):
        await at_work.rest(15)
    await at_work.until(lambda: at_work.bulk.is_over)
    assert at_work.words == "1 done, 1 unknown, 2 not sent"
    assert at_work.bulk.stopped == "it is not known what became of one"


async def test_one_that_others_decided_does_not_stop_the_rest(
    at_work: AtWork, steve: Steve, sandbox: Sandbox
) -> None:
    details = await at_work.some(3)
    await at_work.begin(details)
    await steve.submissions.reject(details[1].id, reason="unclear", request_id="other")
    await at_work.rest(HOLD)
    await at_work.until(lambda: at_work.bulk.is_over)
    assert at_work.words == "2 done, 1 refused"
    assert at_work.bulk.items[1].words.startswith("Rejected by")


async def test_a_lost_answer_is_looked_up_before_the_next_is_sent(at_work: AtWork, sandbox: Sandbox) -> None:
    details = await at_work.some(3)
    await at_work.begin(details)
    sandbox.faults.add(Fault("drop", method="POST", after=True))
    await at_work.rest(HOLD)
    for _ in range(4):
        await at_work.rest(15)
    await at_work.until(lambda: at_work.bulk.is_over)
    assert at_work.words == "3 done"
    assert len(posts(sandbox)) == 3


async def test_a_second_one_waits_until_the_first_is_over(at_work: AtWork) -> None:
    first, second, third = await at_work.some(3)
    await at_work.begin([first, second])
    assert at_work.desk.decide_all([(Intent(Verb.APPROVE, third.id, NOON), third)]) == ANOTHER
    await at_work.rest(HOLD)
    await at_work.until(lambda: at_work.bulk.is_over)
    await at_work.begin([third])


async def test_one_with_a_decision_under_way_is_left_out_and_says_why(at_work: AtWork) -> None:
    first, second = await at_work.some(2)
    assert at_work.desk.decide(Intent(Verb.CANCEL, first.id, NOON), shown=first) is None
    await at_work.begin([first, second])
    assert at_work.bulk.items[0].words == "Not sent: a decision on this submission is under way"
    await at_work.rest(HOLD)
    await at_work.until(lambda: at_work.bulk.is_over)
    assert at_work.words == "1 done, 1 not sent"


async def test_the_rest_of_a_run_that_ended_waits_and_is_sent_as_one_by_the_person(
    steve: Steve, sandbox: Sandbox
) -> None:
    shelf = Shelf()
    before = AtWork(steve, shelf, close=stay_open)
    details = await before.some(5)
    before.desk._bulks._pace = lambda waited: 10.0 - waited
    await before.begin(details)
    await before.rest(HOLD + 11)
    await before.until(lambda: before.bulk.count(End.DONE) == 1)
    left = dict(shelf.records)  # what stands on the disk when the power fails
    await before.desk.leave(Leave.KEEP)

    shelf.records = left
    at_work = AtWork(steve, shelf)
    running = asyncio.create_task(at_work.desk.run())
    await at_work.until(lambda: len(at_work.desk.held()) == 4)
    await at_work.rest(60)
    assert len(posts(sandbox)) == 1
    request_ids = [one.intent.request_id for one in at_work.desk.held()]
    assert at_work.desk.send_all(request_ids) is None
    await at_work.until(lambda: at_work.bulk.is_over)
    assert at_work.words == "4 done"
    assert [path.split("/")[-2] for path in posts(sandbox)] == [one.id for one in details]
    running.cancel()


async def test_what_is_stopped_of_an_earlier_run_stays_held(steve: Steve, sandbox: Sandbox) -> None:
    shelf = Shelf()
    before = AtWork(steve, shelf, close=stay_open)
    await before.begin(await before.some(3))
    await before.desk.leave(Leave.SEND)
    assert posts(sandbox) == [], "the rest of many is kept: sending it takes longer than leaving waits"

    at_work = AtWork(steve, shelf, pace=lambda waited: 2.0 - waited)
    running = asyncio.create_task(at_work.desk.run())
    await at_work.until(lambda: len(at_work.desk.held()) == 3)
    assert at_work.desk.send_all([one.intent.request_id for one in at_work.desk.held()]) is None
    await at_work.rest(2.5)
    await at_work.until(lambda: at_work.bulk.count(End.DONE) == 1)
    assert at_work.desk.stop_the_rest() is None
    await at_work.until(lambda: at_work.bulk.is_over)
    await at_work.rest(60)
    assert len(posts(sandbox)) == 1
    assert [one.earlier for one in at_work.desk.held()] == [True, True]
    running.cancel()


async def test_what_is_gathered_is_read_within_the_budget_and_told(steve: Steve) -> None:
    waits = iter([0.0, 0.0, 4.0, 0.0, 0.0])
    at_work = AtWork(steve, background_wait=lambda: next(waits))
    wanted = [one.id for one in await at_work.some(4)]
    at_work.desk.gather(wanted)
    await at_work.rest()
    read = [news.detail.id for news in at_work.news if isinstance(news, DetailRead)]
    assert sorted(read) != sorted(wanted)
    await at_work.rest(4)
    read = [news.detail.id for news in at_work.news if isinstance(news, DetailRead)]
    assert sorted(read) == sorted(wanted)
