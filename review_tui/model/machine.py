"""The decision machine: what a decision is after each thing that happens to it, and what is to do next."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.digest import decided_on, digest_of
from review_tui.model.extraction import merchant_of
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.frozen import frozen
from review_tui.model.happenings import (
    Act,
    Answered,
    Closed,
    Due,
    Happening,
    NotRead,
    NotWritten,
    Now,
    Read,
    TakenBack,
    Written,
)
from review_tui.model.outcomes import (
    LOST,
    NEVER_LEFT,
    UNKNOWN_WORDS,
    Outcome,
    Whose,
    before_sending,
    checking,
    clock_time,
    doing,
    done,
    is_torn,
    may_settle,
    not_kept,
    not_read,
    outcome,
    whose,
)
from review_tui.model.records import Record, subject_of
from review_tui.model.submissions import Detail

SETTLE: Final = (3.0, 10.0, 25.0, 45.0)
"""Seconds after sending at which a submission whose answer was lost is looked at again.

After the last, the request's own deadline (15 s) and 30 s more, it will not land any more.
"""

CORRECT_AFTER: Final = SETTLE[-1] + 15.0
"""Seconds after sending from which a reading that somebody else began may say that it did not land."""

AGAIN_AFTER: Final = (1.0, 3.0, 9.0)
"""Seconds before each further attempt of a request that never left this host."""

LIMIT_WAITS: Final = 2
"""Times that a decision is sent again after the server's rate limit refused it."""

LIMIT_PATIENCE: Final = 60.0
"""Seconds to wait where the server does not say how long its rate limit lasts."""

_NO_LOOK: Final = NEVER_LEFT | {FailureKind.KEY_NOT_ACCEPTED, FailureKind.FORBIDDEN, FailureKind.LIMITED}
_LOST_WITH_THE_RUN: Final = Failure(FailureKind.NO_ANSWER, "The console ended before an answer came")
_CLOSED: Final = "Not sent: the console was closed first"


class ImpossibleStep(ValueError):  # noqa: N818 – it names the step
    """What cannot happen to a decision where it stands."""


@frozen
class Course:
    """A decision under way: its record, what is to be done next, and what this run knows beside.

    `wait` is in seconds, None until the person says; `sent` is the steady second of the last request. `run`
    is this run. `again` says whether it may be sent again where that is safe, `durable` whether what is
    written down outlives this run, and `kept` that the last word written down is that it waits. `unreached`,
    `limited` and `missing` count requests that never left, that the rate limit refused, and readings that
    found nothing.
    """

    record: Record
    act: Act
    run: str = ""
    durable: bool = False
    kept: bool = False
    again: bool = True
    settle: tuple[float, ...] = SETTLE
    wait: float | None = None
    sent: float = 0.0
    shown: Detail | None = None
    seen: Detail | None = None
    failure: Failure | None = None
    unreached: int = 0
    limited: int = 0
    missing: int = 0

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        return self.record.stage

    @property
    def intent(self) -> Intent:
        """What the person meant."""
        return self.record.intent

    @property
    def is_earlier(self) -> bool:
        """Whether another run began it, so that only the person may send it."""
        return self.record.run != self.run

    @property
    def standing(self) -> Standing:
        """The decision as it is told."""
        record = self.record
        return Standing(
            record.intent,
            record.stage,
            record.words,
            self.failure,
            self.seen,
            record.due,
            record.subject,
            self.is_earlier,
        )


