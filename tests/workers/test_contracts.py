"""What workflows promise is read once each, when a submission needs it, and a failure is tried again."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from review_tui.client.errors import WireError
from review_tui.client.steve import Steve
from review_tui.model.contracts import NO_CONTRACT, Contract, ContractName, Rule, breaks_of
from review_tui.model.doubt import contract_for
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.queue import Filter
from review_tui.sandbox.state import Sandbox
from review_tui.workers.contracts import KNOWN, RETRY_AFTER, RETRY_AT_MOST, Contracts
from review_tui.workers.desk import desk_on
from review_tui.workers.news import ContractFailed, ContractRead, DetailRead, News
from tests.workers.handclock import HandClock, settled

RECEIPTS = ContractName("receipt-ocr", "3")
INVOICES = ContractName("invoice-intake", "2")
PROMISE = Contract((Rule(required=("merchantName",)),))


class AtWork:
    """Contracts read from a server that answers, or fails as told."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.asked: list[tuple[float, ContractName]] = []
        self.told: list[ContractRead | ContractFailed] = []
        self.error: WireError | None = None
        self.budget = 0.0
        self.contracts = Contracts(
            self._read, self.told.append, self.clock, background_wait=lambda: self.budget
        )

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.asked]

    async def _read(self, name: ContractName) -> Contract:
        self.asked.append((self.clock.monotonic(), name))
        if self.error is not None:
            raise self.error
        return PROMISE


@pytest.fixture
async def at_work() -> AsyncIterator[AtWork]:
    at_work = AtWork()
    task = asyncio.create_task(at_work.contracts.run())
    await settled()
    yield at_work
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def failing(kind: FailureKind, after: float | None = None) -> WireError:
    return WireError(Failure(kind, "It failed", retry_after=after))


async def test_each_is_read_once_however_often_it_is_wanted(at_work: AtWork) -> None:
    for name in (RECEIPTS, INVOICES, RECEIPTS, None):
        at_work.contracts.want(name)
    await settled()
    at_work.contracts.want(RECEIPTS)
    await at_work.clock.turn(3_600)
    assert [name for _, name in at_work.asked] == [RECEIPTS, INVOICES]
    assert at_work.told == [ContractRead(RECEIPTS, PROMISE), ContractRead(INVOICES, PROMISE)]


@pytest.mark.parametrize("kind", [FailureKind.NOT_FOUND, FailureKind.FORBIDDEN])
async def test_what_the_server_does_not_show_is_no_contract_and_not_asked_for_again(
    at_work: AtWork, kind: FailureKind
) -> None:
    at_work.error = failing(kind)
    at_work.contracts.want(RECEIPTS)
    await at_work.clock.turn(7_200)
    assert at_work.told == [ContractRead(RECEIPTS, NO_CONTRACT)]
    assert len(at_work.asked) == 1


async def test_a_failure_is_told_and_tried_again_less_and_less_often(at_work: AtWork) -> None:
    at_work.error = failing(FailureKind.KEY_NOT_ACCEPTED)
    at_work.contracts.want(RECEIPTS)
    await at_work.clock.turn(3_600)
    gaps = [after - before for before, after in zip(at_work.times, at_work.times[1:], strict=False)]
    assert gaps[:3] == [RETRY_AFTER, 2 * RETRY_AFTER, 4 * RETRY_AFTER]
    assert max(gaps) == RETRY_AT_MOST
    assert {type(news) for news in at_work.told} == {ContractFailed}
    at_work.error = None
    await at_work.clock.turn(RETRY_AT_MOST)
    assert at_work.told[-1] == ContractRead(RECEIPTS, PROMISE)


async def test_the_server_says_when_to_ask_again(at_work: AtWork) -> None:
    at_work.error = failing(FailureKind.LIMITED, after=90)
    at_work.contracts.want(RECEIPTS)
    await at_work.clock.turn(100)
    assert at_work.times == [0, 90]


async def test_a_person_who_asks_again_does_not_wait_and_one_who_pauses_is_left_alone(
    at_work: AtWork,
) -> None:
    at_work.error = failing(FailureKind.NO_ANSWER)
    at_work.contracts.want(RECEIPTS)
    await settled()
    at_work.contracts.pause()
    await at_work.clock.turn(3_600)
    assert at_work.times == [0]
    at_work.contracts.want(INVOICES)
    await settled()
    assert at_work.times == [0, 3_600], "what is shown for the first time is still read"
    at_work.error = None
    at_work.contracts.resume()
    await settled()
    assert len(at_work.asked) == 4
    assert {news.name for news in at_work.told if isinstance(news, ContractRead)} == {RECEIPTS, INVOICES}


async def test_it_waits_for_the_budget(at_work: AtWork) -> None:
    at_work.budget = 5.0
    at_work.contracts.want(RECEIPTS)
    await at_work.clock.turn(4)
    assert at_work.asked == []
    at_work.budget = 0.0
    await at_work.clock.turn(2)
    assert at_work.times == [5]


async def test_a_server_with_a_version_for_each_submission_does_not_fill_the_memory(at_work: AtWork) -> None:
    for number in range(KNOWN + 1):
        at_work.contracts.want(ContractName("receipt-ocr", str(number)))
    await settled()
    while len(at_work.told) <= KNOWN:
        await settled()
    at_work.contracts.want(ContractName("receipt-ocr", "1"))
    at_work.contracts.want(ContractName("receipt-ocr", "0"))
    await settled()
    assert [name.version for _, name in at_work.asked[KNOWN + 1 :]] == ["0"]


async def test_the_desk_reads_one_only_where_single_fields_have_no_confidence(
    steve: Steve, sandbox: Sandbox
) -> None:
    first, second = (row.id for row in (await steve.submissions.list(Filter("review"), limit=2)).rows)
    with sandbox.database.write() as tx:
        bare = json.dumps({"merchantName": "Bistro"})
        tx.execute("UPDATE submissions SET extracted = ? WHERE id = ?", (bare, second))
    told: list[News] = []
    came = asyncio.Event()
    desk = desk_on(steve, key_hint="aok_…1a2b")

    def hear(news: News) -> None:
        told.append(news)
        came.set()

    async def until_read(kind: type[News], count: int) -> None:
        async with asyncio.timeout(20):
            while sum(isinstance(news, kind) for news in told) < count:
                came.clear()
                await came.wait()

    desk.subscribe(hear)
    task = asyncio.create_task(desk.run())
    desk.show(first)
    await until_read(DetailRead, 1)
    desk.show(second)
    await until_read(ContractRead, 1)
    (news,) = (news for news in told if isinstance(news, ContractRead))
    detail = desk.cached(second)
    assert detail is not None
    assert news.name == contract_for(detail)
    assert breaks_of(news.contract, detail.extracted_data)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await desk.close()
