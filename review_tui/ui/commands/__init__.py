"""Commands: the one table of verbs; bindings, key line, palette, help and docs/keys.md come from it."""

from collections.abc import Iterator
from typing import Final

from textual.binding import Binding
from textual.keys import REPLACED_KEYS, key_to_character

from review_tui.ui.commands.advancing import ADVANCING
from review_tui.ui.commands.command import Command as Command
from review_tui.ui.commands.command import Group as Group
from review_tui.ui.commands.command import Place as Place
from review_tui.ui.commands.copying import COPYING
from review_tui.ui.commands.deciding import DECIDING
from review_tui.ui.commands.doubting import DOUBTING
from review_tui.ui.commands.fraud import FRAUD
from review_tui.ui.commands.hiding import HIDING
from review_tui.ui.commands.jobs import JOBS
from review_tui.ui.commands.looking import LOOKING
from review_tui.ui.commands.marking import MARKING
from review_tui.ui.commands.moving import MOVING
from review_tui.ui.commands.numbers import NUMBERS
from review_tui.ui.commands.program import PROGRAM
from review_tui.ui.commands.viewing import VIEWING

COMMANDS: Final = (
    *MOVING,
    *VIEWING,
    *HIDING,
    *DECIDING,
    *MARKING,
    *ADVANCING,
    *FRAUD,
    *DOUBTING,
    *LOOKING,
    *JOBS,
    *NUMBERS,
    *COPYING,
    *PROGRAM,
)
BY_ID: Final = {command.id: command for command in COMMANDS}
NAMED_KEYS: Final = {
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "tab": "Tab",
    "enter": "Enter",
    "space": "Space",
    "home": "Home",
    "end": "End",
    "escape": "Esc",
}
"""How people know the keys that write nothing."""


def key_name(key: str) -> str:
    """Return a key as people know it: `?`, `Ctrl+P`, `↓`."""
    held, plus, last = key.rpartition("+")
    if plus:
        return f"{held.title()}+{NAMED_KEYS.get(last) or last.title()}"
    return NAMED_KEYS.get(key) or key_to_character(REPLACED_KEYS.get(key, key)) or key.title()


def unbound(command_id: str) -> str:
    """Return a key that no terminal sends, for a command that waits for one to be configured."""
    return f"unbound-{command_id}"


def bindings(place: Place) -> list[Binding]:
    """Return the bindings of a place, by which a keymap finds them; the screen's are given by their id."""
    return [
        Binding(
            ",".join(command.keys) or unbound(command.id),
            command.action or f"command('{command.id}')",
            command.words,
            show=False,
            id=command.id,
        )
        for command in COMMANDS
        if command.place is place
    ]


def grouped() -> Iterator[tuple[Group, tuple[Command, ...]]]:
    """Yield the groups in order, each with its commands."""
    for group in Group:
        yield group, tuple(command for command in COMMANDS if command.group is group)
