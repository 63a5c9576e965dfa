"""The desk in a thread of its own: no terminal that stands still can hold up what is on its way."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from review_tui.model.decisions import Intent, Leave, Standing
from review_tui.model.files import StoredFile
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.jobs import JobFilter, JobKey, System
from review_tui.model.queue import Filter
from review_tui.model.submissions import Detail
from review_tui.model.watching import Jobs, Watched
from review_tui.workers.desk import Desk
from review_tui.workers.faults import failure_of
from review_tui.workers.jobs import JobDesk
from review_tui.workers.mailbox import Mailbox
from review_tui.workers.news import (
    BatchRead,
    DecisionMoved,
    DetailFailed,
    DetailRead,
    DownloadStage,
    FreshnessChanged,
    JobCanceled,
    JobsListed,
    News,
    PageRead,
    ResultMoved,
)
from review_tui.workers.running import ENDS_WITHIN, Running


class DecidingFromOutside:
    """The part of a desk in another thread at which a reviewer decides, as `Deciding` is the desk's own."""

    def __init__(self, desk: Desk, running: Running) -> None:
        self.hold = desk.hold
        self._desk = desk
        self._running = running
        self._broken = ""

    @property
    def deciding_off(self) -> str:
        """Why nothing may be decided, if so."""
        return self._broken or self._desk.deciding_off

    @property
    def open_decisions(self) -> tuple[Standing, ...]:
        """The decisions that are under way."""
        return self._running.under_way

    def decide(self, intent: Intent, *, shown: Detail | None = None) -> str | None:
        """Hold and then send a decision on what was `shown`; return why it was not taken, else None."""
        if self._broken:
            return f"deciding is off: {self._broken}"
        return self._running.ask(partial(self._desk.decide, intent, shown=shown))

    def undo(self) -> str | None:
        """Take back the newest decision of this run that is not sent; return why there is none."""
        return self._running.ask(self._desk.undo)

    def take_back(self, request_id: str) -> str | None:
        """Take back one decision that is not sent; return why it cannot be."""
        return self._running.ask(partial(self._desk.take_back, request_id))

    def send_now(self, request_id: str) -> str | None:
        """Send a held decision without waiting; return why it cannot be."""
        return self._running.ask(partial(self._desk.send_now, request_id))

    def drop(self, request_id: str) -> str | None:
        """Give up a decision that an earlier run left unsent; return why it cannot be."""
        return self._running.ask(partial(self._desk.drop, request_id))

    def gather(self, submission_ids: Sequence[str]) -> None:
        """Read these before a decision on all of them."""
        self._running.tell(partial(self._desk.gather, submission_ids))

    def decide_all(self, decided: Sequence[tuple[Intent, Detail]]) -> str | None:
        """Hold and then send decisions of one verb, each on what was shown; return why not, if so."""
        if self._broken:
            return f"deciding is off: {self._broken}"
        return self._running.ask(partial(self._desk.decide_all, decided))

    def send_all(self, request_ids: Sequence[str]) -> str | None:
        """Send decisions that an earlier run left held; return why not, if so."""
        return self._running.ask(partial(self._desk.send_all, request_ids))

    def stop_the_rest(self) -> str | None:
        """Send nothing more of the bulk that is under way; return why there is nothing to stop."""
        return self._running.ask(self._desk.stop_the_rest)


class JobsFromOutside:
    """The part of a desk in another thread at which jobs are watched; has the face `JobsFace`."""

    def __init__(self, jobs: JobDesk, running: Running) -> None:
        self._jobs = jobs
        self._running = running

    @property
    def known(self) -> Jobs:
        """What is watched and how the systems stand, as last published."""
        return self._jobs.known

    def watch(self, keys: Sequence[JobKey]) -> str | None:
        """Ask about these jobs until they end; return why they cannot be watched."""
        return self._running.ask(partial(self._jobs.watch, keys))

    def forget(self, keys: Sequence[JobKey]) -> None:
        """Watch these no more."""
        self._running.tell(partial(self._jobs.forget, keys))

    def restore(self, forgotten: Sequence[Watched]) -> str | None:
        """Take back that these were forgotten; return why they stay so."""
        return self._running.ask(partial(self._jobs.restore, forgotten))

    def looked_after(self, keys: Sequence[JobKey]) -> None:
        """Hear that somebody did what these jobs left to do."""
        self._running.tell(partial(self._jobs.looked_after, keys))

    def cancel(self, key: JobKey) -> str | None:
        """Ask once to cancel a job; return why nobody is asked."""
        return self._running.ask(partial(self._jobs.cancel, key))

    def result(self, key: JobKey, folder: Path, *, most: int | None = None) -> str | None:
        """Fetch a job's result into a folder; return why it is not fetched."""
        return self._running.ask(partial(self._jobs.result, key, folder, most=most))

    def leave_result(self, key: JobKey) -> None:
        """Stop fetching a job's result; nothing of it is kept."""
        self._running.tell(partial(self._jobs.leave_result, key))

    def search(self, key: JobKey, path: Path, words: str) -> None:
        """Look for words in the file of a job's result, in place of whatever is looked for now."""
        self._running.tell(partial(self._jobs.search, key, path, words))

    def list(self, system: System, asked: JobFilter) -> str | None:
        """Have a system list jobs; return why it cannot."""
        return self._running.ask(partial(self._jobs.list, system, asked))

    def batch(self, system: System, batch_id: str) -> str | None:
        """Read a batch and watch its jobs; return why it cannot be."""
        return self._running.ask(partial(self._jobs.batch, system, batch_id))


