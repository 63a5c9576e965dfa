"""How a decision is told: how long it is held, how far it has come, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from review_tui.model.decisions import Stage, Standing
from review_tui.model.failures import FailureKind
from review_tui.model.foresight import is_confirmed_fraud
from review_tui.model.submissions import Detail, Row, Verb, why_not
from review_tui.ui.key_names import key_of
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.render.line import Piece, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import STAGE_ROLES
from review_tui.ui.underway import deed, seconds_left

_FAILED: Final = frozenset({Stage.REFUSED, Stage.UNSENT, Stage.NOT_DONE, Stage.TAKEN_BACK, Stage.CHANGED})
"""Ends after which the person's own words may be wanted again."""


def countdowns(standings: Sequence[Standing], now: datetime) -> tuple[int | None, ...]:
    """Return what of decisions changes by itself as time goes on."""
    return tuple(seconds_left(standing, now) for standing in standings)


def held_pieces(standings: Sequence[Standing], now: datetime) -> Mapping[str, Piece]:
    """Say by submission what is held on it and for how long, for its row; others are left out."""
    held: dict[str, list[Standing]] = {}
    for one in standings:
        if one.stage in {Stage.HELD, Stage.WAITING}:
            held.setdefault(one.intent.submission_id, []).append(one)
    return {submission_id: _held_piece(ones, now) for submission_id, ones in held.items()}


def _held_piece(held: Sequence[Standing], now: datetime) -> Piece:
    times = [left for one in held if (left := seconds_left(one, now)) is not None]
    verb = held[-1].intent.verb
    words = "judging" if verb is Verb.RESOLVE else str(verb)
    role = Role.WARN if any(one.stage is Stage.WAITING for one in held) else Role.ACCENT
    if not times:
        return (f"◷ {words}: {key_of('outbox')}", role)
    left = max(times)
    when = f"{left:>2}s" if left < 100 else f"{-(-left // 60):>2}m"
    return (f"◷{when} {words}", role)


def live_words(standing: Standing, row: Row | None, now: datetime) -> str:
    """Say on the status line what is about to be sent, when, and how it is taken back."""
    left = seconds_left(standing, now)
    what = deed(standing.intent)
    if standing.stage is Stage.WAITING and left is not None:
        failure = standing.failure
        limited = failure is None or failure.kind is FailureKind.LIMITED
        why = "Rate limit" if limited or failure is None else plain(failure.title)
        words = f"{why}: sending {what} in {left} s"
    elif left is not None:
        words = f"{what.capitalize()} in {left} s"
    else:
        words = plain(standing.words)
    return f"{words} · {key_of('undo')} takes it back · {about(standing, row)}"


def brief_words(standing: Standing, now: datetime) -> str:
    """Say in a few words, beside something else, what is about to be sent and how it is taken back."""
    left = seconds_left(standing, now)
    return f"◷ {deed(standing.intent)} {'held' if left is None else f'in {left} s'}: {key_of('undo')}"


def about(standing: Standing, row: Row | None) -> str:
    """Name the submission of a decision by merchant and amount, or by its id where nothing else is known."""
    if row is not None:
        return f"{merchant_words(row)} {amount_words(row)}"
    return plain(standing.subject) if standing.subject else standing.intent.submission_id


def outcome_words(
    standing: Standing, row: Row | None, judging: Collection[str | None] = ()
) -> tuple[str, Role]:
    """Say what became of a decision, on which submission, and what can follow.

    `judging` are the ids of its fraud matches of which a judgement is under way.
    """
    intent = standing.intent
    named = about(standing, row)
    if standing.stage is not Stage.TAKEN_BACK and named != intent.submission_id:
        named += f", {intent.submission_id}"
    follows = ""  # stands before the name: a narrow screen cuts at the end
    if standing.stage is Stage.DONE and intent.verb is Verb.RESOLVE and standing.detail:
        follows = _after_resolving(standing.detail, judging)
    elif standing.stage in _FAILED and intent.reason:
        follows = f", {key_of('reject' if intent.verb is Verb.REJECT else 'cancel')} has your words"
    return f"{plain(standing.words)}{follows} · {named}", STAGE_ROLES[standing.stage]


def _after_resolving(detail: Detail, judging: Collection[str | None]) -> str:
    left = detail.open_matches
    if left is None or detail.status != "review":
        return ""
    if left:
        on_the_way = sum(match.id in judging for match in left)
        parts = [f"{on_the_way} being resolved"] if on_the_way else []
        parts += [f"{len(left) - on_the_way} open"] if len(left) > on_the_way else []
        return f", {', '.join(parts)}"
    judged = f", all {len(detail.fraud_matches or ())} judged"
    if is_confirmed_fraud(detail):
        return f"{judged}: {key_of('reject')} rejects"
    if why_not(Verb.APPROVE, detail.status, 0):
        return ""
    return f"{judged}: {key_of('approve')} approves"
