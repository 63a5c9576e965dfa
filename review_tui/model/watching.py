"""Watching: jobs that a person wants to hear of, and what was seen of each."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from review_tui.model.failures import Failure
from review_tui.model.freshness import Freshness
from review_tui.model.frozen import frozen
from review_tui.model.job_words import System
from review_tui.model.jobs import Job, JobKey, Transition, observed

MOST_WATCHED: Final = 500
"""Jobs that are watched at one time; those that have ended make room for new ones."""

KEPT_FOR: Final = timedelta(days=7)
"""How long a job that has ended is remembered."""

CHANGES_KEPT: Final = 50
"""Changes that are kept of one job: the first and the newest ones."""


class Course(StrEnum):
    """How the watching of a job stands."""

    WATCHED = "watched"
    OVER = "over"
    GIVEN_UP = "given up"
    REFUSED = "refused"


@frozen
class Watched:
    """A job that is watched, or was; all times are in UTC and as this machine saw them.

    It is asked about while its course is `watched`; it is `over` when it has ended, `given up` when it had
    not after `patience` seconds, and `refused` when its system says that there is no such job or that this
    key may not see it: `failure` says which. `job` is what was told last, None before any answer. `since` is
    when it was first watched, `seen` what changed, oldest first, without `left_out` changes after the first.
    `read_at` is when an answer came last and `failure` why there was none since; `next_at` is when it is
    asked about next, None where it is not. `looked` says that somebody has done what its end left to do.
    """

    key: JobKey
    since: datetime
    course: Course = Course.WATCHED
    job: Job | None = None
    seen: tuple[Transition, ...] = ()
    left_out: int = 0
    read_at: datetime | None = None
    next_at: datetime | None = None
    failure: Failure | None = None
    patience: float = 0.0
    looked: bool = False

    @property
    def changed_at(self) -> datetime | None:
        """Since when it is known to be in its state."""
        return self.seen[-1].at if self.seen else None

    @property
    def needs_person(self) -> bool:
        """Whether its work is done and somebody has yet to look."""
        return self.job is not None and self.job.needs_person and not self.looked

    def told(self, job: Job, at: datetime) -> "Watched":
        """Return it after an answer: it goes on or is over, and one that was given up is only ever over."""
        known = job.with_what_was_known(self.job)
        change, is_over = observed(self.job, known, at), self.course is Course.OVER
        seen, left_out = self.seen, self.left_out
        if change is not None:
            seen = (*seen, change)
            if len(seen) > CHANGES_KEPT:
                seen, left_out = (seen[0], *seen[2:]), left_out + 1
        return replace(
            self,
            job=known,
            seen=seen,
            left_out=left_out,
            read_at=at,
            failure=None,
            looked=self.looked and change is None,
            course=Course.OVER if known.is_over or (is_over and change is None) else self._going_on,
        )

    @property
    def _going_on(self) -> Course:
        return Course.GIVEN_UP if self.course is Course.GIVEN_UP else Course.WATCHED

    def vanished(self, failure: Failure, at: datetime) -> "Watched":
        """Return it after its system said that it knows no such job: one that was seen has expired."""
        if self.job is None:
            return self.refused(failure)
        return replace(self.told(self.job.gone(), at), failure=failure)

    def refused(self, failure: Failure) -> "Watched":
        """Return it after its system said no."""
        return replace(self, course=Course.REFUSED, failure=failure)

    def unanswered(self, failure: Failure) -> "Watched":
        """Return it after a question about it had no good answer; it is asked again."""
        return replace(self, failure=failure)

    def given_up(self, patience: float) -> "Watched":
        """Return it after it did not end within so many seconds."""
        return replace(self, course=Course.GIVEN_UP, patience=patience)

    def again(self) -> "Watched":
        """Return it as one that is to be asked about once more, whatever came of it before."""
        return replace(self, course=Course.WATCHED, failure=None)

    def looked_after(self) -> "Watched":
        """Return it after somebody did what was left to do."""
        return replace(self, looked=True)

    def is_old(self, now: datetime) -> bool:
        """Whether it ended so long ago that it is forgotten; never one that somebody has yet to look at."""
        if self.course is Course.WATCHED or self.needs_person:
            return False
        return now - max(self.since, self.changed_at or self.since, self.read_at or self.since) > KEPT_FOR


@frozen
class SystemWatch:
    """How one system stands: `why_not` says what to set where it is not configured, empty where it is.

    `freshness` is that of what is watched there. The others say what it can be asked besides one job.
    """

    system: System
    why_not: str = ""
    freshness: Freshness = field(default_factory=Freshness)
    lists: bool = False
    batches: bool = False
    cancels: bool = False


@frozen
class Jobs:
    """All that is watched, the newest first, and how the three systems stand.

    `loading` says that what earlier runs watched is not known yet, `not_kept` why it is not remembered.
    """

    watched: tuple[Watched, ...] = ()
    systems: Mapping[System, SystemWatch] = field(default_factory=lambda: NOT_CONFIGURED)
    loading: bool = False
    not_kept: Failure | None = None

    def find(self, key: JobKey) -> Watched | None:
        """Return one that is watched, or None."""
        return next((one for one in self.watched if one.key == key), None)

    @property
    def needing(self) -> tuple[Watched, ...]:
        """Those whose work is done and that somebody has to look at."""
        return tuple(one for one in self.watched if one.needs_person)


def as_a_rule(system: System) -> SystemWatch:
    """Return how a system stands that nobody has asked anything yet."""
    cancels = system is not System.STEVE
    lists = system is System.UNSILOED
    return SystemWatch(system, lists=lists, batches=lists, cancels=cancels)


def not_configured(system: System) -> SystemWatch:
    """Return how a system stands that nobody gave a key for."""
    return SystemWatch(system, f"{system.label} is not configured: set {system.upper()}_API_KEY.")


NOT_CONFIGURED: Final[Mapping[System, SystemWatch]] = MappingProxyType(
    {system: not_configured(system) for system in System}
)
"""How things stand where no system was named."""
