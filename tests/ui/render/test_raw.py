"""The raw view: exact, inert, and no slower for being huge."""

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.ui.render.growing import LINES_AT_MOST
from review_tui.ui.render.raw import RawText
from tests.ui.samples import HOSTILE

LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=30)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)


def written(value: Any, width: int = 10_000) -> list[str]:
    raw = RawText(value, width)
    raw.reach_end()
    return ["".join(text for text, _ in raw.line(index)) for index in range(raw.count)]


@given(VALUES)
def test_it_is_the_json_that_was_received(value: Any) -> None:
    assert json.loads("\n".join(written(value))) == value


@given(VALUES)
def test_nothing_in_it_can_act_on_a_terminal(value: Any) -> None:
    assert all(line.isprintable() for line in written(value, 40))


def test_it_reads_like_pretty_printed_json() -> None:
    value = {"a": [1, {"b": None}], "c": {}, "d": [], "e": True}
    assert "\n".join(written(value)) == json.dumps(value, indent=2)


def test_numbers_keep_every_digit() -> None:
    assert written({"total": Decimal("18.400")}) == ["{", '  "total": 18.400', "}"]


def test_hostile_text_is_written_out_exactly() -> None:
    (_, line, _) = written({"x": HOSTILE})
    assert r"\u001b]52;c;aGk=\u0007\u001b[31mCafé\u202egpj.\u200b\u009b2J[red]" in line


def test_lines_are_broken_at_the_width_without_losing_a_character() -> None:
    lines = written({"x": "wörd" * 40}, 30)
    assert all(len(line) <= 30 for line in lines)
    assert "".join(line.strip() for line in lines) == f'{{"x": "{"wörd" * 40}"}}'


def test_a_long_string_is_cut_and_its_rest_counted() -> None:
    assert written({"x": "a" * 5_000_000})[1].endswith('aaa" … (+4996000 characters)')


def test_a_huge_body_is_listed_so_far_and_says_so() -> None:
    lines = written({f"key{n}": n for n in range(100_000)})
    assert len(lines) == LINES_AT_MOST + 1
    assert lines[-1] == f"… only the first {LINES_AT_MOST:,} lines are listed"


@pytest.mark.parametrize(
    "value",
    [
        {f"key{n}": n for n in range(100_000)},
        {"x": "a" * 5_000_000},
        {"x": ["あ" * 1_000] * 1_600},
        {"x": "\x1b" * 5_000_000},
    ],
    ids=["100,000 keys", "5 MB in one", "5 MB of wide ones", "5 MB of escapes"],
)
def test_looking_at_the_start_of_a_huge_body_costs_what_is_looked_at(value: Any) -> None:
    started = time.process_time()
    raw = RawText(value, 80)
    raw.reach(60)
    assert time.process_time() - started < 0.25
    assert raw.count < 1_000


def test_no_nesting_is_too_deep() -> None:
    value: list[Any] = []
    for _ in range(5_000):
        value = [value]
    assert len(written(value, 60)) == 2 * 5_000 + 1
