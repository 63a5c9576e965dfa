"""A reviewer puts submissions away, finds all that is hidden, and loses none of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.model.notes import Snooze
from review_tui.model.preferences import Preferences
from review_tui.sandbox.state import Sandbox
from review_tui.store.journal import Store
from review_tui.ui.screens.hidden import HiddenScreen
from review_tui.ui.screens.snooze import SnoozeScreen
from review_tui.workers.notebook import Notebook
from tests.ui.console import Console, console_on
from tests.ui.golden import assert_screen
from tests.ui.test_holding import change_total, is_clean
from tests.ui.test_hostile import FOREIGN, OWN
from tests.wire import NOON, steve_on

HOUR = 3_600


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The store of this reviewer."""
    store = Store.open(tmp_path / "state" / "acme.db")
    yield store
    store.close()


def is_listed(console: Console, submission_id: str) -> bool:
    return console.review.state.view.position(submission_id) is not None


async def put_away(console: Console, *keys: str) -> str:
    """Put the first clean submission away; return its id."""
    row = await console.go_to(is_clean)
    await console.give("snooze")
    assert console.dialog is SnoozeScreen
    await console.press(*keys, "enter")
    assert console.dialog is None
    return row.id


async def test_what_is_put_away_for_an_hour_is_hidden_and_the_next_is_shown(console: Console) -> None:
    row = await console.go_to(is_clean)
    near, listed = console.review.state.near, console.review.state.view.fitting
    following = console.review.state.rows[near + 1].id
    away = await put_away(console, "2")
    assert away == row.id
    assert not is_listed(console, away)
    assert console.selected == following
    assert console.review.state.view.fitting == listed - 1
    assert "snoozed until Wed 25 Mar 13:00" in console.says
    assert "Z lists it" in console.says
    await console.press("j")
    console.clock.turn(HOUR - 60)
    await console.settle()
    assert not is_listed(console, away)
    console.clock.turn(61)
    await console.until(lambda: is_listed(console, away))
    assert "back from snooze, its time came" in console.says


async def test_the_next_to_be_decided_follows_what_is_put_away(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path, preferences=Preferences()) as console:
        first, second = (row.id for row in console.review.state.rows[:2])
        await console.give("down")
        await console.give("skip")
        await console.press("g")
        await console.give("snooze")
        await console.press("1", "enter")
        assert console.selected not in {first, second}, "past the one that was skipped"
        assert not is_listed(console, first)


async def test_what_came_back_is_marked_with_its_words_until_it_is_decided(console: Console) -> None:
    away = await put_away(console, "4", "5", "m", "tab", *"call Ewa")
    console.clock.turn(46 * 60)
    await console.until(lambda: is_listed(console, away))
    assert "call Ewa" in console.says
    await console.go_to(lambda row: row.id == away)
    assert "Z Back from snooze, its time came: call Ewa" in console.text()
    assert "Z● review" in "".join(console.lines())
    await console.give("approve")
    await console.until(lambda: "Approved" in console.says)
    await console.settle()
    assert away not in console.review.state.book.snoozes


async def test_it_waits_over_a_restart_and_comes_back_when_its_time_passed_meanwhile(
    sandbox_app: Starlette, store: Store, tmp_path: Path
) -> None:
    notebook = Notebook(store)
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, notebook=notebook) as console:
        away = await put_away(console, "2")
        other = await put_away(console, "1")
    notebook.close()
    notebook = Notebook(store)
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, notebook=notebook) as console:
        assert not is_listed(console, away)
        console.clock.turn(2 * HOUR)
        await console.until(lambda: is_listed(console, away))
        assert not is_listed(console, other)
    notebook.close()


async def test_a_clock_that_was_set_back_brings_it_back_rather_than_hiding_it_longer(
    sandbox_app: Starlette, tmp_path: Path
) -> None:
    notebook = Notebook()
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, notebook=notebook) as console:
        away = console.selected
    later = NOON + timedelta(days=1)
    notebook.put("snoozes", away, Snooze(later, later + timedelta(hours=1), subject="Bistro"))
    async with steve_on(sandbox_app) as steve, console_on(steve, tmp_path, notebook=notebook) as console:
        assert is_listed(console, away)
        assert "back from snooze, the clock was set back" in console.says


async def test_what_came_back_a_month_ago_is_forgotten(steve: Steve, tmp_path: Path) -> None:
    notebook = Notebook()
    long_ago = NOON - timedelta(days=31)
    notebook.put("snoozes", "k-old", Snooze(long_ago, long_ago, back="it changed", back_at=long_ago))
    async with console_on(steve, tmp_path, notebook=notebook) as console:
        away = await put_away(console, "2")
        assert set(notebook.book.snoozes) == {away}
        console.clock.turn(2 * HOUR)
        await console.until(lambda: notebook.book.snoozes[away].back)
        console.clock.turn(31 * 24 * HOUR)
        await console.press("j")
        assert not notebook.book.snoozes


async def test_one_that_waits_for_a_change_comes_back_when_it_changes(
    console: Console, sandbox: Sandbox
) -> None:
    away = await put_away(console, "5", "tab", *"new total")
    await console.press("j")
    console.clock.turn(100 * HOUR)
    await console.settle()
    assert not is_listed(console, away)
    change_total(sandbox, away)
    await console.poll()
    await console.until(lambda: is_listed(console, away))
    assert "back from snooze, it changed: new total" in console.says


