"""Of JSON that is too large, or cut off, the first values are shown with their paths."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_tui.model.glimpses import first_values
from tests.model.test_results import is_harmless

SAID = {
    "data": {"a.b": [1, {"c": "x, y: {z}"}], "e": {}, "l": []},
    "q": 'a "quote" \\ and a line\nbreak',
    "n": None,
    "t": -1.5e9,
}


def values_of(text: str, most: int = 200) -> list[tuple[str, str]]:
    return [(str(one.name), str(one.value)) for one in first_values(text, most)]


@pytest.mark.parametrize("indent", [None, 2])
def test_values_are_told_with_where_they_stand(indent: int | None) -> None:
    assert values_of(json.dumps(SAID, indent=indent)) == [
        ("data.a.b[0]", "1"),
        ("data.a.b[1].c", "x, y: {z}"),
        ("q", 'a "quote" \\ and a line⏎break'),
        ("n", "null"),
        ("t", "-1500000000.0"),
    ]
    assert values_of(json.dumps(SAID, indent=indent), most=1) == [("data.a.b[0]", "1")]


@pytest.mark.parametrize("cut", range(0, 120, 3))
def test_what_is_cut_off_ends_it_and_nothing_is_made_up(cut: int) -> None:
    whole = json.dumps(SAID)
    found = values_of(whole[:cut])
    assert found == values_of(whole)[: len(found)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("{}", []),
        ("[[1], [2]]", [("[0][0]", "1"), ("[1][0]", "2")]),
        ('{"a": 1]', [("a", "1")]),
        ("[1, 2}", [("[0]", "1"), ("[1]", "2")]),
        ("]", []),
        (":", []),
        ("[" * 101 + "1", []),
        ('{"a\\ud83d": "\\u202e"}', [("a\ufffd", "<U+202E>")]),
        ('["\\x"] ', [("[0]", "\\x")]),
    ],
)
def test_what_is_no_json_does_no_harm(text: str, values: list[tuple[str, str]]) -> None:
    assert values_of(text) == values


@settings(max_examples=50)
@given(st.text(alphabet='{}[],:"\\ax1 \n\x1b\u202e', max_size=60))
def test_whatever_is_in_the_file_what_is_shown_is_clean(text: str) -> None:
    assert all(is_harmless(part) for pair in values_of(text) for part in pair)
