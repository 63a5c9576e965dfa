"""Opening: from a job that needs review to its submission, wherever that stands."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace

from review_tui.model.job_words import REVIEW
from review_tui.model.jobs import JobKey
from review_tui.model.submissions import Detail, Row
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.screens.finding import standing_on
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.state import ReviewState, moved_to, with_facts
from review_tui.workers.news import DetailFailed, DetailRead, News


class Opening:
    """Selects a job's submission in the review; one that is not loaded is read first.

    `say` answers where the jobs are looked at, `close` goes back to the review.
    """

    def __init__(
        self, screen: Reviewing, say: Callable[[str, Role], None], close: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._say = say
        self._close = close
        self._wanted: tuple[JobKey, str] | None = None

    def open(self, key: JobKey, submission_id: str) -> None:
        """Open a submission, at once where it is loaded."""
        screen = self._screen
        if screen.state.queue.row(submission_id) is not None:
            self._select(key, submission_id)
            return
        self._wanted = (key, submission_id)
        screen.desk.watch(submission_id)
        self._say("reading the submission; any key leaves that", Role.DIM)

    def forget(self) -> None:
        """Open nothing any more: the person has gone on."""
        self._wanted = None

    def hear(self, unread: Sequence[News]) -> None:
        """Open what was waited for."""
        for news in unread:
            if self._wanted is None:
                return
            key, wanted = self._wanted
            if isinstance(news, DetailFailed) and news.submission_id == wanted:
                self._wanted = None
                self._say(f"the submission cannot be opened: {plain(news.failure.title)}", Role.BAD)
            elif isinstance(news, DetailRead) and news.detail.id == wanted:
                self._wanted = None
                self._opened(key, news.detail)

    def _opened(self, key: JobKey, detail: Detail) -> None:
        if detail.status.casefold() != REVIEW:  # the desk has read it: it knows that the job needs nobody
            self._say(f"nothing is left to review: the submission is {plain(detail.status)}", Role.WARN)
            return
        screen = self._screen
        screen.state = _with_row(screen.state, Row.of(detail))
        self._select(key, detail.id, "it was not loaded: ")

    def _select(self, key: JobKey, submission_id: str, said: str = "") -> None:
        """Select what is in the queue; where the view hides it, it is a guest there."""
        screen = self._screen
        self._close()
        state = screen.state
        at = state.position(submission_id)
        if at is None:
            said = said or "not in this view: "
            screen.change(standing_on(state, submission_id))
        else:
            screen.change(moved_to(state, at))
        screen.seen.selected_anew()
        screen.read()
        screen.hint(f"{said}opened from the job {plain(key.id)}", Role.ACCENT)


def _with_row(state: ReviewState, row: Row) -> ReviewState:
    """Put a row that was not loaded in its place."""
    queue = state.queue
    if queue.row(row.id) is not None:
        return state
    at = bisect_left(queue.rows, -row.order, key=lambda other: -other.order)
    state = replace(state, queue=replace(queue, rows=queue.rows.replaced(at, at, (row,))))
    if queue.filter.takes(row):
        return state
    return with_facts(state, outside=state.facts.outside | {row.id})
