"""What workers publish: one value per thing that happened, for whoever shows it."""

from enum import StrEnum
from pathlib import Path

from review_tui.model.bulk import Bulk
from review_tui.model.contracts import Contract, ContractName
from review_tui.model.decisions import Standing
from review_tui.model.failures import Failure
from review_tui.model.freshness import Freshness
from review_tui.model.frozen import frozen
from review_tui.model.jobs import Batch, Job, JobFilter, JobKey, JobPage, System
from review_tui.model.queue import Filter, Window
from review_tui.model.results import FoundWords, Result
from review_tui.model.submissions import Detail, Page
from review_tui.model.watching import Jobs


@frozen
class PageRead:
    """A page of the queue came in; `window` is the stretch of the list it speaks for.

    `asked` is what was asked for, None where that has not changed since the beginning.
    """

    page: Page
    window: Window
    asked: Filter | None = None


@frozen
class LoadingMoved:
    """How far older pages are loaded: `paused` says why loading rests (budget, failure), if it does.

    `stopped` says that older ones are left until a person wants them.
    """

    rows: int
    complete: bool
    paused: str | None = None
    stopped: bool = False


@frozen
class FreshnessChanged:
    """What is between us and the server changed; not sent while nothing changes."""

    freshness: Freshness


@frozen
class DetailRead:
    """A submission's detail came in."""

    detail: Detail


@frozen
class DetailFailed:
    """A submission's detail could not be read."""

    submission_id: str
    failure: Failure


@frozen
class DecisionMoved:
    """A decision came a stage further."""

    standing: Standing


@frozen
class BulkMoved:
    """Decisions that were confirmed as one came further."""

    bulk: Bulk


class DownloadStage(StrEnum):
    """How far a download has come."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@frozen
class DownloadMoved:
    """A download moved: bytes `done` of `total` (None where the server does not say).

    `key` is the file's `file_key`, `name` that under which it is kept, without folder. `note` says what is
    odd about a file that was kept, such as bytes that do not fit its name.
    """

    key: str
    name: str
    stage: DownloadStage
    done: int = 0
    total: int | None = None
    path: Path | None = None
    failure: Failure | None = None
    note: str = ""


@frozen
class JobsMoved:
    """What is known of the watched jobs, or of the systems that do them, is another."""

    jobs: Jobs


@frozen
class JobsListed:
    """A system listed its jobs; `page` is None where it did not, and `failure` says why."""

    system: System
    asked: JobFilter
    page: JobPage | None = None
    failure: Failure | None = None


@frozen
class BatchRead:
    """A batch was read, and its jobs are watched; `batch` is None where it was not, `failure` says why.

    `left_out` counts the jobs for which there was no room. `again` says that nobody asked for it just now,
    and `joined` how many jobs are new in it.
    """

    system: System
    id: str
    batch: Batch | None = None
    failure: Failure | None = None
    left_out: int = 0
    again: bool = False
    joined: int = 0


@frozen
class JobCanceled:
    """A job was asked to be canceled; `job` is what it was after that, None where that is not known.

    `failure` is why it was not accepted, None where it was.
    """

    key: JobKey
    job: Job | None = None
    failure: Failure | None = None


@frozen
class ResultMoved:
    """The result of a job is on its way: bytes `done` of `total` (None where the server does not say).

    `is_too_large` says that it is not, for it has more bytes than were to be taken.
    """

    key: JobKey
    stage: DownloadStage
    done: int = 0
    total: int | None = None
    result: Result | None = None
    failure: Failure | None = None
    is_too_large: bool = False


@frozen
class ResultSearched:
    """Words were looked for in the file of a result, so far or to its end; `failure` is why no further."""

    key: JobKey
    words: str
    found: FoundWords
    is_over: bool = False
    failure: Failure | None = None


@frozen
class CompanyKnown:
    """The name of the company whose submissions these are."""

    name: str


@frozen
class ContractRead:
    """What a workflow promises is known; `NO_CONTRACT` where the server shows none."""

    name: ContractName
    contract: Contract


@frozen
class ContractFailed:
    """What a workflow promises could not be read; it is asked for again later."""

    name: ContractName
    failure: Failure


News = (
    PageRead
    | LoadingMoved
    | FreshnessChanged
    | DetailRead
    | DetailFailed
    | DecisionMoved
    | BulkMoved
    | DownloadMoved
    | JobsMoved
    | JobsListed
    | BatchRead
    | JobCanceled
    | ResultMoved
    | ResultSearched
    | CompanyKnown
    | ContractRead
    | ContractFailed
)
