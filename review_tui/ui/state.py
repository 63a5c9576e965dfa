"""The review screen's state: one immutable value, and what each piece of news makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final

from review_tui.model.bulk import Bulk
from review_tui.model.contracts import Contract, ContractName
from review_tui.model.decisions import Stage, Standing
from review_tui.model.doubt import contract_for
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness
from review_tui.model.frozen import frozen
from review_tui.model.matching import Facts
from review_tui.model.notes import Book, PastDecision
from review_tui.model.query import Query
from review_tui.model.queue import Filter, Queue, Window
from review_tui.model.rows import Rows
from review_tui.model.sorting import Sort
from review_tui.model.submissions import Detail, Page, Row
from review_tui.model.views import View
from review_tui.ui.detail_view import DetailState
from review_tui.ui.opened import with_opened
from review_tui.ui.render.decisions import outcome_words
from review_tui.ui.render.line import Role
from review_tui.ui.render.notices import Notices
from review_tui.ui.render.text import plain
from review_tui.workers.news import (
    ContractFailed,
    ContractRead,
    DecisionMoved,
    DetailFailed,
    DetailRead,
    DownloadMoved,
    DownloadStage,
    FreshnessChanged,
    LoadingMoved,
    News,
    PageRead,
)

PAGES_AT_ONCE: Final = 2
"""Pages that are taken in between two moments at which keys are heard."""

BETWEEN: Final = 0.001
"""Seconds in which keys are heard while there is more news than is taken in at a time."""

_MATCHES_KEPT = 50
_CONTRACTS_KEPT = 100


@frozen
class ReviewState:
    """What the screen shows; the selection is a submission's id, and `near` only where it is shown now.

    `queue` is everything that is loaded, in the server's order; `view` what is shown of it: it follows the
    queue, the `facts` and the selection by itself. `query` and `sort` are what was asked for in the filter
    line; the view may be a moment behind. `unseen` counts rows that came in above the screen, and `started`
    turns true with the first page. `detail` and `failure` are of the selected submission; `matched` holds
    submissions that its fraud matches point at, and `watched` the ids of those that were asked for. `outbox`
    holds by request id, in the order in which they were made, the decisions that are not over and those
    whose outcome is not known; `standings` by submission id the one to tell of it: the last that is open,
    else the last that moved. `waiting` holds by submission id the approvals that follow judgements under
    way, `match_notes` by submission and match id what is to go with a judgement, `checked` by reading the
    paths of the fields that were gone to, `contracts` what is known of what workflows promise. `book` is
    what the reviewer keeps, `past` what was decided on merchants, by `merchant_key`; `bulk` is what was
    last decided on all that was marked.
    """

    queue: Queue = field(default_factory=Queue)
    started: bool = False
    selected: str | None = None
    near: int = 0
    view: View = field(default_factory=View)
    facts: Facts = field(default_factory=Facts)
    query: Query = field(default_factory=Query)
    sort: Sort | None = None
    unseen: int = 0
    detail: Detail | None = None
    failure: Failure | None = None
    freshness: Freshness = field(default_factory=Freshness)
    loading: LoadingMoved | None = None
    unreadable: int = 0
    outbox: Mapping[str, Standing] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)
    waiting: Mapping[str, Standing] = field(default_factory=dict)
    match_notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    checked: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    contracts: Mapping[ContractName, Contract | Failure] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()
    matched: Mapping[str, Detail | Failure] = field(default_factory=dict)
    downloads: Mapping[str, DownloadMoved] = field(default_factory=dict)
    notices: Notices = field(default_factory=Notices)
    book: Book = field(default_factory=Book)
    past: Mapping[str, tuple[PastDecision, ...]] = field(default_factory=dict)
    bulk: Bulk | None = None

    def __post_init__(self) -> None:
        """Keep the view and the cursor's place in step with what they are made of."""
        view = self.view.following(self.queue.rows)
        view = (view.knowing(self.facts) or view).standing_on(self.selected, self.near)
        if view is not self.view:
            object.__setattr__(self, "view", view)
        if (near := view.position(self.selected, self.near)) is not None:
            object.__setattr__(self, "near", near)

    @property
    def rows(self) -> Rows:
        """The rows as they are shown, in their order on the screen."""
        return self.view.rows

    def position(self, submission_id: str | None) -> int | None:
        """Return where a submission stands among the rows that are shown."""
        return self.view.position(submission_id, self.near)

    @property
    def row(self) -> Row | None:
        """The selected row."""
        return self.view.row(self.selected, self.near)

    @property
    def standing(self) -> Standing | None:
        """The last decision on the selected submission."""
        return self.standings.get(self.selected) if self.selected else None

    @property
    def contract(self) -> Contract | Failure | None:
        """What the selected submission is to be held against; None where it is not known or not needed."""
        name = contract_for(self.detail) if self.detail and self.contracts else None
        return self.contracts.get(name) if name else None

    @property
    def detail_state(self) -> DetailState:
        """How much is known of the selected submission."""
        row, standing = self.row, self.standing
        ours = standing is not None and standing.stage is Stage.DONE
        if row is not None and not ours and has_left(self, row):
            return DetailState.GONE
        if self.detail is None:
            return DetailState.FAILED if self.failure else DetailState.LOADING
        return DetailState.STALE if self.failure else DetailState.FULL


