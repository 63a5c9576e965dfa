"""What became of a decision: the table of answers and of what is read back, row by row."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.failures import Failure, FailureKind, FieldProblem
from review_tui.model.outcomes import (
    LOST,
    NEVER_LEFT,
    NOT_APPLIED,
    UNKNOWN_WORDS,
    checking,
    clock_time,
    doing,
    may_settle,
    outcome,
)
from review_tui.model.submissions import SubmissionStatus, Verb
from review_tui.model.text import Shown
from tests.model.answers import DECIDED, PAST, TIME, failure, intent, matched, seen


def stage(*judged: Any) -> Stage:
    return outcome(*judged).stage


@pytest.mark.parametrize(
    ("verb", "status"),
    [*DECIDED.items(), (Verb.APPROVE, "synced")],
)
def test_accepted_and_read_back_is_done(verb: Verb, status: str) -> None:
    judged = outcome(intent(verb), None, seen(status))
    assert judged.stage is Stage.DONE
    assert judged.words == DECIDED[verb].capitalize()


def test_a_match_says_how_it_was_judged() -> None:
    judged = outcome(intent(Verb.RESOLVE), None, matched(resolution="false_positive"))
    assert judged.words == "Match judged: a false positive"


def test_accepted_but_not_read_back_is_done_and_says_so() -> None:
    assert outcome(intent(Verb.APPROVE), None, None).words == "Approved (not read back yet)"


def test_accepted_but_still_to_be_decided_is_unknown() -> None:
    judged = outcome(intent(Verb.APPROVE), None, seen("review"))
    assert judged.stage is Stage.UNKNOWN
    assert "still review" in judged.words


def test_accepted_and_meanwhile_moved_on_is_done() -> None:
    assert outcome(intent(Verb.APPROVE), None, seen("failed")).words == "Approved; meanwhile it is failed"


@pytest.mark.parametrize("kind", sorted(NEVER_LEFT))
@pytest.mark.parametrize("after", [None, "review", "rejected"])
def test_what_never_left_is_unsent_whatever_shows(kind: FailureKind, after: str | None) -> None:
    judged = outcome(intent(Verb.APPROVE), failure(kind), seen(after) if after else None)
    assert judged.stage is Stage.UNSENT
    assert judged.words == "It failed. Because"


@pytest.mark.parametrize("kind", sorted(NOT_APPLIED))
@pytest.mark.parametrize("after", [None, "review"])
def test_what_the_server_says_it_did_not_do_is_refused(kind: FailureKind, after: str | None) -> None:
    assert stage(intent(Verb.APPROVE), failure(kind), seen(after) if after else None) is Stage.REFUSED


def test_a_refusal_speaks_in_the_fields_own_words() -> None:
    problem = FieldProblem(Shown.of("reason"), Shown.of("must not be blank"))
    refused = failure(FailureKind.INVALID, problems=(problem,))
    assert outcome(intent(Verb.REJECT), refused, seen("review")).words == "reason: must not be blank"


def test_a_rate_limit_says_when_to_try_again() -> None:
    limited = failure(FailureKind.LIMITED, retry_after=41.0)
    assert outcome(intent(Verb.CANCEL), limited, seen("review")).words == (
        "Rate limit: your cancel was not taken, try again in 41 s"
    )


def test_a_submission_that_vanished_is_said_to() -> None:
    judged = outcome(intent(Verb.APPROVE), failure(FailureKind.NOT_FOUND), None)
    assert judged.words == "No longer visible to this key"


@pytest.mark.parametrize("kind", sorted(LOST | {FailureKind.CONFLICT}))
def test_without_a_reading_a_lost_answer_is_unknown(kind: FailureKind) -> None:
    judged = outcome(intent(Verb.APPROVE), failure(kind), None)
    assert (judged.stage, judged.words) == (Stage.UNKNOWN, UNKNOWN_WORDS)


@pytest.mark.parametrize("kind", sorted(LOST | {FailureKind.CONFLICT}))
@pytest.mark.parametrize("word", ["Approved", "escalated"])
def test_a_status_that_nobody_knows_does_not_tell_what_became_of_it(kind: FailureKind, word: str) -> None:
    assert stage(intent(Verb.APPROVE), failure(kind), seen(word)) is Stage.UNKNOWN
    assert outcome(intent(Verb.APPROVE), None, seen(word)).words == f"Approved; meanwhile it is {word}"


@pytest.mark.parametrize("kind", sorted(LOST))
@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.REJECT, Verb.CANCEL])
def test_a_lost_answer_over_a_submission_still_in_review_is_not_done(kind: FailureKind, verb: Verb) -> None:
    assert may_settle(intent(verb), failure(kind), seen("review"))
    judged = outcome(intent(verb), failure(kind), seen("review"))
    assert judged.stage is Stage.NOT_DONE
    assert "still review" in judged.words


def test_a_refusal_or_a_decided_submission_needs_no_settling() -> None:
    assert not may_settle(intent(Verb.APPROVE), failure(FailureKind.CONFLICT), seen("review"))
    assert not may_settle(intent(Verb.APPROVE), failure(FailureKind.NO_ANSWER), seen("approved"))
    assert not may_settle(intent(Verb.APPROVE), None, seen("review"))


@pytest.mark.parametrize("kind", sorted(LOST | {FailureKind.CONFLICT}))
@pytest.mark.parametrize("verb", list(Verb))
def test_a_lost_answer_with_our_request_id_is_done(kind: FailureKind, verb: Verb) -> None:
    meant = intent(verb)
    event = {"type": PAST[verb], "data": {"requestId": meant.request_id, "matchId": "m1"}}
    shown = seen(DECIDED.get(verb, "review"), event=event)
    if verb is Verb.RESOLVE:
        shown = replace(shown, fraud_matches=matched(resolution="false_positive").fraud_matches)
    assert stage(meant, failure(kind), shown) is Stage.DONE


@pytest.mark.parametrize("kind", sorted(LOST | NOT_APPLIED | {FailureKind.CONFLICT}))
def test_the_same_wish_by_somebody_else_is_elsewhere(kind: FailureKind) -> None:
    event = {
        "type": "approved",
        "actor": {"type": "reviewer", "name": "Anna"},
        "data": {"requestId": "other"},
    }
    judged = outcome(intent(Verb.APPROVE), failure(kind), seen("approved", event=event))
    assert judged.stage is Stage.ELSEWHERE
    assert judged.words == f"Already approved by Anna at {TIME}"


@pytest.mark.parametrize("kind", sorted(LOST | NOT_APPLIED | {FailureKind.CONFLICT}))
def test_another_decision_is_told_with_who_when_and_why(kind: FailureKind) -> None:
    shown = seen("rejected", event={"type": "rejected"}, rejectReason="a copy")
    judged = outcome(intent(Verb.APPROVE), failure(kind), shown)
    assert judged.stage is Stage.ELSEWHERE
    assert judged.words == f"Rejected by someone else at {TIME}: a copy. Your approve was not applied"


def test_unresolved_matches_are_counted() -> None:
    judged = outcome(
        intent(Verb.APPROVE),
        failure(FailureKind.CONFLICT),
        seen(
            "review", fraudMatches=[{"id": "m1"}, {"id": "m2"}, {"id": "m3", "resolution": "false_positive"}]
        ),
    )
    assert (judged.stage, judged.words) == (Stage.REFUSED, "2 fraud matches to resolve first")


def test_an_unexplained_conflict_is_told_in_the_servers_words() -> None:
    assert (
        outcome(intent(Verb.REJECT), failure(FailureKind.CONFLICT), seen("review")).words
        == "It failed. Because"
    )


def test_a_match_judged_otherwise_is_elsewhere() -> None:
    shown = matched(
        resolution="confirmed_fraud", resolvedBy={"name": "Anna"}, resolvedAt="2026-03-25T12:03:00Z"
    )
    judged = outcome(intent(Verb.RESOLVE), failure(FailureKind.CONFLICT), shown)
    assert judged.stage is Stage.ELSEWHERE
    assert judged.words == (f"Match judged confirmed fraud by Anna at {TIME}. Your resolve was not applied")


def test_a_match_that_is_gone_leaves_the_outcome_unknown() -> None:
    assert stage(intent(Verb.RESOLVE), failure(FailureKind.NO_ANSWER), seen("review")) is Stage.UNKNOWN


def test_a_match_of_a_decided_submission_was_not_judged() -> None:
    judged = outcome(intent(Verb.RESOLVE), failure(FailureKind.CONFLICT), matched("approved"))
    assert judged.stage is Stage.ELSEWHERE
    assert judged.words.startswith("Approved by someone else")


def test_ours_applied_and_then_failed_is_not_called_not_applied() -> None:
    assert stage(intent(Verb.APPROVE), failure(FailureKind.NO_ANSWER), seen("failed")) is Stage.UNKNOWN


def test_every_combination_has_a_final_stage_and_words_of_one_line() -> None:
    kinds: list[FailureKind | None] = [None, *FailureKind]
    statuses: list[str | None] = [None, "archived", *SubmissionStatus]
    for verb, kind, status in product(Verb, kinds, statuses):
        judged = outcome(intent(verb), failure(kind) if kind else None, seen(status) if status else None)
        assert judged.stage.is_final
        assert judged.words
        assert judged.words.isprintable()


def test_nothing_is_called_done_on_the_word_of_a_failure_alone() -> None:
    for verb, kind in product(Verb, FailureKind):
        assert stage(intent(verb), failure(kind), None) is not Stage.DONE
        if verb is not Verb.RESOLVE:
            assert stage(intent(verb), failure(kind), seen("review")) is not Stage.DONE


def test_every_kind_of_failure_has_its_row() -> None:
    assert set(FailureKind) == LOST | NOT_APPLIED | NEVER_LEFT | {FailureKind.CONFLICT}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (FailureKind.NO_ANSWER, "No answer, checking whether it counted…"),
        (FailureKind.UNREADABLE, "Answer unreadable, checking whether it counted…"),
        (FailureKind.CONFLICT, "Refused, checking why…"),
        (FailureKind.SERVER, "It failed, checking whether it counted…"),
    ],
)
def test_what_is_being_looked_up_is_said(kind: FailureKind, words: str) -> None:
    assert checking(failure(kind)) == words


def test_one_unresolved_match_is_one_and_stands_in_the_way_of_an_approval_alone() -> None:
    refused, shown = failure(FailureKind.CONFLICT), matched()
    assert outcome(intent(Verb.APPROVE), refused, shown).words == "1 fraud match to resolve first"
    assert outcome(intent(Verb.REJECT), refused, shown).words == "It failed. Because"
    unread = replace(shown, fraud_matches=None)
    assert outcome(intent(Verb.APPROVE), refused, unread).words == "It failed. Because"
    hintless = Failure(FailureKind.CONFLICT, "Not possible")
    assert outcome(intent(Verb.REJECT), hintless, shown).words == "Not possible"


def test_a_rate_limit_without_a_time_says_later() -> None:
    assert outcome(intent(Verb.CANCEL), failure(FailureKind.LIMITED), None).words == (
        "Rate limit: your cancel was not taken, try again later"
    )


def test_two_fields_are_told_side_by_side() -> None:
    problems = tuple(FieldProblem(Shown.of(name), Shown.of("is blank")) for name in ("reason", "note"))
    refused = failure(FailureKind.INVALID, problems=problems)
    assert outcome(intent(Verb.REJECT), refused, None).words == "reason: is blank; note: is blank"


def test_a_match_still_open_may_yet_be_judged_by_what_was_lost() -> None:
    lost = failure(FailureKind.NO_ANSWER)
    assert may_settle(intent(Verb.RESOLVE), lost, matched())
    assert stage(intent(Verb.RESOLVE), lost, matched()) is Stage.NOT_DONE
    assert not may_settle(intent(Verb.RESOLVE), lost, matched(resolution="false_positive"))
    assert not may_settle(intent(Verb.APPROVE), lost, None)


def test_a_match_that_was_accepted_needs_no_other_word() -> None:
    assert outcome(intent(Verb.RESOLVE), None, seen("review")).words == "Match judged: a false positive"
    assert outcome(intent(Verb.RESOLVE, resolution=None), None, seen("review")).words == "Match judged"
    novel = matched(resolution="withdrawn")
    judged = outcome(intent(Verb.RESOLVE), failure(FailureKind.CONFLICT), novel)
    assert judged.words == "Match judged withdrawn by someone else. Your resolve was not applied"


def test_a_moment_that_is_not_known_is_no_words() -> None:
    assert clock_time(None) == ""


def test_what_is_going_on_is_said_for_each_verb() -> None:
    assert [doing(intent(verb)) for verb in Verb] == [
        "Approving…",
        "Rejecting…",
        "Cancelling…",
        "Judging the match…",
    ]
