"""Decisions that are held: taken back, sent early, kept for next time, written down before they are told."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from review_tui.client.errors import NoAnswer, RateLimited
from review_tui.model.decisions import Intent, Leave, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.records import Record
from review_tui.model.submissions import Detail, Page, Verb, read_detail
from review_tui.store.journal import Store
from review_tui.workers.decisions import OPEN_WORDS, Decisions
from review_tui.workers.desk import Desk, Ways
from review_tui.workers.journal import JournalThread
from review_tui.workers.news import DecisionMoved
from tests.wire import NOON
from tests.workers.handclock import HandClock, settled

HOLD = 5.0


class DiskFull(Exception):  # noqa: N818 – it says what happened
    failure = Failure(FailureKind.LOCAL, "no space is left")


class Shelf:
    """A journal in memory; `log` has what was written and sent, in order."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.log: list[str] = []
        self.full = False

    def write(self, record: Record) -> None:
        if self.full:
            raise DiskFull
        self.records[record.intent.request_id] = record
        self.log.append(f"wrote {record.stage}")

    def open_records(self) -> tuple[Record, ...]:
        return tuple(record for record in self.records.values() if not record.stage.is_final)


class Holding:
    """Decisions on a server of one answer, with a journal and a clock turned by hand."""

    def __init__(self, shelf: Shelf | None = None, run: str = "run 1") -> None:
        self.clock = HandClock()
        self.shelf = shelf or Shelf()
        self.told: list[Standing] = []
        self.status = "review"
        self.amount = 18
        self.answers: list[Exception] = []
        self.reading: asyncio.Event | None = None
        self.asked: list[str] = []
        self.out: set[str] = set()
        self.dark = False
        self.decisions = Decisions(self._send, self._read, self._hear, self.clock, write=self._write, run=run)

    @property
    def stages(self) -> list[Stage]:
        return [standing.stage for standing in self.told]

    def is_in(self, stage: Stage) -> bool:
        return self.told[-1].stage is stage

    @property
    def last(self) -> Standing:
        return self.told[-1]

    @property
    def sent(self) -> int:
        return self.shelf.log.count("sent")

    async def hold(self, **more: Any) -> str:
        intent = Intent(Verb.APPROVE, more.pop("submission_id", "s1"), NOON)
        assert self.decisions.decide(intent, shown=self.detail(intent.submission_id), hold=HOLD) is None
        await settled()
        return intent.request_id

    def detail(self, submission_id: str = "s1") -> Detail:
        data = {"totalAmount": self.amount}
        body = {
            "id": submission_id,
            "submissionStatus": self.status,
            "extractedData": data,
            "fraudMatches": [],
        }
        return read_detail(body)

    async def _write(self, record: Record) -> None:
        await asyncio.sleep(0)
        self.shelf.write(record)

    def _hear(self, standing: Standing) -> None:
        self.told.append(standing)
        self.shelf.log.append(f"said {standing.stage}")

    async def _send(self, intent: Intent) -> None:
        self.shelf.log.append("sent")
        self.out.add(intent.submission_id)
        if self.answers:
            raise self.answers.pop(0)
        self.status = "approved"

    async def _read(self, submission_id: str) -> Detail:
        if self.reading is not None:
            await self.reading.wait()
        self.asked.append(submission_id)
        if self.dark and submission_id in self.out:
            raise NoAnswer("reset", decides=False)
        return self.detail(submission_id)


@pytest.fixture
async def at_work() -> Holding:
    return Holding()


async def test_a_promise_is_written_down_before_it_is_said_and_what_came_of_it_after(
    at_work: Holding,
) -> None:
    await at_work.hold()
    assert at_work.last.due is not None
    assert (at_work.last.due - NOON).total_seconds() == HOLD
    assert at_work.last.subject == "18"
    await at_work.clock.turn(HOLD - 0.1)
    assert at_work.stages == [Stage.HELD]
    await at_work.clock.turn(0.2)
    assert at_work.shelf.log == [
        *("wrote held", "said held", "said checking"),
        *("wrote sending", "said sending", "sent", "said done", "wrote done"),
    ]


async def test_undo_takes_back_the_newest_that_is_not_sent(at_work: Holding) -> None:
    await at_work.hold(submission_id="s1")
    await at_work.hold(submission_id="s2")
    assert at_work.decisions.undo() is None
    await settled()
    assert (at_work.last.stage, at_work.last.intent.submission_id) == (Stage.TAKEN_BACK, "s2")
    assert at_work.decisions.undo() is None
    assert at_work.decisions.undo() == "nothing is held"
    await at_work.clock.turn(60)
    assert at_work.sent == 0
    assert not at_work.decisions.open_ones


