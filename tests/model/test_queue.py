"""The queue follows the server's list, and the reviewer's selection is never lost on the way."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_tui.model.queue import HEAD, Changes, Filter, Queue, Window
from review_tui.model.submissions import Page, Row, read_page
from review_tui.model.text import Shown


def row(id_: str, order: float, status: str = "review") -> Row:
    return Row(
        id=id_,
        status=Shown(status),
        fraud_status=Shown("clean"),
        fraud_score=None,
        confidence=None,
        merchant=None,
        amount=None,
        currency=None,
        workflow=Shown("receipt-ocr"),
        client_submission_id=None,
        created=order,
        order=order,
    )


def page_of(rows: Sequence[Row], *, more: bool = False) -> Page:
    return Page(tuple(rows), more, rows[-1].id if more and rows else None)


def ids(queue: Queue) -> list[str]:
    return [row.id for row in queue.rows]


def read_whole(queue: Queue, server: Sequence[Row], size: int, keep: str | None = None) -> Queue:
    """Read the server's list page by page, as a console does, and merge each."""
    window = HEAD
    for start in range(0, max(len(server), 1), size):
        before = float("inf")
        rows = []
        for found in server[start : start + size]:
            before = min(before, found.order)
            rows.append(found if found.order == before else replace(found, order=before))
        page = page_of(rows, more=start + size < len(server))
        queue, _ = queue.merged_with(page, window, keep)
        window = window.beyond(page)
    return queue


def loaded(*rows: Row) -> Queue:
    return Queue().merged_with(page_of(rows))[0]


SERVERS = st.lists(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 6), st.sampled_from(["review", "processing"])),
        unique_by=lambda t: t[0],
        max_size=14,
    ),
    min_size=1,
    max_size=4,
)


def listing(entries: list[tuple[int, int, str]]) -> list[Row]:
    rows = [row(f"k{number:02}", float(time), status) for number, time, status in entries]
    return sorted(rows, key=lambda r: (-r.order, r.id))


@given(SERVERS, st.integers(1, 5))
def test_reading_everything_again_always_ends_at_the_servers_list(
    states: list[list[tuple[int, int, str]]], size: int
) -> None:
    queue = Queue()
    for entries in states:
        server = listing(entries)
        queue = read_whole(queue, server, size)
        assert queue.rows == tuple(server)
        assert queue.complete


@given(SERVERS, st.integers(1, 5))
def test_a_server_that_sorts_otherwise_is_followed_in_its_own_order(
    states: list[list[tuple[int, int, str]]], size: int
) -> None:
    queue = Queue()
    for entries in states:
        server = [row(f"k{number:02}", float(time)) for number, time, _ in entries]
        queue = read_whole(queue, server, size)
        assert ids(queue) == [found.id for found in server]


@given(SERVERS, st.integers(1, 5), st.data())
def test_the_kept_row_stays_whatever_the_server_says(
    states: list[list[tuple[int, int, str]]], size: int, data: st.DataObject
) -> None:
    queue = Queue()
    keep: str | None = None
    for entries in states:
        server = listing(entries)
        queue = read_whole(queue, server, size, keep)
        listed = [found.id for found in server]
        expected = set(listed) | ({keep} if keep else set())
        assert sorted(ids(queue)) == sorted(expected)
        assert [id_ for id_ in ids(queue) if id_ != keep] == [id_ for id_ in listed if id_ != keep]
        orders = [found.order for found in queue.rows]
        assert orders == sorted(orders, reverse=True)
        if queue.rows:
            keep = data.draw(st.sampled_from(ids(queue)))


