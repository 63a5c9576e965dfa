"""Comparing two documents, field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.fraud import FraudMatch
from review_tui.ui.render.comparison import Likeness, likeness_of, pairs_of, pairs_told, tally
from tests.ui.samples import a_detail, a_match, the_matched

MATCH = FraudMatch.model_validate(a_match(1, "data_similarity"))


@pytest.mark.parametrize(
    ("here", "there", "said", "likeness"),
    [
        ("Café Łąka", "Café Łąka", None, Likeness.EQUAL),
        ("Café Łąka", "café  łąka", None, Likeness.NEAR),
        ("Café Łąka", "Cafe Łąka", None, Likeness.NEAR),
        ("Café Łąka", "Blue Mesa", None, Likeness.DIFFERENT),
        ("18.40", "18.4", None, Likeness.NEAR),
        ("18.40", "18.41", None, Likeness.NEAR),
        ("18.40", "81.40", None, Likeness.DIFFERENT),
        ("1001", "1011", None, Likeness.NEAR),
        ("1001", "2001", None, Likeness.DIFFERENT),
        ("2026-03-24", "2026-03-21", None, Likeness.NEAR),
        ("1e999999", "1", None, Likeness.DIFFERENT),
        ("NaN", "1", None, Likeness.DIFFERENT),
        ("Café Łąka", "Cafe Łąka", 0.2, Likeness.DIFFERENT),
        ("Café", "Blue", 0.8, Likeness.NEAR),
        ("Café", "Café", 0.1, Likeness.EQUAL),
        ("a" * 500, "a" * 499, None, Likeness.DIFFERENT),
    ],
)
def test_two_values_are_equal_near_or_different(
    here: str, there: str, said: float | None, likeness: Likeness
) -> None:
    assert likeness_of(here, there, said) is likeness
    assert likeness_of(there, here, said) is likeness


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_two_texts_can_be_compared_and_equal_means_the_same_characters(here: str, there: str) -> None:
    assert (likeness_of(here, there) is Likeness.EQUAL) == (here == there)


def test_what_tells_two_documents_apart_comes_first() -> None:
    pairs = pairs_of(a_detail(), the_matched(), MATCH)
    assert [(pair.path, pair.likeness) for pair in pairs] == [
        ("merchantName", Likeness.NEAR),
        ("date", Likeness.NEAR),
        ("taxId", Likeness.ONLY_HERE),
        ("lineItems[0].name", Likeness.ONLY_HERE),
        ("lineItems[0].price", Likeness.ONLY_HERE),
        ("lineItems[1].name", Likeness.ONLY_HERE),
        ("lineItems[1].price", Likeness.ONLY_HERE),
        ("cashier", Likeness.ONLY_THERE),
        ("totalAmount", Likeness.EQUAL),
        ("currency", Likeness.EQUAL),
    ]
    assert tally(pairs) == {
        Likeness.EQUAL: 2,
        Likeness.NEAR: 2,
        Likeness.ONLY_HERE: 5,
        Likeness.ONLY_THERE: 1,
    }


def test_look_alike_names_that_differ_in_hidden_characters_are_not_called_equal() -> None:
    ours = a_detail(extractedData={"merchantName": "Café\u200b Łąka"})
    theirs = a_detail("s9", extractedData={"merchantName": "Café Łąka"})
    (pair,) = pairs_of(ours, theirs, FraudMatch.model_validate(a_match(1)))
    assert pair.likeness is not Likeness.EQUAL


def test_without_the_other_submission_the_match_tells_what_it_compared() -> None:
    assert [(pair.path, pair.there, pair.likeness) for pair in pairs_told(MATCH)] == [
        ("merchantName", "Cafe Laka", Likeness.NEAR),
        ("totalAmount", "18.4", Likeness.EQUAL),
    ]


def test_a_value_that_one_side_lacks_is_not_called_different() -> None:
    ours = a_detail(extractedData={"a": None, "b": "x", "c": None})
    theirs = a_detail("s9", extractedData={"a": "x", "b": None, "c": None})
    likenesses = [pair.likeness for pair in pairs_of(ours, theirs, FraudMatch.model_validate(a_match(1)))]
    assert likenesses == [Likeness.ONLY_THERE, Likeness.ONLY_HERE, Likeness.EQUAL]