def has_left(state: ReviewState, row: Row) -> bool:
    """Whether a row is shown only because the reviewer stands on it."""
    if is_open(state, row.id):
        return False
    return row.gone or (row.id not in state.facts.outside and not state.queue.filter.takes(row))


def is_guest(state: ReviewState, row: Row) -> bool:
    """Whether a row is shown only as long as the reviewer stands on it."""
    return row.id == state.view.guest or has_left(state, row)


def is_open(state: ReviewState, submission_id: str) -> bool:
    """Whether a decision on it is under way."""
    return bool(open_ones(state, submission_id))


def open_ones(state: ReviewState, submission_id: str | None) -> tuple[Standing, ...]:
    """Return the decisions on a submission that are under way, in the order in which they were made."""
    return tuple(
        one
        for one in state.outbox.values()
        if one.intent.submission_id == submission_id and not one.stage.is_final
    )


def next_to_go(state: ReviewState) -> Standing | None:
    """Return the newest decision of this run that can still be taken back."""
    unsent = [one for one in state.outbox.values() if one.stage.is_unsent and not one.earlier]
    return max(reversed((*unsent, *state.waiting.values())), key=lambda one: one.intent.at, default=None)


def with_page(state: ReviewState, page: Page, window: Window) -> ReviewState:
    """Take in a page; neither cursor nor selection follow it."""
    page = _without_outdated(state, page)
    held = {one.intent.submission_id for one in state.outbox.values()}
    queue, changes = state.queue.merged_with(page, window, state.selected, held=held)
    if queue is state.queue and state.started and len(page.unreadable) == state.unreadable:
        return state
    state = replace(state, queue=queue, started=True, unreadable=len(page.unreadable))
    if state.facts.outside:
        state = with_facts(state, outside=state.facts.outside - {row.id for row in page.rows})
    if state.row is None:
        return _selecting(state, min(state.near, len(state.rows) - 1))
    above = state.view.above(changes.added, state.selected)
    return replace(state, unseen=state.unseen + above) if above else state


def _without_outdated(state: ReviewState, page: Page) -> Page:
    """Leave out what a page says of submissions that we know to be decided: it was asked for before that."""
    outdated = {
        row.id
        for row in page.rows
        if (standing := state.standings.get(row.id)) is not None
        and standing.stage is Stage.DONE
        and standing.detail is not None
        and standing.detail.status != row.status
        and not state.queue.filter.takes(Row.of(standing.detail))
    }
    if not outdated:
        return page
    return replace(page, rows=tuple(row for row in page.rows if row.id not in outdated))


def _selecting(state: ReviewState, index: int) -> ReviewState:
    rows = state.rows
    row = rows[index] if 0 <= index < len(rows) else None
    return replace(
        state,
        selected=row.id if row else None,
        near=max(index, 0),
        unseen=0 if index <= 0 else state.unseen,
        detail=None,
        failure=None,
        watched=frozenset(),
        matched={},
    )


def moved_to(state: ReviewState, index: int) -> ReviewState:
    """Put the cursor on another row; the one it leaves goes if it was kept only for the reviewer."""
    rows = state.rows
    if not rows:
        return state
    index = max(0, min(index, len(rows) - 1))
    row = state.row
    if row is not None and is_guest(state, row):
        if index > state.near:
            index -= 1
        outside = row.id in state.facts.outside and not is_open(state, row.id)
        queue = state.queue.without(row.id) if outside or has_left(state, row) else state.queue
        state = replace(state, queue=queue, selected=None)
        if outside:
            state = with_facts(state, outside=state.facts.outside - {row.id})
        return _selecting(state, min(index, len(state.rows) - 1))
    if row is not None and rows[index].id == row.id:
        return replace(state, unseen=0) if index == 0 and state.unseen else state
    return _selecting(state, index)


def asking(state: ReviewState, asked: Filter) -> ReviewState:
    """Ask for other submissions: those that are known to fit stay until the first page is in."""
    if asked == state.queue.filter:
        return state
    kept = {one.intent.submission_id for one in state.outbox.values()}
    if state.row is not None:  # also one that has left: the cursor moves by keys alone
        kept.add(state.row.id)
    queue = state.queue.asking(asked, keep=kept)
    outside = frozenset(id_ for id_ in kept if (row := queue.row(id_)) and not asked.takes(row))
    return replace(
        state,
        queue=queue,
        started=False,
        loading=None,
        unseen=0,
        facts=replace(state.facts, outside=outside),
    )


def seeing(state: ReviewState, view: View) -> ReviewState:
    """Show another view, made of this queue a moment ago; the selection stays."""
    return replace(state, view=view, unseen=0)


