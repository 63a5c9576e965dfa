"""How many rows each saved view has, counted behind what is on the screen."""

import asyncio
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from review_tui.model.matching import Facts, touched
from review_tui.model.preferences import SavedView
from review_tui.model.query import Query, Term, parse
from review_tui.model.queue import Filter, Queue
from review_tui.model.views import View, at_once, reckoning
from review_tui.ui.commands.viewing import VIEWS
from review_tui.ui.render.filtering import Count
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import AGES_LAST, AT_ONCE, Started, Viewing, bit_by_bit

APART: Final = 1.0
"""Seconds between two countings of a large queue at least."""


@dataclass(frozen=True)
class _Of:
    """What was counted."""

    queue: Queue
    facts: Facts
    views: tuple[SavedView, ...]

    def is_still(self, other: "_Of | None", counted: Iterable[Query]) -> bool:
        """Whether these queries count the same here as there."""
        if other is None or self.queue is not other.queue or self.views != other.views:
            return False
        return self.facts is other.facts or not any(
            touched(query, other.facts, self.facts) != frozenset() for query in counted
        )


class Counting:
    """Keeps the `counts` of the views that have a digit, as far as their rows are among those loaded."""

    def __init__(self, screen: Reviewing, viewing: Viewing, views: Callable[[], Sequence[SavedView]]) -> None:
        self._screen = screen
        self._viewing = viewing
        self._views = views
        self._kept: dict[Query, View] = {}
        self._counted: _Of | None = None
        self._working: Started | None = None
        self.counts: Mapping[int, Count] = {}

    def follow(self) -> None:
        """Count again where something changed: at once where that is quick, else behind."""
        state = self._screen.state
        of = _Of(state.queue, state.facts, tuple(self._views()[:VIEWS]))
        if self._working is not None or of.is_still(self._counted, self._kept):
            return
        if len(of.queue) <= AT_ONCE:
            self._note(of, {index: at_once(self._view(query, of)) for index, query in self._countable(of)})
        else:
            self._working = self._viewing.start(self._count(of))

    async def _count(self, of: _Of) -> None:
        found = {index: await bit_by_bit(self._view(query, of)) for index, query in self._countable(of)}
        self._note(of, found)
        self._screen.show_state()
        await asyncio.sleep(APART)
        self._working = None
        self.follow()

    def _note(self, of: _Of, found: Mapping[int, View]) -> None:
        self._counted = of
        self._kept = {view.query: view for view in found.values()}
        self.counts = {index: Count(view.fitting, of.queue.complete) for index, view in found.items()}

    def _countable(self, of: _Of) -> Iterator[tuple[int, Query]]:
        """Yield the places of views whose rows are all asked for now, with what is looked for in them."""
        for index, view in enumerate(of.views):
            asked = self._viewing.split(parse(view.query).query)
            if _covers(of.queue.filter, asked.filter):
                yield index, Query((*_terms(asked.filter), *asked.local.terms))

    def _view(self, query: Query, of: _Of) -> Generator[None, None, View]:
        """Count one view: only what is new, where it was counted before."""
        kept, now = self._kept.get(query), self._screen.server_now().timestamp()
        if kept is not None and not (query.mentions("age") and now - kept.now >= AGES_LAST):
            yield
            followed = kept.following(of.queue.rows).knowing(of.facts)
            if followed is not None:
                return followed
        return (yield from reckoning(of.queue.rows, query, None, of.facts, now))


def _covers(wide: Filter, narrow: Filter) -> bool:
    return (
        wide.status in {None, narrow.status}
        and wide.workflow in {None, narrow.workflow}
        and wide.fraud_status in {None, narrow.fraud_status}
    )


def _terms(asked: Filter) -> tuple[Term, ...]:
    """Return what the server is asked for as words to look for here."""
    values = (("status", asked.status), ("workflow", asked.workflow), ("fraud", asked.fraud_status))
    return tuple(Term(key, ":", (value,)) for key, value in values if value is not None)
