"""A reviewer works through the queue: on to the next, the same again, past one and back to it."""

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.model.preferences import Advance, CannedReason, Preferences
from review_tui.model.submissions import Row, Verb
from review_tui.sandbox.state import Sandbox
from review_tui.ui.detail_view import Tab
from review_tui.ui.reasons import REASONS
from review_tui.ui.situation import Focus
from review_tui.workers.memory import Memory
from tests.ui.console import Console, console_on
from tests.ui.test_holding import HOLD, is_clean, posts, status_of
from tests.wire import steve_on

GIVEN = CannedReason(Verb.REJECT, "The total of {merchant} cannot be read")
ODD = CannedReason(Verb.REJECT, "Number {no.such.field} was handed in before")


@pytest.fixture
async def console(steve: Steve, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Console]:
    """A console that holds decisions and goes on by itself; the parameter is its preferences."""
    preferences: Preferences = getattr(request, "param", Preferences())
    async with console_on(steve, tmp_path, size=(140, 40), hold=HOLD, preferences=preferences) as found:
        yield found


def below(console: Console, row: Row, step: int = 1) -> Row:
    found = console.review.state.view.neighbour(row.id, step)
    assert found
    return found


async def looked_at(console: Console) -> None:
    """Let a person look at what came up."""
    console.clock.turn(1)
    await console.until(lambda: console.review.state.detail)


@pytest.mark.parametrize("key", ["approve", "reject", "cancel"])
async def test_a_decision_brings_up_the_next_one(console: Console, steve: Steve, key: str) -> None:
    row = await console.go_to(is_clean)
    following = below(console, row)
    await console.give(key)
    if key != "approve":
        await console.press("1")
    assert console.selected == following.id
    await looked_at(console)
    assert following.id in console.text()
    console.clock.turn(6)
    await console.until(lambda: not console.desk.open_decisions)
    assert await status_of(steve, row.id) != "review"
    assert await status_of(steve, following.id) == "review"
    assert console.selected == following.id


async def test_the_eye_stays_on_the_tab_and_the_keyboard_in_the_detail(console: Console) -> None:
    row = await console.go_to(is_clean)
    await console.press("tab", "tab")
    tab = console.review.situation.tab
    assert tab is not Tab.OVERVIEW
    await console.give("approve")
    assert console.selected != row.id
    assert console.review.situation.tab is tab
    assert console.review.situation.focus is Focus.DETAIL


@pytest.mark.parametrize("console", [Preferences(advance=Advance.PREVIOUS)], indirect=True)
async def test_it_may_go_upwards(console: Console) -> None:
    await console.press("j", "j")
    row = await console.go_to(lambda row: is_clean(row) and row != console.review.state.rows[0])
    await console.give("approve")
    assert console.selected == below(console, row, -1).id


async def test_what_is_decided_or_skipped_is_passed(console: Console) -> None:
    row = await console.go_to(is_clean)
    second, third = below(console, row), below(console, row, 2)
    await console.press("j")
    await console.give("skip")
    assert console.selected == third.id
    await console.press("k", "k")
    await console.give("approve")
    assert console.selected == third.id, f"{second.id} is skipped"


async def test_at_the_end_it_goes_around_and_then_says_that_nothing_is_left(console: Console) -> None:
    rows = list(console.review.state.rows)
    await console.press("G")
    await console.give("skip")
    assert console.selected == rows[0].id
    assert console.says == "went around: on from the other end"
    for _ in rows[1:]:
        await console.give("skip")
    assert console.says.startswith("nothing left in ")
    assert f"S goes back to {len(rows)} skipped" in console.says


async def test_taking_back_brings_up_what_was_taken_back(console: Console, sandbox: Sandbox) -> None:
    row = await console.go_to(is_clean)
    await console.give("approve")
    await console.press("j", "j")
    await console.give("undo")
    await console.until(lambda: "Taken back" in console.says)
    assert console.selected == row.id
    console.clock.turn(10)
    await console.settle()
    assert posts(sandbox) == []


async def test_a_key_that_is_held_down_decides_nothing_that_nobody_looked_at(console: Console) -> None:
    rows = console.review.state.rows
    first = next(row for row, after in pairwise(rows) if is_clean(row) and is_clean(after))
    await console.go_to(lambda row: row.id == first.id)
    await console.give("approve")
    await console.until(lambda: console.review.state.detail)
    for _ in range(20):
        await console.give("approve")
        console.clock.turn(0.03)
    assert console.says == "approve: this one came up just now, press again"
    assert len(console.desk.open_decisions) == 1
    await looked_at(console)
    await console.give("approve")
    assert len(console.desk.open_decisions) == 2


