"""Decisions on a sandbox in which answers are lost, refused, forged and overtaken."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from review_tui.client.errors import NoAnswer
from review_tui.client.steve import Steve
from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import FailureKind
from review_tui.model.fraud import Resolution
from review_tui.model.outcomes import clock_time
from review_tui.model.queue import Filter
from review_tui.model.submissions import Detail, Verb, read_detail
from review_tui.sandbox import queries, transitions
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.workers.decisions import DRAIN, OPEN_WORDS, Decisions
from review_tui.workers.desk import send
from tests.wire import NOON
from tests.workers.handclock import HandClock, LeapingClock, settled

LOOKS = (3.0, 45.0)


class Deciding:
    """A reviewer's decisions on a sandbox, and what was told of them."""

    def __init__(self, steve: Steve, sandbox: Sandbox) -> None:
        self.steve = steve
        self.sandbox = sandbox
        self.told: list[Standing] = []
        self.at_sending: list[Fault] = []
        self.decisions = Decisions(
            partial(send, steve), steve.submissions.get, self._hear, LeapingClock(), settle=LOOKS
        )

    def _hear(self, standing: Standing) -> None:
        self.told.append(standing)
        if standing.stage is Stage.SENDING:
            for fault in self.at_sending:
                self.sandbox.faults.add(fault)

    async def one(self, *, open_matches: bool = False) -> Detail:
        """Return a submission in review, with unresolved matches or without any."""
        for row in (await self.steve.submissions.list(Filter())).rows:
            detail = await self.steve.submissions.get(row.id)
            if bool(detail.open_matches) is open_matches:
                self.sandbox.seen.clear()
                return detail
        raise AssertionError("the sandbox has none")

    async def do(self, verb: Verb, submission_id: str, **more: Any) -> Standing:
        if verb is Verb.REJECT:
            more.setdefault("reason", "blurred")
        return await self.decisions.carry(Intent(verb, submission_id, NOON, **more))

    def breaks(self, kind: str, **more: Any) -> None:
        """Let the next answer to a decision go wrong."""
        self.sandbox.faults.add(Fault(kind, method="POST", **more))

    def colleague(self, verb: Callable[..., None], submission_id: str, **more: Any) -> None:
        actor = {"type": "reviewer", "id": "robin", "name": "Robin"}
        with self.sandbox.database.write() as tx:
            found = queries.find(tx, self.sandbox.company_id, submission_id)
            verb(tx, found, self.sandbox.clock.now_ms(), actor=actor, **more)

    @property
    def sent(self) -> list[str]:
        """The methods that the sandbox saw since the submission was chosen."""
        return [request.method for request in self.sandbox.seen]

    @property
    def stages(self) -> list[Stage]:
        return [standing.stage for standing in self.told]


@pytest.fixture
def deciding(steve: Steve, sandbox: Sandbox) -> Deciding:
    return Deciding(steve, sandbox)


@pytest.mark.parametrize(
    ("verb", "status"), [(Verb.APPROVE, "approved"), (Verb.REJECT, "rejected"), (Verb.CANCEL, "cancelled")]
)
async def test_a_decision_is_sent_once_and_read_back_once(
    deciding: Deciding, verb: Verb, status: str
) -> None:
    found = await deciding.one()
    standing = await deciding.do(verb, found.id)
    assert standing.stage is Stage.DONE
    assert standing.words == status.capitalize()
    assert standing.detail is not None
    assert standing.detail.status == status
    assert deciding.stages == [Stage.CHECKING, Stage.SENDING, Stage.DONE]
    assert deciding.sent == ["GET", "POST", "GET"]


async def test_the_request_id_of_the_intent_reaches_the_server(deciding: Deciding) -> None:
    found = await deciding.one()
    standing = await deciding.do(Verb.APPROVE, found.id)
    assert deciding.sandbox.seen[1].request_id == standing.intent.request_id


