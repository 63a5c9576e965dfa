"""A reviewer's work by the names of commands: parts of triage that belong together, from end to end."""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.model.preferences import Preferences
from review_tui.model.queue import Filter
from review_tui.model.submissions import Verb
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.settings.config import Config, preferences_of, read_config
from review_tui.settings.environment import hold_of
from review_tui.ui.detail_view import Tab
from review_tui.ui.layout import Layout
from review_tui.ui.reasons import REASONS
from review_tui.ui.screens.help import HelpScreen
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.workers.memory import Memory
from tests.ui.console import Console, console_on
from tests.ui.test_filtering import filtered, is_flagged, shown
from tests.ui.test_holding import HOLD, is_clean
from tests.ui.test_layouts import layout_in
from tests.wire import steve_on

WIDE = (140, 40)
CONFIGURATION = """
advance = "previous"
[hold]
approve = 0
[keys]
approve = "A"
mark = []
[[views]]
name = "large"
filter = "amount>500"
sort = "-amount"
[[reasons]]
verb = "reject"
text = "Not legible: {merchant}"
[profiles.look]
base_url = "https://look.example"
banner = "LOOKING"
read_only = true
"""


def configured(folder: Path, profile: str | None = None) -> Config:
    path = folder / "config.toml"
    path.write_text(CONFIGURATION)
    return read_config({"REVIEW_TUI_CONFIG": str(path)}, profile)


async def looked_at(console: Console) -> None:
    """Let a person look at what came up."""
    console.clock.turn(1)
    await console.until(lambda: console.review.state.detail)


async def test_views_words_and_an_order_are_chosen_and_the_place_is_kept(console: Console) -> None:
    chosen = (await console.go_to(is_flagged)).id
    await console.give("view-2")
    await console.until(lambda: console.review.state.queue.complete)
    assert console.desk.filter == Filter(fraud_status="flagged")
    assert console.selected == chosen
    await filtered(console, "fraud:flagged score>90")
    assert "server: fraud:flagged · here: score>90" in console.lines()[1]
    await console.give("sort")
    await console.press("2")
    scores = [row.fraud_score or 0 for row in console.review.state.rows if row.id != chosen]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 90
    assert console.selected == chosen
    await console.give("next-submission")
    following = console.selected
    await console.give("view-all")
    await console.until(lambda: console.review.state.queue.complete)
    assert console.selected == following
    assert shown(console) == [row.id for row in console.review.state.queue.rows]


async def test_reasons_are_given_by_digit_in_own_words_and_again(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    async with console_on(steve, tmp_path, size=WIDE, preferences=Preferences()) as console:
        canned = (await console.go_to(is_clean)).id
        await console.give("reject")
        await console.press("2")
        await looked_at(console)
        own = console.selected
        sandbox.faults.add(Fault("status", "POST", f"*/{own}/reject", value="422"))
        await console.give("reject")
        await console.press("enter")
        assert console.dialog is ReasonScreen, "no words are no reason"
        await console.press(*"cut off", "enter")
        await console.until(lambda: "has your words" in console.says)
        await console.go_to(lambda row: row.id == own)
        await console.give("reject")
        assert "cut off" in console.text()
        await console.press("enter")
        await looked_at(console)
        again = console.selected
        await console.give("reject")
        await console.press(str(len(REASONS[Verb.REJECT]) + 1))
        await console.until(lambda: not console.desk.open_decisions)
        reasons = [(await steve.submissions.get(id_)).reason for id_ in (canned, own, again)]
        assert reasons == [REASONS[Verb.REJECT][1], "cut off", "cut off"]


async def test_commands_are_found_by_name_and_help_says_why_one_does_nothing(console: Console) -> None:
    await console.go_to(is_flagged)
    await console.give("help")
    assert console.dialog is HelpScreen
    await console.press(*"take back")
    assert "nothing is held" in console.text()
    await console.press("escape")
    assert console.dialog is None
    await console.give("palette")
    await console.press(*"next open", "enter")
    await console.until(lambda: console.review.situation.tab is Tab.FRAUD)
    await console.give("palette")
    await console.press(*"false pos", "enter")
    assert "it decides" in console.text()
    assert not console.desk.open_decisions


async def test_view_place_layout_marks_and_words_are_there_again(
    sandbox_app: Starlette, tmp_path: Path
) -> None:
    again: dict[str, Any] = {"size": WIDE, "memory": Memory(), "hold": HOLD}
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, **again) as console:
        await console.give("view-3")
        marked = console.selected
        await console.give("mark")
        await console.give("down")
        await console.give("layout")
        rows, left = shown(console), console.selected
        await looked_at(console)
        await console.give("reject")
        await console.press(*"the date is", "escape")
        console.clock.turn(3)
        await console.settle()
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, **again) as console:
        await console.until(lambda: console.selected == left)
        assert shown(console) == rows != [row.id for row in console.review.state.queue.rows]
        assert console.review.state.facts.marked == {marked}
        assert layout_in(console) is Layout.STACKED
        await looked_at(console)
        await console.give("reject")
        assert "the date is" in console.text()


async def test_what_the_configuration_file_says_holds_at_the_console(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    config = configured(tmp_path)
    chosen: dict[str, Any] = {"preferences": preferences_of(config, {}), "hold": hold_of({}, config)}
    async with console_on(steve, tmp_path, size=WIDE, **chosen) as console:
        await console.give("view-1")
        amounts = [float(row.amount or 0) for row in console.review.state.rows if row.id != console.selected]
        assert amounts == sorted(amounts, reverse=True)
        assert "[1 large =" in console.lines()[1]
        await console.give("view-all")
        first, second, *_ = [row for row in console.review.state.rows if is_clean(row)]
        await console.go_to(lambda row: row.id == second.id)
        await console.press("a", "space")
        assert not console.desk.open_decisions
        assert not console.review.state.facts.marked
        before = console.review.state.rows[console.review.state.near - 1].id
        await console.press("A")
        assert console.selected == before
        await console.until(lambda: not console.desk.open_decisions)
        assert (await steve.submissions.get(second.id)).status == "approved"
        await console.go_to(lambda row: row.id == first.id)
        await console.give("reject")
        await console.press("1")
        console.clock.turn(6)
        await console.until(lambda: not console.desk.open_decisions)
        assert (await steve.submissions.get(first.id)).reason == f"Not legible: {first.merchant}"


async def test_a_profile_for_reading_decides_nothing_and_says_so(
    steve: Steve, sandbox: Sandbox, tmp_path: Path
) -> None:
    config = configured(tmp_path, "look")
    looking: dict[str, Any] = {"preferences": preferences_of(config, {}), "deciding_off": config.deciding_off}
    async with console_on(steve, tmp_path, size=WIDE, **looking) as console:
        assert "LOOKING" in console.lines()[0]
        await console.go_to(is_clean)
        await console.press("A")
        assert console.says == "approve: deciding is off: this profile is for reading only"
        assert not [seen for seen in sandbox.seen if seen.method == "POST"]
