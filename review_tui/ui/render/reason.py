"""The reason dialog as lines: what is decided, the reasons to pick, the text that is written."""

from collections.abc import Sequence
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.submissions import REASON_CHARACTERS, Row, Verb
from review_tui.ui.draft import Draft
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import cut, plain
from review_tui.ui.render.wrapping import paragraph, spread
from review_tui.ui.render.writing import text_lines

_TEXT_LINES: Final = 4
_TEXT_LINES_COMPACT: Final = 2
_PROBLEM_LINES: Final = 2

_FILLED: Final = "one reason for all; {merchant} or another field is filled in for each"

_DOES: Final = {Verb.REJECT: ("Reject", "rejects it"), Verb.CANCEL: ("Cancel", "cancels it")}


@frozen
class ReasonView:
    """What the dialog shows; `row` is None where it is about as many as are `marked`.

    `problem` is what is wrong at the moment, empty when nothing is; `compact` spares lines on a low screen.
    """

    verb: Verb
    row: Row | None
    reasons: Sequence[str]
    draft: Draft
    problem: str = ""
    without: bool = False
    compact: bool = False
    marked: int = 0


def reason_lines(view: ReasonView, width: int, height: int) -> list[Line]:
    """Draw the dialog in at most `height` lines; how many never changes, so that nothing jumps."""
    gap: list[Line] = [] if view.compact else [EMPTY]
    does = _DOES[view.verb][1] if view.row else "lists what is sent"
    count = f"{len(view.draft.text)} of {REASON_CHARACTERS}"
    lines: list[Line] = [
        *_about(view, width),
        *gap,
    ]
    text_room = _TEXT_LINES_COMPACT if view.compact else _TEXT_LINES
    room = 1 if view.compact else _PROBLEM_LINES
    lines += _listed(view, width, height - len(lines) - len(gap) - text_room - room - 2)
    lines += [*gap, spread((("Reason", Role.DIM),), ((count, Role.DIM),), width)]
    lines += text_lines(view.draft, width, text_room)
    problem = paragraph(f"! {view.problem}", width, Role.BAD)[:room] if view.problem else []
    lines += [*problem, *([EMPTY] * (room - len(problem)))]
    keys: Line = (
        ("enter", Role.KEY),
        (f" {does}", Role.DIM),
        ("  esc", Role.KEY),
        (" back", Role.DIM),
        ("  digit", Role.KEY),
        (" at once", Role.DIM),
        ("  ↓", Role.KEY),
        (" picks", Role.DIM),
    )
    return [*lines, clipped(keys, width)]


def _listed(view: ReasonView, width: int, room: int) -> list[Line]:
    """List the reasons behind their digits, in `room` lines around the chosen one."""
    listed = [(str(digit), reason, view.draft.text == reason) for digit, reason in enumerate(view.reasons, 1)]
    if view.verb is Verb.CANCEL:
        listed.append(("0", "no reason", view.without))
    if len(listed) > room:
        at = next((index for index, (_, _, chosen) in enumerate(listed) if chosen), 0)
        first = max(0, min(at - room // 2, len(listed) - room + 1))
        more = len(listed) - room + 1
        kept = listed[first : first + max(room - 1, 1)]
        listed = [*kept, ("", f"{more} more: a digit gives them, ↓ shows them", False)]
    return [
        clipped(
            ((digit or " ", Role.KEY), (f"  {plain(reason)}", _role(chosen=chosen) if digit else Role.DIM)),
            width,
        )
        for digit, reason, chosen in listed
    ]


def _about(view: ReasonView, width: int) -> list[Line]:
    """Say what is decided, on two lines."""
    verb, row = _DOES[view.verb][0], view.row
    if row is None:
        title: Line = ((f"{verb}  ", Role.BAD), (f"{view.marked} marked", Role.TITLE))
        return [title, clipped(((_FILLED, Role.DIM),), width)]
    amount = (cut(amount_words(row), width // 2), Role.TITLE)
    ids = " · ".join([row.id, *filter(None, [plain(row.client_submission_id or "")])])
    return [
        spread(((f"{verb}  ", Role.BAD), (merchant_words(row), Role.TITLE)), (amount,), width),
        clipped(((ids, Role.DIM),), width),
    ]


def _role(*, chosen: bool) -> Role:
    return Role.CURSOR if chosen else Role.PLAIN
