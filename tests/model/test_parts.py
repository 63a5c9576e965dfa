"""Rows in parts: held against a plain list, whatever is cut, and how little of them a change touches."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from review_tui.model import rows as cutting
from review_tui.model.queue import HEAD, Queue
from review_tui.model.rows import PART, Rows
from review_tui.model.submissions import Page, Row
from tests.model.rows import NOW, a_row


class Cutting(RuleBasedStateMachine):
    """Rows that are changed in every way, beside a list that is changed likewise."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = Rows()
        self.plain: list[Row] = []
        self.made = 0

    def new(self, count: int) -> list[Row]:
        self.made += count
        return [a_row(f"s{number}") for number in range(self.made - count, self.made)]

    @rule(data=st.data(), count=st.integers(0, 9))
    def splice(self, data: Any, count: int) -> None:
        start = data.draw(st.integers(0, len(self.plain)))
        stop = data.draw(st.integers(start, min(len(self.plain), start + 9)))
        some = self.new(count)
        self.rows = self.rows.spliced(start, stop, some)
        self.plain[start:stop] = some

    @rule(data=st.data())
    def edit(self, data: Any) -> None:
        out = data.draw(st.sets(st.integers(0, len(self.plain) - 1), max_size=5)) if self.plain else set()
        places = sorted(data.draw(st.lists(st.integers(0, len(self.plain)), max_size=5)))
        put = [*zip(places, self.new(len(places)), strict=True)]
        self.rows = self.rows.edited(out, put)
        wanted: list[Row] = []
        for index in range(len(self.plain) + 1):
            wanted += [row for place, row in put if place == index]
            wanted += [row for row in self.plain[index : index + 1] if index not in out]
        self.plain = wanted

    @precondition(lambda self: self.plain)
    @rule(data=st.data())
    def look(self, data: Any) -> None:
        place = data.draw(st.integers(0, len(self.plain) - 1))
        stop = data.draw(st.integers(place, len(self.plain)))
        row = self.plain[place]
        near = data.draw(st.integers(0, len(self.plain)))
        assert self.rows[place] is row
        assert self.rows[place - len(self.plain)] is row
        assert self.rows[place:stop] == tuple(self.plain[place:stop])
        assert self.rows.find(row.id, near) == place

    @invariant()
    def holds_the_same(self) -> None:
        assert self.rows == self.plain
        assert len(self.rows) == len(self.plain)
        assert [*reversed(self.rows)] == self.plain[::-1]
        assert all(0 < len(part.rows) <= cutting.PART for part in self.rows.parts)
        assert self.rows.find("nobody") is None


def test_whatever_is_cut_the_rows_are_those_of_a_plain_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PART", 3)  # few rows make many parts
    run_state_machine_as_test(
        Cutting, settings=settings(max_examples=30, stateful_step_count=15, deadline=None)
    )


def many(count: int, first: int = 0) -> Iterator[Row]:
    return (a_row(f"s{number}", created=NOW - number) for number in range(first, first + count))


def test_a_change_shares_all_parts_but_one_with_what_was_before() -> None:
    before = Rows.of(many(20 * PART))
    row = a_row("new")
    changes = {
        "a row's value": before.spliced(5_000, 5_001, (row,)),
        "a row more": before.spliced(0, 0, (row,)),
        "a row less": before.spliced(7_000, 7_001, ()),
        "rows behind the last": before.spliced(len(before), len(before), (row,)),
        "rows here and there": before.edited([100], [(300, row)]),
    }
    shared = {name: len(set(before.parts) & set(after.parts)) for name, after in changes.items()}
    assert set(shared.values()) <= {18, 19}, shared


def test_pages_fill_parts_rather_than_standing_in_parts_of_their_own() -> None:
    queue, window = Queue(), HEAD
    for first in range(0, 6_000, 100):
        page = Page(tuple(many(100, first)), has_more=True, next_cursor="c")
        queue, _ = queue.merged_with(page, window)
        window = window.beyond(page)
    assert len(queue.rows) == 6_000
    assert len(queue.rows.parts) <= 2 * len(queue.rows) / PART + 1


def test_equal_rows_are_equal_whatever_their_parts() -> None:
    rows = Rows.of(many(10))
    other = Rows.of(many(4)).spliced(4, 4, [*many(6, 4)])
    assert rows == other
    assert hash(rows) == hash(other)
    assert rows == tuple(many(10))
    assert rows != Rows.of(many(9))
    assert rows != "s0"
    assert {1: rows}[1][2:9:3] == tuple(rows)[2:9:3]
    with pytest.raises(IndexError):
        rows[10]
