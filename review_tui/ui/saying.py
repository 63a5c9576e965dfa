"""What the status line says: what is about to be sent, unless something else comes first."""

from datetime import datetime

from review_tui.model.bulk import Bulk
from review_tui.ui.render.bulk import brief_bulk_words, going_words
from review_tui.ui.render.decisions import brief_words, live_words
from review_tui.ui.render.line import Piece, Role
from review_tui.ui.render.notices import Notice
from review_tui.ui.render.words import STAGE_ROLES
from review_tui.ui.state import ReviewState, next_to_go


def notice_at(state: ReviewState, now: datetime) -> Notice | None:
    """Return what the status line says: what is about to be sent, unless something else comes first."""
    notices, going = state.notices, next_to_go(state)
    if notices.hint or notices.insists(now):
        return notices.shown
    if bulk := bulk_to_go(state):
        return Notice(going_words(bulk, now), Role.ACCENT, bulk.items[0].intent.at)
    if going is None:
        return notices.shown
    row = state.queue.row(going.intent.submission_id, state.near)
    return Notice(live_words(going, row, now), STAGE_ROLES[going.stage], going.intent.at)


def countdown_at(state: ReviewState, now: datetime) -> Piece | None:
    """Return what is about to be sent, in brief, while the status line says something else."""
    notices, going = state.notices, next_to_go(state)
    if not (notices.hint or notices.insists(now)):
        return None
    if bulk := bulk_to_go(state):
        return (brief_bulk_words(bulk, now), Role.ACCENT)
    return None if going is None else (brief_words(going, now), STAGE_ROLES[going.stage])


def can_be_stopped(bulk: Bulk | None) -> bool:
    """Whether some of what was decided on the marked is still to be sent."""
    return bulk is not None and bool(bulk.unsent) and not bulk.stopped


def bulk_to_go(state: ReviewState) -> Bulk | None:
    """Return what was decided on the marked and is not over, unless something newer comes first."""
    bulk, going = state.bulk, next_to_go(state)
    if bulk is None or bulk.is_over or (going is not None and not bulk.tells(going)):
        return None
    return bulk
