"""The state's view: what is shown follows the queue, the facts and the selection by itself."""

from dataclasses import replace

from review_tui.model.listed import Listed
from review_tui.model.matching import Facts
from review_tui.model.query import parse
from review_tui.model.queue import HEAD, Filter, Queue
from review_tui.model.sorting import Column, Sort
from review_tui.model.submissions import Page
from review_tui.model.views import View, at_once, reckoning
from review_tui.ui.detail_view import DetailState
from review_tui.ui.state import (
    ReviewState,
    after_news,
    asking,
    moved_to,
    seeing,
    with_detail,
    with_facts,
    with_page,
)
from review_tui.workers.news import PageRead
from tests.model.rows import NOW as THEN
from tests.model.rows import a_row
from tests.ui.samples import NOW, a_detail

ROWS = tuple(
    a_row(
        f"s{number}",
        fraud_score=float(number * 10),
        created=THEN - number,
        fraud_status="clean" if number % 2 else "flagged",
    )
    for number in range(8)
)
APPROVED = Filter("approved")


def a_state(text: str = "", sort: Sort | None = None, selected: str = "s0") -> ReviewState:
    state = ReviewState(queue=Queue(Listed.of(ROWS), complete=True), started=True, selected=selected)
    return seeing(state, view_of(state, text, sort))


def view_of(state: ReviewState, text: str, sort: Sort | None = None) -> View:
    return at_once(reckoning(state.queue.rows, parse(text).query, sort, state.facts, THEN))


def shown(state: ReviewState) -> list[str]:
    return [row.id for row in state.rows]


def test_a_page_changes_what_is_shown_and_not_where_one_stands() -> None:
    state = a_state("fraud:flagged", Sort(Column.SCORE, descending=True), selected="s4")
    assert shown(state) == ["s6", "s4", "s2", "s0"]
    new = a_row("new", fraud_status="flagged", fraud_score=99.0, created=THEN + 1)
    after = with_page(state, Page((new, *ROWS)), HEAD)
    assert shown(after) == ["new", "s6", "s4", "s2", "s0"]
    assert (after.selected, after.near) == ("s4", 2)
    assert after.unseen == 1


def test_rows_that_come_in_but_do_not_fit_are_not_counted_as_new() -> None:
    state = a_state("fraud:flagged", selected="s4")
    after = with_page(state, Page((a_row("new", created=THEN + 1), *ROWS)), HEAD)
    assert after.unseen == 0
    assert after.selected == "s4"


def test_moving_goes_by_what_is_shown() -> None:
    state = a_state("fraud:flagged", Sort(Column.SCORE, descending=True), selected="s4")
    assert moved_to(state, state.near + 1).selected == "s2"
    assert moved_to(state, state.near - 1).selected == "s6"
    assert moved_to(state, 99).selected == "s0"


def test_one_that_does_not_fit_stays_until_it_is_left_in_either_direction() -> None:
    state = a_state("fraud:flagged", selected="s3")
    assert shown(state) == ["s0", "s2", "s3", "s4", "s6"]
    assert state.view.guest == "s3"
    for step, neighbour in ((1, "s4"), (-1, "s2")):
        after = moved_to(state, state.near + step)
        assert after.selected == neighbour
        assert shown(after) == ["s0", "s2", "s4", "s6"]
        assert after.near == shown(after).index(neighbour)
    assert state.detail_state is not DetailState.GONE


def test_the_only_one_shown_can_be_left_for_nothing() -> None:
    state = a_state("zebra", selected="s3")
    assert shown(state) == ["s3"]
    assert moved_to(state, 1).selected is None


def test_a_fact_moves_a_row_in_and_out() -> None:
    state = a_state("is:marked", selected="s0")
    state = with_facts(state, marked=frozenset({"s2", "s5"}))
    assert shown(state) == ["s0", "s2", "s5"]
    state = with_facts(state, marked=frozenset({"s0", "s5"}))
    assert shown(state) == ["s0", "s5"]
    assert state.view.guest is None


