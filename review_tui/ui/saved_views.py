"""Saved views and earlier filter lines: those of the settings, and those that were kept in memory."""

from typing import Final

from review_tui.model.preferences import Preferences, SavedView
from review_tui.model.wire import Json
from review_tui.workers.memory import Memory

HISTORY: Final = 50
"""Filter lines that are remembered."""

_VIEWS: Final = "views"
_LINES: Final = "filter-history"


class SavedViews:
    """The views that have a name, and the lines that were kept; what memory holds is read with care."""

    def __init__(self, preferences: Preferences, memory: Memory) -> None:
        self._given = preferences.views
        self._memory = memory

    @property
    def all(self) -> tuple[SavedView, ...]:
        """The views of the settings, then those that were saved here."""
        names = {view.name for view in self._given}
        return (*self._given, *(view for view in self._own() if view.name not in names))

    @property
    def lines(self) -> list[str]:
        """The filter lines that were kept, the last one first."""
        kept = self._memory.get(_LINES)
        return [one for one in kept if isinstance(one, str)] if isinstance(kept, list) else []

    def wrote(self, line: str) -> None:
        """Remember a filter line."""
        if line:
            kept = [line, *(one for one in self.lines if one != line)]
            self._memory.put(_LINES, list[Json](kept[:HISTORY]))

    def is_given(self, name: str) -> bool:
        """Whether a view of this name stands in the settings."""
        return any(view.name == name for view in self._given)

    def save(self, view: SavedView) -> int:
        """Keep a view, in place of one of the same name; return its number, from 1."""
        own = [one for one in self._own() if one.name != view.name]
        self._put([*own, view])
        return [one.name for one in self.all].index(view.name) + 1

    def forget(self, view: SavedView) -> bool:
        """Forget a view; False for one that was not saved here."""
        own = self._own()
        if view in own:
            self._put([one for one in own if one != view])
        return view in own

    def _own(self) -> list[SavedView]:
        found: list[SavedView] = []
        kept = self._memory.get(_VIEWS)
        for one in kept if isinstance(kept, list) else []:
            if not isinstance(one, dict):
                continue
            name, query, sort = one.get("name"), one.get("query"), one.get("sort")
            if isinstance(name, str) and name and isinstance(query, str) and isinstance(sort, str):
                found.append(SavedView(name, query, sort))
        return found

    def _put(self, views: list[SavedView]) -> None:
        kept: list[Json] = [{"name": one.name, "query": one.query, "sort": one.sort} for one in views]
        self._memory.put(_VIEWS, kept)
