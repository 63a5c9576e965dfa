"""A reviewer judges fraud matches: with a note, to the last one, and approves before the answers are in."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.fraud import FraudMatch
from review_tui.model.submissions import Verb
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.ui.detail_view import Tab
from review_tui.ui.screens.note import NoteScreen
from review_tui.ui.screens.outbox import OutboxScreen
from review_tui.ui.screens.quit import QuitScreen
from review_tui.ui.screens.reason import ReasonScreen
from tests.ui.console import Console, console_on

HOLD = {Verb.APPROVE: 5.0, Verb.REJECT: 5.0, Verb.CANCEL: 5.0, Verb.RESOLVE: 2.0}


@pytest.fixture
async def console(steve: Steve, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Console]:
    """A console that holds decisions for a few seconds; the parameter is its size."""
    size: tuple[int, int] = getattr(request, "param", (160, 50))
    async with console_on(steve, tmp_path, size=size, hold=HOLD) as found:
        yield found


def posts(sandbox: Sandbox) -> list[str]:
    return [seen.path.rsplit("/", 1)[-1] for seen in sandbox.seen if seen.method == "POST"]


async def matches_of(steve: Steve, submission_id: str) -> Sequence[FraudMatch]:
    return (await steve.submissions.get(submission_id)).fraud_matches or ()


async def status_of(steve: Steve, submission_id: str) -> str:
    return (await steve.submissions.get(submission_id)).status


async def at_matches(console: Console, steve: Steve, count: int = 2) -> str:
    """Go to the first open match of a submission that has so many of them; returns its id."""
    flagged = [row.id for row in console.review.state.queue.rows if row.fraud_status == "flagged"]
    details = [await steve.submissions.get(submission_id) for submission_id in flagged[:12]]
    id_ = next(detail.id for detail in details if len(detail.open_matches or ()) == count)
    await console.go_to(lambda row: row.id == id_)
    await console.give("next-match")
    await console.until(lambda: console.review.situation.match)
    return id_


async def held(console: Console, count: int) -> None:
    await console.until(lambda: sum(one.due is not None for one in console.desk.open_decisions) == count)


async def judged(console: Console, count: int = 2) -> None:
    """Judge so many matches as false positives; each key takes the choice on to the next."""
    for _ in range(count):
        await console.give("false-positive")
    await held(console, count)


async def test_five_keys_judge_two_matches_and_approve(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    id_ = await at_matches(console, steve)
    await judged(console)
    assert "all 2 judged: a approves as soon as they have counted" in console.text()
    await console.give("approve")
    assert "approve follows 2 judgements" in console.text()
    assert posts(sandbox) == []
    console.clock.turn(2)
    await console.until(lambda: any(one.intent.verb is Verb.APPROVE for one in console.desk.open_decisions))
    assert posts(sandbox) == ["resolve", "resolve"]
    console.clock.turn(5)
    await console.until(lambda: not console.desk.open_decisions)
    assert posts(sandbox) == ["resolve", "resolve", "approve"]
    assert await status_of(steve, id_) == "approved"


async def test_an_approval_that_waits_is_shown_and_given_once(console: Console, steve: Steve) -> None:
    id_ = await at_matches(console, steve)
    await judged(console)
    await console.give("approve")
    await console.go_to(lambda row: row.id == id_)
    await console.give("next-match")
    assert "approve follows: u takes it back" in console.text()
    assert console.says.startswith("Approve follows its judgements · u takes it back · ")
    await console.give("approve")
    assert console.says == "approve: it follows the judgements under way: u takes it back"
    assert len(console.review.state.waiting) == 1


async def test_one_key_takes_the_waiting_approval_back_and_leaves_the_judgements(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    id_ = await at_matches(console, steve)
    await judged(console)
    await console.give("approve")
    await console.give("undo")
    assert console.says.startswith(("Taken back: your approve was not sent", "False positive in"))
    assert not console.review.state.waiting
    console.clock.turn(2)
    await console.until(lambda: not console.desk.open_decisions)
    console.clock.turn(60)
    await console.settle()
    assert posts(sandbox) == ["resolve", "resolve"]
    assert await status_of(steve, id_) == "review"


async def test_the_outbox_takes_a_waiting_approval_back(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    await at_matches(console, steve)
    await judged(console)
    await console.give("approve")
    await console.give("outbox")
    assert console.dialog is OutboxScreen
    await console.press("j", "j", "s")
    assert "it follows its judgements: send those" in console.text()
    await console.press("u", "escape")
    assert not console.review.state.waiting
    console.clock.turn(60)
    await console.until(lambda: not console.desk.open_decisions)
    assert posts(sandbox) == ["resolve", "resolve"]


async def test_a_judgement_that_is_taken_back_ends_the_approval_and_says_so(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    id_ = await at_matches(console, steve)
    await judged(console)
    await console.give("approve")
    judgement = console.desk.open_decisions[0].intent
    console.desk.take_back(judgement.request_id)
    await console.until(lambda: "Not approved: a judgement on it was taken back" in console.says)
    console.clock.turn(60)
    await console.until(lambda: not console.desk.open_decisions)
    assert posts(sandbox) == ["resolve"]
    assert await status_of(steve, id_) == "review"


async def test_what_changes_meanwhile_keeps_the_approval_from_being_sent(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    id_ = await at_matches(console, steve)
    await judged(console)
    await console.give("approve")
    with sandbox.database.write() as tx:
        (text,) = tx.execute("SELECT extracted FROM submissions WHERE id = ?", (id_,)).fetchone()
        data = json.dumps({**json.loads(text), "totalAmount": 99_999.5})
        tx.execute("UPDATE submissions SET extracted = ? WHERE id = ?", (data, id_))
    console.clock.turn(2)
    await console.until(lambda: not console.review.state.waiting)
    for _ in range(5):
        console.clock.turn(5)
        await console.settle()
    await console.until(lambda: not console.desk.open_decisions)
    assert "approve" not in posts(sandbox)
    assert await status_of(steve, id_) == "review"


async def test_leaving_says_that_a_waiting_approval_is_dropped(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    await at_matches(console, steve)
    await judged(console)
    await console.give("approve")
    await console.give("quit")
    assert console.dialog is QuitScreen
    assert "Leaving drops the approve that follows judgements" in console.text()
    await console.press("n")
    assert console.review.state.waiting
    await console.give("quit")
    await console.press("k")
    await console.until(lambda: not console.app.is_running)
    assert posts(sandbox) == []


async def test_an_approval_never_follows_confirmed_fraud(console: Console, steve: Steve) -> None:
    await at_matches(console, steve)
    await console.give("false-positive")
    await console.give("confirmed-fraud")
    await held(console, 2)
    assert "all 2 judged: r rejects as soon as they have counted" in console.text()
    await console.give("approve")
    assert not console.review.state.waiting
    assert console.says == "approve: a match is judged as fraud: approve once that is done"


async def test_an_approval_waits_only_when_nothing_is_left_to_judge(console: Console, steve: Steve) -> None:
    await at_matches(console, steve)
    await console.give("false-positive")
    await held(console, 1)
    await console.give("approve")
    assert not console.review.state.waiting
    assert console.says == "approve: 1 fraud match to resolve first"


async def test_a_note_goes_with_the_judgement(console: Console, steve: Steve) -> None:
    id_ = await at_matches(console, steve)
    chosen = console.review.situation.match
    assert chosen
    await console.give("note")
    assert console.dialog is NoteScreen
    assert "It goes to the server with f or x" in console.text()
    await console.press(*"other till", "enter")
    assert "your note: other till" in console.text()
    await console.give("false-positive")
    await held(console, 1)
    console.clock.turn(2)
    await console.until(lambda: not console.desk.open_decisions)
    notes = {match.id: match.note for match in await matches_of(steve, id_)}
    assert notes[chosen.id] == "other till"
    assert not console.review.state.match_notes


async def test_a_note_outlives_a_judgement_that_failed(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    id_ = await at_matches(console, steve)
    sandbox.faults.add(Fault("status", "POST", f"*/{id_}/fraud-matches/*/resolve", value="422"))
    await console.give("note")
    await console.press(*"other till", "enter")
    await console.give("false-positive")
    await held(console, 1)
    console.clock.turn(2)
    await console.until(lambda: not console.desk.open_decisions)
    await console.press("k")
    assert "your note: other till" in console.text()


async def test_elsewhere_the_note_is_on_the_submission(console: Console) -> None:
    assert console.review.situation.tab is Tab.OVERVIEW
    await console.give("note")
    assert "Note on the submission" in console.text()


async def test_confirmed_fraud_offers_to_reject_with_that_reason(console: Console, steve: Steve) -> None:
    id_ = await at_matches(console, steve, 1)
    await console.give("confirmed-fraud")
    await held(console, 1)
    console.clock.turn(2)
    await console.until(lambda: "all 1 judged: r rejects" in console.says)
    await console.give("reject")
    assert console.dialog is ReasonScreen
    await console.press("enter")
    assert console.dialog is None
    console.clock.turn(5)
    await console.until(lambda: console.says.startswith("Rejected"))
    detail = await steve.submissions.get(id_)
    assert detail.status == "rejected"
    assert detail.reason
