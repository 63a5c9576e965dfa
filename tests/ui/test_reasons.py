"""Reasons: canned ones with their gaps, and one's own words again, by digit."""

from pathlib import Path

from review_tui.client.steve import Steve
from review_tui.model.preferences import CannedReason, Preferences
from review_tui.model.submissions import Row, Verb
from review_tui.ui.draft import Draft
from review_tui.ui.reasons import DIGITS, REASONS, Recent, filled, reasons_for
from review_tui.ui.render.reason import ReasonView, reason_lines
from review_tui.ui.screens.reason import ReasonScreen
from review_tui.workers.memory import Memory
from tests.ui.console import console_on
from tests.ui.panes import asking
from tests.ui.samples import HOSTILE, a_detail
from tests.ui.test_holding import is_clean

ROW = Row.of(a_detail())


def test_one_s_own_words_are_offered_behind_the_canned_the_newest_first() -> None:
    memory = Memory()
    recent = Recent(memory)
    for text in ("one", "two", "three", "four", "two"):
        recent.put(Verb.REJECT, text)
    recent.put(Verb.CANCEL, "mine")
    assert [reason.text for reason in recent.of(Verb.REJECT)] == ["two", "four", "three"]
    canned = reasons_for(Verb.REJECT, (CannedReason(Verb.REJECT, "two"),), None, None)
    assert [reason.text for reason in recent.of(Verb.REJECT, canned)] == ["four", "three", "one"]
    many = tuple(filled(f"canned {number}", None) for number in range(DIGITS - 1))
    assert [reason.text for reason in recent.of(Verb.REJECT, many)] == ["two"]
    assert [reason.text for reason in Recent(memory).of(Verb.CANCEL)] == ["mine"]


def test_what_is_remembered_of_another_shape_or_hostile_does_no_harm() -> None:
    memory = Memory()
    memory.put("recent-reasons", {"reject": [HOSTILE, 7, "", "kept"], "cancel": "no list"})
    texts = [reason.text for reason in Recent(memory).of(Verb.REJECT)]
    assert texts[-1] == "kept"
    assert not any(char in "".join(texts) for char in "\x1b\x07\x9b\u202e")
    assert Recent(memory).of(Verb.CANCEL) == ()
    memory.put("recent-reasons", ["what"])
    assert Recent(memory).of(Verb.REJECT) == ()


def test_a_hostile_field_is_clean_in_a_reason() -> None:
    detail = a_detail(extractedData={"merchantName": HOSTILE})
    text = filled("From {merchantName} again", detail).text
    assert text.startswith("From ")
    assert not any(char in text for char in "\x1b\x07\x9b\u202e")


async def test_what_was_written_for_one_is_given_to_the_next_by_a_digit(steve: Steve, tmp_path: Path) -> None:
    memory = Memory()
    async with console_on(steve, tmp_path, preferences=Preferences(), memory=memory) as console:
        await console.go_to(is_clean)
        first = console.selected
        await console.press("r", *"cut off below", "enter")
        console.clock.turn(1)
        await console.until(lambda: console.review.state.detail)
        second = console.selected
        await console.press("r")
        digit = str(len(REASONS[Verb.REJECT]) + 1)
        assert f"{digit}  cut off below" in console.text()
        await console.press(digit)
        await console.until(lambda: not console.desk.open_decisions)
        for id_ in (first, second):
            assert (await steve.submissions.get(id_)).reason == "cut off below"


async def test_a_gap_is_not_sent_however_the_rest_was_written() -> None:
    reasons = (filled("Number {number} was handed in before", None),)
    async with asking(ReasonScreen(Verb.REJECT, ROW, reasons=reasons)) as asked:
        await asked.press("1", *", twice", "enter")
        assert asked.answers == []
        assert "{number} was not read: write it" in asked.text()


def test_more_reasons_than_there_is_room_for_leave_the_words_and_the_keys_in_sight() -> None:
    reasons = [f"reason {number}" for number in range(1, 10)]
    for chosen in ("", "reason 9"):
        view = ReasonView(Verb.CANCEL, ROW, reasons, Draft.of(chosen), compact=True)
        lines = ["".join(text for text, _ in line) for line in reason_lines(view, 56, 13)]
        assert len(lines) == 13
        assert lines[-1].startswith("enter")
        assert any("more: a digit gives them" in line for line in lines)
        assert any("reason 9" in line for line in lines) == bool(chosen)
