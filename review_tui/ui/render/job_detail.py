"""One job as lines: how it stands and what can be done, what was told of it, what was seen to change."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from review_tui.model.extraction import ABSENT
from review_tui.model.failures import Failure
from review_tui.model.freshness import Freshness
from review_tui.model.jobs import Batch, Job, JobState, Transition
from review_tui.model.watching import Course, Watched
from review_tui.ui.job_rows import JobRow
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.freshness import clock
from review_tui.ui.render.jobs import brief_age, share, state_of_job, state_piece
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.words import counted, moment, zone
from review_tui.ui.render.wrapping import paragraph, spread, wrapped

_NAME: Final = 14
_TIME: Final = 10
_ERROR_LINES: Final = 12


class JobTab(StrEnum):
    """The tabs of a job."""

    JOB = "Job"
    RESULT = "Result"
    ANSWER = "Answer"


def tabs_line(chosen: JobTab, width: int, cursor: Role) -> Line:
    """Name the tabs, the chosen one in the role of the cursor."""
    pieces: list[Piece] = []
    for tab in JobTab:
        pieces += [(f"{'▸' if tab is chosen else ' '}{tab} ", cursor if tab is chosen else Role.DIM)]
    return clipped(tuple(pieces), width)


def job_title(row: JobRow, width: int) -> Line:
    """Say which job it is and how it stands."""
    what = [row.id.system.label]
    if row.id.is_batch:
        what.append(f"batch of {counted(len(row.parts), 'job')}")
    elif row.job is not None:
        what += [plain(one) for one in (row.job.operation, row.job.name) if one]
    return spread((state_piece(row),), ((cut(" · ".join(what), max(width - 18, 8)), Role.TITLE),), width)


def job_lines(row: JobRow, keys: Mapping[str, str], now: datetime, width: int) -> list[Line]:
    """Draw what is known of a job or a batch; `keys` are the names of keys by what they do here."""
    lines = list(_can_be_done(row, keys, width))
    if lines:
        lines.append(EMPTY)
    if row.id.is_batch:
        return [*lines, *_batch_facts(row, row.batch, now, width)]
    lines += _facts(row, now, width)
    lines += _problems(row, now, width)
    if row.watched is not None:
        lines += _timeline(row.watched, now, width)
    return lines


def _can_be_done(row: JobRow, keys: Mapping[str, str], width: int) -> Iterator[Line]:
    """Say first what somebody has to do, or can."""
    watched, job = row.watched, row.job
    if watched is None and not row.id.is_batch:
        yield from paragraph(f"Listed, not watched here. {keys['watch']} watches it.", width, Role.ACCENT)
    if row.id.is_batch:
        fold = "folds it" if row.unfolded else "shows its jobs"
        yield from paragraph(f"{keys['open']} {fold}; {keys['watch']} reads it again.", width, Role.ACCENT)
    elif row.needing and job is not None and job.submission_id:
        words = f"Needs review: {keys['open']} opens the submission."
        yield from paragraph(words, width, Role.WARN)
    elif row.needing:
        words = f"It is done and wants a human look: Tab shows it, {keys['seen']} says that it was looked at."
        yield from paragraph(words, width, Role.WARN)
    elif watched is not None and job is not None and job.needs_person and job.submission_id:
        yield from paragraph(f"Looked at. {keys['open']} opens its submission.", width, Role.DIM)
    if watched is not None and watched.course is Course.GIVEN_UP:
        minutes = max(int(watched.patience // 60), 1)
        words = (
            f"It had not ended after {minutes} min, so it is left alone. {keys['watch']} watches it again."
        )
        yield from paragraph(words, width, Role.WARN)


def _facts(row: JobRow, now: datetime, width: int) -> Iterator[Line]:
    job, watched = row.job, row.watched
    yield from _fact("id", plain(row.id.id), width)
    if job is not None:
        sign, role = state_of_job(job)
        said = f" · {row.id.system.label} says “{plain(job.word)}”"
        yield clipped(((fit("state", _NAME), Role.DIM), (sign, role), (said, Role.DIM)), width)
        if job.hint:
            yield from _fact("", plain(job.hint), width, Role.DIM)
        yield from _told(job, now, width)
    if watched is not None:
        yield from _fact("watched", _course_words(watched, now), width)


def _told(job: Job, now: datetime, width: int) -> Iterator[Line]:
    if job.progress is not None:
        yield from _fact("done", share(job.progress), width)
    if job.note:
        yield from _fact("it says", plain(job.note), width)
    yield from _fact("created", f"{moment(job.created, now)}{_ago(job.created, now)}", width)
    if job.updated is not None:
        yield from _fact("sign of life", f"{moment(job.updated, now)}{_ago(job.updated, now)}", width)
    if job.submission_id:
        yield from _fact("submission", plain(job.submission_id), width)
    if job.batch_id:
        yield from _fact("batch", plain(job.batch_id), width)


def _ago(at: datetime | None, now: datetime) -> str:
    words = brief_age(at, now)
    return "" if at is None else f" · {words}" if words == "now" else f" · {words} ago"


def _course_words(watched: Watched, now: datetime) -> str:
    if watched.course is Course.WATCHED:
        at = f", next at {clock(watched.next_at, now.tzinfo)}" if watched.next_at else ""
        return f"since {moment(watched.since, now)}{at}"
    words = {Course.OVER: "it is over", Course.GIVEN_UP: "given up", Course.REFUSED: "refused"}
    read = f", last read {moment(watched.read_at, now)}" if watched.read_at else ""
    return f"{words[watched.course]}{read}"


def _problems(row: JobRow, now: datetime, width: int) -> Iterator[Line]:
    """Say why it failed, and why there is no newer answer."""
    job, watched = row.job, row.watched
    if job is not None and (job.error or job.state is JobState.FAILED):
        yield EMPTY
        unsaid = "No reason was told yet." if job.is_unexplained else "No reason was given."
        words = plain(job.error, lines=True) if job.error else unsaid
        yield from (((part, Role.BAD),) for part in wrapped(f"✗ {words}", width, _ERROR_LINES))
    if watched is not None and watched.failure is not None:
        yield EMPTY
        yield from failure_lines(watched.failure, width)
    elif row.silence is not None:
        yield EMPTY
        yield from _silence(row, row.silence, now, width)


def _silence(row: JobRow, silence: Freshness, now: datetime, width: int) -> Iterator[Line]:
    """Say since when its system does not answer, why, and whether it is asked again."""
    since = f" since {clock(silence.since, now.tzinfo)}" if silence.since else ""
    next_at = row.watched.next_at if row.watched else None
    again = f"next try {clock(next_at, now.tzinfo)}" if next_at else "it is not asked again by itself"
    yield from paragraph(f"! No answer from {row.id.system.label}{since}; {again}.", width, Role.WARN)
    if silence.failure is not None:
        words = f"{plain(silence.failure.title)}. {plain(silence.failure.hint)}"
        yield from paragraph(words.strip(), width, indent=2)


def failure_lines(failure: Failure, width: int, role: Role = Role.WARN) -> Iterator[Line]:
    """Say what went wrong, what to do, and by which number it can be looked up."""
    yield from paragraph(f"! {plain(failure.title)}", width, role)
    if failure.hint:
        yield from paragraph(plain(failure.hint), width, indent=2)
    numbers = [f"status {failure.status}"] if failure.status else []
    numbers += [f"request {plain(failure.request_id)}"] if failure.request_id else []
    if numbers:
        yield from paragraph(" · ".join(numbers), width, Role.DIM, indent=2)


def _timeline(watched: Watched, now: datetime, width: int) -> Iterator[Line]:
    """Draw what was seen to change, the newest first, under their days."""
    if not watched.seen:
        return
    yield EMPTY
    yield spread((("What was seen", Role.TITLE),), ((zone(now), Role.DIM),), width)
    day = ""
    seen = watched.seen
    for index in range(len(seen) - 1, -1, -1):
        if watched.left_out and index == 0:
            yield (("  " + counted(watched.left_out, "change") + " not kept", Role.DIM),)
        at = seen[index].at.astimezone(now.tzinfo)
        if day != (today := f"{at:%Y-%m-%d}"):
            day = today
            yield ((today, Role.DIM),)
        yield from _seen(seen[index], f"{at:%H:%M:%S}", width)


def _seen(change: Transition, time: str, width: int) -> Iterator[Line]:
    before = "first seen" if change.before is None else f"{change.before} →"
    words = f"{before} {change.after}"
    if change.word.casefold() != str(change.after):
        words += f" (“{plain(change.word)}”)"
    role = Role.WARN if change.odd else Role.PLAIN
    first, *more = wrapped(f"{words}{f' ! {plain(change.odd)}' if change.odd else ''}", width - _TIME, 4)
    yield ((fit(time, _TIME), Role.DIM), (first, role))
    yield from (((" " * _TIME + part, role),) for part in more)


def _batch_facts(row: JobRow, batch: Batch | None, now: datetime, width: int) -> Iterator[Line]:
    yield from _fact("batch", plain(row.id.id), width)
    if batch is not None:
        yield from _fact("state", f"“{plain(batch.word)}” when it was read", width)
        yield from _fact("created", moment(batch.created, now), width)
        told = [f"{name} {count}" for name, count in batch.counts.items()]
        yield from _fact("its counts", " · ".join(told) or ABSENT, width)
        if batch.progress is not None:
            yield from _fact("done", share(batch.progress), width)
        for one in batch.unreadable[:5]:
            yield from paragraph(f"! {plain(one)}", width, Role.WARN)
    yield EMPTY
    for state in JobState:
        count = sum(one.job is not None and one.job.state is state for one in row.parts)
        if count:
            yield from _fact(str(state), str(count), width)
    if unknown := sum(one.job is None for one in row.parts):
        yield from _fact("not answered", str(unknown), width)


def _fact(name: str, words: str, width: int, role: Role = Role.PLAIN) -> Iterator[Line]:
    first, *more = wrapped(words, width - _NAME, 6)
    yield ((fit(name, _NAME), Role.DIM), (first, role))
    yield from (((" " * _NAME + part, role),) for part in more)
