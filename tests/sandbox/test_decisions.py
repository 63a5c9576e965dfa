"""A reviewer approves, rejects, cancels and resolves; what may not be is refused and changes nothing."""

from typing import Any

import pytest

from review_tui.sandbox.queries import STATUSES
from review_tui.sandbox.state import Sandbox
from tests.sandbox import rows
from tests.sandbox.asking import Caller

LIST = "/api/v1/submissions"
BODIES: dict[str, object] = {"approve": {}, "reject": {"reason": "Blurred"}, "cancel": {}}
ENDS = {"approve": "approved", "reject": "rejected", "cancel": "cancelled"}
ALLOWED = {
    "approve": {"review"},
    "reject": {"review"},
    "cancel": {"created", "processing", "review", "failed"},
}


def shown(caller: Caller, identifier: str) -> Any:
    return caller.get(f"{LIST}/{identifier}").json["data"]


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("verb", ALLOWED)
def test_a_transition_is_possible_from_its_states_only(
    caller: Caller, sandbox: Sandbox, verb: str, status: str
) -> None:
    identifier = rows.submission(sandbox, status)
    before = shown(caller, identifier)
    sandbox.clock.advance(5)
    answer = caller.post(f"{LIST}/{identifier}/{verb}", BODIES[verb])
    after = shown(caller, identifier)
    if status in ALLOWED[verb]:
        assert answer.status == 200
        moved = {"id": identifier, "submissionStatus": ENDS[verb], "updatedAt": "2026-03-25T12:00:05.000Z"}
        assert answer.json == {"data": moved}
        assert (after["submissionStatus"], after["updatedAt"]) == (ENDS[verb], moved["updatedAt"])
        assert [event["type"] for event in after["events"]] == [ENDS[verb], "created"]
    else:
        assert (answer.status, answer.slug) == (409, "conflict")
        assert status in answer.json["detail"]
        assert after == before


def test_an_approval_says_who_when_and_by_which_request(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox)
    assert caller.post(f"{LIST}/{identifier}/approve", X_Request_Id="intent-1").status == 200
    detail = shown(caller, identifier)
    assert detail["reviewedAt"] == "2026-03-25T12:00:00.000Z"
    event = detail["events"][0]
    key = sandbox.keys["company"]
    assert event["actor"] == {"type": "api_key", "id": key.id, "name": key.name}
    assert event["data"] == {"requestId": "intent-1"}


def test_approve_waits_for_every_match(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, matches=2)
    first, second = (match["id"] for match in shown(caller, identifier)["fraudMatches"])
    resolve = f"{LIST}/{identifier}/fraud-matches/%s/resolve"
    for match_id, left in ((first, "2 fraud matches"), (second, "1 fraud match ")):
        refused = caller.post(f"{LIST}/{identifier}/approve")
        assert (refused.status, refused.slug) == (409, "conflict")
        assert refused.json["detail"].startswith(left)
        assert caller.post(resolve % match_id, {"resolution": "false_positive"}).status == 200
    assert shown(caller, identifier)["fraudStatus"] == "clean"
    assert caller.post(f"{LIST}/{identifier}/approve").status == 200


def test_one_confirmed_fraud_blocks(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, matches=2)
    first, second = (match["id"] for match in shown(caller, identifier)["fraudMatches"])
    resolve = f"{LIST}/{identifier}/fraud-matches/%s/resolve"
    body = {"resolution": "confirmed_fraud", "note": "same paper"}
    answer = caller.post(resolve % first, body, X_Request_Id="intent-2")
    match = answer.json["data"]
    assert (match["id"], match["resolution"], match["note"]) == (first, "confirmed_fraud", "same paper")
    assert match["resolvedAt"] == "2026-03-25T12:00:00.000Z"
    assert match["resolvedBy"] == sandbox.keys["company"].name
    assert shown(caller, identifier)["fraudStatus"] == "blocked"
    caller.post(resolve % second, {"resolution": "false_positive"})
    detail = shown(caller, identifier)
    assert detail["fraudStatus"] == "blocked"
    assert [event["type"] for event in detail["events"][:2]] == ["fraud_match_resolved"] * 2
    assert detail["events"][1]["data"] == {
        "requestId": "intent-2",
        "matchId": first,
        "resolution": "confirmed_fraud",
        "note": "same paper",
    }


