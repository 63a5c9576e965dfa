"""Views: held against a model that looks at every row each time."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from review_tui.model.listed import Listed
from review_tui.model.matching import Facts, matcher
from review_tui.model.query import Query, parse
from review_tui.model.rows import PART, Rows
from review_tui.model.sorting import SLICE, Column, Sort, sorting
from review_tui.model.submissions import Row
from review_tui.model.text import Shown
from review_tui.model.views import View, at_once, reckoning
from tests.model.rows import NOW, a_row, queues

TEXTS = [
    "",
    "cafe",
    "amount>18",
    "-fraud:flagged",
    "is:marked",
    "is:snoozed",
    "confidence<0.8 age>30m",
    "zzz",
]
SORTS = [None, *(Sort(column, descending) for column in Column for descending in (False, True))]


def naive(rows: Sequence[Row], query: Query, sort: Sort | None, facts: Facts) -> list[Row]:
    """Every row that fits, in the order in which Python's own stable sort puts them."""
    fits = matcher(query, facts, NOW)
    found = [row for row in rows if fits(row)]
    if sort is None:
        return found
    present = [row for row in found if sort.value(row) is not None]
    present.sort(key=sort.value, reverse=sort.descending)
    return [*present, *(row for row in found if sort.value(row) is None)]


def view_of(
    rows: Iterable[Row], text: str = "", sort: Sort | None = None, facts: Facts | None = None
) -> View:
    return at_once(reckoning(Listed.of(rows), parse(text).query, sort, facts or Facts(), NOW))


@given(queues(), st.sampled_from(TEXTS), st.sampled_from(SORTS))
def test_a_view_holds_the_rows_that_fit_in_order(rows: tuple[Row, ...], text: str, sort: Sort | None) -> None:
    facts = Facts(marked=frozenset({"s0", "s3"}), snoozed=frozenset({"s1"}))
    view = view_of(rows, text, sort, facts)
    assert [row.id for row in view.rows] == [row.id for row in naive(rows, view.query, sort, facts)]
    assert view.fitting == len(view.rows)


@given(
    queues(),
    st.lists(st.sampled_from([*TEXTS, "c", "ca", "CAF", "-caf", "18", "age>30m"]), min_size=2, max_size=4),
)
def test_what_is_made_out_of_the_view_before_is_as_made_anew(rows: tuple[Row, ...], texts: list[str]) -> None:
    facts = Facts(marked=frozenset({"s0", "s3"}), snoozed=frozenset({"s1"}))
    source = Listed.of(rows)
    before = None
    for text in [*texts, " ".join(texts), f"{' '.join(texts)}f"]:
        query = parse(text).query
        before = at_once(reckoning(source, query, None, facts, NOW, before))
        assert list(before.rows) == naive(rows, query, None, facts)


def test_only_what_fitted_is_looked_through_for_more_of_a_word() -> None:
    looked: list[str] = []

    class Noting(frozenset[str]):
        def __contains__(self, id_: object) -> bool:
            looked.append(str(id_))
            return True

    source = Listed.of(a_row(f"s{number}", created=NOW - number) for number in range(100))
    facts = Facts(marked=Noting({"s0"}))
    before = at_once(reckoning(source, parse("is:marked s1").query, None, facts, NOW))
    assert len(looked) == 100
    looked.clear()
    after = at_once(reckoning(source, parse("is:marked s12").query, None, facts, NOW, before))
    assert [row.id for row in after.rows] == ["s12"]
    assert looked == [row.id for row in before.rows]


def test_neighbours_are_those_shown_and_end_at_the_ends() -> None:
    scores = {"a": 1.0, "b": 4.0, "c": 2.0, "d": 3.0}
    rows = tuple(a_row(id_, fraud_score=score, created=NOW) for id_, score in scores.items())
    view = view_of(rows, "score<3", Sort(Column.SCORE, descending=True))  # c a
    beside = {step: view.neighbour("c", step) for step in (-1, 1, 2)}
    assert {step: found and found.id for step, found in beside.items()} == {-1: None, 1: "a", 2: None}
    assert view.neighbour("d", 1) is None
    assert view.neighbour("nobody", 1) is None