def begun(
    intent: Intent,
    now: Now,
    *,
    hold: float | None = 0.0,
    shown: Detail | None = None,
    run: str = "",
    durable: bool = False,
    again: bool = True,
    settle: tuple[float, ...] = SETTLE,
) -> Course:
    """Begin a decision on what was `shown`, held for so many seconds; 0 sends at once, None when told.

    `again` False ends it where it would wait to be sent again: after a rate limit, or if it never left.
    """
    shown = shown and decided_on(intent, shown)
    record = Record(
        intent,
        Stage.HELD,
        now.at,
        subject=subject_of(shown) if shown else "",
        shown=digest_of(shown) if shown else "",
        run=run,
        merchant=str(merchant_of(shown.extracted_data) or "") if shown else "",
    )
    course = Course(record, Act.WRITE, run, durable, again=again, settle=settle, shown=shown)
    if hold is None:
        return _to(course, now, Stage.HELD, _held(course), Act.WRITE)
    if hold <= 0:
        first = Act.WRITE if durable else Act.LOOK
        return _to(course, now, Stage.CHECKING, _looking(course), first)
    due = now.at + timedelta(seconds=hold)
    return replace(_to(course, now, Stage.HELD, _held(course), Act.WRITE, due=due), wait=hold)


def resumed(record: Record, now: Now, *, run: str, settle: tuple[float, ...] = SETTLE) -> Course:
    """Take up what another run left: what was unsent waits for the person, what was sent is verified."""
    course = Course(record, Act.REST, run, durable=True, kept=record.stage.is_unsent, settle=settle)
    if record.stage.is_unsent:
        words = f"From last time: {_held(course).lower()}"
        return replace(course, act=Act.WAIT, record=replace(record, stage=Stage.HELD, due=None, words=words))
    past = min(max((now.at - record.changed_at).total_seconds(), 0.0), CORRECT_AFTER)
    course = replace(course, failure=_LOST_WITH_THE_RUN, sent=now.steady - past)
    if record.stage.is_final:
        return course
    words = "From last time: checking whether it counted…"
    return replace(course, act=Act.LOOK, record=replace(record, stage=Stage.VERIFYING, words=words))


def step(course: Course, happening: Happening, now: Now) -> Course:
    """Return what the decision is after `happening`; raises ImpossibleStep where that cannot happen to it."""
    stage = None if course.stage.is_final else course.stage
    take = _STEPS.get((stage, course.act), {}).get(type(happening))
    if take is None:
        raise ImpossibleStep(f"{course.stage}, {course.act}: {type(happening).__name__}")
    return take(course, happening, now)


def corrected(course: Course, seen: Detail, now: Now) -> Course:
    """Hold a later reading against an end that was not seen; returns the same course where it tells nothing.

    The reading may have been begun up to a read's deadline before `now`.
    """
    if not course.stage.may_be_corrected or course.act is not Act.REST:
        return course
    intent = course.intent
    if is_torn(intent, seen):
        return course
    judged = outcome(intent, course.failure, seen)
    if judged.stage is Stage.DONE and whose(intent, seen) is Whose.OURS:
        judged = Outcome(
            Stage.DONE, f"Your {clock_time(intent.at)} {intent.verb} arrived late: {done(intent)}"
        )
    elif course.stage is Stage.NOT_DONE or (
        judged.stage is Stage.NOT_DONE and now.steady - course.sent < CORRECT_AFTER
    ):
        return course
    return course if judged.stage is course.stage else _ended(replace(course, seen=seen), judged, now)


def _to(
    course: Course, now: Now, stage: Stage, words: str, act: Act, *, due: datetime | None = None
) -> Course:
    record = replace(course.record, stage=stage, changed_at=now.at, words=words, due=due)
    return replace(course, record=record, act=act, wait=None)


def _ended(course: Course, judged: Outcome, now: Now) -> Course:
    return _to(course, now, judged.stage, judged.words, Act.WRITE)


def _held(course: Course) -> str:
    return f"{course.intent.verb.capitalize()} held"


def _looking(course: Course) -> str:
    return f"Looking once more before the {course.intent.verb} is sent…"


def _hold_begins(course: Course, _: Happening, __: Now) -> Course:
    return replace(course, act=Act.WAIT, kept=course.durable)


def _is_kept(course: Course, _: Happening, __: Now) -> Course:
    return replace(course, act=Act.LOOK, kept=True)


