"""A reviewer writes down what matters, finds it when the merchant returns, and sees who waits too long."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.model.notes import PastDecision
from review_tui.model.numbers import Stroke
from review_tui.model.preferences import ANY, AgeLimits
from review_tui.model.submissions import Row
from review_tui.store.errors import StoreUnusable
from review_tui.store.journal import Store
from review_tui.ui.screens.note import NoteScreen
from review_tui.workers.notebook import Notebook
from tests.ui.console import STAYING, Console, console_on
from tests.ui.golden import assert_screen
from tests.ui.test_holding import is_clean
from tests.wire import NOON, steve_on

WIDE = (140, 40)
HOUR = 3_600.0
LIMITS = replace(STAYING, ages={ANY: AgeLimits(4 * HOUR, 24 * HOUR)})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The store of this reviewer."""
    store = Store.open(tmp_path / "state" / "acme.db")
    yield store
    store.close()


def of_one_merchant(console: Console) -> tuple[Row, Row]:
    """Two clean submissions of one merchant."""
    rows = [row for row in console.review.state.queue.rows if is_clean(row) and row.merchant]
    often = Counter(row.merchant for row in rows).most_common(1)[0][0]
    first, second, *_ = [row for row in rows if row.merchant == often]
    return first, second


async def go_to(console: Console, row: Row) -> None:
    await console.go_to(lambda other: other.id == row.id)


async def test_a_note_on_the_merchant_is_there_when_the_merchant_returns(console: Console) -> None:
    first, second = of_one_merchant(console)
    await go_to(console, first)
    await console.give("note")
    assert console.dialog is NoteScreen
    await console.press(*"looks fine", "tab", *"pays in cash", "enter")
    assert "note kept · note on the merchant kept" in console.says
    assert "i Note on it" in console.text()
    assert "looks fine" in console.text()
    await go_to(console, second)
    text = console.text()
    assert "i Note on the merchant" in text
    assert "pays in cash" in text
    assert "looks fine" not in text


async def test_notes_are_found_by_the_filter_line(console: Console) -> None:
    first, second = of_one_merchant(console)
    await go_to(console, first)
    await console.give("note")
    await console.press("tab", *"pays in cash", "enter")
    await console.press("slash", *"has:note", "enter")
    shown = {row.id for row in console.review.state.rows}
    assert {first.id, second.id} <= shown
    assert {row.merchant for row in console.review.state.rows} == {first.merchant}
    await console.press("slash", "ctrl+u", *"note:CASH", "enter")
    assert {row.id for row in console.review.state.rows} == shown


async def test_a_note_is_changed_and_taken_away(console: Console) -> None:
    await console.give("note")
    await console.press(*"first", "enter")
    await console.give("note")
    await console.press(*" and second", "enter")
    assert console.review.state.book.notes[console.selected].text == "first and second"
    await console.give("note")
    await console.press("ctrl+u", "enter")
    assert "note taken away" in console.says
    assert not console.review.state.book.notes
    await console.give("note")
    await console.press("enter")
    assert "nothing was changed" in console.says


async def test_a_note_that_was_left_is_still_being_written(console: Console) -> None:
    await console.give("note")
    await console.press(*"half a th", "escape")
    assert not console.review.state.book.notes
    await console.give("note")
    await console.press(*"ought", "enter")
    assert console.review.state.book.notes[console.selected].text == "half a thought"


async def test_a_note_has_lines_and_is_harmless_whatever_is_pasted(console: Console) -> None:
    from textual import events

    await console.give("note")
    await console.press(*"one", "ctrl+j", *"two ")
    console.app.screen.post_message(events.Paste("\x1b]52;c;aGk=\x07" + "x" * 3_000))
    await console.settle()
    assert "! full" in console.text()
    await console.press("enter")
    text = console.review.state.book.notes[console.selected].text
    assert text.startswith("one\ntwo ␛]52;c;aGk=")
    assert len(text) == 2_000
    assert "\x1b" not in console.text()


async def test_notes_and_flags_come_back_at_the_next_start(
    sandbox_app: Starlette, store: Store, tmp_path: Path
) -> None:
    notebook = Notebook(store)
    async with (
        steve_on(sandbox_app) as steve,
        console_on(steve, tmp_path, size=WIDE, notebook=notebook) as console,
    ):
        await console.give("note")
        await console.press(*"kept", "enter")
        await console.give("flag")
        assert "flagged" in console.says
    notebook.close()
    notebook = Notebook(store)
    async with (
        steve_on(sandbox_app) as steve,
        console_on(steve, tmp_path, size=WIDE, notebook=notebook) as console,
    ):
        assert "! Flagged 2026-03-25 12:00" in console.text()
        assert "i Note on it" in console.text()
        await console.press("slash", *"is:flagged", "enter")
        assert [row.id for row in console.review.state.rows] == [console.selected]
        await console.give("flag")
        assert "flag taken off" in console.says
        assert not console.review.state.book.flags
    notebook.close()


