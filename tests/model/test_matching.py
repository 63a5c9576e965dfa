"""Which rows fit which words."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.folding import amount_value, fold, rough_amount
from review_tui.model.matching import Facts, Opened, matcher, narrows, touched
from review_tui.model.preferences import DoubtLimits
from review_tui.model.query import parse
from review_tui.model.submissions import Row
from tests.model.rows import NOW, a_row, queues

ROW = a_row(
    "k57a0Submission",
    fraud_status="flagged",
    fraud_score=61.5,
    confidence=0.55,
    created=NOW - 5_400,
)
FACTS = Facts(
    marked=frozenset({ROW.id}),
    held=frozenset({ROW.id}),
    notes={ROW.id: "Asked the till about it"},
    opened={ROW.id: Opened("Szarlotka\n525-24-84-137", "Not légible")},
)


def fits(text: str, facts: Facts = FACTS) -> bool:
    parsed = parse(text)
    assert not parsed.problems
    return matcher(parsed.query, facts, NOW)(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cafe",
        "ŁĄKA",
        "laka",
        "k57a0sub",
        "order-k57",
        "18.4",
        "pln",
        "receipt",
        "review",
        "flagged",
        "szarlotka",
        "legible",
        '"cafe laka"',
        "-zoo",
        "status:review",
        "status:any",
        "status:approved,review",
        "fraud:FLAGGED",
        "workflow:receipt-ocr",
        "currency:pln",
        "merchant:laka",
        "id:a0s",
        "id:order-",
        "reason:legible",
        "note:till",
        "amount:18.4",
        "amount>18.39",
        "amount<=18.40",
        "amount:18..19",
        "amount:..20",
        "score>=61.5",
        "score:60..",
        "confidence<0.6",
        "confidence<56%",
        "age>1h",
        "age<2h",
        "age:1h..2h",
        "age:1h30m",
        "has:matches",
        "has:note",
        "is:marked",
        "is:held",
        "is:skipped,marked",
        "-is:flagged",
        "is:doubtful",
        "cafe -zoo amount>5 is:marked",
    ],
)
def test_what_fits(text: str) -> None:
    assert fits(text)
    if text and " " not in text.strip('"').replace('"cafe laka"', ""):
        assert not fits(text[1:] if text.startswith("-") else f"-{text}")


@pytest.mark.parametrize(
    "text",
    [
        "zoo",
        "status:rev",
        "fraud:clean",
        "workflow:receipt",
        "amount>18.40",
        "amount:18.41",
        "score<61.5",
        "confidence>55%",
        "age>2h",
        "reason:fraud",
        "note:merchant",
        "is:snoozed",
        "is:skipped",
        "cafe zoo",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not fits(text)


def test_what_has_no_value_fits_no_comparison_in_either_direction() -> None:
    bare = a_row("s1", fraud_score=None, confidence=None, amount="a lot", created=None)
    for text in ("score>0", "score<=100", "confidence<1", "amount>0", "amount<0", "age>0s", "amount:..9"):
        assert not matcher(parse(text).query, Facts(), NOW)(bare), text


def test_a_snoozed_one_is_left_out_unless_it_is_asked_for() -> None:
    facts = Facts(snoozed=frozenset({ROW.id}))
    assert not fits("", facts)
    assert not fits("cafe", facts)
    assert fits("is:snoozed", facts)
    assert fits("is:snoozed,marked", facts)


def test_doubt_is_by_workflow() -> None:
    assert fits("is:doubtful", Facts(doubts={"receipt-ocr": DoubtLimits(doubtful=0.6)}))
    assert not fits("is:doubtful", Facts(doubts={"receipt-ocr": DoubtLimits(doubtful=0.5)}))
    assert not fits("is:doubtful", Facts(doubts={"*": DoubtLimits(doubtful=0.5)}))


def test_a_note_on_the_merchant_counts_for_all_of_its_submissions() -> None:
    facts = Facts(merchant_notes={"Café Łąka": "Closed since May"})
    assert fits("has:note", facts)
    assert fits("note:closed", facts)


def test_matches_are_as_read_where_the_submission_was_opened() -> None:
    assert fits("has:matches", Facts())
    assert not fits("has:matches", Facts(opened={ROW.id: Opened(has_matches=False)}))
    assert fits("has:matches", Facts(opened={ROW.id: Opened(has_matches=None)}))


WORDS = st.sampled_from(["cafe", "-łódź", "9", "strasse", "s1", "plN", "new", "-review", "500"])


@given(queues(), st.lists(WORDS, min_size=1, max_size=3))
def test_bare_words_look_through_every_text(rows: tuple[Row, ...], words: list[str]) -> None:
    query = parse(" ".join(words)).query
    for row in rows:
        texts = [row.id, row.client_submission_id, row.merchant, row.amount, row.currency]
        texts += [row.workflow, row.status, row.fraud_status]
        naive = all(
            any(naively(word.removeprefix("-")) in naively(text or "") for text in texts)
            is not word.startswith("-")
            for word in words
        )
        assert matcher(query, Facts(), NOW)(row) is naive


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_and_case_never_matters(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text.upper().lower())


@pytest.mark.parametrize("text", ["Łódź", "Ærø", "STRASSE", "ﬁn", "Ñandú", "Ðjúpivogur"])
def test_folding_leaves_letters_that_any_keyboard_has(text: str) -> None:
    assert fold(text).isascii()


@given(st.text(max_size=12) | st.decimals().map(str) | st.floats().map(str))
def test_an_amount_is_a_number_or_none(text: str) -> None:
    exact, rough = amount_value(text), rough_amount(text)
    assert exact is None or exact.is_finite()
    if exact is not None and abs(exact) < Decimal("1e300"):
        assert rough == float(exact)


def test_an_enormous_amount_costs_nothing() -> None:
    assert amount_value("9" * 10_000) is None
    assert rough_amount("9" * 10_000) is None
    assert amount_value("1e999999") is not None


@pytest.mark.parametrize(
    ("text", "before", "told"),
    [
        ("maria", "mar", True),
        ("MÁRIA amount>5", "ari", True),
        ("-zoo cafe", "-zoo", True),
        ("fraud:clean", "fraud:clean", True),
        ("-zoo", "-zo", False),
        ("zoo", "-zo", False),
        ("mar", "maria", False),
        ("status:review", "rev", False),
        ("note:maria", "note:mar", False),
        ("cafe", "cafe zoo", False),
        ("age>2h", "age>2h", False),
        ("is:snoozed cafe", "is:marked", False),
        ("cafe is:snoozed", "cafe", False),
    ],
)
def test_more_of_a_word_fits_nothing_else(text: str, before: str, *, told: bool) -> None:
    assert narrows(parse(text).query, parse(before).query) is told


def test_which_ids_other_facts_may_touch() -> None:
    before = Facts(marked=frozenset({"a"}), notes={"a": "x"})
    after = Facts(marked=frozenset({"b"}), notes={"a": "y"}, skipped=frozenset({"c"}))
    assert touched(parse("is:marked").query, before, after) == frozenset({"a", "b"})
    assert touched(parse("is:skipped").query, before, after) == frozenset({"c"})
    assert touched(parse("note:x").query, before, after) == frozenset({"a"})
    assert touched(parse("amount>5").query, before, after) == frozenset()
    snoozed = Facts(snoozed=frozenset({"d"}))
    assert touched(parse("amount>5").query, Facts(), snoozed) == frozenset({"d"})
    assert touched(parse("has:note").query, Facts(), Facts(merchant_notes={"m": "x"})) is None
    assert touched(parse("acme").query, Facts(), Facts(opened={"e": Opened("acme")})) == frozenset({"e"})


def naively(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char)).replace("ł", "l")
