"""The course of one submission so far: the times it passed through and the events that tell of it."""

from collections.abc import Mapping
from random import Random
from typing import Any

from review_tui.sandbox.fraud import Finding
from review_tui.sandbox.life import people
from review_tui.sandbox.transitions import SYSTEM

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000

Actor = Mapping[str, Any]


class Course:
    """A likely way to `status`, told event by event; no event lies beyond `now`.

    `times` and `reasons` are columns of the submission; `events` are `(time, type, actor, message, data)`,
    oldest first. All times are Unix milliseconds.
    """

    def __init__(self, status: str, created_at: int, now: int, rng: Random) -> None:
        self.status = status
        self.times: dict[str, int | None] = dict.fromkeys(
            ("started_at", "processed_at", "reviewed_at", "synced_at")
        )
        self.reasons: dict[str, str | None] = dict.fromkeys(
            ("reject_reason", "cancel_reason", "failed_reason")
        )
        self.events: list[tuple[int, str, Actor, str, object]] = []
        self._at = created_at
        self._now = now
        self._rng = rng

    @property
    def updated_at(self) -> int:
        """When the last thing happened."""
        return self._at

    def tell(
        self, uploader: Actor, finding: Finding, confidence: float | None, failed_reason: str | None
    ) -> "Course":
        """Tell the course from the upload to the end of processing."""
        self._add("created", "Submission created", actor=uploader)
        if self.status == "created":
            return self
        self._later(20 * SECOND)
        self._add("files_uploaded", "Files uploaded", actor=uploader)
        if self.status == "processing":
            return self
        self._later(3 * SECOND)
        self.times["started_at"] = self._add("processing_started", "Processing started")
        self._later(4 * SECOND)
        if failed_reason is not None:
            self._fail(failed_reason)
            return self
        self._add("content_moderation_complete", "Nothing objectionable found")
        self._later(5 * SECOND)
        self._add("extraction_completed", "Data extracted", {"confidence": confidence})
        found = {
            "fraudStatus": finding.status,
            "fraudScore": finding.score,
            "matches": len(finding.matches),
        }
        self.times["processed_at"] = self._add("fraud_check_completed", "Fraud check completed", found)
        return self

    def resolve(self, match_id: str, resolution: str, note: str | None, reviewer: Actor) -> int:
        """A match that was resolved on the way; returns when."""
        self._later(MINUTE)
        data = {"matchId": match_id, "resolution": resolution, **({"note": note} if note else {})}
        return self._add("fraud_match_resolved", f"Resolved as {resolution}", data, actor=reviewer)

    def decide(self, finding: Finding) -> None:
        """Tell the decision and what followed from it; nothing when it is still to be taken."""
        rng = self._rng
        match self.status:
            case "approved" | "synced":
                if not finding.matches and rng.random() < 0.4:
                    self._add("approved", "Approved automatically")
                else:
                    self._later(40 * MINUTE)
                    self.times["reviewed_at"] = self._add("approved", "Approved", actor=_reviewer(rng))
                if self.status == "synced":
                    self._later(4 * MINUTE)
                    if rng.random() < 0.05:
                        self._add("sync_failed", "The points system did not answer")
                        self._later(10 * MINUTE)
                    self.times["synced_at"] = self._add("synced", "Handed on downstream")
            case "rejected":
                self._later(50 * MINUTE)
                reason = rng.choice(people.REJECT_REASONS)
                self.reasons["reject_reason"] = reason
                who = _reviewer(rng)
                self.times["reviewed_at"] = self._add("rejected", reason, {"reason": reason}, actor=who)
            case "cancelled":
                self._later(30 * MINUTE)
                cancelled = rng.choice((None, *people.CANCEL_REASONS))
                self.reasons["cancel_reason"] = cancelled
                self._add("cancelled", cancelled or "Cancelled", actor=_reviewer(rng))

    def _fail(self, reason: str) -> None:
        moderated = reason.startswith("Content moderation")
        word = "content_moderation_blocked" if moderated else "content_moderation_complete"
        self._add(word, reason if moderated else "Nothing objectionable found")
        self._later(2 * SECOND)
        self.reasons["failed_reason"] = reason
        self.times["processed_at"] = self._add("failed", reason)

    def _later(self, at_most: int) -> None:
        self._at = min(self._now, self._at + self._rng.randint(at_most // 8, at_most))

    def _add(self, word: str, message: str, data: object = None, *, actor: Actor = SYSTEM) -> int:
        self.events.append((self._at, word, actor, message, data))
        return self._at


def _reviewer(rng: Random) -> Actor:
    return rng.choice(people.REVIEWERS)
