"""A small server that knows who really decided what."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import httpx

from tests.simulation.truth import COLLEAGUE, Judged, Truth
from tests.wire import NOON

ANY_KEY = "aok_" + "0" * 64
_STATUS = {"approve": "approved", "reject": "rejected", "cancel": "cancelled"}


@dataclass
class Kept(Truth):
    """A submission as this server keeps it, its events newest first."""

    amount: int = 100
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def undecided(self) -> bool:
        """Whether a fraud match still waits to be judged."""
        return any(match.resolution is None for match in self.matches.values())

    @property
    def fraud_status(self) -> str:
        resolutions = {match.resolution for match in self.matches.values()}
        if "confirmed_fraud" in resolutions:
            return "blocked"
        return "flagged" if self.undecided else "clean"


class Server(httpx.AsyncBaseTransport):
    """Answers as the contract says; now and then its details lack the matches, which have a route too."""

    def __init__(self, chance: Random) -> None:
        self.tells_ids = chance.random() < 0.7
        self._tells_matches = chance.random() < 0.85
        self._kept = {f"s{number}": Kept(f"s{number}") for number in range(chance.randint(3, 6))}
        for submission_id in self._kept:
            for _ in range(chance.choice([0, 0, 0, 1, 1, 2, 3])):
                self.suspect(submission_id)

    @property
    def key(self) -> str:
        return ANY_KEY

    @property
    def carrier(self) -> httpx.AsyncBaseTransport:
        return self

    def ids(self) -> list[str]:
        return list(self._kept)

    def undecided(self) -> list[str]:
        return [kept.id for kept in self._kept.values() if kept.status == "review"]

    def truth(self, submission_id: str) -> Truth:
        return self._kept[submission_id]

    def meddle(self, submission_id: str, verb: str, reason: str) -> None:
        self._decide(self._kept[submission_id], verb, COLLEAGUE, reason, "reviewer")

    def judge(self, submission_id: str, match_id: str, resolution: str, note: str | None) -> None:
        self._judge(self._kept[submission_id], match_id, resolution, note, COLLEAGUE, "reviewer")

    def alter(self, submission_id: str) -> None:
        self._kept[submission_id].amount += 899

    def suspect(self, submission_id: str) -> None:
        matches = self._kept[submission_id].matches
        matches[f"{submission_id}-m{len(matches)}"] = Judged()

    async def live(self) -> None:
        """Nothing happens here by itself."""

    def close(self) -> None:
        """Nothing is held."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        parts = request.url.path.removeprefix("/api/v1/").split("/")
        if parts == ["submissions"]:
            rows = [self._shown(kept) for kept in self._kept.values() if kept.status == "review"]
            return _json(200, {"data": rows, "pagination": {"hasMore": False, "nextCursor": None}})
        kept = self._kept.get(parts[1]) if parts[0] == "submissions" and len(parts) > 1 else None
        if kept is None:
            return _json(200, {"data": []}) if parts == ["companies"] else _json(404, {"status": 404})
        if request.method == "GET":
            whole = {} if len(parts) > 2 else {"events": kept.events} | self._shown(kept)
            matches = [_match(kept, match_id) for match_id in kept.matches]
            if len(parts) > 2:
                return _json(200, {"data": matches})
            return _json(200, {"data": whole | ({"fraudMatches": matches} if self._tells_matches else {})})
        return self._act(kept, parts[2:], request)

    def _act(self, kept: Kept, parts: list[str], request: httpx.Request) -> httpx.Response:
        body, by = json.loads(request.content or b"{}"), request.headers["X-Request-Id"]
        if len(parts) == 1:
            taken = self._decide(kept, parts[0], by, body.get("reason"), "api_key")
            answer_ = {"id": kept.id, "submissionStatus": kept.status}
        else:
            taken = self._judge(kept, parts[1], body["resolution"], body.get("note"), by, "api_key")
            answer_ = _match(kept, parts[1])
        if not taken:
            return _json(409, {"title": "Conflict", "status": 409, "detail": f"it is {kept.status}"})
        return _json(200, {"data": answer_})

    def _decide(self, kept: Kept, verb: str, by: str, reason: str | None, actor: str) -> bool:
        if kept.status != "review" or (verb == "approve" and kept.undecided):
            return False
        kept.status, kept.by, kept.reason = _STATUS[verb], by, reason
        self._tell(kept, kept.status, by, actor)
        return True

    def _judge(
        self, kept: Kept, match_id: str, resolution: str, note: str | None, by: str, actor: str
    ) -> bool:
        match = kept.matches[match_id]
        if kept.status != "review" or match.resolution is not None:
            return False
        match.resolution, match.by, match.note = resolution, by, note
        self._tell(kept, "fraud_match_resolved", by, actor, matchId=match_id)
        return True

    def _tell(self, kept: Kept, kind: str, by: str, actor: str, **data: str) -> None:
        event = {
            "id": f"e{len(kept.events)}-{kept.id}",
            "type": kind,
            "createdAt": "2026-03-25T12:03:00.000Z",
            "actor": {"type": actor, "id": actor, "name": actor},
            "data": data | ({"requestId": by} if self.tells_ids else {}),
        }
        kept.events.insert(0, event)
        kept.took[by] += 1

    def _shown(self, kept: Kept) -> dict[str, Any]:
        order = int(kept.id.removeprefix("s"))
        return {
            "id": kept.id,
            "submissionStatus": kept.status,
            "fraudStatus": kept.fraud_status,
            "extractedData": {"merchantName": "Café Łąka", "totalAmount": kept.amount},
            "createdAt": (NOON - timedelta(minutes=order)).isoformat(),
            "rejectReason": kept.reason if kept.status == "rejected" else None,
            "cancelReason": kept.reason if kept.status == "cancelled" else None,
        }


def _match(kept: Kept, match_id: str) -> dict[str, Any]:
    match = kept.matches[match_id]
    return {
        "id": match_id,
        "submissionId": kept.id,
        "matchedSubmissionId": "s0",
        "type": "data_similarity",
        "score": 90.0,
        "resolution": match.resolution,
        "note": match.note,
        "resolvedBy": match.by and ("a reviewer" if match.by == COLLEAGUE else "api_key"),
    }


def answer(status: int, body: bytes, kind: str = "application/json", **headers: str) -> httpx.Response:
    """An answer whose body still has to be read, as one from a network."""
    given = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=given, stream=httpx.ByteStream(body))


def _json(status: int, body: dict[str, Any]) -> httpx.Response:
    return answer(status, json.dumps(body).encode())
