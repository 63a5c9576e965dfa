"""Help as lines: what can be done here first, then the rest, then what cannot be done now and why."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.ui.commands import Command, Group, key_name
from review_tui.ui.draft import Draft
from review_tui.ui.keymap import Keymap
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.wrapping import wrapped
from review_tui.ui.render.writing import caret_line
from review_tui.ui.situation import Situation

ABSENT: Final = "–"
_KEYS: Final = 14
_WRITTEN: Final = 50
_FIRST: Final = frozenset({Group.DECIDE, Group.FRAUD})
_LATER: Final = (*(group for group in Group if group is not Group.MOVE), Group.MOVE)


@frozen
class Entry:
    """One command as help lists it, or several of a family; `why` says why it cannot be given now."""

    command: Command
    keys: tuple[str, ...]
    help: str
    why: str = ""

    @property
    def named(self) -> str:
        """The keys as people know them, digits in a row as a range."""
        if len(self.keys) > 2 and "".join(self.keys) in "123456789":
            return f"{self.keys[0]}–{self.keys[-1]}"
        return " ".join(map(key_name, self.keys)) or ABSENT

    @property
    def said(self) -> str:
        """What it does; without a key, behind the name by which the palette finds it."""
        return self.help if self.keys else f"{self.command.words}: {self.help}"

    def fits(self, words: Sequence[str]) -> bool:
        """Whether each of these words, in lower case, is a key of it or begins a word that is said of it."""
        command = self.command
        said = f" {command.words} {self.help} {command.id} {command.group}".casefold()
        keys = {key_name(key).casefold() for key in self.keys}
        return all(f" {word}" in said or word in keys for word in words)

    def has_key(self, written: str) -> bool:
        """Whether it is given by the key that was written, in exactly this case."""
        return written in map(key_name, self.keys)


def entries(keymap: Keymap, situation: Situation) -> Iterator[Entry]:
    """Yield the commands in the order of the table, those of a family as one."""
    families: set[str] = set()
    for command in keymap.commands:
        if command.family in families:
            continue
        if command.family:
            families.add(command.family)
            keys = (key for one in keymap.commands if one.family == command.family for key in one.keys)
            yield Entry(command, tuple(keys), command.family)
        else:
            yield Entry(command, command.keys, command.help, command.why_disabled(situation) or "")


def help_lines(keymap: Keymap, situation: Situation, searched: Draft, width: int) -> list[Line]:
    """Draw the commands that fit what is searched for; a key that was written comes first of all."""
    found, words = list(entries(keymap, situation)), searched.text.casefold().split()
    lines: list[Line] = [clipped((("Keys", Role.TITLE), *_search(searched)), width)]
    if exact := [entry for entry in found if entry.has_key(searched.text.strip())]:
        lines += _section("This key", exact, width)
    elif len(searched.text.strip()) == 1:
        lines += [EMPTY, ((f"No command has the key {searched.text.strip()}.", Role.WARN),)]
    rest = [entry for entry in found if entry not in exact and entry.fits(words)]
    if not rest and not exact and len(searched.text.strip()) > 1:
        return [*lines, EMPTY, (("No command fits these words.", Role.WARN),)]
    can = [entry for entry in rest if not entry.why]
    here = [entry for entry in can if _belongs(entry.command, situation)]
    lines += _section("Here and now", here, width)
    for group in _LATER:
        of_group = [entry for entry in can if entry.command.group is group and entry not in here]
        lines += _section(group.value, of_group, width)
    return lines + _section("Not now", [entry for entry in rest if entry.why], width)


def _belongs(command: Command, situation: Situation) -> bool:
    """Whether a command is of the place and the moment rather than of the whole console."""
    if command.group is Group.MOVE:
        return False
    special = command.focus is not None or command.tabs is not None or command.named_while is not None
    return command.group in _FIRST or (special and command.fits(situation))


def _search(searched: Draft) -> Line:
    if not searched.text:
        return (
            ("  ", Role.PLAIN),
            (" ", Role.CURSOR),
            (" type to search · ↑ ↓ scroll · esc closes", Role.DIM),
        )
    return (("  ", Role.PLAIN), *caret_line(searched, _WRITTEN))


def _section(name: str, found: Iterable[Entry], width: int) -> list[Line]:
    lines = [line for entry in found for line in _entry(entry, width)]
    return [EMPTY, ((name, Role.TITLE),), *lines] if lines else []


def _entry(entry: Entry, width: int) -> list[Line]:
    first, *more = wrapped(entry.said, width - _KEYS)
    lines: list[Line] = [((fit(cut(entry.named, _KEYS - 1), _KEYS), Role.KEY), (first, Role.PLAIN))]
    lines += [((" " * _KEYS + part, Role.PLAIN),) for part in more]
    if entry.why:
        why = wrapped(f"now: {plain(entry.why)}", width - _KEYS)
        lines += [((" " * _KEYS + part, Role.WARN),) for part in why]
    return lines
