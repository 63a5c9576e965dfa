"""A reviewer changes their mind: what is held, taken back, waited for, and left for another time."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.decisions import Stage
from review_tui.model.submissions import Row, Verb
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.screens.outbox import OutboxScreen
from review_tui.ui.screens.reason import ReasonScreen
from tests.ui.console import Console, console_on

HOLD = {Verb.APPROVE: 5.0, Verb.REJECT: 5.0, Verb.CANCEL: 5.0, Verb.RESOLVE: 2.0}


@pytest.fixture
async def console(steve: Steve, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Console]:
    """A console that holds decisions for a few seconds; the parameter is its size."""
    size: tuple[int, int] = getattr(request, "param", (140, 40))
    async with console_on(steve, tmp_path, size=size, hold=HOLD) as found:
        yield found


def is_clean(row: Row) -> bool:
    return row.fraud_status == "clean"


def posts(sandbox: Sandbox) -> list[str]:
    return [seen.path for seen in sandbox.seen if seen.method == "POST"]


def change_total(sandbox: Sandbox, submission_id: str) -> None:
    """Let a later reading of the document have found another total."""
    with sandbox.database.write() as tx:
        (text,) = tx.execute("SELECT extracted FROM submissions WHERE id = ?", (submission_id,)).fetchone()
        data = json.loads(text)
        data["totalAmount"] = 99_999.5
        tx.execute("UPDATE submissions SET extracted = ? WHERE id = ?", (json.dumps(data), submission_id))


def name_of(row: Row) -> str:
    return f"{merchant_words(row)} {amount_words(row)}"


async def status_of(steve: Steve, submission_id: str) -> str:
    return (await steve.submissions.get(submission_id)).status


async def held(console: Console) -> None:
    await console.until(lambda: any(one.due for one in console.review.state.outbox.values()))


async def test_an_approval_is_counted_down_and_then_sent(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    assert "▌ ◷ 5s approve ✓ clean" in console.text()
    assert console.says == f"Approve in 5 s · u takes it back · {name_of(row)}"
    console.clock.turn(1)
    await console.until(lambda: "◷ 4s approve" in console.text())
    assert posts(sandbox) == []
    console.clock.turn(4)
    await console.until(lambda: console.says.startswith("Approved"))
    assert posts(sandbox) == [f"/api/v1/submissions/{row.id}/approve"]
    assert await status_of(steve, row.id) == "approved"


async def test_one_key_takes_it_back_also_after_moving_on(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    row = await console.go_to(is_clean)
    await console.press("a", "j", "j")
    assert console.selected != row.id
    assert "u take back" in console.lines()[-1]
    await console.give("undo")
    await console.until(lambda: "Taken back" in console.says)
    assert console.says.endswith(f" · {name_of(row)}")
    console.clock.turn(60)
    await console.settle()
    assert posts(sandbox) == []
    assert await status_of(steve, row.id) == "review"
    assert "u take back" not in console.lines()[-1]


async def test_what_is_said_meanwhile_never_hides_the_countdown(console: Console, steve: Steve) -> None:
    first = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await steve.submissions.reject(first.id, reason="not ours", request_id="someone-else")
    console.clock.turn(3)
    second = await console.go_to(lambda row: is_clean(row) and row.id != first.id)
    await console.give("approve")
    await console.until(lambda: console.desk.is_open(second.id))
    console.clock.turn(1.5)
    await console.until(lambda: "Your approve was not sent" in console.says)
    status = console.lines()[-2]
    assert status.startswith("◷ approve in 4 s: u · 12:00 Rejected by ")
    await console.give("next-match")
    assert console.lines()[-2].startswith("◷ approve in 4 s: u · 12:00 match: no open fraud match")
    console.clock.turn(1)
    await console.until(lambda: "◷ approve in 3 s: u" in console.lines()[-2])


async def test_the_newest_is_taken_back_first(console: Console, sandbox: Sandbox) -> None:
    first = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await console.press("j")
    second = await console.go_to(lambda row: is_clean(row) and row.id != first.id)
    await console.give("approve")
    await console.until(lambda: len(console.review.state.outbox) == 2)
    await console.give("undo")
    await console.until(lambda: "Taken back" in console.says or len(console.review.state.outbox) == 1)
    assert not console.desk.is_open(second.id)
    assert console.desk.is_open(first.id)
    console.clock.turn(6)
    await console.until(lambda: not console.desk.open_decisions)
    assert posts(sandbox) == [f"/api/v1/submissions/{first.id}/approve"]


async def test_nothing_to_take_back_is_said(console: Console) -> None:
    await console.give("undo")
    assert console.says == "take back: nothing is held"


async def test_a_rejection_that_was_taken_back_has_its_words_still(console: Console) -> None:
    await console.go_to(is_clean)
    await console.give("reject")
    await console.press(*"blurred", "enter")
    await held(console)
    assert "◷ 5s reject" in console.text()
    await console.give("undo")
    await console.until(lambda: "Taken back" in console.says)
    assert "r has your words" in console.says
    await console.give("reject")
    assert "blurred" in console.text()


async def test_a_held_row_keeps_its_place_whatever_others_do(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    place = console.review.state.near
    await console.give("approve")
    await held(console)
    await console.press("j", "j")
    await steve.submissions.reject(row.id, reason="not ours", request_id="someone-else")
    console.desk.refresh()
    await console.until(lambda: (found := console.review.state.queue.row(row.id)) and found.gone)
    assert console.review.state.queue.rows[place].id == row.id
    assert "◷ 5s approve" in console.text()
    console.clock.turn(5)
    await console.until(lambda: "was not sent" in console.says)
    assert await status_of(steve, row.id) == "rejected"


async def test_what_changed_is_said_and_decided_again(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    change_total(sandbox, row.id)
    console.clock.turn(5)
    await console.until(lambda: "it changed" in console.says)
    assert posts(sandbox) == []
    assert "! changed" in console.text()
    assert "total" in console.says
    await console.give("approve")
    await held(console)
    console.clock.turn(5)
    await console.until(lambda: console.says.startswith("Approved"))
    assert await status_of(steve, row.id) == "approved"


async def test_over_the_rate_limit_it_waits_and_can_be_taken_back(console: Console, sandbox: Sandbox) -> None:
    row = await console.go_to(is_clean)
    sandbox.faults.add(Fault("status", "POST", f"*/{row.id}/approve", value="429"))
    await console.give("approve")
    await held(console)
    console.clock.turn(5)
    await console.until(lambda: console.says.startswith("Rate limit: sending approve in "))
    assert " · u takes it back · " in console.says
    await console.give("undo")
    await console.until(lambda: "Taken back" in console.says)
    console.clock.turn(300)
    await console.settle()
    assert len(posts(sandbox)) == 1


async def test_the_outbox_sends_one_now_and_takes_another_back(console: Console, steve: Steve) -> None:
    first = await console.go_to(is_clean)
    await console.give("approve")
    second = await console.go_to(lambda row: is_clean(row) and row.id != first.id)
    await console.give("approve")
    await console.until(lambda: len(console.review.state.outbox) == 2)
    await console.give("outbox")
    assert console.dialog is OutboxScreen
    assert name_of(first) in console.text()
    await console.press("U", "a", "enter")
    assert len(console.desk.open_decisions) == 2, "the key that opens it, and others, do nothing"
    await console.press("s")
    await console.until(lambda: not console.desk.is_open(first.id))
    await console.press("u")
    await console.until(lambda: "nothing is on its way" in console.text())
    await console.press("escape")
    assert (await status_of(steve, first.id), await status_of(steve, second.id)) == ("approved", "review")


async def test_the_outbox_counts_down_too(console: Console) -> None:
    await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await console.give("outbox")
    assert "◷ in 5 s" in console.text()
    console.clock.turn(2)
    await console.until(lambda: "◷ in 3 s" in console.text())


async def test_words_typed_after_r_are_words_also_where_nothing_can_be_decided(
    console: Console, sandbox: Sandbox
) -> None:
    await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    await console.press("r", *"already paid", "enter")
    assert console.dialog is ReasonScreen
    assert "Not sent: a decision on this submission is under way" in console.text()
    assert "already paid" in console.text()
    await console.press("escape", "u")
    await console.until(lambda: "Taken back" in console.says)
    await console.press("r", "enter")
    await console.until(lambda: "◷ 5s reject" in console.text())
    assert posts(sandbox) == []


async def test_only_the_countdown_ticks_and_only_while_something_is_held(console: Console) -> None:
    await console.go_to(is_clean)
    await console.give("approve")
    await held(console)
    for left in (4, 3, 2):
        before = len(console.app.frames)
        console.clock.turn(1)
        await console.settle()
        assert f"▌ ◷ {left}s approve" in console.text()
        assert f"Approve in {left} s" in console.says
        frames = console.app.frames[before:]
        assert len(frames) == 1
        assert len(frames[0]) < 100, frames
    await console.give("undo")
    await console.until(lambda: "Taken back" in console.says)
    before = len(console.app.frames)
    console.clock.turn(3)
    await console.settle()
    assert len(console.app.frames) == before


async def test_every_match_is_judged_at_typing_speed_and_the_approval_waits_for_them(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    flagged = [row.id for row in console.review.state.queue.rows if row.fraud_status == "flagged"]
    details = [await steve.submissions.get(submission_id) for submission_id in flagged[:12]]
    detail = next(detail for detail in details if len(detail.open_matches or ()) > 1)
    count = len(detail.open_matches or ())
    await console.go_to(lambda row: row.id == detail.id)
    await console.give("next-match")
    await console.pilot.press(*["f"] * count)
    await console.until(lambda: len(console.review.state.outbox) == count)
    assert posts(sandbox) == []
    assert "◷ 2s judging ▲ flagged" in console.text()
    assert console.text().count("◷ false positive  ") == count
    await console.give("reject")
    assert f"{count} judgements are on their way: r again in 3 s or U" in console.text()
    await console.press("escape")
    console.clock.turn(2)
    await console.until(lambda: "judged: a approves" in console.says)
    assert len(posts(sandbox)) == count
    await console.give("approve")
    await held(console)
    console.clock.turn(5)
    await console.until(lambda: console.says.startswith("Approved"))
    assert await status_of(steve, detail.id) == "approved"


async def test_one_of_several_judgements_is_taken_back(console: Console, steve: Steve) -> None:
    flagged = [row.id for row in console.review.state.queue.rows if row.fraud_status == "flagged"]
    details = [await steve.submissions.get(submission_id) for submission_id in flagged[:12]]
    detail = next(detail for detail in details if len(detail.open_matches or ()) > 1)
    first, second = (detail.open_matches or ())[:2]
    await console.go_to(lambda row: row.id == detail.id)
    await console.give("next-match")
    await console.press("f", "x")
    await console.until(lambda: len(console.review.state.outbox) == 2)
    await console.give("undo")
    await console.until(lambda: "Taken back" in console.says or len(console.review.state.outbox) == 1)
    console.clock.turn(2)
    await console.until(lambda: not console.desk.open_decisions)
    now = {
        match.id: match.resolution for match in (await steve.submissions.get(detail.id)).fraud_matches or ()
    }
    assert (now[first.id], now[second.id]) == ("false_positive", None)


async def test_deciding_is_off_where_it_cannot_be_written_down(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with console_on(steve, tmp_path, hold=HOLD, deciding_off="the store is read-only") as console:
        await console.go_to(is_clean)
        await console.give("approve")
        assert console.says == "approve: deciding is off: the store is read-only"
        await console.press("r", *"blurred", "enter")
        assert "Not sent: deciding is off: the store is read-only" in console.text()
        await console.press("escape")
        assert "! deciding is off" in console.lines()[0]
        assert posts(sandbox) == []


async def test_an_unknown_outcome_stays_in_the_header_until_it_is_known(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    row = await console.go_to(is_clean)
    sandbox.faults.add(Fault("drop", "POST", f"*/{row.id}/approve"))
    await console.give("approve")
    await held(console)
    console.clock.turn(5)
    await console.until(lambda: posts(sandbox))
    sandbox.faults.add(Fault("status", "GET", f"*/submissions/{row.id}", times=50))
    for _ in range(60):
        console.clock.turn(2)
        await console.pilot.pause(0.01)
    await console.until(lambda: "? 1 unknown: U" in console.lines()[0])
    assert Stage.UNKNOWN in {one.stage for one in console.review.state.outbox.values()}
    sandbox.faults.clear()
    await console.poll()
    await console.until(lambda: "unknown" not in console.lines()[0])