def _cannot_be_kept(course: Course, why: Happening, now: Now) -> Course:
    """End it unsent; say so to the disk as well, unless it never held it or another console has it now."""
    assert isinstance(why, NotWritten)
    known = course.kept or course.record.sends > 0
    ended = replace(_ended(_not_begun(course), not_kept(why.failure), now), failure=why.failure)
    return ended if known and why.failure.kind is not FailureKind.CONFLICT else replace(ended, act=Act.REST)


def _not_begun(course: Course) -> Course:
    """Count a request that was about to be sent out again."""
    begun_ones = course.record.sends - (course.stage is Stage.SENDING)
    return replace(course, record=replace(course.record, sends=begun_ones))


def _hold_ends(course: Course, _: Happening, now: Now) -> Course:
    if course.is_earlier:  # taken over first, so that no other console sends it as well
        taken = replace(course, record=replace(course.record, run=course.run))
        return replace(_to(taken, now, Stage.HELD, _held(course), Act.WRITE, due=now.at), wait=0.0)
    return replace(_to(course, now, Stage.CHECKING, _looking(course), Act.LOOK), missing=0)


def _taken_back(course: Course, _: Happening, now: Now) -> Course:
    return _ended(
        course, Outcome(Stage.TAKEN_BACK, f"Taken back: your {course.intent.verb} was not sent"), now
    )


def _looked_before(course: Course, read: Happening, now: Now) -> Course:
    assert isinstance(read, Read)
    course = replace(course, seen=read.seen)
    judged = before_sending(course.intent, read.seen, shown=course.shown, digest=course.record.shown)
    if judged is not None:
        return _ended(course, judged, now)
    record = replace(course.record, sends=course.record.sends + 1, status=None, server_request_id=None)
    return _to(replace(course, record=record), now, Stage.SENDING, doing(course.intent), Act.WRITE)


def _not_looked_before(course: Course, why: Happening, now: Now) -> Course:
    assert isinstance(why, NotRead)
    if why.failure.kind is FailureKind.NOT_FOUND and not course.missing:
        return replace(course, missing=1)
    return replace(_ended(course, not_read(why.failure), now), failure=why.failure)


def _goes_out(course: Course, _: Happening, now: Now) -> Course:
    return replace(course, act=Act.SEND, sent=now.steady, kept=False, failure=None, seen=None)


def _answered(course: Course, answer: Happening, now: Now) -> Course:
    assert isinstance(answer, Answered)
    failure = answer.failure
    course = replace(course, failure=failure)
    if failure is None:
        return replace(course, act=Act.LOOK, record=replace(course.record, status=200))
    server_id = None if failure.request_id is None else str(failure.request_id)
    record = replace(course.record, status=failure.status, server_request_id=server_id)
    course = replace(course, record=record)
    if course.again and failure.kind is FailureKind.NOT_SENT and course.unreached < len(AGAIN_AFTER):
        wait = AGAIN_AFTER[course.unreached]
        return _waits(replace(course, unreached=course.unreached + 1), now, wait, failure.title)
    if course.again and failure.kind is FailureKind.LIMITED and course.limited < LIMIT_WAITS:
        wait = LIMIT_PATIENCE if failure.retry_after is None else max(failure.retry_after, 1.0)
        return _waits(replace(course, limited=course.limited + 1), now, wait, "Rate limit")
    if failure.kind in _NO_LOOK:
        return _ended(course, outcome(course.intent, failure, None), now)
    return _to(course, now, Stage.VERIFYING, checking(failure), Act.LOOK)


def _waits(course: Course, now: Now, seconds: float, why: str) -> Course:
    due = now.at + timedelta(seconds=seconds)
    words = f"{why}: your {course.intent.verb} waits to be sent again"
    return replace(_to(course, now, Stage.WAITING, words, Act.WRITE, due=due), wait=seconds)


