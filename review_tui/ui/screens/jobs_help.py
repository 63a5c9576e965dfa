"""The dialog that says what each key does at the jobs."""

from collections.abc import Sequence

from textual import events

from review_tui.ui.commands import key_name
from review_tui.ui.commands.jobs import AT_JOBS, JobKeys, JobsSituation
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.wrapping import wrapped
from review_tui.ui.screens.dialog import Dialog

_KEYS = 14


class JobsHelp(Dialog[bool]):
    """Lists the keys; `keys` are those in use, `closed_by` those that close it beside escape."""

    AUTO_FOCUS = "DialogLines"

    def __init__(self, keys: JobKeys, situation: JobsSituation, closed_by: Sequence[str]) -> None:
        super().__init__()
        self._keys = keys
        self._situation = situation
        self._closed_by = {"q", *closed_by}

    def lines(self, width: int) -> list[Line]:
        """Return the commands with their keys, and why one cannot be given now."""
        lines: list[Line] = [
            (("Keys at the jobs", Role.TITLE), ("  j k scroll · esc closes", Role.DIM)),
            EMPTY,
        ]
        for command in AT_JOBS:
            names = " ".join(key_name(key) for key in self._keys.keys_of(command))
            first, *more = wrapped(command.help, width - _KEYS)
            lines.append(((fit(cut(names, _KEYS - 1), _KEYS), Role.KEY), (first, Role.PLAIN)))
            lines += [((" " * _KEYS + part, Role.PLAIN),) for part in more]
            if why := command.why_disabled(self._situation):
                parts = wrapped(f"now: {plain(why)}", width - _KEYS)
                lines += [((" " * _KEYS + part, Role.WARN),) for part in parts]
        return lines

    def press(self, event: events.Key) -> bool:
        """Close on q or the key that opened it."""
        if event.key not in self._closed_by:
            return False
        self.dismiss(None)
        return True
