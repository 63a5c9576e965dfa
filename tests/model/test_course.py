"""What a decision under way tells the person, keeps for the record and remembers from step to step."""

from dataclasses import replace
from datetime import timedelta

import pytest

from review_tui.model.decisions import Intent, Stage
from review_tui.model.failures import FailureKind
from review_tui.model.happenings import (
    Act,
    Answered,
    Closed,
    Due,
    NotRead,
    Now,
    Read,
    TakenBack,
    Written,
)
from review_tui.model.machine import CORRECT_AFTER, ImpossibleStep, begun, corrected, resumed, step
from review_tui.model.outcomes import UNKNOWN_WORDS, clock_time
from review_tui.model.submissions import Verb
from review_tui.model.text import Shown
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

LIMITED = Answered(failed(FailureKind.LIMITED, retry_after=41.0))
SENT = replace(at(Stage.SENDING, Act.SEND).record, run="an earlier run")


def test_each_step_says_what_goes_on() -> None:
    assert held().record.words == "Approve held"
    looking = after(held(), *TO_SEND[:2])
    assert looking.record.words == "Looking once more before the approve is sent…"
    assert held(0.0).record.words == "Looking once more before the approve is sent…"
    assert after(held(), *TO_SEND).record.words == "Approving…"
    back = after(held(), Written(), TakenBack())
    assert back.record.words == "Taken back: your approve was not sent"


def test_waiting_to_be_sent_again_says_why() -> None:
    limited = after(held(), *TO_SEND, LIMITED)
    assert limited.record.words == "Rate limit: your approve waits to be sent again"
    unreached = after(held(), *TO_SEND, Answered(failed(FailureKind.NOT_SENT)))
    assert unreached.record.words == "Not sent: your approve waits to be sent again"


def test_looking_up_a_lost_answer_says_what_shows_and_when() -> None:
    lost = after(held(), *TO_SEND, LOST_ANSWER)
    assert lost.record.words == "No answer, checking whether it counted…"
    time = clock_time(NOON)
    still = after(lost, Read(SHOWN))
    assert still.record.words == f"No answer, checking whether it counted: still review at {time}…"
    unread = after(lost, NotRead(failed(FailureKind.SERVER)))
    assert unread.stage is Stage.SETTLING
    assert unread.record.words == f"No answer, checking whether it counted: not to be read at {time}…"


def test_a_conflict_that_cannot_be_read_is_unknown_at_once() -> None:
    refused = after(held(), *TO_SEND, Answered(failed(FailureKind.CONFLICT)))
    assert refused.record.words == "Refused, checking why…"
    assert after(refused, NotRead(failed(FailureKind.SERVER))).stage is Stage.UNKNOWN


@pytest.mark.parametrize("kind", FailureKind)
def test_only_an_answer_that_leaves_no_question_is_not_looked_up(kind: FailureKind) -> None:
    course = after(held(again=False), *TO_SEND, Answered(failed(kind)))
    told = {
        "not sent",
        "not sent, server untrusted",
        "local",
        "key not accepted",
        "forbidden",
        "rate limited",
    }
    assert course.stage.is_final is (kind.value in told)
    assert course.act is (Act.WRITE if kind.value in told else Act.LOOK)


def test_closing_says_what_becomes_of_it() -> None:
    assert after(held(), Written(), Closed()).record.words == "Approve held for next time"
    waiting = after(held(), *TO_SEND, LIMITED, Written(), Closed())
    assert waiting.record.words == "Approve held for next time"
    not_sent = "Not sent: the console was closed first"
    assert after(begun(INTENT, now()), Closed()).record.words == not_sent
    before = after(held(), *TO_SEND[:3], Closed())
    assert (before.record.words, before.record.sends) == (not_sent, 0)
    assert after(held(), *TO_SEND, Closed()).record.words == UNKNOWN_WORDS
    assert after(held(), *TO_SEND, Answered(), Closed()).record.words == "Approved (not read back yet)"


def test_what_could_not_be_written_down_at_its_end_says_so() -> None:
    ended = after(held(), *TO_SEND, Answered(), Read(detail("approved")))
    assert after(ended, DISK_FULL).record.words == "Approved (not written down: Local)"
    back = after(held(), Written(), TakenBack(), DISK_FULL)
    assert back.record.words == (
        "Taken back: your approve was not sent (not written down and may be shown as held next time: Local)"
    )
    taken = after(held(), Written(), TakenBack(), TAKEN_OVER)
    assert taken.record.words == "Not sent from here: Conflict"
    never_kept = after(begun(INTENT, now(), shown=SHOWN), Read(detail("rejected")), DISK_FULL)
    assert never_kept.record.words.endswith("Your approve was not sent (not written down: Local)")
    assert all(course.act is Act.REST for course in (back, taken, never_kept))


