"""Which cells of a line differ: repainting only those must give the new line."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from review_tui.ui.render.cells import changed_cells, clipped
from review_tui.ui.render.line import Line, Role

WIDTH = 24
texts = st.text(alphabet="ab é漢字e\u0301…▌", max_size=8)
lines = st.lists(st.tuples(texts, st.sampled_from([Role.PLAIN, Role.BAD, Role.CURSOR])), max_size=5).map(
    lambda pieces: clipped(tuple(pieces), WIDTH)
)


def cells_of(line: Line) -> list[tuple[str, Role]]:
    """What stands in each cell; a wide character fills two, a combining mark joins the one before it."""
    cells: list[tuple[str, Role]] = []
    for text, role in line:
        for char in text:
            width = cell_len(char)
            if width == 0 and cells:
                cells[-1] = (cells[-1][0] + char, cells[-1][1])
            cells += [(char, role)] * width
    return cells + [(" ", Role.PLAIN)] * (WIDTH - len(cells))


@given(lines, lines)
def test_painting_the_changed_cells_gives_the_new_line(old: Line, new: Line) -> None:
    before, after = cells_of(old), cells_of(new)
    span = changed_cells(old, new, WIDTH)
    start, end = span or (0, 0)
    assert before[:start] + after[start:end] + before[end:] == after
    assert span is None or 0 <= start < end <= WIDTH


@given(lines)
def test_the_same_line_needs_nothing(line: Line) -> None:
    assert changed_cells(line, line, WIDTH) is None


@given(st.lists(st.tuples(texts, st.just(Role.PLAIN)), max_size=8), st.integers(0, 30))
def test_a_clipped_line_fits_and_says_that_it_was_cut(pieces: list[tuple[str, Role]], width: int) -> None:
    line = clipped(tuple(pieces), width)
    cells = sum(cell_len(text) for text, _ in line)
    assert cells <= width
    if sum(cell_len(text) for text, _ in pieces) > width > 0:
        assert line[-1][0].endswith("…")


def test_moving_the_cursor_changes_the_marked_cells_only() -> None:
    quiet: Line = (("  ", Role.PLAIN), ("● review    ", Role.PLAIN), (" Café Łąka", Role.PLAIN))
    chosen: Line = (("▌ ● review    ", Role.CURSOR), (" Café Łąka", Role.PLAIN))
    assert changed_cells(quiet, chosen, 80) == (0, 14)
