"""Many at once as lines: what will be sent and what not, how far it is, and what each came to."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from review_tui.model.bulk import TYPED_ABOVE, Bulk, End, Item, ends_words
from review_tui.model.extraction import ABSENT
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Verb
from review_tui.ui.key_names import key_of
from review_tui.ui.plan import Entry, Plan
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.render.hiding import key_pieces
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.submissions import fraud_piece
from review_tui.ui.render.text import fit, plain
from review_tui.ui.render.words import STAGE_ROLES, confidence_piece, counted
from review_tui.ui.render.wrapping import paragraph, spread
from review_tui.ui.underway import deed

_BAR: Final = 10
_SUBJECT: Final = 34
_MERCHANT: Final = 24
_NARROWEST: Final = 14
_BESIDE: Final = 46
"""Cells of a line beside the merchant."""
_AMOUNT: Final = 13
_FRAUD: Final = 15
_TOTALS: Final = 2
_REASON_LINES: Final = 2
_COMPACT: Final = 16
"""Height, in lines, up to which lines are spared."""

_NO_CURRENCY: Final = "without currency"

_TITLES: Final = {
    Verb.APPROVE: ("Approve", Role.GOOD),
    Verb.REJECT: ("Reject", Role.BAD),
    Verb.CANCEL: ("Cancel", Role.BAD),
    Verb.RESOLVE: ("False positive", Role.ACCENT),
}
_DOES: Final = {
    Verb.APPROVE: "approves",
    Verb.REJECT: "rejects",
    Verb.CANCEL: "cancels",
    Verb.RESOLVE: "judges",
}
_END_ROLES: Final = {
    End.DONE: Role.GOOD,
    End.REFUSED: Role.WARN,
    End.UNKNOWN: Role.BAD,
    End.UNSENT: Role.WARN,
}
_GLYPHS: Final = {End.DONE: "✓", End.REFUSED: "✗", End.UNKNOWN: "?", End.UNSENT: "○"}


@frozen
class PlanView:
    """What the sheet shows: the plan, the entry that is looked at, and what is typed of the number.

    `waits` are the seconds in which all of it can still be taken back; `last_time` says that an earlier run
    has left it.
    """

    plan: Plan
    at: int = 0
    typed: str = ""
    problem: str = ""
    waits: float = 0.0
    template: str = ""


def plan_lines(view: PlanView, width: int, height: int) -> list[Line]:
    """Draw the sheet in at most `height` lines; those of which nothing is sent come first."""
    plan, entries = view.plan, ordered(view.plan)
    gap: list[Line] = [EMPTY] if height > _COMPACT else []
    word, role = _TITLES[plan.verb]
    top = [
        spread(((f"{word}  ", role), (f"{len(plan.entries)} marked", Role.TITLE)), _counts(plan), width),
        spread(((_totals_words(plan), Role.PLAIN),), ((_wait_words(view), Role.DIM),), width),
    ]
    if view.template:
        top += paragraph(f"Reason: {plain(view.template)}", width)[:_REASON_LINES]
    last: list[Line] = [
        clipped(((f"! {plain(view.problem)}", Role.BAD),), width) if view.problem else EMPTY,
        clipped(_confirm_keys(view), width),
    ]
    chosen = entries[view.at] if view.at < len(entries) else None
    unfolded = _unfolded(chosen, view, width) if chosen else []
    room = max(1, height - len(top) - len(last) - len(unfolded) - 2 * len(gap))
    first = max(0, min(view.at - room // 2, len(entries) - room))
    shown = entries[first : first + room]
    if len(shown) < len(entries) and unfolded:
        unfolded[0] = spread(unfolded[0], ((f"{view.at + 1} of {len(entries)}", Role.DIM),), width)
    listed = [_entry_line(one, width, chosen=one is chosen) for one in shown]
    return [*top, *gap, *listed, *gap, *unfolded, *last]


def ordered(plan: Plan) -> tuple[Entry, ...]:
    """Return the entries as the sheet lists them."""
    return (*plan.refused, *plan.sent)


def _counts(plan: Plan) -> Line:
    if plan.reading:
        read = len(plan.entries) - plan.reading
        return ((f"○ reading {read} of {len(plan.entries)} …", Role.WARN),)
    sent, refused = len(plan.sent), len(plan.refused)
    matches = f", {counted(plan.decisions, 'match', 'matches')}" if plan.verb is Verb.RESOLVE else ""
    pieces: list[Piece] = [(f"✓ {sent} will be sent{matches}", Role.GOOD if sent else Role.DIM)]
    if refused:
        pieces += [(" · ", Role.DIM), (f"✗ {refused} will not", Role.WARN)]
    return tuple(pieces)


def _totals_words(plan: Plan) -> str:
    totals = plan.totals()
    words = [f"{_grouped(value)} {plain(currency) or _NO_CURRENCY}" for currency, value in totals.items()]
    more = f" + {len(words) - _TOTALS} more" if len(words) > _TOTALS else ""
    return " + ".join(words[:_TOTALS]) + more


def _grouped(value: Decimal) -> str:
    return f"{value:,f}" if abs(value) < Decimal(10) ** 15 else f"{value:.3e}"


def _wait_words(view: PlanView) -> str:
    return f"{key_of('undo')} takes all back for {view.waits:g} s" if view.waits else ""


def _entry_line(entry: Entry, width: int, *, chosen: bool) -> Line:
    sent, row = bool(entry.decisions), entry.row
    name = merchant_words(row) if row else entry.submission_id
    amount = amount_words(row) if row and row.amount else ABSENT
    said: Line = ((plain(entry.why), Role.WARN),)
    if sent and entry.match_ids:
        said = ((counted(len(entry.match_ids), "match", "matches"), Role.DIM),)
    elif sent and row:
        word, role = fraud_piece(row.fraud_status, row.fraud_score)
        said = ((fit(word, _FRAUD), role), confidence_piece(row.confidence))
    return clipped(
        (
            ("▸ ", Role.ACCENT) if chosen else ("  ", Role.PLAIN),
            ("✓ ", Role.GOOD) if sent else ("✗ ", Role.WARN),
            (
                fit(name, max(min(width - _BESIDE, _MERCHANT), _NARROWEST)),
                Role.CURSOR if chosen else Role.PLAIN,
            ),
            (f" {fit(amount, _AMOUNT, right=True)}  ", Role.PLAIN),
            *said,
        ),
        width,
    )


def _unfolded(entry: Entry, view: PlanView, width: int) -> list[Line]:
    """Say what is sent with the chosen one, or why nothing is."""
    words = plain(entry.why) if entry.why else plain(entry.reason) if "{" in view.template else ""
    ids = f"  {entry.submission_id}"
    if not words:
        return [clipped(((ids, Role.DIM),), width)]
    return [clipped(((ids, Role.DIM), (f" · {words}", Role.PLAIN)), width)]


def _confirm_keys(view: PlanView) -> Line:
    count, verb = view.plan.decisions, view.plan.verb
    rest = (("esc", "back"), ("j/k", "looks"))
    if view.plan.reading or not count:
        return key_pieces(rest)
    what = f"{_DOES[verb]} {count}"
    if count <= TYPED_ABOVE:
        return key_pieces((("enter", what), *rest))
    typed: Line = (("type ", Role.DIM), (str(count), Role.KEY), (": ", Role.DIM), (view.typed, Role.TITLE))
    return (*typed, ("▏", Role.ACCENT), ("  ", Role.DIM), *key_pieces((("enter", what), *rest)))


@frozen
class BulkView:
    """What is shown of a bulk: the item that is looked at, and why something was not done."""

    bulk: Bulk
    now: datetime
    at: int = 0
    problem: str = ""


def bulk_lines(view: BulkView, width: int, height: int) -> list[Line]:
    """Draw how far each item has come in at most `height` lines; what did not end well comes first."""
    bulk, items = view.bulk, worst_first(view.bulk)
    chosen = items[min(view.at, len(items) - 1)]
    gap: list[Line] = [EMPTY] if height > _COMPACT else []
    heading, role = (
        (over_words(bulk), Role.PLAIN) if bulk.is_over else (going_words(bulk, view.now), Role.ACCENT)
    )
    top = [*paragraph(heading, width, role)[:2]]
    if bulk.stopped:
        top.append(clipped(((f"The rest was not sent: {plain(bulk.stopped)}", Role.WARN),), width))
    words = plain(chosen.words) or "held"
    unfolded = paragraph(words, width - 2, indent=2)[:2]
    unfolded += [EMPTY] * (2 - len(unfolded))
    keys = [("x", "stops the rest")] if bulk.unsent and not bulk.stopped else []
    last: list[Line] = [
        clipped(((f"! {plain(view.problem)}", Role.BAD),), width) if view.problem else EMPTY,
        clipped(key_pieces([*keys, ("j/k", "looks"), ("esc", "closes")]), width),
    ]
    room = max(1, height - len(top) - len(last) - len(unfolded) - 2 * len(gap))
    at = min(view.at, len(items) - 1)
    first = max(0, min(at - room // 2, len(items) - room))
    listed = [_item_line(one, width, chosen=one is chosen) for one in items[first : first + room]]
    return [*top, *gap, *listed, *gap, *unfolded, *last]


def worst_first(bulk: Bulk) -> tuple[Item, ...]:
    """Return the items with those first that need a person, then those under way, then what is done."""
    order = {End.UNKNOWN: 0, End.REFUSED: 1, End.UNSENT: 2, None: 3, End.DONE: 4}
    return tuple(sorted(bulk.items, key=lambda item: order[item.end]))


def _item_line(item: Item, width: int, *, chosen: bool) -> Line:
    subject = fit(plain(item.subject) or item.intent.submission_id, min(_SUBJECT, width // 2))
    glyph, role = "◷", STAGE_ROLES[item.stage]
    if item.end is not None:
        glyph, role = _GLYPHS[item.end], _END_ROLES[item.end]
    words = plain(item.words) if item.end is not End.DONE else str(End.DONE)
    return clipped(
        (
            ("▸ ", Role.ACCENT) if chosen else ("  ", Role.PLAIN),
            (f"{glyph} ", role),
            (subject, Role.CURSOR if chosen else Role.PLAIN),
            (f" {words or 'held'}", role if item.end else Role.DIM),
        ),
        width,
    )


def going_words(bulk: Bulk, now: datetime) -> str:
    """Say on the status line how far it is, how long it takes, and how it is stopped."""
    count, ended, undo = len(bulk.items), len(bulk.items) - bulk.left, key_of("undo")
    what = deed(bulk.items[0].intent).capitalize()
    when = "" if bulk.due is None else f" in {_seconds(bulk.due, now)} s"
    if not ended and len(bulk.unsent) == count:
        return f"{what} {count}{when} · {undo} takes all back"
    full = ended * _BAR // count
    left = "" if bulk.seconds is None else f", {_time_words(bulk.seconds)} left"
    if when:
        left = f", next{when}"
    stop = f" · {undo} stops the rest" if bulk.unsent and not bulk.stopped else ""
    return f"{what} {'▓' * full}{'░' * (_BAR - full)} {ended} of {count}{left}{stop}"


def brief_bulk_words(bulk: Bulk, now: datetime) -> str:
    """Say beside something else how far it is."""
    count, ended, what = len(bulk.items), len(bulk.items) - bulk.left, deed(bulk.items[0].intent)
    if bulk.due is not None and not ended:
        return f"◷ {what} {count} in {_seconds(bulk.due, now)} s: {key_of('undo')}"
    return f"◷ {what} {ended} of {count}: {key_of('undo')}"


def over_words(bulk: Bulk) -> str:
    """Say what came of it, such as `Approve: 7 done, 1 unknown, 12 not sent`."""
    what = deed(bulk.items[0].intent).capitalize()
    if bulk.kept and bulk.left:
        ended = ends_words(bulk.items)
        return f"{what}: {f'{ended}, ' if ended else ''}{bulk.left} still held"
    return f"{what}: {ends_words(bulk.items)}"


def over_role(bulk: Bulk) -> Role:
    """Return how what came of it is said: bad where something is not known, good where all is done."""
    if bulk.count(End.UNKNOWN):
        return Role.BAD
    return Role.GOOD if bulk.count(End.DONE) == len(bulk.items) else Role.WARN


def _seconds(due: datetime, now: datetime) -> int:
    return max(0, -int((now - due).total_seconds() // 1))


def _time_words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    return f"{round(seconds / 60)} min"
