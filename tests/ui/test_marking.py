"""Marks: made by one, by range and by view; they are ids, and stay on their submissions."""

from pathlib import Path

from review_tui.client.steve import Steve
from review_tui.sandbox import queries, transitions
from review_tui.sandbox.state import Sandbox
from review_tui.ui.render.head import merchant_words
from review_tui.workers.memory import Memory
from tests.ui.console import Console, console_on


def marked(console: Console) -> frozenset[str]:
    return console.review.state.facts.marked


def ids(console: Console) -> list[str]:
    return [row.id for row in console.review.state.rows]


async def test_space_marks_and_goes_on_and_the_header_counts(console: Console) -> None:
    await console.press("g")
    first, second = ids(console)[:2]
    await console.give("mark")
    await console.give("mark")
    assert marked(console) == {first, second}
    assert console.selected == ids(console)[2]
    assert "+ 2 marked" in console.lines()[0]
    assert "2 marked · a r c f decide on them" in console.says
    await console.press("k")
    await console.give("mark")
    assert marked(console) == {first}


async def test_a_range_goes_with_the_cursor_both_ways_and_keeps_what_was_marked(console: Console) -> None:
    await console.press("g")
    await console.give("mark")
    await console.press("j", "j")
    await console.give("mark-range")
    await console.press("j", "j", "j")
    assert marked(console) == {ids(console)[0], *ids(console)[3:7]}
    await console.press("k", "k", "k", "k")
    assert marked(console) == {ids(console)[0], *ids(console)[2:4]}
    await console.give("mark-range")
    await console.press("G")
    assert marked(console) == {ids(console)[0], *ids(console)[2:4]}


async def test_all_that_the_view_shows_is_marked_and_unmarked_with_one_key(console: Console) -> None:
    await console.press("slash", *"amount>200", "enter")
    await console.until(lambda: len(console.review.state.rows) < len(console.review.state.queue))
    shown = set(ids(console)) - {console.review.state.view.guest or ""}
    await console.give("mark-shown")
    assert marked(console) == shown
    await console.press("0")
    await console.until(lambda: len(console.review.state.rows) > len(shown))
    assert marked(console) == shown
    await console.press("slash", *"is:marked", "enter")
    await console.until(lambda: set(ids(console)) - {console.review.state.view.guest} == shown)
    await console.give("mark-shown")
    assert not marked(console)
    assert f"{len(shown)} marks taken off" in console.says


async def test_one_that_others_decide_is_marked_no_more_and_that_is_said(
    console: Console, sandbox: Sandbox
) -> None:
    row = await console.go_to(lambda row: row.fraud_status == "clean")
    await console.give("mark")
    await console.give("mark")
    with sandbox.database.write() as tx:
        found = queries.find(tx, sandbox.company_id, row.id)
        actor = {"type": "reviewer", "id": "robin", "name": "Robin"}
        transitions.reject(tx, found, sandbox.clock.now_ms(), reason="unclear", actor=actor)
    await console.poll()
    await console.until(lambda: row.id not in marked(console))
    assert len(marked(console)) == 1
    assert f"1 marked submission left the queue: {merchant_words(row)}" in console.says


async def test_marks_are_there_again_at_the_next_start(steve: Steve, tmp_path: Path) -> None:
    memory = Memory()
    async with console_on(steve, tmp_path, memory=memory) as console:
        await console.give("mark")
        before = marked(console)
        console.clock.turn(3)
        await console.settle()
    memory.put("place", None)
    assert memory.get("marks") == sorted(before)
