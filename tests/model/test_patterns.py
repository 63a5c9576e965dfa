"""Patterns that come from outside are matched as they mean, and never for long."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_tui.model.patterns import LONGEST, NotFollowed, OutOfSteps, Steps, read_pattern


def matches(pattern: str, text: str, steps: int = 100_000) -> bool:
    return read_pattern(pattern).is_in(text, Steps(steps))


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("^[A-Z]{3}$", "EUR", "EURO"),
        ("^[A-Z]{3}$", "PLN", "pln"),
        ("[0-9]", "no 7 here", "none here"),
        (r"^\d{4}-\d{2}$", "2026-03", "2026-3"),
        (r"^\d{2,}$", "123", "1"),
        ("^a{2,3}$", "aaa", "aaaa"),
        ("^(ab|cd)+$", "abcdab", "abc"),
        ("^(?:a|b)?c$", "c", "abc"),
        ("^a*?b$", "aab", "aac"),
        ("^$", "", " "),
        ("^[^0-9]+$", "abc", "ab1"),
        (r"^[\w.-]+@[\w.-]+$", "a.b@c-d.eu", "a b@c.eu"),
        (r"^\x41\u0042$", "AB", "ab"),
        (r"^\p{L}+$", "Łąka", "Łąka1"),
        (r"^\P{N}$", "x", "5"),
        (r"\bcat\b", "a cat sat", "concat"),
        (r"^[\t\-\]]$", "]", "["),
        ("^[a-]$", "-", "b"),
        (r"^[\d-z]$", "-", "y"),
        (r"^\/\.$", "/.", "/x"),
        ("^a.b$", "axb", "a\nb"),
        ("^(|a)b$", "b", "aab"),
    ],
)
def test_what_fits_and_what_does_not(pattern: str, fits: str, fails: str) -> None:
    assert matches(pattern, fits)
    assert not matches(pattern, fails)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a", "a)", "[a", "*a", "a**", "a{2}{3}", "a{3,2}", "a{x}", "a{", "\\", r"(a)\1", "(?=a)", "(?<!a)b",
        r"\q", r"\x4", r"\u12", r"\p{Greek}", "[z-a]", r"[a-\d]", "^*", "(" * 40 + ")" * 40,
        "(a{99}){99}", "a" * (LONGEST + 1), "a{99999}",
    ],
)  # fmt: skip
def test_what_is_broken_or_cannot_be_followed_is_said_to_be_so(pattern: str) -> None:
    with pytest.raises(NotFollowed):
        read_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^(a*)*b$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
def test_a_pattern_that_would_hang_others_takes_a_moment(pattern: str) -> None:
    began = time.process_time()
    assert not matches(pattern, "a" * 500 + "!", steps=1_000_000)
    assert time.process_time() - began < 5


def test_when_the_steps_run_out_nothing_is_claimed() -> None:
    with pytest.raises(OutOfSteps):
        matches("^(a|b|ab)*c$", "ab" * 200, steps=500)


_PIECE = st.sampled_from(["a", "b", "ab", ".", "[ab]", "[^a]", r"\d", r"\w", "(a|b)", "(?:ab)", "^", "$"])
_TIMES = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,}"])
_PATTERN = st.lists(
    st.tuples(_PIECE, _TIMES).filter(lambda it: not (it[0] in "^$" and it[1])).map("".join), max_size=6
).map("".join)


@settings(max_examples=300, deadline=None)
@given(_PATTERN, st.text("ab1 ", max_size=8))
def test_it_agrees_with_the_common_way_of_matching(pattern: str, text: str) -> None:
    assert matches(pattern, text) is bool(re.search(pattern.replace("$", r"\Z"), text, re.ASCII))
