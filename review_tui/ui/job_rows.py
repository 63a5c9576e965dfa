"""The rows of the jobs screen: watched jobs, batches with their parts, what a system lists."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from review_tui.model.failures import Failure
from review_tui.model.folding import fold
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.frozen import frozen
from review_tui.model.job_words import JobState, System
from review_tui.model.jobs import Batch, Job, JobFilter, JobKey, JobPage
from review_tui.model.watching import Course, Jobs, Watched
from review_tui.workers.news import ResultMoved, ResultSearched


class RowId(NamedTuple):
    """What tells a row from every other one; a batch may have the id of a job."""

    system: System
    id: str
    is_batch: bool = False


@frozen
class JobRow:
    """One row: a job, or a batch.

    `watched` is None for a job that is only listed, and for a batch. `parts` are the watched jobs of a batch,
    and `batch` what its system told of it, if it was asked. `is_part` says that its batch stands above it,
    `unfolded` that its parts stand below. `silence` is since when, and why, its system does not answer
    while it is asked about.
    """

    id: RowId
    job: Job | None = None
    watched: Watched | None = None
    parts: tuple[Watched, ...] = ()
    batch: Batch | None = None
    is_part: bool = False
    unfolded: bool = False
    silence: Freshness | None = None

    @property
    def key(self) -> JobKey:
        """What its system calls it."""
        return JobKey(self.id.system, self.id.id)

    @property
    def needing(self) -> tuple[Watched, ...]:
        """Those of its jobs that somebody has to look at."""
        mine = self.parts if self.id.is_batch else (self.watched,) if self.watched else ()
        return tuple(one for one in mine if one.needs_person)

    @property
    def is_asked_about(self) -> bool:
        """Whether any of it is asked about by itself."""
        mine = self.parts if self.id.is_batch else (self.watched,) if self.watched else ()
        return any(one.course is Course.WATCHED for one in mine)

    @property
    def has_result(self) -> bool:
        """Whether there is a result to be fetched."""
        return self.job is not None and self.job.state is JobState.SUCCEEDED

    @property
    def is_under_way(self) -> bool:
        """Whether it may still be canceled, as far as is known."""
        return self.job is None or not self.job.state.is_terminal


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """What is known of a job's result: how far it has come, and the start of its file where that is all.

    `before` is what was fetched before, while it is fetched again.
    """

    moved: ResultMoved
    head: str | None = None
    before: "Fetched | None" = None


@frozen
class Hits:
    """Words that are looked for in the file of a result: how far that is, and which place is chosen."""

    searched: ResultSearched
    chosen: int = 0

    def moved(self, step: int) -> "Hits":
        """Choose another place, around the end."""
        count = len(self.searched.found.places)
        return replace(self, chosen=(self.chosen + step) % count) if count else self


@frozen
class Listing:
    """What a system was asked to list; `page` is None until it is in, `failure` why it is not."""

    system: System
    asked: JobFilter
    page: JobPage | None = None
    failure: Failure | None = None


def rows_of(
    jobs: Jobs, words: str, unfolded: Collection[RowId], batches: Iterable[Batch] = ()
) -> tuple[JobRow, ...]:
    """Return what is watched and fits all `words`: first what needs somebody, then the newest.

    A batch stands where its newest part would, and its parts stand under it where it is unfolded.
    """
    told = {RowId(one.system, one.id, is_batch=True): one for one in batches}
    parts: dict[RowId, list[Watched]] = {}
    ordered = sorted(jobs.watched, key=lambda one: not one.needs_person)
    for one in ordered:
        if (batch_id := _batch_of(one)) is not None:
            parts.setdefault(batch_id, []).append(one)
    silent = {
        system: watch.freshness
        for system, watch in jobs.systems.items()
        if watch.freshness.state in {FreshnessState.STALE, FreshnessState.STOPPED}
    }
    return tuple(_rows(ordered, silent, parts, told, words, unfolded))


def _rows(
    watched: Sequence[Watched],
    silent: Mapping[System, Freshness],
    parts: dict[RowId, list[Watched]],
    told: dict[RowId, Batch],
    words: str,
    unfolded: Collection[RowId],
) -> Iterator[JobRow]:
    wanted = fold(words).split()
    shown: set[RowId] = set()
    for one in watched:
        batch_id = _batch_of(one)
        if batch_id is None:
            if not wanted or _fits(_said(one.key, one.job, one), wanted):
                yield _row(one, silent)
            continue
        if batch_id in shown:
            continue
        shown.add(batch_id)
        mine = parts[batch_id]
        of_batch = f"batch {batch_id.id}"
        fitting = [
            part
            for part in mine
            if not wanted or _fits(f"{_said(part.key, part.job, part)} {of_batch}", wanted)
        ]
        if not fitting:
            continue
        is_open = batch_id in unfolded
        yield JobRow(batch_id, parts=tuple(mine), batch=told.get(batch_id), unfolded=is_open)
        if is_open:
            yield from (_row(part, silent, is_part=True) for part in fitting)


def listed_rows(listed: Iterable[Job], jobs: Jobs, words: str) -> tuple[JobRow, ...]:
    """Return the rows for jobs as their system lists them; those that are watched tell what is known here."""
    wanted = fold(words).split()
    rows = (
        JobRow(RowId(*job.key), known.job if known and known.job else job, known)
        for job in listed
        for known in (jobs.find(job.key),)
    )
    return tuple(row for row in rows if _fits(_said(row.key, row.job, row.watched), wanted))


def _row(watched: Watched, silent: Mapping[System, Freshness], *, is_part: bool = False) -> JobRow:
    silence = silent.get(watched.key.system) if watched.course is Course.WATCHED else None
    return JobRow(RowId(*watched.key), watched.job, watched, is_part=is_part, silence=silence)


def _batch_of(watched: Watched) -> RowId | None:
    job = watched.job
    return RowId(job.system, job.batch_id, is_batch=True) if job and job.batch_id else None


def _said(key: JobKey, job: Job | None, watched: Watched | None) -> str:
    """Return all that can be looked for, in one case."""
    told: list[str | None] = [key.system, key.id]
    if job is not None:
        told += [job.state, job.word, job.operation, job.name, job.note, job.error, job.submission_id]
    if watched is not None:
        told += [watched.course, "needs review" if watched.needs_person else ""]
    return fold(" ".join(filter(None, told)))


def _fits(said: str, wanted: Iterable[str]) -> bool:
    """Whether every word is in what is said, and none that has a minus before it."""
    return all(word[1:] not in said if len(word) > 1 and word[0] == "-" else word in said for word in wanted)
