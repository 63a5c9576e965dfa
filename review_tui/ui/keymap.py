"""The keymap: the table of commands with the keys that are in use, and what is wrong with chosen ones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from textual.keys import REPLACED_KEYS, _character_to_key, key_to_character

from review_tui.model.text import clean
from review_tui.ui.commands import BY_ID, COMMANDS, NAMED_KEYS, Command, Group, key_name, unbound

_ARROWS: Final = frozenset({"up", "down", "left", "right", "home", "end", "pageup", "pagedown"})
_PLAIN: Final = _ARROWS | {"insert", "delete"} | {f"f{number}" for number in range(1, 25)}
_FREE: Final = _PLAIN | {f"{held}+{key}" for held in ("shift", "ctrl") for key in _PLAIN} | {"shift+tab"}
"""Keys that write nothing: the guard lets them pass at once, so that they prove nothing."""

_SAME: Final = {
    **{name.lower(): key for key, name in NAMED_KEYS.items()},
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+at": "ctrl+space",
}
"""Keys by their other names, some of which a terminal cannot tell from them."""

_TAKEN: Final = {
    "escape": "it leaves dialogs and lines",
    "ctrl+c": "it ends the console",
    "ctrl+g": "it leaves dialogs and lines",
}

HARMLESS: Final = frozenset(
    key for command in COMMANDS if command.group is Group.MOVE for key in command.keys if len(key) == 1
)
"""The characters that only move, in dialogs too; nothing that decides may ever have one of them."""

_CONFIRMING: Final[Mapping[str, frozenset[str]]] = {
    "reject": frozenset("0123456789") | {"enter"},
    "cancel": frozenset("0123456789") | {"enter"},
    "quit": frozenset("skdn") | {"enter"},
}
"""Keys that confirm what a command asks: held down, a key that also opened it would answer."""


@dataclass(frozen=True)
class Keymap:
    """The commands with the keys that are in use; without `keys`, by the id of commands, their own.

    What `problems` finds in `keys` must have been refused before.
    """

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The table of commands with their keys as Textual names them."""
        return tuple(self._with_keys(command) for command in COMMANDS)

    @cached_property
    def by_id(self) -> Mapping[str, Command]:
        """The commands by their id."""
        return {command.id: command for command in self.commands}

    @property
    def bindings(self) -> Mapping[str, str]:
        """The keys of the commands that have others than their own, as Textual's keymap wants them."""
        return {id_: ",".join(self.by_id[id_].keys) or unbound(id_) for id_ in self.keys}

    @property
    def harmless(self) -> frozenset[str]:
        """The characters that only move, whatever is open; another that moves has to be typed like any."""
        moves = (one for one in self.commands if one.group is Group.MOVE)
        return HARMLESS & {key_name(key) for one in moves for key in one.keys}

    @property
    def moves(self) -> frozenset[str]:
        """The keys that move by lines and pages: pressed again they go further, and do nothing else."""
        return frozenset(
            key for id_ in ("down", "up", "page-down", "page-up") for key in self.by_id[id_].keys
        )

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What texts call the keys: the first of each command; without one, how the palette finds it."""
        return {
            one.id: key_name(one.keys[0]) if one.keys else f"“{one.words}” in the palette"
            for one in self.commands
        }

    def grouped(self) -> Iterator[tuple[Group, tuple[Command, ...]]]:
        """Yield the groups in order, each with its commands."""
        for group in Group:
            if commands := tuple(command for command in self.commands if command.group is group):
                yield group, commands

    def _with_keys(self, command: Command) -> Command:
        chosen = self.keys.get(command.id, command.keys)
        return replace(command, keys=tuple(dict.fromkeys(found for key in chosen if (found := named(key)))))


DEFAULT: Final = Keymap()
"""Every command with its own keys."""


def named(key: str) -> str | None:
    """Return a key as Textual names it, None where no terminal sends such a key.

    A character stands for itself (`A`, `?`), others have names (`f5`, `ctrl+r`, `shift+up`, `question_mark`).
    """
    key = key.strip() if len(key) > 1 else key
    key = _SAME.get(key.lower(), key)
    if len(key) == 1:
        return _of_character(key)
    key = key.lower()
    if key in _FREE or key in {"tab", "enter", "space", "backspace", "escape", "ctrl+space"}:
        return key
    held, plus, letter = key.rpartition("+")
    if plus:
        is_letter = len(letter) == 1 and letter.isascii() and letter.isalpha()
        return key if held == "ctrl" and is_letter else None
    character = key_to_character(REPLACED_KEYS.get(key, key))
    return _of_character(character) if character else None


def _of_character(character: str) -> str | None:
    if character == " ":
        return "space"
    if not character.isprintable():
        return None
    return _character_to_key(character)


def problems(keys: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with chosen keys: the id of the command and the words for it."""
    known = {id_: tuple(chosen) for id_, chosen in keys.items() if id_ in BY_ID}
    for id_ in keys:
        if id_ not in BY_ID:
            yield id_, f"there is no such command{_meant(id_)}"
    for id_, chosen in known.items():
        for key in chosen:
            if (why := _why_not(BY_ID[id_], key)) is not None:
                yield id_, f"{_quoted(key)} {why}"
    yield from _clashes(Keymap(known))
    if not Keymap(known).by_id["quit"].keys and not Keymap(known).by_id["palette"].keys:
        yield "quit", "neither it nor the palette has a key, so that nobody could leave"


def _why_not(command: Command, key: str) -> str | None:  # noqa: PLR0911 – one line a rule
    found = named(key)
    if found is None:
        held = "; Alt and other keys do not arrive from every terminal" if "+" in key[1:] else ""
        return f"is no key: a character, or a name such as f5, ctrl+r, space or pagedown{held}"
    if found in _TAKEN:
        return f"cannot be used: {_TAKEN[found]}"
    if found in _CONFIRMING.get(command.id, ()):
        return "cannot be used: the key that asks may not be one that answers"
    if not command.dangerous:
        return None
    if key_name(found) in HARMLESS:
        return "cannot be used: it moves in lists and dialogs, and what moves must not decide"
    if found in _FREE or found in {"tab", "backspace"}:
        return "cannot be used: keys that write nothing are not guarded, and what decides has to be typed"
    if found in {"enter", "space"}:
        return "cannot be used: it confirms and marks, and what decides needs a key of its own"
    return None


def _clashes(keymap: Keymap) -> Iterator[tuple[str, str]]:
    """Yield the commands that share a key: all of them listen at once, and only one would hear it."""
    owners: dict[str, Command] = {}
    for command in sorted(keymap.commands, key=lambda one: one.id in keymap.keys):
        for key in command.keys:
            other = owners.setdefault(key, command)
            if other is not command:
                also = (
                    "" if other.id in keymap.keys else f"; give {other.id} another key too, or none with []"
                )
                yield command.id, f"{_quoted(key_name(key))} is the key of {other.id} as well{also}"


def _meant(id_: str) -> str:
    near = get_close_matches(id_.lower(), BY_ID, 1, 0.6)
    return f"; did you mean {near[0]}?" if near else "; review-tui keys lists them"


def _quoted(key: str) -> str:
    return f"“{clean(key, cap=30)}”"
