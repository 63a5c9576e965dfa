"""Notes as lines: the dialog in which they are written, and what the overview says of what is kept."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from review_tui.model.ages import Lateness
from review_tui.model.frozen import frozen
from review_tui.model.notes import NOTE_CHARACTERS, Note, PastDecision
from review_tui.ui.detail_view import DetailView
from review_tui.ui.draft import Draft
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.hiding import key_pieces, snooze_words
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.submissions import LATENESS, waiting_words
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted, moment
from review_tui.ui.render.wrapping import paragraph, spread, wrapped
from review_tui.ui.render.writing import text_lines

_TEXT_LINES: Final = 6
_TEXT_LINES_COMPACT: Final = 4
_NOTE_LINES: Final = 8
_PAST_SHOWN: Final = 3
_DID: Final[Mapping[str, str]] = {
    "approve": "approved",
    "reject": "rejected",
    "cancel": "cancelled",
    "confirm fraud": "confirmed as fraud",
}


KEPT_HERE: Final = "It stays on this machine; an empty one is taken away."


@frozen
class NoteView:
    """What the dialog shows: one page of it; `other` names the page that tab turns to, if there is one."""

    about: str
    subject: str
    draft: Draft
    other: str = ""
    where: str = KEPT_HERE
    saves: str = "keeps"
    problem: str = ""
    compact: bool = False


def note_lines(view: NoteView, width: int) -> list[Line]:
    """Draw the dialog; its height never changes."""
    count = f"{len(view.draft.text)} of {NOTE_CHARACTERS}"
    heading: Line = ((f"Note on {view.about}  ", Role.ACCENT), (plain(view.subject), Role.TITLE))
    keys = [
        ("enter", view.saves),
        *([("tab", view.other)] if view.other else []),
        ("ctrl+j", "new line"),
        ("ctrl+u", "clears"),
        ("esc", "back"),
    ]
    said: Line = ((f"! {plain(view.problem)}", Role.BAD),) if view.problem else EMPTY
    return [
        spread(heading, ((count, Role.DIM),), width),
        clipped(((view.where, Role.DIM),), width),
        *([] if view.compact else [EMPTY]),
        *text_lines(view.draft, width, _TEXT_LINES_COMPACT if view.compact else _TEXT_LINES),
        clipped(said, width),
        clipped(key_pieces(keys), width),
    ]


def kept_blocks(view: DetailView, width: int) -> list[list[Line]]:
    """Say what is kept of a submission and its merchant, and that it waits too long."""
    kept, now = view.kept, view.now
    own: list[Line] = []
    created = view.row.created_at if view.row else None
    if view.lateness is not Lateness.IN_TIME and created is not None:
        glyph, role = LATENESS[view.lateness]
        own += paragraph(f"{glyph} {view.lateness}: it waits {waiting_words(created, now)}", width, role)
    if kept.snooze is not None:
        words = snooze_words(kept.snooze, now)
        glyph = "Z" if kept.snooze.back else "z"
        own += paragraph(f"{glyph} {words[0].upper()}{words[1:]}", width, Role.ACCENT)
    if kept.flag is not None:
        own += paragraph(f"! Flagged {moment(kept.flag.at, now)}", width, Role.WARN)
    return [
        own,
        _note("on it", kept.note, now, width),
        _note("on the merchant", kept.merchant_note, now, width),
        _past(kept.past, now, width),
    ]


def _note(what: str, note: Note | None, now: datetime, width: int) -> list[Line]:
    if note is None:
        return []
    heading: Line = ((f"i Note {what}", Role.ACCENT), (f"  {moment(note.at, now)}", Role.DIM))
    text = wrapped(plain(note.text, lines=True), width - 2, _NOTE_LINES)
    return [clipped(heading, width), *(((f"  {part}", Role.PLAIN),) for part in text)]


def _past(past: tuple[PastDecision, ...], now: datetime, width: int) -> list[Line]:
    """Say what was decided here on the same merchant: in a line, then the newest."""
    if not past:
        return []
    counts = Counter(_DID.get(one.verb, one.verb) for one in past)
    said = " · ".join(f"{count} {did}" for did, count in counts.most_common())
    heading = f"Same merchant, {counted(len(past), 'decision')} here: {said}"
    lines = paragraph(heading, width, Role.ACCENT)
    for one in past[:_PAST_SHOWN]:
        why = f": {plain(one.reason)}" if one.reason else ""
        by = f" by {plain(one.user)}" if one.user else ""
        did = _DID.get(one.verb, one.verb)
        words = f"  {moment(one.at, now)}  {did}{by} {one.submission_id}{why}"
        lines.append(clipped(((words, Role.PLAIN),), width))
    return lines
