"""What is done at the jobs: watched, canceled, forgotten, fetched, listed, opened."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from textual.screen import Screen

from review_tui.model.job_words import System
from review_tui.model.jobs import EVERY_JOB, JobFilter, JobKey
from review_tui.model.results import FoundWords, Result
from review_tui.ui.job_asking import NotUnderstood, asked_of, written
from review_tui.ui.job_ids import Named
from review_tui.ui.job_rows import Hits, JobRow, Listing, RowId
from review_tui.ui.jobs_state import name_of
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.screens.jobs_adding import AddScreen
from review_tui.ui.screens.jobs_asking import AskScreen
from review_tui.ui.screens.jobs_watching import WatchingJobs
from review_tui.workers.news import DownloadStage, ResultSearched

_HUGE = 64 * 1024**3
"""Bytes of a result that are taken when somebody wants it however large it is."""


class Acting:
    """Gives the commands that do something with jobs.

    `open_dialog` puts a dialog over them, `read` goes into the detail, `undo_key` names the key of a command.
    """

    def __init__(
        self,
        jobs: WatchingJobs,
        open_dialog: Callable[[Screen[bool | None]], None],
        read: Callable[[], None],
        undo_key: str,
    ) -> None:
        self._jobs = jobs
        self._face = jobs.screen.desk.jobs
        self._open_dialog = open_dialog
        self._read = read
        self._undo_key = undo_key
        self.commands: Mapping[str, Callable[[], None]] = {
            "open": self._open,
            "add": lambda: open_dialog(AddScreen(self._add, self._systems())),
            "next-needing": self._next_needing,
            "fetch": self._fetch,
            "seen": self._seen,
            "watch": self._watch,
            "cancel": self._ask_cancel,
            "forget": self._forget,
            "undo": self._take_back,
            "stop": self._stop,
            "refresh": self._refresh,
            "later": lambda: self._turn_page(1),
            "earlier": lambda: self._turn_page(-1),
        }

    @property
    def _row(self) -> JobRow:
        row = self._jobs.state.row
        assert row is not None
        return row

    def _open(self) -> None:
        """Do what is next with the selected row."""
        row, state = self._row, self._jobs.state
        if row.id.is_batch:
            self._jobs.change(replace(state, unfolded=state.unfolded ^ {row.id}))
        elif row.job is not None and row.job.submission_id and row.job.needs_person:
            self._jobs.opening.open(row.key, row.job.submission_id)
        else:
            self._read()

    def _next_needing(self) -> None:
        """Select the next job that needs somebody, around the end; a batch is opened for it."""
        state = self._jobs.state
        if state.listing is not None or state.words:
            state = replace(state, listing=None, words="")
        folded = {RowId(*row.id) for row in state.rows if row.id.is_batch and row.needing}
        state = replace(state, unfolded=state.unfolded | folded)
        rows = state.rows
        around = (*range(state.near + 1, len(rows)), *range(state.near + 1))
        at = next((at for at in around if rows[at].needing and not rows[at].id.is_batch), None)
        if at is not None:
            self._jobs.change(replace(state, selected=rows[at].id))

    @property
    def result(self) -> Result | None:
        """The result of the selected job, where it is at hand."""
        row = self._jobs.state.row
        fetched = self._jobs.state.fetched.get(row.key) if row else None
        return fetched.moved.result if fetched else None

    @property
    def hits(self) -> Hits | None:
        """What is looked for in the result of the selected job."""
        row, hits = self._jobs.state.row, self._jobs.state.hits
        return hits if hits and row and not row.id.is_batch and row.key == hits.searched.key else None

    def look_for(self, words: str) -> None:
        """Look for words in the result of the selected job; none leave what goes on."""
        state, result, words = self._jobs.state, self.result, words.strip()
        if not words or result is None:
            if state.hits is not None:
                self._face.search(state.hits.searched.key, Path(), "")
            self._jobs.change(replace(state, hits=None, searched=""))
            return
        self._face.search(result.key, result.path, words)
        found = ResultSearched(result.key, words, FoundWords(result.size))
        self._jobs.change(replace(state, hits=Hits(found), searched=""))

    def _fetch(self) -> None:
        row = self._row
        fetched = self._jobs.state.fetched.get(row.key)
        if self.result is not None and self.result.path.exists():
            self._jobs.say(f"it is at hand: {plain(str(self.result.path))}", Role.DIM)
            return
        failure = fetched.moved.failure if fetched and fetched.moved.is_too_large else None
        if failure is not None:
            words = (f"Take the whole result? {failure.hint}", "takes it")
            self._open_dialog(AskScreen(*words, lambda: self._take_result(row.key, _HUGE)))
            return
        self._take_result(row.key)

    def _take_result(self, key: JobKey, most: int | None = None) -> None:
        why = self._face.result(key, self._jobs.downloads, most=most)
        self._jobs.say(f"result: {why}" if why else "fetching the result", Role.WARN if why else Role.DIM)

    def _seen(self) -> None:
        keys = [one.key for one in self._row.needing]
        self._face.looked_after(keys)
        self._jobs.say("counted as looked at", Role.DIM)

    def _watch(self) -> None:
        row = self._row
        face = self._face
        why = face.batch(row.id.system, row.id.id) if row.id.is_batch else face.watch([row.key])
        self._jobs.say(f"watch: {why}" if why else "asking about it", Role.WARN if why else Role.DIM)

    def _ask_cancel(self) -> None:
        row = self._row
        words = f"Cancel {name_of(row.key)}? What is done by then stays done, and it cannot be taken back."
        self._open_dialog(AskScreen(words, "cancels it", lambda: self._cancel(row.key)))

    def _cancel(self, key: JobKey) -> None:
        why = self._face.cancel(key)
        self._jobs.say(f"cancel: {why}" if why else "asking to cancel it", Role.WARN if why else Role.DIM)

    def _forget(self) -> None:
        row = self._row
        mine = row.parts if row.id.is_batch else (row.watched,) if row.watched else ()
        self._face.forget([one.key for one in mine])
        self._jobs.change(replace(self._jobs.state, forgotten=mine))
        self._jobs.say(f"forgot {name_of(row.key)}; {self._undo_key} takes that back", Role.DIM)

    def _take_back(self) -> None:
        """Take back what was forgotten last."""
        state = self._jobs.state
        if (why := self._face.restore(state.forgotten)) is not None:
            self._jobs.say(f"take back: {why}")
            return
        wanted = RowId(*state.forgotten[0].key)
        self._jobs.change(replace(state, forgotten=(), wanted=wanted))
        self._jobs.say("it is watched again", Role.DIM)

    @property
    def is_fetching(self) -> bool:
        """Whether the result of the selected job is on its way."""
        row = self._jobs.state.row
        fetched = self._jobs.state.fetched.get(row.key) if row else None
        return fetched is not None and fetched.moved.stage is DownloadStage.RUNNING

    def _stop(self) -> None:
        self._face.leave_result(self._row.key)

    def _refresh(self) -> None:
        state = self._jobs.state
        if state.listing is not None:
            self.list(state.listing.asked)
        self._jobs.screen.desk.refresh()
        self._jobs.say("asking again, as soon as each system may be asked", Role.DIM)

    def _add(self, named: tuple[Named, ...]) -> str | None:
        """Watch what was named, all jobs or none of them, each with its system; return why not."""
        systems = self._systems()
        if missing := [systems[one.system] for one in named if one.system and systems[one.system]]:
            return missing[0]
        keys = [JobKey(one.system, one.id) for one in named if one.system and not one.is_batch]
        if keys and (why := self._face.watch(keys)):
            return why
        for one in named:
            if one.is_batch and one.system and (why := self._face.batch(one.system, one.id)):
                return why
        jobs, selected = self._jobs, RowId(*keys[0]) if keys else None
        jobs.change(replace(jobs.state, listing=None, words="", wanted=selected))
        jobs.say(f"watching {counted(len(named), 'id')}", Role.DIM)
        return None

    def _systems(self) -> Mapping[System, str]:
        """Return what may be added to, with why not."""
        return {system: watch.why_not for system, watch in self._jobs.state.known.systems.items()}

    @property
    def lister(self) -> System | None:
        """The first system that lists its jobs."""
        systems = self._jobs.state.known.systems
        return next((system for system, watch in systems.items() if watch.lists), None)

    def list_as_written(self, text: str) -> str | None:
        """List what was written; return what is wrong with it."""
        try:
            asked = asked_of(text, self._jobs.screen.now())
        except NotUnderstood as error:
            return str(error)
        return self.list(asked)

    def list(self, asked: JobFilter = EVERY_JOB) -> str | None:
        """Have a system list its jobs; return why it cannot."""
        system = self.lister
        if system is None:
            return "no system that is configured lists its jobs"
        if (why := self._face.list(system, asked)) is not None:
            return why
        before = self._jobs.state.listing
        page = before.page if before is not None and before.asked == asked else None
        self._jobs.change(replace(self._jobs.state, listing=Listing(system, asked, page)))
        return None

    @property
    def listed(self) -> str:
        """What is listed now, as it was written."""
        listing = self._jobs.state.listing
        return written(listing.asked) if listing else ""

    def _turn_page(self, step: int) -> None:
        listing = self._jobs.state.listing
        if listing is None:
            return
        asked = listing.asked
        after = listing.page.next_offset if listing.page and listing.page.next_offset is not None else 0
        offset = after if step > 0 else max(asked.offset - asked.limit, 0)
        if (why := self.list(replace(asked, offset=offset))) is not None:
            self._jobs.say(why)