async def test_what_was_decided_on_a_merchant_is_told_when_it_returns(
    sandbox_app: Starlette, store: Store, tmp_path: Path
) -> None:
    notebook = Notebook(store)
    async with (
        steve_on(sandbox_app) as steve,
        console_on(steve, tmp_path, size=WIDE, notebook=notebook, journal=store) as console,
    ):
        first, second = of_one_merchant(console)
        await go_to(console, second)
        assert "Same merchant" not in console.text()
        await go_to(console, first)
        await console.give("approve")
        await console.until(lambda: "Approved" in console.says)
        await console.settle()
        assert "Same merchant" not in console.text(), "what is shown is not its own past"
        await go_to(console, second)
        await console.until(lambda: "Same merchant, 1 decision here: 1 approved" in console.text())
        assert first.id[:20] in console.text()
    notebook.close()


class DiskFull(StoreUnusable):
    def __init__(self) -> None:
        super().__init__("no space is left for the store")


class Drawer:
    """Keeps nothing: reading is refused, or writing."""

    def __init__(self, *, reads: bool) -> None:
        self.reads = reads

    def leaves(self) -> list[tuple[str, str, str]]:
        if not self.reads:
            raise DiskFull
        return []

    def keep(self, kind: str, about: str, body: str | None) -> None:
        raise DiskFull

    def past_decisions(self, merchant: str, most: int) -> list[PastDecision]:
        raise DiskFull

    def strokes_since(self, moment: datetime) -> list[Stroke]:
        raise DiskFull


@pytest.mark.parametrize("refuses", ["to read", "to write"])
async def test_what_cannot_be_kept_is_said_and_lasts_until_the_end(
    steve: Steve, tmp_path: Path, refuses: str
) -> None:
    notebook = Notebook(Drawer(reads=refuses == "to write"))
    async with console_on(steve, tmp_path, size=WIDE, notebook=notebook) as console:
        if refuses == "to write":
            await console.give("flag")
        await console.until(lambda: "Not kept: no space is left for the store" in console.says)
        if refuses == "to read":
            await console.give("flag")
        assert "! Flagged" in console.text()
    notebook.close()


async def test_who_waits_too_long_is_told_on_its_row_in_the_header_and_in_its_detail(
    steve: Steve, tmp_path: Path
) -> None:
    async with console_on(steve, tmp_path, size=WIDE, preferences=LIMITS) as console:
        assert "✗ oldest 2 d 21 h" in console.lines()[0]
        rows = "\n".join(console.lines())
        assert "! due    5h" in rows
        assert "✗ late   1d" in rows
        assert "✗ late   3h" not in rows
        await console.go_to(lambda row: row.created and NOON.timestamp() - row.created > 24 * HOUR)
        assert "✗ late: it waits 1 d" in console.text()


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=-1)], ids=["3 h ahead", "a day behind"])
async def test_ages_are_right_with_a_wrong_clock(
    sandbox_app: Starlette, tmp_path: Path, ahead: timedelta
) -> None:
    shown = []
    for start in (NOON, NOON + ahead):
        async with steve_on(sandbox_app) as steve:
            steve._transport.server_clock.note({"date": format_datetime(NOON, usegmt=True)}, start, start)
            assert steve.clock_offset == NOON - start
            async with console_on(steve, tmp_path, size=WIDE, preferences=LIMITS, start=start) as console:
                shown.append([line for line in console.lines() if "live" not in line])
    assert shown[0] == shown[1]
    assert "✗ late   1d" in "".join(shown[1])


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/St_Johns", "Europe/Warsaw"])
def test_ages_are_the_same_in_every_zone(zone: str) -> None:
    from review_tui.ui.render.submissions import age_words, waiting_words

    since = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    now = datetime(2026, 3, 29, 4, 30, tzinfo=UTC)
    assert age_words(since, now.astimezone(ZoneInfo(zone))) == age_words(since, now) == "5h"
    assert waiting_words(since, now.astimezone(ZoneInfo(zone))) == "5 h 30 m"


sizes = pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")


@sizes
async def test_screens(steve: Steve, tmp_path: Path, size: tuple[int, int]) -> None:
    async with console_on(steve, tmp_path, size=size, preferences=LIMITS) as console:
        name = f"{size[0]}x{size[1]}"
        first, second = of_one_merchant(console)
        await go_to(console, first)
        await console.give("flag")
        await console.give("note")
        await console.press(*"the till was out of paper", "tab", *"pays in cash")
        assert_screen(f"dialog-note-{name}", console.text())
        await console.press("enter")
        await console.give("open")
        assert_screen(f"queue-noted-{name}", console.text())
        await console.press("h")
        await go_to(console, second)
        assert_screen(f"queue-ages-{name}", console.text())