def test_what_was_taken_back_while_it_waited_for_the_rate_limit_may_come_back_too() -> None:
    """The disk still says that it waits, though it was sent once and refused."""
    waiting = after(held(), *TO_SEND, LIMITED, Written())
    assert after(waiting, TakenBack(), DISK_FULL).record.words == (
        "Taken back: your approve was not sent (not written down and may be shown as held next time: Local)"
    )


def test_what_was_sent_does_not_come_back_as_held_where_its_end_is_not_written_down() -> None:
    done = after(held(), *TO_SEND, Answered(), Read(by_us(INTENT)), DISK_FULL)
    assert done.record.words == "Approved (not written down: Local)"
    looked_up = resumed(SENT, now(), run=RUN)
    assert after(looked_up, Read(by_us(INTENT)), DISK_FULL).record.words.endswith("(not written down: Local)")


def test_why_it_could_not_be_written_down_stays_with_it() -> None:
    for course in (after(held(), DISK_FULL), after(held(), *TO_SEND[:3], DISK_FULL)):
        assert course.failure == DISK_FULL.failure
        assert (course.record.words, course.record.changed_at) == ("Not sent: Local", NOON)


def test_what_was_sent_once_is_told_to_the_disk_when_it_cannot_go_out_again() -> None:
    again = after(held(), *TO_SEND, LIMITED, DISK_FULL)
    assert (again.stage, again.act, again.record.sends) == (Stage.UNSENT, Act.WRITE, 1)
    without_a_hold = after(begun(INTENT, now()), Read(SHOWN), Written(), LIMITED, DISK_FULL)
    assert (without_a_hold.act, without_a_hold.record.sends) == (Act.WRITE, 1)


def test_each_step_is_dated() -> None:
    course = after(held(), Written())
    assert course.record.changed_at == NOON
    course = after(course, Due(), at=1.0)
    assert course.record.changed_at == NOON + timedelta(seconds=1)
    course = after(course, Read(SHOWN), at=2.0)
    assert course.record.changed_at == NOON + timedelta(seconds=2)
    course = after(course, Closed(), at=3.0)
    assert course.record.changed_at == NOON + timedelta(seconds=3)


def test_the_record_begins_with_what_was_shown() -> None:
    course = begun(INTENT, now(), hold=5.0, shown=detail(extractedData={"merchantName": "Łąka"}), run=RUN)
    assert (course.record.subject, course.record.run, course.is_earlier) == ("Łąka", RUN, False)
    assert course.record.merchant == "Łąka"
    assert (course.intent, course.record.sends, course.failure) == (INTENT, 0, None)
    assert after(course, Written(), Closed()).stage is Stage.UNSENT, "nothing durable holds it"
    blind = begun(INTENT, now())
    assert (blind.record.subject, blind.record.shown, blind.standing.earlier) == ("", "", False)
    assert blind.record.merchant == ""


def test_a_judgement_begins_with_its_own_match_alone() -> None:
    shown = detail(fraudMatches=[{"id": "m1"}, {"id": "m2"}])
    intent = Intent(Verb.RESOLVE, "k1", NOON, match_id="m1")
    course = begun(intent, now(), hold=5.0, shown=shown)
    assert course.shown is not None
    assert [match.id for match in course.shown.fraud_matches or ()] == ["m1"]


def test_the_standing_is_the_whole_of_what_is_told() -> None:
    lost = after(held(), *TO_SEND, LOST_ANSWER)
    seen = detail("approved")
    standing = after(lost, Read(seen)).standing
    assert (standing.intent, standing.stage, standing.earlier) == (INTENT, Stage.DONE, False)
    assert (standing.failure, standing.detail, standing.due) == (LOST_ANSWER.failure, seen, None)
    assert standing.words == "Approved (read back; by whom cannot be told)"
    assert held().standing.due == NOON + timedelta(seconds=5)
    named = begun(INTENT, now(), hold=1.0, shown=detail(extractedData={"merchantName": "Łąka"}))
    assert named.standing.subject == "Łąka"


def test_a_reading_before_sending_is_told_with_what_changed() -> None:
    fresh = detail("rejected", rejectReason="a copy")
    course = after(held(), *TO_SEND[:2], Read(fresh))
    assert course.standing.detail == fresh
    gone = after(held(), *TO_SEND[:2], NotRead(failed(FailureKind.SERVER)))
    assert gone.standing.failure == failed(FailureKind.SERVER)


def test_the_answer_is_kept_for_the_record() -> None:
    assert after(held(), *TO_SEND, Answered()).record.status == 200
    failure = failed(FailureKind.SERVER, status=502, request_id=Shown("req_1"))
    lost = after(held(), *TO_SEND, Answered(failure))
    assert (lost.record.status, lost.record.server_request_id) == (502, "req_1")
    assert after(held(), *TO_SEND, LOST_ANSWER).record.server_request_id is None