def test_equal_ones_keep_the_servers_order_and_missing_values_come_last_both_ways() -> None:
    rows = Listed.of(
        a_row(id_, fraud_score=score, created=NOW - age)
        for age, (id_, score) in enumerate([("a", 5.0), ("b", None), ("c", 9.0), ("d", 5.0), ("e", 9.0)])
    )
    rising, falling = Sort(Column.SCORE), Sort(Column.SCORE, descending=True)
    assert [row.id for row in at_once(sorting(rows, rising))] == ["a", "d", "c", "e", "b"]
    assert [row.id for row in at_once(sorting(rows, falling))] == ["c", "e", "a", "d", "b"]


def test_a_long_queue_is_sorted_as_a_short_one() -> None:
    chance = Random(1)
    names = [Shown.of(name) for name in ("Zoo", "Café Łąka", "cafe laka")]
    one = a_row("s")
    rows = tuple(
        replace(
            one,
            id=f"s{number}",
            order=NOW - number // 3,
            created=NOW - number // 3,
            fraud_score=chance.choice([None, 0.0, chance.random()]),
            merchant=chance.choice(names),
            amount=chance.choice([None, "7", f"{chance.random() * 100:.2f}"]),
        )
        for number in range(3 * SLICE)
    )
    for sort in filter(None, SORTS):
        found = at_once(sorting(Rows.of(rows), sort))
        assert [row.id for row in found] == [row.id for row in naive(rows, Query(), sort, Facts())], sort


@pytest.mark.parametrize(
    ("text", "sort"),
    [("", None), ("-age", Sort(Column.AGE, descending=True)), (" Amount ", Sort(Column.AMOUNT))],
)
def test_a_sort_is_read_and_written(text: str, sort: Sort | None) -> None:
    assert Sort.of(text) == sort
    assert sort is None or Sort.of(str(sort)) == sort


def test_a_column_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Sort.of("colour")


def test_the_selected_one_stays_in_its_place_until_it_is_left() -> None:
    rows = tuple(a_row(f"s{number}", fraud_score=float(number), created=NOW - number) for number in range(6))
    for sort, place in ((None, 0), (Sort(Column.SCORE), 0), (Sort(Column.SCORE, descending=True), 2)):
        view = view_of(rows, "score>=4", sort).standing_on("s2")
        assert view.position("s2") == place
        assert view.guest == "s2"
        assert view.fitting == 2
        assert "s2" in [row.id for row in view.following(Listed.of((a_row("new", created=NOW), *rows))).rows]
        assert [row.id for row in view.standing_on("s4").rows].count("s2") == 0
        assert view.standing_on("s1").guest == "s1"
        assert view.following(Listed.of(rows[3:])).guest is None


def test_a_guest_that_comes_to_fit_is_one_of_the_others() -> None:
    rows = tuple(a_row(f"s{number}", fraud_score=float(number), created=NOW - number) for number in range(3))
    view = view_of(rows, "score>=2").standing_on("s0")
    changed = Listed.of((replace(rows[0], fraud_score=7.0), *rows[1:]))
    assert view.following(changed).guest is None
    assert [row.id for row in view.following(changed).rows] == ["s0", "s2"]


def test_what_is_put_away_before_it_is_loaded_is_left_out_when_it_comes() -> None:
    known = view_of(()).knowing(Facts(snoozed=frozenset({"s1"})))
    assert known is not None
    later = known.following(Listed.of((a_row("s0"), a_row("s1"), a_row("s2"))))
    assert [row.id for row in later.rows] == ["s0", "s2"]


def test_nothing_that_is_unchanged_is_looked_at_again() -> None:
    rows = tuple(a_row(f"s{number}", created=NOW - number) for number in range(1_000))
    looked: list[str] = []

    class Noting(frozenset[str]):
        def __contains__(self, id_: object) -> bool:
            looked.append(str(id_))
            return True

    view = view_of(rows, "is:marked", Sort(Column.MERCHANT), Facts(marked=Noting({"s0"})))
    assert len(looked) == 1_000
    looked.clear()
    after = view.following(Listed.of((a_row("new", created=NOW + 1), *rows[:500], *rows[501:])))
    assert looked == ["new"]
    assert len(after.rows) == 1_000