async def test_one_that_somebody_else_decides_is_dropped_and_told(console: Console, steve: Steve) -> None:
    away = await put_away(console, "1")
    await console.press("j")
    await steve.submissions.approve(away)
    for _ in range(6):
        await console.poll()
    await console.until(lambda: "elsewhere, no longer snoozed" in console.says)
    assert away not in console.review.state.book.snoozes
    await console.give("hidden")
    assert "nothing is put away" in console.text()


async def test_all_that_is_hidden_is_listed_with_why_and_brought_back(console: Console) -> None:
    later = await put_away(console, "4", "tab", *"ask the shop")
    sooner = await put_away(console, "3")
    await console.give("hidden")
    assert console.dialog is HiddenScreen
    text = console.text()
    assert text.index("until Wed 25 Mar 16:00") < text.index("until Mon 30 Mar 09:00")
    assert "The server is asked for review alone." in text
    await console.press("j")
    assert "  until Mon 30 Mar 09:00: ask the shop" in console.text()
    await console.press("b")
    assert is_listed(console, later)
    assert not is_listed(console, sooner)
    await console.press("Z")
    assert not is_listed(console, sooner), "the key that opened it does nothing"
    await console.press("b")
    assert is_listed(console, sooner)
    assert "nothing is put away" in console.text()
    await console.press("escape")
    assert console.dialog is None


async def test_what_a_filter_leaves_out_is_counted_with_its_words(console: Console) -> None:
    await put_away(console, "1")
    await console.press("slash", *"amount>100", "enter")
    state = console.review.state
    out = sum(row.id not in state.book.hidden for row in state.queue.rows) - state.view.fitting
    await console.give("hidden")
    assert f"The filter leaves out {out} of {len(state.queue)} rows loaded: amount>100" in console.text()


async def test_the_view_of_what_is_snoozed_shows_it(console: Console) -> None:
    away = await put_away(console, "1")
    await console.press("slash", *"is:snoozed", "enter")
    assert [row.id for row in console.review.state.rows if row.id == away] == [away]
    await console.press("g")
    assert console.selected == away
    assert "z Snoozed until Thu 26 Mar 09:00" in console.text()


async def test_a_time_that_cannot_be_meant_is_refused_and_nothing_is_lost(console: Console) -> None:
    row = await console.go_to(is_clean)
    await console.give("snooze")
    await console.press("tab", *"words", "tab", *"25:00", "enter")
    assert console.dialog is SnoozeScreen
    assert "! no time" in console.text()
    await console.press("ctrl+u", *"mon 9:00")
    assert "until Mon 30 Mar 09:00" in console.text()
    await console.press("escape")
    assert is_listed(console, row.id)
    await console.give("snooze")
    await console.press("enter")
    assert "! write a time" in console.text()
    await console.press("z", "enter")
    assert console.dialog is SnoozeScreen, "the key that opened it is no answer"


async def test_one_that_is_being_decided_is_not_put_away(steve: Steve, tmp_path: Path) -> None:
    from tests.ui.test_holding import HOLD

    async with console_on(steve, tmp_path, hold=HOLD) as console:
        row = await console.go_to(is_clean)
        await console.give("approve")
        await console.give("snooze")
        assert console.dialog is None
        assert "a decision on it is under way" in console.says
        assert is_listed(console, row.id)


@pytest.mark.parametrize("sandbox_app", ["hostile"], indirect=True)
async def test_no_byte_of_a_document_acts_from_what_is_kept_of_it(console: Console) -> None:
    for _ in range(6):
        await console.press("exclamation_mark", "i", "tab", *"seen", "enter")
        await console.press("z", "5", "tab", *"words", "enter")
    await console.press("Z", "j", "j", "k", "b", "escape", "l")
    sent = OWN.sub("", "".join(console.app.frames))
    assert FOREIGN.findall(sent) == []
    assert "␛" in sent


sizes = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")


async def test_the_dialogs_fit_into_the_smallest_window(console: Console) -> None:
    await console.pilot.resize_terminal(60, 15)
    await console.give("snooze")
    assert "enter snoozes" in console.text()
    assert "Snooze  " in console.text()
    await console.press("1", "enter")
    await console.give("hidden")
    assert "b brings it back" in console.text()
    await console.press("escape")
    await console.give("note")
    assert "enter keeps" in console.text()
    await console.pilot.resize_terminal(59, 15)
    await console.press("x", "enter")
    assert "enlarge the window" in console.text()
    await console.pilot.resize_terminal(80, 24)
    await console.press("escape")
    assert not console.review.state.book.notes


@sizes
async def test_screens(steve: Steve, tmp_path: Path, size: tuple[int, int]) -> None:
    async with console_on(steve, tmp_path, size=size) as console:
        name = f"{size[0]}x{size[1]}"
        await console.go_to(is_clean)
        await console.give("snooze")
        await console.press(*"mon 9:00", "tab", *"ask the shop")
        assert_screen(f"dialog-snooze-{name}", console.text())
        await console.press("enter")
        await put_away(console, "2")
        await console.give("hidden")
        assert_screen(f"dialog-hidden-{name}", console.text())
        await console.press("escape")
        console.clock.turn(HOUR + 1)
        await console.until(lambda: "back from snooze" in console.says)
        assert_screen(f"queue-back-{name}", console.text())
