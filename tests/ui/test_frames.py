"""What the terminal is sent: one frame a key, within a budget of bytes, and nothing while nothing changes."""

from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.preferences import Preferences
from review_tui.ui.render.line import Line
from review_tui.ui.render.submissions import age_words
from review_tui.ui.terminal.difference import Abilities
from review_tui.ui.widgets import strips
from review_tui.ui.widgets.lines import LineView
from tests.ui.console import Console, console_on
from tests.ui.terminal.frames import Emulated

SIZE = (120, 40)
AHEAD = 0.5
"""Seconds after which what is read ahead is there."""


class Far:
    """The terminal at which a console is seen, and what reaches it, frame by frame."""

    def __init__(self, console: Console) -> None:
        self._console = console
        size = console.app.size
        self._terminal = Emulated(
            Abilities(repeats=True, fills=True, falls=True), width=size.width, height=size.height
        )
        self._drawn = 0

    def take(self) -> list[bytes]:
        """Return the frames that were sent since the last time; what changed nothing is not sent."""
        self._terminal.sent.clear()
        for frame in self._console.app.frames[self._drawn :]:
            self._terminal.draw(frame)
        self._drawn = len(self._console.app.frames)
        return [sent.encode() for sent in self._terminal.sent]

    async def after(self, *keys: str) -> list[bytes]:
        """Press keys; return the frames that were sent for them. What is read ahead is there before."""
        self._console.clock.turn(AHEAD)
        await self._console.settle()
        self.take()
        await self._console.press(*keys)
        return self.take()


@pytest.mark.parametrize("console", [SIZE, (100, 30), (80, 24)], indirect=True)
async def test_a_key_is_one_frame(console: Console) -> None:
    far = Far(console)
    for key in ("pagedown", "G", "g", "pageup"):
        await far.after(key)  # what is far away is read now
    for key in ("j", "k", "pagedown", "pageup", "G", "g", "space", "s", "S", "l", "tab", "h"):
        assert len(await far.after(key)) == 1, key


async def test_a_dialog_opens_and_goes_in_one_frame_each(console: Console) -> None:
    far = Far(console)
    for opens in ("r", "c", "question_mark", "U", "ctrl+p", "comma", "number_sign"):
        assert len(await far.after(opens)) == 1, opens
        assert len(await far.after("escape")) == 1, opens


async def test_what_is_typed_in_the_filter_line_is_a_frame_a_letter(console: Console) -> None:
    far = Far(console)
    for key in ("slash", *"fraud"):
        assert len(await far.after(key)) == 1, key


async def test_a_decision_shows_the_next_one_in_the_frame_of_its_key(steve: Steve, tmp_path: Path) -> None:
    hold = {"approve": 30.0}
    async with console_on(steve, tmp_path, size=SIZE, preferences=Preferences(), hold=hold) as console:
        await console.go_to(lambda row: row.fraud_status == "clean")
        far, before = Far(console), console.selected
        frames = await far.after("a")
        assert console.selected != before
        assert console.review.state.detail is not None
        assert len(frames) == 1


async def test_a_line_is_made_for_drawing_once(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    draw = strips.pieces_of

    def counted(line: Line, *given: object) -> object:
        made.append(line)
        return draw(line, *given)  # type: ignore[arg-type]  # it is handed on

    await console.press("j", "k")
    monkeypatch.setattr(strips, "pieces_of", counted)
    await console.press("j", "k")
    assert made == [], "both were drawn before"
    await console.press("down", "down")
    assert made, "another was not"


async def test_no_key_asks_for_a_layout(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    refresh = LineView.refresh

    def watched(self: LineView, *regions: object, layout: bool = False, **named: object) -> object:
        asked.extend([self] * layout)
        return refresh(self, *regions, layout=layout, **named)  # type: ignore[arg-type]  # it is handed on

    monkeypatch.setattr(LineView, "refresh", watched)
    await console.press("j", "k", "pagedown", "space", "s", "l", "tab", "h")
    assert asked == []


class TestBudget:
    """Bytes, on a screen of 120 × 40 with the detail beside the list: the next size up is somebody's wait."""

    @pytest.fixture
    async def far(self, steve: Steve, tmp_path: Path) -> object:
        """A console of that size."""
        async with console_on(steve, tmp_path, size=SIZE) as console:
            yield Far(console)

    async def test_the_start_is_one_picture(self, far: Far) -> None:
        assert sum(map(len, far.take())) < 8_000

    async def test_another_submission_with_its_detail(self, far: Far) -> None:
        sent = [len(frame) for _ in range(12) for frame in await far.after("j")]
        assert sum(sent) / len(sent) < 1_100

    async def test_a_page(self, far: Far) -> None:
        assert sum(map(len, await far.after("pagedown"))) < 3_900

    async def test_a_dialog(self, far: Far) -> None:
        assert sum(map(len, await far.after("r"))) < 2_000
        assert sum(map(len, await far.after("escape"))) < 2_400


async def test_at_rest_and_after_a_poll_that_brings_nothing_new_no_byte_is_sent(console: Console) -> None:
    far = Far(console)
    await far.after()
    for _ in range(3):
        await console.poll()
    assert far.take() == []


async def test_what_changes_under_a_dialog_is_drawn_and_then_the_screen_rests(console: Console) -> None:
    await console.press("question_mark")
    console.review.hint("somebody has decided it")
    await console.settle()
    assert "somebody has decided it" in console.text()
    asked = len(console.app.frames)
    await console.pilot.pause(0.2)
    assert len(console.app.frames) == asked


async def test_a_screen_at_rest_sends_an_age_when_it_changes_and_nothing_else(console: Console) -> None:
    far = Far(console)
    await far.after()
    for _ in range(10):
        before = console.text()
        console.clock.turn(60)
        console.review.show_state()
        await console.settle()
        assert bool(far.take()) == (console.text() != before)
        rows = console.review.state.rows[:10]
        ages = [age_words(row.created_at, console.review.now()) for row in rows]
        shown = [line.split("│")[0].split() for line in console.lines()]
        assert [age for words in shown for age in words[-1:] if age in ages][: len(ages)] == ages
