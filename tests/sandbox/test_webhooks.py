"""A session's webhook hears what became of it: signed, tried three times, never beyond this machine."""

import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette

from review_tui.sandbox import webhooks
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.sandbox import rows
from tests.sandbox.asking import Caller
from tests.wire import NOON


@dataclass
class Receiver:
    """Somebody's server: answers what it is told to and keeps what it heard."""

    url: str = ""
    status: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.heard.append((dict(self.headers), body))
            self.send_response(kept.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}/hook?x=1"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sandbox_app() -> Iterator[Starlette]:
    """An empty company that may tell webhooks on this machine."""
    clock = Clock(NOON, frozen=True)
    app = create_app(SandboxSettings(scenario="empty", clock=clock, loopback_webhooks=True))
    yield app
    app.state.sandbox.close()


def deliver(sandbox: Sandbox) -> int:
    return webhooks.deliver_due(sandbox.database, sandbox.clock.now_ms())


def status_of(caller: Caller, identifier: str) -> str | None:
    session = caller.get(f"/api/v1/submissions/{identifier}").json["data"]["sessionId"]
    found: str | None = caller.get(f"/api/v1/jobs/{session}").json["webhookDeliveryStatus"]
    return found


def test_a_message_is_signed_with_the_hash_of_the_key(
    caller: Caller, sandbox: Sandbox, receiver: Receiver
) -> None:
    identifier = rows.submission(sandbox, webhook_url=receiver.url)
    assert status_of(caller, identifier) is None
    caller.post(f"/api/v1/submissions/{identifier}/reject", {"reason": "Blurred — żółć"})
    assert status_of(caller, identifier) == "pending"
    assert deliver(sandbox) == 1
    assert deliver(sandbox) == 0
    assert status_of(caller, identifier) == "delivered"
    ((headers, body),) = receiver.heard
    key = hashlib.sha256(sandbox.api_key.encode()).hexdigest().encode()
    signature = hmac.new(key, body, hashlib.sha256).hexdigest()
    assert headers["X-Webhook-Signature"] == f"sha256={signature}"
    assert headers["X-Webhook-Event"] == "submission.rejected"
    assert headers["X-Webhook-Timestamp"] == str(int(NOON.timestamp()))
    assert headers["User-Agent"] == "steve-webhook/1.0"
    message = json.loads(body)
    assert headers["X-Webhook-Id"] == message["eventId"]
    job = caller.get(f"/api/v1/jobs/{message['sessionId']}").json
    assert set(message) == {
        *("eventId", "eventType", "occurredAt", "sessionId", "submissionId", "workflow", "state"),
        *("submissionStatus", "companyId", "result", "failedReason", "clientSubmissionId", "metadata"),
    }
    assert {name: message[name] for name in set(message) & set(job)} == {
        name: job[name] for name in set(message) & set(job)
    }
    assert (message["eventType"], message["occurredAt"]) == (
        "submission.rejected",
        "2026-03-25T12:00:00.000Z",
    )


@pytest.mark.parametrize("status", [500, 404, 302])
def test_three_attempts_with_one_id_and_then_no_more(
    caller: Caller, sandbox: Sandbox, receiver: Receiver, status: int
) -> None:
    receiver.status = status
    identifier = rows.submission(sandbox, webhook_url=receiver.url)
    caller.post(f"/api/v1/submissions/{identifier}/approve")
    made = []
    for wait in (0, 29.9, 0.1, 299.9, 0.1, 3600):
        sandbox.clock.advance(wait)
        made.append(deliver(sandbox))
        if len(made) < 5:
            assert status_of(caller, identifier) == "pending"
    assert made == [1, 0, 1, 0, 1, 0]
    assert status_of(caller, identifier) == "failed"
    assert len({headers["X-Webhook-Id"] for headers, _ in receiver.heard}) == 1
    assert len({headers["X-Webhook-Timestamp"] for headers, _ in receiver.heard}) == 3


def test_a_later_attempt_can_still_arrive(caller: Caller, sandbox: Sandbox, receiver: Receiver) -> None:
    receiver.status = 503
    identifier = rows.submission(sandbox, webhook_url=receiver.url)
    caller.post(f"/api/v1/submissions/{identifier}/cancel")
    deliver(sandbox)
    receiver.status = 204
    sandbox.clock.advance(30)
    deliver(sandbox)
    assert status_of(caller, identifier) == "delivered"


def test_every_turn_of_a_submission_has_its_word(
    caller: Caller, sandbox: Sandbox, receiver: Receiver
) -> None:
    from review_tui.sandbox import transitions

    now = sandbox.clock.now_ms()
    with sandbox.database.write() as tx:
        reviewed, passed, broken = (
            rows.add(tx, sandbox, "processing", webhook_url=receiver.url) for _ in range(3)
        )
        for identifier, to_status in ((reviewed, "review"), (passed, "approved")):
            transitions.finish_processing(
                tx,
                identifier,
                now,
                extracted={},
                confidence=0.5,
                fraud_status="flagged",
                fraud_score=50.0,
                matches=[
                    {"matched_submission_id": "x", "type": "exact_duplicate", "score": 1.0, "details": {}}
                ],
                to_status=to_status,
            )
        transitions.fail(tx, broken, now, reason="No picture")
    path = f"/api/v1/submissions/{reviewed}"
    (match,) = caller.get(f"{path}/fraud-matches").json["data"]
    caller.post(f"{path}/fraud-matches/{match['id']}/resolve", {"resolution": "false_positive"})
    caller.post(f"{path}/approve")
    deliver(sandbox)
    assert sorted(headers["X-Webhook-Event"] for headers, _ in receiver.heard) == [
        "session.completed",
        "session.failed",
        "session.review_required",
        "submission.approved",
        "submission.fraud_match_resolved",
    ]


def test_nothing_leaves_this_machine(caller: Caller, sandbox: Sandbox) -> None:
    """A public address is accepted, as the contract says, but the sandbox does not connect to it."""
    identifier = rows.submission(sandbox, webhook_url="https://shop.example.com/hook")
    caller.post(f"/api/v1/submissions/{identifier}/approve")
    assert deliver(sandbox) == 1
    assert status_of(caller, identifier) == "pending"
    answer = caller.post("/api/v1/webhooks/test", {"webhookUrl": "https://shop.example.com/hook"})
    assert answer.json["delivered"] is False
    assert "own machine" in answer.json["error"]


def test_a_test_message_is_unsigned(caller: Caller, receiver: Receiver) -> None:
    answer = caller.post("/api/v1/webhooks/test", {"webhookUrl": receiver.url})
    assert answer.json == {"delivered": True, "statusCode": 200, "error": None}
    ((headers, body),) = receiver.heard
    assert "X-Webhook-Signature" not in headers
    assert json.loads(body) == {"type": "webhook.test", "timestamp": "2026-03-25T12:00:00.000Z"}


def test_nobody_listening_counts_as_not_delivered(caller: Caller, receiver: Receiver) -> None:
    answer = caller.post("/api/v1/webhooks/test", {"webhookUrl": "http://127.0.0.1:9/"})
    assert (answer.json["delivered"], answer.json["statusCode"]) == (False, None)
    assert caller.post("/api/v1/webhooks/test", {"webhookUrl": "ftp://127.0.0.1/"}).slug == "validation-error"
    assert caller.post("/api/v1/webhooks/test", {}).slug == "validation-error"
    assert receiver.heard == []
