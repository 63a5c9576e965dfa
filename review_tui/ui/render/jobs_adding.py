"""The dialog in which ids of jobs are typed or pasted, drawn."""

from collections import Counter
from collections.abc import Mapping, Sequence

from review_tui.model.frozen import frozen
from review_tui.model.job_words import System
from review_tui.ui.draft import Draft
from review_tui.ui.job_ids import Named
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import paragraph
from review_tui.ui.render.writing import text_lines

_LINES = 3


@frozen
class AddView:
    """What the dialog shows: what is written, which ids are in it, and whose they are said to be."""

    draft: Draft
    named: Sequence[Named]
    system: System | None
    is_batch: bool
    problem: str
    why_not: Mapping[System, str]


def add_lines(view: AddView, width: int) -> list[Line]:
    """Draw the dialog."""
    lines: list[Line] = [
        (("Watch jobs", Role.TITLE), ("  by their ids or addresses, several at once", Role.DIM)),
        EMPTY,
        *text_lines(view.draft, width, _LINES),
        EMPTY,
    ]
    chosen = f"{view.system.label}{', a batch' if view.is_batch else ''}" if view.system else "by their shape"
    lines.append((("of  ", Role.DIM), (chosen, Role.ACCENT), ("  tab", Role.KEY), (" changes", Role.DIM)))
    lines += paragraph(_told(view.named), width, Role.DIM)
    for system in dict.fromkeys(one.system for one in view.named if one.system):
        if (why := view.why_not.get(system)) and why != view.problem:
            lines += paragraph(f"! {plain(why)}", width, Role.WARN)
    if view.problem:
        lines += paragraph(f"✗ {plain(view.problem)}", width, Role.BAD)
    keys: Line = (("enter", Role.KEY), (" watches  ", Role.DIM), ("esc", Role.KEY), (" closes", Role.DIM))
    return [*lines, EMPTY, keys]


def _told(named: Sequence[Named]) -> str:
    """Say how many ids there are, and whose."""
    if not named:
        return "Nothing is written yet."
    whose = Counter("not told whose" if one.system is None else one.system.label for one in named)
    batches = sum(one.is_batch for one in named)
    told = ", ".join(f"{count} {name}" for name, count in whose.items())
    return f"{counted(len(named), 'id')}: {told}" + (
        f"; {counted(batches, 'batch', 'batches')}" if batches else ""
    )