@pytest.mark.parametrize("sandbox_app", ["busy"], indirect=True)
async def test_matches_are_judged_one_by_one_and_then_it_may_be_approved(deciding: Deciding) -> None:
    found = await deciding.one(open_matches=True)
    refused = await deciding.do(Verb.APPROVE, found.id)
    count = len(found.open_matches or ())
    assert refused.stage is Stage.REFUSED
    assert refused.words == f"{count} fraud {'match' if count == 1 else 'matches'} to resolve first"
    for match in found.open_matches or ():
        judged = await deciding.do(
            Verb.RESOLVE, found.id, match_id=match.id, resolution=Resolution.FALSE_POSITIVE
        )
        assert judged.words == "Match judged: a false positive"
    assert (await deciding.do(Verb.APPROVE, found.id)).stage is Stage.DONE


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.REJECT, Verb.CANCEL])
@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("drop", {"after": True}),
        ("status", {"after": True}),
        ("html", {"after": True, "value": "200"}),
        ("truncated", {"after": True}),
        ("wrong_id", {"after": True}),
        ("body", {"after": True, "value": "[]"}),
    ],
)
async def test_a_lost_answer_to_an_applied_decision_ends_as_done(
    deciding: Deciding, verb: Verb, kind: str, more: dict[str, Any]
) -> None:
    found = await deciding.one()
    deciding.breaks(kind, **more)
    standing = await deciding.do(verb, found.id)
    assert standing.stage is Stage.DONE
    assert standing.words.endswith("(the answer was lost, read back)")
    assert deciding.stages == [Stage.CHECKING, Stage.SENDING, Stage.VERIFYING, Stage.DONE]
    assert deciding.sent == ["GET", "POST", "GET"]


@pytest.mark.parametrize("kind", ["drop", "status", "html", "redirect", "body"])
async def test_a_lost_answer_to_a_decision_that_did_not_land_ends_as_not_done(
    deciding: Deciding, kind: str
) -> None:
    found = await deciding.one()
    deciding.breaks(kind, value={"redirect": "/api/v1/companies", "body": "{}"}.get(kind))
    standing = await deciding.do(Verb.APPROVE, found.id)
    assert standing.stage is Stage.NOT_DONE
    assert deciding.sent == ["GET", "POST", "GET", "GET", "GET"], (
        "looked at before, at once, and until it has settled"
    )
    assert (await deciding.steve.submissions.get(found.id)).status == "review"


async def test_a_decision_that_lands_after_one_has_looked_is_still_found(deciding: Deciding) -> None:
    """The answer is lost at once, and the server applies it between the first and the second look."""
    found = await deciding.one()
    deciding.breaks("drop")
    intent = Intent(Verb.APPROVE, found.id, NOON)

    async def late(submission_id: str) -> Detail:
        detail = await deciding.steve.submissions.get(submission_id)
        if deciding.stages[-1] is Stage.VERIFYING:
            await deciding.steve.submissions.approve(submission_id, request_id=intent.request_id)
        return detail

    decisions = Decisions(
        partial(send, deciding.steve), late, deciding.told.append, LeapingClock(), settle=LOOKS
    )
    standing = await decisions.carry(intent)
    assert standing.stage is Stage.DONE


async def test_when_reads_fail_too_the_outcome_is_unknown(deciding: Deciding) -> None:
    found = await deciding.one()
    deciding.breaks("drop", after=True)
    deciding.at_sending.append(Fault("status", method="GET", times=1_000, value="403"))
    standing = await deciding.do(Verb.APPROVE, found.id)
    assert (standing.stage, standing.words) == (
        Stage.UNKNOWN,
        "Outcome unknown: do not decide again elsewhere",
    )
    assert await deciding.decisions.close() == [standing]


async def test_somebody_elses_decision_is_told_and_ours_not_called_applied(deciding: Deciding) -> None:
    found = await deciding.one()
    deciding.colleague(transitions.reject, found.id, reason="a copy")
    standing = await deciding.do(Verb.APPROVE, found.id)
    assert standing.stage is Stage.ELSEWHERE
    assert standing.words.startswith("Rejected by Robin at ")
    assert standing.words.endswith(": a copy. Your approve was not sent")


async def test_the_same_decision_by_somebody_else_is_not_claimed(deciding: Deciding) -> None:
    found = await deciding.one()
    deciding.colleague(transitions.approve, found.id)
    standing = await deciding.do(Verb.APPROVE, found.id)
    assert standing.stage is Stage.ELSEWHERE
    assert standing.words.startswith("Already approved by Robin at ")


