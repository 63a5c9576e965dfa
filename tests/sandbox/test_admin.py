"""The sandbox's own routes: the world moved by hand."""

import pytest

from review_tui.sandbox.state import SEEN_AT_MOST, Sandbox
from tests.sandbox import rows
from tests.sandbox.asking import Caller

LIST = "/api/v1/submissions"


def test_the_first_page_says_what_it_is_not(caller: Caller) -> None:
    caller.key = ""
    answer = caller.get("/").json
    assert "not Steve" in answer["notice"]
    assert "not for real data" in answer["notice"]
    assert caller.get(answer["openapi"]).json["openapi"].startswith("3.1")
    assert caller.get(answer["admin"]).status == 200


def test_the_clock_is_set_moved_and_frozen(caller: Caller, sandbox: Sandbox) -> None:
    assert caller.get("/sandbox/clock").json == {"now": "2026-03-25T12:00:00.000Z", "frozen": True}
    caller.post("/sandbox/clock", {"advance": 90.5})
    assert caller.get("/sandbox/clock").json["now"] == "2026-03-25T12:01:30.500Z"
    caller.post("/sandbox/clock", {"set": "2027-01-01T00:00:00+01:00", "frozen": False})
    assert not sandbox.clock.frozen
    assert caller.get("/sandbox/clock").json["now"].startswith("2026-12-31T23:00:0")
    for wrong in ({"set": "yesterday"}, {"set": "2027-01-01T00:00:00"}, {"advance": "x"}, {"advance": 1e300}):
        assert caller.post("/sandbox/clock", wrong).slug == "validation-error"


def test_keys_are_listed_by_their_part(caller: Caller, sandbox: Sandbox) -> None:
    keys = caller.get("/sandbox/keys").json
    assert list(keys) == ["company", "second", "revoked", "unscoped", "other_company"]
    assert keys["company"]["apiKey"] == sandbox.api_key
    assert keys["revoked"]["revoked"]
    assert keys["unscoped"]["companyId"] is None
    assert keys["second"]["companyId"] == keys["company"]["companyId"] != keys["other_company"]["companyId"]


def test_requests_seen_are_remembered_to_a_bound(caller: Caller, sandbox: Sandbox) -> None:
    caller.get(f"{LIST}?status=review", X_Request_Id="one", X_Api_Key="as it came")
    caller.with_key("revoked").get(LIST)
    told = caller.get("/sandbox/requests").json
    assert told["count"] == 2
    assert told["data"][0] == {
        "at": "2026-03-25T12:00:00.000Z",
        "method": "GET",
        "path": LIST,
        "query": "status=review",
        "requestId": "one",
        "hasAuthorization": True,
        "headers": {
            "x-request-id": "one",
            "x-api-key": "as it came",
            "host": "127.0.0.1",
            "authorization": f"Bearer {caller.key}",
        },
        "status": 200,
        "fault": None,
    }
    assert told["data"][1]["status"] == 403
    for _ in range(SEEN_AT_MOST + 5):
        caller.get("/")
    told = caller.get("/sandbox/requests").json
    assert (told["count"], len(told["data"])) == (SEEN_AT_MOST + 7, SEEN_AT_MOST)
    caller.post("/sandbox/clear")
    assert caller.get("/sandbox/requests").json == {"count": 0, "data": []}


def test_another_reviewer_decides(caller: Caller, sandbox: Sandbox) -> None:
    one, two, three = (rows.submission(sandbox, matches=matches) for matches in (0, 1, 0))
    done = caller.post("/sandbox/decide", {"submissionId": one, "verb": "approve", "actor": "Kim Ito"})
    assert done.json["data"]["submissionStatus"] == "approved"
    event = caller.get(f"{LIST}/{one}").json["data"]["events"][0]
    assert event["actor"] == {"type": "reviewer", "id": "kim-ito", "name": "Kim Ito"}
    assert caller.post("/sandbox/decide", {"submissionId": two, "verb": "approve"}).slug == "conflict"
    (match,) = caller.get(f"{LIST}/{two}/fraud-matches").json["data"]
    resolved = {"verb": "resolve", "matchId": match["id"], "resolution": "confirmed_fraud"}
    assert caller.post("/sandbox/decide", {"submissionId": two, **resolved}).status == 200
    reject = {"submissionId": two, "verb": "reject", "reason": "Fraud"}
    assert caller.post("/sandbox/decide", reject).json["data"]["submissionStatus"] == "rejected"
    assert caller.post("/sandbox/decide", {"submissionId": three, "verb": "cancel"}).status == 200
    assert caller.post("/sandbox/decide", {"submissionId": three, "verb": "dance"}).status == 422
    assert caller.post("/sandbox/decide", {"verb": "approve"}).slug == "not-found"
    counts = caller.get("/sandbox/state").json["submissions"]
    assert (counts["approved"], counts["rejected"], counts["cancelled"], counts["review"]) == (1, 1, 1, 0)


def test_a_turn_moves_the_world(caller: Caller, sandbox: Sandbox) -> None:
    rows.submission(sandbox, "approved")
    sandbox.clock.advance(3600)
    counts = caller.post("/sandbox/tick", {"times": 2}).json["submissions"]
    assert (counts["approved"], counts["synced"]) == (0, 1)
    assert caller.post("/sandbox/tick", {"times": 0}).slug == "validation-error"


def test_clearing_opens_the_rate_windows_again(caller: Caller) -> None:
    for _ in range(61):
        last = caller.post(f"{LIST}/nobody/cancel")
    assert last.status == 429
    caller.post("/sandbox/clear")
    assert caller.post(f"{LIST}/nobody/cancel").status == 404


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff"])
def test_admin_bodies_are_objects(caller: Caller, body: bytes) -> None:
    assert caller.ask("POST", "/sandbox/decide", body).slug == "bad-request"