class DeskThread(DecidingFromOutside):
    """A desk that runs in its own thread; has the face of one, and belongs to the thread of the console.

    What the desk knows is read as it was last published. What it is asked to do is handed over: acts that
    say why not are waited for, the rest is not. The desk's side never waits for this one.
    """

    def __init__(self, desk: Desk) -> None:
        """Take a desk that nobody has run yet."""
        self.server = desk.server
        self.key_hint = desk.key_hint
        self.filter = desk.filter
        self.clock = desk.clock
        self.clock_offset = desk.clock_offset
        self._mailbox = Mailbox()
        super().__init__(desk, Running(desk, self._mailbox.hurry, self._broke))
        self.jobs = JobsFromOutside(desk.jobs, self._running)
        self._awaited: frozenset[str] = frozenset()
        self._first_page = True
        desk.subscribe(self._publish)

    @property
    def company(self) -> str:
        """The company's name, empty until it is known."""
        return self._desk.company

    def subscribe(self, publish: Callable[[News], None]) -> None:
        """Hear all news on the running event loop; what came before comes first."""
        self._mailbox.hear(publish)

    async def run(self) -> None:
        """Start, and return when the desk has ended; cancelled, it leaves the desk at work."""
        self._running.start()
        await self._running.ended()

    def ask(self, asked: Filter) -> None:
        """Ask for other submissions from now on."""
        self.filter = asked
        self._first_page = True
        self._running.tell(partial(self._desk.ask, asked))

    def cached(self, submission_id: str) -> Detail | None:
        """Return a submission as last read, or None."""
        return self._desk.cached(submission_id)

    def show(self, submission_id: str, known: Detail | None = None) -> None:
        """Ask for the submission on screen; what is `known` of it is not told again."""
        self._awaited = frozenset({submission_id})
        self._running.tell(partial(self._desk.show, submission_id, known))

    def watch(self, submission_id: str) -> None:
        """Ask for another submission, such as a matched one."""
        self._awaited |= {submission_id}
        self._running.tell(partial(self._desk.watch, submission_id))

    def prefetch(self, submission_ids: Sequence[str]) -> None:
        """Name the submissions that may be wanted next."""
        self._running.tell(partial(self._desk.prefetch, submission_ids))

    def refresh(self) -> None:
        """Ask at once, because a person wants it."""
        self._running.tell(self._desk.refresh)

    def pause(self) -> None:
        """Ask nothing in the background until `resume()`."""
        self._running.tell(self._desk.pause)

    def resume(self) -> None:
        """Go on, with one poll at once."""
        self._running.tell(self._desk.resume)

    def leave_older(self) -> None:
        """Load no older submissions than are here."""
        self._running.tell(self._desk.leave_older)

    def load_older(self) -> None:
        """Go on loading older submissions where that was left."""
        self._running.tell(self._desk.load_older)

    def download(self, detail: Detail, file: StoredFile, folder: Path) -> None:
        """Fetch a file into a folder."""
        self._running.tell(partial(self._desk.download, detail, file, folder))

    async def leave(self, how: Leave) -> list[Standing]:
        """Drain on the desk's thread; return the decisions whose outcome stayed unknown."""
        self.begin_to_leave(how)
        return await self._running.ended()

    def begin_to_leave(self, how: Leave = Leave.KEEP) -> None:
        """Begin to drain; any thread may say so, and the first says how."""
        self._running.begin_to_leave(how)

    def end(self, seconds: float = ENDS_WITHIN) -> list[Standing]:
        """Leave if nobody has yet, and wait for the end; return as `leave` does. Any thread may wait."""
        self.begin_to_leave()
        return self._running.end(seconds)

    def _publish(self, news: News) -> None:
        """Pass news on, at once where a person waits for it: what a key did, what is shown."""
        self._running.look()
        awaited = False
        match news:
            case DecisionMoved():
                awaited, self._running.acted = self._running.acted, False
            case DetailRead(detail):
                awaited = detail.id in self._awaited
            case DetailFailed(submission_id):
                awaited = submission_id in self._awaited
            case PageRead():
                awaited, self._first_page = self._first_page, False
            case JobsListed() | BatchRead() | JobCanceled():
                awaited = True
            case ResultMoved(_, stage):
                awaited = stage is not DownloadStage.RUNNING
            case _:
                pass
        self._mailbox.put(news, awaited=awaited)

    def _broke(self, error: BaseException) -> None:
        """Say that nothing is asked and nothing can be decided any more."""
        bug = error if isinstance(error, Exception) else RuntimeError(type(error).__name__)
        failure = failure_of(bug, "work at the desk")
        self._broken = failure.title
        freshness = Freshness(FreshnessState.STOPPED, self.clock.now(), failure=failure)
        self._mailbox.put(FreshnessChanged(freshness))
