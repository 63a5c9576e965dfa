"""The words of a filter line: what is read of a text, how it is written again, and what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.query import (
    COMPARED,
    FACTS,
    KEYS,
    LONGEST,
    RANGE,
    Kind,
    Query,
    Term,
    parse,
    seconds_of,
)

SHORT = st.text(min_size=1, max_size=12)
NUMBERS = st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,3})?", fullmatch=True)
VALUES = {
    Kind.AMOUNT: NUMBERS,
    Kind.SCORE: NUMBERS,
    Kind.SHARE: st.from_regex(r"0\.[0-9]{1,3}|[0-9]{1,2}%", fullmatch=True),
    Kind.AGE: st.from_regex(r"([0-9]{1,3}[smhdw]){1,3}", fullmatch=True),
}


def term_of(key: str, *, negated: bool) -> st.SearchStrategy[Term]:
    kind = KEYS[key]
    if kind in COMPARED:
        value = VALUES[kind]
        one = st.builds(
            lambda op, text: Term(key, op, (text,), negated),
            st.sampled_from(["=", "<", "<=", ">", ">="]),
            value,
        )
        pair = st.builds(lambda low, high: Term(key, RANGE, (low, high), negated), value | st.just(""), value)
        return one | pair
    if kind is Kind.FACT:
        words = st.lists(st.sampled_from(FACTS[key]), min_size=1, max_size=3)
        return words.map(lambda some: Term(key, ":", tuple(some), negated))
    texts = SHORT.map(str.lower) if key in {"status", "fraud"} else SHORT
    count = 1 if kind is Kind.TEXT else 3
    return st.lists(texts, min_size=1, max_size=count).map(lambda some: Term(key, ":", tuple(some), negated))


BARE = st.builds(lambda text, negated: Term("", ":", (text,), negated), SHORT, st.booleans())
KEYED = st.tuples(st.sampled_from(list(KEYS)), st.booleans()).flatmap(
    lambda some: term_of(some[0], negated=some[1])
)
QUERIES = st.lists(BARE | KEYED, max_size=6).map(lambda terms: Query(tuple(terms)))


@given(QUERIES)
def test_a_query_that_is_written_reads_as_itself(query: Query) -> None:
    parsed = parse(str(query))
    assert parsed.problems == ()
    assert parsed.query == query
    assert len(parsed.spans) == len(query.terms)


@given(st.text(max_size=200) | st.text(alphabet='ab:<>=-". ,\\%mhd05\n', max_size=60))
def test_any_text_is_read_and_every_problem_points_into_it(text: str) -> None:
    parsed = parse(text)
    for start, end in (*parsed.spans, *((one.start, one.end) for one in parsed.problems)):
        assert 0 <= start <= end <= len(text)
    assert parse(str(parsed.query)).query == parsed.query


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("acme", Term("", ":", ("acme",))),
        ("-acme", Term("", ":", ("acme",), negated=True)),
        ('"acme inc"', Term("", ":", ("acme inc",))),
        ('"amount>5"', Term("", ":", ("amount>5",))),
        ("12:30", Term("", ":", ("12:30",))),
        ("-", Term("", ":", ("-",))),
        ("STATUS:Review", Term("status", ":", ("review",))),
        ("status=review,failed", Term("status", ":", ("review", "failed"))),
        ('workflow:"a, b"', Term("workflow", ":", ("a, b",))),
        ("merchant:Café", Term("merchant", ":", ("Café",))),
        ('merchant:"Café Łąka"', Term("merchant", ":", ("Café Łąka",))),
        ('merchant:"no end', Term("merchant", ":", ("no end",))),
        ("amount:500", Term("amount", "=", ("500",))),
        ("amount>=18.40", Term("amount", ">=", ("18.40",))),
        ("-amount<-5", Term("amount", "<", ("-5",), negated=True)),
        ("amount:100..500", Term("amount", "..", ("100", "500"))),
        ("score:..50", Term("score", "..", ("", "50"))),
        ("age>2h30m", Term("age", ">", ("2h30m",))),
        ("age:1h..2d", Term("age", "..", ("1h", "2d"))),
        ("confidence<70%", Term("confidence", "<", ("70%",))),
        ("is:marked", Term("is", ":", ("marked",))),
        ("has:matches,note", Term("has", ":", ("matches", "note"))),
    ],
)
def test_a_word_is_read(text: str, term: Term) -> None:
    parsed = parse(text)
    assert parsed.query.terms == (term,)
    assert parsed.problems == ()
    assert parsed.spans == ((0, len(text)),)


@pytest.mark.parametrize(
    ("text", "at", "words", "nearest"),
    [
        ("acme amout>500", "amout", 'no key "amout"', "amount"),
        ("-statsu:review", "statsu", 'no key "statsu"', "status"),
        ("http://example", "http", "quote it", ""),
        ("amount>lots", "lots", "a number such as", ""),
        ("amount:1..2..3", "1..2..3", "a number such as", ""),
        ("amount:..", "..", "a number such as", ""),
        ("amount>1,50", "1,50", "a number such as", ""),
        ("amount>1e400", "1e400", "a number such as", ""),
        ("confidence<7x", "7x", "a share such as", ""),
        ("age>2y", "2y", "a time such as", ""),
        ("status>review", "status>review", "cannot be compared", ""),
        ("is:makred", "makred", "is: knows marked", "marked"),
        ("has:files", "files", "has: knows matches, note", ""),
    ],
)
def test_a_wrong_word_is_pointed_at_with_the_nearest_right_one(
    text: str, at: str, words: str, nearest: str
) -> None:
    problem = parse(text).problems[0]
    assert text[problem.start : problem.end] == at
    assert words in str(problem)
    assert problem.nearest == nearest
    assert not problem.unfinished


@pytest.mark.parametrize("text", ["amount>", "status:", "merchant:", "age>45", "is:", "is:mar", 'id:""'])
def test_a_word_that_is_not_finished_is_no_mistake_yet(text: str) -> None:
    parsed = parse(text)
    assert [problem.unfinished for problem in parsed.problems] == [True]
    assert parsed.query.terms == ()


def test_the_right_words_of_a_line_count_beside_a_wrong_one() -> None:
    parsed = parse("fraud:flagged amout>5 acme")
    assert str(parsed.query) == "fraud:flagged acme"
    assert parsed.spans == ((0, 13), (22, 26))


def test_a_line_without_end_is_cut_and_said() -> None:
    parsed = parse("a" * (LONGEST + 5))
    assert parsed.problems[0].start == LONGEST
    assert len(parsed.query.terms[0].values[0]) == LONGEST


@pytest.mark.parametrize(
    ("age", "seconds"), [("90s", 90), ("45m", 2_700), ("1h30m", 5_400), ("1.5d", 129_600), ("2w", 1_209_600)]
)
def test_ages_in_seconds(age: str, seconds: float) -> None:
    assert seconds_of(age) == seconds
