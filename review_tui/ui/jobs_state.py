"""What the jobs screen shows: what is watched or listed, what is selected, results as far as fetched."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Final

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.frozen import frozen
from review_tui.model.jobs import Batch, JobKey, JobState
from review_tui.model.watching import Jobs, Watched
from review_tui.ui.job_rows import Fetched, Hits, JobRow, Listing, RowId, listed_rows, rows_of
from review_tui.ui.render.line import Role
from review_tui.ui.render.notices import Notices
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import size
from review_tui.workers.news import (
    BatchRead,
    DownloadStage,
    JobCanceled,
    JobsListed,
    JobsMoved,
    News,
    ResultMoved,
    ResultSearched,
)

_UNSURE: Final = frozenset(
    {FailureKind.NO_ANSWER, FailureKind.UNREADABLE, FailureKind.SERVER, FailureKind.BUG}
)
"""After these what was asked may have been done."""

_RESULTS_KEPT: Final = 8
"""Results that are at hand at one time; the rest is in their files."""


@frozen
class JobsState:
    """The state of the jobs screen, kept while it is closed.

    `words` filter the rows, `searched` is looked for in what is shown of results, `hits` were found in the
    file of a large one. `forgotten` is what can be taken back. `listing` is a system's own list, shown
    instead of what is watched. `rows` follow from the rest, and the selection is always one of them; `wanted`
    is selected as soon as it is there.
    """

    known: Jobs = field(default_factory=Jobs)
    selected: RowId | None = None
    wanted: RowId | None = None
    near: int = 0
    words: str = ""
    searched: str = ""
    hits: Hits | None = None
    forgotten: tuple[Watched, ...] = ()
    unfolded: frozenset[RowId] = frozenset()
    batches: Mapping[RowId, Batch] = field(default_factory=dict)
    listing: Listing | None = None
    fetched: Mapping[JobKey, Fetched] = field(default_factory=dict)
    notices: Notices = field(default_factory=Notices)
    rows: tuple[JobRow, ...] = ()
    made_of: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        """Keep the rows and the selection in step with what they are made of."""
        made_of = (self.known, self.words, self.unfolded, self.batches, self.listing)
        if not self.made_of or any(a is not b for a, b in zip(made_of, self.made_of, strict=True)):
            object.__setattr__(self, "made_of", made_of)
            object.__setattr__(self, "rows", self._rows())
        at = None if self.wanted is None else self._place(self.wanted)
        if at is not None:
            object.__setattr__(self, "selected", self.wanted)
            object.__setattr__(self, "wanted", None)
        else:
            at = self._place(self.selected)
        if at is None:
            at = max(0, min(self.near, len(self.rows) - 1))
            object.__setattr__(self, "selected", self.rows[at].id if self.rows else None)
        object.__setattr__(self, "near", at)

    def _place(self, wanted: RowId | None) -> int | None:
        return next((index for index, row in enumerate(self.rows) if row.id == wanted), None)

    def _rows(self) -> tuple[JobRow, ...]:
        if self.listing is None:
            return rows_of(self.known, self.words, self.unfolded, self.batches.values())
        page = self.listing.page
        return listed_rows(page.jobs if page else (), self.known, self.words)

    @property
    def row(self) -> JobRow | None:
        """The selected row."""
        return self.rows[self.near] if self.rows else None

    def standing_on(self, row_id: RowId) -> "JobsState":
        """Put the cursor on a row, if it is there."""
        return self if self._place(row_id) is None else replace(self, selected=row_id, wanted=None)

    def moved(self, step: int) -> "JobsState":
        """Put the cursor so many rows further."""
        if not self.rows:
            return self
        at = max(0, min(self.near + step, len(self.rows) - 1))
        return replace(self, selected=self.rows[at].id, wanted=None, near=at)

    def hinted(self, text: str, at: datetime, role: Role = Role.WARN) -> "JobsState":
        """Answer a key."""
        return replace(self, notices=self.notices.hinted(text, at, role))

    def told(self, text: str, at: datetime, role: Role = Role.PLAIN) -> "JobsState":
        """Say what became of something."""
        return replace(self, notices=self.notices.told(text, at, role))


def after_job_news(state: JobsState, news: News, at: datetime) -> JobsState:  # noqa: PLR0911 – one line a kind
    """Take in one piece of news that came in at `at`; what is not about jobs changes nothing."""
    match news:
        case JobsMoved(jobs):
            return replace(state, known=jobs)
        case JobsListed(system, asked, page, failure):
            listing = state.listing
            if listing is None or (listing.system, listing.asked) != (system, asked):
                return state
            return replace(state, listing=replace(listing, page=page or listing.page, failure=failure))
        case BatchRead():
            return _with_batch(state, news, at)
        case JobCanceled():
            return _canceled(state, news, at)
        case ResultMoved(key):
            return _with_result(state, key, news, at)
        case ResultSearched(key, words):
            sought = state.hits.searched if state.hits else None
            if state.hits is None or sought is None or (sought.key, sought.words) != (key, words):
                return state
            return replace(state, hits=replace(state.hits, searched=news))
        case _:
            return state


def _with_batch(state: JobsState, news: BatchRead, at: datetime) -> JobsState:
    name = plain(news.id)
    if news.batch is None:
        return state.told(f"Batch {name}: {_words(news.failure)}", at, Role.BAD)
    row_id = RowId(news.system, news.id, is_batch=True)
    state = replace(state, batches={**state.batches, row_id: news.batch}, wanted=row_id)
    if news.left_out:
        words = f"Batch {name}: {news.left_out} of its jobs found no room; forget some others first"
        return state.told(words, at, Role.WARN)
    if not news.batch.jobs:
        return state.told(f"Batch {name} has no jobs", at, Role.WARN)
    return state.told(f"Batch {name} is watched: {len(news.batch.jobs)} jobs", at, Role.GOOD)


def _canceled(state: JobsState, news: JobCanceled, at: datetime) -> JobsState:
    """Say what became of the job, whatever the system said to the canceling."""
    name = name_of(news.key)
    if news.job is not None and news.job.state is JobState.CANCELED:
        return state.told(f"{name} is canceled", at, Role.GOOD)
    now = f"it is {news.job.state}" if news.job is not None else "what it is now is not known yet"
    if news.failure is not None and news.failure.kind in _UNSURE:
        return state.told(f"{name}: {now}; asked to cancel: {_words(news.failure)}", at, Role.WARN)
    if news.failure is not None:
        return state.told(f"{name} was not canceled: {_words(news.failure)}; {now}", at, Role.BAD)
    return state.told(f"{name}: asked to cancel; {now}", at, Role.WARN)


def _with_result(state: JobsState, key: JobKey, news: ResultMoved, at: datetime) -> JobsState:
    rest = {other: one for other, one in state.fetched.items() if other != key}
    if len(rest) >= _RESULTS_KEPT:
        del rest[next(iter(rest))]
    hits = None if state.hits and state.hits.searched.key == key else state.hits
    kept = state.fetched.get(key)
    if news.stage is DownloadStage.FAILED and kept is not None and kept.before is not None:
        shown = kept.before  # what was fetched before is still there
    else:
        at_hand = kept if kept is None or kept.moved.result is not None else kept.before
        shown = Fetched(news, before=at_hand if news.result is None else None)
    state = replace(state, fetched={**rest, key: shown}, hits=hits)
    if news.stage is DownloadStage.DONE and news.result is not None:
        where = plain(str(news.result.path))
        return state.told(f"Result of {name_of(key)}: {size(news.result.size)} in {where}", at, Role.GOOD)
    if news.stage is DownloadStage.FAILED:
        return state.told(f"Result of {name_of(key)}: {_words(news.failure)}", at, Role.BAD)
    return state


def name_of(key: JobKey) -> str:
    """Name a job in a sentence."""
    return f"{key.system.label} {plain(key.id)}"


def _words(failure: Failure | None) -> str:
    return plain(failure.title) if failure else "no answer"
