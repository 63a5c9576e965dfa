"""The palette as lines: what is written, what may be meant by it, and what enter would do."""

from collections.abc import Sequence
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.ui.draft import Draft
from review_tui.ui.offers import Kind, Offer
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.wrapping import cells, spread
from review_tui.ui.render.writing import caret_line

ASKS: Final = "a command, view, workflow, theme, or a submission by id or merchant"
_AROUND: Final = 5
"""Lines beside those of the offers."""

_KIND: Final = 12
_NAME: Final = 18
_DOES: Final = {
    Kind.COMMAND: "gives it",
    Kind.VIEW: "shows it",
    Kind.WORKFLOW: "filters by it",
    Kind.THEME: "paints with it",
    Kind.SUBMISSION: "selects it",
    Kind.JOB: "selects it",
}


@frozen
class PaletteView:
    """What the palette shows: `at` is the chosen offer; `searching` that not all rows are looked through."""

    draft: Draft
    offers: Sequence[Offer] = ()
    at: int = 0
    searching: bool = False
    problem: str = ""
    asks: str = ASKS


def palette_lines(view: PaletteView, width: int, height: int) -> list[Line]:
    """Draw the palette on exactly `height` lines."""
    room = max(height - _AROUND, 1)
    top = max(0, min(view.at - room // 2, len(view.offers) - room))
    lines: list[Line] = [_written(view, width), EMPTY]
    for index, offer in enumerate(view.offers[top : top + room], top):
        lines.append(_offer(offer, width, chosen=index == view.at))
    if not view.offers:
        lines.append((("looking through the queue …" if view.searching else "nothing fits", Role.DIM),))
    lines = lines[: room + 2]
    lines += [EMPTY] * (room + 2 - len(lines))
    return [*lines, EMPTY, _more(view, width), _keys(view, width)]


def _written(view: PaletteView, width: int) -> Line:
    lead: Line = (("› ", Role.KEY),)
    if not view.draft.text:
        return clipped((*lead, (" ", Role.CURSOR), (f" {view.asks}", Role.DIM)), width)
    count: Line = ((f"{len(view.offers)}{' …' if view.searching else ''}", Role.DIM),)
    return spread((*lead, *caret_line(view.draft, max(width - cells(count) - 4, 1))), count, width)


def _offer(offer: Offer, width: int, *, chosen: bool) -> Line:
    kind = "" if offer.kind is Kind.COMMAND else str(offer.kind)
    keys = fit(cut(offer.keys, _KIND - 1), _KIND) if offer.kind is Kind.COMMAND else fit(kind, _KIND)
    name = plain(offer.name)
    can = not offer.why
    role = Role.CURSOR if chosen else Role.PLAIN if can else Role.DIM
    beside = f"now: {offer.why}" if offer.why else offer.note
    if offer.kind is not Kind.SUBMISSION:
        name = fit(cut(name, _NAME), _NAME)
    left: Line = (
        (keys, Role.CURSOR if chosen else Role.KEY if offer.kind is Kind.COMMAND else Role.DIM),
        (name, role),
    )
    note = (f"  {plain(beside)}", Role.CURSOR if chosen else Role.WARN if offer.why else Role.DIM)
    line = clipped((*left, *((note,) if beside else ())), width)
    return (*line, (" " * (width - cells(line)), role)) if chosen else line


def _more(view: PaletteView, width: int) -> Line:
    """Say more of the chosen one, or why it was not given."""
    if view.problem:
        return clipped(((view.problem, Role.WARN),), width)
    if not view.offers:
        return EMPTY
    offer = view.offers[view.at]
    return clipped(((plain(offer.note), Role.DIM),), width)


def _keys(view: PaletteView, width: int) -> Line:
    pieces: list[tuple[str, Role]] = []
    if view.offers:
        does = _DOES[view.offers[view.at].kind]
        pieces = [("enter", Role.KEY), (f" {does}  ", Role.DIM), ("↑ ↓", Role.KEY), (" choose  ", Role.DIM)]
    return clipped((*pieces, ("esc", Role.KEY), (" back", Role.DIM)), width)
