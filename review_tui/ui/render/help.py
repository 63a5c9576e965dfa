"""Help as lines: every command of the table by group, with its keys."""

from typing import Final

from review_tui.ui.commands import Command, grouped, key_name
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import fit, plain
from review_tui.ui.render.wrapping import wrapped
from review_tui.ui.situation import Situation

_KEYS: Final = 14


def help_lines(situation: Situation, width: int) -> list[Line]:
    """Draw the commands; one that cannot be given now says why."""
    lines: list[Line] = [(("Keys", Role.TITLE), ("  j/k scrolls · esc, q or ? closes", Role.DIM))]
    for group, commands in grouped():
        lines += [EMPTY, ((group.value, Role.TITLE),)]
        for command in commands:
            lines += _command(command, situation, width)
    return lines


def _command(command: Command, situation: Situation, width: int) -> list[Line]:
    keys = " ".join(key_name(key) for key in command.keys) or f"({command.words})"
    first, *more = wrapped(command.help, width - _KEYS)
    lines: list[Line] = [((fit(keys, _KEYS - 1), Role.KEY), (f" {first}", Role.PLAIN))]
    lines += [((" " * _KEYS + part, Role.PLAIN),) for part in more]
    if why := command.why_disabled(situation):
        lines += [((" " * _KEYS + part, Role.WARN),) for part in wrapped(f"now: {plain(why)}", width - _KEYS)]
    return lines
