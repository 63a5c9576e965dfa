"""Giving a reason: what can be sent, and what can never be lost or sent by a slip."""

import pytest

from review_tui.model.submissions import REASON_CHARACTERS, Row, Verb
from review_tui.ui.reasons import REASONS, filled
from review_tui.ui.screens.reason import ReasonScreen
from tests.ui.panes import asking
from tests.ui.samples import HOSTILE, a_detail

ROW = Row.of(a_detail())


def rejecting(text: str = "", problem: str = "") -> ReasonScreen:
    return ReasonScreen(Verb.REJECT, ROW, text=text, problem=problem)


async def test_it_says_which_submission_it_is_about() -> None:
    async with asking(rejecting()) as asked:
        for words in ("Reject  Café Łąka", "18.40 PLN", "s1 · order-77"):
            assert words in asked.text()


async def test_a_digit_gives_its_reason_at_once() -> None:
    async with asking(rejecting()) as asked:
        await asked.press("3")
        assert asked.answers == [REASONS[Verb.REJECT][2]]


async def test_an_arrow_picks_one_that_enter_gives() -> None:
    async with asking(rejecting()) as asked:
        await asked.press("down", "down", "up", "up")
        assert asked.answers == []
        assert REASONS[Verb.REJECT][-1] in asked.text()
        await asked.press("enter")
        assert asked.answers == [REASONS[Verb.REJECT][-1]]


async def test_a_digit_gives_another_than_the_one_that_an_arrow_picked() -> None:
    async with asking(rejecting()) as asked:
        await asked.press("down", "2")
        assert asked.answers == [REASONS[Verb.REJECT][1]]


async def test_an_arrow_leaves_alone_what_is_written() -> None:
    async with asking(rejecting()) as asked:
        await asked.press(*"mine", "down", "enter")
        assert asked.answers == ["mine"]


async def test_a_reason_with_a_gap_is_picked_to_be_written_on() -> None:
    reasons = (filled("Number {number} was handed in before", None),)
    async with asking(ReasonScreen(Verb.REJECT, ROW, reasons=reasons)) as asked:
        await asked.press("1")
        assert asked.answers == []
        assert "{number} was not read: write it" in asked.text()
        await asked.press("enter")
        assert asked.answers == [], "a gap is not sent by a key too many"
        await asked.press(*["left"] * 21, *["backspace"] * 8, "7")
        await asked.press("enter")
        assert asked.answers == ["Number 7 was handed in before"]


async def test_digits_are_text_once_something_is_written() -> None:
    async with asking(rejecting()) as asked:
        await asked.press(*"page ", "2", *" of 3", "enter")
        assert asked.answers == ["page 2 of 3"]


async def test_a_picked_reason_can_be_written_on() -> None:
    async with asking(rejecting()) as asked:
        await asked.press(*["down"] * 4, *": order-12", "enter")
        assert asked.answers == [f"{REASONS[Verb.REJECT][3]}: order-12"]


async def test_a_digit_without_a_reason_says_so() -> None:
    async with asking(rejecting()) as asked:
        await asked.press("9")
        assert "no reason has the digit 9" in asked.text()


@pytest.mark.parametrize("keys", [(), ("space", "space"), ("down", "ctrl+u")], ids=str)
async def test_an_empty_rejection_is_refused_with_words(keys: tuple[str, ...]) -> None:
    async with asking(rejecting()) as asked:
        await asked.press(*keys, "enter", "enter")
        assert asked.answers == []
        assert "a reason is needed" in asked.text()


@pytest.mark.parametrize("verb", [Verb.REJECT, Verb.CANCEL])
async def test_the_key_that_opened_it_only_writes(verb: Verb) -> None:
    async with asking(ReasonScreen(verb, ROW)) as asked:
        key = "r" if verb is Verb.REJECT else "c"
        await asked.press(key, key, key)
        assert asked.answers == []
        assert key * 3 in asked.text()


async def test_q_and_other_commands_are_letters_here() -> None:
    async with asking(rejecting()) as asked:
        await asked.press(*"quixotic?", "enter")
        assert asked.answers == ["quixotic?"]


@pytest.mark.parametrize("key", ["escape", "ctrl+g"])
async def test_it_is_left_without_doing_anything(key: str) -> None:
    async with asking(rejecting()) as asked:
        await asked.press("down", key)
        assert asked.answers == [None]


async def test_a_cancel_needs_a_reason_or_the_word_that_there_is_none() -> None:
    async with asking(ReasonScreen(Verb.CANCEL, ROW)) as asked:
        await asked.press("enter", "enter")
        assert asked.answers == []
        assert "press 0 for none" in asked.text()
        await asked.press("0")
        assert asked.answers == [""]


async def test_after_a_failed_send_it_comes_back_with_the_text_and_the_problem() -> None:
    async with asking(rejecting("typed with care", "The server did not answer")) as asked:
        assert "typed with care" in asked.text()
        assert "! The server did not answer" in asked.text()
        await asked.press("enter")
        assert asked.answers == ["typed with care"]


async def test_a_paste_is_text_whatever_it_holds_and_is_seen_before_it_is_sent() -> None:
    async with asking(rejecting()) as asked:
        await asked.paste(f"{HOSTILE}\nsecond line\r\n")
        assert asked.answers == []
        assert "␛]52" in asked.text()
        await asked.press("enter")
        (answer,) = asked.answers
        assert isinstance(answer, str)
        assert answer.endswith("second line")
        assert not any(char in answer for char in "\x1b\x07\x9b\u202e\u200b\r")


async def test_a_pasted_digit_is_text() -> None:
    async with asking(rejecting()) as asked:
        await asked.paste("1")
        await asked.press("enter")
        assert asked.answers == ["1"]


async def test_it_is_full_at_the_limit_and_says_what_was_left_out() -> None:
    async with asking(rejecting("x" * (REASON_CHARACTERS - 1))) as asked:
        await asked.press("y")
        assert f"{REASON_CHARACTERS} of {REASON_CHARACTERS}" in asked.text()
        await asked.paste("more")
        assert "4 characters were left out" in asked.text()
        await asked.press("enter")
        assert asked.answers == ["x" * (REASON_CHARACTERS - 1) + "y"]


async def test_the_text_is_edited_where_the_caret_is() -> None:
    async with asking(rejecting("one three")) as asked:
        await asked.press(*["left"] * 5, *"two ", "end", "backspace", "home", "delete", *"O", "enter")
        assert asked.answers == ["One two thre"]


async def test_the_box_never_jumps_while_one_writes() -> None:
    async with asking(rejecting()) as asked:
        edges = [line.startswith((" s╭", "  ╭", "╭")) for line in asked.text().split("\n")]
        await asked.press("enter", *"word " * 3)
        await asked.paste("many words " * 50)
        assert [line.startswith((" s╭", "  ╭", "╭")) for line in asked.text().split("\n")] == edges


async def test_on_the_lowest_screen_text_problem_and_keys_are_all_seen() -> None:
    async with asking(rejecting("my words", "no answer"), size=(60, 15)) as asked:
        for words in ("my words", "no answer", "enter rejects it", "esc back", "1  The document"):
            assert words in asked.text()