@given(SERVERS, st.integers(1, 5), st.data())
@settings(max_examples=150)
def test_changes_tell_exactly_what_happened(
    states: list[list[tuple[int, int, str]]], size: int, data: st.DataObject
) -> None:
    queue = Queue()
    for entries in states:
        server = listing(entries)
        window = HEAD
        for start in range(0, max(len(server), 1), size):
            page = page_of(server[start : start + size], more=start + size < len(server))
            keep = data.draw(st.sampled_from([None, *ids(queue)]))
            before = {found.id: found for found in queue.rows}
            merged, changes = queue.merged_with(page, window, keep)
            after = {found.id: found for found in merged.rows}
            assert len(after) == len(merged.rows)
            new = {id_ for id_ in after if id_ not in before}
            assert new <= set(changes.added)
            left = {id_ for id_ in before if id_ not in after}
            marked = {id_ for id_, found in after.items() if found.gone and not before[id_].gone}
            assert set(changes.gone) == left | marked
            moved = set(changes.added) | set(changes.changed) | marked
            assert all(before[id_] is after[id_] for id_ in before.keys() & after.keys() - moved)
            again, nothing = merged.merged_with(page, window, keep)
            assert again is merged
            assert not nothing
            queue, window = merged, window.beyond(page)


def test_an_unchanged_page_is_the_same_queue() -> None:
    queue = loaded(row("a", 3), row("b", 2))
    again, changes = queue.merged_with(page_of([row("a", 3), row("b", 2)]))
    assert again is queue
    assert not changes


def test_a_newer_submission_comes_in_at_the_top() -> None:
    queue, changes = loaded(row("b", 2)).merged_with(page_of([row("c", 3), row("b", 2)]))
    assert ids(queue) == ["c", "b"]
    assert changes == Changes(added=("c",))


def test_the_selected_one_that_was_decided_elsewhere_is_marked_once() -> None:
    queue = loaded(row("a", 3), row("b", 2), row("c", 1))
    left = page_of([row("a", 3), row("c", 1)])
    queue, changes = queue.merged_with(left, keep="b")
    assert changes == Changes(gone=("b",))
    assert ids(queue) == ["a", "b", "c"]
    assert [found.gone for found in queue.rows] == [False, True, False]
    again, changes = queue.merged_with(left, keep="b")
    assert again is queue
    assert not changes
    moved_on, changes = queue.merged_with(left, keep="a")
    assert ids(moved_on) == ["a", "c"]
    assert changes.gone == ("b",)


def test_the_selected_one_that_we_decided_is_kept_and_not_called_gone() -> None:
    queue = loaded(row("a", 3), row("b", 2)).with_row(row("b", 2, "approved"))
    page = page_of([row("a", 3)])
    merged, changes = queue.merged_with(page, keep="b")
    assert merged is queue
    assert not changes
    assert [found.gone for found in merged.rows] == [False, False]
    merged, changes = queue.merged_with(page, keep="a")
    assert ids(merged) == ["a"]
    assert changes == Changes(gone=("b",))


def test_one_that_comes_back_is_no_longer_gone() -> None:
    queue, _ = loaded(row("a", 3), row("b", 2)).merged_with(page_of([row("a", 3)]), keep="b")
    queue, changes = queue.merged_with(page_of([row("a", 3), row("b", 2)]), keep="b")
    assert changes == Changes(changed=("b",))
    assert not any(found.gone for found in queue.rows)


def test_a_page_speaks_only_for_its_own_window() -> None:
    queue = loaded(*(row(f"k{n}", 10.0 - n) for n in range(10)))
    middle = page_of([row("k3", 7), row("k5", 5)], more=True)
    merged, changes = queue.merged_with(middle, Window(8.0, frozenset({"k2"})))
    assert changes == Changes(gone=("k4",))
    assert ids(merged) == ["k0", "k1", "k2", "k3", "k5", "k6", "k7", "k8", "k9"]
    assert merged.complete


def test_ties_at_a_pages_end_may_stand_on_the_next() -> None:
    queue = loaded(row("a", 2), row("b", 1), row("c", 1), row("d", 1))
    queue, changes = queue.merged_with(page_of([row("a", 2), row("b", 1)], more=True))
    assert ids(queue) == ["a", "b", "c", "d"]
    assert not changes
    window = HEAD.beyond(page_of([row("a", 2), row("b", 1)], more=True))
    queue, changes = queue.merged_with(page_of([row("d", 1)]), window)
    assert ids(queue) == ["a", "b", "d"]
    assert changes == Changes(gone=("c",))


