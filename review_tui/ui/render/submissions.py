"""How a submission is told in a line: its status, its fraud check, its age, and its row in the queue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from review_tui.model.ages import Lateness
from review_tui.model.decisions import Stage, Standing
from review_tui.model.extraction import ABSENT
from review_tui.model.fraud import FraudStatus
from review_tui.model.frozen import frozen
from review_tui.model.notes import Kept
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import BECOMES, Row, SubmissionStatus
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.text import fit, plain
from review_tui.ui.render.words import mark_of, percent, score

MARKER: Final = "▌"
_STATUS: Final[Mapping[str, tuple[str, Role]]] = {
    SubmissionStatus.CREATED: ("○", Role.DIM),
    SubmissionStatus.PROCESSING: ("◌", Role.DIM),
    SubmissionStatus.REVIEW: ("●", Role.PLAIN),
    SubmissionStatus.APPROVED: ("✓", Role.GOOD),
    SubmissionStatus.SYNCED: ("✓", Role.GOOD),
    SubmissionStatus.REJECTED: ("✗", Role.BAD),
    SubmissionStatus.CANCELLED: ("–", Role.WARN),
    SubmissionStatus.FAILED: ("!", Role.BAD),
}
_FRAUD: Final[Mapping[str, tuple[str, Role]]] = {
    FraudStatus.CLEAN: ("✓", Role.GOOD),
    FraudStatus.FLAGGED: ("▲", Role.WARN),
    FraudStatus.BLOCKED: ("■", Role.BAD),
}
_DECIDED: Final = frozenset[str]().union(*BECOMES.values())
UNDER_WAY: Final[Mapping[Stage, Piece]] = {
    Stage.HELD: ("◷ held", Role.ACCENT),
    Stage.CHECKING: ("… looking", Role.ACCENT),
    Stage.WAITING: ("◷ waiting", Role.WARN),
    Stage.SENDING: ("… sending", Role.ACCENT),
    Stage.VERIFYING: ("… checking", Role.WARN),
    Stage.SETTLING: ("… checking", Role.WARN),
    Stage.UNKNOWN: ("? unknown", Role.BAD),
}
"""In a word or two, how far a decision has come that is not over."""

_CHANGED: Final[Piece] = ("! changed", Role.WARN)
_ELSEWHERE: Final[Piece] = ("not in view", Role.WARN)
LATE_AGE: Final = 11
"""Cells of an age with the words of what waits too long."""

NO_BADGE: Final[Piece] = (" ", Role.PLAIN)
"""The cell before a row's status where nothing is to be said there."""


def status_piece(status: str) -> Piece:
    """Say a submission's status with its glyph; unknown words as they are."""
    glyph, role = _STATUS.get(status, ("?", Role.PLAIN))
    return (f"{glyph} {plain(status)}", role)


def fraud_piece(status: str | None, value: float | None) -> Piece:
    """Say the outcome of the fraud check with its glyph and score (0..100)."""
    if status is None and value is None:
        return (f"{ABSENT} not yet", Role.DIM)
    glyph, role = _FRAUD.get(status or "", ("?", Role.PLAIN))
    words = plain(status) if status else "unknown"
    return (f"{glyph} {words}" if value is None else f"{glyph} {words:<7} {score(value):>4}", role)


