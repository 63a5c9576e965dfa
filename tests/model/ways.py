"""Ways of a decision through the machine, for the stories that begin somewhere on them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from review_tui.model.decisions import Intent, Stage
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.happenings import Act, Answered, Due, Happening, NotWritten, Now, Read, Written
from review_tui.model.machine import Course, begun, step
from review_tui.model.submissions import Detail, Verb, read_detail

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
RUN = "this run"


def now(seconds: float = 0.0) -> Now:
    return Now(NOON + timedelta(seconds=seconds), seconds)


def detail(status: str = "review", **more: Any) -> Detail:
    body = {"id": "k1", "submissionStatus": status, "fraudMatches": [], "extractedData": {"totalAmount": 18}}
    return read_detail(body | more)


def by_us(intent: Intent, status: str = "approved") -> Detail:
    return detail(status, events=[{"type": status, "actor": {}, "data": {"requestId": intent.request_id}}])


def failed(kind: FailureKind, **more: Any) -> Failure:
    return Failure(kind, kind.value.capitalize(), **more)


INTENT = Intent(Verb.APPROVE, "k1", NOON, request_id="r1")
SHOWN = detail()
LOST_ANSWER = Answered(failed(FailureKind.NO_ANSWER))
DISK_FULL = NotWritten(failed(FailureKind.LOCAL))
TAKEN_OVER = NotWritten(failed(FailureKind.CONFLICT))


def held(hold: float = 5.0, **more: Any) -> Course:
    return begun(INTENT, now(), hold=hold, shown=SHOWN, run=RUN, durable=True, **more)


def after(course: Course, *happenings: Happening, at: float = 0.0) -> Course:
    for happening in happenings:
        course = step(course, happening, now(at))
    return course


TO_SEND = (Written(), Due(), Read(SHOWN), Written())


def at(stage: Stage, act: Act) -> Course:
    """A course that stands there, reached by its way wherever there is one."""
    ways: dict[tuple[Stage, Act], tuple[Happening, ...]] = {
        (Stage.HELD, Act.WRITE): (),
        (Stage.HELD, Act.WAIT): (Written(),),
        (Stage.CHECKING, Act.LOOK): TO_SEND[:2],
        (Stage.SENDING, Act.WRITE): TO_SEND[:3],
        (Stage.SENDING, Act.SEND): TO_SEND,
        (Stage.SENDING, Act.LOOK): (*TO_SEND, Answered()),
        (Stage.WAITING, Act.WRITE): (*TO_SEND, Answered(failed(FailureKind.LIMITED))),
        (Stage.WAITING, Act.WAIT): (*TO_SEND, Answered(failed(FailureKind.LIMITED)), Written()),
        (Stage.VERIFYING, Act.LOOK): (*TO_SEND, LOST_ANSWER),
        (Stage.SETTLING, Act.WAIT): (*TO_SEND, LOST_ANSWER, Read(SHOWN)),
        (Stage.SETTLING, Act.LOOK): (*TO_SEND, LOST_ANSWER, Read(SHOWN), Due()),
    }
    if (stage, act) == (Stage.CHECKING, Act.WRITE):
        return held(0.0)
    if (way := ways.get((stage, act))) is not None:
        return after(held(), *way)
    course = after(held(), Written())
    return replace(course, act=act, record=replace(course.record, stage=stage))
