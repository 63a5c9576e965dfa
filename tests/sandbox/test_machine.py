"""The sandbox against a dictionary: whatever order things happen in, both say the same.

``SANDBOX_MACHINES`` sets how many runs are made; unset, a short dose is.
"""

import asyncio
import os
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from review_tui.sandbox import sessions, transitions
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import SandboxSettings
from tests.sandbox.asking import Answer, Caller
from tests.wire import NOON

pytestmark = pytest.mark.volume

LIST = "/api/v1/submissions"
SESSIONS = "/api/v1/workflows/receipt-ocr/sessions"
MACHINES = int(os.environ.get("SANDBOX_MACHINES", "60"))
REASONS = st.one_of(st.none(), st.just("  "), st.text(max_size=8))


@dataclass
class Expected:
    """A submission as the dictionary knows it."""

    order: int
    status: str = "created"
    uploaded: bool = False
    expires: float = 0.0
    session: str = ""
    upload_url: str = ""
    session_state: str = "pending"
    matches: dict[str, str | None] = field(default_factory=dict)
    fraud: str | None = None
    reason: str | None = None
    events: list[str] = field(default_factory=lambda: ["created"])


class SandboxMachine(RuleBasedStateMachine):
    """Uploads, the pipeline, reviewers and time, in any order."""

    submissions: Bundle[str] = Bundle("submissions")
    matches: Bundle[tuple[str, str]] = Bundle("matches")

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.clock = Clock(NOON, frozen=True)
        plenty = 10**6
        app = create_app(
            SandboxSettings(
                scenario="empty",
                clock=self.clock,
                read_limit=plenty,
                write_limit=plenty,
                session_limit=plenty,
                submit_limit=plenty,
            )
        )
        self.sandbox = app.state.sandbox
        self.caller = Caller(app, self.sandbox.api_key, self.runner)
        self.known: dict[str, Expected] = {}

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            self.sandbox.close()
            self.runner.close()

    @property
    def now(self) -> float:
        return self.clock.now().timestamp()

    @rule(target=submissions)
    def upload_begins(self) -> str:
        number = len(self.known)
        body = {"fileCount": 1, "contentTypes": ["image/png"], "clientSubmissionId": f"order-{number}"}
        answer = self.caller.post(SESSIONS, body)
        assert answer.status == 201
        told = answer.json
        self.known[told["submissionId"]] = Expected(
            order=number,
            expires=self.now + 1800,
            session=told["sessionId"],
            upload_url=told["uploadUrls"][0]["uploadUrl"].removeprefix("http://127.0.0.1"),
        )
        identifier: str = told["submissionId"]
        return identifier

    @rule(identifier=submissions)
    def file_arrives(self, identifier: str) -> None:
        one = self.known[identifier]
        answer = self.caller.ask("PUT", one.upload_url, b"png", {"Content-Type": "image/png"})
        if self.now >= one.expires:
            assert answer.status == 403
        elif one.session_state != "pending":
            assert answer.status == 409
        else:
            assert answer.status == 200
            one.uploaded = True

    @rule(identifier=submissions)
    def upload_is_submitted(self, identifier: str) -> None:
        one = self.known[identifier]
        answer = self.caller.post(f"{SESSIONS}/{one.session}/submit")
        if one.session_state == "expired" or (one.session_state == "pending" and self.now >= one.expires):
            assert answer.status == 410
        elif one.session_state != "pending":
            assert answer.status == 400
        elif not one.uploaded:
            assert answer.slug == "files-missing"
        else:
            assert answer.status == 200
            one.session_state, one.status = "submitted", "processing"
            one.events.append("files_uploaded")

    @rule(target=matches, identifier=submissions, count=st.integers(0, 2))
    def pipeline_finishes(self, identifier: str, count: int) -> tuple[str, str]:
        one = self.known[identifier]
        found = {"matched_submission_id": identifier, "type": "data_similarity", "score": 50.0, "details": {}}
        fraud = "flagged" if count else "clean"
        with self.sandbox.database.write() as tx:
            moved = transitions.finish_processing(
                tx,
                identifier,
                self.clock.now_ms(),
                extracted={"totalAmount": 1},
                confidence=0.5,
                fraud_status=fraud,
                fraud_score=50.0,
                matches=[found] * count,
                to_status="review",
            )
        assert moved == (one.status == "processing")
        if moved:
            one.status, one.session_state, one.fraud = "review", "completed", fraud
            one.events += ["extraction_completed", "fraud_check_completed"]
            told = self.caller.get(f"{LIST}/{identifier}/fraud-matches").json["data"]
            assert len(told) == count
            one.matches = {match["id"]: None for match in told}
        return identifier, next(iter(one.matches), "no such match")

    @rule(identifier=submissions)
    def pipeline_fails(self, identifier: str) -> None:
        one = self.known[identifier]
        with self.sandbox.database.write() as tx:
            moved = transitions.fail(tx, identifier, self.clock.now_ms(), reason="broken")
        assert moved == (one.status in ("created", "processing"))
        if moved:
            one.status, one.session_state = "failed", "failed"
            one.events.append("failed")

    @rule(identifier=submissions)
    def downstream_takes_it(self, identifier: str) -> None:
        one = self.known[identifier]
        with self.sandbox.database.write() as tx:
            moved = transitions.sync(tx, identifier, self.clock.now_ms())
        assert moved == (one.status == "approved")
        if moved:
            one.status = "synced"
            one.events.append("synced")

    @rule(seconds=st.sampled_from([1, 600, 1801]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule()
    def sweep_runs(self) -> None:
        with self.sandbox.database.write() as tx:
            swept = sessions.sweep(tx, self.clock.now_ms())
        stale = [
            one
            for one in self.known.values()
            if one.session_state == "pending" and self.now >= one.expires and one.status == "created"
        ]
        assert swept == len(stale)
        for one in stale:
            one.session_state, one.status = "expired", "failed"
            one.events.append("failed")

    @rule(identifier=submissions)
    def reviewer_approves(self, identifier: str) -> None:
        one = self.known[identifier]
        answer = self.caller.post(f"{LIST}/{identifier}/approve")
        allowed = one.status == "review" and None not in one.matches.values()
        self._decided(one, answer, "approved" if allowed else None)

    @rule(identifier=submissions, reason=REASONS)
    def reviewer_rejects(self, identifier: str, reason: str | None) -> None:
        one = self.known[identifier]
        answer = self.caller.post(f"{LIST}/{identifier}/reject", {"reason": reason})
        if reason is None or not reason.strip():
            assert answer.slug == "validation-error"
        else:
            self._decided(one, answer, "rejected" if one.status == "review" else None, reason.strip())

    @rule(identifier=submissions, reason=REASONS)
    def reviewer_cancels(self, identifier: str, reason: str | None) -> None:
        one = self.known[identifier]
        answer = self.caller.post(f"{LIST}/{identifier}/cancel", {"reason": reason})
        if reason is not None and not reason.strip():
            assert answer.slug == "validation-error"
            return
        allowed = one.status in ("created", "processing", "review", "failed")
        self._decided(one, answer, "cancelled" if allowed else None, reason and reason.strip())
        if allowed and one.session_state in ("pending", "submitted"):
            one.session_state = "failed"

    @rule(match=consumes(matches), resolution=st.sampled_from(["false_positive", "confirmed_fraud"]))
    def reviewer_resolves(self, match: tuple[str, str], resolution: str) -> None:
        identifier, match_id = match
        one = self.known[identifier]
        answer = self.caller.post(
            f"{LIST}/{identifier}/fraud-matches/{match_id}/resolve", {"resolution": resolution}
        )
        if match_id not in one.matches:
            assert answer.status == 404
        elif one.status != "review" or one.matches[match_id] is not None:
            assert answer.slug == "conflict"
        else:
            assert answer.status == 200
            one.matches[match_id] = resolution
            one.events.append("fraud_match_resolved")
            if "confirmed_fraud" in one.matches.values():
                one.fraud = "blocked"
            elif None not in one.matches.values():
                one.fraud = "clean"

    @rule(identifier=submissions)
    def detail_agrees(self, identifier: str) -> None:
        one = self.known[identifier]
        told = self.caller.get(f"{LIST}/{identifier}").json["data"]
        assert (told["submissionStatus"], told["fraudStatus"]) == (one.status, one.fraud)
        assert {match["id"]: match["resolution"] for match in told["fraudMatches"]} == one.matches
        assert [event["type"] for event in reversed(told["events"])] == one.events
        reasons = {"rejected": "rejectReason", "cancelled": "cancelReason"}
        if one.status in reasons:
            assert told[reasons[one.status]] == one.reason
        job = self.caller.get(f"/api/v1/jobs/{one.session}").json
        assert (job["state"], job["submissionStatus"]) == (one.session_state, one.status)

    @rule(status=st.sampled_from([None, "created", "review", "failed", "approved"]), limit=st.integers(1, 4))
    def list_agrees(self, status: str | None, limit: int) -> None:
        told: list[str] = []
        query = f"limit={limit}" + (f"&status={status}" if status else "")
        cursor = ""
        while True:
            page = self.caller.get(f"{LIST}?{query}{cursor}").json
            told += [item["id"] for item in page["data"]]
            if not page["pagination"]["hasMore"]:
                break
            cursor = f"&cursor={page['pagination']['nextCursor']}"
        wanted = {key for key, one in self.known.items() if status in (None, one.status)}
        assert len(told) == len(wanted)
        assert set(told) == wanted

    @invariant()
    def no_session_outlives_its_submission(self) -> None:
        if not hasattr(self, "runner"):
            return
        with self.sandbox.database.read() as tx:
            stray = tx.execute(
                "SELECT count(*) FROM submissions s JOIN sessions e ON e.id = s.session_id "
                "WHERE e.state IN ('pending', 'submitted') AND s.status NOT IN ('created', 'processing')"
            ).fetchone()[0]
        assert stray == 0

    def _decided(self, one: Expected, answer: Answer, to: str | None, reason: str | None = None) -> None:
        if to is None:
            assert (answer.status, answer.slug) == (409, "conflict")
            return
        assert answer.status == 200
        assert answer.json["data"]["submissionStatus"] == to
        one.status, one.reason = to, reason
        one.events.append(to)


TestSandbox = SandboxMachine.TestCase
TestSandbox.settings = settings(
    max_examples=MACHINES,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
