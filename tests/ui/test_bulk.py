"""Deciding on many at once: marked, listed with what is refused, confirmed, stopped or undone as one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.bulk import End
from review_tui.model.preferences import CannedReason, Preferences
from review_tui.model.queue import Filter
from review_tui.model.submissions import Verb
from review_tui.sandbox.state import Sandbox
from review_tui.store.journal import Store
from review_tui.ui.screens.bulk import BulkScreen, PlanScreen
from review_tui.ui.screens.outbox import OutboxScreen
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.ui.state import with_facts
from tests.ui.console import Console, console_on
from tests.ui.test_holding import HOLD
from tests.ui.test_last_time import clean_ones, left
from tests.wire import NOON


@pytest.fixture
async def console(steve: Steve, tmp_path: Path) -> AsyncIterator[Console]:
    """A console as a newcomer gets it, in a window of the least usual size."""
    async with console_on(steve, tmp_path, hold=HOLD, preferences=Preferences()) as found:
        yield found


def posts(sandbox: Sandbox) -> list[str]:
    return [request.path for request in sandbox.seen if request.method == "POST"]


async def mark(console: Console, fraud_status: str, count: int) -> list[str]:
    """Mark the first of this fraud status, one by one."""
    await console.press("g")
    marked: list[str] = []
    for row in tuple(console.review.state.rows):
        if len(marked) == count:
            break
        if row.fraud_status == fraud_status:
            assert console.selected == row.id
            await console.give("mark")
            marked.append(row.id)
        else:
            await console.press("j")
    assert len(marked) == count
    return marked


async def all_read(console: Console) -> None:
    await console.until(lambda: "reading" not in console.text())


async def over(console: Console) -> None:
    """Let the hold pass, and the sending come to its end."""
    console.clock.turn(6)
    await console.until(lambda: (bulk := console.review.state.bulk) is not None and bulk.is_over)


async def test_the_marked_are_approved_with_two_keys_and_go_out_one_by_one(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    marked = await mark(console, "clean", 4)
    await console.give("approve")
    assert console.dialog is PlanScreen
    await all_read(console)
    assert "✓ 4 will be sent" in console.text()
    await console.press("a", "a")
    assert console.dialog is PlanScreen, "the key that opened it does not confirm it"
    await console.press("enter")
    assert console.dialog is None
    assert "Approve 4 in 5 s · u takes all back" in console.lines()[-2]
    assert posts(sandbox) == []
    await over(console)
    assert [path.split("/")[-2] for path in posts(sandbox)] == marked
    assert "Approve: 4 done" in console.says
    assert not console.review.state.facts.marked
    for id_ in marked:
        assert (await steve.submissions.get(id_)).status == "approved"


async def test_what_cannot_be_approved_is_listed_first_and_says_why(
    console: Console, sandbox: Sandbox
) -> None:
    clean = await mark(console, "clean", 2)
    flagged = await mark(console, "flagged", 2)
    await console.give("approve")
    await all_read(console)
    text = console.text()
    assert "✓ 2 will be sent · ✗ 2 will not" in text
    assert text.index("to resolve first") < text.index("✓ ", text.index("to resolve first"))
    await console.press("enter")
    await over(console)
    assert sorted(path.split("/")[-2] for path in posts(sandbox)) == sorted(clean)
    assert console.review.state.facts.marked == set(flagged), "what was not decided is still marked"


async def test_one_key_takes_back_all_of_it(console: Console, sandbox: Sandbox) -> None:
    marked = await mark(console, "clean", 3)
    await console.give("approve")
    await all_read(console)
    await console.press("enter")
    await console.give("undo")
    assert "Approve: 3 not sent: you took it back" in console.says
    console.clock.turn(60)
    await console.settle()
    assert posts(sandbox) == []
    assert console.review.state.facts.marked == set(marked)


async def test_a_reason_is_given_once_and_filled_for_each(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    texts = ("Not legible: {merchant}, please send {gone} again", "Not legible: {merchant}")
    preferences = Preferences(reasons=tuple(CannedReason(Verb.REJECT, text) for text in texts))
    async with console_on(steve, tmp_path, hold=HOLD, preferences=preferences) as console:
        marked = await mark(console, "clean", 2)
        names = [str(row.merchant) for id_ in marked for row in [console.review.state.queue.row(id_)] if row]
        await console.press("r", "1")
        await all_read(console)
        assert "its reason needs {gone}" in console.text()
        await console.press("enter")
        assert "nothing of it can be sent" in console.text()
        await console.press("escape")
        await console.press("r")
        assert console.dialog is ReasonScreen
        assert "2 marked" in console.text()
        await console.press("ctrl+u", "2")
        await all_read(console)
        await console.press("enter")
        await over(console)
        reasons = [str((await steve.submissions.get(id_)).reason) for id_ in marked]
        assert reasons == [f"Not legible: {name}" for name in names]


async def test_more_than_twenty_are_confirmed_by_typing_their_number(
    console: Console, sandbox: Sandbox
) -> None:
    marked = frozenset(row.id for row in console.review.state.rows[:22])
    console.review.change(with_facts(console.review.state, marked=marked))
    await console.give("cancel")
    await console.press("0")
    await all_read(console)
    await console.press("enter", "2", "enter")
    assert console.dialog is PlanScreen
    assert "more than 20: type 22" in console.text()
    await console.press("2", "enter")
    assert console.dialog is None
    await over(console)
    assert len(posts(sandbox)) == len(marked)


async def test_all_matches_of_the_marked_are_judged_and_these_may_then_be_approved(
    console: Console, steve: Steve, sandbox: Sandbox
) -> None:
    marked = await mark(console, "flagged", 2)
    matches = [match for id_ in marked for match in (await steve.submissions.get(id_)).open_matches or ()]
    await console.give("false-positive")
    await all_read(console)
    assert f"✓ 2 will be sent, {len(matches)} matches" in console.text()
    await console.press("enter")
    await over(console)
    assert len(posts(sandbox)) == len(matches)
    assert console.review.state.facts.marked == set(marked)
    await console.give("approve")
    await all_read(console)
    await console.press("enter")
    await over(console)
    assert "Approve: 2 done" in console.says


async def test_what_is_judged_out_of_the_view_of_flagged_ones_stays_marked(console: Console) -> None:
    await console.press("slash", *"fraud:flagged", "enter")
    await console.until(lambda: console.review.state.queue.filter.fraud_status)
    await console.until(lambda: len(console.review.state.rows) > 1)
    await console.press("g")
    await console.give("mark")
    await console.give("mark")
    marked = console.review.state.facts.marked
    await console.give("false-positive")
    await all_read(console)
    await console.press("enter")
    await over(console)
    await console.poll()
    await console.until(
        lambda: not any(row.id in marked for row in console.review.state.rows if not row.gone)
    )
    assert console.review.state.facts.marked == marked
    await console.give("approve")
    await all_read(console)
    await console.press("enter")
    await over(console)
    assert "Approve: 2 done" in console.says


async def test_what_became_of_each_is_looked_at_and_the_rest_stopped(
    console: Console, sandbox: Sandbox
) -> None:
    await mark(console, "clean", 3)
    await console.give("approve")
    await all_read(console)
    await console.press("enter")
    await console.give("bulk")
    assert console.dialog is BulkScreen
    await console.press("x")
    assert "The rest was not sent: you took it back" in console.text()
    await console.press("escape")
    assert console.review.state.bulk is not None
    assert console.review.state.bulk.count(End.UNSENT) == 3
    assert posts(sandbox) == []


async def test_the_selection_goes_on_where_it_was_decided_and_repeating_repeats_it(
    console: Console, steve: Steve
) -> None:
    marked = await mark(console, "clean", 2)
    await console.press("k")
    assert console.selected == marked[1]
    await console.press("r", "2")
    await all_read(console)
    await console.press("enter")
    assert console.selected not in marked
    assert console.says == "Reject 2 in 5 s · u takes all back"
    await over(console)
    console.clock.turn(1)
    await console.until(lambda: console.review.state.detail)
    other = console.selected
    await console.give("repeat")
    console.clock.turn(6)
    await console.until(lambda: not console.desk.open_decisions)
    assert (await steve.submissions.get(other)).reason == (await steve.submissions.get(marked[0])).reason


async def test_what_an_earlier_run_left_of_many_is_sent_or_dropped_as_one(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    store = Store.open(tmp_path / "state" / "kept.db", now=lambda: NOON)
    for detail in (ones := await clean_ones(steve)):
        left(store, detail)
    async with console_on(steve, tmp_path, hold=HOLD, journal=store) as console:
        await console.until(lambda: console.dialog is OutboxScreen and "2 decisions" in console.text())
        await console.press("S", "n")
        assert posts(sandbox) == []
        await console.press("S")
        assert "Send all 2 that are from last time?" in console.text()
        await console.press("y")
        await console.until(lambda: (bulk := console.review.state.bulk) is not None and bulk.is_over)
        assert sorted(path.split("/")[-2] for path in posts(sandbox)) == sorted(one.id for one in ones)
        await console.press("escape")
        assert "Approve: 2 done" in console.says
    store.close()


async def test_leaving_says_that_the_rest_of_many_is_kept(console: Console, sandbox: Sandbox) -> None:
    await mark(console, "clean", 2)
    await console.give("approve")
    await all_read(console)
    await console.press("enter", "q")
    assert "Sending 2 takes longer than leaving waits" in " ".join(console.text().split())
    await console.press("n")
    await console.give("undo")
    assert posts(sandbox) == []


async def test_a_mark_on_what_is_decided_already_is_listed_once_and_taken_off(
    console: Console, steve: Steve
) -> None:
    marked = await mark(console, "clean", 1)
    gone = next(row.id for row in (await steve.submissions.list(Filter(status="approved"))).rows)
    console.review.change(with_facts(console.review.state, marked=frozenset({*marked, gone})))
    await console.give("approve")
    await all_read(console)
    assert "only from review; this one is approved" in " ".join(console.text().split())
    await console.press("escape")
    assert console.review.state.facts.marked == set(marked)
