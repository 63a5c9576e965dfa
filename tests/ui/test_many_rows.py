"""A queue of a hundred thousand: a key is answered while a page is merged into it."""

import gc
import time

from review_tui.model.queue import HEAD
from review_tui.model.submissions import Page, Row
from review_tui.ui.state import with_page
from review_tui.workers.news import PageRead
from tests.model.rows import NOW, a_row
from tests.ui.console import Console

MANY = 100_000

STALL = 0.25
"""Seconds of computing for which nothing may hold up a key."""


def made(first: int, count: int) -> tuple[Row, ...]:
    """Rows that came in one second after the other, newest first."""
    return tuple(a_row(f"k{number}", created=NOW + number) for number in range(first + count, first, -1))


async def test_a_key_is_answered_while_a_page_is_merged(console: Console) -> None:
    review = console.review
    review.change(with_page(review.state, Page(made(0, MANY), has_more=True, next_cursor="more"), HEAD))
    await console.press("g", "j", "j")
    selected = console.selected
    gc.collect()  # of what other tests of this process have left
    for number in range(3):
        fresh = made(MANY + 100 * (number - 1), 200)
        began = time.thread_time()
        review._hear(PageRead(Page(fresh, has_more=True, next_cursor="more"), HEAD))
        await console.pilot.press("j")
        taken = time.thread_time() - began
        assert len(review.state.queue.rows) >= MANY + 100 * (number + 1)
        place = review.state.position(selected)
        assert review.state.position(console.selected) == (place or 0) + 1, "the key moved it by one row"
        selected = console.selected
        assert taken < STALL, f"{taken * 1000:.0f} ms"
    print(f"a page and a key in {taken * 1000:.0f} ms")
