"""A reviewer chooses what to see: by words, by views, in an order; what is selected stays selected."""

import pytest
from textual import events

from review_tui.client.steve import Steve
from review_tui.model.preferences import SavedView
from review_tui.model.queue import Filter
from review_tui.model.submissions import Row
from review_tui.sandbox.state import Sandbox
from review_tui.ui.screens.sorting import SortScreen
from tests.ui.console import FIRST_ROW, Console


def is_flagged(row: Row) -> bool:
    return row.fraud_status == "flagged"


async def write(console: Console, text: str) -> None:
    """Open the filter line and write, instead of what stands in it."""
    await console.give("filter")
    await console.press("ctrl+e", "ctrl+u", *text)


async def filtered(console: Console, text: str) -> None:
    """Keep a filter and wait until the server's part is in."""
    await write(console, text)
    await console.press("enter")
    await console.until(lambda: console.review.state.started)


def shown(console: Console) -> list[str]:
    return [row.id for row in console.review.state.rows]


def status(console: Console) -> str:
    return console.lines()[-2]


def under(console: Console) -> str:
    return console.lines()[-1]


async def test_rows_follow_what_is_written_and_escape_brings_all_back(console: Console) -> None:
    everything = shown(console)
    await write(console, "flagged amount>100")
    assert status(console).startswith("/flagged amount>100")
    await console.until(lambda: str(console.review.state.view.query) == "flagged amount>100")
    fitting = [row for row in console.review.state.rows if row.id != console.selected]
    assert fitting
    assert all(is_flagged(row) and float(row.amount or 0) > 100 for row in fitting)
    assert console.desk.filter == Filter(), "nothing is asked while one writes"
    await console.press("escape")
    assert shown(console) == everything
    assert status(console).endswith("● live · every 8 s")


async def test_what_the_server_knows_is_asked_of_it_and_said(console: Console) -> None:
    await filtered(console, "fraud:flagged amount>100")
    assert console.desk.filter == Filter(fraud_status="flagged")
    assert "server: fraud:flagged · here: amount>100" in console.lines()[1]
    assert all(map(is_flagged, console.review.state.queue.rows[1:]))
    await console.give("view-all")
    await console.until(lambda: console.review.state.queue.complete and console.review.state.started)
    assert console.desk.filter == Filter()
    assert "1 of 68 in review" in console.lines()[0]


async def test_another_status_is_another_list(console: Console) -> None:
    before = console.selected
    await filtered(console, "status:approved")
    assert {row.status for row in console.review.state.queue.rows if row.id != before} == {"approved"}
    assert console.selected == before
    assert "not in view" in console.text()
    assert "elsewhere" not in console.text()
    await console.give("down")
    assert before not in shown(console)
    assert console.review.state.row
    assert console.review.state.row.status == "approved"


async def test_no_key_that_is_written_decides_or_moves(console: Console) -> None:
    before = console.selected
    await write(console, "arcufxqmnsjkghlG120RU?/")
    assert status(console).startswith("/arcufxqmnsjkghlG120RU?/")
    assert console.desk.open_decisions == ()
    assert console.dialog is None
    assert console.selected == before
    assert console.review.focused
    console.review.focused.post_message(events.Paste("ar\r\nq"))
    await console.settle()
    assert "G120RU?/ar q" in status(console)
    await console.press("escape", "j")
    assert console.selected != before


async def test_a_wrong_word_is_pointed_at_and_not_kept(console: Console) -> None:
    await write(console, "acme amout>5 ")
    column = status(console).index("amout")
    assert under(console)[column:].startswith('^^^^^ no key "amout"; did you mean amount?')
    await console.press("enter")
    assert status(console).startswith("/acme amout>5"), "it is still being written"
    assert str(console.review.state.query) == ""


async def test_a_word_that_is_not_finished_is_no_mistake_until_it_is_kept(console: Console) -> None:
    await write(console, "amount>")
    assert "^" not in under(console)
    await console.press("enter")
    assert "^^^^^^^ amount needs a number" in under(console)


async def test_the_selected_one_stays_through_filter_sort_and_poll(
    console: Console, sandbox: Sandbox, steve: Steve
) -> None:
    await console.press("j", "j", "j")
    selected = console.selected
    row = console.review.state.row
    assert row
    words = "-fraud:flagged" if is_flagged(row) else "-fraud:clean"
    await filtered(console, words)
    assert console.selected == selected
    assert "▌ not in view" in console.text()
    assert "not in view · " in console.lines()[0]
    await console.give("sort")
    await console.press("4")
    assert console.selected == selected
    await console.poll()
    assert console.selected == selected
    await console.give("down")
    assert selected not in shown(console)
    await console.give("view-all")
    assert selected in shown(console)


async def test_rows_are_sorted_by_a_column_and_turned_round(console: Console) -> None:
    await console.give("sort")
    assert console.dialog is SortScreen
    await console.press("2")
    scores = [row.fraud_score for row in console.review.state.rows if row.fraud_score is not None]
    assert scores == sorted(scores, reverse=True)
    assert "by score ↓" in console.lines()[0]
    await console.give("sort")
    await console.press("2")
    scores = [row.fraud_score for row in console.review.state.rows if row.fraud_score is not None]
    assert scores == sorted(scores)
    await console.give("sort")
    await console.press("0")
    assert shown(console) == [row.id for row in console.review.state.queue.rows]


