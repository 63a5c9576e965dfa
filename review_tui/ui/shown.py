"""What the panes are handed: values made of the screen's state, and what of it decides whether to draw."""

from collections.abc import Iterable
from datetime import datetime

from review_tui.model.ages import Lateness, lateness
from review_tui.model.doubt import reading_of
from review_tui.model.notes import kept_of
from review_tui.model.preferences import Preferences
from review_tui.ui.detail_view import DetailView
from review_tui.ui.render.badges import badges_of
from review_tui.ui.render.chrome import instead_of_rows
from review_tui.ui.render.decisions import countdowns, held_pieces
from review_tui.ui.render.filtering import no_match
from review_tui.ui.render.line import Line
from review_tui.ui.state import ReviewState, open_ones
from review_tui.ui.widgets.queue import QueueView
from review_tui.workers.news import DetailRead, News


def queue_view(state: ReviewState, now: datetime, there: datetime, preferences: Preferences) -> QueueView:
    """Return what the queue's pane shows at `now`, which is `there` at the server."""
    return QueueView(
        now=there,
        rows=state.rows,
        filter=state.queue.filter,
        selected=state.selected,
        near=state.near,
        guest=state.view.guest,
        badges=badges_of(state.facts, state.book.returned),
        standings=state.standings,
        held=held_pieces(tuple(state.outbox.values()), now),
        instead=_instead(state),
        limits=preferences.age_limits if preferences.ages else None,
        doubts=preferences.doubt_limits,
    )


def _instead(state: ReviewState) -> tuple[Line, ...]:
    """Say why no row is listed, or none but the one on which the reviewer stands."""
    if not state.queue.rows:
        return instead_of_rows(state.freshness, state.queue, started=state.started)
    if state.view.fitting:
        return ()
    loaded = len(state.queue) - len(state.facts.outside)
    return no_match(state.view.barren, loaded, complete=state.queue.complete)


def detail_view(state: ReviewState, there: datetime, preferences: Preferences) -> DetailView:
    """Return what the detail's pane shows at the server's time."""
    row = state.row
    return DetailView(
        now=there,
        row=row,
        detail=state.detail,
        state=state.detail_state,
        failure=state.failure,
        standing=state.standing,
        matched=state.matched,
        downloads=state.downloads,
        judging={one.intent.match_id: one for one in open_ones(state, state.selected) if one.intent.match_id},
        match_notes={match: note for (of, match), note in state.match_notes.items() if of == state.selected},
        follows=state.selected in state.waiting,
        doubts=preferences.doubt_limits(row.workflow if row else None),
        checked=_checked(state),
        contract=state.contract,
        kept=kept_of(state.book, state.past, row),
        lateness=lateness(row, preferences.age_limits(row.workflow), there) if row else Lateness.IN_TIME,
    )


def _checked(state: ReviewState) -> frozenset[str]:
    detail = state.detail
    if detail is None or all(id_ != detail.id for id_, _ in state.checked):
        return frozenset()
    return state.checked.get(reading_of(detail), frozenset())


def same_minute(one: datetime, other: datetime) -> bool:
    """Whether a clock without seconds shows the same."""
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)


def needs_no_look(
    unread: Iterable[News], state: ReviewState, before: ReviewState, *, more: bool = False
) -> bool:
    """Whether what was told need not be drawn: read ahead or told again, or `more` follows at once."""
    if more:
        return state.selected == before.selected
    return all(isinstance(news, DetailRead) for news in unread) and _looks_alike(state, before)


def _looks_alike(one: ReviewState, other: ReviewState) -> bool:
    """Whether no more differs than what is known of submissions which nobody looks at or has put away."""
    answered = one.detail is other.detail and one.matched is other.matched and one.failure is other.failure
    followed = one.view.facts is one.facts and one.view.rows is other.view.rows
    return answered and followed and one.queue is other.queue and not one.book.snoozes


def queue_parts(state: ReviewState, now: datetime) -> tuple[object, ...]:
    """What the queue's pane draws, by identity where it is large."""
    view, facts = state.view, state.facts
    shown = () if view.fitting else (state.freshness, state.started, id(view), id(state.queue))
    left = countdowns(tuple(state.outbox.values()), now)
    kept = (state.book, facts.skipped, facts.snoozed, facts.flagged, facts.marked)
    large = (view.rows, state.queue.filter, *kept, state.outbox, state.standings)
    return (*(id(part) for part in large), view.guest, state.selected, state.near, left, shown)


def detail_parts(state: ReviewState) -> tuple[object, ...]:
    """What the detail's pane draws, by identity where it is large."""
    answers = (state.detail, state.matched, state.downloads, state.failure)
    large = (*answers, state.standings, state.waiting, state.match_notes, state.checked, state.contracts)
    return (state.row, kept_of(state.book, state.past, state.row), *(id(part) for part in large))