def test_a_detail_that_no_longer_fits_leaves_the_view_unless_one_stands_on_it() -> None:
    state = a_state("fraud:flagged", selected="s2")
    cleared = a_detail("s2", fraudStatus="clean", fraudMatches=[])
    assert "s2" in shown(with_detail(state, cleared))
    assert "s4" not in shown(with_detail(state, a_detail("s4", fraudStatus="clean", fraudMatches=[])))


def test_what_was_read_of_an_opened_one_can_be_looked_for() -> None:
    state = with_detail(a_state(), a_detail("s1", rejectReason="Blurred"))
    for text in ("szarlotka", "reason:blurred"):
        assert [row.id for row in view_of(state, text).rows] == ["s1"]


def test_what_fits_another_list_stays_until_that_is_read_and_what_is_selected_longer() -> None:
    rows = (*ROWS, a_row("a1", status="approved", created=THEN - 50))
    state = ReviewState(
        queue=Queue(Listed.of(rows), Filter(None), complete=True), started=True, selected="s3"
    )
    after = asking(state, APPROVED)
    assert shown(after) == ["s3", "a1"]
    assert after.view.guest == "s3"
    assert after.view.fitting == 1
    assert not after.started
    assert not after.queue.complete
    assert after.detail_state is not DetailState.GONE, "nobody decided it"
    fresh = a_row("a2", status="approved", created=THEN - 10)
    read = with_page(after, Page((fresh,)), HEAD)
    assert shown(read) == ["s3", "a2"]
    assert read.started
    left = moved_to(read, 1)
    assert shown(left) == ["a2"]
    assert left.queue.row("s3") is None
    assert left.facts == Facts()


def test_one_that_left_while_it_was_looked_at_stays_selected_in_another_list_too() -> None:
    rows = tuple(row if row.id != "s3" else replace(row, gone=True) for row in ROWS)
    state = ReviewState(queue=Queue(Listed.of(rows), Filter(), complete=True), started=True, selected="s3")
    after = asking(state, APPROVED)
    assert after.row is not None
    read = with_page(after, Page((a_row("a2", status="approved", created=THEN - 10),)), HEAD)
    assert read.selected == "s3", "only a key moves the cursor"
    assert moved_to(read, 1).selected == "a2"


def test_back_in_its_own_list_it_is_one_of_the_others_again() -> None:
    state = asking(a_state(selected="s3"), APPROVED)
    assert state.facts.outside == {"s3"}
    back = with_page(asking(state, Filter()), Page(ROWS), HEAD)
    assert back.selected == "s3"
    assert back.view.guest is None
    assert back.facts.outside == frozenset()
    assert shown(back) == [row.id for row in ROWS]


def test_one_that_the_other_list_turns_out_to_hold_is_no_guest_there() -> None:
    state = asking(a_state(selected="s3"), APPROVED)
    decided = replace(ROWS[3], status=a_row("x", status="approved").status)
    after = with_page(state, Page((decided,)), HEAD)
    assert after.view.guest is None
    assert after.view.fitting == 1


def test_a_page_of_a_list_that_is_not_asked_for_any_more_is_not_taken_in() -> None:
    state = asking(a_state(), APPROVED)
    assert after_news(state, PageRead(Page(ROWS), HEAD, Filter()), NOW) is state
    assert after_news(state, PageRead(Page(), HEAD, APPROVED), NOW).started


def test_a_view_that_was_made_of_an_older_queue_is_brought_up_to_date() -> None:
    state = a_state(selected="s4")
    made = view_of(state, "fraud:flagged")
    state = with_page(state, Page((a_row("new", fraud_status="flagged", created=THEN + 1), *ROWS[1:])), HEAD)
    state = with_facts(state, marked=frozenset({"s2"}))
    after = seeing(state, made)
    assert shown(after) == ["new", "s2", "s4", "s6"]
    assert (after.selected, after.near) == ("s4", 2)