async def test_a_new_submission_comes_in_where_it_belongs(console: Console, sandbox: Sandbox) -> None:
    await console.press("comma", "1")
    oldest = console.review.state.rows[0].id
    await console.poll()
    assert console.review.state.rows[0].id == oldest
    ages = [row.created or 0.0 for row in console.review.state.rows]
    assert ages == sorted(ages)


async def test_tab_completes_keys_and_words(console: Console) -> None:
    await write(console, "fr")
    await console.press("tab")
    assert status(console).startswith("/fraud:")
    await console.press("f", "tab")
    await console.press(*"workflow:", "tab")
    first = status(console)
    assert first.startswith("/fraud:flagged workflow:")
    await console.press("tab")
    assert status(console) != first, "the next word that is possible"
    await console.press("shift+tab")
    assert status(console) == first


async def test_what_was_written_before_comes_back(console: Console) -> None:
    await filtered(console, "amount>100")
    await filtered(console, "amount>200")
    await console.give("filter")
    await console.press("up")
    assert status(console).startswith("/amount>200")
    await console.press("up")
    assert status(console).startswith("/amount>100")
    await console.press("down", "down")
    assert status(console).rstrip() == "/"
    assert console.review.memory.get("filter-history") == ["amount>200", "amount>100"]


async def test_a_digit_shows_a_saved_view_with_its_count(console: Console) -> None:
    flagged = sum(map(is_flagged, console.review.state.queue.rows))
    assert f"[1 review =68] 2 flagged ={flagged}  3 oldest =68" in console.lines()[1]
    await console.press("3")
    assert "[3 oldest =68]" in console.lines()[1]
    assert "oldest first" in console.lines()[0]
    await console.press("2")
    await console.until(lambda: console.review.state.queue.complete)
    assert f"[2 flagged ={flagged}]" in console.lines()[1]
    assert "review =" not in console.lines()[1], "what is not loaded is not counted"
    await console.press("7")
    assert "no view has the digit 7" in console.says


async def test_a_view_is_saved_under_a_name_and_forgotten_again(console: Console) -> None:
    await write(console, "amount>100")
    await console.press("ctrl+s", *"large ones", "enter")
    assert "saved as large ones, key 4" in console.says
    assert "[4 large ones =" in console.lines()[1]
    assert console.review.filtering.views[-1] == SavedView("large ones", "amount>100")
    await console.give("view-all")
    await console.press("4")
    assert str(console.review.state.query) == "amount>100"
    console.review.action_command("forget-view")
    await console.settle()
    assert "large ones" not in console.lines()[1]
    console.review.action_command("forget-view")
    assert "no view that was saved here" in console.says


async def test_a_view_of_the_settings_is_not_written_over(console: Console) -> None:
    console.review.action_command("save-view")
    await console.press(*"oldest", "enter")
    assert "oldest is a view of the settings" in under(console)
    await console.press("escape")
    assert console.review.memory.get("views") is None


async def test_what_others_left_in_memory_is_read_with_care(console: Console) -> None:
    console.review.memory.put("views", [1, {"name": "x"}, {"name": "old", "query": "amout>5", "sort": ""}])
    console.review.memory.put("filter-history", {"not": "a list"})
    await console.press("4")
    assert 'old: no key "amout"; did you mean amount?' in console.says
    await console.give("filter")
    await console.press("up", "escape")
    assert console.dialog is None


async def test_an_empty_view_says_which_words_leave_out_everything(console: Console) -> None:
    await filtered(console, "clean zebra amount>0")
    assert "No match in 68 loaded." in console.text()
    assert "Nothing at all fits zebra." in console.text()
    assert "0 shows the whole queue" in console.says
    assert "▌ not in view" in console.lines()[FIRST_ROW]


@pytest.mark.parametrize("console", [(80, 24), (60, 15)], indirect=True)
async def test_there_is_room_on_a_small_screen(console: Console) -> None:
    await write(
        console, 'workflow:receipt-ocr merchant:"Café Łąka" amount>100 confidence<70% age>2h is:doubtful'
    )
    assert all(len(line) <= console.app.size.width for line in console.lines())
    assert "doubtful" in status(console), "the caret is in sight"
    await console.press("home")
    assert "workflow" in status(console)
    await console.press("enter")
    await console.settle()
    assert "whole queue" in console.lines()[1]


async def test_a_window_that_grew_too_small_takes_no_text(console: Console) -> None:
    await write(console, "amount>5")
    await console.pilot.resize_terminal(40, 10)
    await console.press("a", "r")
    await console.pilot.resize_terminal(140, 40)
    await console.settle()
    assert console.desk.open_decisions == ()
    assert not status(console).startswith("/")
    await console.press("j")
    assert console.review.state.near == 1


async def test_the_line_is_left_when_the_keyboard_goes_elsewhere(console: Console) -> None:
    everything = shown(console)
    await write(console, "zebra")
    await console.until(lambda: len(shown(console)) == 1)
    console.review.set_focus(console.review.detail_pane.body)
    console.review.show_state()
    await console.until(lambda: shown(console) == everything)
    assert not status(console).startswith("/")