def test_no_step_looks_at_more_rows_than_a_key_can_wait_for() -> None:
    rows = tuple(a_row(f"s{number}", created=NOW - number) for number in range(12_000))
    looked: list[str] = []

    class Noting(frozenset[str]):
        def __contains__(self, id_: object) -> bool:
            looked.append(str(id_))
            return False

    facts = Facts(marked=Noting({"s0"}))
    work = reckoning(Listed.of(rows), parse("-is:marked").query, Sort(Column.MERCHANT), facts, NOW)
    steps: list[int] = []
    for _ in work:
        steps.append(len(looked))
        looked.clear()
    assert max(steps) <= PART
    assert sum(steps) == len(rows)
    assert len(steps) > 2 * len(rows) // PART, "sorting and handing over are cut in steps, too"


def test_words_that_leave_out_everything_by_themselves_are_named() -> None:
    rows = (a_row("s1"), a_row("s2", fraud_status="flagged", amount="900"))
    assert [str(term) for term in view_of(rows, "fraud:clean zoo amount>500 łódź").barren] == ["zoo", "łódź"]
    assert view_of(rows, "fraud:clean amount>500").barren == ()
    assert [str(term) for term in view_of(rows, "zoo").barren] == ["zoo"]


class Following(RuleBasedStateMachine):
    """A view that follows what happens to a queue, beside one that is made anew each time."""

    @initialize(rows=queues(), text=st.sampled_from(TEXTS), sort=st.sampled_from(SORTS))
    def begin(self, rows: tuple[Row, ...], text: str, sort: Sort | None) -> None:
        self.source = rows
        self.facts = Facts()
        self.selected: str | None = None
        self.made = 0
        self.view = view_of(rows, text, sort)

    def follow(self, source: Sequence[Row]) -> None:
        self.source = tuple(source)
        self.view = self.view.following(Listed.of(self.source)).standing_on(self.selected)

    @rule(some=queues(4))
    def come_in(self, some: tuple[Row, ...]) -> None:
        """Rows come in anywhere, as pages bring them."""
        new = [replace(row, id=f"n{self.made + number}") for number, row in enumerate(some)]
        self.made += len(new)
        self.follow(sorted([*new, *self.source], key=lambda row: -row.order))

    @precondition(lambda self: self.source)
    @rule(data=st.data())
    def leave(self, data: Any) -> None:
        gone = data.draw(st.sets(st.sampled_from([row.id for row in self.source])))
        self.follow([row for row in self.source if row.id not in gone])

    @precondition(lambda self: self.source)
    @rule(data=st.data(), score=st.sampled_from([None, 0.0, 75.0]), amount=st.sampled_from(["7", "700"]))
    def change(self, data: Any, score: float | None, amount: str) -> None:
        index = data.draw(st.integers(0, len(self.source) - 1))
        fresh = a_row(
            self.source[index].id, fraud_score=score, amount=amount, created=self.source[index].created
        )
        self.follow(
            [*self.source[:index], replace(fresh, order=self.source[index].order), *self.source[index + 1 :]]
        )

    @rule(data=st.data())
    def mark_or_snooze(self, data: Any) -> None:
        ids = st.frozensets(st.sampled_from([f"s{number}" for number in range(12)]), max_size=4)
        self.facts = replace(self.facts, marked=data.draw(ids), snoozed=data.draw(ids))
        view = self.view.knowing(self.facts)
        assert view is not None
        self.view = view.standing_on(self.selected)

    @precondition(lambda self: self.source)
    @rule(data=st.data())
    def select(self, data: Any) -> None:
        self.selected = data.draw(st.sampled_from([row.id for row in self.source]))
        self.view = self.view.standing_on(self.selected)

    @invariant()
    def shows_what_fits_and_what_is_selected(self) -> None:
        view = self.view
        wanted = naive(self.source, view.query, view.sort, self.facts)
        assert [row.id for row in view.rows if row.id != view.guest] == [row.id for row in wanted]
        assert view.fitting == len(wanted)
        if self.selected in {row.id for row in self.source}:
            assert view.position(self.selected) is not None
            assert (view.guest == self.selected) is (self.selected not in {row.id for row in wanted})
        else:
            assert view.guest is None
        if view.guest is not None:
            with_guest = {row.id for row in wanted} | {view.guest}
            everything = naive(self.source, Query(), view.sort, Facts())
            assert [row.id for row in view.rows] == [row.id for row in everything if row.id in with_guest]


TestFollowing = Following.TestCase
TestFollowing.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
