"""Jobs: asynchronous work of three systems, as one kind of value."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Final, NamedTuple

from review_tui.model.frozen import frozen
from review_tui.model.job_words import GONE, JobState, System, hint_of
from review_tui.model.text import Shown
from review_tui.model.wire import Json

__all__ = [
    "EVERY_JOB",
    "Batch",
    "Job",
    "JobFilter",
    "JobKey",
    "JobPage",
    "JobState",
    "System",
    "Transition",
    "observed",
]


class JobKey(NamedTuple):
    """What tells a job from every other one."""

    system: System
    id: str


@frozen
class Job:
    """One job as its system told of it last; what it did not tell is None.

    `id` is safe in a path. `word` is the state as the system spells it, `state` what it means. `operation` is
    the kind of work: a workflow's slug, `extract`, `parse`. `name` is what a person knows it by: a file's
    name, the caller's own id. `created` and `updated` are in UTC; `updated` is the last sign of life.
    `progress` is from 0 to 1, and only where the system gave a percentage; `note` is what it says of it in
    words. `error` is why it failed. `needs_person` says that the work is done and somebody has to look.
    `submission_id` is the submission that it was for (Steve), `batch_id` the batch that it is part of.
    `in_passing` says that the answer told of others as well, and so perhaps not why it failed.
    `body` is the answer for display, without its result.
    """

    system: System
    id: str
    state: JobState
    word: Shown
    operation: Shown | None = None
    name: Shown | None = None
    created: datetime | None = None
    updated: datetime | None = None
    progress: float | None = None
    note: Shown | None = None
    error: Shown | None = None
    needs_person: bool = False
    submission_id: str | None = None
    batch_id: str | None = None
    in_passing: bool = field(default=False, repr=False, compare=False)
    body: Json = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> JobKey:
        """What tells it from every other one."""
        return JobKey(self.system, self.id)

    @property
    def hint(self) -> str:
        """What there is to know about its state, clean; empty where the word says it all."""
        return hint_of(self.system, self.state, self.word)

    @property
    def is_introduced(self) -> bool:
        """Whether it was told, or could have been, what it is: answers in passing may leave that out."""
        return not self.in_passing or self.operation is not None or self.name is not None

    @property
    def is_unexplained(self) -> bool:
        """Whether it failed and only an answer about it alone could say why."""
        return self.in_passing and self.state is JobState.FAILED and self.error is None

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be learnt of it: it has ended, and what it is and why could be told."""
        return self.state.is_terminal and self.is_introduced and not self.is_unexplained

    def with_what_was_known(self, before: "Job | None") -> "Job":
        """Return it with what only an earlier answer told, for lists and multi-status tell little."""
        if before is None:
            return self
        names = ["operation", "name", "created", "updated", "submission_id", "batch_id"]
        names += ["error"] if before.state is self.state else []
        known = {name: getattr(before, name) for name in names if getattr(self, name) is None}
        return replace(self, **known)

    def gone(self) -> "Job":
        """Return what has become of it when its system knows it no longer: a result once had is not lost.

        It is expired, whatever it was before.
        """
        return replace(
            self,
            state=JobState.EXPIRED,
            word=Shown(GONE),
            progress=None,
            note=None,
            needs_person=False,
            in_passing=False,
        )


@frozen
class Transition:
    """A change of state as it was seen; `at` is when it was seen, in UTC.

    `before` is None for the first look. `odd` says in what way no job should change, empty for as it should:
    a state that goes back, an end that ends again.
    """

    before: JobState | None
    after: JobState
    word: Shown
    at: datetime
    odd: str = ""


_ORDER = {JobState.QUEUED: 0, JobState.RUNNING: 1}
_LAST = 2


def observed(previous: Job | None, job: Job, at: datetime) -> Transition | None:
    """Return what changed between two looks at a job, None for nothing; pure.

    A new word for the same state is a change as well. That what was done expires is no oddity.
    """
    if previous is None:
        return Transition(None, job.state, job.word, at)
    if previous.state is job.state and previous.word.casefold() == job.word.casefold():
        return None
    return Transition(previous.state, job.state, job.word, at, _odd(previous.state, job.state))


def _odd(before: JobState, after: JobState) -> str:
    if before.is_terminal:
        return "" if after in {before, JobState.EXPIRED} else f"was {before} already"
    if JobState.UNKNOWN in {before, after}:
        return ""
    return f"went back from {before}" if _ORDER.get(after, _LAST) < _ORDER[before] else ""


@frozen
class JobFilter:
    """Which jobs a system is to list; `limit` is from 1 to 100, times are in UTC.

    `tags` takes jobs with any of them.
    """

    state: JobState | None = None
    operation: str = ""
    created_after: datetime | None = None
    created_before: datetime | None = None
    tags: tuple[str, ...] = ()
    limit: int = 50
    offset: int = 0


EVERY_JOB: Final = JobFilter()
"""Takes all there are."""


@frozen
class JobPage:
    """Some jobs of a list, newest first; `next_offset` is where the next ones begin, None at the end.

    `total` is how many there are in all, None where that is not told. `unreadable` has a line for each row
    that could not be read.
    """

    jobs: tuple[Job, ...]
    next_offset: int | None = None
    total: int | None = None
    unreadable: tuple[str, ...] = ()


@frozen
class Batch:
    """Jobs that were created together; the counts are the system's own, None where not told.

    `progress` is from 0 to 1, and only where the system gave a percentage.
    """

    system: System
    id: str
    state: JobState
    word: Shown
    created: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    progress: float | None = None
    jobs: tuple[Job, ...] = ()
    unreadable: tuple[str, ...] = ()
    body: Json = field(default=None, repr=False, compare=False)
