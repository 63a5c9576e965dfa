"""Doubting: from one field to check to the next, and which of them a reviewer has been to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from review_tui.model.doubt import reading_of, to_check
from review_tui.ui.detail_view import Tab
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.screens.reviewing import Reviewing

READINGS_KEPT: Final = 500
"""Readings of which it is known what was checked."""


class Doubting:
    """Gives the commands that walk the fields to check; the doubtful come before the unsure."""

    def __init__(self, screen: Reviewing) -> None:
        self._screen = screen
        self.commands: Mapping[str, Callable[[], None]] = {
            "next-doubt": lambda: self._walk(1),
            "previous-doubt": lambda: self._walk(-1),
        }

    def _walk(self, step: int) -> None:
        situation, pane = self._screen.situation, self._screen.detail_pane
        if situation.detail is None:
            return
        fields = to_check(extraction_of(situation.detail, situation.contract).fields, situation.doubts)
        paths = [field.path.raw for field in fields]
        if not paths:
            return
        chosen = pane.selected_field if situation.tab is Tab.FIELDS else None
        first = 0 if step > 0 else -1
        path = paths[(paths.index(chosen) + step) % len(paths) if chosen in paths else first]
        self._check(reading_of(situation.detail), path)
        pane.open_field(path)
        self._screen.read()

    def _check(self, reading: tuple[str, str], path: str) -> None:
        state = self._screen.state
        known = state.checked.get(reading, frozenset())
        rest = {key: paths for key, paths in state.checked.items() if key != reading}
        rest = dict(list(rest.items())[-READINGS_KEPT:])
        self._screen.state = replace(state, checked={**rest, reading: known | {path}})
