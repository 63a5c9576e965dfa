"""What the commands on jobs print: a line or a few for people, one object for programs."""

import sys
from collections.abc import Iterator
from datetime import datetime

from review_tui.cli.exits import Exit, exit_of
from review_tui.cli.printing import (
    ABSENT,
    failure_json,
    failure_line,
    json_text,
    moment_json,
    moment_text,
    say,
)
from review_tui.client.errors import WireError
from review_tui.client.job_errors import JobFailed, ResultGone, StillRunning, WasCanceled
from review_tui.model.failures import Failure
from review_tui.model.jobs import Job, JobKey, Transition
from review_tui.model.text import clean
from review_tui.model.watching import Watched
from review_tui.model.wire import Json

HEADS = ("ID", "SYSTEM", "STATE", "WORK", "NAME", "CREATED", "READ")


def job_json(key: JobKey, job: Job | None) -> dict[str, Json]:
    """Return what `--json` prints of one job; nothing but its key is known of one that was never read."""
    return {
        "system": str(key.system),
        "id": key.id,
        "state": str(job.state) if job else None,
        "word": job.word if job else None,
        "needsPerson": job.needs_person if job else None,
        "operation": job.operation if job else None,
        "name": job.name if job else None,
        "createdAt": moment_json(job.created) if job else None,
        "updatedAt": moment_json(job.updated) if job else None,
        "progress": job.progress if job else None,
        "note": job.note if job else None,
        "error": job.error if job else None,
        "hint": (job.hint or None) if job else None,
        "submissionId": job.submission_id if job else None,
        "batchId": job.batch_id if job else None,
    }


def watch_json(watched: Watched | None) -> Json:
    """Return what this machine remembers of a job; None for one that it does not watch."""
    if watched is None:
        return None
    return {
        "course": str(watched.course),
        "since": moment_json(watched.since),
        "readAt": moment_json(watched.read_at),
        "seen": [change_json(change) for change in watched.seen],
        "failure": failure_json(watched.failure) if watched.failure else None,
    }


def change_json(change: Transition) -> Json:
    """Return a change of state as it was seen."""
    return {
        "at": moment_json(change.at),
        "before": str(change.before) if change.before else None,
        "after": str(change.after),
        "word": change.word,
        "odd": change.odd or None,
    }


def state_text(job: Job) -> str:
    """Return a job's state for people, with its system's own word where that is another."""
    word = "" if job.word.casefold() == job.state else f" ({job.word})"
    return f"{job.state}{word}{', needs review' if job.needs_person else ''}"


def cells(key: JobKey, job: Job | None, read_at: datetime | None) -> tuple[str, ...]:
    """Return a row of a list for people; see `HEADS`."""
    return (
        key.id,
        key.system.label,
        state_text(job) if job else "not read yet",
        (job.operation if job else None) or ABSENT,
        (job.name if job else None) or ABSENT,
        moment_text(job.created if job else None),
        moment_text(read_at),
    )


def job_lines(job: Job, watched: Watched | None = None) -> Iterator[str]:
    """Yield one job for people: facts, and what was seen of it here."""
    facts = [
        ("id", job.id),
        ("system", job.system.label),
        ("state", state_text(job)),
        ("", job.hint),
        ("error", job.error),
        ("work", job.operation),
        ("name", job.name),
        ("progress", f"{job.progress:.0%}" if job.progress is not None else None),
        ("note", job.note),
        ("created", moment_text(job.created)),
        ("updated", moment_text(job.updated)),
        ("submission", job.submission_id),
        ("batch", job.batch_id),
    ]
    yield from (f"{name:<11}{value}" for name, value in facts if value)
    if watched is not None and watched.seen:
        yield "seen"
        yield from (f"  {change_line(change)}" for change in watched.seen)


def change_line(change: Transition) -> str:
    """Return a change of state for people."""
    return f"{moment_text(change.at)}  {change.word}{f': {change.odd}' if change.odd else ''}"


def exit_of_error(error: WireError) -> Exit:
    """Return the code for what came of asking about a job."""
    if isinstance(error, StillRunning):
        return Exit.NOT_OVER
    if isinstance(error, ResultGone):
        return Exit.JOB_EXPIRED
    if isinstance(error, JobFailed):
        return Exit.JOB_CANCELED if isinstance(error, WasCanceled) else Exit.JOB_FAILED
    return exit_of(error.failure)


def tell_failure(key: JobKey, failure: Failure, code: Exit, *, as_json: bool) -> Exit:
    """Print on standard error, in one line, what came of asking about a job; return `code`."""
    if as_json:
        told = {"system": str(key.system), "id": key.id, "error": failure_json(failure), "exit": int(code)}
        print(json_text(told), file=sys.stderr)
    else:
        say(f"review-tui: {clean(key.id, cap=200)}: {failure_line(failure)}", to=sys.stderr)
    return code
