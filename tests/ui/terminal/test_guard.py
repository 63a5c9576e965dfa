"""What counts as typed: hands pass, whatever a terminal, a link or a clipboard sends does not decide."""

from collections.abc import Iterable
from random import Random

import pytest

from review_tui.ui.terminal.driver import escape_delay_here
from review_tui.ui.terminal.guard import (
    ESCAPE_DELAY,
    ESCAPE_DELAY_AFAR,
    ESCAPE_DELAY_MOST,
    WARY,
    Guard,
    Ignored,
    Input,
    Paste,
    Press,
    PressEscape,
)
from review_tui.ui.terminal.tokens import KEPT

MOVING = "jkghlG"


class Hand:
    """A guard, a clock, and what came through."""

    def __init__(self, *, escape_delay: float = ESCAPE_DELAY, mouse: bool = False) -> None:
        self.guard = Guard(MOVING, escape_delay=escape_delay, mouse=mouse)
        self.now = 100.0
        self.came: list[Input] = []

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while (deadline := self.guard.deadline) is not None and deadline <= end:
            self.came += self.guard.tick(deadline)
        self.now = end

    def send(self, *reads: str | bytes, pause: float = 0.0) -> None:
        for read in reads:
            self.came += self.guard.feed(read if isinstance(read, bytes) else read.encode(), self.now)
            self.wait(pause)

    def finish(self) -> list[Input]:
        self.wait(10)
        return self.came


def presses(came: Iterable[Input]) -> str:
    return "".join(taken.sequence for taken in came if isinstance(taken, Press))


def test_a_lone_key_is_typed_after_it_was_seen_to_stay_alone() -> None:
    hand = Hand()
    hand.send("a")
    assert hand.came == []
    hand.wait(0.016)
    assert hand.came == [Press("a")]


def test_a_hand_at_twelve_keys_a_second_loses_nothing() -> None:
    hand, random = Hand(), Random(3)
    typed = "".join(random.choice("arcfxjkghlmR .,;äł€漢\r\t\x7f\x10") for _ in range(10_000))
    for character in typed:
        hand.send(character, pause=random.uniform(0.025, 0.14))
    assert presses(hand.finish()) == typed
    assert len(hand.came) == len(typed)


def test_a_held_key_repeats_at_once_also_when_several_arrive_together() -> None:
    hand = Hand()
    for together in (1, 1, 4, 2, 7):
        hand.send("j" * together)
        assert presses(hand.came).endswith("j" * together), "moving never waits"
        hand.wait(0.033)
    hand.send("\x1b[B" * 5, "\x7f\x7f\x7f")
    assert presses(hand.finish()) == "j" * 15 + "\x1b[B" * 5 + "\x7f" * 3


@pytest.mark.parametrize("between", [0.0, 0.005, 0.014])
@pytest.mark.parametrize("pair", ["ar", "aj", "ja", "a\r", "aa", "a\x10"])
def test_two_that_come_too_close_are_no_keys(pair: str, between: float) -> None:
    hand = Hand()
    hand.send(*pair, pause=between)
    assert "a" not in presses(hand.finish())
    assert "\r" not in presses(hand.came)


def test_a_pasted_text_stays_together_and_is_no_key() -> None:
    hand = Hand()
    hand.send("a merchant\r\nwith two lines\x10")
    assert hand.finish() == [Paste("a merchant\n\nwith two lines", 27)]


def test_what_is_typed_too_fast_into_an_input_keeps_its_corrections() -> None:
    hand = Hand()
    hand.send("fax\x7fr")
    assert hand.finish() == [Paste("far", 5)]


def test_a_marked_paste_is_one_paste_wherever_it_is_cut() -> None:
    text = "approve\x1b[Aa\r\x1b]0;x\x07 café"
    data = f"\x1b[200~{text}\x1b[201~".encode()
    for place in range(1, len(data)):
        hand = Hand(escape_delay=ESCAPE_DELAY_AFAR)
        hand.send(data[:place], data[place:], pause=0.4)
        assert hand.finish() == [Paste(text, len(text))], place


