"""How many keys a decision takes, from one submission to the next: docs/keystrokes.md."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.preferences import Preferences
from review_tui.model.submissions import Row, Verb
from review_tui.ui.reasons import REASONS
from tests.ui.console import Console, console_on
from tests.ui.test_bulk import all_read, mark, over
from tests.ui.test_filtering import filtered
from tests.ui.test_holding import HOLD, is_clean


@pytest.fixture
async def console(steve: Steve, tmp_path: Path) -> AsyncIterator[Console]:
    """A console as a newcomer gets it."""
    async with console_on(steve, tmp_path, size=(140, 40), hold=HOLD, preferences=Preferences()) as found:
        yield found


async def decided_with(console: Console, keys: str) -> str:
    """Press keys; make sure that another submission is on the screen, and return the one before."""
    before = console.selected
    for key in keys.split():
        await console.press(key)
    assert console.selected != before
    assert console.dialog is None
    return before


async def status_at_last(console: Console, steve: Steve, id_: str) -> str:
    """Return what becomes of it when no key is pressed any more."""
    for _ in range(6):
        console.clock.turn(3)
        await console.settle()
    await console.until(lambda: not console.desk.open_decisions and not console.review.state.waiting)
    return (await steve.submissions.get(id_)).status


async def test_a_clean_one_takes_one_key(console: Console, steve: Steve) -> None:
    await console.go_to(is_clean)
    approved = await decided_with(console, "a")
    assert await status_at_last(console, steve, approved) == "approved"


async def test_a_rejection_with_a_canned_reason_takes_two(console: Console, steve: Steve) -> None:
    await console.go_to(is_clean)
    rejected = await decided_with(console, "r 2")
    assert await status_at_last(console, steve, rejected) == "rejected"
    assert (await steve.submissions.get(rejected)).reason == REASONS[Verb.REJECT][1]


async def test_two_false_positives_and_the_approval_take_four(console: Console, steve: Steve) -> None:
    flagged = [row.id for row in console.review.state.rows if row.fraud_status == "flagged"]
    details = [await steve.submissions.get(id_) for id_ in flagged[:20]]
    wanted = next(detail.id for detail in details if len(detail.open_matches or ()) == 2)
    await console.go_to(lambda row: row.id == wanted)
    assert await decided_with(console, "m f f a") == wanted
    assert await status_at_last(console, steve, wanted) == "approved"


async def test_the_same_again_takes_one(console: Console, steve: Steve) -> None:
    await console.go_to(is_clean)
    await decided_with(console, "c 0")
    console.clock.turn(1)
    await console.until(lambda: console.review.state.detail)
    again = await decided_with(console, "full_stop")
    assert await status_at_last(console, steve, again) == "cancelled"


async def test_passing_takes_one_and_so_does_coming_back(console: Console) -> None:
    passed = await decided_with(console, "s")
    await console.press("S")
    assert console.selected == passed


async def test_taking_back_takes_one_and_leads_back(console: Console) -> None:
    await console.go_to(is_clean)
    approved = await decided_with(console, "a")
    await console.press("u")
    assert console.selected == approved
    assert not console.desk.open_decisions


async def shown_by(console: Console, line: str, count: int | None = None) -> tuple[Row, ...]:
    """Show what fits a filter line, from the first on, and return it; with `count` so many of it."""
    await filtered(console, line)
    await console.until(lambda: console.review.state.queue.complete)
    await console.press("g")
    rows = tuple(console.review.state.rows)
    assert len(rows) >= (count or 1)
    return rows[:count]


async def confirmed_with(console: Console, keys: str) -> set[str]:
    """Press keys, reading the sheet before the last of them confirms it; return what is decided on."""
    *before, last = keys.split()
    earlier = console.review.state.bulk
    for key in before:
        await console.press(key)
    await all_read(console)
    await console.press(last)
    assert console.dialog is None
    await console.until(lambda: console.review.state.bulk is not earlier)
    bulk = console.review.state.bulk
    assert bulk is not None
    return {item.intent.submission_id for item in bulk.items}


async def test_approving_all_that_is_shown_takes_three_and_taking_it_back_one(console: Console) -> None:
    rows = await shown_by(console, "fraud:clean workflow:invoice-intake")
    assert 1 < len(rows) <= 20
    assert await confirmed_with(console, "* a enter") == {row.id for row in rows}
    await console.press("u")
    assert f"{len(rows)} not sent: you took it back" in console.says


async def test_rejecting_marked_ones_takes_one_each_and_three(console: Console, steve: Steve) -> None:
    rows = await shown_by(console, "fraud:clean", 3)
    assert await confirmed_with(console, "space space space r 2 enter") == {row.id for row in rows}
    await over(console)
    for row in rows:
        assert (await steve.submissions.get(row.id)).reason == REASONS[Verb.REJECT][1]


async def test_judging_and_approving_marked_ones_takes_one_each_and_four(
    console: Console, steve: Steve
) -> None:
    marked = set(await mark(console, "flagged", 2))
    assert await confirmed_with(console, "f enter") == marked
    await over(console)
    assert await confirmed_with(console, "a enter") == marked
    await over(console)
    for id_ in marked:
        assert (await steve.submissions.get(id_)).status == "approved"


async def test_more_than_twenty_take_the_digits_of_their_count_besides(console: Console) -> None:
    rows = await shown_by(console, "fraud:clean")
    assert 20 < len(rows) < 100
    digits = " ".join(str(len(rows)))
    assert await confirmed_with(console, f"* a {digits} enter") == {row.id for row in rows}
