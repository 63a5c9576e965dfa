"""The output: whatever is drawn, an emulator shows the same as one that is fed every byte of it."""

import os
from typing import Final
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcwidth

from review_tui.ui.terminal.cells import is_disputed
from review_tui.ui.terminal.difference import Abilities
from review_tui.ui.terminal.output import SYNC_END, SYNC_START
from tests.ui.terminal.frames import (
    DISPUTED,
    HEIGHT,
    TEXTS,
    WIDTH,
    Emulated,
    Pieces,
    abilities,
    frames,
    painted,
)

FRAMES: Final = int(os.environ.get("FRAMES", "40"))
"""Examples of each kind; more of them find what is rarer."""


def both(can: Abilities) -> tuple[Emulated, Emulated]:
    """One that shows every byte, and one that is sent what differs."""
    plain, light = Emulated(), Emulated(can)
    plain.feed(painted())
    light.draw(painted())
    return plain, light


@settings(max_examples=FRAMES)
@given(frames(), abilities())
def test_the_same_is_seen_after_each_frame(drawn: list[Pieces], can: Abilities) -> None:
    plain, light = both(can)
    for frame in drawn:
        plain.feed(frame.written())
        light.draw(frame.written())
        assert light.look == plain.look


@settings(max_examples=FRAMES)
@given(frames(), abilities(), st.text("ab \n\r\t", max_size=30), st.integers(0, 7))
def test_what_others_have_written_is_gone_after_a_redraw(
    drawn: list[Pieces], can: Abilities, noise: str, at: int
) -> None:
    plain, light = both(can)
    for number, frame in enumerate(drawn):
        plain.feed(frame.written())
        light.draw(frame.written())
        if number == at:
            light.feed(f"\x1b[31m{noise}")
            light.output.redraw()
    if at < len(drawn):
        assert light.look == plain.look


@settings(max_examples=FRAMES)
@given(frames(), abilities(), st.integers(8, 40), st.integers(2, 9))
def test_after_a_resize_only_the_new_picture_is_seen(
    drawn: list[Pieces], can: Abilities, width: int, height: int
) -> None:
    plain, light = both(can)
    for frame in drawn:
        light.draw(frame.written())
    light.picture.resize(height, width)
    light.feed("\x1b[5;1Hleft by the terminal's own reflow")
    plain = Emulated(width=width, height=height)
    text = "".join(f"\x1b[{y + 1};1H\x1b[3{y % 8}m{str(y) * width}\x1b[0m" for y in range(height))
    plain.feed(text)
    light.draw(text)
    assert light.look == plain.look


