"""A reviewer looks at their own numbers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from review_tui.client.steve import Steve
from review_tui.model.decisions import Stage
from review_tui.model.numbers import Hour, Tally
from review_tui.model.preferences import Preferences
from review_tui.model.submissions import Verb
from review_tui.store.journal import Store
from review_tui.ui.render.line import Role
from review_tui.ui.render.numbers import PRIVATE, NumbersView, numbers_lines, span
from review_tui.ui.screens.numbers_screen import NumbersScreen
from review_tui.workers.notebook import Notebook
from tests.store.records import decided, kept
from tests.ui.console import Console, console_on
from tests.ui.golden import assert_screen
from tests.ui.test_holding import is_clean
from tests.wire import NOON

NOTHING = Tally(dict.fromkeys(Verb, 0))
WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """The log of this reviewer: five approvals in the hours before, one taken back, two of yesterday."""
    store = Store.open(tmp_path / "state" / "acme.db", now=lambda: NOON)
    for minutes in (-1_440, -1_439, -182, -181, -123, -62, -61):
        _log(store, minutes, Stage.DONE)
    _log(store, -60, Stage.TAKEN_BACK)
    yield store
    store.close()


def _log(store: Store, minutes: float, end: Stage) -> None:
    intent = decided(f"k{minutes}")
    way = [Stage.HELD, Stage.SENDING, end] if end is Stage.DONE else [Stage.HELD, end]
    for stage in way:
        store.write(kept(intent, stage, after=60 * minutes))


async def decide(console: Console, seconds: float, command: str = "approve") -> None:
    """Look at the next clean submission for so long, then decide on it."""
    await console.go_to(is_clean)
    console.clock.turn(seconds)
    await console.settle()
    before = len(console.review.state.queue)
    await console.give(command)
    await console.until(lambda: len(console.review.state.queue) < before)


def row(console: Console, name: str) -> str:
    """What the dialog says in the row of that name."""
    (line,) = (line for line in console.lines() if f" {name}  " in line)
    return " ".join(line.partition(name)[2].partition("│")[0].split())


async def test_this_session_and_today_are_told_beside_each_other(
    steve: Steve, store: Store, tmp_path: Path
) -> None:
    notebook = Notebook(store)
    async with console_on(
        steve, tmp_path, notebook=notebook, journal=store, preferences=Preferences()
    ) as console:
        for seconds in (20, 40, 60):
            await decide(console, seconds)
        left = sum(row.status == "review" for row in console.review.state.rows)
        await console.give("numbers")
        assert console.dialog is NumbersScreen
        await console.until(lambda: "no log" not in console.text() and "reading" not in console.text())
        assert row(console, "decided") == "3 8"
        assert row(console, "approved") == "3 8"
        assert row(console, "taken back") == "0 of 3, 0 % 1 of 9, 11 %"
        assert row(console, "time on one, median").startswith("40 s")
        assert f"{left} left to decide in this view; at this pace about " in console.text()
        assert "most from 12:00" in console.text()
        assert PRIVATE.partition(".")[0] in console.text()
        await console.give("numbers")
        assert console.dialog is None
    notebook.close()


async def test_what_is_decided_while_they_are_shown_is_counted_at_once(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path, hold={Verb.APPROVE: 5.0}) as console:
        await console.go_to(is_clean)
        await console.give("approve")
        await console.give("numbers")
        assert "Nothing is decided yet in this session; no log is kept." in console.text()
        console.clock.turn(6)
        await console.until(lambda: "no log is kept" in console.text())
        assert row(console, "decided") == "1 no log is kept"
        await console.press("escape")


async def test_what_was_taken_back_is_counted_as_such(steve: Steve, tmp_path: Path) -> None:
    async with console_on(steve, tmp_path, hold={Verb.APPROVE: 5.0}) as console:
        await console.go_to(is_clean)
        await console.give("approve")
        await console.give("undo")
        await console.give("numbers")
        await console.until(lambda: "taken back" in console.text())
        assert row(console, "decided").startswith("0")
        assert row(console, "taken back").startswith("1 of 1, 100 %")


async def test_a_log_that_cannot_be_read_is_not_taken_for_an_idle_day(
    steve: Steve, store: Store, tmp_path: Path
) -> None:
    notebook = Notebook(store)
    async with console_on(steve, tmp_path, notebook=notebook) as console:
        store.close()
        await console.give("numbers")
        await console.until(lambda: "the log could not be read" in console.text())
        assert "decided yet in this session" in console.text()
    notebook.close()


def told(view: NumbersView, width: int = 72) -> str:
    return "\n".join("".join(text for text, _ in line) for line in numbers_lines(view, width))


def at(hour: int, day: int = 25) -> datetime:
    return datetime(2026, 3, day, hour, 30, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.1, "1 min"),
        (7.2, "8 min"),
        (20, "20 min"),
        (21, "25 min"),
        (58, "1 h"),
        (66, "1 h 10 min"),
        (119, "2 h"),
        (599, "10 h"),
        (640, "11 h"),
        (610, "10 h"),
    ],
)
def test_what_is_foreseen_is_said_no_finer_than_it_is_known(minutes: float, said: str) -> None:
    assert span(timedelta(minutes=minutes)) == said


def test_before_the_first_decision_it_says_so_kindly() -> None:
    view = NumbersView(at(9), at(9), NOTHING, NOTHING, remaining=12)
    assert "Nothing is decided yet today. The first decision starts the count." in told(view)
    assert "12 left to decide in this view." in told(view)
    assert "this session" not in told(view)
    unread = replace(view, today=None, lacking="reading the log")
    assert "Nothing is decided yet in this session; reading the log." in told(unread)


def test_with_nothing_left_it_says_so() -> None:
    view = NumbersView(at(9), at(9), NOTHING, NOTHING)
    assert "Nothing is left to decide in this view." in told(view)
    assert "Nothing is left in what is loaded." in told(replace(view, exact=False))


def test_a_queue_that_is_not_loaded_whole_is_at_least_so_long() -> None:
    view = NumbersView(at(9), at(9), NOTHING, NOTHING, remaining=400, exact=False, left=timedelta(hours=5))
    assert "≥ 400 left to decide in this view; at this pace at least 5 h." in told(view)


def test_the_last_hours_are_bars_with_words_and_zero_is_no_bar() -> None:
    began = at(9).astimezone(UTC).replace(minute=0)
    counts = [0, 1, 40, 20, 80]
    hours = [Hour(began + timedelta(hours=index), count) for index, count in enumerate(counts)]
    view = NumbersView(at(9), at(13), Tally({**NOTHING.done, Verb.APPROVE: 1}), hours=hours)
    assert "09 ·▁▄▂█ 13   decided by the hour; most from 13:00 on: 80" in told(view)
    assert "most from" not in told(replace(view, hours=[Hour(began, 0)]))


@pytest.mark.parametrize("width", [20, 40, 72])
def test_no_line_is_wider_than_the_box(width: int) -> None:
    hours = [Hour(NOON, 4)]
    view = NumbersView(
        at(9), at(13), replace(NOTHING, taken_back=3), remaining=1, left=timedelta(1), hours=hours
    )
    assert all(len(line) <= width for line in told(view, width).splitlines())
    assert {role for line in numbers_lines(view, width) for _, role in line} <= set(Role)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=["80x24", "140x40"])
async def test_screens(steve: Steve, store: Store, tmp_path: Path, size: tuple[int, int]) -> None:
    notebook = Notebook(store)
    async with console_on(
        steve, tmp_path, size=size, notebook=notebook, journal=store, preferences=Preferences()
    ) as console:
        for seconds in (20, 40, 60):
            await decide(console, seconds)
        await console.give("numbers")
        await console.until(lambda: row(console, "decided") == "3 8")
        assert_screen(f"dialog-numbers-{size[0]}x{size[1]}", console.text())
    notebook.close()
