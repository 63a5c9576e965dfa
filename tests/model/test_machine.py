"""The decision machine: every stage against everything that can happen, and what must hold on every way."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from review_tui.model.decisions import Stage
from review_tui.model.failures import FailureKind
from review_tui.model.happenings import (
    Act,
    Answered,
    Closed,
    Due,
    Happening,
    NotRead,
    NotWritten,
    Read,
    TakenBack,
    Written,
)
from review_tui.model.machine import (
    AGAIN_AFTER,
    CORRECT_AFTER,
    LIMIT_PATIENCE,
    LIMIT_WAITS,
    SETTLE,
    Course,
    ImpossibleStep,
    begun,
    corrected,
    resumed,
    step,
)
from review_tui.model.outcomes import LOST
from review_tui.model.submissions import Detail
from tests.model.ways import (
    DISK_FULL,
    INTENT,
    LOST_ANSWER,
    NOON,
    RUN,
    SHOWN,
    TAKEN_OVER,
    TO_SEND,
    after,
    at,
    by_us,
    detail,
    failed,
    held,
    now,
)

HAPPENINGS: tuple[Happening, ...] = (
    Written(),
    DISK_FULL,
    Due(),
    TakenBack(),
    Read(SHOWN),
    NotRead(failed(FailureKind.NO_ANSWER)),
    Answered(),
    Closed(),
)
FINAL = [stage for stage in Stage if stage.is_final]
POSSIBLE: dict[tuple[Stage, Act], set[type]] = {
    (Stage.HELD, Act.WRITE): {Written, NotWritten, Closed},
    (Stage.HELD, Act.WAIT): {Due, TakenBack, Closed},
    (Stage.CHECKING, Act.WRITE): {Written, NotWritten, Closed},
    (Stage.CHECKING, Act.LOOK): {Read, NotRead, TakenBack, Closed},
    (Stage.WAITING, Act.WRITE): {Written, NotWritten, Closed},
    (Stage.WAITING, Act.WAIT): {Due, TakenBack, Closed},
    (Stage.SENDING, Act.WRITE): {Written, NotWritten, Closed},
    (Stage.SENDING, Act.SEND): {Answered, Closed},
    (Stage.SENDING, Act.LOOK): {Read, NotRead, Closed},
    (Stage.VERIFYING, Act.LOOK): {Read, NotRead, Closed},
    (Stage.SETTLING, Act.WAIT): {Due, Closed},
    (Stage.SETTLING, Act.LOOK): {Read, NotRead, Closed},
    **{(stage, Act.WRITE): {Written, NotWritten, Closed} for stage in FINAL},
}


def stepped(course: Course, happening: Happening) -> Course | None:
    """Return what comes of a happening; None where it is refused."""
    try:
        return step(course, happening, now(1.0))
    except ImpossibleStep:
        return None


@pytest.mark.parametrize("stage", Stage)
def test_what_cannot_happen_is_refused_and_all_else_is_taken(stage: Stage) -> None:
    for act, happening in product(Act, HAPPENINGS):
        course = at(stage, act)
        taken = stepped(course, happening)
        if type(happening) in POSSIBLE.get((stage, act), set()):
            assert taken is not None, (act, happening)
            assert taken != course, (act, happening)
        else:
            assert taken is None, (act, happening)


def test_the_good_way_from_the_key_to_the_truth() -> None:
    course = held()
    assert (course.stage, course.act, course.record.due) == (
        Stage.HELD,
        Act.WRITE,
        NOON + timedelta(seconds=5),
    )
    course = after(course, Written())
    assert (course.act, course.wait) == (Act.WAIT, 5.0)
    course = after(course, Due())
    assert (course.stage, course.act, course.record.due) == (Stage.CHECKING, Act.LOOK, None)
    course = after(course, Read(SHOWN))
    assert (course.stage, course.act, course.record.sends) == (Stage.SENDING, Act.WRITE, 1)
    course = after(course, Written(), Answered())
    assert (course.stage, course.act) == (Stage.SENDING, Act.LOOK)
    course = after(course, Read(detail("approved")))
    assert (course.stage, course.act, course.record.words) == (Stage.DONE, Act.WRITE, "Approved")
    assert after(course, Written()).act is Act.REST


def test_what_is_held_until_told_waits_however_long_that_takes() -> None:
    course = begun(INTENT, now(), hold=None, shown=SHOWN, run=RUN, durable=True)
    assert (course.stage, course.act, course.wait, course.record.due) == (Stage.HELD, Act.WRITE, None, None)
    waiting = after(course, Written())
    assert (waiting.stage, waiting.act, waiting.wait) == (Stage.HELD, Act.WAIT, None)
    assert after(waiting, Due()).stage is Stage.CHECKING
    assert after(waiting, TakenBack()).stage is Stage.TAKEN_BACK


def test_without_a_journal_and_a_hold_it_is_looked_at_first() -> None:
    course = begun(INTENT, now())
    assert (course.stage, course.act, course.kept) == (Stage.CHECKING, Act.LOOK, False)


@pytest.mark.parametrize(
    ("fresh", "stage", "words"),
    [
        (detail(extractedData={"totalAmount": 99}), Stage.CHANGED, "totalAmount was 18, is 99"),
        (detail(fraudMatches=[{"id": "m"}]), Stage.CHANGED, "new fraud match"),
        (detail("approved"), Stage.ELSEWHERE, "Already approved by someone else"),
        (detail("rejected", rejectReason="a copy"), Stage.ELSEWHERE, "a copy. Your approve was not sent"),
        (detail("archived"), Stage.UNSENT, "it is archived now"),
    ],
)
def test_what_changed_since_it_was_shown_is_not_sent(fresh: Detail, stage: Stage, words: str) -> None:
    course = after(held(), Written(), Due(), Read(fresh))
    assert (course.stage, course.act, course.record.sends) == (stage, Act.WRITE, 0)
    assert words in course.record.words


def test_what_cannot_be_read_anew_is_not_sent() -> None:
    course = after(held(), Written(), Due(), NotRead(failed(FailureKind.NO_ANSWER)))
    assert (course.stage, course.record.sends) == (Stage.UNSENT, 0)
    assert course.record.words == "Not sent, it could not be read anew: No answer"


def test_what_is_not_found_is_asked_for_once_more() -> None:
    gone = NotRead(failed(FailureKind.NOT_FOUND))
    once = after(held(), Written(), Due(), gone)
    assert (once.stage, once.act) == (Stage.CHECKING, Act.LOOK)
    assert after(once, Read(SHOWN)).stage is Stage.SENDING
    assert after(once, gone).record.words == "No longer visible to this key"


def test_what_cannot_be_written_down_is_not_sent() -> None:
    refused = after(held(), DISK_FULL)
    assert (refused.stage, refused.act, refused.record.words) == (Stage.UNSENT, Act.REST, "Not sent: Local")
    before_sending = after(held(), *TO_SEND[:3], DISK_FULL)
    assert (before_sending.stage, before_sending.act) == (Stage.UNSENT, Act.WRITE), "it must not stay held"
    assert before_sending.record.sends == 0
    words = after(before_sending, DISK_FULL).record.words
    assert words == "Not sent: Local (not written down and may be shown as held next time: Local)"


def test_what_another_console_has_taken_over_is_left_to_it() -> None:
    course = after(held(), *TO_SEND[:3], TAKEN_OVER)
    assert (course.stage, course.act) == (Stage.UNSENT, Act.REST)
    assert course.record.words == "Not sent from here: Conflict"
    back = after(held(), Written(), TakenBack(), TAKEN_OVER)
    assert back.stage is Stage.ELSEWHERE, "it cannot be promised that it is not sent"


@pytest.mark.parametrize("stage", [Stage.HELD, Stage.CHECKING, Stage.WAITING])
def test_it_may_be_taken_back_until_it_is_sent(stage: Stage) -> None:
    act = Act.LOOK if stage is Stage.CHECKING else Act.WAIT
    course = after(at(stage, act), TakenBack())
    assert (course.stage, course.act) == (Stage.TAKEN_BACK, Act.WRITE)


def test_a_rate_limit_is_waited_for_twice_and_each_time_looked_at_anew() -> None:
    course = after(held(), *TO_SEND)
    for _ in range(LIMIT_WAITS):
        course = after(course, Answered(failed(FailureKind.LIMITED, retry_after=41.0, status=429)))
        assert (course.stage, course.act, course.wait) == (Stage.WAITING, Act.WRITE, 41.0)
        assert (course.record.status, course.record.due) == (429, NOON + timedelta(seconds=41))
        course = after(course, Written(), Due())
        assert (course.stage, course.act) == (Stage.CHECKING, Act.LOOK)
        course = after(course, Read(SHOWN), Written())
    course = after(course, Answered(failed(FailureKind.LIMITED)))
    assert (course.stage, course.record.sends) == (Stage.REFUSED, LIMIT_WAITS + 1)


def test_a_rate_limit_without_a_time_is_waited_for_patiently() -> None:
    assert after(held(), *TO_SEND, Answered(failed(FailureKind.LIMITED))).wait == LIMIT_PATIENCE
    assert after(held(), *TO_SEND, Answered(failed(FailureKind.LIMITED, retry_after=0.0))).wait == 1.0


def test_what_never_left_is_tried_again_three_times() -> None:
    course = after(held(), *TO_SEND)
    for wait in AGAIN_AFTER:
        course = after(course, Answered(failed(FailureKind.NOT_SENT)))
        assert (course.stage, course.wait) == (Stage.WAITING, wait)
        course = after(course, *TO_SEND)
    course = after(course, Answered(failed(FailureKind.NOT_SENT)))
    assert (course.stage, course.act) == (Stage.UNSENT, Act.WRITE)


@pytest.mark.parametrize("kind", [FailureKind.NOT_SENT, FailureKind.LIMITED])
def test_whoever_waits_at_the_other_end_is_told_at_once(kind: FailureKind) -> None:
    assert after(held(again=False), *TO_SEND, Answered(failed(kind))).stage.is_final


def test_an_untrusted_server_gets_no_second_attempt() -> None:
    assert after(held(), *TO_SEND, Answered(failed(FailureKind.UNTRUSTED))).stage is Stage.UNSENT


def test_a_lost_answer_is_looked_up_until_it_cannot_land_any_more() -> None:
    course = after(held(), *TO_SEND, LOST_ANSWER)
    seconds = 0.0
    for mark in SETTLE:
        course = after(course, Read(SHOWN), at=seconds)
        assert (course.stage, course.act) == (Stage.SETTLING, Act.WAIT)
        assert course.wait == mark - seconds
        seconds = mark
        course = after(course, Due(), at=seconds)
    assert after(course, Read(SHOWN), at=seconds).stage is Stage.NOT_DONE
    assert after(course, NotRead(failed(FailureKind.SERVER)), at=seconds).stage is Stage.UNKNOWN
    assert after(course, Read(by_us(INTENT)), at=seconds).stage is Stage.DONE


def test_closing_keeps_what_is_held_and_calls_unknown_what_is_out() -> None:
    kept = after(held(), Written(), Closed())
    assert (kept.stage, kept.act) == (Stage.HELD, Act.REST)
    assert after(held(), Written(), Due(), Closed()).stage is Stage.HELD
    assert after(begun(INTENT, now()), Closed()).stage is Stage.UNSENT
    assert after(held(), *TO_SEND[:3], Closed()).stage is Stage.UNSENT
    assert after(held(), *TO_SEND, Closed()).stage is Stage.UNKNOWN
    assert after(held(), *TO_SEND, Answered(), Closed()).stage is Stage.DONE
    assert after(held(), *TO_SEND, LOST_ANSWER, Closed()).stage is Stage.UNKNOWN
    waiting = after(held(), *TO_SEND, Answered(failed(FailureKind.LIMITED)), Written(), Closed())
    assert (waiting.stage, waiting.act) == (Stage.WAITING, Act.REST)


@pytest.mark.parametrize("stage", [Stage.HELD, Stage.CHECKING, Stage.WAITING])
def test_what_an_earlier_run_held_waits_for_the_person_and_is_taken_over_first(stage: Stage) -> None:
    left = replace(held().record, stage=stage, run="an earlier run")
    course = resumed(left, now(), run=RUN)
    assert (course.stage, course.act, course.wait, course.record.due) == (Stage.HELD, Act.WAIT, None, None)
    assert course.standing.earlier
    course = after(course, Due())
    assert (course.stage, course.act, course.record.run) == (Stage.HELD, Act.WRITE, RUN)
    course = after(course, Written(), Due(), Read(detail(extractedData={})))
    assert course.record.words == "Not sent, it changed: its data changed"


@pytest.mark.parametrize("stage", [Stage.SENDING, Stage.VERIFYING, Stage.SETTLING])
def test_what_an_earlier_run_sent_is_verified_and_never_sent_again(stage: Stage) -> None:
    left = replace(at(Stage.SENDING, Act.SEND).record, stage=stage, run="an earlier run")
    course = resumed(left, now(10.0), run=RUN)
    assert (course.stage, course.act) == (Stage.VERIFYING, Act.LOOK)
    settling = after(course, Read(SHOWN), at=10.0)
    assert (settling.stage, settling.wait) == (Stage.SETTLING, 15.0)
    late = resumed(left, now(3_600.0), run=RUN)
    assert after(late, Read(SHOWN), at=3_600.0).stage is Stage.NOT_DONE
    assert after(late, Read(by_us(INTENT)), at=3_600.0).stage is Stage.DONE


@pytest.mark.parametrize("stage", [Stage.UNKNOWN, Stage.NOT_DONE])
def test_an_end_that_was_not_seen_is_corrected_by_a_later_reading(stage: Stage) -> None:
    left = replace(held().record, stage=stage)
    course = resumed(left, now(), run=RUN)
    assert course.act is Act.REST
    late = corrected(course, by_us(INTENT), now())
    assert (late.stage, late.act) == (Stage.DONE, Act.WRITE)
    assert "approve arrived late: Approved" in late.record.words
    by_another = corrected(course, by_us(replace(INTENT, request_id="r2")), now())
    assert by_another.stage is (Stage.ELSEWHERE if stage is Stage.UNKNOWN else Stage.NOT_DONE)


def test_an_unknown_end_is_called_not_done_only_once_it_cannot_land_any_more() -> None:
    unknown = after(held(), *TO_SEND, LOST_ANSWER, Closed(), Written())
    assert corrected(unknown, SHOWN, now(CORRECT_AFTER - 0.1)) is unknown
    assert corrected(unknown, SHOWN, now(CORRECT_AFTER)).stage is Stage.NOT_DONE


@pytest.mark.parametrize("stage", [stage for stage in FINAL if not stage.may_be_corrected])
def test_what_has_ended_stays_as_it_is(stage: Stage) -> None:
    course = replace(at(stage, Act.REST), failure=failed(FailureKind.NO_ANSWER))
    assert corrected(course, by_us(INTENT), now(100.0)) is course


FAILURES = some.sampled_from([failed(kind) for kind in FailureKind])
DETAILS = some.sampled_from(
    [SHOWN, detail("approved"), by_us(INTENT), detail("rejected"), detail(extractedData={}), detail("odd")]
)
ANYTHING = some.one_of(
    some.sampled_from([Written(), Due(), TakenBack()]),
    some.builds(NotWritten, FAILURES),
    some.builds(Read, DETAILS),
    some.builds(NotRead, FAILURES),
    some.builds(Answered, some.none() | FAILURES),
    some.just(Closed()),
)


@settings(max_examples=400)
@given(some.sampled_from([0.0, 5.0]), some.booleans(), some.lists(ANYTHING, max_size=60))
def test_on_every_way_it_is_sent_only_when_that_is_safe(
    hold: float,
    durable: bool,  # noqa: FBT001 – drawn
    happenings: list[Happening],
) -> None:
    course = begun(INTENT, now(), hold=hold, shown=SHOWN, run=RUN, durable=durable)
    seconds, sends, proved = 0.0, 0, 0
    written: Course | None = None
    for happening in happenings:
        seconds += 1.0
        before = course
        try:
            course = step(course, happening, now(seconds))
        except ImpossibleStep:
            continue
        written = before if isinstance(happening, Written) else written
        if course.act is Act.SEND and before.act is not Act.SEND:
            sends += 1
            assert written is before, "written down just before"
            assert before.stage is Stage.SENDING
        if isinstance(happening, Answered) and happening.failure is not None:
            proved += happening.failure.kind in {FailureKind.NOT_SENT, FailureKind.LIMITED}
            lost = happening.failure.kind in LOST
            assert not (lost and course.stage in {Stage.NOT_DONE, Stage.REFUSED}), "looked up first"
        assert sends <= 1 + proved
        assert sends <= 1 + LIMIT_WAITS + len(AGAIN_AFTER)
        assert not (before.stage.is_final and not course.stage.is_final), "an end is an end"
        if course.stage is Stage.TAKEN_BACK:
            assert sends == proved, "nothing of it counts"
