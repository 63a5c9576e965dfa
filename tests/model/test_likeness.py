"""How far two values of a field agree, and where they differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.likeness import COMPARED, Relation, Span, compare, differing, similarity

EQUAL, NEAR, DIFFERENT = Relation.EQUAL, Relation.NEAR, Relation.DIFFERENT

texts = st.text(alphabet="abcdż -", max_size=30)


def without(text: str, spans: tuple[Span, ...]) -> str:
    """Return the text without what differs."""
    return "".join(char for at, char in enumerate(text) if not any(a <= at < b for a, b in spans))


def longest_common(here: str, there: str) -> int:
    """Count what two texts have in common in the same order, the plain way."""
    row = [0] * (len(there) + 1)
    for char in here:
        before = row[:]
        for at, other in enumerate(there):
            row[at + 1] = before[at] + 1 if char == other else max(before[at + 1], row[at])
    return row[-1]


@pytest.mark.parametrize(
    ("here", "there", "said", "relation"),
    [
        ("Café Łąka", "Café Łąka", None, EQUAL),
        ("Café Łąka", "café  łąka", None, NEAR),
        ("Café Łąka", "Cafe Łąka", None, NEAR),
        ("Café Łąka", "Cafe Laka", None, NEAR),
        ("Café Łąka", "Blue Mesa", None, DIFFERENT),
        ("\ufdfa" * COMPARED, "\ufdfa" * COMPARED + " ", None, DIFFERENT),
        ("\ufdfa" * 100, "\ufdfb" * 100, None, DIFFERENT),
        ("18.40", "18.4", None, EQUAL),
        ("18.40", "18.41", None, NEAR),
        ("18.40", "81.40", None, DIFFERENT),
        ("18.40", "-18.40", None, DIFFERENT),
        ("0", "0.00", None, EQUAL),
        ("1001", "1011", None, NEAR),
        ("1001", "2001", None, DIFFERENT),
        ("1e999999", "1", None, DIFFERENT),
        ("1e999999", "-1e999999", None, DIFFERENT),
        ("12", "١٢", None, DIFFERENT),
        ("NaN", "1", None, DIFFERENT),
        ("2026-03-24", "2026-03-21", None, NEAR),
        ("2026-03-24", "24.03.2026", None, EQUAL),
        ("2026-03-24", "2026/03/24", None, EQUAL),
        ("2026-03-24", "2026-03-24T09:00:00Z", None, NEAR),
        ("2026-03-24", "2025-03-24", None, DIFFERENT),
        ("2026-03-24", "2026-04-02", None, DIFFERENT),
        ("2026-13-24", "2026-13-25", None, NEAR),
        ("Café Łąka", "Cafe Łąka", 0.2, DIFFERENT),
        ("Café", "Blue", 0.8, NEAR),
        ("Café", "Café", 0.1, EQUAL),
        ("a" * (COMPARED + 1), "a" * COMPARED, None, DIFFERENT),
        ("a" * COMPARED, "a" * (COMPARED - 1), None, NEAR),
    ],
)
def test_two_values_are_equal_near_or_different(
    here: str, there: str, said: float | None, relation: Relation
) -> None:
    assert compare(here, there, said).relation is relation
    assert compare(there, here, said).relation is relation


@pytest.mark.parametrize(
    ("here", "there", "share"),
    [
        ("Café Łąka", "Cafe Łąka", 8 / 9),
        ("Łąka", "Laka", 0.5),
        ("99", "100", 0.99),
        ("Café", "CAFÉ", 1.0),
        ("abcd", "abXcd", 8 / 9),
    ],
)
def test_near_ones_say_how_near(here: str, there: str, share: float) -> None:
    compared = compare(here, there)
    assert compared.relation is NEAR
    assert compared.share == pytest.approx(share)


def test_near_dates_say_how_many_days_they_are_apart() -> None:
    assert compare("2026-03-01", "2026-02-27").days == 2


def test_what_differs_is_found_in_both() -> None:
    assert differing("Café Łąka", "Cafe Laka") == (((3, 4), (5, 7)), ((3, 4), (5, 7)))
    assert differing("525-24-84-137", "525-24-84-173") == (((11, 12),), ((12, 13),))
    assert differing("same", "same") == ((), ())
    assert differing("a" * (COMPARED + 1), "b") == ((), ())


@given(texts, texts)
def test_what_does_not_differ_is_as_much_as_there_is_in_common(here: str, there: str) -> None:
    ours, theirs = differing(here, there)
    assert without(here, ours) == without(there, theirs)
    assert len(without(here, ours)) == longest_common(here, there)


@given(texts, texts)
def test_likeness_is_the_share_that_is_in_common(here: str, there: str) -> None:
    total = len(here) + len(there)
    assert similarity(here, there) == pytest.approx(2 * longest_common(here, there) / total if total else 1.0)
    assert similarity(here, there) == similarity(there, here)


@given(st.text(max_size=60), st.text(max_size=60), st.none() | st.floats(0, 1))
def test_any_two_values_can_be_compared(here: str, there: str, said: float | None) -> None:
    assert compare(here, there, said).relation is compare(there, here, said).relation
    assert (compare(here, there, said).relation is EQUAL) or here != there