def test_a_huge_paste_is_cut_off_and_its_end_is_still_found() -> None:
    data = b"\x1b[200~" + b"x" * (KEPT + 5_000) + b"\x1b[201~"
    hand = Hand()
    hand.send(*(data[at : at + 4093] for at in range(0, len(data), 4093)), pause=0.001)
    hand.wait(1)
    hand.send("a")
    assert hand.finish() == [Paste("x" * KEPT, KEPT), Press("a")]


def test_a_paste_that_breaks_out_of_its_marks_decides_nothing() -> None:
    hand = Hand()
    hand.send("\x1b[200~x\x1b[201~a", pause=1)
    hand.send("\x1b[200~x\x1b[201~", "a", pause=0.3)
    hand.wait(1)
    hand.send("\x1b[200~x\x1b[201~\r", pause=1)
    hand.send("\x1b[200~never ended, then", pause=2)
    assert presses(hand.finish()) == ""


def test_after_a_paste_a_lone_key_is_not_believed_for_a_while() -> None:
    hand = Hand()
    hand.send("not typed", pause=WARY - 0.05)
    hand.send("a", pause=WARY + 0.1)
    assert presses(hand.came) == ""
    hand.send("a")
    assert presses(hand.finish()) == "a"


def test_while_wary_moving_goes_on() -> None:
    hand = Hand()
    hand.send("not typed", pause=0.1)
    hand.send("j", "k", "\x03", pause=0.1)
    assert presses(hand.finish()) == "jk"
    assert hand.came[-1] == Ignored(1)


@pytest.mark.parametrize(
    "sequence", ["\x1b[A", "\x1b[1;5C", "\x1b[15~", "\x1bOP", "\x1bOa", "\x1b[[A", "\x1b[Z"]
)
@pytest.mark.parametrize("pause", [0.02, 0.1, 0.2, 0.4])
def test_a_key_cut_by_a_slow_link_stays_the_key_it_is(sequence: str, pause: float) -> None:
    for place in range(1, len(sequence)):
        hand = Hand(escape_delay=ESCAPE_DELAY_AFAR)
        hand.send(sequence[:place], sequence[place:], pause=pause)
        assert hand.finish() == [Press(sequence)]


@pytest.mark.parametrize("delay", [ESCAPE_DELAY, ESCAPE_DELAY_AFAR])
@pytest.mark.parametrize(
    "sequence", ["\x1b[A", "\x1bOc", "\x1ba", "\x1b[?62;22c", "\x1b]11;rgb:ff/ff/ff\x07"]
)
def test_a_cut_sequence_never_ends_in_letters(sequence: str, delay: float) -> None:
    for place in range(1, len(sequence)):
        hand = Hand(escape_delay=delay)
        hand.send(sequence[:place], sequence[place:], pause=0.4)
        assert not {"a", "c", "A", "r", "f"} & set(presses(hand.finish()).replace(sequence, ""))


def test_escape_is_a_key_that_waits_for_company_and_leaves_a_hush_behind() -> None:
    hand = Hand()
    hand.send("\x1b", pause=0.09)
    assert hand.came == []
    hand.wait(0.02)
    assert hand.came == [PressEscape()]
    hand.send("j", "a", pause=0.1)
    assert hand.finish()[1:] == [Press("j"), Paste("a", 1)]


def test_escape_then_a_key_by_hand_are_both_seen() -> None:
    hand = Hand(escape_delay=ESCAPE_DELAY_AFAR)
    hand.send("\x1b", "j", pause=0.08)
    assert hand.finish() == [PressEscape(), Press("j")]