@pytest.mark.parametrize(
    ("status", "kind", "reads"),
    [
        ("401", FailureKind.KEY_NOT_ACCEPTED, 0),
        ("403", FailureKind.FORBIDDEN, 0),
        ("404", FailureKind.NOT_FOUND, 1),
        ("422", FailureKind.INVALID, 1),
    ],
)
async def test_a_refusal_is_never_sent_again(
    deciding: Deciding, status: str, kind: FailureKind, reads: int
) -> None:
    found = await deciding.one()
    deciding.breaks("status", value=status)
    standing = await deciding.do(Verb.APPROVE, found.id)
    assert standing.stage is Stage.REFUSED
    assert standing.failure is not None
    assert standing.failure.kind is kind
    assert deciding.sent == ["GET", "POST"] + ["GET"] * reads


async def test_a_second_decision_on_the_same_submission_is_not_taken(deciding: Deciding) -> None:
    found = await deciding.one()
    decisions = deciding.decisions
    assert decisions.decide(Intent(Verb.APPROVE, found.id, NOON)) is None
    assert decisions.is_open(found.id)
    assert decisions.decide(Intent(Verb.CANCEL, found.id, NOON)) == OPEN_WORDS
    with pytest.raises(ValueError, match=OPEN_WORDS):
        await decisions.carry(Intent(Verb.CANCEL, found.id, NOON))
    await decisions.finish()
    assert deciding.sent.count("POST") == 1
    assert not decisions.is_open(found.id)


async def test_two_submissions_are_decided_side_by_side(deciding: Deciding) -> None:
    rows = (await deciding.steve.submissions.list(Filter())).rows[:3]
    standings = await asyncio.gather(*(deciding.do(Verb.CANCEL, row.id) for row in rows))
    assert [standing.words for standing in standings] == ["Cancelled"] * 3


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (Intent(Verb.REJECT, "s", NOON, reason=" "), "a reason is needed"),
        (Intent(Verb.REJECT, "s", NOON, reason="x" * 2_001), "1 characters too long"),
        (Intent(Verb.RESOLVE, "s", NOON), "no match was chosen"),
    ],
)
async def test_what_cannot_be_sent_is_not_taken(deciding: Deciding, intent: Intent, why: str) -> None:
    assert deciding.decisions.decide(intent) == why
    assert deciding.told == []


def at_hand(
    clock: HandClock, told: list[Standing], answer: Callable[[], Awaitable[None]]
) -> tuple[Decisions, Intent]:
    async def sent(intent: Intent) -> None:
        del intent
        await answer()

    async def read(submission_id: str) -> Detail:
        if told[-1].stage is not Stage.CHECKING:
            raise ZeroDivisionError
        return read_detail({"id": submission_id, "submissionStatus": "review", "fraudMatches": []})

    return Decisions(sent, read, told.append, clock), Intent(Verb.APPROVE, "s1", NOON)


async def test_closing_waits_five_seconds_for_an_answer_and_then_calls_it_unknown() -> None:
    clock, told = HandClock(), list[Standing]()
    decisions, intent = at_hand(clock, told, asyncio.Event().wait)  # type: ignore[arg-type]  # it never returns
    decisions.decide(intent)
    await settled()
    closing = asyncio.create_task(decisions.close())
    await clock.turn(DRAIN - 0.1)
    assert not closing.done()
    await clock.turn(0.2)
    (left,) = await closing
    assert left.stage is Stage.UNKNOWN
    assert told[-1] == left
    assert decisions.decide(intent) == "the console is closing"


async def test_closing_with_nothing_open_takes_no_time() -> None:
    decisions, _ = at_hand(HandClock(), [], settled)
    assert await decisions.close() == []


