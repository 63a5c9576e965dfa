"""What was read before a decision ended is not shown after it as if it still held."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from review_tui.client.errors import Forbidden
from review_tui.model.decisions import Intent, Stage
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.submissions import Detail, Verb, read_detail
from review_tui.workers.desk import Desk
from review_tui.workers.news import DecisionMoved, PageRead
from tests.wire import NOON
from tests.workers.handclock import settled
from tests.workers.test_desk import ByHand

APPROVE = Intent(Verb.APPROVE, "r85", NOON)


class Deciding(ByHand):
    """A desk whose server approves what it is asked to, or says why it does not."""

    def __init__(self) -> None:
        super().__init__()
        self.refusal: Exception | None = None
        self.status = "review"
        self.details_read = 0
        self.ways = replace(self.ways, detail=self.detail, send=self.send)
        self.desk = Desk(self.ways, server="here", key_hint="aok_…1a2b", clock=self.clock)

    async def detail(self, submission_id: str) -> Detail:
        self.details_read += 1
        return read_detail({"id": submission_id, "submissionStatus": self.status, "fraudMatches": []})

    async def send(self, intent: Intent) -> object:
        if self.refusal is not None:
            raise self.refusal
        self.status = "approved"
        self.server.rows = [row for row in self.server.rows if row.id != intent.submission_id]
        return None

    @property
    def end(self) -> Stage:
        return self.heard.of(DecisionMoved)[-1].standing.stage


@pytest.fixture
async def deciding() -> AsyncIterator[Deciding]:
    at_work = Deciding()
    at_work.desk.subscribe(at_work.heard)
    task = asyncio.create_task(at_work.desk.run())
    await settled()
    yield at_work
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_was_read_back_is_kept_and_not_read_a_third_time(deciding: Deciding) -> None:
    deciding.desk.show("r85")
    await settled()
    deciding.desk.decide(APPROVE, shown=deciding.desk.cached("r85"))
    await settled()
    assert deciding.end is Stage.DONE
    kept = deciding.desk.cached("r85")
    assert kept is not None
    assert kept.status == "approved"
    read = deciding.details_read
    deciding.desk.show("r85")
    await settled()
    assert deciding.details_read == read


async def test_what_ended_without_being_read_back_is_read_anew_when_it_is_wanted(deciding: Deciding) -> None:
    deciding.refusal = Forbidden(Failure(FailureKind.FORBIDDEN, "revoked", status=403))
    deciding.desk.show("r85")
    await settled()
    assert deciding.desk.cached("r85") is not None
    deciding.desk.decide(APPROVE, shown=deciding.desk.cached("r85"))
    await settled()
    assert deciding.end is Stage.REFUSED
    assert deciding.desk.cached("r85") is None
    read = deciding.details_read
    deciding.desk.show("r85")
    await settled()
    assert deciding.details_read == read + 1


async def test_an_older_page_asked_for_before_a_decision_does_not_bring_its_row_back(
    deciding: Deciding,
) -> None:
    answer = asyncio.Event()
    held_up = []

    async def slowly() -> None:
        cursor = deciding.server.asked[-1]
        if cursor == "91.0":
            held_up.append(cursor)
            await answer.wait()

    deciding.server.before_answer = slowly
    for _ in range(12):
        await deciding.clock.turn(10)
    assert held_up == ["91.0"], "the page with the row is being read"
    deciding.desk.decide(APPROVE)
    await settled()
    assert deciding.end is Stage.DONE
    told = len(deciding.heard.of(PageRead))
    answer.set()
    await settled()
    for _ in range(12):
        await deciding.clock.turn(10)
    since = {row.id for news in deciding.heard.of(PageRead)[told:] for row in news.page.rows}
    assert "r85" not in since
    assert "r86" in since, "it is read anew"
