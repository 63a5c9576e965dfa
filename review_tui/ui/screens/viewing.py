"""What is shown of the queue: asked of the server, reckoned here between two keys, kept up to date."""

import asyncio
import gc
from collections.abc import Callable, Collection, Coroutine, Generator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic
from typing import Any, Final, Protocol, TypeVar

from review_tui.model.asking import Asked, asked_by
from review_tui.model.completion import seen_in
from review_tui.model.listed import NONE, Listed
from review_tui.model.matching import Facts
from review_tui.model.query import Query
from review_tui.model.rows import Part
from review_tui.model.sorting import Sort
from review_tui.model.views import View, at_once, reckoning
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.state import asking, seeing

AT_ONCE: Final = 2_000
"""Rows that are looked at within one key."""

TURN: Final = 0.006
"""Seconds of work between two moments at which keys are heard."""

PASSES: Final = 100
"""Passes of the event loop at most that such a moment has."""

_NOTHING: Final = 0.0002
"""Seconds within which a pass of the event loop is over in which nothing was done."""

AGES_LAST: Final = 60.0
"""Seconds after which rows are held anew against an age that was asked for."""

WORDS: Final = 20_000
"""Different words of the data that are kept for each key, about."""

_Done = TypeVar("_Done")


class Started(Protocol):
    """A piece of work that goes on behind."""

    def cancel(self) -> object:
        """End it."""
        ...


Start = Callable[[Coroutine[Any, Any, None] | Callable[[], Coroutine[Any, Any, None]]], Started]
"""Begins a piece of work; what may be cancelled before its first step is handed over as a function."""


@dataclass(frozen=True)
class _Wanted:
    """What a view is made of."""

    query: Query
    sort: Sort | None
    facts: Facts
    now: float


class Viewing:
    """Keeps the state's view as it was asked for; `start` runs work until it is over or cancelled."""

    def __init__(self, screen: Reviewing, start: Start) -> None:
        self.start = start
        self._screen = screen
        self._base = screen.desk.filter
        self._live: Query | None = None
        self._not_before = 0.0
        self._working: tuple[_Wanted, Started] | None = None
        self._seen: dict[str, set[str]] = {}
        self._looked_through = NONE
        self.asked = Asked(self._base)

    def show(self, query: Query, sort: Sort | None) -> None:
        """Show what fits a query: ask the server for its part, look for the rest here."""
        self._live, self._not_before = None, 0.0
        state = self._screen.state
        self.asked = self.split(query)
        if self.asked.filter != state.queue.filter:
            self._screen.desk.ask(self.asked.filter)
            state = asking(state, self.asked.filter)
        self._screen.change(replace(state, query=query, sort=sort))

    def try_out(self, query: Query | None) -> None:
        """Show what fits a query that is being written; None ends that. The server is not asked."""
        if query != self._live:
            self._live = query
            self._screen.show_state()

    def foresee(self, query: Query, seconds: float) -> bool:
        """Look already for what fits a query that is being written, to be tried out after so many seconds.

        False where that is quick enough to be done then; else it begins when the state is shown next.
        """
        if len(self._screen.state.queue) <= AT_ONCE:
            return False
        self._live, self._not_before = query, monotonic() + seconds
        return True

    def split(self, query: Query) -> Asked:
        """Say which words of a query the server would be asked for."""
        named = any(query.mentions(key) for key in ("status", "fraud", "workflow"))
        return asked_by(query, self._base, self.seen if named else None)

    @property
    def seen(self) -> Mapping[str, Collection[str]]:
        """The words of the data so far, by the key under which they are looked for."""
        rows = self._screen.state.queue.rows
        if rows is not self._looked_through:
            parts, self._looked_through = {*self._looked_through.parts}, rows
            for part in {*rows.parts} - parts:
                for key, words in seen_in(part.rows).items():
                    known = self._seen.setdefault(key, set())
                    if len(known) < WORDS:
                        known.update(words)
        return self._seen

    @property
    def making(self) -> str:
        """What another view is being made by, while the one before is still shown; empty else."""
        if self._working is None:
            return ""
        wanted, view = self._working[0], self._screen.state.view
        if wanted.query != view.query:
            return "filtering"
        return "sorting" if wanted.sort != view.sort else ""

    def follow(self) -> None:
        """Bring the state's view up to date: at once where that is quick, else bit by bit."""
        state, _ = self._screen.state, self.seen  # page by page: looking through all at once takes too long
        query = self.asked.local if self._live is None else self._live
        wanted = _Wanted(query, state.sort, state.facts, self._screen.server_now().timestamp())
        if _is_met(state.view, wanted):
            self._stop()
        elif len(state.queue) <= AT_ONCE:
            self._stop()
            self._screen.state = seeing(state, at_once(_work(state.queue.rows, wanted, state.view)))
        elif self._working is None or not _is_same(self._working[0], wanted):
            self._stop()
            self._working = (wanted, self.start(partial(self._reckon, state.queue.rows, wanted)))

    def _stop(self) -> None:
        if self._working is not None:
            self._working[1].cancel()
            self._working = None

    async def _reckon(self, rows: Listed, wanted: _Wanted) -> None:
        gc.disable()  # else the collector goes through all that is being sorted, in one go
        try:
            view = await bit_by_bit(_work(rows, wanted, self._screen.state.view))
            gc.freeze()
        finally:
            gc.enable()
        if (rest := self._not_before - monotonic()) > 0:
            await asyncio.sleep(rest)
        self._working = None
        before = self._screen.state.view
        parts = [*before.rows.parts, *(before.fits or ())]
        del before
        self._screen.change(seeing(self._screen.state, view))
        await bit_by_bit(_let_go(parts))


async def bit_by_bit(work: Generator[None, None, _Done]) -> _Done:
    """Do work that is cut in steps, and hear keys in between."""
    while True:
        until = monotonic() + TURN
        while monotonic() < until:
            try:
                next(work)
            except StopIteration as end:
                done: _Done = end.value
                return done
        await _all_else()


async def _all_else() -> None:
    """Let everything go on that waits: it is over when two passes of the loop had nothing to do.

    One is not enough, for what was typed is read in a pass behind this task.
    """
    idle = 0
    for _ in range(PASSES):
        begins = monotonic()
        await asyncio.sleep(0)
        idle = idle + 1 if monotonic() - begins < _NOTHING else 0
        if idle == 2:
            return


def _work(rows: Listed, wanted: _Wanted, before: View) -> Generator[None, None, View]:
    return reckoning(rows, wanted.query, wanted.sort, wanted.facts, wanted.now, before)


def _let_go(parts: list[Part]) -> Generator[None, None, None]:
    """Free what is not shown any more; a million rows at once would take longer than a key may wait."""
    while parts:
        del parts[-8:]
        yield


def _is_met(view: View, wanted: _Wanted) -> bool:
    return (
        (view.query, view.sort) == (wanted.query, wanted.sort)
        and view.facts is wanted.facts
        and not (wanted.query.mentions("age") and wanted.now - view.now >= AGES_LAST)
    )


def _is_same(one: _Wanted, other: _Wanted) -> bool:
    return (one.query, one.sort) == (other.query, other.sort)  # facts are taken in when it is done
