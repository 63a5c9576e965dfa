"""The sandbox's own life, turned by hand: uploads, the pipeline and the other reviewer."""

import asyncio
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from starlette.applications import Starlette

from review_tui.sandbox import scenarios
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.documents.invention import altered, invent
from review_tui.sandbox.documents.paper import Document, amount_of
from review_tui.sandbox.documents.reading import told_by
from review_tui.sandbox.documents.rendering import render
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.life import pipeline
from review_tui.sandbox.life.generator import Generator
from review_tui.sandbox.life.pipeline import Pipeline
from review_tui.sandbox.life.rival import Rival
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.sandbox.asking import Caller
from tests.wire import NOON

TODAY = date(2026, 3, 25)


def a_receipt(seed: int, quality: float = 0.9) -> Document:
    rng = Random(seed)
    while True:
        document = invent(rng, today=TODAY)
        if abs(document.look.quality - quality) < 0.05:
            return document


def upload(caller: Caller, data: bytes, name: str, slug: str = "receipt-ocr") -> str:
    """Session, PUT, submit, as any uploader would; returns the submission's id."""
    kind = "application/pdf" if data.startswith(b"%PDF") else "image/jpeg"
    wanted = {"fileCount": 1, "contentTypes": [kind], "clientSubmissionId": name}
    session = caller.post(f"/api/v1/workflows/{slug}/sessions", wanted)
    assert session.status == 201, session.body
    place = session.json["uploadUrls"][0]
    assert caller.ask("PUT", place["uploadUrl"], data, {"Content-Type": kind}).status == 200
    submitted = caller.post(f"/api/v1/workflows/{slug}/sessions/{session.json['sessionId']}/submit", {})
    assert submitted.json["submissionStatus"] == "processing"
    return str(submitted.json["submissionId"])


def seen(caller: Caller, submission_id: object) -> dict[str, Any]:
    """The submission as a reviewer's console gets it."""
    answer = caller.get(f"/api/v1/submissions/{submission_id}")
    assert answer.status == 200
    found: dict[str, Any] = answer.json["data"]
    return found


def pass_time(sandbox: Sandbox, seconds: float) -> None:
    """Let the pipeline do what falls due within so many seconds."""
    work = Pipeline(sandbox)
    for _ in range(round(seconds * 2)):
        sandbox.clock.advance(0.5)
        work.step(sandbox.clock.now_ms())


def test_a_receipt_goes_from_upload_to_review_to_the_other_side(caller: Caller, sandbox: Sandbox) -> None:
    document = a_receipt(1)
    submission_id = upload(caller, render(document), "order-1")
    path = f"/api/v1/submissions/{submission_id}"
    assert seen(caller, submission_id)["submissionStatus"] == "processing"

    pass_time(sandbox, 4)
    shown = seen(caller, submission_id)
    assert shown["submissionStatus"] == "review"
    assert shown["fraudStatus"] == "clean"
    assert shown["extractedData"]["totalAmount"] == amount_of(document.total, document.currency)
    assert shown["extractedData"]["merchantName"] == document.merchant.name
    assert 0.6 < shown["confidence"] < pipeline.SURE
    assert [event["type"] for event in reversed(shown["events"])] == [
        "created",
        "files_uploaded",
        "processing_started",
        "content_moderation_complete",
        "extraction_completed",
        "fraud_check_completed",
    ]
    assert caller.get(f"/api/v1/jobs/{shown['sessionId']}").json["state"] == "completed"

    assert caller.post(f"{path}/approve").status == 200
    pass_time(sandbox, 20)
    assert seen(caller, submission_id)["submissionStatus"] == "approved"
    pass_time(sandbox, 60)
    shown = seen(caller, submission_id)
    assert shown["submissionStatus"] == "synced"
    assert shown["events"][0]["type"] == "synced"
    assert shown["syncedAt"] is not None


def test_a_forged_receipt_comes_to_review_with_matches_that_name_the_original(
    caller: Caller, sandbox: Sandbox
) -> None:
    document = a_receipt(2)
    first = upload(caller, render(document), "order-1")
    pass_time(sandbox, 4)
    second = upload(caller, render(altered(document, Random(1))), "order-2")
    pass_time(sandbox, 4)
    shown = seen(caller, second)
    assert (shown["submissionStatus"], shown["fraudStatus"]) == ("review", "flagged")
    matches = shown["fraudMatches"]
    assert {match["matchedSubmissionId"] for match in matches} == {first}
    assert {match["type"] for match in matches} == {"image_similarity", "data_similarity"}
    assert shown["fraudScore"] == max(match["score"] for match in matches)
    assert caller.post(f"/api/v1/submissions/{second}/approve").status == 409


def test_a_clean_and_certain_receipt_needs_no_reviewer(caller: Caller, sandbox: Sandbox) -> None:
    submission_id = upload(caller, render(a_receipt(3, quality=0.98)), "order-1")
    pass_time(sandbox, 4)
    shown = seen(caller, submission_id)
    assert shown["confidence"] >= pipeline.SURE
    assert shown["submissionStatus"] == "approved"
    assert shown["events"][0]["message"] == "Approved automatically"


