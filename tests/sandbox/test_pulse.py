"""Pulse as its wire document says: submit, poll, cancel, expire, and results too large to be sent along."""

import json
from urllib.parse import urlsplit

import pytest

from review_tui.sandbox.state import Sandbox
from tests.sandbox.accounts import Account
from tests.sandbox.asking import Answer, Caller

HOUR, DAY = 3600, 86_400
PDF = "https://files.example/in/invoice-77.pdf?token=1"


@pytest.fixture
def pulse(caller: Caller) -> Account:
    return Account(caller, "pulse", "x-api-key")


def submit(pulse: Account, **fields: object) -> Answer:
    return pulse.ask("POST", "/extract", json.dumps(fields).encode(), {"content-type": "application/json"})


def form(**fields: bytes) -> tuple[bytes, dict[str, str]]:
    """A form with a file in it, framed by hand."""
    pieces = []
    for name, content in fields.items():
        file_name = '; filename="scan 1.pdf"' if name == "file" else ""
        head = f'--edge\r\nContent-Disposition: form-data; name="{name}"{file_name}\r\n\r\n'
        pieces.append(head.encode() + content + b"\r\n")
    return b"".join(pieces) + b"--edge--\r\n", {"content-type": 'multipart/form-data; boundary="edge"'}


def pointer_of(pulse: Account, job_id: str) -> str:
    """The path of the result that a job points to."""
    result = pulse.get(f"/job/{job_id}").json["result"]
    assert result["is_url"] is True
    parts = urlsplit(result["url"])
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_a_submitted_job_waits_works_and_ends_with_the_clock(pulse: Account, sandbox: Sandbox) -> None:
    made = submit(pulse, file_url=PDF, **{"async": True})
    assert (made.status, made.json["status"]) == (200, "pending")
    job = f"/job/{made.json['job_id']}"
    first = pulse.get(job).json
    assert first == {
        "job_id": made.json["job_id"],
        "status": "pending",
        "created_at": "2026-03-25T12:00:00.000Z",
    }
    seen, signs = [], set()
    for _ in range(50):
        told = pulse.get(job).json
        seen.append(told["status"])
        signs.add(told.get("updated_at"))
        sandbox.clock.advance(1)
    assert list(dict.fromkeys(seen)) == ["pending", "processing", "completed"]
    assert len(signs) >= 4, "it gives signs of life while it works"
    result = pulse.get(job).json["result"]
    assert set(result) == {
        "markdown",
        "page_count",
        "bounding_boxes",
        "extraction_id",
        "plan_info",
        "credits_used",
        "warnings",
    }
    assert isinstance(result["bounding_boxes"], dict)


def test_a_file_is_taken_from_a_form_and_told_202_where_that_is_set(pulse: Account) -> None:
    pulse.switch(pulse_submit_status=202)
    body, headers = form(file=b"%PDF\r\n--edg\r\n\x00\xff", **{"async": b"true"})
    made = pulse.ask("POST", "/extract", body, headers)
    assert made.status == 202
    (kept,) = pulse.caller.get("/sandbox/jobs").json["data"]
    assert (kept["id"], kept["fileName"]) == (made.json["job_id"], "scan 1.pdf")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"async": True}, "FILE_001"),
        ({"file_url": 5, "async": True}, "FILE_001"),
        ({"file_url": PDF}, "REQUEST_001"),
    ],
)
def test_what_cannot_be_submitted_is_refused(pulse: Account, fields: dict[str, object], code: str) -> None:
    refused = submit(pulse, **fields)
    assert (refused.status, refused.json["error"]["code"]) == (400, code)
    assert pulse.ask("POST", "/extract", b"[").json["error"]["code"] == "REQUEST_001"
    assert pulse.ask("POST", "/extract", *form(other=b"x")).json["error"]["code"] == "FILE_001"
    assert pulse.caller.get("/sandbox/jobs").json["data"] == []


def test_a_failed_job_says_why(pulse: Account, sandbox: Sandbox) -> None:
    job_id = submit(pulse, file_url="https://x.example/broken.pdf", **{"async": True}).json["job_id"]
    sandbox.clock.advance(60)
    told = pulse.get(f"/job/{job_id}").json
    assert told["status"] == "failed"
    assert isinstance(told["error"], str)
    assert "result" not in told


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_job_that_is_not_over_can_be_canceled(pulse: Account, state: str) -> None:
    job_id = pulse.job(state=state)
    assert set(pulse.delete(f"/job/{job_id}").json) == {"job_id", "message"}
    told = pulse.get(f"/job/{job_id}").json
    assert told["status"] == "canceled"
    pulse.switch(pulse_spelling="cancelled")
    assert pulse.get(f"/job/{job_id}").json["status"] == "cancelled"


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled", "expired"])
def test_a_job_that_is_over_stays_as_it_is(pulse: Account, state: str) -> None:
    job_id = pulse.job(state=state)
    before = pulse.get(f"/job/{job_id}").json
    refused = pulse.delete(f"/job/{job_id}")
    assert (refused.status, refused.json["error"]["code"]) == (500, "JOB_002")
    assert pulse.get(f"/job/{job_id}").json == before


def test_a_result_expires_and_leaves_a_stub(pulse: Account, sandbox: Sandbox) -> None:
    job_id = pulse.job(state="completed")
    sandbox.clock.advance(DAY - 1)
    assert pulse.get(f"/job/{job_id}").json["status"] == "completed"
    sandbox.clock.advance(1)
    told = pulse.get(f"/job/{job_id}").json
    assert told["status"] == "expired"
    assert not told["result"].get("markdown")
    stubs = {json.dumps(pulse.get(f"/job/{pulse.job(state='expired')}").json["result"]) for _ in range(30)}
    assert len(stubs) == 4, "of no shape that one could rely on"


