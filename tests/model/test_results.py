"""A result is shown as what it looks like, and as it is where it looks like nothing known."""

import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_tui.model.results import (
    FIELDS_SHOWN,
    TEXT_SHOWN,
    ClassifiedResult,
    ExtractedResult,
    ParsedResult,
    ResultField,
    TreeResult,
    view_of,
)
from review_tui.model.text import Shown

DEEP: Any = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KNOWN = ["data", "value", "score", "chunks", "markdown", "classification", "page_results", "extractedData"]


def field(name: str, value: str, score: float | None = None, page: int | None = None) -> ResultField:
    return ResultField(Shown(name), Shown(value), score, page)


def test_an_extraction_is_its_fields_with_score_and_page() -> None:
    said = {
        "data": {
            "total": {"score": Decimal("0.91"), "value": Decimal("18.40"), "bboxes": [], "page_no": 2},
            "supplier": {"score": Decimal("0.7"), "value": "Café", "page_no": 1},
            "note": {"score": 7, "value": None},
            "min_confidence_score": Decimal("0.7"),
        },
        "processing_time": 4,
    }
    assert view_of(said) == ExtractedResult(
        (field("total", "18.40", 0.91, 2), field("supplier", "Café", 0.7, 1), field("note", "–")),
        least_score=0.7,
    )


def test_what_is_nested_keeps_its_path_and_its_own_score() -> None:
    lines = [{"price": {"value": 3, "score": 1}}, {"price": {"value": 4, "score": Decimal("0.5")}}]
    said = {"data": {"lines": {"value": lines, "score": 1}, "parties": [{"value": "A"}], "plain": "x"}}
    assert view_of(said) == ExtractedResult(
        (
            field("lines[0].price", "3", 1.0),
            field("lines[1].price", "4", 0.5),
            field("parties[0]", "A"),
            field("plain", "x"),
        )
    )


def test_of_very_many_fields_the_first_are_listed_and_the_rest_is_counted() -> None:
    view = view_of({"data": {f"f{n}": {"value": n} for n in range(100_000)}})
    assert isinstance(view, ExtractedResult)
    assert (len(view.fields), view.hidden) == (FIELDS_SHOWN, 20_000)


def test_a_sessions_result_is_an_extraction_too() -> None:
    said = {"extractedData": {"totalAmount": Decimal("18.4")}, "confidence": Decimal("0.91")}
    assert view_of(said) == ExtractedResult((field("totalAmount", "18.4"),), least_score=0.91)


def test_a_parse_is_its_text_in_lines() -> None:
    markdown = {"markdown": "# A\n\nb\x1b[31m", "page_count": 3, "bounding_boxes": {}}
    view = view_of(markdown)
    assert view == ParsedResult(view.text if isinstance(view, ParsedResult) else Shown(""), pages=3)
    assert isinstance(view, ParsedResult)
    assert str(view.text) == "# A\n\nb␛[31m"
    chunks = [
        {"content": "one", "page_no": 1},
        {"segments": [{"markdown": "two"}, {"content": "three"}, 7]},
        "four",
        {"bbox": [1]},
    ]
    parsed = view_of({"total_chunks": 9, "chunks": chunks})
    assert isinstance(parsed, ParsedResult)
    assert (str(parsed.text), parsed.chunks) == ("one\n\ntwo\nthree\n\nfour\n\n", 9)
    uncounted = view_of({"chunks": chunks})
    assert isinstance(uncounted, ParsedResult)
    assert uncounted.chunks == 4


def test_a_long_text_is_cut_and_says_so() -> None:
    for said in (
        {"markdown": "x" * (TEXT_SHOWN + 1)},
        {"chunks": [{"content": "x" * 1_000}] * 1_000},
    ):
        view = view_of(said)
        assert isinstance(view, ParsedResult)
        assert view.cut
        assert len(view.text) == TEXT_SHOWN
    exact = view_of({"markdown": "x" * TEXT_SHOWN})
    assert isinstance(exact, ParsedResult)
    assert not exact.cut


def test_a_classification_has_its_pages() -> None:
    pages = [
        {"page": 1, "classification": "invoice", "confidence": Decimal("0.9")},
        {"classification": "x"},
        7,
    ]
    said = {"classification": "invoice", "confidence": 1, "page_results": pages, "total_pages": 2}
    assert view_of(said) == ClassifiedResult(
        Shown("invoice"), 1.0, (field("page 1", "invoice", 0.9, 1), field("page 2", "x", None, 2)), 2
    )


@pytest.mark.parametrize(
    "said",
    [
        None,
        7,
        "text",
        [],
        {},
        {"data": {}},
        {"data": [1]},
        {"data": {"a": 1}},
        {"chunks": []},
        {"chunks": {}},
        {"markdown": 7},
        {"files": [{"name": "a.pdf"}]},
        {"classification": None},
    ],
)
def test_what_looks_like_nothing_known_is_shown_as_it_is(said: object) -> None:
    assert view_of(said) == TreeResult(said)


def is_harmless(text: str) -> bool:
    """Whether a text moves, hides and turns nothing when it is drawn."""
    return not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in text)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(KNOWN), DEEP | st.dictionaries(st.sampled_from(KNOWN), DEEP)) | DEEP)
def test_nothing_that_json_can_say_is_too_much(said: object) -> None:
    view = view_of(said)
    shown: list[str] = []
    if isinstance(view, ExtractedResult):
        shown = [text for one in view.fields for text in (one.name, one.value)]
    elif isinstance(view, ClassifiedResult):
        shown = [view.label, *(text for one in view.pages for text in (one.name, one.value))]
    elif isinstance(view, ParsedResult):
        shown = list(view.text.split("\n"))
    assert all(map(is_harmless, shown))
