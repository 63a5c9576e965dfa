"""A reviewer at the console: what is decided, what is refused, and what others do meanwhile."""

from review_tui.client.steve import Steve
from review_tui.model.submissions import Row
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.ui.detail_view import Tab
from review_tui.ui.screens.help import HelpScreen
from review_tui.ui.screens.palette import Palette
from review_tui.ui.screens.quit import QuitScreen
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.ui.situation import Focus
from tests.ui.console import FIRST_ROW, Console


def is_clean(row: Row) -> bool:
    return row.fraud_status == "clean"


def is_flagged(row: Row) -> bool:
    return row.fraud_status == "flagged"


async def status_of(steve: Steve, submission_id: str) -> str:
    return (await steve.submissions.get(submission_id)).status


async def test_the_queue_opens_on_the_newest_with_its_detail(console: Console) -> None:
    state = console.review.state
    assert console.selected == state.queue.rows[0].id
    assert {row.status for row in state.queue.rows} == {"review"}
    assert "▌ ● review" in console.lines()[FIRST_ROW]
    assert state.detail
    assert state.detail.id in console.text()


async def test_a_clean_one_is_approved_with_one_key_and_stays_in_sight(
    console: Console, steve: Steve
) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await console.until(lambda: "Approved" in console.says)
    assert row.id in console.says
    assert await status_of(steve, row.id) == "approved"
    await console.poll()
    assert console.selected == row.id
    assert "▌ ✓ approved" in console.text()
    await console.give("down")
    assert console.selected != row.id
    assert console.review.state.queue.row(row.id) is None


async def test_open_fraud_matches_refuse_approving_and_are_gone_to(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_flagged)
    detail = console.review.state.detail
    assert detail
    assert detail.open_matches
    await console.give("approve")
    assert f"{len(detail.open_matches)} fraud match" in console.says
    assert console.review.situation.tab is Tab.FRAUD
    assert console.review.situation.match == detail.open_matches[0]
    assert await status_of(steve, row.id) == "review"


async def test_the_next_match_asked_for_elsewhere_is_the_first_open_one(
    console: Console, steve: Steve
) -> None:
    flagged = [row.id for row in console.review.state.queue.rows if is_flagged(row)]
    details = [await steve.submissions.get(submission_id) for submission_id in flagged[:12]]
    detail = next(detail for detail in details if len(detail.open_matches or ()) > 1)
    await console.go_to(lambda row: row.id == detail.id)
    assert detail.open_matches
    first, second, *_ = detail.open_matches
    await console.give("next-match")
    assert console.review.situation.match == first
    await console.give("next-match")
    assert console.review.situation.match == second
    await console.give("previous")
    await console.give("next-match")
    assert console.review.situation.match == first


async def test_the_way_to_a_match_leads_back_to_the_tab_on_the_next_submission(console: Console) -> None:
    await console.go_to(is_flagged)
    await console.give("approve")
    assert "▸Fraud" in console.text()
    await console.press("h", "j")
    assert console.review.situation.tab is Tab.OVERVIEW


async def test_a_tab_that_was_gone_to_stays_for_the_next_submission(console: Console) -> None:
    await console.press("tab", "tab", "tab", "h", "j")
    assert console.review.situation.tab is Tab.FRAUD


