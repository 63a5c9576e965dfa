"""Resuming: what was shown, selected and marked, and words that are not sent, come back at the next start."""

from collections.abc import Callable
from typing import Final

from review_tui.model.decisions import Stage
from review_tui.model.preferences import SavedView
from review_tui.model.submissions import REASON_CHARACTERS, Verb
from review_tui.model.wire import Json
from review_tui.ui.detail_view import Tab
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import Start, Started
from review_tui.ui.state import moved_to, with_facts

LATER: Final = 2.0
"""Seconds after a change until it is kept, with all that changed meanwhile."""

MARKS: Final = 2_000
DRAFTS: Final = 50
"""How many of them are kept, the newest."""


class Resuming:
    """Keeps the place by and by, and goes back to it at the start; `show` shows a view.

    The selection follows the rows as they are loaded, until it is found or the first key is pressed.
    `came_up` hears that another submission was selected than the one that stood there.
    """

    def __init__(
        self,
        screen: Reviewing,
        start: Start,
        show: Callable[[SavedView], None],
        came_up: Callable[[str], None],
    ) -> None:
        self._screen = screen
        self._start = start
        self._show = show
        self._came_up = came_up
        self._wanted: str | None = None
        self._near = 0
        self._place: dict[str, Json] | None = None
        self._heard = False
        self._keeping: Started | None = None

    def begin(self) -> None:
        """Learn what was shown and marked last."""
        screen = self._screen
        marks = screen.memory.get("marks")
        if isinstance(marks, list):
            known = frozenset(one for one in marks if isinstance(one, str))
            screen.state = with_facts(screen.state, marked=known)
        place = screen.memory.get("place")
        if isinstance(place, dict):
            self._place = place
            tab, selected, near = place.get("tab"), place.get("selected"), place.get("near")
            if tab in set(Tab):
                screen.detail_pane.open_tab(Tab(str(tab)))
            self._wanted = selected if isinstance(selected, str) else None
            self._near = near if isinstance(near, int) else 0

    def hear(self) -> None:
        """Hear that the desk is at work, so that it can be asked for what was shown last."""
        if self._heard:
            return
        self._heard = True
        query, sort = (self._place or {}).get("query"), (self._place or {}).get("sort")
        if isinstance(query, str) and isinstance(sort, str) and (query or sort):
            self._show(SavedView("last time", query, sort))

    def touch(self) -> None:
        """Hear that a key was pressed: from now on the reviewer selects."""
        self._wanted = self._place = None

    def follow(self) -> None:
        """Go along with what is loaded, and keep what changed."""
        if not self._heard:
            return
        if self._wanted is not None and self._screen.state.started:
            self._look_for(self._wanted)
        elif self._keeping is None and self._wanted is None and self._has_changed():
            self._keeping = self._start(self._keep_later())

    def _look_for(self, wanted: str) -> None:
        """Select what was selected, or what stands in its place once all is loaded without it."""
        state = self._screen.state
        at = state.position(wanted)
        if at is None and not state.queue.complete:
            return
        self._wanted = None
        before = state.selected
        self._screen.change(moved_to(state, self._near if at is None else at))
        chosen = self._screen.state.selected
        if chosen is not None and chosen != before:
            self._came_up(chosen)

    def _has_changed(self) -> bool:
        memory = self._screen.memory
        return (self._here(), self._marks()) != (memory.get("place"), memory.get("marks") or [])

    def _here(self) -> dict[str, Json]:
        state = self._screen.state
        return {
            "query": str(state.query),
            "sort": str(state.sort or ""),
            "selected": state.selected,
            "near": state.near,
            "tab": self._screen.detail_pane.tab.value,
        }

    def _marks(self) -> list[Json]:
        return list[Json](sorted(self._screen.state.facts.marked)[:MARKS])

    async def _keep_later(self) -> None:
        try:
            await self._screen.desk.clock.sleep(LATER)
        finally:
            self._keeping = None
            if self._screen.state.started:
                self._screen.memory.put("place", self._here())
                self._screen.memory.put("marks", self._marks())


class Drafts:
    """The words of reasons that are not known to be sent, by verb and submission id; they outlive a run."""

    def __init__(self, screen: Reviewing) -> None:
        self._screen = screen
        self._texts = _texts_in(screen.memory.get("drafts"))

    def get(self, verb: Verb, submission_id: str) -> str:
        """Return what was written, or nothing."""
        return self._texts.get((verb, submission_id), "")

    def put(self, verb: Verb, submission_id: str, text: str) -> None:
        """Keep what is written; nothing is kept of what was sent."""
        self._texts.pop((verb, submission_id), None)
        if text:
            self._texts[verb, submission_id] = text
        self.keep()

    def keep(self) -> None:
        """Keep all that is not sent."""
        standings = self._screen.state.standings
        sent = {id_ for id_, one in standings.items() if one.stage is Stage.DONE}
        kept = [[verb.value, id_, text] for (verb, id_), text in self._texts.items() if id_ not in sent]
        self._screen.memory.put("drafts", [list[Json](one) for one in kept[-DRAFTS:]])


def _texts_in(kept: Json) -> dict[tuple[Verb, str], str]:
    found: dict[tuple[Verb, str], str] = {}
    for one in kept if isinstance(kept, list) else []:
        match one:
            case [str() as verb, str() as id_, str() as text] if verb in set(Verb):
                found[Verb(verb), id_] = text[:REASON_CHARACTERS]
            case _:
                pass
    return found
