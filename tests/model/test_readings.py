"""What a submission tells that is read before a decision is sent, or after: is it decided, and by whom."""

from dataclasses import replace
from typing import Any

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.digest import digest_of
from review_tui.model.failures import FailureKind
from review_tui.model.outcomes import (
    UNKNOWN_WORDS,
    Outcome,
    Whose,
    before_sending,
    may_settle,
    not_kept,
    not_read,
    outcome,
    whose,
)
from review_tui.model.submissions import Verb, why_not
from tests.model.answers import DECIDED, TIME, failure, intent, matched, seen


@pytest.mark.parametrize("kind", [FailureKind.NO_ANSWER, FailureKind.CONFLICT, FailureKind.NOT_FOUND])
def test_what_stood_in_the_way_before_sending_is_said(kind: FailureKind) -> None:
    assert not_read(failure(kind)) == Outcome(
        Stage.UNSENT,
        "No longer visible to this key"
        if kind is FailureKind.NOT_FOUND
        else "Not sent, it could not be read anew: It failed. Because",
    )
    words = (
        "Not sent from here: It failed" if kind is FailureKind.CONFLICT else "Not sent: It failed. Because"
    )
    assert not_kept(failure(kind)) == Outcome(Stage.UNSENT, words)


def test_a_reading_before_sending_may_show_that_it_is_decided() -> None:
    meant = intent(Verb.APPROVE)
    ours = {"type": "approved", "data": {"requestId": meant.request_id}}
    assert before_sending(meant, seen("approved", event=ours)) == Outcome(
        Stage.DONE, "Approved (read before it was sent again)"
    )
    theirs = {"type": "approved", "actor": {"name": "Anna"}, "data": {"requestId": "other"}}
    assert before_sending(meant, seen("approved", event=theirs)) == Outcome(
        Stage.ELSEWHERE, f"Already approved by Anna at {TIME}"
    )
    assert before_sending(meant, seen("approved")) == Outcome(
        Stage.ELSEWHERE, "Already approved by someone else"
    )
    judged = before_sending(intent(Verb.RESOLVE), matched(resolution="confirmed_fraud"))
    assert judged == Outcome(
        Stage.ELSEWHERE, "Match judged confirmed fraud by someone else. Your resolve was not sent"
    )


def test_a_reading_before_sending_may_show_that_it_cannot_be_sent() -> None:
    assert before_sending(intent(Verb.REJECT), seen("review")) is None
    assert before_sending(intent(Verb.RESOLVE), matched()) is None
    gone = before_sending(intent(Verb.RESOLVE), seen("review"))
    assert gone == Outcome(Stage.UNSENT, "Not sent: it does not show that fraud match")
    unread = replace(matched(), fraud_matches=None)
    assert before_sending(intent(Verb.RESOLVE), unread) == Outcome(
        Stage.UNSENT, "Not sent: no matches to read"
    )
    gate = before_sending(intent(Verb.APPROVE), matched())
    assert gate is not None
    assert (gate.stage, gate.words) == (Stage.REFUSED, why_not(Verb.APPROVE, "review", 1))
    unsure = before_sending(intent(Verb.APPROVE), unread)
    assert unsure is not None
    assert (unsure.stage, unsure.words) == (Stage.REFUSED, why_not(Verb.APPROVE, "review", None))
    assert before_sending(intent(Verb.REJECT), unread) is None


