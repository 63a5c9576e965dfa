"""The detail's head: who and how much, where it stands, its ids, the tabs; always four lines."""

from typing import Final

from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail, Row
from review_tui.ui.detail_view import DetailState, DetailView, Tab
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.submissions import UNDER_WAY, age_words, fraud_piece, kept_piece, status_piece
from review_tui.ui.render.text import cut, plain
from review_tui.ui.render.words import confidence_piece
from review_tui.ui.render.wrapping import cells, spread

HEAD_LINES: Final = 4
_WORD: Final = 20
UNNAMED: Final = "(no merchant)"
ALTERED: Final[Piece] = ("  ! altered text", Role.WARN)

_TITLES: Final = {
    Tab.OVERVIEW: "Overview",
    Tab.FIELDS: "Fields",
    Tab.FRAUD: "Fraud",
    Tab.EVENTS: "Events",
    Tab.FILES: "Files",
    Tab.RAW: "Raw",
}

_UNKNOWN_COUNTS: Final = {Tab.FIELDS: "  ", Tab.FRAUD: "  ", Tab.EVENTS: "  ", Tab.FILES: " "}
"""The room of what is not known yet, so that nothing moves when it is."""


def row_of(view: DetailView) -> Row | None:
    """Return the facts to show: the detail's own where it is here, else the queue's."""
    return Row.of(view.detail) if view.detail else view.row


def head_lines(view: DetailView, tab: Tab, width: int, cursor: Role = Role.CURSOR) -> list[Line]:
    """Draw the head for `width` cells; `cursor` is the role of the chosen tab."""
    row = row_of(view)
    if row is None:
        return [()] * HEAD_LINES
    return [
        _title(row, width),
        spread(_standing(row, view.doubts), (note_of(view),), width),
        clipped(_ids(row, view), width),
        tab_line(view.detail, tab, width, cursor),
    ]


def amount_words(row: Row) -> str:
    """Say the amount as received, with its currency."""
    if row.amount is None:
        return "no amount"
    return f"{plain(row.amount)} {plain(row.currency)}" if row.currency else plain(row.amount)


def merchant_words(row: Row) -> str:
    """Say who issued it."""
    return plain(row.merchant) if row.merchant else UNNAMED


def _title(row: Row, width: int) -> Line:
    name = (merchant_words(row), Role.TITLE if row.merchant else Role.DIM)
    badge = (ALTERED,) if row.altered else ()
    amount = (cut(amount_words(row), width // 2), Role.TITLE if row.amount else Role.DIM)
    room = width - cells((*badge, amount)) - 2
    return spread((*clipped((name,), room), *badge), (amount,), width)


def _standing(row: Row, doubts: DoubtLimits) -> Line:
    gap: Piece = ("  ", Role.PLAIN)
    return (
        *clipped((status_piece(row.status),), _WORD),
        gap,
        *clipped((fraud_piece(row.fraud_status, row.fraud_score),), _WORD),
        gap,
        ("confidence ", Role.DIM),
        confidence_piece(row.confidence, doubts),
    )


def _ids(row: Row, view: DetailView) -> Line:
    parts = [row.id]
    if row.client_submission_id:
        parts.append(plain(row.client_submission_id))
    if row.workflow:
        parts.append(plain(row.workflow))
    if row.created_at:
        parts.append(age_words(row.created_at, view.now))
    return ((" · ".join(parts), Role.DIM),)


def note_of(view: DetailView) -> Piece:
    """Say in a word or two what is special about what is shown; empty when nothing is."""
    if view.standing and not view.standing.stage.is_final:
        return UNDER_WAY[view.standing.stage]
    if view.state is DetailState.LOADING:
        return ("loading", Role.DIM)
    if view.state is DetailState.FAILED:
        return ("✗ not loaded", Role.BAD)
    if view.state is DetailState.STALE:
        return ("! stale", Role.WARN)
    if view.state is DetailState.GONE:
        return ("! left the queue", Role.WARN)
    return kept_piece(view.kept, view.lateness)


def tab_line(detail: Detail | None, tab: Tab, width: int, cursor: Role) -> Line:
    """Draw the tabs with their counts, each in one place whatever it counts; narrower where there is no room.

    Of fraud matches the open ones are counted while there are any.
    """
    counts = _counts(detail)
    full = [f"{_TITLES[one]} {counts[one]}" if counts[one] else _TITLES[one] for one in Tab]
    bare = [title if one is Tab.FRAUD else _TITLES[one] for one, title in zip(Tab, full, strict=True)]
    for titles, gap in ((full, 2), (full, 1), (bare, 1)):
        line = _tabs(titles, tab, gap, cursor)
        if cells(line) <= width:
            return line
    return clipped(line, width)


def tab_at(tabs: Line, column: int) -> Tab | None:
    """Return the tab whose title takes a cell of the line of tabs, or None behind the last."""
    end = 0
    for index, piece in enumerate(tabs):
        end += cells((piece,))
        if column < end:
            return tuple(Tab)[index // 2]
    return None


def _tabs(titles: list[str], chosen: Tab, gap: int, cursor: Role) -> Line:
    pieces: list[Piece] = []
    for index, (tab, title) in enumerate(zip(Tab, titles, strict=True)):
        space = " " * (gap - 1) if index else ""
        pieces.append((f"{space}▸", Role.ACCENT) if tab is chosen else (f"{space} ", Role.PLAIN))
        pieces.append((title, cursor if tab is chosen else Role.PLAIN))
    return tuple(pieces)


def _counts(detail: Detail | None) -> dict[Tab, str]:
    counts = dict.fromkeys(Tab, "") | _UNKNOWN_COUNTS
    if detail is None:
        return counts
    extraction = extraction_of(detail)
    total = len(extraction.fields) + extraction.hidden
    counts[Tab.FIELDS] = f"{total:<2}" if extraction.hidden_exact else f"{total}+"
    if detail.fraud_matches is None:
        counts[Tab.FRAUD] = "?"
    else:
        open_count = len(detail.open_matches or ())
        counts[Tab.FRAUD] = f"▲{open_count}" if open_count else f"{len(detail.fraud_matches):<2}"
    counts[Tab.EVENTS] = f"{len(detail.events):<2}"
    counts[Tab.FILES] = str(len(detail.files))
    return counts