async def test_the_newest_that_is_being_taken_back_does_not_stand_in_the_way_of_the_one_before(
    at_work: Holding,
) -> None:
    await at_work.hold(submission_id="s1")
    await at_work.hold(submission_id="s2")
    assert at_work.decisions.undo() is None
    assert at_work.decisions.undo() is None
    await at_work.clock.turn(60)
    assert at_work.sent == 0


async def test_it_may_be_taken_back_while_it_is_looked_at_and_not_while_it_is_sent(at_work: Holding) -> None:
    at_work.reading = asyncio.Event()
    request_id = await at_work.hold()
    await at_work.clock.turn(HOLD)
    assert at_work.is_in(Stage.CHECKING)
    assert at_work.decisions.take_back(request_id) is None
    assert at_work.decisions.take_back(request_id) == "it is being taken back"
    at_work.reading.set()
    await settled()
    assert at_work.is_in(Stage.TAKEN_BACK)
    assert at_work.sent == 0
    assert at_work.decisions.take_back(request_id) == "it is over"


async def test_what_is_out_cannot_be_taken_back(at_work: Holding) -> None:
    at_work.answers.append(NoAnswer("reset", decides=True))
    request_id = await at_work.hold()
    await at_work.clock.turn(HOLD)
    assert at_work.is_in(Stage.SETTLING)
    assert at_work.decisions.take_back(request_id) == "it is being sent"
    assert at_work.decisions.send_now(request_id) == "it is on its way"
    assert at_work.decisions.undo() == "nothing is held"
    await at_work.clock.turn(60)
    assert at_work.is_in(Stage.NOT_DONE)


async def test_a_held_one_is_sent_at_once_when_the_person_says_so(at_work: Holding) -> None:
    request_id = await at_work.hold()
    assert at_work.decisions.send_now(request_id) is None
    await settled()
    assert at_work.is_in(Stage.DONE)
    assert at_work.decisions.send_now(request_id) == "it is over"


async def test_a_held_one_is_open(at_work: Holding) -> None:
    await at_work.hold()
    assert at_work.decisions.decide(Intent(Verb.CANCEL, "s1", NOON)) == OPEN_WORDS


async def test_what_changed_while_it_was_held_is_not_sent(at_work: Holding) -> None:
    await at_work.hold()
    at_work.amount = 99
    await at_work.clock.turn(HOLD)
    assert at_work.is_in(Stage.CHANGED)
    assert at_work.last.words == "Not sent, it changed: totalAmount was 18, is 99"
    assert at_work.sent == 0


async def test_a_rate_limit_is_waited_for_and_may_be_taken_back_meanwhile(at_work: Holding) -> None:
    limited = RateLimited(Failure(FailureKind.LIMITED, "Rate limit reached", status=429, retry_after=41.0))
    at_work.answers += [limited, limited]
    request_id = await at_work.hold()
    await at_work.clock.turn(HOLD + 41)
    assert at_work.sent == 2
    assert at_work.is_in(Stage.WAITING)
    assert at_work.shelf.records[request_id].stage is Stage.WAITING
    assert at_work.decisions.take_back(request_id) is None
    await at_work.clock.turn(100)
    assert at_work.sent == 2
    assert at_work.is_in(Stage.TAKEN_BACK)


@pytest.mark.parametrize("seconds", [0.0, HOLD])
async def test_with_a_full_disk_nothing_is_decided(at_work: Holding, seconds: float) -> None:
    at_work.shelf.full = seconds == 0.0
    await at_work.hold()
    at_work.shelf.full = True
    await at_work.clock.turn(60)
    assert at_work.is_in(Stage.UNSENT)
    assert at_work.last.words.startswith("Not sent: no space is left")
    assert at_work.sent == 0


async def test_closing_keeps_what_is_held_for_next_time_and_the_person_sends_it(at_work: Holding) -> None:
    request_id = await at_work.hold()
    assert await at_work.decisions.close() == []
    assert at_work.last.words == "Approve held for next time"
    assert at_work.shelf.records[request_id].stage is Stage.HELD
    again = Holding(at_work.shelf, "run 2")
    again.decisions.resume(at_work.shelf.open_records())
    await again.clock.turn(3_600)
    (left,) = again.decisions.held
    assert left.earlier
    assert again.sent == 0
    assert again.decisions.undo() == "nothing is held", "undo is for this run's own"
    assert again.decisions.send_now(request_id) is None
    await again.clock.turn(1)
    assert again.last.stage is Stage.DONE
    assert again.sent == 1


async def test_what_was_being_sent_when_the_console_died_is_looked_up_first(at_work: Holding) -> None:
    request_id = await at_work.hold()
    await at_work.decisions.close()
    kept = at_work.shelf.records[request_id]
    again = Holding(at_work.shelf, "run 2")
    again.decisions.resume([replace(kept, stage=Stage.SENDING, sends=1)])
    await again.clock.turn(50)
    assert again.stages == [Stage.VERIFYING, Stage.SETTLING, Stage.NOT_DONE]
    assert again.told[0].words == "From last time: checking whether it counted…"
    assert again.sent == 0