def test_what_an_attempt_brought_is_forgotten_by_the_next() -> None:
    failure = failed(FailureKind.LIMITED, status=429, request_id=Shown("req_1"))
    again = after(held(), *TO_SEND, Answered(failure), *TO_SEND[:3])
    assert (again.record.status, again.record.server_request_id, again.record.sends) == (None, None, 2)
    out = after(again, Written())
    assert (out.standing.failure, out.standing.detail) == (None, None)


def test_what_is_not_found_is_asked_for_once_more_before_each_attempt() -> None:
    gone = NotRead(failed(FailureKind.NOT_FOUND))
    course = after(held(), *TO_SEND[:2], gone, *TO_SEND[2:], LIMITED, *TO_SEND[:2], gone)
    assert (course.stage, course.act) == (Stage.CHECKING, Act.LOOK)
    assert after(course, gone).stage is Stage.UNSENT


def test_how_long_it_may_still_land_is_counted_from_when_it_was_sent() -> None:
    lost = after(held(), *TO_SEND, LOST_ANSWER, at=100.0)
    settling = after(lost, Read(SHOWN), at=101.0)
    assert settling.wait == 2.0
    assert after(settling, Due(), at=103.0).wait is None
    assert after(lost, Read(SHOWN), at=145.0).stage is Stage.NOT_DONE
    unknown = after(lost, Closed(), Written(), at=101.0)
    assert corrected(unknown, SHOWN, now(100.0 + CORRECT_AFTER - 0.1)) is unknown
    assert corrected(unknown, SHOWN, now(100.0 + CORRECT_AFTER)).stage is Stage.NOT_DONE


def test_how_long_one_settles_is_up_to_whoever_begins_it() -> None:
    course = after(held(settle=(1.0,)), *TO_SEND, LOST_ANSWER, Read(SHOWN))
    assert course.wait == 1.0
    taken_up = after(resumed(SENT, now(), run=RUN, settle=(1.0,)), Read(SHOWN))
    assert taken_up.wait == 1.0
    assert after(taken_up, Due(), Read(SHOWN), at=1.0).stage is Stage.NOT_DONE


def test_the_clock_of_another_run_counts_by_the_wall() -> None:
    course = resumed(SENT, Now(NOON + timedelta(seconds=10), 1_000.0), run=RUN)
    settling = step(course, Read(SHOWN), Now(NOON + timedelta(seconds=10), 1_000.0))
    assert settling.wait == 15.0
    turned_back = Now(NOON - timedelta(hours=1), 0.0)
    assert step(resumed(SENT, turned_back, run=RUN), Read(SHOWN), turned_back).wait == 3.0


def test_what_another_run_left_says_so() -> None:
    left = replace(held().record, run="an earlier run")
    assert resumed(left, now(), run=RUN).record.words == "From last time: approve held"
    taken_up = resumed(SENT, now(), run=RUN)
    assert taken_up.record.words == "From last time: checking whether it counted…"
    assert taken_up.standing.failure is not None
    assert after(taken_up, Read(by_us(INTENT))).record.words == "Approved (the answer was lost, read back)"


def test_what_another_run_left_may_be_left_once_more() -> None:
    course = resumed(replace(held().record, run="an earlier run"), now(), run=RUN)
    again = after(course, Closed())
    assert (again.stage, again.act, again.record.words) == (
        Stage.HELD,
        Act.REST,
        "Approve held for next time",
    )
    taken_over = after(course, Due(), at=3.0)
    assert (taken_over.wait, taken_over.record.words) == (0.0, "Approve held")
    assert taken_over.record.due == NOON + timedelta(seconds=3)
    assert after(taken_over, Written(), Closed()).stage is Stage.HELD


def test_a_correction_says_whose_it_was() -> None:
    unknown = resumed(replace(held().record, stage=Stage.UNKNOWN), now(), run=RUN)
    late = corrected(unknown, by_us(INTENT), now(7.0))
    assert late.record.words == f"Your {clock_time(NOON)} approve arrived late: Approved"
    assert late.record.changed_at == NOON + timedelta(seconds=7)
    seen = detail("approved")
    untold = corrected(unknown, seen, now())
    assert untold.record.words == "Approved (read back; by whom cannot be told)"
    assert untold.standing.detail == seen
    assert corrected(unknown, detail("archived"), now()) is unknown
    not_written_yet = after(held(), *TO_SEND, LOST_ANSWER, Closed())
    assert corrected(not_written_yet, by_us(INTENT), now()) is not_written_yet


def test_an_impossible_step_is_named() -> None:
    with pytest.raises(ImpossibleStep, match=r"^held, write the record down, durably: TakenBack$"):
        step(held(), TakenBack(), now())
