"""The filter line, what is said under it, and the line of saved views."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Final

from rich.cells import cell_len

from review_tui.model.asking import Asked
from review_tui.model.frozen import frozen
from review_tui.model.preferences import SavedView
from review_tui.model.query import Problem, Term
from review_tui.ui.commands.viewing import VIEWS
from review_tui.ui.draft import Draft
from review_tui.ui.key_names import key_of
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.text import cut, plain
from review_tui.ui.render.wrapping import cells, spread

_UNDER: Final = "^"
_NAME: Final = 16


@frozen
class Prompt:
    """The line that is being written: `lead` says what for, `note` what it does so far."""

    lead: str
    draft: Draft = field(default_factory=Draft)
    problem: Problem | None = None
    note: str = ""
    asked: Asked | None = None


@frozen
class Count:
    """How many rows a view has: all of them, or at least so many while older ones are not loaded."""

    rows: int
    exact: bool

    def __str__(self) -> str:
        """The number with its sign."""
        return f"{'=' if self.exact else '≥'}{self.rows:,}"


def prompt_line(prompt: Prompt, width: int) -> Line:
    """Draw the part of the line around the caret."""
    start, text, at = _window(prompt, width)
    lead: Piece = (prompt.lead, Role.KEY)
    wrong = prompt.problem
    roles = [Role.PLAIN] * (len(text) + 1)
    if wrong is not None and not wrong.unfinished:
        for index in range(max(wrong.start - start, 0), min(wrong.end - start, len(text))):
            roles[index] = Role.BAD
    roles[at] = Role.CURSOR
    pieces = [lead]
    for char, role in zip(f"{text} ", roles, strict=True):
        if pieces[-1][1] is role and len(pieces) > 1:
            pieces[-1] = (pieces[-1][0] + char, role)
        else:
            pieces.append((char, role))
    return clipped(tuple(pieces), width)


def prompt_note(prompt: Prompt, width: int) -> Line:
    """Say under the line what is wrong, at its word; else who answers which words, and the keys."""
    problem = prompt.problem
    if problem is not None and not problem.unfinished:
        start, text, _ = _window(prompt, width)
        before = cell_len(prompt.lead) + cell_len(text[: max(problem.start - start, 0)])
        length = max(1, min(problem.end - start, len(text)) - max(problem.start - start, 0))
        words = plain(str(problem))
        before = min(before, max(width - length - cell_len(words) - 1, 0))
        return clipped(((" " * before, Role.PLAIN), (f"{_UNDER * length} {words}", Role.BAD)), width)
    if prompt.note:
        return clipped(((plain(prompt.note), Role.WARN),), width)
    keys: Line = (
        ("enter", Role.KEY),
        (" keeps  ", Role.DIM),
        ("esc", Role.KEY),
        (" back  ", Role.DIM),
        ("tab", Role.KEY),
        (" completes  ", Role.DIM),
        ("↑", Role.KEY),
        (" earlier  ", Role.DIM),
        ("^S", Role.KEY),
        (" save", Role.DIM),
    )
    if problem is not None:
        return clipped(((plain(problem.words), Role.DIM),), width)
    asked = asked_line(prompt.asked) if prompt.asked else ()
    return (
        spread(asked, keys, width) if cells((*asked, *keys)) + 2 <= width else clipped(asked or keys, width)
    )


def asked_line(asked: Asked) -> Line:
    """Say which words the server answers and which are looked for here."""
    pieces: list[Piece] = []
    if asked.sent:
        pieces += [("server: ", Role.DIM), (_words(asked.sent), Role.PLAIN)]
    if asked.local:
        pieces += [(f"{' · ' if pieces else ''}here: ", Role.DIM), (_words(asked.local.terms), Role.PLAIN)]
    return tuple(pieces)


def views_line(
    views: Sequence[SavedView], counts: Mapping[int, Count], active: int | None, asked: Asked, width: int
) -> Line:
    """Name the saved views with their digits and counts, the one that is shown between brackets.

    On the right, where none of them is shown, what was asked for.
    """
    right = asked_line(asked) if active is None else ()
    full = _named(views, counts, active)
    if cells(full) + cells(right) + 2 > width:
        full = _named(views, {}, active)
    if cells(full) + cells(right) + 2 > width and right:
        return clipped(((key_of("view-all"), Role.KEY), (" whole queue  ", Role.DIM), *right), width)
    return spread(full, right, width)


def _named(views: Sequence[SavedView], counts: Mapping[int, Count], active: int | None) -> Line:
    pieces: list[Piece] = []
    for index, view in enumerate(views):
        counted = counts.get(index)
        count = f" {counted}" if counted and (counted.rows or counted.exact) else ""
        name = cut(plain(view.name), _NAME)
        key = key_of(f"view-{index + 1}") if index < VIEWS else str(index + 1)
        if index == active:
            pieces.append((f"[{key} {name}{count}]", Role.TITLE))
        else:
            pieces += [(f" {key}", Role.KEY), (f" {name}{count} ", Role.DIM)]
    return tuple(pieces)


def no_match(barren: Sequence[Term], loaded: int, *, complete: bool) -> tuple[Line, ...]:
    """Say that nothing fits, and which words leave out every row by themselves."""
    least = "" if complete else "≥ "
    lines: list[Line] = [
        (),
        ((f"  No match in {least}{loaded:,} loaded.", Role.WARN),),
    ]
    if barren:
        named = ", ".join(plain(str(term)) for term in barren[:5])
        lines.append(((f"  Nothing at all fits {named}.", Role.PLAIN),))
    lines.append(
        (
            (f"  {key_of('view-all')}", Role.KEY),
            (" shows the whole queue", Role.DIM),
            (f"  {key_of('filter')}", Role.KEY),
            (" edits", Role.DIM),
        )
    )
    return tuple(lines)


def _words(terms: Sequence[Term]) -> str:
    return plain(" ".join(map(str, terms)))


def _window(prompt: Prompt, width: int) -> tuple[int, str, int]:
    """Return where the part that is drawn begins, the part, and where in it the caret stands."""
    room = max(width - cell_len(prompt.lead) - 1, 4)
    text, caret = prompt.draft.text.replace("\n", " "), prompt.draft.caret
    start = 0
    while start < caret and cell_len(text[start:caret]) >= room:
        start += max(1, room // 3)
    start = min(start, caret)
    stop = start
    while stop < len(text) and cell_len(text[start : stop + 1]) <= room:
        stop += 1
    return start, text[start:stop], caret - start