def test_a_file_from_elsewhere_fails_with_a_reason(caller: Caller, sandbox: Sandbox) -> None:
    submission_id = upload(caller, b"\xff\xd8 not much of a picture", "order-1")
    pass_time(sandbox, 4)
    shown = seen(caller, submission_id)
    assert shown["submissionStatus"] == "failed"
    assert shown["failedReason"] == "No text could be found in the file."
    assert shown["extractedData"] is None
    job = caller.get(f"/api/v1/jobs/{shown['sessionId']}").json
    assert (job["state"], job["failedReason"]) == ("failed", shown["failedReason"])


def test_moderation_stops_a_photograph_of_something_else(caller: Caller, sandbox: Sandbox) -> None:
    rng = Random(4)
    photo = invent(rng, today=TODAY, kind="photo")
    while photo.unfit is None:
        photo = invent(rng, today=TODAY, kind="photo")
    submission_id = upload(caller, render(photo), "order-1", "photo-proof")
    pass_time(sandbox, 4)
    shown = seen(caller, submission_id)
    assert shown["submissionStatus"] == "failed"
    assert photo.unfit in shown["failedReason"]
    assert "content_moderation_blocked" in [event["type"] for event in shown["events"]]


def test_a_submission_cancelled_while_it_is_processed_stays_cancelled(
    caller: Caller, sandbox: Sandbox
) -> None:
    submission_id = upload(caller, render(a_receipt(5)), "order-1")
    pass_time(sandbox, 1.5)
    assert caller.post(f"/api/v1/submissions/{submission_id}/cancel").status == 200
    pass_time(sandbox, 4)
    shown = seen(caller, submission_id)
    assert shown["submissionStatus"] == "cancelled"
    assert shown["extractedData"] is None


def test_a_session_that_nobody_finishes_expires(caller: Caller, sandbox: Sandbox) -> None:
    wanted = {"fileCount": 1, "contentTypes": ["image/jpeg"], "clientSubmissionId": "order-1"}
    session = caller.post("/api/v1/workflows/receipt-ocr/sessions", wanted).json
    sandbox.clock.advance(31 * 60)
    assert caller.get(f"/api/v1/jobs/{session['sessionId']}").json["state"] == "pending"
    turn = Pipeline(sandbox).step(sandbox.clock.now_ms())
    assert turn.expired == 1
    assert caller.get(f"/api/v1/jobs/{session['sessionId']}").json["state"] == "expired"


def test_approved_ones_are_handed_on_one_after_the_other(caller: Caller, sandbox: Sandbox) -> None:
    ids = [upload(caller, render(a_receipt(seed)), f"order-{seed}") for seed in (6, 7, 8)]
    pass_time(sandbox, 4)
    for submission_id in ids:
        assert caller.post(f"/api/v1/submissions/{submission_id}/approve").status == 200
    sandbox.clock.advance(pipeline.SYNCS / 1000)
    work = Pipeline(sandbox)
    synced = []
    for _ in range(3):
        synced.append(work.step(sandbox.clock.now_ms()).synced)
        synced.append(work.step(sandbox.clock.now_ms()).synced)
        sandbox.clock.advance(pipeline.SYNC_PAUSE / 1000)
    assert synced == [1, 0, 1, 0, 1, 0]


def generator(app: Starlette, ceiling: int = 1000) -> Generator:
    return Generator(app.state.sandbox, app, Random(1), (5, 15), ceiling)


def test_the_generator_uploads_by_the_public_routes_and_keeps_its_pace(
    sandbox_app: Starlette, sandbox: Sandbox, caller: Caller
) -> None:
    sends = generator(sandbox_app)
    sent: list[str] = []
    for _ in range(120):
        found = caller.runner.run(sends.step(sandbox.clock.now_ms()))
        sent += [found] if found else []
        sandbox.clock.advance(1)
    assert 8 <= len(sent) <= 24
    asked = Counter(
        (request.method, request.path.rsplit("/", 1)[-1])
        for request in sandbox.seen
        if request.method == "POST"
    )
    assert asked["POST", "submit"] == asked["POST", "sessions"] == len(sent)
    assert {request.status for request in sandbox.seen} <= {200, 201}
    # The key goes to the API and not to the pre-signed places.
    assert {request.has_authorization for request in sandbox.seen if request.method == "PUT"} == {False}
    for submission_id in sent:
        shown = seen(caller, submission_id)
        assert shown["submissionStatus"] == "processing"
        assert shown["files"]


def test_what_the_generator_sends_back_is_found_again(
    sandbox_app: Starlette, sandbox: Sandbox, caller: Caller
) -> None:
    sends = generator(sandbox_app)
    for _ in range(40):
        caller.runner.run(sends.send_one(sandbox.clock.now_ms()))
        sandbox.clock.advance(4)
        pass_time(sandbox, 4)
    with sandbox.database.read() as tx:
        kinds = {row["type"] for row in tx.execute("SELECT type FROM fraud_matches")}
        statuses = {row["status"] for row in tx.execute("SELECT status FROM submissions")}
    assert kinds == {"exact_duplicate", "image_similarity", "data_similarity"}
    assert "processing" not in statuses
    assert "review" in statuses


