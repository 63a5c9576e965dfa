"""Watched jobs as the file keeps them: one row each, without answers, results and what was next."""

import json
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.job_words import JobState, System
from review_tui.model.jobs import Job, JobKey, Transition
from review_tui.model.text import Shown, clean
from review_tui.model.watching import Course, Watched
from review_tui.store.records import time_text

log = logging.getLogger(__name__)

CHARACTERS: Final = 2_000
"""Characters of one text of a job that are kept."""


def row_of(watched: Watched) -> tuple[str, str, str]:
    """Return the system, the id and the body of a row, JSON in ASCII."""
    body = {
        "since": time_text(watched.since),
        "course": watched.course,
        "job": None if watched.job is None else _job_body(watched.job),
        "seen": [
            [one.before, one.after, _text(one.word), time_text(one.at), one.odd] for one in watched.seen
        ],
        "left_out": watched.left_out,
        "read_at": _time(watched.read_at),
        "failure": None if watched.failure is None else _failure_body(watched.failure),
        "patience": watched.patience,
        "looked": watched.looked,
    }
    return watched.key.system, watched.key.id, json.dumps(body)


def watched_of(rows: Iterable[tuple[str, str, str]]) -> list[Watched]:
    """Read what `row_of` wrote; a row that cannot be read is left where it is and out of this.

    It may be of a newer console, and a job can be watched anew; a decision could not be decided anew.
    """
    found = []
    for system, job_id, body in rows:
        try:
            found.append(_read(JobKey(System(system), job_id), json.loads(body)))
        except (ValueError, KeyError, TypeError):
            log.warning("left out, for it cannot be read: a watched job")
    return found


def _read(key: JobKey, kept: dict[str, Any]) -> Watched:
    return Watched(
        key,
        datetime.fromisoformat(kept["since"]),
        Course(kept["course"]),
        None if kept["job"] is None else _job(key, kept["job"]),
        tuple(
            Transition(
                None if before is None else JobState(before),
                JobState(after),
                Shown.of(word),
                datetime.fromisoformat(at),
                odd,
            )
            for before, after, word, at, odd in kept["seen"]
        ),
        kept["left_out"],
        _moment(kept["read_at"]),
        failure=None if kept["failure"] is None else _failure(*kept["failure"]),
        patience=kept["patience"],
        looked=kept["looked"],
    )


def _failure_body(failure: Failure) -> list[str]:
    return [failure.kind, failure.title, failure.hint]


def _failure(kind: str, title: str, hint: str) -> Failure:
    return Failure(FailureKind(kind), clean(title), clean(hint))


def _job_body(job: Job) -> dict[str, Any]:
    return {
        "state": job.state,
        "word": _text(job.word),
        "operation": _text(job.operation),
        "name": _text(job.name),
        "created": _time(job.created),
        "updated": _time(job.updated),
        "progress": job.progress,
        "note": _text(job.note),
        "error": _text(job.error),
        "needs_person": job.needs_person,
        "submission_id": job.submission_id,
        "batch_id": job.batch_id,
    }


def _job(key: JobKey, kept: dict[str, Any]) -> Job:
    return Job(
        key.system,
        key.id,
        JobState(kept["state"]),
        Shown.of(kept["word"]),
        operation=_shown(kept["operation"]),
        name=_shown(kept["name"]),
        created=_moment(kept["created"]),
        updated=_moment(kept["updated"]),
        progress=kept["progress"],
        note=_shown(kept["note"]),
        error=_shown(kept["error"]),
        needs_person=kept["needs_person"],
        submission_id=kept["submission_id"],
        batch_id=kept["batch_id"],
    )


def _text(text: Shown | None) -> str | None:
    return None if text is None else text.raw[:CHARACTERS]


def _shown(text: str | None) -> Shown | None:
    return None if text is None else Shown.of(text)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else time_text(moment)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