def test_a_match_is_resolved_once(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, matches=1)
    (match,) = shown(caller, identifier)["fraudMatches"]
    path = f"{LIST}/{identifier}/fraud-matches/{match['id']}/resolve"
    assert caller.post(path, {"resolution": "false_positive"}).status == 200
    before = shown(caller, identifier)
    again = caller.post(path, {"resolution": "confirmed_fraud"})
    assert (again.status, again.slug) == (409, "conflict")
    assert shown(caller, identifier) == before


def test_matches_are_resolved_in_review_only(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, "rejected", matches=1)
    (match,) = shown(caller, identifier)["fraudMatches"]
    answer = caller.post(
        f"{LIST}/{identifier}/fraud-matches/{match['id']}/resolve", {"resolution": "false_positive"}
    )
    assert (answer.status, answer.slug) == (409, "conflict")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"resolution": "maybe"}, 422, "resolution"),
        ({}, 422, "resolution"),
        ({"resolution": "false_positive", "note": 7}, 422, "note"),
        ({"resolution": "false_positive", "note": "x" * 2001}, 422, "note"),
    ],
)
def test_a_resolution_is_one_of_two_words(
    caller: Caller, sandbox: Sandbox, body: object, status: int, field: str
) -> None:
    identifier = rows.submission(sandbox, matches=1)
    (match,) = shown(caller, identifier)["fraudMatches"]
    answer = caller.post(f"{LIST}/{identifier}/fraud-matches/{match['id']}/resolve", body)
    assert (answer.status, answer.slug) == (status, "validation-error")
    assert answer.json["errors"][0]["field"] == field


def test_a_match_of_another_submission_is_not_found(caller: Caller, sandbox: Sandbox) -> None:
    one, other = rows.submission(sandbox, matches=1), rows.submission(sandbox, matches=1)
    (match,) = shown(caller, other)["fraudMatches"]
    answer = caller.post(
        f"{LIST}/{one}/fraud-matches/{match['id']}/resolve", {"resolution": "false_positive"}
    )
    assert answer.slug == "not-found"


@pytest.mark.parametrize("body", [{}, {"reason": None}, {"reason": ""}, {"reason": " \n\t"}, {"reason": 5}])
def test_a_rejection_needs_a_reason(caller: Caller, sandbox: Sandbox, body: object) -> None:
    identifier = rows.submission(sandbox)
    answer = caller.post(f"{LIST}/{identifier}/reject", body)
    assert (answer.status, answer.slug) == (422, "validation-error")
    assert answer.json["errors"][0]["field"] == "reason"
    assert shown(caller, identifier)["submissionStatus"] == "review"


@pytest.mark.parametrize(("verb", "name"), [("reject", "rejectReason"), ("cancel", "cancelReason")])
def test_a_reason_is_kept_trimmed_up_to_two_thousand_characters(
    caller: Caller, sandbox: Sandbox, verb: str, name: str
) -> None:
    long = rows.submission(sandbox)
    assert caller.post(f"{LIST}/{long}/{verb}", {"reason": "ż" * 2001}).status == 422
    assert caller.post(f"{LIST}/{long}/{verb}", {"reason": "  " + "ż" * 2000 + "\n"}).status == 200
    detail = shown(caller, long)
    assert detail[name] == "ż" * 2000
    assert detail["events"][0]["data"]["reason"] == detail[name]


def test_a_cancellation_needs_no_reason_but_takes_no_blank_one(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, "processing")
    assert caller.post(f"{LIST}/{identifier}/cancel", {"reason": " "}).status == 422
    assert caller.post(f"{LIST}/{identifier}/cancel").status == 200
    detail = shown(caller, identifier)
    assert detail["cancelReason"] is None
    job = caller.get(f"/api/v1/jobs/{detail['sessionId']}").json
    assert (job["state"], job["submissionStatus"]) == ("failed", "cancelled")


def test_a_decision_repeated_is_a_conflict(caller: Caller, sandbox: Sandbox) -> None:
    """There is no idempotency key: the second one is told that somebody was first."""
    identifier = rows.submission(sandbox)
    assert caller.post(f"{LIST}/{identifier}/approve").status == 200
    assert caller.post(f"{LIST}/{identifier}/approve").slug == "conflict"
