"""The command that shows the jobs, and those that are given there, on a table of their own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.job_words import JobState
from review_tui.model.watching import Course, Jobs
from review_tui.ui.commands.command import Command, Group
from review_tui.ui.job_rows import JobRow

JOBS: Final[tuple[Command, ...]] = (
    Command(
        "jobs",
        ("J",),
        "jobs",
        "Show the jobs of Steve, Pulse and Unsiloed that are watched, and what they came to",
        Group.LOOK,
        on_key_line=False,
    ),
)


@frozen
class JobsSituation:
    """What a command given at the jobs would act on.

    `lists` says that a system's own list is shown, `earlier` and `later` that it has other pages; `reading`
    that the keyboard is in the detail; `hits` counts the places that are listed there, `forgotten` the jobs
    that can be taken back; `fetching` says that the result of the selected one is on its way. `cannot_cancel`
    says why no job may be canceled, `cannot_list` why nothing can be listed; empty where they can.
    """

    jobs: Jobs
    row: JobRow | None = None
    lists: bool = False
    earlier: bool = False
    later: bool = False
    reading: bool = False
    hits: int = 0
    forgotten: int = 0
    fetching: bool = False
    cannot_cancel: str = ""
    cannot_list: str = ""


WhyNot = Callable[[JobsSituation], str]


def _never(situation: JobsSituation) -> str:
    del situation
    return ""


def _always(situation: JobsSituation) -> bool:
    del situation
    return True


def _has_a_row(situation: JobsSituation) -> bool:
    return situation.row is not None


def _at_the_list(situation: JobsSituation) -> bool:
    return not situation.reading


def _leads_on(situation: JobsSituation) -> bool:
    """Whether there is more to open than is read already."""
    row = situation.row
    return row is not None and (not situation.reading or bool(row.needing))


def _needs_a_row(situation: JobsSituation) -> str:
    return "" if situation.row else "nothing is selected"


def _needs_a_job(situation: JobsSituation) -> str:
    if situation.row is not None and situation.row.id.is_batch:
        return "a batch is canceled job by job: Enter shows them"
    return _needs_a_row(situation)


def _why_no_cancel(situation: JobsSituation) -> str:
    row = situation.row
    if row is None or row.id.is_batch:
        return _needs_a_job(situation)
    system = situation.jobs.systems[row.id.system]
    if system.why_not or situation.cannot_cancel:
        return system.why_not or situation.cannot_cancel
    if not system.cancels:
        return f"{system.system.label} cannot cancel a job"
    return "" if row.is_under_way else f"{_ENDS[row.job.state] if row.job else 'it is over'} already"


def _why_no_result(situation: JobsSituation) -> str:
    row = situation.row
    if row is None:
        return "nothing is selected"
    if row.id.is_batch:
        return "a batch has no result of its own: its jobs have"
    if row.job is None:
        return "nothing is known of it yet"
    return "" if row.has_result else f"there is none: {_ENDS.get(row.job.state, f'it is {row.job.state}')}"


_ENDS: Final = {
    JobState.SUCCEEDED: "it is done",
    JobState.FAILED: "it failed",
    JobState.CANCELED: "it is canceled",
    JobState.EXPIRED: "it expired",
}


def _why_not_forgotten(situation: JobsSituation) -> str:
    row = situation.row
    if row is not None and row.watched is None and not row.id.is_batch:
        return "it is not watched"
    return _needs_a_row(situation)


def _why_not_seen(situation: JobsSituation) -> str:
    row = situation.row
    if row is None:
        return "nothing is selected"
    return "" if row.needing else "it needs nobody"


def _why_nothing_forgotten(situation: JobsSituation) -> str:
    return "" if situation.forgotten else "nothing was forgotten since the start"


def _why_nothing_fetched(situation: JobsSituation) -> str:
    return "" if situation.fetching else "no result of it is on its way"


def _why_none_needs(situation: JobsSituation) -> str:
    return "" if situation.jobs.needing else "no job needs anybody"


def _why_no_hit(situation: JobsSituation) -> str:
    return "" if situation.hits else "the filter key looks for words in a large result first"


def _why_no_list(situation: JobsSituation) -> str:
    return situation.cannot_list


def _why_no_later(situation: JobsSituation) -> str:
    return "" if situation.later else "there is no further page"


def _why_no_earlier(situation: JobsSituation) -> str:
    return "" if situation.earlier else "this is the first page"


def is_left_alone(situation: JobsSituation) -> bool:
    """Whether the selected job is not asked about."""
    row = situation.row
    return row is not None and (row.watched is None or row.watched.course is not Course.WATCHED)


@frozen
class JobCommand:
    """One verb at the jobs; `like` names the command of the review screen whose keys it has as well."""

    id: str
    words: str
    help: str
    keys: tuple[str, ...] = ()
    like: str = ""
    why_disabled: WhyNot = _never
    named_while: Callable[[JobsSituation], bool] | None = _always

    @property
    def is_of_the_moment(self) -> bool:
        """Whether it is named only where something special can be done with it."""
        return self.named_while not in {None, _always, _has_a_row, _at_the_list}

    def is_named(self, situation: JobsSituation) -> bool:
        """Whether the key line names it here."""
        return self.named_while is not None and self.named_while(situation)


AT_JOBS: Final = (
    JobCommand(
        "open",
        "open",
        "Open the submission of a job that needs review, show the jobs of a batch, or go into the detail",
        ("enter",),
        why_disabled=_needs_a_row,
        named_while=_leads_on,
    ),
    JobCommand("read", "read", "Go into the detail", ("l", "right"), named_while=None),
    JobCommand(
        "next",
        "next tab",
        "Go to the detail, or to its next tab",
        like="next",
        named_while=_has_a_row,
    ),
    JobCommand("previous", "previous tab", "Go to the previous tab", like="previous", named_while=None),
    JobCommand("back", "list", "Go back to the list", like="back", named_while=lambda here: here.reading),
    JobCommand(
        "add",
        "add",
        "Watch jobs by their ids, typed or pasted",
        ("plus",),
        named_while=_at_the_list,
    ),
    JobCommand(
        "next-needing",
        "needs you",
        "Go to the next job that needs somebody",
        like="next-match",
        why_disabled=_why_none_needs,
        named_while=lambda here: bool(here.jobs.needing),
    ),
    JobCommand(
        "fetch",
        "fetch result",
        "Fetch the result into the downloads folder, and show it",
        like="download",
        why_disabled=_why_no_result,
        named_while=lambda here: here.row is not None and here.row.has_result,
    ),
    JobCommand(
        "seen",
        "looked at",
        "Say that somebody has looked at what it came to",
        ("d",),
        why_disabled=_why_not_seen,
        named_while=lambda here: here.row is not None and bool(here.row.needing),
    ),
    JobCommand(
        "watch",
        "watch",
        "Ask about it now, and until it ends",
        ("w",),
        why_disabled=_needs_a_row,
        named_while=lambda here: _at_the_list(here) and is_left_alone(here),
    ),
    JobCommand(
        "cancel",
        "cancel",
        "Cancel the job, as far as its system can; asks first",
        like="cancel",
        why_disabled=_why_no_cancel,
        named_while=lambda here: here.row is not None and not _why_no_cancel(here),
    ),
    JobCommand(
        "forget",
        "forget",
        "Watch it no more and forget what was seen; the job itself goes on",
        ("minus",),
        why_disabled=_why_not_forgotten,
        named_while=lambda here: _has_a_row(here) and not here.reading and not _why_not_forgotten(here),
    ),
    JobCommand(
        "filter",
        "filter",
        "Show the jobs that have all these words; in a result, look for them",
        like="filter",
    ),
    JobCommand(
        "next-hit",
        "next place",
        "Go to the next place in a large result at which the words stand",
        like="next-doubt",
        why_disabled=_why_no_hit,
        named_while=lambda here: here.hits > 0,
    ),
    JobCommand(
        "previous-hit",
        "place before",
        "Go to the place before",
        like="previous-doubt",
        why_disabled=_why_no_hit,
        named_while=None,
    ),
    JobCommand(
        "list",
        "list",
        "Show what a system lists, by status, kind, tags and time",
        ("L",),
        why_disabled=_why_no_list,
        named_while=lambda here: _at_the_list(here) and not here.cannot_list,
    ),
    JobCommand(
        "later",
        "next page",
        "Show the next page of the list",
        like="next-submission",
        why_disabled=_why_no_later,
        named_while=lambda here: here.later,
    ),
    JobCommand(
        "earlier",
        "page before",
        "Show the page before",
        like="previous-submission",
        why_disabled=_why_no_earlier,
        named_while=lambda here: here.earlier,
    ),
    JobCommand(
        "undo",
        "take back",
        "Take back what was forgotten last, with all that was seen of it",
        like="undo",
        why_disabled=_why_nothing_forgotten,
        named_while=lambda here: here.forgotten > 0,
    ),
    JobCommand(
        "stop",
        "stop",
        "Stop fetching the result; nothing of it is kept",
        ("x",),
        why_disabled=_why_nothing_fetched,
        named_while=lambda here: here.fetching,
    ),
    JobCommand(
        "copy",
        "copy",
        "Copy the id, the name, the submission's id, the error, or where the result lies",
        like="copy",
        why_disabled=_needs_a_row,
        named_while=None,
    ),
    JobCommand("palette", "commands", "Find a command or a job", like="palette", named_while=None),
    JobCommand("messages", "messages", "Show the last messages", ("M",), like="messages", named_while=None),
    JobCommand("refresh", "refresh", "Ask about all of them as soon as may be", like="refresh"),
    JobCommand("help", "help", "Show these keys", like="help"),
    JobCommand("leave", "review", "Go back to the review", ("escape", "ctrl+g", "q"), like="jobs"),
)


@dataclass(frozen=True)
class JobKeys:
    """The keys at the jobs, when those of the review screen are `review`: by command id."""

    review: Mapping[str, tuple[str, ...]]

    @cached_property
    def by_key(self) -> Mapping[str, JobCommand]:
        """The commands by the names of their keys; keys that were chosen for the review come first."""
        found: dict[str, JobCommand] = {}
        for command in AT_JOBS:
            for key in self.review.get(command.like, ()):
                found.setdefault(key, command)
        for command in AT_JOBS:
            for key in command.keys:
                found.setdefault(key, command)
        return found

    def keys_of(self, command: JobCommand) -> tuple[str, ...]:
        """Return the keys of a command."""
        return tuple(key for key, one in self.by_key.items() if one is command)