async def test_the_keyboard_goes_back_to_the_queue_with_the_decision(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    await console.give("open")
    await console.press("a", "j")
    assert console.selected != row.id
    assert console.review.situation.focus is Focus.QUEUE
    rejected = console.selected
    await console.give("open")
    await console.press("r", "3", "j")
    assert console.selected not in {row.id, rejected}
    await console.until(lambda: not console.desk.open_decisions)
    assert await status_of(steve, row.id) == "approved"
    assert await status_of(steve, rejected) == "rejected"


async def test_the_detail_keeps_the_keyboard_where_it_fills_the_window(console: Console) -> None:
    await console.pilot.resize_terminal(80, 24)
    await console.go_to(is_clean)
    await console.give("open")
    await console.give("approve")
    await console.until(lambda: "Approved" in console.says)
    assert console.review.situation.focus is Focus.DETAIL


async def test_resolving_the_last_match_offers_to_approve(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_flagged)
    detail = console.review.state.detail
    assert detail
    await console.give("next-match")
    for match in detail.open_matches or ():
        await console.until(lambda: not console.desk.is_open(row.id) and console.review.situation.match)
        chosen = console.review.situation.match
        assert chosen
        assert chosen.is_open, match.id
        await console.give("false-positive")
        await console.until(lambda: not console.desk.is_open(row.id))
    await console.until(lambda: "judged: a approves" in console.says)
    assert "a approves" in console.text()
    await console.give("approve")
    await console.until(lambda: "Approved" in console.says)
    assert await status_of(steve, row.id) == "approved"


async def test_a_rejection_needs_words_and_says_them(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    await console.give("reject")
    assert console.dialog is ReasonScreen
    await console.press("enter")
    assert console.dialog is ReasonScreen, "an empty reason is refused"
    await console.press(*"blurred", "enter")
    await console.until(lambda: "Rejected" in console.says)
    detail = await steve.submissions.get(row.id)
    assert (detail.status, detail.reason) == ("rejected", "blurred")


async def test_the_words_of_a_rejection_that_failed_are_still_there(
    console: Console, sandbox: Sandbox
) -> None:
    row = await console.go_to(is_clean)
    sandbox.faults.add(Fault("status", "POST", f"*/{row.id}/reject", value="422"))
    await console.give("reject")
    await console.press(*"blurred", "enter")
    await console.until(lambda: "has your words" in console.says)
    await console.give("reject")
    assert "blurred" in console.text()


async def test_cancelling_may_go_without_a_reason(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    await console.give("cancel")
    await console.press("c", "backspace")
    await console.press("escape")
    assert await status_of(steve, row.id) == "review", "the key that asks is not the key that confirms"
    await console.give("cancel")
    await console.press("0")
    await console.until(lambda: "Cancelled" in console.says)
    assert await status_of(steve, row.id) == "cancelled"


async def test_leaving_the_dialog_sends_nothing(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    for command in ("reject", "cancel"):
        await console.give(command)
        await console.press("escape")
        assert console.dialog is None
    assert await status_of(steve, row.id) == "review"


async def test_a_decision_key_after_a_move_acts_on_the_row_moved_to(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    passed = console.review.state.view.neighbour(row.id, 1)
    assert passed
    await console.press("j", "k", "a")
    await console.until(lambda: "Approved" in console.says)
    assert await status_of(steve, row.id) == "approved"
    assert await status_of(steve, passed.id) == "review"


async def test_a_decision_key_on_what_is_not_loaded_sends_nothing(console: Console, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("delay", "GET", "*/submissions/*", times=99, delay=20))
    rows = console.review.state.queue.rows
    away = next(row for row in rows[4:] if console.desk.cached(row.id) is None)
    await console.press(*["j"] * rows.index(away), "a")
    assert console.selected == away.id
    assert console.says == "approve: its detail is not loaded yet"
    assert not console.desk.is_open(away.id)


async def test_what_others_decide_is_said_and_the_cursor_stays(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    await steve.submissions.reject(row.id, reason="not ours", request_id="someone-else")
    await console.poll()
    await console.until(lambda: "≠ elsewhere" in console.text())
    assert console.selected == row.id
    await console.give("approve")
    assert "only from review" in console.says
    assert await status_of(steve, row.id) == "rejected"


async def test_a_poll_that_brings_nothing_new_sends_nothing(console: Console) -> None:
    for _ in range(3):
        await console.poll()
    before = len(console.app.frames)
    for _ in range(4):
        await console.poll()
    assert len(console.app.frames) == before


async def test_no_answer_leaves_the_queue_and_says_that_it_is_stale(
    console: Console, sandbox: Sandbox
) -> None:
    before = console.review.state.queue
    sandbox.faults.add(Fault("500", "GET", "*/submissions", times=9))
    await console.poll()
    await console.until(lambda: "stale since" in console.text())
    assert console.review.state.queue is before
    sandbox.faults.clear()
    await console.give("refresh")
    await console.until(lambda: "● live" in console.text())


async def test_pausing_is_said_and_refreshing_goes_on(console: Console) -> None:
    console.review.action_command("pause")
    await console.until(lambda: "paused" in console.text())
    await console.give("refresh")
    await console.until(lambda: "● live" in console.text())


async def test_the_key_line_follows_the_keyboard(console: Console) -> None:
    assert "Enter open" in console.lines()[-1]
    await console.give("open")
    assert "h back" in console.lines()[-1]
    await console.give("back")
    assert "Enter open" in console.lines()[-1]


async def test_tabs_go_through_the_detail_and_back_to_the_queue(console: Console) -> None:
    seen = []
    await console.give("next")
    for _ in range(len(Tab)):
        seen.append(console.review.situation.tab)
        await console.give("next")
    assert seen == list(Tab)
    assert "Enter open" in console.lines()[-1]


async def test_help_shows_every_key(console: Console) -> None:
    await console.give("help")
    assert console.dialog is HelpScreen
    await console.give("help")
    assert console.dialog is None


async def test_quitting_is_one_key(console: Console) -> None:
    await console.give("quit")
    await console.until(lambda: not console.app.is_running)
    assert console.app.return_code == 0


async def test_quitting_asks_while_a_decision_is_under_way(console: Console, sandbox: Sandbox) -> None:
    row = await console.go_to(is_clean)
    sandbox.faults.add(Fault("delay", "POST", f"*/{row.id}/approve", delay=1.5))
    await console.give("approve")
    assert "… sending" in console.text()
    await console.give("approve")
    assert "a decision on this submission is under way" in console.says
    await console.give("quit")
    assert console.dialog is QuitScreen
    assert row.merchant
    assert f"Approve {row.merchant} " in console.text()
    await console.press("n")
    assert console.app.is_running
    await console.until(lambda: "Approved" in console.says)


async def test_the_palette_gives_commands_by_name(console: Console) -> None:
    await console.give("palette")
    assert console.dialog is Palette
    await console.press(*"help")
    await console.until(lambda: "Show what each key does here" in console.text())
    await console.press("enter")
    await console.until(lambda: console.dialog is HelpScreen)


async def test_the_palette_never_guesses_a_decision(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    await console.give("palette")
    await console.press(*"aprv")
    await console.press("enter")
    await console.press("escape")
    assert not console.desk.is_open(row.id)
    assert await status_of(steve, row.id) == "review"


async def test_a_hint_goes_with_the_next_key(console: Console) -> None:
    await console.give("false-positive")
    assert "no fraud match is selected" in console.says
    await console.give("down")
    assert console.says == ""


async def test_the_next_submission_is_one_key_from_the_detail_of_a_small_window(console: Console) -> None:
    await console.pilot.resize_terminal(80, 24)
    first, second = (row.id for row in console.review.state.queue.rows[:2])
    await console.give("open")
    await console.press("tab")
    await console.give("next-submission")
    assert console.selected == second
    assert (console.review.situation.focus, console.review.situation.tab) == (Focus.DETAIL, Tab.FIELDS)
    assert second in console.text()
    await console.give("previous-submission")
    assert console.selected == first
    await console.press("[")
    assert console.selected == first
    assert console.says == "this is the first one"
    await console.give("back")
    await console.press("]")
    assert console.selected == second
    assert "2 of 68 in review" in console.lines()[0]
    await console.press("G", "]")
    assert console.says == "this is the last one"