@settings(max_examples=FRAMES)
@given(frames(), abilities())
def test_a_window_that_was_smaller_for_a_moment_is_drawn_anew(drawn: list[Pieces], can: Abilities) -> None:
    plain, light = both(can)
    for frame in drawn:
        plain.feed(frame.written())
        light.draw(frame.written())
        light.picture.resize(HEIGHT - 2, WIDTH // 2)
        light.picture.resize(HEIGHT, WIDTH)
        light.output.resized()
        light.wait()
        assert light.look == plain.look


def test_what_a_frame_in_a_smaller_window_has_cut_off_is_asked_for_again() -> None:
    whole = painted() + f"\x1b[{HEIGHT};{WIDTH - 4}Hlive"
    plain, light = both(Abilities())
    plain.feed(whole)
    light.draw(whole)
    light.picture.resize(HEIGHT - 2, WIDTH // 2)
    light.draw("\x1b[1;1Hx")
    light.picture.resize(HEIGHT, WIDTH)
    light.output.resized()
    assert light.repaints == 2, "one for each size, for a program that has seen neither draws nothing itself"
    plain.feed("\x1b[1;1Hx")
    light.draw(whole + "\x1b[1;1Hx")
    assert light.look == plain.look


@settings(max_examples=FRAMES)
@given(frames(), st.integers(0, 7))
def test_what_it_does_not_understand_reaches_the_terminal_and_all_is_drawn_anew(
    drawn: list[Pieces], at: int
) -> None:
    plain, light = both(Abilities())
    whole = painted()
    for number, frame in enumerate(drawn):
        strange = "\x1b[2;4r\x1b[r" if number == at else ""
        whole += frame.written()
        plain.feed(frame.written())
        light.draw(frame.written() + strange)
        if strange:
            assert light.repaints == 1
            assert any(strange in sent for sent in light.sent)
            light.draw(whole)
        assert light.look == plain.look


def narrow(character: str) -> int:
    """The width by a table from before emoji."""
    return 1 if is_disputed(character) and wcwidth(character) > 0 else wcwidth(character)


def wide(character: str) -> int:
    """The width by a terminal that draws all that may be an emoji as one."""
    return 2 if is_disputed(character) and wcwidth(character) > 0 else wcwidth(character)


@pytest.mark.parametrize("widths", [narrow, wide, wcwidth])
@settings(max_examples=FRAMES)
@given(drawn=frames([*TEXTS, *DISPUTED]), can=abilities())
def test_where_widths_are_in_dispute_all_else_stands_in_its_place(
    widths: object, drawn: list[Pieces], can: Abilities
) -> None:
    light = Emulated(can, widths=widths)  # type: ignore[arg-type]  # one of the three
    light.draw(painted())
    for frame in drawn:
        light.draw(frame.written())
    wanted, look = light.output.wanted.rows, light.look
    for y in range(HEIGHT):
        texts = wanted[y].texts
        near = [is_disputed(text) for text in texts]
        for x in range(WIDTH):
            if not any(near[max(0, x - 2) : x + 2]) and texts[x]:
                assert look[y][x][0] == normalize("NFC", texts[x]), (y, x, texts)


def test_nothing_new_is_not_a_byte() -> None:
    light = Emulated()
    light.draw(painted())
    light.draw("\x1b[2;3H\x1b[31mhello\x1b[0m")
    light.sent.clear()
    light.draw("\x1b[2;3H\x1b[31mhello\x1b[0m")
    assert light.sent == []


def test_one_cell_is_one_cell() -> None:
    light = Emulated()
    light.draw(painted() + "\x1b[2;3Hhello")
    light.sent.clear()
    light.draw("\x1b[2;3Hhallo")
    assert light.sent == ["\x1b[2;4Ha"]


@pytest.mark.parametrize("brackets", [(SYNC_START, SYNC_END), ("", "")], ids=["can", "cannot"])
def test_a_long_frame_is_shown_at_once_where_the_terminal_can(brackets: tuple[str, str]) -> None:
    light = Emulated()
    starts, ends = brackets
    for piece in (starts, painted(), ends):
        light.output.write(piece)
    light.output.flush()
    light.sent.clear()
    light.draw("\x1b[1;1Hshort")
    letters = ("abcdefgh" * WIDTH)[:WIDTH]
    light.draw("".join(f"\x1b[{y + 1};1H\x1b[1;4{y};3{y}m{letters}\x1b[0m" for y in range(HEIGHT)))
    short, long = light.sent
    assert SYNC_START not in short
    assert (SYNC_START in long) is (SYNC_END in long) is bool(starts)
    assert long.startswith(starts)
    assert long.endswith(ends)


@pytest.mark.parametrize(
    "aside", ["\x1b[?25l", "\x1b[>1u", "\x1b]0;title\x07", "\x07", "\x1b]52;c;YQ==\x1b\\", "\x1b[?2004h"]
)
def test_what_is_beside_the_picture_goes_on_at_once(aside: str) -> None:
    light = Emulated()
    light.draw(painted())
    light.sent.clear()
    light.output.write(aside)
    assert light.sent == [aside]
    light.draw("\x1b[1;1H ")
    assert light.sent == [aside]


def test_another_screen_is_unknown() -> None:
    light = Emulated()
    light.draw(painted() + "\x1b[1;1Hx")
    light.output.write("\x1b[?1049h")
    light.sent.clear()
    light.draw("\x1b[1;1Hx")
    assert "x" in light.sent[-1]


def test_pens_of_neighbours_are_changed_not_set() -> None:
    light = Emulated()
    light.draw(painted())
    light.sent.clear()
    light.draw("\x1b[1;1H\x1b[1;31maa\x1b[0m\x1b[1;32mbb\x1b[0m\x1b[32mcc\x1b[0m")
    assert light.sent == ["\x1b[1H\x1b[1;31maa\x1b[32mbb\x1b[22mcc"]


def test_words_that_go_are_one_stretch_of_blanks() -> None:
    light = Emulated(Abilities(repeats=True))
    light.draw(painted() + "\x1b[2;1Hit is said  so \x1b[32mlive\x1b[0m")
    light.sent.clear()
    light.draw("\x1b[2;1H" + " " * 15)
    assert light.sent == ["\x1b[2H \x1b[13b"]


def test_the_next_line_is_a_line_feed_away_where_it_is_not_turned_into_more() -> None:
    falling, turned = Emulated(Abilities(falls=True)), Emulated()
    for light in (falling, turned):
        light.draw(painted())
        light.sent.clear()
        light.draw("\x1b[2;11Hone\x1b[3;11Htwo\x1b[4;10H\u00b7x\x1b[5;11Hy")
    assert falling.sent == ["\x1b[2;11Hone\n\b\b\btwo\n\x1b[4D\u00b7x\x1b[5;11Hy"], (
        "columns may be in dispute"
    )
    assert "\n" not in turned.sent[0]


def test_a_pen_is_taken_once_for_all_that_is_written_with_it_the_one_at_hand_first() -> None:
    light = Emulated(Abilities(falls=True))
    light.draw(painted())
    light.sent.clear()
    light.draw("".join(f"\x1b[{y};1H\x1b[33m~ 8{y}\x1b[0m\x1b[{y};9Hvalue" for y in (2, 3)))
    assert light.sent == ["\x1b[2;9Hvalue\n\x1b[5Dvalue\x1b[2H\x1b[33m~ 82\r\n~ 83"]