def test_a_change_that_has_no_name_is_told_all_the_same() -> None:
    odd = before_sending(intent(Verb.APPROVE), seen("review"), digest="of an older kind")
    assert odd == Outcome(Stage.CHANGED, "Not sent, it changed: its data changed")
    odd = before_sending(intent(Verb.APPROVE), seen("review"), digest=".")
    assert odd == Outcome(Stage.CHANGED, "Not sent, it changed: what was shown is not what it is now")
    changed = seen("review", extractedData={"a": 2, "b": 2})
    before = seen("review", extractedData={"a": 1, "b": 1})
    told = before_sending(intent(Verb.REJECT), changed, shown=before, digest=digest_of(before))
    assert told == Outcome(Stage.CHANGED, "Not sent, it changed: a was 1, is 2; b was 1, is 2")


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.REJECT, Verb.CANCEL])
def test_what_is_read_back_says_how_it_is_known(verb: Verb) -> None:
    meant, past = intent(verb), DECIDED[verb]
    lost, refused = failure(FailureKind.NO_ANSWER), failure(FailureKind.CONFLICT)
    ours = seen(past, event={"type": past, "data": {"request_id": meant.request_id}})
    assert outcome(meant, lost, ours).words == f"{past.capitalize()} (the answer was lost, read back)"
    assert (
        outcome(meant, lost, seen(past)).words == f"{past.capitalize()} (read back; by whom cannot be told)"
    )
    assert outcome(meant, refused, seen(past)) == Outcome(
        Stage.ELSEWHERE, f"Already {past} by someone else"
    ), "a conflict means that it was not ours"


@pytest.mark.parametrize(("status", "type_"), [("rejected", "rejected"), ("failed", "failed")])
@pytest.mark.parametrize("kind", [FailureKind.SERVER, FailureKind.CONFLICT])
def test_what_bears_our_request_id_is_never_called_somebody_elses(
    status: str, type_: str, kind: FailureKind
) -> None:
    meant = intent(Verb.APPROVE)
    shown = seen(status, event={"type": type_, "data": {"requestId": meant.request_id}})
    judged = outcome(meant, failure(kind), shown)
    assert judged == Outcome(Stage.UNKNOWN, f"{UNKNOWN_WORDS}. It is {status} now")


def test_a_sync_belongs_to_the_approval_before_it() -> None:
    meant = intent(Verb.CANCEL)
    shown = seen("synced", event={"type": "approved", "data": {"requestId": meant.request_id}})
    judged = outcome(meant, failure(FailureKind.SERVER), shown)
    assert judged == Outcome(Stage.UNKNOWN, f"{UNKNOWN_WORDS}. It is synced now")


def test_a_conflict_over_what_failed_is_the_servers_own_doing() -> None:
    judged = outcome(intent(Verb.APPROVE), failure(FailureKind.CONFLICT), seen("failed"))
    assert judged == Outcome(Stage.ELSEWHERE, "Failed by someone else. Your approve was not applied")
    synced = outcome(intent(Verb.REJECT), failure(FailureKind.CONFLICT), seen("synced"))
    assert synced == Outcome(Stage.ELSEWHERE, "Synced by someone else. Your reject was not applied")


def test_a_sync_is_told_with_who_approved_it() -> None:
    shown = seen("synced", event={"type": "approved", "actor": {"name": "Anna"}, "data": {"requestId": "x"}})
    judged = outcome(intent(Verb.REJECT), failure(FailureKind.CONFLICT), shown)
    assert judged.words == f"Synced by Anna at {TIME}. Your reject was not applied"


def test_when_it_was_decided_is_taken_from_the_best_source() -> None:
    times: dict[str, Any] = {"reviewedAt": "2026-03-25T12:03:00Z", "updatedAt": "2026-03-25T15:00:00Z"}
    refused = failure(FailureKind.CONFLICT)
    judged = outcome(intent(Verb.APPROVE), refused, seen("rejected", **times))
    assert judged.words == f"Rejected by someone else at {TIME}. Your approve was not applied"
    times = {"updatedAt": "2026-03-25T12:03:00Z"}
    judged = outcome(intent(Verb.APPROVE), refused, seen("rejected", **times))
    assert judged.words == f"Rejected by someone else at {TIME}. Your approve was not applied"
    nameless = seen("rejected", event={"type": "rejected", "actor": {"name": ""}, "createdAt": None})
    assert outcome(intent(Verb.APPROVE), refused, nameless).words.startswith("Rejected by someone else. ")


@pytest.mark.parametrize(
    ("reason", "shown", "expected"),
    [
        ("blurred", "blurred", Whose.OURS),
        ("  blurred ", "blurred", Whose.OURS),
        ("blurred", "a copy", Whose.THEIRS),
        ("blurred", None, Whose.UNTOLD),
    ],
)
def test_without_an_event_our_own_words_tell(reason: str, shown: str | None, expected: Whose) -> None:
    assert whose(intent(Verb.REJECT, reason=reason), seen("rejected", rejectReason=shown)) is expected