def test_the_generator_stops_when_the_queue_is_full(
    sandbox_app: Starlette, sandbox: Sandbox, caller: Caller
) -> None:
    sends = generator(sandbox_app, ceiling=4)
    for _ in range(300):
        caller.runner.run(sends.step(sandbox.clock.now_ms()))
        pass_time(sandbox, 1)
    with sandbox.database.read() as tx:
        (waiting,) = tx.execute("SELECT count(*) FROM submissions WHERE status = 'review'").fetchone()
    assert waiting == 4


@pytest.mark.parametrize("kind", ["status", "drop"])
def test_a_fault_on_an_upload_does_not_stop_the_generator(
    sandbox_app: Starlette, sandbox: Sandbox, caller: Caller, kind: str
) -> None:
    sends = generator(sandbox_app)
    sandbox.faults.add(Fault(kind=kind, method="POST", path="*/sessions"))
    assert caller.runner.run(sends.send_one(sandbox.clock.now_ms())) is None
    assert caller.runner.run(sends.send_one(sandbox.clock.now_ms())) is not None


def test_the_rival_decides_and_leaves_the_last_ones(sandbox: Sandbox, caller: Caller) -> None:
    ids = {upload(caller, render(a_receipt(seed, 0.8)), f"order-{seed}") for seed in range(10, 18)}
    pass_time(sandbox, 6)
    rival = Rival(sandbox, Random(3), (2, 6), floor=3)
    decided = []
    for _ in range(120):
        found = rival.step(sandbox.clock.now_ms())
        decided += [found] if found else []
        sandbox.clock.advance(1)
    assert len(decided) == len(set(decided)) == 5
    assert set(decided) <= ids
    for submission_id in decided:
        shown = seen(caller, submission_id)
        assert shown["submissionStatus"] in ("approved", "rejected", "cancelled")
        assert shown["events"][0]["actor"]["type"] == "reviewer"
        assert all(match["resolution"] for match in shown["fraudMatches"])


async def test_a_live_sandbox_moves_until_told_to_stop(sandbox_app: Starlette, sandbox: Sandbox) -> None:
    sends = generator(sandbox_app)
    submission_id = await sends.send_one(sandbox.clock.now_ms())
    life = asyncio.create_task(scenarios.live(sandbox, sandbox_app))
    status = "processing"
    for _ in range(200):
        await asyncio.sleep(0.05)
        sandbox.clock.advance(1)
        with sandbox.database.read() as tx:
            row = tx.execute("SELECT status FROM submissions WHERE id = ?", (submission_id,)).fetchone()
        status = row["status"]
        if status != "processing":
            break
    life.cancel()
    with pytest.raises(asyncio.CancelledError):
        await life
    assert status != "processing"


def test_every_file_the_generator_sends_tells_what_it_says(
    sandbox_app: Starlette, sandbox: Sandbox, caller: Caller
) -> None:
    sends = generator(sandbox_app)
    for _ in range(6):
        submission_id = caller.runner.run(sends.send_one(sandbox.clock.now_ms()))
        pass_time(sandbox, 4)
        shown = seen(caller, submission_id)
        document = told_by(caller.get(shown["files"][0]["downloadUrl"]).body)
        assert document is not None
        if shown["extractedData"] and document.look.quality > 0.75 and document.kind != "photo":
            assert shown["extractedData"]["totalAmount"] == amount_of(document.total, document.currency)


def test_a_file_has_its_size_before_it_is_drawn_and_is_known_again_afterwards() -> None:
    app = create_app(SandboxSettings(scenario="quiet", clock=Clock(NOON, frozen=True)))
    sandbox: Sandbox = app.state.sandbox
    with asyncio.Runner() as runner:
        caller = Caller(app, sandbox.api_key, runner)
        for item in caller.get("/api/v1/submissions?status=review").json["data"]:
            files = seen(caller, item["id"])["files"]
            drawn = [caller.get(file["downloadUrl"]).body for file in files]
            assert [len(data) for data in drawn] == [file["sizeBytes"] for file in files]
            with sandbox.database.read() as tx:
                known = tx.execute(
                    "SELECT value FROM fingerprints WHERE kind = 'sha256' AND submission_id = ?",
                    (item["id"],),
                ).fetchall()
            assert {row["value"] for row in known} == {hashlib.sha256(data).hexdigest() for data in drawn}
    sandbox.close()


async def test_a_world_that_is_opened_again_goes_on_with_new_documents(tmp_path: Path) -> None:
    settings = SandboxSettings(db=tmp_path / "world.db", clock=Clock(NOON, frozen=True))
    sent: list[str | None] = []
    for _ in range(2):
        app = create_app(settings)
        life = scenarios.life_of(app.state.sandbox, app)
        assert isinstance(life, scenarios.Life)
        assert life.generator is not None
        sent += [await life.generator.send_one(settings.clock.now_ms()) for _ in range(3)]
        app.state.sandbox.close()
    assert None not in sent, "an upload was refused as one of before"
    assert len(set(sent)) == 6