async def test_closing_while_a_lost_answer_settles_does_not_call_it_not_done(deciding: Deciding) -> None:
    found = await deciding.one()
    deciding.breaks("drop")
    looked = asyncio.Event()

    def hear(standing: Standing) -> None:
        if standing.stage is Stage.SETTLING:
            looked.set()

    decisions = Decisions(partial(send, deciding.steve), deciding.steve.submissions.get, hear, HandClock())
    decisions.decide(Intent(Verb.APPROVE, found.id, NOON))
    await looked.wait()
    (left,) = await decisions.close()
    assert left.stage is Stage.UNKNOWN


async def test_a_bug_while_reading_back_does_not_pass_for_an_outcome(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def lost() -> None:
        raise ZeroDivisionError

    clock, told = HandClock(), list[Standing]()
    decisions, intent = at_hand(clock, told, lost)
    decisions.decide(intent)
    await clock.turn(60)
    assert told[-1].stage is Stage.UNKNOWN
    assert "ZeroDivisionError" in caplog.text


async def test_an_unknown_outcome_is_corrected_by_a_later_reading(deciding: Deciding) -> None:
    found = await deciding.one()
    deciding.breaks("drop", after=True)
    deciding.at_sending.append(Fault("status", method="GET", times=1_000, value="403"))
    unknown = await deciding.do(Verb.APPROVE, found.id)
    assert list(deciding.decisions.unknown) == [unknown]
    deciding.sandbox.faults.clear()
    deciding.decisions.learn(await deciding.steve.submissions.get(found.id))
    await settled()
    assert deciding.told[-1].stage is Stage.DONE
    assert deciding.told[-1].words == f"Your {clock_time(NOON)} approve arrived late: Approved"
    assert list(deciding.decisions.unknown) == []


async def test_judging_one_match_does_not_forget_that_another_is_unknown(deciding: Deciding) -> None:
    found = await deciding.one(open_matches=True)
    matches = found.open_matches
    assert matches is not None
    first, second = matches[:2]
    judged: dict[str, Any] = {"resolution": Resolution.FALSE_POSITIVE}
    deciding.breaks("drop", after=True)
    deciding.at_sending.append(Fault("status", method="GET", times=1_000, value="403"))
    unknown = await deciding.do(Verb.RESOLVE, found.id, match_id=first.id, **judged)
    deciding.sandbox.faults.clear()
    deciding.at_sending.clear()
    assert deciding.decisions.unknown == (unknown,)
    await deciding.do(Verb.RESOLVE, found.id, match_id=second.id, **judged)
    (told,) = (told for told in deciding.told if told.intent is unknown.intent and told.stage is Stage.DONE)
    assert "arrived late" in told.words, "read before the second one was sent"
    assert not deciding.decisions.unknown


async def test_what_was_called_not_done_and_landed_after_all_is_told(deciding: Deciding) -> None:
    found = await deciding.one()
    deciding.breaks("drop")
    not_done = await deciding.do(Verb.APPROVE, found.id)
    still = await deciding.steve.submissions.get(found.id)
    deciding.decisions.learn(still)
    assert deciding.told[-1] == not_done
    await deciding.steve.submissions.approve(found.id, request_id=not_done.intent.request_id)
    deciding.decisions.learn(await deciding.steve.submissions.get(found.id))
    await settled()
    assert "arrived late" in deciding.told[-1].words


@pytest.mark.parametrize(
    ("waited", "stages"), [(55.0, [Stage.UNKNOWN]), (60.1, [Stage.UNKNOWN, Stage.NOT_DONE])]
)
async def test_an_unknown_outcome_is_called_not_done_only_once_it_cannot_land_any_more(
    deciding: Deciding, waited: float, stages: list[Stage]
) -> None:
    async def lost() -> None:
        raise NoAnswer("reset", decides=True)

    clock, told = HandClock(), list[Standing]()
    found = await deciding.one()

    async def unread(submission_id: str) -> Detail:
        if told[-1].stage is not Stage.CHECKING:
            raise NoAnswer(f"no reading of {submission_id}", decides=False)
        return found

    decisions = Decisions(lambda _: lost(), unread, told.append, clock, settle=())
    await decisions.carry(Intent(Verb.APPROVE, found.id, clock.now()))
    await clock.turn(waited)
    decisions.learn(found)
    await settled()
    assert [standing.stage for standing in told if standing.stage.is_final] == stages