def age_words(created_at: datetime | None, now: datetime) -> str:
    """Say how old something is, so coarsely that it seldom changes: now, 5m, 10m to 50m, 1h to 23h, 1d …."""
    if created_at is None:
        return ABSENT
    minutes = int((now - created_at).total_seconds() // 60)
    if minutes < 5:
        return "now"
    if minutes < 60:
        return f"{minutes // 10 * 10 or 5}m"
    return f"{minutes // 60}h" if minutes < 24 * 60 else f"{min(minutes // 1440, 999)}d"


LATENESS: Final[Mapping[Lateness, Piece]] = {
    Lateness.DUE: ("!", Role.WARN),
    Lateness.LATE: ("✗", Role.BAD),
}
"""The glyph of one that waits too long, and its role."""


def age_piece(row: Row, now: datetime, late: Lateness, width: int) -> Piece:
    """Say how old a row is, and that it waits too long: by glyph, word and role, as far as there is room."""
    age = age_words(row.created_at, now)
    if late is Lateness.IN_TIME:
        return (f"{age:>{width}}", Role.DIM)
    glyph, role = LATENESS[late]
    word = f"{late:<5}" if width >= LATE_AGE else ""
    return (f"{glyph} {word}{age:>{width - 2 - len(word)}}", role)


def waiting_words(since: datetime, now: datetime) -> str:
    """Say how long something waits, to ten minutes under a day, so that it seldom changes."""
    minutes = max(int((now - since).total_seconds() // 60), 0) // 10 * 10
    hours = minutes // 60
    if hours >= 24:
        return f"{hours // 24} d {hours % 24} h" if hours % 24 else f"{hours // 24} d"
    if not hours:
        return f"{minutes} m" if minutes else "under 10 m"
    return f"{hours} h {minutes % 60} m" if minutes % 60 else f"{hours} h"


def kept_piece(kept: Kept, late: Lateness) -> Piece:
    """Say in a word or two that a submission waits too long, or what is kept of it; empty for nothing."""
    if late is not Lateness.IN_TIME:
        glyph, role = LATENESS[late]
        return (f"{glyph} {late}", role)
    if kept.snooze is not None:
        return ("Z back from snooze" if kept.snooze.back else "z snoozed", Role.ACCENT)
    if kept.flag is not None:
        return ("! flagged", Role.WARN)
    return ("i noted", Role.ACCENT) if kept.note or kept.merchant_note else ("", Role.PLAIN)


def state_piece(row: Row, standing: Standing | None, *, listed: bool, here: bool = True) -> Piece:
    """Say where a queue's row stands: the decision under way, how it left the queue, or its status.

    `listed` says that the queue's filter still takes the row, `here` that it is of the view.
    """
    if standing and standing.stage in UNDER_WAY:
        return UNDER_WAY[standing.stage]
    ours = standing is not None and standing.stage is Stage.DONE
    if not here and not ours and not row.gone:
        return _ELSEWHERE
    if listed and not row.gone:
        changed = standing is not None and standing.stage is Stage.CHANGED
        return _CHANGED if changed else status_piece(row.status)
    if not ours and row.status in _DECIDED:
        return ("≠ elsewhere", Role.WARN)
    return status_piece(row.status) if ours else (f"{ABSENT} left queue", Role.WARN)


@frozen
class Columns:
    """The widths of the queue's columns in cells; 0 leaves a column out. Merchant and amount never are."""

    status: int
    fraud: int
    confidence: int
    amount: int
    merchant: int
    workflow: int
    age: int

    @classmethod
    def of(cls, width: int, *, late: bool = False) -> "Columns":
        """Lay out a row of `width` cells; workflow, confidence and score give way first, in this order.

        `late` leaves room for the words of what waits too long, or at least for their glyph.
        """
        status, fraud, confidence, amount, workflow, age = 12, 14, 6, 14, 16, LATE_AGE if late else 4
        fixed = 2 + status + 1 + amount + 3 + 1 + age
        merchant = width - fixed - (fraud + 1) - (confidence + 1) - (workflow + 1)
        if merchant < 24:
            merchant, workflow = merchant + workflow + 1, 0
        if merchant < 16:
            merchant, confidence = merchant + confidence + 1, 0
        if merchant < 10:
            merchant, fraud = merchant + 5, 9
        if merchant < 14 and late:
            merchant, age = merchant + LATE_AGE - 6, 6
        return cls(status, fraud, confidence, amount, max(merchant, 4), workflow, age)


def queue_head(columns: Columns) -> Line:
    """Name the columns."""
    parts = [
        "  " + fit("status", columns.status),
        fit("fraud" if columns.fraud < 14 else "fraud    score", columns.fraud),
        fit(" sure" if columns.confidence else "", columns.confidence),
        f"{'amount':>{columns.amount}}",
        "  " + fit("merchant", columns.merchant),
        fit("workflow" if columns.workflow else "", columns.workflow),
        f"{'age':>{columns.age}}",
    ]
    return ((" ".join(part for part in parts if part), Role.DIM),)


def queue_line(
    row: Row,
    columns: Columns,
    age: Piece,
    state: Piece,
    cursor: Role | None,
    badge: Piece = NO_BADGE,
    *,
    doubts: DoubtLimits | None = None,
) -> Line:
    """Draw one row; `cursor` is the role of its marked cells when it is the selected one.

    `badge` is one cell before its status, `doubts` are the limits of its workflow.
    """
    band = mark_of(row.confidence, doubts)
    quiet = Role.DIM if row.gone else Role.PLAIN
    status = fit(state[0], columns.status)
    blank = len(status) - len(status.rstrip())
    pieces: list[Piece] = (
        [(" ", Role.PLAIN), badge, (status, state[1]), (" ", Role.PLAIN)]
        if cursor is None
        else [(f"{MARKER}{badge[0]}{status.rstrip()}", cursor), (" " * (blank + 1), Role.PLAIN)]
    )
    pieces += [_fraud(row, columns.fraud), (" ", Role.PLAIN)]
    if columns.confidence:
        pieces.append(
            (fit(f"{band.glyph}{percent(row.confidence):>5} ", columns.confidence + 1), _calm(band.role))
        )
    pieces.append((_amount(row, columns.amount), quiet))
    pieces.append((" ! ", Role.WARN) if row.altered else ("   ", quiet))
    merchant = plain(row.merchant) if row.merchant else "(no merchant)"
    pieces.append((fit(merchant, columns.merchant), quiet if row.merchant else Role.DIM))
    if columns.workflow:
        pieces.append(
            (" " + fit(plain(row.workflow) if row.workflow else ABSENT, columns.workflow), Role.DIM)
        )
    pieces += [(" ", Role.DIM), age]
    return tuple(pieces)


def _fraud(row: Row, width: int) -> Piece:
    words, role = fraud_piece(row.fraud_status, None)
    words = fit(words, min(width, 9))
    if width > 9:
        words += fit(score(row.fraud_score) if row.fraud_score is not None else "", width - 9, right=True)
    return (words, _calm(role))


def _calm(role: Role) -> Role:
    """In a list of many, what is as it should be stays quiet, so that the rest stands out."""
    return Role.DIM if role is Role.GOOD else role


def _amount(row: Row, width: int) -> str:
    """Right-align the number, with the currency's own column behind it."""
    number = plain(row.amount) if row.amount else ABSENT
    currency = fit(plain(row.currency) if row.currency else "", 3)
    return f"{fit(number, width - 4, right=True)} {currency}"