def test_the_older_document_knows_no_expiry_and_writes_a_hyphen(pulse: Account) -> None:
    pulse.switch(pulse_words="older")
    result = pulse.get(f"/job/{pulse.job(state='completed')}").json["result"]
    assert "plan-info" in result
    assert "plan_info" not in result
    assert pulse.get(f"/job/{pulse.job(state='expired')}").status == 404


def test_fields_without_a_value_are_left_out_or_null(pulse: Account) -> None:
    job_id = pulse.job()
    assert set(pulse.get(f"/job/{job_id}").json) == {"job_id", "status", "created_at"}
    pulse.switch(pulse_absent="null")
    told = pulse.get(f"/job/{job_id}").json
    assert (told["updated_at"], told["result"], told["error"]) == (None, None, None)


def test_words_that_nobody_knows_and_states_that_go_backwards(pulse: Account, sandbox: Sandbox) -> None:
    job_id = pulse.job(state="running", word="PREPARING \x1b[2J")
    assert pulse.get(f"/job/{job_id}").json["status"] == "PREPARING \x1b[2J"
    pulse.change(job_id, state="completed", word=None)
    assert pulse.get(f"/job/{job_id}").json["status"] == "completed"
    pulse.change(job_id, state="queued")
    sandbox.clock.advance(HOUR)
    assert pulse.get(f"/job/{job_id}").json["status"] == "pending"
    pulse.change(job_id, startsIn=5, endsIn=10)
    sandbox.clock.advance(6)
    assert pulse.get(f"/job/{job_id}").json["status"] == "processing"
    sandbox.clock.advance(4)
    assert pulse.get(f"/job/{job_id}").json["status"] == "completed"
    pulse.change(job_id, state="running")
    assert pulse.get(f"/job/{job_id}").json["status"] == "processing", "its old times no longer count"


def test_a_large_result_is_downloaded_once_and_again_after_another_poll(
    pulse: Account, sandbox: Sandbox
) -> None:
    job_id = pulse.job(state="completed", resultBytes=30_000)
    assert "markdown" in pulse.get(f"/job/{job_id}").json["result"]
    pulse.switch(pulse_url_from_bytes=30_000)
    path = pointer_of(pulse, job_id).removeprefix("/pulse")
    assert path == f"/large_results/{job_id}"
    whole = pulse.get(path)
    assert len(whole.body) == 30_000
    assert whole.json["page_count"]
    again = pulse.get(path)
    assert again.status == 410
    assert set(again.json["error"]) == {"code", "message"}
    assert pointer_of(pulse, job_id).endswith(path)
    assert pulse.get(path).status == 200
    pulse.switch(pulse_points_again=False)
    pointer_of(pulse, job_id)
    assert pulse.get(path).status == 410, "gone for good, where that is so set"


def test_a_pointer_is_good_for_an_hour(pulse: Account, sandbox: Sandbox) -> None:
    pulse.switch(pulse_url_from_bytes=0)
    job_id = pulse.job(state="completed")
    path = pointer_of(pulse, job_id).removeprefix("/pulse")
    sandbox.clock.advance(HOUR - 1)
    assert pulse.get(path).status == 200
    pointer_of(pulse, job_id)
    sandbox.clock.advance(HOUR)
    assert pulse.get(path).status == 410


def test_nobody_else_downloads_it_and_nobody_before_it_was_pointed_to(pulse: Account, caller: Caller) -> None:
    pulse.switch(pulse_url_from_bytes=0)
    job_id = pulse.job(state="completed")
    path = f"/large_results/{job_id}"
    assert pulse.get(path).status == 410
    pointer_of(pulse, job_id)
    assert Account(caller, "pulse", "x-api-key", "other_company").get(path).status == 403
    assert Account(caller, "pulse", "x-api-key", "").get(path).status == 401
    assert pulse.get(path).status == 200


def test_a_result_at_another_origin_needs_no_key_and_tells_which_headers_came(
    pulse: Account, caller: Caller, sandbox: Sandbox
) -> None:
    pulse.switch(pulse_pointer="elsewhere", pulse_url_from_bytes=0)
    job_id = pulse.job(state="completed")
    url = pulse.get(f"/job/{job_id}").json["result"]["url"]
    assert urlsplit(url).netloc == "127.0.0.1:9000"
    path = pointer_of(pulse, job_id)
    for _ in range(2):
        assert caller.get(path, accept="application/json").json["page_count"]
    seen = caller.get("/sandbox/requests").json["data"][-1]
    assert seen["headers"] == {"accept": "application/json", "host": "127.0.0.1"}
    forged = caller.get(path.replace(job_id, pulse.job(state="completed")))
    assert (forged.status, forged.headers["content-type"]) == (403, "application/xml")
    sandbox.clock.advance(DAY)
    assert b"AccessDenied" in caller.get(path).body


@pytest.mark.parametrize("path", ["/job/nobody", "/job/00000000-0000-4000-a000-000000000000"])
def test_an_unknown_job_is_not_found_by_its_name(pulse: Account, path: str) -> None:
    refused = pulse.get(path)
    assert (refused.status, refused.json["error"]["code"]) == (404, "JOB_001")
    assert path.rsplit("/", 1)[1] in refused.json["error"]["message"]
    assert pulse.get("/jobs").json == {"detail": "Not Found"}, (
        "a route that is missing is told in other words"
    )


def test_another_organisations_job_is_forbidden(pulse: Account) -> None:
    job_id = pulse.job(owner="other_company")
    refused = [pulse.get(f"/job/{job_id}"), pulse.delete(f"/job/{job_id}")]
    assert {(one.status, one.json["error"]["code"]) for one in refused} == {(403, "AUTH_004")}
