"""Long lists: read page by page, politely, and what is left out is said."""

import asyncio
from collections.abc import Callable

import pytest

from review_tui.cli.verbs import read_rows
from review_tui.client.steve import Steve
from review_tui.model.queue import Filter
from review_tui.model.submissions import Page
from review_tui.sandbox.state import Sandbox

ANY = Filter(status=None)


async def test_a_long_list_leaves_requests_for_whoever_decides_with_the_same_key(
    steve: Steve, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.rates.limits["read"] = 10
    monkeypatch.setattr("review_tui.cli.verbs._PAGE", 2)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await read_rows(steve, ANY, 1_000)
    assert [request.status for request in sandbox.seen] == [200] * 6


async def test_what_a_limit_leaves_out_is_said(steve: Steve) -> None:
    every, unreadable, left_out = await read_rows(steve, ANY, 1_000)
    assert len(every) > 100
    assert (unreadable, left_out) == ([], "")
    assert await read_rows(steve, ANY, 3) == (every[:3], [], "give a larger --limit")
    assert await read_rows(steve, ANY, 0) == ([], [], "")


@pytest.mark.parametrize(
    "odd",
    [
        lambda page: Page(page.rows, has_more=True),
        lambda page: Page(page.rows, has_more=True, next_cursor="round"),
        lambda page: Page((), has_more=True, next_cursor=f"on-{id(page)}"),
    ],
    ids=["no cursor", "a circle", "nothing"],
)
async def test_a_list_that_cannot_be_followed_ends_and_says_so(
    steve: Steve, monkeypatch: pytest.MonkeyPatch, odd: Callable[[Page], Page]
) -> None:
    first = await steve.submissions.list(ANY, limit=2)

    async def page(*_: object, **__: object) -> Page:
        return odd(first)

    monkeypatch.setattr(steve.submissions, "list", page)
    async with asyncio.timeout(5):
        _, _, left_out = await read_rows(steve, ANY, 1_000)
    assert left_out == "the server does not say how to go on"