@pytest.mark.parametrize(
    "answer",
    [
        "\x1b[?62;22c",
        "\x1b[24;80R",
        "\x1b]11;rgb:1e/1e/1e\x1b\\",
        "\x1bP>|tmux 3.4\x1b\\",
        "\x1b[M#ac",
        "\x1b[?0u",
    ],
)
def test_an_answer_is_dropped_and_the_next_key_by_hand_is_not(answer: str) -> None:
    hand = Hand()
    hand.send(answer, "a", pause=0.08)
    assert hand.finish() == [Press("a")]


def test_a_mode_report_passes_and_takes_no_key_with_it() -> None:
    hand = Hand()
    hand.send("\x1b[?2026;2$ya\x1b[?2026;2$y")
    assert hand.finish() == [Press("\x1b[?2026;2$y"), Press("\x1b[?2026;2$y"), Press("a")]


@pytest.mark.parametrize("mode", [2026, 2004, 1004, 25])
@pytest.mark.parametrize("parts", [("\x1b\x1b[?{};2$y",), ("\x1b", "\x1b[?{};2$y"), ("\x1b[?{};2$y\x1b",)])
def test_escape_is_escape_also_beside_the_answer_to_a_frame(parts: tuple[str, ...], mode: int) -> None:
    hand = Hand()
    hand.send(*(part.format(mode) for part in parts), pause=0.004)
    assert sorted(map(type, hand.finish()), key=str) == [Press, PressEscape]


def test_the_mouse_is_heard_only_where_it_is_wanted() -> None:
    report = "\x1b[<0;12;5M"
    deaf, hearing = Hand(), Hand(mouse=True)
    deaf.send(report)
    hearing.send(report, "\x1b[<0;NaN;NaNM", pause=0.1)
    assert deaf.finish() == []
    assert presses(hearing.finish()) == report


def test_a_string_that_never_ends_gives_the_keyboard_back() -> None:
    hand = Hand()
    hand.send("\x1b]typed after Alt and a bracket", pause=1.1)
    assert hand.came == [Ignored(31)]
    hand.wait(WARY)
    hand.send("a")
    assert presses(hand.finish()) == "a"


def test_keys_sent_as_sequences_obey_the_same_rule() -> None:
    a, enter = "\x1b[97;;97u", "\x1b[13u"
    hand = Hand()
    hand.send(a, pause=0.1)
    hand.send(a + "\x1b[98;;98u" + enter, pause=1)
    hand.send(enter, "\x1b[27u", pause=0.1)
    assert hand.finish() == [Press(a), Paste("ab\n", 3), Press(enter), Press("\x1b[27u")]


def test_shift_and_a_letter_at_once_is_the_letter() -> None:
    shift, letter = "\x1b[57441;2u", "\x1b[114;2;82u"
    hand = Hand()
    hand.send(shift + letter)
    assert hand.finish() == [Press(shift), Press(letter)]


def test_bytes_that_are_no_text_break_nothing() -> None:
    hand = Hand()
    hand.send(b"\xff\xfe\xc3", b"\xa1", pause=1)
    hand.send(b"\xc3", pause=1)
    hand.send(b"a")
    assert isinstance(hand.finish()[0], Paste)
    hand.send("é")
    assert hand.finish()[-1] == Press("é")


@pytest.mark.parametrize(
    ("connection", "round_trip", "waits"),
    [
        ("", None, ESCAPE_DELAY),
        ("", 0.01, ESCAPE_DELAY),
        ("", 0.2, 0.3),
        ("", 9.0, ESCAPE_DELAY_MOST),
        ("there", 0.01, ESCAPE_DELAY_AFAR),
        ("there", 0.4, 0.6),
    ],
)
def test_escape_waits_by_how_far_the_terminal_is(
    connection: str, round_trip: float | None, waits: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", connection)
    assert escape_delay_here(round_trip) == pytest.approx(waits)


def test_a_delay_that_has_become_longer_holds_for_the_next_escape() -> None:
    hand = Hand()
    hand.guard.escape_waits(0.6)
    hand.send("\x1b", "[B", pause=0.55)
    assert hand.finish() == [Press("\x1b[B")]
