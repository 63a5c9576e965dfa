"""The face of a desk: what a console is handed, wherever the desk itself runs."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from review_tui.model.decisions import Intent, Leave, Standing
from review_tui.model.files import StoredFile
from review_tui.model.jobs import JobFilter, JobKey, System
from review_tui.model.queue import Filter
from review_tui.model.submissions import Detail, Verb
from review_tui.model.watching import Jobs, Watched
from review_tui.workers.clock import Clock
from review_tui.workers.news import News


class DecidingFace(Protocol):
    """What is wanted of a desk where a reviewer decides and changes their mind, on one or on many."""

    @property
    def hold(self) -> Mapping[Verb, float]:
        """The seconds for which a decision is held, by verb; none where it is not in it."""
        ...

    @property
    def deciding_off(self) -> str:
        """Why nothing may be decided, if so."""
        ...

    @property
    def open_decisions(self) -> tuple[Standing, ...]:
        """The decisions that are under way."""
        ...

    def decide(self, intent: Intent, *, shown: Detail | None = None) -> str | None:
        """Hold and then send a decision on what was `shown`; return why it was not taken, else None."""
        ...

    def undo(self) -> str | None:
        """Take back the newest decision of this run that is not sent; return why there is none."""
        ...

    def take_back(self, request_id: str) -> str | None:
        """Take back one decision that is not sent; return why it cannot be."""
        ...

    def send_now(self, request_id: str) -> str | None:
        """Send a held decision without waiting; return why it cannot be."""
        ...

    def drop(self, request_id: str) -> str | None:
        """Give up a decision that an earlier run left unsent; return why it cannot be."""
        ...

    def gather(self, submission_ids: Sequence[str]) -> None:
        """Read these before a decision on all of them: `DetailRead` or `DetailFailed` for each.

        Whatever was gathered before is given up; none of them ends it.
        """
        ...

    def decide_all(self, decided: Sequence[tuple[Intent, Detail]]) -> str | None:
        """Hold and then send decisions of one verb, each on what was shown; return why not, if so."""
        ...

    def send_all(self, request_ids: Sequence[str]) -> str | None:
        """Send, one after the other, decisions that an earlier run left held; return why not, if so."""
        ...

    def stop_the_rest(self) -> str | None:
        """Send nothing more of the bulk that is under way; return why there is nothing to stop."""
        ...


class JobsFace(Protocol):
    """What is wanted of a desk where jobs of three systems are watched.

    Nothing here waits for the network. What is known is told as `JobsMoved` and at hand as `known`.
    """

    @property
    def known(self) -> Jobs:
        """What is watched and how the systems stand, as last published."""
        ...

    def watch(self, keys: Sequence[JobKey]) -> str | None:
        """Ask about these jobs until they end, at once and once more where they were watched before.

        Return why they cannot be watched.
        """
        ...

    def forget(self, keys: Sequence[JobKey]) -> None:
        """Watch these no more, and do not remember them."""
        ...

    def restore(self, forgotten: Sequence[Watched]) -> str | None:
        """Take back that these were forgotten, with all that was seen of them; return why they stay so."""
        ...

    def looked_after(self, keys: Sequence[JobKey]) -> None:
        """Hear that somebody did what these jobs left to do, until something changes again.

        Of a submission that was decided the desk knows by itself.
        """
        ...

    def cancel(self, key: JobKey) -> str | None:
        """Ask once to cancel a job: `JobCanceled`. Return why nobody is asked."""
        ...

    def result(self, key: JobKey, folder: Path, *, most: int | None = None) -> str | None:
        """Fetch a job's result into a folder: `ResultMoved`. Return why it is not fetched.

        At most `most` bytes are taken, as many as are taken without asking where nothing is said.
        """
        ...

    def leave_result(self, key: JobKey) -> None:
        """Stop fetching a job's result; nothing of it is kept."""
        ...

    def search(self, key: JobKey, path: Path, words: str) -> None:
        """Look for words in the file of a job's result: `ResultSearched`. No words end what goes on."""
        ...

    def list(self, system: System, asked: JobFilter) -> str | None:
        """Have a system list jobs: `JobsListed`; the newest question counts. Return why it cannot."""
        ...

    def batch(self, system: System, batch_id: str) -> str | None:
        """Read a batch and watch its jobs: `BatchRead`. Return why it cannot be."""
        ...


class DeskFace(DecidingFace, Protocol):
    """What a reviewer works at. Nothing here waits for the network; what comes of it is told as news."""

    @property
    def company(self) -> str:
        """The company's name, empty until `CompanyKnown`."""
        ...

    @property
    def jobs(self) -> JobsFace:
        """Where jobs are watched."""
        ...

    @property
    def server(self) -> str:
        """The server's name, and the proxy on the way."""
        ...

    @property
    def key_hint(self) -> str:
        """As much of the key as may be seen."""
        ...

    @property
    def filter(self) -> Filter:
        """What of all submissions is asked for."""
        ...

    @property
    def clock(self) -> Clock:
        """The time by which decisions are held."""
        ...

    @property
    def clock_offset(self) -> Callable[[], timedelta]:
        """Tells how far the server's clock is ahead of this machine's."""
        ...

    def subscribe(self, publish: Callable[[News], None]) -> None:
        """Hear all news from now on, on the running event loop; what nobody heard before comes first."""
        ...

    async def run(self) -> None:
        """Poll, load and read ahead until cancelled or left."""
        ...

    def ask(self, asked: Filter) -> None:
        """Ask for other submissions from now on; their first page comes as soon as the server gives it."""
        ...

    def cached(self, submission_id: str) -> Detail | None:
        """Return a submission as last read, or None."""
        ...

    def show(self, submission_id: str, known: Detail | None = None) -> None:
        """Ask for the submission on screen: `DetailRead` at once where it is kept, anew where it is old.

        What is `known` of it already is not told again.
        """
        ...

    def watch(self, submission_id: str) -> None:
        """Ask for another submission, such as a matched one, without displacing the one on screen."""
        ...

    def prefetch(self, submission_ids: Sequence[str]) -> None:
        """Name the submissions that may be wanted next; they are read when there is nothing else to do."""
        ...

    def refresh(self) -> None:
        """Ask at once, because a person wants it: also after a stop and while paused."""
        ...

    def pause(self) -> None:
        """Ask nothing in the background until `resume()`; what a person does still goes out."""
        ...

    def resume(self) -> None:
        """Go on, with one poll at once."""
        ...

    def leave_older(self) -> None:
        """Load no older submissions than are here; `LoadingMoved` says so."""
        ...

    def load_older(self) -> None:
        """Go on loading older submissions where that was left, to the last one."""
        ...

    def download(self, detail: Detail, file: StoredFile, folder: Path) -> None:
        """Fetch a file into a folder; progress comes as `DownloadMoved`."""
        ...

    async def leave(self, how: Leave) -> list[Standing]:
        """Do with what is held as the person wants, drain; return the decisions whose outcome is unknown."""
        ...
