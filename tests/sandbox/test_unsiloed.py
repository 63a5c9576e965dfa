"""Unsiloed as its wire document says: the words of each surface, the ladder of results, lists and batches."""

import re
from typing import Any

import pytest

from review_tui.sandbox.state import Sandbox
from tests.sandbox.accounts import Account
from tests.sandbox.asking import Caller

DAY = 86_400


@pytest.fixture
def unsiloed(caller: Caller) -> Account:
    return Account(caller, "unsiloed", "X-API-Key")


@pytest.fixture
def newer(unsiloed: Account) -> Account:
    """A deployment with routes by operation, which take the key in another header."""
    unsiloed.switch(unsiloed_routes="operations")
    return Account(unsiloed.caller, "unsiloed", "api-key")


def listed(unsiloed: Account, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = unsiloed.get(f"/jobs?{query}").json["jobs"]
    return found


@pytest.mark.parametrize(
    ("state", "single", "lower"),
    [
        ("queued", "queued", "queued"),
        ("running", "PROCESSING", "processing"),
        ("completed", "COMPLETED", "completed"),
        ("review", "COMPLETED", "completed"),
        ("failed", "FAILED", "failed"),
        ("cancelled", "cancelled", "cancelled"),
    ],
)
def test_each_surface_has_its_own_words_to_the_letter(
    unsiloed: Account, state: str, single: str, lower: str
) -> None:
    job_id = unsiloed.job(state=state, batch="b1")
    assert unsiloed.get(f"/jobs/{job_id}").json["status"] == single
    assert listed(unsiloed)[0]["status"] == lower
    assert unsiloed.get(f"/jobs/status?job_ids={job_id}").json == {
        "jobs": [{"job_id": job_id, "status": lower}]
    }
    assert unsiloed.get("/jobs/batch/b1").json["jobs"][0]["status"] == lower
    assert [one["job_id"] for one in listed(unsiloed, f"status={lower}")] == [job_id]


def test_a_job_has_the_documents_fields_and_its_id_under_either_name(unsiloed: Account) -> None:
    job_id = unsiloed.job(state="failed", error="Password", fileName="a.pdf", operation="parse")
    told = unsiloed.get(f"/jobs/{job_id}").json
    assert set(told) == {
        "id",
        "status",
        "type",
        "created_at",
        "updated_at",
        "pdf_name",
        "pdf_hash",
        "error",
        "user_id",
    }
    assert (told["id"], told["type"], told["pdf_name"], told["error"]) == (
        job_id,
        "parse",
        "a.pdf",
        "Password",
    )
    assert re.fullmatch("sha256:[0-9a-f]{64}", told["pdf_hash"])
    unsiloed.switch(unsiloed_id="job_id")
    assert unsiloed.get(f"/jobs/{job_id}").json["job_id"] == job_id
    assert "error" not in unsiloed.get(f"/jobs/{unsiloed.job()}").json


def test_times_have_none_to_nine_decimals(unsiloed: Account) -> None:
    for _ in range(60):
        unsiloed.job()
    times = [one["created_at"] for one in listed(unsiloed, "limit=100")]
    assert {len(time.rstrip("Z").partition(".")[2]) for time in times} == set(range(10))
    assert {time[:19] for time in times} == {"2026-03-25T12:00:00"}


@pytest.mark.parametrize(
    ("state", "status", "detail"),
    [
        ("queued", 400, "Job {0} is still processing"),
        ("running", 400, "Job {0} is still processing"),
        ("failed", 500, "Job {0} failed: Too dark"),
        ("cancelled", 400, "Job {0} was cancelled"),
    ],
)
def test_a_result_that_is_not_there_says_why(unsiloed: Account, state: str, status: int, detail: str) -> None:
    job_id = unsiloed.job(state=state, error="Too dark")
    refused = unsiloed.get(f"/jobs/{job_id}/result")
    assert (refused.status, refused.json) == (status, {"detail": detail.format(job_id)})


@pytest.mark.parametrize(
    ("operation", "fields"),
    [
        ("extract", {"data", "processing_time"}),
        ("parse", {"total_chunks", "chunks"}),
        ("classify", {"classification", "confidence", "page_results", "total_pages", "processed_pages"}),
        ("split", {"files"}),
    ],
)
def test_a_result_has_the_shape_of_its_operation(unsiloed: Account, operation: str, fields: set[str]) -> None:
    result = unsiloed.get(f"/jobs/{unsiloed.job(state='completed', operation=operation)}/result").json
    assert set(result) == fields
    if operation == "extract":
        least = result["data"].pop("min_confidence_score")
        assert least == min(field["score"] for field in result["data"].values())
        for field in result["data"].values():
            assert set(field) == {"score", "value", "bboxes", "page_no"}
            assert len(field["bboxes"][0]["bbox"]) == 4


def test_everything_is_cleaned_up_after_seven_days(unsiloed: Account, sandbox: Sandbox) -> None:
    job_id = unsiloed.job(state="completed", batch="b1")
    sandbox.clock.advance(7 * DAY - 1)
    assert unsiloed.get(f"/jobs/{job_id}/result").status == 200
    sandbox.clock.advance(1)
    for path in (f"/jobs/{job_id}", f"/jobs/{job_id}/result"):
        gone = unsiloed.get(path)
        assert (gone.status, gone.json) == (404, {"detail": f"Job {job_id} not found"})
    assert unsiloed.get("/jobs/batch/b1").status == 404
    assert listed(unsiloed) == []


def test_a_list_is_filtered_by_all_that_the_document_names(unsiloed: Account) -> None:
    old = unsiloed.job(age=7200, tags=["march"], state="completed", operation="parse")
    middle = unsiloed.job(age=3600, tags=["march", "suppliers"], state="failed", operation="extract")
    new = unsiloed.job(tags=["april"])
    unsiloed.job(owner="other_company")

    def ids(query: str) -> list[str]:
        return [one["job_id"] for one in listed(unsiloed, query)]

    assert ids("") == [new, middle, old]
    assert ids("status=failed") == [middle]
    assert ids("operation=parse") == [old]
    assert ids("created_after=2026-03-25T10:30:00Z") == [new, middle]
    assert ids("created_before=2026-03-25T12:30:00%2B01:00") == [middle, old]
    assert ids("created_after=2026-03-25T10:30:00&created_before=2026-03-25T11:30:00") == [middle]
    assert ids("tags=suppliers,april") == [new, middle], "any of them"
    assert ids("tags=nobody") == []
    assert ids("limit=1&offset=1") == [middle]
    page = unsiloed.get("/jobs?limit=2&offset=1").json["pagination"]
    assert page == {"total": 3, "limit": 2, "offset": 1, "has_more": False}
    assert unsiloed.get("/jobs?limit=2").json["pagination"]["has_more"]
    assert unsiloed.get("/jobs").json["pagination"]["limit"] == 50


def test_a_listed_job_tells_of_its_end(unsiloed: Account) -> None:
    unsiloed.job(state="completed", tags=["march"])
    unsiloed.job(state="failed", error="Too dark")
    failed, completed = sorted(listed(unsiloed), key=lambda one: "completed_at" in one)
    assert failed["error_details"]["message"] == "Too dark"
    assert set(completed) == {
        "job_id",
        "status",
        "operation",
        "created_at",
        "completed_at",
        "file_count",
        "tags",
    }


@pytest.mark.parametrize(
    "query",
    [
        "status=COMPLETED",
        "operation=guess",
        "created_after=yesterday",
        "created_before=2026-99-01",
        "limit=0",
        "limit=101",
        "limit=many",
        "offset=-1",
        f"offset={10**30}",
    ],
)
def test_a_filter_that_cannot_be_is_refused_by_name(unsiloed: Account, query: str) -> None:
    refused = unsiloed.get(f"/jobs?{query}")
    assert refused.status == 422
    (wrong,) = refused.json["detail"]
    assert set(wrong) == {"loc", "msg", "type"}
    assert wrong["loc"] == ["query", query.partition("=")[0]]


def test_several_jobs_are_told_at_once_the_unknown_left_out(unsiloed: Account, sandbox: Sandbox) -> None:
    one, other = unsiloed.job(progress=42.5), unsiloed.job(state="completed")
    stranger = unsiloed.job(owner="other_company")
    told = unsiloed.get(f"/jobs/status?job_ids={one},nobody,{stranger},{other}&include_progress=true").json
    assert told == {
        "jobs": [
            {"job_id": one, "status": "queued", "progress": {"percentage": 42.5}},
            {"job_id": other, "status": "completed", "progress": {"percentage": 100.0}},
        ]
    }
    assert unsiloed.get("/jobs/status").json["detail"][0]["type"] == "missing"
    assert unsiloed.get(f"/jobs/status?job_ids={','.join(['x'] * 100)}").status == 200
    assert unsiloed.get(f"/jobs/status?job_ids={','.join(['x'] * 101)}").status == 422
    assert unsiloed.get(f"/jobs/status?job_ids={one}&include_progress=perhaps").status == 422


def test_a_batch_counts_its_parts_and_has_progress_as_a_number(unsiloed: Account) -> None:
    ids = [unsiloed.job(state=state, batch="b1") for state in ("completed", "failed", "running", "cancelled")]
    unsiloed.change(ids[2], progress=20)
    told = unsiloed.get("/jobs/batch/b1?include_progress=true").json
    assert {name: told[name] for name in told if name.endswith("_jobs")} == {
        "total_jobs": 4,
        "completed_jobs": 1,
        "failed_jobs": 1,
        "cancelled_jobs": 1,
    }
    assert (told["status"], told["overall_progress"]) == ("processing", 80.0)
    assert sorted(part["progress"] for part in told["jobs"]) == [0.0, 0.0, 20.0, 100.0]
    unsiloed.change(ids[2], state="completed", progress=None)
    assert unsiloed.get("/jobs/batch/b1").json["status"] == "completed"
    unsiloed.job(batch="b2", owner="other_company")
    assert unsiloed.get("/jobs/batch/b2").status == 403
    assert unsiloed.get("/jobs/batch/b3").json == {"detail": "Batch b3 not found"}


def test_a_job_is_cancelled_as_long_as_it_is_not_over(unsiloed: Account) -> None:
    job_id = unsiloed.job(state="running")
    assert set(unsiloed.delete(f"/jobs/{job_id}").json) == {"message"}
    assert unsiloed.get(f"/jobs/{job_id}").json["status"] == "cancelled"
    assert unsiloed.delete(f"/jobs/{job_id}").status == 400
    assert unsiloed.delete("/jobs/nobody").status == 404


def test_another_accounts_job_is_forbidden(unsiloed: Account) -> None:
    job_id = unsiloed.job(owner="other_company", state="completed")
    paths = (f"/jobs/{job_id}", f"/jobs/{job_id}/result")
    assert {unsiloed.get(path).status for path in paths} == {403}
    assert unsiloed.delete(f"/jobs/{job_id}").status == 403


def test_what_changes_is_told_to_a_webhook_and_a_mailbox(unsiloed: Account, sandbox: Sandbox) -> None:
    notify = {
        "webhook_url": "https://hooks.example/in",
        "email": "desk@example.org",
        "events": ["completed", "failed"],
        "include_summary": True,
    }
    job_id = unsiloed.job(notify=notify, startsIn=2, endsIn=10, fileName="a.pdf")
    sandbox.clock.advance(60)
    unsiloed.get(f"/jobs/{job_id}")
    started, ended, mail = unsiloed.notices()
    assert (started["kind"], started["recipient"]) == ("webhook", "https://hooks.example/in")
    assert ended["body"] == {
        "event": "job.status_changed",
        "job_id": job_id,
        "previous_status": "processing",
        "current_status": "completed",
        "timestamp": "2026-03-25T12:00:10.000Z",
        "progress": {"percentage": 100, "files_completed": 1, "total_files": 1},
    }
    assert (mail["kind"], mail["recipient"], mail["body"]["summary"]) == (
        "email",
        "desk@example.org",
        "a.pdf",
    )
    assert job_id in mail["body"]["subject"]


@pytest.mark.parametrize(
    ("path", "operation", "words"),
    [
        ("extract", "extract", ("queued", "processing", "completed", "review", "failed")),
        ("classify", "classify", ("queued", "processing", "completed", "completed", "failed")),
        ("splitter", "split", ("queued", "processing", "completed", "completed", "failed")),
        ("parse", "parse", ("Queued", "Processing", "Succeeded", "Succeeded", "Failed")),
    ],
)
def test_newer_deployments_have_words_by_operation(
    newer: Account, path: str, operation: str, words: tuple[str, ...]
) -> None:
    for state, word in zip(("queued", "running", "completed", "review", "failed"), words, strict=True):
        job_id = newer.job(state=state, operation=operation, age=10, error="Too dark")
        told = newer.get(f"/{path}/{job_id}").json
        assert told["status"] == word
        if path == "parse":
            assert ("chunks" in told) == (word == "Succeeded")
            assert "error" not in told
        else:
            assert isinstance(told["progress"], str)
            assert ("result" in told) == (state in ("completed", "review"))
        if state == "failed":
            assert told["message" if path == "parse" else "error"] == "Too dark"


def test_a_parse_starts_and_awaits_its_upload_before_it_is_queued(newer: Account, sandbox: Sandbox) -> None:
    job_id, seen = newer.job(operation="parse"), []
    for _ in range(3):
        seen.append(newer.get(f"/parse/{job_id}").json["status"])
        sandbox.clock.advance(1)
    assert seen == ["Starting", "AwaitingUpload", "Queued"]


def test_a_missing_route_and_a_job_that_is_gone_are_two_things(unsiloed: Account, newer: Account) -> None:
    job_id = newer.job(operation="extract")
    for path in ("/jobs", f"/jobs/{job_id}", f"/jobs/{job_id}/result", "/jobs/status", "/jobs/batch/b"):
        assert (unsiloed.get(path).status, unsiloed.get(path).json) == (404, {"detail": "Not Found"})
    for path in ("/extract/nobody", f"/parse/{job_id}"):
        gone = newer.get(path)
        assert (gone.status, gone.json) == (404, {"detail": f"Job {path.rsplit('/', 1)[1]} not found"})
    assert unsiloed.get(f"/extract/{job_id}").status == 401, "the other header's name"
    newer.switch(unsiloed_routes="jobs")
    assert newer.get(f"/extract/{job_id}").json == {"detail": "Not Found"}
