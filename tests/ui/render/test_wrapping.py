"""Fitting words to cells: nothing is lost, nothing is wider than it may be."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from review_tui.model.text import clean
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.wrapping import cells, paragraph, spread, wrapped

CLEAN = st.text(max_size=120).map(lambda raw: clean(raw, lines=True))
WIDTHS = st.integers(min_value=4, max_value=60)


@given(CLEAN, WIDTHS)
def test_wrapping_keeps_every_letter_and_every_line_fits(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(CLEAN, WIDTHS, st.integers(min_value=1, max_value=4))
def test_past_the_most_lines_it_ends_in_an_ellipsis(text: str, width: int, most: int) -> None:
    whole = wrapped(text, width)
    lines = wrapped(text, width, most)
    assert all(cell_len(line) <= width for line in lines)
    if len(whole) <= most:
        assert lines == whole
    else:
        assert len(lines) == most
        assert lines[-1].endswith("…")


def test_a_word_that_has_to_be_broken_starts_on_the_line_that_is_begun() -> None:
    assert wrapped("at aaaaaaaaaaaa", 8) == ["at aaaaa", "aaaaaaa"]


def test_words_move_to_the_next_line_whole() -> None:
    assert wrapped("one two three", 9) == ["one two", "three"]


def test_a_paragraph_is_indented_throughout() -> None:
    assert paragraph("one two", 6, Role.DIM, indent=2) == [(("  one", Role.DIM),), (("  two", Role.DIM),)]


@given(st.text("ab あ", max_size=30), st.text("cd い", max_size=30), WIDTHS)
def test_a_spread_line_never_overflows_and_the_right_part_stays_at_the_edge(
    left: str, right: str, width: int
) -> None:
    line: Line = spread(((left, Role.PLAIN),), ((right, Role.DIM),), width)
    assert cells(line) <= width
    if right and cell_len(right) + 3 <= width:
        assert cells(line) == width
        assert line[-1] == (right, Role.DIM)
