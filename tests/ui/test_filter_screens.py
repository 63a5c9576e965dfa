"""The filter line, the views and an empty view, as they look."""

import pytest

from tests.ui.console import Console
from tests.ui.golden import assert_screen

SIZES = [(80, 24), (100, 30), (160, 50)]


@pytest.mark.parametrize("console", SIZES, indirect=True)
async def test_filtering_looks_as_it_did(console: Console) -> None:
    size = f"{console.app.size.width}x{console.app.size.height}"
    await console.give("filter")
    await console.press(*"fraud:flagged amout>100")
    await console.until(lambda: console.review.state.view.query and console.review.state.view.fitting)
    await console.settle()
    assert_screen(f"filter-wrong-{size}", console.text())
    await console.press("ctrl+u", *"fraud:flagged amount>100", "enter")
    await console.until(lambda: console.review.state.queue.complete and console.review.state.started)
    assert_screen(f"filter-kept-{size}", console.text())
    await console.press("comma")
    assert_screen(f"filter-sort-{size}", console.text())
    await console.press("4", "slash", *"zebra", "enter")
    await console.until(lambda: not console.review.state.view.fitting)
    assert_screen(f"filter-empty-{size}", console.text())
