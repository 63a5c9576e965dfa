"""The list of jobs: how each stands, by sign and word; its row, the heads, how the three systems stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from review_tui.model.extraction import ABSENT
from review_tui.model.failures import FailureKind
from review_tui.model.frozen import frozen
from review_tui.model.job_words import JobState
from review_tui.model.jobs import Job
from review_tui.model.watching import Course, Watched
from review_tui.ui.job_rows import JobRow
from review_tui.ui.render.freshness import clock
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.submissions import MARKER
from review_tui.ui.render.text import fit, plain
from review_tui.ui.render.words import counted

NEEDS_REVIEW: Final[Piece] = ("▲ needs review", Role.WARN)
_STATES: Final[Mapping[JobState, Piece]] = {
    JobState.QUEUED: ("○ queued", Role.DIM),
    JobState.RUNNING: ("● running", Role.ACCENT),
    JobState.SUCCEEDED: ("✓ done", Role.GOOD),
    JobState.FAILED: ("✗ failed", Role.BAD),
    JobState.CANCELED: ("– canceled", Role.WARN),
    JobState.EXPIRED: ("· expired", Role.DIM),
}
_REFUSED: Final = {
    FailureKind.NOT_FOUND: "✗ no such job",
    FailureKind.GONE: "✗ gone",
    FailureKind.FORBIDDEN: "✗ not yours",
    FailureKind.KEY_NOT_ACCEPTED: "✗ key refused",
}
_STATE: Final = 15
_SYSTEM: Final = 8
_ID: Final = 10
_SHORT: Final = 5
_NAME_LEAST: Final = 18
_STEPS: Final = (10, 5, 3, 2, 1, 0)
"""Minutes in which ages are told; from the first on in tens."""


def state_of_job(job: Job) -> Piece:
    """Say what state a job is in, by sign and word; a word that no document names as it is."""
    return _STATES.get(job.state) or (f"? {plain(job.word)}", Role.WARN)


def state_piece(row: JobRow) -> Piece:
    """Say how a row stands: what needs somebody comes first, then how the watching ended."""
    if row.id.is_batch:
        return _batch_piece(row.parts)
    watched, job = row.watched, row.job
    if row.needing or (watched is None and job is not None and job.needs_person):
        return NEEDS_REVIEW
    if watched is not None and watched.course is Course.REFUSED:
        kind = watched.failure.kind if watched.failure else None
        return (_REFUSED.get(kind, "✗ refused") if kind else "✗ refused", Role.BAD)
    if watched is not None and watched.course is Course.GIVEN_UP:
        return ("‖ given up", Role.WARN)
    if job is None:
        asked = row.silence or (watched and watched.failure)
        return ("? no answer", Role.WARN) if asked else ("… asking", Role.DIM)
    return state_of_job(job)


def _batch_piece(parts: Sequence[Watched]) -> Piece:
    """Say how the parts of a batch stand together: what is worst of it, else how many have ended."""
    if needing := sum(one.needs_person for one in parts):
        return (f"▲ {counted(needing, 'review')}", Role.WARN)
    states = [one.job.state for one in parts if one.job is not None]
    ended = sum(state.is_terminal for state in states)
    if ended < len(parts):
        return (f"● {ended} of {len(parts)}", Role.ACCENT)
    if failed := states.count(JobState.FAILED):
        return (f"✗ {failed} failed", Role.BAD)
    done = states.count(JobState.SUCCEEDED)
    return ("✓ all done", Role.GOOD) if done == len(parts) else (f"✓ {done} of {len(parts)}", Role.PLAIN)


def brief_age(since: datetime | None, now: datetime) -> str:
    """Say how long ago something was, so coarsely that it seldom changes: now, 1m, 2m, 5m, 10m …, 1h …."""
    if since is None:
        return ABSENT
    minutes = int((now - since).total_seconds() // 60)
    if minutes < 60:
        step = next(step for step in _STEPS if step <= max(minutes, 0))
        return f"{minutes // 10 * 10 if step == _STEPS[0] else step}m" if step else "now"
    return f"{minutes // 60}h" if minutes < 24 * 60 else f"{min(minutes // 1440, 999)}d"


def share(progress: float | None) -> str:
    """Say how far something is (0..1); nothing where that was not told as a percentage."""
    return "" if progress is None else f"{int(progress * 100)} %"


@frozen
class JobColumns:
    """The widths of the columns; 0 for one that there is no room for."""

    name: int
    id: int = _ID
    age: int = _SHORT
    since: int = _SHORT
    progress: int = _SHORT
    alive: int = 0
    next: int = 0

    @classmethod
    def of(cls, width: int) -> "JobColumns":
        """Share a width in cells; what says least goes first."""
        room = width - _STATE - _SYSTEM - 3
        given = {"age": _SHORT, "since": 0, "progress": 0, "id": 0, "alive": 0, "next": 0}
        room -= given["age"] + 1
        for name, cells_ in (
            ("progress", _SHORT),
            ("id", _ID),
            ("since", _SHORT),
            ("alive", _SHORT),
            ("next", _SHORT),
        ):
            if room - cells_ - 1 < _NAME_LEAST:
                break
            given[name] = cells_
            room -= cells_ + 1
        return cls(max(room, 1), **given)


def jobs_head(columns: JobColumns) -> Line:
    """Name the columns."""
    return ((_put_together("  state", "system", "what", columns, _HEADS), Role.DIM),)


_HEADS: Final = {
    "id": "id",
    "age": "age",
    "since": "for",
    "progress": "done",
    "alive": "sign",
    "next": "next",
}


def job_line(row: JobRow, columns: JobColumns, now: datetime, cursor: Role | None) -> Line:
    """Draw a row; `cursor` is the role of the row that is selected."""
    state, role = state_piece(row)
    watched, job = row.watched, row.job
    what = _what(row)
    told = {
        "id": "" if what is None else plain(row.id.id),
        "age": brief_age(_created(row), now),
        "since": _in_its_state(watched, now) if watched else "",
        "progress": _progress(row),
        "alive": brief_age(job.updated, now) if job and job.updated and row.is_under_way else "",
        "next": clock(watched.next_at, now.tzinfo) if watched and watched.next_at else "",
    }
    marker = " " if cursor is None else MARKER
    text = _put_together(f"{marker} {state}", row.id.system.label, _part_of(row, what), columns, told)
    if cursor is not None:
        return ((text, cursor),)
    head = text[: len(fit(f"  {state}", _STATE + 1))]
    return ((head, role), (text[len(head) :], Role.PLAIN if row.is_asked_about or row.needing else Role.DIM))


def _in_its_state(watched: Watched, now: datetime) -> str:
    """Say how long a job is in its state: at least since it was first seen, where nobody told since when."""
    job, at = watched.job, watched.changed_at
    if job is None or at is None or len(watched.seen) > 1 or watched.left_out:
        return brief_age(at, now)
    told = job.updated if job.state.is_terminal else job.created if job.state is JobState.QUEUED else None
    if told is not None:
        return brief_age(told, now)
    age = brief_age(at, now)
    return ABSENT if age == "now" else f"≥{age}"


def _put_together(state: str, system: str, what: str, columns: JobColumns, told: Mapping[str, str]) -> str:
    parts = [fit(state, _STATE + 1), fit(system, _SYSTEM), fit(what, columns.name)]
    if columns.id:
        parts.append(fit(told["id"], columns.id))
    for name in ("age", "since", "progress", "alive", "next"):
        width: int = getattr(columns, name)
        parts += [fit(told[name], width, right=True)] if width else []
    return " ".join(parts)


def _what(row: JobRow) -> str | None:
    """Say what a row is: the kind of work and the name by which a person knows it; None where nobody said."""
    if row.id.is_batch:
        return f"{'▾' if row.unfolded else '▸'} batch of {counted(len(row.parts), 'job')}"
    job = row.job
    return " · ".join(plain(one) for one in (job.operation, job.name) if one) or None if job else None


def _part_of(row: JobRow, what: str | None) -> str:
    return f"{'└ ' if row.is_part else ''}{what or plain(row.id.id)}"


def _created(row: JobRow) -> datetime | None:
    if row.id.is_batch:
        told = [row.batch.created if row.batch else None, *(one.job.created for one in row.parts if one.job)]
        return min(filter(None, told), default=None)
    return row.job.created if row.job else None


def _progress(row: JobRow) -> str:
    if row.id.is_batch:
        ended = sum(one.job is not None and one.job.state.is_terminal for one in row.parts)
        return f"{ended}/{len(row.parts)}"
    return share(row.job.progress) if row.job and row.is_under_way else ""
