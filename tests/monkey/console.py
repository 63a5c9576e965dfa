"""The console on a desk in virtual time, which says what is wrong with a frame and who asked it for what."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, Final, cast

import pytest
from textual import _time
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen
from textual.strip import Strip

from review_tui.client.steve import Steve
from review_tui.model.decisions import Intent, Stage
from review_tui.model.records import Record
from review_tui.model.secret import Secret
from review_tui.model.submissions import Detail, Verb
from review_tui.store.journal import Store
from review_tui.ui.app import ReviewApp
from review_tui.ui.screens.review import ReviewScreen
from review_tui.ui.widgets.frames import LineFrame
from review_tui.workers.desk import Desk, ways_of
from review_tui.workers.news import News
from tests.simulation.truth import World
from tests.simulation.weather import LoopClock, Weather
from tests.wire import IN_PROCESS

FOREIGN: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""What no cell of a screen may hold."""


@contextmanager
def timers_of(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Let Textual's timers go by the time of a loop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_time, "get_time", loop.time)
        yield


class Kept:
    """The store, and what was written to it; once `dead`, whoever writes is gone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.store = Store.open(path, now=LoopClock().now)
        self.records: dict[str, Record] = {}
        self.history: dict[str, list[Stage]] = {}
        self.dead = False

    def reopen(self) -> None:
        """Do as the next run of the program does."""
        self.store.close()
        self.store, self.dead = Store.open(self._path, now=LoopClock().now), False

    def write(self, record: Record) -> None:
        if self.dead:
            raise asyncio.CancelledError
        self.store.write(record)
        self.records[record.intent.request_id] = record
        self.history.setdefault(record.intent.request_id, []).append(record.stage)

    def open_records(self) -> tuple[Record, ...]:
        return self.store.open_records()


Asked = tuple[str, str]
"""What the desk was asked to do with what is held, and with which request id."""


class NotedDesk(Desk):
    """A desk that notes what it is asked to decide, send, take back, and what it tells; one hears it."""

    intents: list[tuple[Intent, str | None]]
    many: list[tuple[list[Intent], str | None]]
    asked: list[Asked]
    hear: Callable[[News], None]

    def subscribe(self, publish: Callable[[News], None]) -> None:
        def told(news: News) -> None:
            self.hear(news)
            publish(news)

        super().subscribe(told)

    def forget(self) -> None:
        """Note anew."""
        self.intents.clear()
        self.many.clear()
        self.asked.clear()

    def decide(self, intent: Intent, *, shown: Detail | None = None) -> str | None:
        why = super().decide(intent, shown=shown)
        self.intents.append((intent, why))
        return why

    def decide_all(self, decided: Sequence[tuple[Intent, Detail]]) -> str | None:
        why = super().decide_all(decided)
        self.many.append(([intent for intent, _ in decided], why))
        return why

    def send_all(self, request_ids: Sequence[str]) -> str | None:
        self.asked += [("send", request_id) for request_id in request_ids]
        return super().send_all(request_ids)

    def stop_the_rest(self) -> str | None:
        self.asked.append(("stop", ""))
        return super().stop_the_rest()

    def undo(self) -> str | None:
        self.asked.append(("undo", ""))
        return super().undo()

    def take_back(self, request_id: str) -> str | None:
        self.asked.append(("take back", request_id))
        return super().take_back(request_id)

    def send_now(self, request_id: str) -> str | None:
        self.asked.append(("send", request_id))
        return super().send_now(request_id)

    def drop(self, request_id: str) -> str | None:
        self.asked.append(("drop", request_id))
        return super().drop(request_id)


def desk_in(
    world: World, weather: Weather, kept: Kept, hold: Mapping[Verb, float], hear: Callable[[News], None]
) -> NotedDesk:
    """A desk on a world, through its weather; `hear` hears what it tells whoever subscribes."""
    steve = Steve(IN_PROCESS, Secret(world.key), transport=weather)
    desk = NotedDesk(
        ways_of(steve),
        server="here",
        key_hint="aok_…0000",
        clock=LoopClock(),
        interval=30.0,
        hold=hold,
        journal=kept,
    )
    desk.intents, desk.many, desk.asked, desk.hear = [], [], [], hear
    return desk


class WatchedApp(ReviewApp):
    """A console that looks at every cell it would have sent to a terminal; `foreign` holds what it found."""

    def __init__(self, desk: Desk, *, downloads: Path, now: Callable[[], datetime]) -> None:
        self.foreign: list[str] = []
        self.frames = 0
        super().__init__(desk, downloads=downloads, now=now)

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        if isinstance(renderable, LayoutUpdate | ChopsUpdate | LineFrame):
            self.frames += 1
            self.foreign += [strip.text for strip in strips_of(renderable) if FOREIGN.search(strip.text)]
        super()._display(screen, renderable)

    @property
    def review(self) -> ReviewScreen:
        """The review screen, whatever stands over it."""
        screen = self.screen_stack[0]
        assert isinstance(screen, ReviewScreen)
        return screen


def strips_of(update: LayoutUpdate | ChopsUpdate | LineFrame) -> Iterator[Strip]:
    """The strips that an update draws."""
    if isinstance(update, ChopsUpdate):
        chops = chain.from_iterable(line.values() for line in update.chops)
        yield from (strip for strip in chops if strip is not None)
        return
    if isinstance(update, LineFrame):
        yield from (strip for _, strip in update.strips())
        return
    lines = cast("list[Strip | list[Strip]]", update.strips)
    yield from chain.from_iterable([line] if isinstance(line, Strip) else line for line in lines)
