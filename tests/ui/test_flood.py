"""A hundred thousand submissions: what a key looks at, what is shown meanwhile, how loading is stopped."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, SupportsIndex, overload

import pytest

from review_tui.model.listed import Listed
from review_tui.model.query import Query, parse
from review_tui.model.queue import HEAD, Filter, Queue
from review_tui.model.rows import PART, Part
from review_tui.model.sorting import Column, Sort
from review_tui.model.submissions import Page, Row
from review_tui.model.text import Shown
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import SandboxSettings
from review_tui.ui.state import PAGES_AT_ONCE, ReviewState, at_a_time, moved_to, with_page
from review_tui.workers.news import LoadingMoved, News, PageRead
from tests.model.rows import NOW as THEN
from tests.model.rows import a_row
from tests.ui.console import Console, console_on
from tests.wire import NOON, steve_on

MANY = 100_000


class Counted(tuple[Row, ...]):
    """Rows of a part that count how many of them are looked at."""

    __slots__ = ()
    looked: ClassVar[int] = 0

    @overload
    def __getitem__(self, index: SupportsIndex) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        Counted.looked += len(found) if isinstance(index, slice) else 1
        return found

    def __iter__(self) -> Iterator[Row]:
        Counted.looked += len(self)
        return super().__iter__()


def many(count: int, **changes: Any) -> Iterator[Row]:
    row = a_row("s", **changes)
    names = [Shown.of(f"Merchant {number}") for number in range(100)]
    return (
        replace(row, id=f"s{n}", created=THEN - n, order=THEN - n, merchant=names[n % 100])
        for n in range(count)
    )


def a_state(count: int) -> ReviewState:
    listed = Listed(Part(Counted(part.rows)) for part in Listed.of(many(count)).parts)
    state = ReviewState(queue=Queue(listed, Filter(), cursor="c"), started=True, selected=listed[0].id)
    return moved_to(state, count // 2)


def polled(state: ReviewState, *newer: Row) -> ReviewState:
    page = Page((*newer, *state.queue.rows[:100]), has_more=True, next_cursor="c")
    return with_page(state, page, HEAD)


ACTS: dict[str, Callable[[ReviewState], object]] = {
    "the next one": lambda state: moved_to(state, state.near + 1),
    "a page further": lambda state: moved_to(state, state.near + 40),
    "the last one": lambda state: moved_to(state, len(state.rows) - 1),
    "the first one": lambda state: moved_to(state, 0),
    "one by its id": lambda state: state.position(f"s{len(state.rows) // 3}"),
    "one that is not here": lambda state: state.position("nobody"),
    "a poll with nothing new": polled,
    "a poll with one more": lambda state: polled(state, a_row("new", created=THEN + 1)),
}


def test_as_many_rows_are_looked_at_among_a_hundred_thousand_as_among_a_thousand() -> None:
    looked: dict[str, list[int]] = {name: [] for name in ACTS}
    for state in (a_state(1_000), a_state(MANY)):
        for name, act in ACTS.items():
            Counted.looked = 0
            act(state)
            looked[name].append(Counted.looked)
    print(looked)
    assert all(large <= small + PART // 2 for small, large in looked.values()), looked


def test_few_pages_are_taken_in_between_two_keys_and_all_news_in_their_order() -> None:
    page = PageRead(Page(), HEAD)
    news: list[News] = [
        LoadingMoved(1, complete=False),
        page,
        page,
        LoadingMoved(2, complete=False),
        page,
        page,
        page,
    ]
    turns: list[int] = []
    rest = [*news]
    taken: list[News] = []
    while rest:
        now, rest = at_a_time(rest)
        taken += now
        turns.append(sum(one is page for one in now))
    assert taken == news
    assert turns == [PAGES_AT_ONCE, PAGES_AT_ONCE, 1]


async def test_keys_are_answered_while_a_hundred_thousand_are_filtered(console: Console) -> None:
    review = console.review
    console.desk.pause()
    rows = Listed.of(many(MANY))
    review.change(replace(review.state, queue=Queue(rows, review.state.queue.filter), selected=rows[0].id))
    shown = review.state.rows
    review.viewing.try_out(parse("merchant:7").query)
    assert "… filtering" in console.lines()[0]
    review.move_cursor(1)
    assert console.selected == "s1"
    assert review.state.rows is shown, "what was shown stays until the rest is known"
    review.viewing.try_out(parse("merchant:77").query)
    seen = set()
    while review.viewing.making:
        seen.add(str(review.state.view.query))
        await console.pilot.pause(0.001)
    assert seen == {""}, "an older filter is given up for a newer one"
    assert review.state.view.fitting == MANY // 100
    assert "filtering" not in console.lines()[0]
    review.viewing.try_out(None)
    await console.until(lambda: not review.viewing.making)
    review.viewing.show(Query(), Sort(Column.MERCHANT))
    assert "… sorting" in console.lines()[0]
    await console.until(lambda: not review.viewing.making)
    assert [row.id for row in review.state.rows[:3]] == ["s0", "s100", "s200"]
    assert console.selected == "s1"


async def test_what_is_written_is_looked_for_at_once_and_shown_when_no_key_follows(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, rest = console.review, 0.6
    monkeypatch.setattr("review_tui.ui.screens.filtering.TYPING", rest)
    console.desk.pause()
    rows = Listed.of(many(3_000))
    review.change(replace(review.state, queue=Queue(rows, review.state.queue.filter), selected=rows[0].id))
    await console.give("filter")
    begins = monotonic()
    await console.pilot.press(*"77")
    assert review.viewing.making == "filtering"
    await console.until(lambda: not review.viewing.making)
    assert monotonic() - begins >= rest, "nothing is shown of a query whose next letter may follow"
    assert review.state.view.fitting == sum("77" in row.id or "77" in str(row.merchant) for row in rows)
    assert not review.state.query, "it was only tried out"


async def test_loading_is_stopped_and_gone_on_with(tmp_path: Path) -> None:
    clock = Clock(NOON, frozen=True)
    app = create_app(SandboxSettings(scenario="flood", submissions=900, clock=clock, read_limit=12))
    async with console_on(steve_on(app), tmp_path, asked=Filter(None), size=(160, 40)) as console:
        state = console.review.state
        await console.until(lambda: console.review.state.loading and console.review.state.loading.paused)
        assert "resting, so that decisions have requests left" in console.lines()[0]
        loaded = len(console.review.state.queue)
        await console.give("load-older")
        assert console.says == f"{loaded} loaded, older ones left: L goes on"
        await console.until(lambda: "(older ones left: L goes on)" in console.lines()[0])
        await console.give("load-older")
        assert console.says == "loading older ones: L stops"
        await console.until(lambda: "older ones left" not in console.lines()[0])
        assert len(state.queue) <= loaded
        await console.press("G")
        assert console.review.state.near == len(console.review.state.queue) - 1
    app.state.sandbox.close()


async def test_the_command_says_when_nothing_is_left_to_load(console: Console) -> None:
    await console.give("load-older")
    assert console.says == "older ones: all of them are loaded"
