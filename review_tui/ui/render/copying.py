"""The copy dialog as lines: what of the submission can be copied, and where it will go."""

from collections.abc import Sequence
from typing import Final

from review_tui.model.extraction import ExtractedField
from review_tui.model.frozen import frozen
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.terminal.clipboard import Route

_NAME: Final = 11
_PATH: Final = 30
_WHERE: Final = {
    Route.TMUX: "goes to tmux, which hands it on",
    Route.TERMINAL: "goes to your terminal's clipboard",
    Route.FILE: "goes into a file",
}


@frozen
class Choice:
    """One thing to copy: its key and name, how it looks, and the exact text, None where there is none."""

    key: str
    name: str
    looks: str
    text: str | None


def copy_lines(choices: Sequence[Choice], route: Route, width: int, *, to_file: bool) -> list[Line]:
    """Draw what can be copied."""
    lines: list[Line] = [_title("Copy", Route.FILE if to_file else route), EMPTY]
    for choice in choices:
        there = choice.text is not None
        name = (f"  {fit(choice.name, _NAME)}", Role.PLAIN if there else Role.DIM)
        lines.append(clipped(((choice.key, Role.KEY), name, (plain(choice.looks), Role.DIM)), width))
    instead = "as it would go by itself" if to_file else "into a file instead"
    keys: list[Line] = [] if route is Route.FILE else [(("w", Role.KEY), (f"  {instead}", Role.PLAIN))]
    return [*lines, EMPTY, *keys, (("esc", Role.KEY), (" back", Role.DIM))]


def field_lines(
    fields: Sequence[ExtractedField], at: int, route: Route, width: int, height: int
) -> list[Line]:
    """Draw the fields around the chosen one, so many that `height` lines hold them."""
    room = max(height - 4, 1)
    top = max(0, min(at - room // 2, len(fields) - room))
    path = min(_PATH, width // 2)
    lines: list[Line] = [_title("Copy a field", route), EMPTY]
    for index, field in enumerate(fields[top : top + room], top):
        role = Role.CURSOR if index == at else Role.PLAIN
        name = fit(cut(plain(field.path), path - 2), path)
        lines.append(((f"{name}{fit(plain(field.value), max(width - path, 0))}", role),))
    place = f"{at + 1} of {len(fields)}"
    keys: Line = (
        *(("j k", Role.KEY), (" choose  ", Role.DIM), ("enter", Role.KEY), (" copies  ", Role.DIM)),
        *(("esc", Role.KEY), (f" back  {place}", Role.DIM)),
    )
    return [*lines, EMPTY, clipped(keys, width)]


def _title(words: str, route: Route) -> Line:
    return ((words, Role.TITLE), (f"  {_WHERE[route]}", Role.DIM))
