"""What Pulse and Unsiloed share: keys of their own, rolling limits, every shape of error, and other hands."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

from review_tui.sandbox.refusals import SHAPES
from review_tui.sandbox.state import Sandbox
from tests.sandbox import rows
from tests.sandbox.accounts import Account
from tests.sandbox.asking import Caller
from tests.wire import serving

EACH = (("pulse", "x-api-key", "/job/{0}"), ("unsiloed", "X-API-Key", "/jobs/{0}"))


@pytest.fixture(params=EACH, ids=lambda one: one[0])
def account(request: pytest.FixtureRequest, caller: Caller) -> Account:
    return Account(caller, *request.param[:2])


def path_of(account: Account, job_id: str) -> str:
    return {system: path for system, _, path in EACH}[account.system].format(job_id)


def other(account: Account, part: str) -> Account:
    return Account(account.caller, account.system, account.header, part)


def test_a_key_opens_its_own_system_only(account: Account, caller: Caller, sandbox: Sandbox) -> None:
    path = path_of(account, account.job())
    assert account.get(path).status == 200
    assert other(account, "second").get(path).status == 200, "of the same account"
    assert other(account, "other_company").get(path).status == 403
    assert other(account, "revoked").get(path).status == 403
    assert other(account, "").get(path).status == 401
    (foreign,) = sandbox.job_keys.keys() - {account.system}
    for secret in ("", "x", sandbox.api_key, sandbox.job_keys[foreign]["company"].secret):
        refused = caller.get(f"/{account.system}{path}", **{account.header: secret})
        assert refused.status == 401
        assert set(refused.json) == ({"error"} if account.system == "pulse" else {"detail"})
    assert caller.get("/api/v1/submissions", authorization=f"Bearer {account.system}").status == 401


def test_a_minute_rolls_and_a_refusal_says_how_long_to_wait(account: Account, sandbox: Sandbox) -> None:
    sandbox.rates.limits |= {"pulse": 3, "unsiloed_one": 3}
    path = path_of(account, account.job())
    for _ in range(3):
        assert account.get(path).status == 200
        sandbox.clock.advance(10)
    over = account.get(path)
    assert (over.status, over.headers["retry-after"]) == (429, "30")
    said = over.json if account.system == "unsiloed" else over.json["error"]["details"]
    assert said["retry_after"] == 30
    assert other(account, "second").get(path).status == 200, "another key has its own minute"
    sandbox.clock.advance(29)
    assert account.get(path).headers["retry-after"] == "1"
    sandbox.clock.advance(1)
    assert [account.get(path).status for _ in range(2)] == [200, 429], "only the oldest has rolled away"


def test_lists_and_several_at_once_are_counted_apart(caller: Caller, sandbox: Sandbox) -> None:
    unsiloed = Account(caller, "unsiloed", "X-API-Key")
    sandbox.rates.limits |= {"unsiloed_list": 1, "unsiloed_many": 1, "unsiloed_one": 1}
    paths = ("/jobs", "/jobs/status?job_ids=a", "/jobs/a")
    assert [unsiloed.get(path).status for path in paths] == [200, 200, 404]
    assert [unsiloed.get(path).status for path in paths] == [429, 429, 429]
    caller.post("/sandbox/clear")
    assert unsiloed.get("/jobs").status == 200


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_error_can_be_made(account: Account, shape: str) -> None:
    path = path_of(account, "job-1")
    refused = account.get(path, X_Sandbox_Fault=f"shape={shape}")
    assert refused.status == SHAPES[shape]().status
    plain = refused.headers["content-type"].startswith("text/plain")
    assert plain == (shape in ("plain_text", "usage_limit"))
    if not plain:
        json.loads(refused.body)
    assert ("retry-after" in refused.headers) == (shape in ("queue_full", "retry_after", "problem"))
    assert (b"job-1" in refused.body) == (shape == "suggestions")
    assert account.get(path, X_Sandbox_Fault=f"shape={shape}/418").status == 418


def test_there_are_twelve_shapes_no_two_alike(caller: Caller) -> None:
    told = caller.get("/sandbox/shapes").json
    assert len(told) == 12
    assert len({json.dumps(one["body"]) for one in told.values()}) == 12
    for wrong in ("shape=round", "shape=coded/abc", "shape=coded/99"):
        assert caller.get("/pulse/job/x", X_Sandbox_Fault=wrong).status == 422


@pytest.mark.parametrize("status", [401, 404, 410, 429, 500, 503])
def test_a_status_comes_in_the_words_of_whoever_answers(
    account: Account, caller: Caller, status: int
) -> None:
    path = path_of(account, "x")
    caller.post("/sandbox/faults", {"kind": "status", "value": status, "path": f"/{account.system}/*"})
    refused = account.get(path)
    assert refused.status == status
    assert set(refused.json) <= {"error", "detail"}
    assert refused.headers.get("retry-after") == ("2" if status in (429, 503) else None)


def test_the_id_of_another_job_can_be_answered(account: Account) -> None:
    job_id = account.job()
    told = account.get(path_of(account, job_id), X_Sandbox_Fault="wrong_id").json
    assert job_id not in (told.get("id"), told.get("job_id"))


def test_a_steve_job_that_is_completed_with_review_leads_to_a_submission(
    caller: Caller, sandbox: Sandbox
) -> None:
    submission_id = rows.submission(sandbox, "review")
    (session_id,) = caller.get("/sandbox/systems").json["steve"]["jobs"]
    job = caller.get(f"/api/v1/jobs/{session_id}").json
    assert (job["state"], job["submissionStatus"], job["submissionId"]) == (
        "completed",
        "review",
        submission_id,
    )
    assert caller.get(f"/api/v1/submissions/{submission_id}").json["data"]["sessionId"] == session_id


def test_systems_are_told_with_their_keys_and_jobs(
    account: Account, caller: Caller, sandbox: Sandbox
) -> None:
    job_id = account.job()
    account.job(owner="other_company")
    told = caller.get("/sandbox/systems").json[account.system]
    assert told["base_url"] == f"http://127.0.0.1/{account.system}"
    assert told["jobs"] == [job_id]
    assert told["keys"] == {part: key.secret for part, key in sandbox.job_keys[account.system].items()}


@pytest.mark.parametrize(
    ("positions", "wrong"),
    [
        ({"colour": "red"}, "colour"),
        ({"pulse_spelling": "kanceled"}, "pulse_spelling"),
        ({"pulse_keeps_s": "long"}, "pulse_keeps_s"),
        ({"pulse_keeps_s": True}, "pulse_keeps_s"),
        ({"pulse_points_again": 1}, "pulse_points_again"),
        ({"pulse_url_from_bytes": -1}, "pulse_url_from_bytes"),
    ],
)
def test_a_switch_that_is_none_is_refused(caller: Caller, positions: dict[str, object], wrong: str) -> None:
    before = caller.get("/sandbox/switches").json
    refused = caller.post("/sandbox/switches", positions)
    assert (refused.slug, refused.json["errors"][0]["field"]) == ("validation-error", wrong)
    assert caller.get("/sandbox/switches").json == before


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"system": "steve"}, "system"),
        ({"system": "pulse", "owner": "nobody"}, "owner"),
        ({"system": "pulse", "state": "asleep"}, "state"),
        ({"system": "pulse", "outcome": "asleep"}, "outcome"),
        ({"system": "pulse", "pointer": "nowhere"}, "pointer"),
        ({"system": "pulse", "operation": "guess"}, "operation"),
        ({"system": "pulse", "pages": "many"}, "pages"),
        ({"system": "pulse", "endsIn": "soon"}, "endsIn"),
        ({"system": "pulse", "tags": "march"}, "tags"),
        ({"system": "pulse", "batch": 5}, "batch"),
        ({"system": "pulse", "notify": "me"}, "notify"),
        ({"system": "pulse", "colour": "red"}, "colour"),
    ],
)
def test_a_job_that_cannot_be_is_refused(caller: Caller, fields: dict[str, object], wrong: str) -> None:
    refused = caller.post("/sandbox/jobs", fields)
    assert (refused.slug, refused.json["errors"][0]["field"]) == ("validation-error", wrong)
    assert caller.get("/sandbox/jobs").json["data"] == []


def test_what_a_job_was_born_with_stays(account: Account, caller: Caller) -> None:
    job_id = account.job()
    assert caller.post(f"/sandbox/jobs/{job_id}", {"operation": "parse"}).slug == "validation-error"
    assert caller.post("/sandbox/jobs/nobody", {}).slug == "not-found"


def test_over_a_socket_the_other_origin_is_one_and_five_gigabytes_are_announced() -> None:
    with serving("--scenario", "quiet") as served:
        pulse = served.others["pulse"]
        key = {"x-api-key": str(pulse["api_key"])}
        connection = http.client.HTTPConnection(urlsplit(served.base_url).netloc, timeout=10)

        def ask(path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
            connection.request("GET", path, headers=headers)
            return connection.getresponse()

        urls = [
            result["url"]
            for job_id in pulse["jobs"]
            if (result := json.loads(ask(f"/pulse/job/{job_id}", key).read()).get("result"))
            and result.get("is_url")
        ]
        here, there = sorted(urls, key=lambda url: "elsewhere" in url)
        assert urlsplit(here).netloc == urlsplit(served.base_url).netloc != urlsplit(there).netloc
        path = there.removeprefix(f"http://{urlsplit(there).netloc}")
        refused = ask(path, key)
        assert refused.status == 404
        refused.read()
        elsewhere = http.client.HTTPConnection(urlsplit(there).netloc, timeout=10)
        for place, status in ((path, 200), ("/api/v1/submissions", 404), ("/sandbox/state", 200)):
            elsewhere.request("GET", place)
            answer = elsewhere.getresponse()
            assert (answer.status, bool(answer.read())) == (status, True)
        elsewhere.close()
        big = ask(urlsplit(here).path, key | {"X-Sandbox-Fault": "announced"})
        assert big.headers["content-length"] == "5000000000"
        with pytest.raises(http.client.IncompleteRead):
            big.read()
        connection.close()