def test_ties_above_a_window_whose_neighbours_are_unknown_are_kept() -> None:
    queue = loaded(row("a", 2), row("b", 1), row("c", 1))
    merged, changes = queue.merged_with(page_of([row("c", 1)]), Window(1.0))
    assert merged is queue
    assert not changes


def test_an_empty_page_that_promises_more_says_nothing() -> None:
    queue = loaded(row("a", 1))
    assert queue.merged_with(Page((), has_more=True, next_cursor="c")) == (queue, Changes())


def test_an_empty_last_page_empties_its_window() -> None:
    queue, changes = loaded(row("a", 2), row("b", 1)).merged_with(Page())
    assert ids(queue) == []
    assert queue.complete
    assert changes.gone == ("a", "b")


def test_the_cursor_leads_on_from_the_oldest_page_only() -> None:
    first = page_of([row("a", 9), row("b", 8)], more=True)
    queue, _ = Queue().merged_with(first)
    assert (queue.cursor, queue.complete) == ("b", False)
    second = page_of([row("c", 7), row("d", 6)], more=True)
    queue, _ = queue.merged_with(second, HEAD.beyond(first))
    assert (queue.cursor, queue.complete) == ("d", False)
    queue, _ = queue.merged_with(first)
    assert (queue.cursor, queue.complete) == ("d", False)
    queue, _ = queue.merged_with(page_of([row("e", 5)]), HEAD.beyond(first).beyond(second))
    assert (queue.cursor, queue.complete) == (None, True)


@pytest.mark.parametrize("near", [0, 1, 2, 500, -3])
def test_a_row_is_found_by_id_wherever_it_is_thought_to_be(near: int) -> None:
    queue = loaded(*(row(f"k{n}", 100.0 - n) for n in range(9)))
    assert queue.position("k7", near) == 7
    assert queue.position("nobody", near) is None
    assert queue.position(None, near) is None
    assert (found := queue.row("k7", near)) is not None
    assert found.id == "k7"


def test_a_newer_value_takes_its_place_and_only_its_place() -> None:
    queue = loaded(row("a", 3), row("b", 2))
    newer = queue.with_row(row("b", 99, "approved"))
    assert ids(newer) == ["a", "b"]
    assert (newer.rows[1].status, newer.rows[1].order) == ("approved", 2)
    assert queue.with_row(row("b", 2)) is queue
    assert queue.with_row(row("nobody", 2)) is queue
    assert ids(newer.without("a")) == ["b"]
    assert newer.without("nobody") is newer


@pytest.mark.parametrize(
    ("filter_", "words", "takes"),
    [
        (Filter(), "review", True),
        (Filter(status=None), "any status", True),
        (Filter(status="approved"), "approved", False),
        (Filter(workflow="receipt-ocr"), "review workflow:receipt-ocr", True),
        (
            Filter(workflow="photo-proof", fraud_status="clean"),
            "review workflow:photo-proof fraud:clean",
            False,
        ),
        (Filter(fraud_status="flagged"), "review fraud:flagged", False),
    ],
)
def test_a_filter_says_what_it_takes(filter_: Filter, words: str, *, takes: bool) -> None:
    assert str(filter_) == words
    assert filter_.takes(row("a", 1)) is takes


def test_rows_without_a_time_stay_where_the_server_put_them() -> None:
    said = [
        {"id": "a", "submissionStatus": "review", "createdAt": "2026-03-25T10:00:00.000Z"},
        {"id": "b", "submissionStatus": "review", "createdAt": "soon"},
        {"id": "c", "submissionStatus": "review", "createdAt": "2026-03-25T11:00:00.000Z"},
        {"id": "d", "submissionStatus": "review", "createdAt": "2026-03-25T09:00:00.000Z"},
    ]
    page = read_page({"data": said})
    assert [found.id for found in page.rows] == ["a", "b", "c", "d"]
    orders = [found.order for found in page.rows]
    assert orders == sorted(orders, reverse=True)
    assert page.rows[1].created_at is None
