"""Keys, request ids, rate windows and refusals: what every request meets."""

import pytest

from review_tui.sandbox.state import Sandbox
from tests.sandbox import rows
from tests.sandbox.asking import Caller

LIST = "/api/v1/submissions"
RATE = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer nonsense",
        "Bearer aok_" + "0" * 64,
        "Bearer aok_" + "A" * 64,
        "Basic aok_" + "0" * 64,
        "Bearer aok_" + "0" * 63,
        "aok_" + "0" * 64,
    ],
)
def test_a_key_that_is_not_known_opens_nothing(caller: Caller, header: str) -> None:
    answer = caller.get(LIST, authorization=header)
    assert (answer.status, answer.slug) == (401, "unauthorized")
    assert all(name in answer.headers for name in (*RATE, "request-id"))


def test_no_key_opens_nothing(caller: Caller) -> None:
    caller.key = ""
    assert caller.get(LIST).slug == "unauthorized"


def test_a_revoked_key_is_forbidden(caller: Caller) -> None:
    answer = caller.with_key("revoked").get(LIST)
    assert (answer.status, answer.slug) == (403, "forbidden")


def test_a_key_of_no_company_sees_companies_only(caller: Caller) -> None:
    platform = caller.with_key("unscoped")
    for path in (LIST, "/api/v1/workflows"):
        answer = platform.get(path)
        assert (answer.status, answer.slug) == (403, "key-not-company-scoped")
    assert len(platform.get("/api/v1/companies").json["data"]) == 2
    assert len(caller.get("/api/v1/companies").json["data"]) == 1


def test_the_database_knows_no_key(sandbox: Sandbox) -> None:
    with sandbox.database.read() as tx:
        stored = [tuple(row) for row in tx.execute("SELECT * FROM api_keys")]
    assert len(stored) == len(sandbox.keys) == 5
    text = repr(stored)
    assert not [key for key in sandbox.keys.values() if key.secret in text or key.secret[4:] in text]


@pytest.mark.parametrize("given", ["x" * 128, "a b~!", "5f0c"])
def test_a_request_id_is_echoed_when_it_is_fit(caller: Caller, given: str) -> None:
    assert caller.get(LIST, X_Request_Id=given).headers["request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "\x1b[2J", "é", "tab\there"])
def test_a_request_id_that_is_too_long_or_not_printable_ascii_is_replaced(caller: Caller, given: str) -> None:
    assert caller.get(LIST, X_Request_Id=given).headers["request-id"].startswith("req_")


def test_requests_without_an_id_get_different_ones(caller: Caller) -> None:
    made = {caller.get(LIST).headers["request-id"] for _ in range(5)}
    assert len(made) == 5
    assert all(one.startswith("req_") for one in made)


def test_an_unknown_route_is_not_found(caller: Caller) -> None:
    answer = caller.get("/api/v1/nothing/here")
    assert (answer.status, answer.slug) == (404, "not-found")
    assert answer.json["instance"] == "/api/v1/nothing/here"
    assert all(name in answer.headers for name in RATE)


def test_a_wrong_method_is_told_the_right_ones(caller: Caller) -> None:
    answer = caller.ask("DELETE", LIST)
    assert (answer.status, answer.slug) == (405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "slug"),
    [
        (b"{", "application/json", 400, "bad-request"),
        (b"[]", "application/json", 400, "bad-request"),
        (b'{"reason": NaN}', "application/json", 400, "bad-request"),
        (b"\xff\xfe", "application/json", 400, "bad-request"),
        (b"[" * 100_000, "application/json", 400, "bad-request"),
        (b"", "application/json", 422, "validation-error"),
        (b"", "", 422, "validation-error"),
        (b'{"reason": "x"}', "text/plain", 415, "unsupported-media-type"),
        (b"reason=x", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b" " * (1024 * 1024 + 1), "application/json", 413, "payload-too-large"),
        (b'{"reason": "x"}', "application/json; charset=utf-8", 200, ""),
    ],
)
def test_a_body_must_be_a_json_object_of_some_size(
    caller: Caller, sandbox: Sandbox, body: bytes, content_type: str, status: int, slug: str
) -> None:
    path = f"{LIST}/{rows.submission(sandbox)}/reject"
    answer = caller.ask("POST", path, body, {"Content-Type": content_type})
    assert answer.status == status
    assert not slug or answer.slug == slug


@pytest.mark.parametrize(
    ("bucket", "limit", "method", "path"),
    [
        ("read", 300, "GET", LIST),
        ("write", 60, "POST", f"{LIST}/nobody/cancel"),
        ("session", 60, "POST", "/api/v1/workflows/nothing/sessions"),
        ("submit", 20, "POST", "/api/v1/workflows/nothing/sessions/none/submit"),
        ("webhook_test", 10, "POST", "/api/v1/webhooks/test"),
    ],
)
def test_a_bucket_empties_and_fills_again_with_the_minute(
    caller: Caller, sandbox: Sandbox, bucket: str, limit: int, method: str, path: str
) -> None:
    sandbox.clock.advance(12)
    first = caller.ask(method, path)
    assert first.status != 429
    end = int(sandbox.clock.now().timestamp()) + 48
    told = [int(first.headers[name]) for name in RATE]
    assert told == [limit, limit - 1, end], bucket
    for left in range(limit - 2, -1, -1):
        assert caller.ask(method, path).headers["x-ratelimit-remaining"] == str(left)
    over = caller.ask(method, path)
    assert (over.status, over.slug) == (429, "rate-limit-exceeded")
    assert over.headers["retry-after"] == "48"
    assert over.headers["x-ratelimit-remaining"] == "0"
    assert caller.with_key("second").ask(method, path).status != 429, "another key has its own window"
    sandbox.clock.advance(47.9)
    assert caller.ask(method, path).status == 429
    sandbox.clock.advance(0.1)
    assert caller.ask(method, path).headers["x-ratelimit-remaining"] == str(limit - 1)


def test_the_four_review_posts_share_one_bucket(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, matches=1)
    (match,) = caller.get(f"{LIST}/{identifier}/fraud-matches").json["data"]
    left = [
        caller.post(f"{LIST}/{identifier}/{path}", body).headers["x-ratelimit-remaining"]
        for path, body in (
            (f"fraud-matches/{match['id']}/resolve", {"resolution": "false_positive"}),
            ("approve", {}),
            ("reject", {"reason": "late"}),
            ("cancel", {}),
        )
    ]
    assert left == ["59", "58", "57", "56"]


def test_a_refused_request_changes_nothing_over_the_limit(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox)
    for _ in range(60):
        caller.post(f"{LIST}/nobody/cancel")
    assert caller.post(f"{LIST}/{identifier}/approve").status == 429
    assert caller.get(f"{LIST}/{identifier}").json["data"]["submissionStatus"] == "review"