def test_the_event_of_another_match_tells_nothing_of_ours() -> None:
    other = {"type": "fraud_match_resolved", "data": {"requestId": "other", "matchId": "m2"}}
    shown = seen("review", event=other, fraudMatches=[{"id": "m1", "resolution": "false_positive"}])
    assert whose(intent(Verb.RESOLVE), shown) is Whose.UNTOLD


def test_a_reviewers_event_without_a_request_id_is_not_ours() -> None:
    shown = seen("approved", event={"type": "approved", "actor": {"type": "reviewer", "name": "Anna"}})
    assert whose(intent(Verb.APPROVE), shown) is Whose.THEIRS


@pytest.mark.parametrize(
    ("note", "shown", "expected"),
    [
        (" same shop ", "same shop", Whose.OURS),
        ("same shop", "another shop", Whose.THEIRS),
        ("same shop", None, Whose.UNTOLD),
        (None, "same shop", Whose.UNTOLD),
        ("  ", "same shop", Whose.UNTOLD),
    ],
)
def test_a_judgement_is_known_by_its_note(note: str | None, shown: str | None, expected: Whose) -> None:
    judged = matched(resolution="false_positive", note=shown)
    assert whose(intent(Verb.RESOLVE, note=note), judged) is expected
    assert whose(intent(Verb.RESOLVE, note=note), seen("review")) is Whose.UNTOLD


def test_a_cancellation_is_known_by_its_own_reason() -> None:
    meant = intent(Verb.CANCEL, reason="twice")
    assert whose(meant, seen("cancelled", cancelReason="twice", rejectReason="no")) is Whose.OURS
    assert whose(meant, seen("cancelled", rejectReason="twice")) is Whose.UNTOLD
    assert whose(intent(Verb.APPROVE, reason="twice"), seen("approved")) is Whose.UNTOLD


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ({"type": "system"}, Whose.THEIRS),
        ({"type": "reviewer"}, Whose.THEIRS),
        ({"type": "api_key"}, Whose.UNTOLD),
        ("Anna", Whose.UNTOLD),
        (None, Whose.UNTOLD),
    ],
)
def test_an_actor_that_no_key_can_be_is_not_us(actor: object, expected: Whose) -> None:
    shown = seen("approved", event={"type": "approved", "actor": actor})
    assert whose(intent(Verb.APPROVE), shown) is expected


def test_events_of_another_shape_or_kind_are_passed_over() -> None:
    meant = intent(Verb.RESOLVE)
    events = [
        {"type": "fraud_match_resolved", "data": {"matchId": "m2", "requestId": "other"}},
        {"type": "approved", "data": {"requestId": "other"}},
        {
            "type": "fraud_match_resolved",
            "data": {"matchId": "m1", "requestId": 7, "request_id": meant.request_id},
        },
    ]
    assert whose(meant, seen("review", events=events)) is Whose.OURS
    bare = [{"type": "fraud_match_resolved", "data": "m1"}, *events]
    assert whose(meant, seen("review", events=bare)) is Whose.UNTOLD, "the newest of ours tells, or none"


def test_who_judged_a_match_is_waited_for_where_its_events_are_older() -> None:
    """Matches may be read apart from the rest: a match shows as judged before its event does."""
    meant = intent(Verb.RESOLVE, note="looked at both")
    other = {"type": "fraud_match_resolved", "data": {"matchId": "another", "requestId": "r9"}}
    judged = matched(resolution="false_positive", note="looked at both")
    torn = replace(judged, events=seen("review", event=other).events)
    lost = failure(FailureKind.NO_ANSWER)
    assert whose(meant, torn) is Whose.UNTOLD
    assert may_settle(meant, lost, torn)
    assert not may_settle(meant, None, torn)
    assert whose(meant, judged) is Whose.OURS, "this server names no requests: the words tell"
    assert not may_settle(meant, lost, judged)