async def test_the_next_two_are_read_before_they_are_wanted(console: Console, sandbox: Sandbox) -> None:
    row = await console.go_to(is_clean)
    wanted = [below(console, row, step).id for step in (1, 2)]
    await console.until(lambda: all(console.desk.cached(id_) for id_ in wanted))
    asked = [seen.path for seen in sandbox.seen]
    await console.give("approve")
    assert console.review.state.detail, "it is there in the same frame"
    assert console.review.state.detail.id == wanted[0]
    assert [seen.path for seen in sandbox.seen][: len(asked)] == asked


async def test_the_same_again_with_its_reason(console: Console, steve: Steve) -> None:
    row = await console.go_to(is_clean)
    following = below(console, row)
    await console.press("r", "3")
    await looked_at(console)
    await console.give("repeat")
    assert console.says == f"again: reject, {REASONS[Verb.REJECT][2]}"
    console.clock.turn(6)
    await console.until(lambda: not console.desk.open_decisions)
    for id_ in (row.id, following.id):
        assert (await steve.submissions.get(id_)).reason == REASONS[Verb.REJECT][2]


@pytest.mark.parametrize("console", [Preferences(reasons=(GIVEN, ODD))], indirect=True)
async def test_a_reason_is_filled_anew_from_what_is_shown(console: Console) -> None:
    row = await console.go_to(lambda row: is_clean(row) and row.merchant)
    await console.press("r", "1")
    await looked_at(console)
    following = console.review.state.row
    assert following
    assert following.merchant
    assert following.merchant != row.merchant
    await console.give("repeat")
    reasons = [one.intent.reason for one in console.desk.open_decisions]
    assert reasons == [f"The total of {one.merchant} cannot be read" for one in (row, following)]


@pytest.mark.parametrize("console", [Preferences(reasons=(GIVEN, ODD))], indirect=True)
async def test_a_reason_with_a_gap_is_never_sent_by_a_digit(console: Console) -> None:
    await console.go_to(is_clean)
    await console.press("r", "2")
    assert console.dialog is not None
    assert "{no.such.field} was not read: write it" in console.text()
    assert console.desk.open_decisions == ()


async def test_nothing_is_repeated_where_the_gate_refuses(console: Console) -> None:
    await console.give("repeat")
    assert console.says == "again: nothing was decided yet"
    await console.go_to(is_clean)
    await console.give("approve")
    flagged = await console.go_to(lambda row: row.fraud_status == "flagged")
    await console.give("repeat")
    assert "to resolve first" in console.says
    assert not console.desk.is_open(flagged.id)


async def test_the_way_back_to_what_was_skipped_is_newest_first(console: Console, steve: Steve) -> None:
    first = await console.go_to(is_clean)
    second = below(console, first)
    await console.give("skip")
    await console.give("skip")
    assert console.review.state.facts.skipped == {first.id, second.id}
    await console.give("skipped")
    assert console.selected == second.id
    await console.give("skipped")
    assert console.selected == first.id
    await console.give("skipped")
    assert console.says == "back to skipped: nothing is skipped"
    assert await status_of(steve, first.id) == "review"


async def test_what_was_skipped_is_known_at_the_next_start(sandbox_app: Starlette, tmp_path: Path) -> None:
    memory = Memory()
    async with (
        steve_on(sandbox_app) as steve,
        console_on(steve, tmp_path, size=(140, 40), memory=memory) as console,
    ):
        skipped = console.selected
        await console.give("skip")
    async with (
        steve_on(sandbox_app) as steve,
        console_on(steve, tmp_path, size=(140, 40), memory=memory) as console,
    ):
        assert console.review.state.facts.skipped == {skipped}
        await console.give("skipped")
        assert console.selected == skipped
    assert memory.get("skipped") == []


async def test_what_is_being_decided_cannot_be_skipped(console: Console) -> None:
    row = await console.go_to(is_clean)
    await console.press("a", "k")
    await console.go_to(lambda one: one.id == row.id)
    await console.give("skip")
    assert console.says == "skip: a decision on it is under way"
