"""How often the screen is painted while much goes on behind: the desk in its own thread, in real time."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from textual import events

from review_tui.model.decisions import Intent, Leave
from review_tui.model.preferences import Advance, Preferences
from review_tui.model.queue import Filter
from review_tui.model.submissions import Detail, Page, Verb, read_detail
from review_tui.model.text import Shown
from review_tui.ui.app import local_now
from review_tui.workers.desk import Desk, Ways
from review_tui.workers.mailbox import APART
from review_tui.workers.thread import DeskThread
from tests.ui.console import Watched
from tests.workers.handclock import rows_down_from

SECONDS = 2.0


class Busy:
    """A server whose list is another at each reading, which happens a hundred times a second."""

    def __init__(self) -> None:
        self.reads = 0
        self._numbers = count()

    async def page(self, asked: Filter, cursor: str | None) -> Page:
        self.reads += 1
        merchant = Shown.of(f"Café {next(self._numbers)}")
        return Page(tuple(replace(row, merchant=merchant) for row in rows_down_from(30, 30)))

    async def detail(self, submission_id: str) -> Detail:
        return read_detail({"id": submission_id, "submissionStatus": "review", "fraudMatches": []})

    async def send(self, intent: Intent) -> None:
        raise AssertionError("nothing is sent here")

    async def fetch(self, *_: object, **__: object) -> None:
        raise AssertionError("nothing is fetched here")

    async def company(self) -> str:
        return "Nordwind"

    async def close(self) -> None:
        return None


STAYS = Preferences(advance=Advance.OFF)


@asynccontextmanager
async def busy_console(server: Busy, downloads: Path) -> AsyncIterator[Watched]:
    ways = Ways(server.page, server.detail, server.send, server.fetch, server.company, server.close)
    hold = dict.fromkeys(Verb, 30.0)
    desk = DeskThread(Desk(ways, server="here", key_hint="aok_…1a2b", interval=0.01, hold=hold))
    app = Watched(desk, downloads=downloads, now=local_now, preferences=STAYS)
    async with app.run_test(size=(140, 40)):
        async with asyncio.timeout(10):
            while "Café" not in "".join(app.frames):  # noqa: ASYNC110 – a frame has no event of its own
                await asyncio.sleep(0.05)
        yield app
        await desk.leave(Leave.KEEP)


async def test_a_flood_of_news_paints_four_times_a_second(tmp_path: Path) -> None:
    server = Busy()
    async with busy_console(server, tmp_path) as app:
        await asyncio.sleep(2 * APART)  # the first detail is painted when it comes
        frames, reads, began = len(app.frames), server.reads, time.monotonic()
        await asyncio.sleep(SECONDS)
        frames, reads = len(app.frames) - frames, server.reads - reads
        most = (time.monotonic() - began) / APART + 1
    print(f"{reads} pages in {SECONDS} s: {frames} frames")
    assert reads > 4 * most
    assert 2 <= frames <= most


async def test_a_key_is_answered_at_once_in_a_flood(tmp_path: Path) -> None:
    async with busy_console(Busy(), tmp_path) as app:
        took = []
        for key, sign in (("a", "held"), ("u", "Taken back"), ("a", "held")):
            await asyncio.sleep(APART * 1.3)
            seen = len(app.frames)
            began = time.monotonic()
            app.post_message(events.Key(key, key))  # Pilot waits until the processor is idle
            async with asyncio.timeout(5):
                while sign not in "".join(app.frames[seen:]):  # noqa: ASYNC110 – as above
                    await asyncio.sleep(0.005)
            took.append(time.monotonic() - began)
    print("answered after", *(f"{1000 * seconds:.0f} ms" for seconds in took))
    assert min(took) < APART * 0.8, "it waited for its turn among the rest"
