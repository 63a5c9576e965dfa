"""A text being written: nothing dangerous gets in, nothing typed gets lost, the caret keeps its place."""

from unicodedata import category

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from review_tui.model.submissions import REASON_CHARACTERS
from review_tui.ui.draft import Draft

TEXTS = st.text(max_size=200)
ACTING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""The Unicode categories that a terminal may act on, or that nobody can read."""

EDITS = st.sampled_from(
    [
        Draft.without_previous,
        Draft.without_next,
        Draft.without_word,
        lambda draft: draft.moved(-3),
        lambda draft: draft.moved(2),
        lambda draft: draft.at_end(-1),
        lambda draft: draft.at_end(1),
    ]
)


@given(st.lists(st.one_of(TEXTS, EDITS), max_size=20))
def test_whatever_is_pasted_and_edited_it_stays_drawable_and_the_caret_inside(steps: list[object]) -> None:
    draft = Draft()
    for step in steps:
        draft = draft.put(step)[0] if isinstance(step, str) else step(draft)  # type: ignore[operator]  # a mixed list
        assert 0 <= draft.caret <= len(draft.text) <= REASON_CHARACTERS
        assert all(char == "\n" or category(char) not in ACTING for char in draft.text)


@given(TEXTS, st.integers(min_value=4, max_value=30))
def test_every_character_is_on_exactly_one_line_and_every_line_fits(raw: str, width: int) -> None:
    draft = Draft.of(raw)
    lines = draft.lines(width)
    for start, part in lines:
        assert draft.text[start : start + len(part)] == part
        assert "\n" not in part
        assert cell_len(part.rstrip(" ")) <= width
    assert "".join(part for _, part in lines) == draft.text.replace("\n", "")


def test_what_finds_no_room_is_counted() -> None:
    draft, lost = Draft("x" * (REASON_CHARACTERS - 2), 0).put("abc")
    assert (draft.text[:3], draft.caret, lost) == ("abx", 2, 1)


def test_an_accent_typed_by_itself_joins_the_letter_before_it() -> None:
    draft = Draft.of("e").put("\u0301")[0]
    assert draft.text == "e\u0301"
    assert draft.moved(-1).caret == 0
    assert Draft.of("x").put("")[1] == 0


def test_words_go_one_at_a_time() -> None:
    draft = Draft.of("one two  ")
    assert draft.without_word().text == "one "
    assert draft.without_word().without_word().text == ""


def test_line_breaks_of_a_paste_stay() -> None:
    assert Draft.of("a\r\nb\nc").lines(10) == [(0, "a"), (2, "b"), (4, "c")]