def with_detail(state: ReviewState, detail: Detail) -> ReviewState:
    """Take in a submission's own answer: the selected one's, a matched one's, and its row in the queue."""
    known = state.queue.row(detail.id, state.near)
    state = with_facts(state, opened=with_opened(state.facts.opened, detail))
    if known is not None:
        fresh = replace(Row.of(detail), gone=known.gone, order=known.order)
        queue = state.queue.with_row(fresh)
        state = state if queue is state.queue else replace(state, queue=queue)
    if detail.id in state.watched:
        state = replace(state, matched=_capped({**state.matched, detail.id: detail}))
    if detail.id == state.selected and (detail is not state.detail or state.failure):
        state = replace(state, detail=detail, failure=None)
    return state


def with_failure(state: ReviewState, submission_id: str, failure: Failure) -> ReviewState:
    """Note that a submission could not be read; what was read before stays."""
    if submission_id in state.watched and submission_id not in state.matched:
        state = replace(state, matched=_capped({**state.matched, submission_id: failure}))
    if submission_id != state.selected:
        return state
    row = state.row
    if failure.kind is FailureKind.NOT_FOUND and row is not None:
        state = replace(state, queue=state.queue.with_row(replace(row, gone=True)))
    return replace(state, failure=failure)


def with_standing(state: ReviewState, standing: Standing) -> ReviewState:
    """Take in how far a decision has come."""
    intent = standing.intent
    outbox = {**state.outbox, intent.request_id: standing}
    if standing.stage.is_final and standing.stage is not Stage.UNKNOWN:
        del outbox[intent.request_id]
    state = replace(state, outbox=outbox)
    held = frozenset(one.intent.submission_id for one in outbox.values())
    if held != state.facts.held:
        state = with_facts(state, held=held)
    told = (standing, *open_ones(state, intent.submission_id))[-1]
    state = replace(state, standings={**state.standings, intent.submission_id: told})
    return with_detail(state, standing.detail) if standing.detail else state


def with_facts(state: ReviewState, **facts: Any) -> ReviewState:
    """Take in what became known by the names of `Facts`; the view follows."""
    changed = {name: value for name, value in facts.items() if value is not getattr(state.facts, name)}
    return replace(state, facts=replace(state.facts, **changed)) if changed else state


def _capped(matched: Mapping[str, Detail | Failure]) -> Mapping[str, Detail | Failure]:
    return dict(list(matched.items())[-_MATCHES_KEPT:])


def at_a_time(unread: Sequence[News]) -> tuple[list[News], list[News]]:
    """Part news into what is taken in before the next key is heard, and the rest: pages take longest."""
    pages = 0
    for index, news in enumerate(unread):
        pages += isinstance(news, PageRead)
        if pages > PAGES_AT_ONCE:
            return [*unread[:index]], [*unread[index:]]
    return [*unread], []


def after_news(state: ReviewState, news: News, at: datetime) -> ReviewState:  # noqa: PLR0911 – one line a kind
    """Take in one piece of news that came in at `at`."""
    match news:
        case PageRead(page, window, asked):
            return with_page(state, page, window) if asked in {None, state.queue.filter} else state
        case DetailRead(detail):
            return with_detail(state, detail)
        case DetailFailed(submission_id, failure):
            return with_failure(state, submission_id, failure)
        case DecisionMoved(standing):
            return _told(with_standing(state, standing), standing, at)
        case FreshnessChanged(freshness):
            return replace(state, freshness=freshness)
        case LoadingMoved():
            return replace(state, loading=news)
        case ContractRead(name, known) | ContractFailed(name, known):
            contracts = dict(list(state.contracts.items())[-_CONTRACTS_KEPT:])
            return replace(state, contracts={**contracts, name: known})
        case DownloadMoved(key):
            return _downloaded(replace(state, downloads={**state.downloads, key: news}), news, at)
        case _:
            return state


def _told(state: ReviewState, standing: Standing, at: datetime) -> ReviewState:
    """Say on the status line what became of a decision; that it is on its way is told while it is."""
    if standing.stage.is_unsent or standing.stage is Stage.SENDING:
        return state
    if state.bulk is not None and state.bulk.tells(standing):
        return state
    intent = standing.intent
    judging = [one.intent.match_id for one in open_ones(state, intent.submission_id)]
    text, role = outcome_words(standing, state.queue.row(intent.submission_id, state.near), judging)
    return replace(state, notices=state.notices.told(text, at, role))


def _downloaded(state: ReviewState, news: DownloadMoved, at: datetime) -> ReviewState:
    """Say on the status line how a download ended."""
    name = plain(news.name)
    if news.stage is DownloadStage.DONE and news.path:
        note = f" – {plain(news.note)}" if news.note else ""
        role = Role.WARN if news.note else Role.GOOD
        text = f"Downloaded {name} to {plain(str(news.path))}{note}"
    elif news.stage is DownloadStage.FAILED:
        text, role = f"{name}: {plain(news.failure.title) if news.failure else 'not downloaded'}", Role.BAD
    else:
        return state
    return replace(state, notices=state.notices.told(text, at, role))
