"""Jobs: known from the start, shown when they are wanted, opened in the review where that is needed."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from review_tui.model.jobs import JobKey
from review_tui.ui.copies import Copies
from review_tui.ui.job_rows import Fetched
from review_tui.ui.jobs_state import JobsState, after_job_news
from review_tui.ui.render.line import Role
from review_tui.ui.screens.jobs_opening import Opening
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.workers.news import News, ResultMoved

if TYPE_CHECKING:  # what draws the jobs is loaded when they are first looked at
    from review_tui.ui.screens.jobs_screen import JobsScreen

HEAD: Final = 128 * 1024
"""Bytes from the start of a file that are shown where there is no other view of it."""


class Jobs:
    """Gives the command that shows them; `start` runs work that goes on behind."""

    def __init__(
        self,
        screen: Reviewing,
        downloads: Path,
        copies: Copies,
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self.screen = screen
        self.downloads = downloads
        self.copies = copies
        self.state = JobsState()
        self.opening = Opening(screen, self.say, self.close)
        self.start = start
        self._shown: JobsScreen | None = None
        self.commands: Mapping[str, Callable[[], None]] = {"jobs": self._open}

    @property
    def needing(self) -> int:
        """How many jobs need somebody."""
        return len(self.state.known.needing)

    def hear(self, unread: Sequence[News]) -> None:
        """Take in what the desk told of jobs, and of a submission that is to be opened."""
        state, now = self.state, self.screen.now()
        for news in unread:
            state = after_job_news(state, news, now)
            if isinstance(news, ResultMoved) and news.result is not None and news.result.view is None:
                self.start(self._read_head(news))
        if self._shown is None:
            self._tell_the_review(state)
        if state is not self.state:
            self.change(state)
        self.opening.hear(unread)

    def _tell_the_review(self, state: JobsState) -> None:
        """Say there what became of an errand when nobody looks at the jobs."""
        known = {id(notice) for notice in self.state.notices.log}
        for notice in reversed([one for one in state.notices.log if id(one) not in known]):
            review = self.screen.state
            notices = review.notices.told(notice.text, notice.at, notice.role)
            self.screen.state = replace(review, notices=notices)

    def change(self, state: JobsState) -> None:
        """Make this the state and show it where it is looked at."""
        self.state = state
        if self._shown is not None:
            self._shown.draw()

    def say(self, text: str, role: Role = Role.WARN) -> None:
        """Answer a key."""
        self.change(self.state.hinted(text, self.screen.now(), role))

    def close(self) -> None:
        """Go back to the review."""
        if self._shown is not None and self._shown.is_current:
            self._shown.dismiss(None)

    def _open(self) -> None:
        from review_tui.ui.screens.jobs_screen import JobsScreen

        def closed(_: None) -> None:
            self._shown = None
            self._end_the_search()
            self.opening.forget()
            self.screen.show_state()

        self.state = replace(self.state, known=self.screen.desk.jobs.known)
        self._shown = JobsScreen(self)
        self.screen.open_dialog(self._shown, closed)

    def _end_the_search(self) -> None:
        """Look no further in a file that nobody looks at."""
        hits = self.state.hits
        if hits is not None and not hits.searched.is_over:
            self.screen.desk.jobs.search(hits.searched.key, Path(), "")
            self.state = replace(self.state, hits=None)

    async def _read_head(self, news: ResultMoved) -> None:
        """Read the start of a file that has no other view."""
        assert news.result is not None
        try:
            head = await asyncio.to_thread(_head_of, news.result.path)
        except OSError as error:
            head = f"The file cannot be read: {error.strerror or type(error).__name__}."
        key: JobKey = news.key
        known = self.state.fetched.get(key)
        if known is not None and known.moved is news:
            self.change(replace(self.state, fetched={**self.state.fetched, key: Fetched(news, head)}))


def _head_of(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(HEAD).decode("utf-8", errors="replace")
