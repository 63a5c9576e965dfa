"""A small server that knows who really decided what."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from tests.wire import NOON

BECOMES = {"approve": "approved", "reject": "rejected", "cancel": "cancelled"}
COLLEAGUE = "a colleague's"


@dataclass
class Truth:
    """One submission as it really is; `by` is the request that decided it."""

    id: str
    amount: int = 100
    status: str = "review"
    by: str | None = None
    reason: str | None = None
    event: dict[str, Any] | None = None


@dataclass
class Server(httpx.AsyncBaseTransport):
    """Answers as the contract says; `tells_ids` says whether its events name the request."""

    tells_ids: bool
    submissions: dict[str, Truth] = field(default_factory=dict)
    applied: dict[str, int] = field(default_factory=dict)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        parts = request.url.path.removeprefix("/api/v1/").split("/")
        if parts == ["submissions"]:
            rows = [self._shown(truth) for truth in self.submissions.values() if truth.status == "review"]
            return _json(200, {"data": rows, "pagination": {"hasMore": False, "nextCursor": None}})
        truth = self.submissions.get(parts[1]) if parts[0] == "submissions" and len(parts) > 1 else None
        if truth is None:
            return _json(200, {"data": []}) if parts == ["companies"] else _json(404, {"status": 404})
        if request.method == "GET":
            return _json(200, {"data": self._shown(truth)})
        reason = json.loads(request.content or b"{}").get("reason")
        if not self.decide(truth, parts[2], request.headers["X-Request-Id"], reason):
            return _json(409, {"title": "Conflict", "status": 409, "detail": f"it is {truth.status}"})
        return _json(200, {"data": {"id": truth.id, "submissionStatus": truth.status}})

    def decide(self, truth: Truth, verb: str, by: str, reason: str | None, actor: str = "api_key") -> bool:
        """Apply a decision if that may be."""
        if truth.status != "review":
            return False
        truth.status, truth.by, truth.reason = BECOMES[verb], by, reason
        data = {"requestId": by} if self.tells_ids else {}
        truth.event = {
            "id": f"e-{by}",
            "type": truth.status,
            "createdAt": "2026-03-25T12:03:00.000Z",
            "actor": {"type": actor, "id": actor, "name": actor},
            "data": data,
        }
        self.applied[by] = self.applied.get(by, 0) + 1
        return True

    def _shown(self, truth: Truth) -> dict[str, Any]:
        order = int(truth.id.removeprefix("s"))
        return {
            "id": truth.id,
            "submissionStatus": truth.status,
            "fraudStatus": "clean",
            "extractedData": {"merchantName": "Café Łąka", "totalAmount": truth.amount},
            "createdAt": (NOON - timedelta(minutes=order)).isoformat(),
            "rejectReason": truth.reason if truth.status == "rejected" else None,
            "cancelReason": truth.reason if truth.status == "cancelled" else None,
            "fraudMatches": [],
            "events": [truth.event] if truth.event else [],
        }


def answer(status: int, body: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
    """An answer whose body still has to be read, as one from a network."""
    given = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=given, stream=httpx.ByteStream(body))


def _json(status: int, body: dict[str, Any]) -> httpx.Response:
    return answer(status, json.dumps(body).encode())
