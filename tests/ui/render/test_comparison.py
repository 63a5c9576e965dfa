"""Comparing two documents, field by field."""

from review_tui.model.fraud import FraudMatch
from review_tui.model.wire import read_one
from review_tui.ui.render.comparison import Likeness, pairs_of, pairs_told, tally
from tests.ui.samples import a_detail, a_match, the_matched

MATCH = read_one(FraudMatch, a_match(1, "data_similarity"), "it")


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
    (pair,) = pairs_of(ours, theirs, read_one(FraudMatch, a_match(1), "it"))
    assert pair.likeness is not Likeness.EQUAL


def test_without_the_other_submission_the_match_tells_what_it_compared() -> None:
    assert [(pair.path, pair.there, pair.likeness) for pair in pairs_told(MATCH)] == [
        ("merchantName", "Cafe Laka", Likeness.NEAR),
        ("totalAmount", "18.4", Likeness.EQUAL),
    ]


def test_a_value_that_one_side_lacks_is_not_called_different() -> None:
    ours = a_detail(extractedData={"a": None, "b": "x", "c": None})
    theirs = a_detail("s9", extractedData={"a": "x", "b": None, "c": None})
    likenesses = [pair.likeness for pair in pairs_of(ours, theirs, read_one(FraudMatch, a_match(1), "it"))]
    assert likenesses == [Likeness.ONLY_THERE, Likeness.ONLY_HERE, Likeness.EQUAL]


def test_near_ones_say_how_near_and_mark_what_differs() -> None:
    merchant, date = pairs_of(a_detail(), the_matched(), MATCH)[:2]
    assert (merchant.words(), merchant.words(brief=True)) == ("≈ near 86 %", "≈ 86 %")
    assert merchant.differing() == (((3, 4), (5, 7)), ((3, 4), (5, 7)))
    assert date.words() == "≈ near 3 d"
    assert date.differing() == (((9, 10),), ((9, 10),))


def test_no_likeness_of_what_is_not_the_same_is_said_to_be_whole() -> None:
    (pair,) = pairs_of(
        a_detail(extractedData={"a": "CAFÉ"}),
        a_detail("s9", extractedData={"a": "Café"}),
        read_one(FraudMatch, a_match(1), "it"),
    )
    assert pair.words() == "≈ near 99 %"


def test_different_and_missing_ones_mark_no_characters() -> None:
    pairs = pairs_of(
        a_detail(extractedData={"a": "x", "b": "y"}), a_detail("s9", extractedData={"a": "z"}), MATCH
    )
    assert [(pair.words(), pair.differing()) for pair in pairs] == [
        ("≠ different", ((), ())),
        ("∅ only here", ((), ())),
    ]
