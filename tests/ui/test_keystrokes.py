"""How many keys a decision takes, from one submission to the next: docs/keystrokes.md."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.preferences import Preferences
from review_tui.model.submissions import Verb
from review_tui.ui.reasons import REASONS
from tests.ui.console import Console, console_on
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