async def test_an_end_that_was_said_but_not_filed_is_looked_up_and_filed_by_the_next_start(
    at_work: Holding, tmp_path: Path
) -> None:
    """Killed between telling and filing, the log misses its last line only until then."""
    store = Store.open(tmp_path / "state" / "acme.db", now=lambda: NOON)

    async def filed_but_for_the_end(record: Record) -> None:
        if record.stage.is_final:
            await asyncio.Event().wait()
        store.write(record)

    server = at_work
    first = Decisions(
        server._send, server._read, server._hear, server.clock, write=filed_but_for_the_end, run="run 1"
    )
    assert first.decide(Intent(Verb.APPROVE, "s1", NOON), shown=server.detail()) is None
    await server.clock.turn(1)
    assert server.is_in(Stage.DONE)
    assert server.sent == 1
    assert [entry.facts["stage"] for entry in store.audit()] == ["sending"]
    (left,) = store.open_records()

    again = Holding(server.shelf, "run 2")
    again.status = server.status

    async def file(record: Record) -> None:
        store.write(record)

    next_time = Decisions(again._send, again._read, again._hear, again.clock, write=file, run="run 2")
    next_time.resume([left])
    await again.clock.turn(1)
    assert again.stages == [Stage.VERIFYING, Stage.DONE]
    assert server.sent == 1
    assert [entry.facts["stage"] for entry in store.audit()] == ["sending", "done"]
    assert store.verify() is None
    assert store.open_records() == ()
    store.close()
    ending = asyncio.create_task(first.close())
    await server.clock.turn(10)
    await ending


class AtADesk(Holding):
    """The same, at a desk that the person leaves."""

    def __init__(self) -> None:
        super().__init__()

        async def page(*_: object) -> Page:
            return Page()

        async def nothing(*_: object, **__: object) -> Any:
            return None

        async def named() -> str:
            return "Nordwind"

        ways = Ways(
            page=page, detail=self._read, send=self._send, fetch=nothing, company=named, close=nothing
        )
        self.desk = Desk(ways, server="here", key_hint="…", clock=self.clock, hold={Verb.APPROVE: HOLD})
        self.desk.subscribe(
            lambda news: self._hear(news.standing) if isinstance(news, DecisionMoved) else None
        )


@pytest.mark.parametrize(
    ("how", "stage", "sent"),
    [(Leave.SEND, Stage.DONE, 1), (Leave.DROP, Stage.TAKEN_BACK, 0), (Leave.KEEP, Stage.UNSENT, 0)],
)
async def test_leaving_sends_drops_or_keeps(how: Leave, stage: Stage, sent: int) -> None:
    at_work = AtADesk()
    assert at_work.desk.decide(Intent(Verb.APPROVE, "s1", NOON), shown=at_work.detail()) is None
    await settled()
    leaving = asyncio.create_task(at_work.desk.leave(how))
    await at_work.clock.turn(20)
    assert await leaving == []
    assert (at_work.last.stage, at_work.sent) == (stage, sent), "without a journal nothing can be kept"


async def test_all_unknown_outcomes_are_looked_up_in_turn() -> None:
    at_work = AtADesk()
    at_work.dark, at_work.answers = True, [NoAnswer("reset", decides=True) for _ in range(3)]
    work = asyncio.create_task(at_work.desk.run())
    for submission_id in ("first", "second", "third"):
        at_work.desk.decide(Intent(Verb.CANCEL, submission_id, NOON))
    await at_work.clock.turn(60)
    at_work.asked.clear()
    await at_work.clock.turn(60)
    assert set(at_work.asked) == {"first", "second", "third"}
    assert len(at_work.asked) <= 9
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)


async def test_deciding_is_off_where_it_cannot_be_written_down() -> None:
    desk = Desk(AtADesk().desk._ways, server="here", key_hint="…", deciding_off="no space is left")
    assert desk.decide(Intent(Verb.APPROVE, "s1", NOON)) == "deciding is off: no space is left"


async def test_the_journal_is_written_in_order_from_its_own_thread() -> None:
    shelf = Shelf()
    thread = JournalThread(shelf)
    record = Record(Intent(Verb.APPROVE, "s1", NOON), Stage.HELD, NOON)
    stages = [Stage.HELD, Stage.SENDING, Stage.DONE]
    await asyncio.gather(*(thread.write(replace(record, stage=stage)) for stage in stages))
    assert shelf.log == [f"wrote {stage}" for stage in stages]
    shelf.full = True
    with pytest.raises(DiskFull):
        await thread.write(record)
    assert [kept.stage for kept in await thread.open_records()] == []
    thread.close()