def _looked_after(course: Course, read: Happening, now: Now) -> Course:
    seen = read.seen if isinstance(read, Read) else None
    failure = course.failure
    course = replace(course, seen=seen)
    unsettled = may_settle(course.intent, failure, seen)
    if failure is not None and (unsettled or (seen is None and failure.kind in LOST)):
        waited = now.steady - course.sent
        mark = next((mark for mark in course.settle if mark > waited), None)
        if mark is not None:
            shows = f"still {seen.status}" if seen else "not to be read"
            words = f"{checking(failure)[:-1]}: {shows} at {clock_time(now.at)}…"
            return replace(_to(course, now, Stage.SETTLING, words, Act.WAIT), wait=mark - waited)
    return _ended(course, outcome(course.intent, failure, seen), now)


def _looks_again(course: Course, _: Happening, __: Now) -> Course:
    return replace(course, act=Act.LOOK, wait=None)


def _stays(course: Course, _: Happening, now: Now) -> Course:
    if course.kept:
        stage = course.stage if course.stage is Stage.WAITING else Stage.HELD
        return _to(course, now, stage, f"{_held(course)} for next time", Act.REST)
    return _ended(course, Outcome(Stage.UNSENT, _CLOSED), now)


def _too_late(course: Course, _: Happening, now: Now) -> Course:
    return _ended(_not_begun(course), Outcome(Stage.UNSENT, _CLOSED), now)


def _left_open(course: Course, _: Happening, now: Now) -> Course:
    accepted = course.act is Act.LOOK and course.failure is None
    return _ended(
        course, outcome(course.intent, None, None) if accepted else Outcome(Stage.UNKNOWN, UNKNOWN_WORDS), now
    )


def _rests(course: Course, _: Happening, __: Now) -> Course:
    return replace(course, act=Act.REST)


def _rests_unwritten(course: Course, why: Happening, _: Now) -> Course:
    assert isinstance(why, NotWritten)
    if course.stage is Stage.TAKEN_BACK and why.failure.kind is FailureKind.CONFLICT:
        record = replace(course.record, stage=Stage.ELSEWHERE, words=not_kept(why.failure).words)
    else:
        back = " and may be shown as held next time" if course.kept else ""
        words = f"{course.record.words} (not written down{back}: {why.failure.title})"
        record = replace(course.record, words=words)
    return replace(course, act=Act.REST, record=record)


_Step = Callable[[Course, Happening, Now], Course]
_AFTER: Final[Mapping[type, _Step]] = {Read: _looked_after, NotRead: _looked_after, Closed: _left_open}
_STEPS: Final[Mapping[tuple[Stage | None, Act], Mapping[type, _Step]]] = {
    (Stage.HELD, Act.WRITE): {Written: _hold_begins, NotWritten: _cannot_be_kept, Closed: _too_late},
    (Stage.HELD, Act.WAIT): {Due: _hold_ends, TakenBack: _taken_back, Closed: _stays},
    (Stage.CHECKING, Act.WRITE): {Written: _is_kept, NotWritten: _cannot_be_kept, Closed: _too_late},
    (Stage.CHECKING, Act.LOOK): {
        Read: _looked_before,
        NotRead: _not_looked_before,
        TakenBack: _taken_back,
        Closed: _stays,
    },
    (Stage.WAITING, Act.WRITE): {Written: _hold_begins, NotWritten: _cannot_be_kept, Closed: _too_late},
    (Stage.WAITING, Act.WAIT): {Due: _hold_ends, TakenBack: _taken_back, Closed: _stays},
    (Stage.SENDING, Act.WRITE): {Written: _goes_out, NotWritten: _cannot_be_kept, Closed: _too_late},
    (Stage.SENDING, Act.SEND): {Answered: _answered, Closed: _left_open},
    (Stage.SENDING, Act.LOOK): _AFTER,
    (Stage.VERIFYING, Act.LOOK): _AFTER,
    (Stage.SETTLING, Act.WAIT): {Due: _looks_again, Closed: _left_open},
    (Stage.SETTLING, Act.LOOK): _AFTER,
    (None, Act.WRITE): {Written: _rests, NotWritten: _rests_unwritten, Closed: _rests},
}
"""What may happen where, by stage (None: any final one) and by what is being done."""
