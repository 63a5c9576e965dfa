"""What lives here: how many requests a key may still send in its fixed one-minute windows."""

from collections.abc import Mapping
from dataclasses import dataclass

from review_tui.sandbox.database import Transaction
from review_tui.sandbox.problems import Problem

WINDOW_S = 60


@dataclass(frozen=True, slots=True)
class Window:
    """What one bucket of one key leaves; ``reset`` is its end in Unix seconds."""

    limit: int
    remaining: int
    reset: int

    def told(self) -> "Window":
        """As the headers tell it: never below zero."""
        return Window(self.limit, max(0, self.remaining), self.reset)

    def headers(self) -> dict[str, str]:
        """The three headers that tell a client about it."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class Rates:
    """The buckets and their limits; the counts are in the database, shared by all who serve it."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = dict(limits)

    def peek(self, tx: Transaction, key_id: str | None, bucket: str, now_ms: int) -> Window:
        """What is left, without using any of it; an unknown caller has everything left."""
        minute = now_ms // 1000 // WINDOW_S
        row = tx.execute(
            "SELECT used FROM rate_windows WHERE key_id = ? AND bucket = ? AND window = ?",
            (key_id, bucket, minute),
        ).fetchone()
        return self._window(bucket, minute, 0 if row is None else row["used"])

    def use(self, tx: Transaction, key_id: str, bucket: str, now_ms: int) -> Window:
        """Count one request (in a write transaction). Ask ``check`` whether it was one too many."""
        minute = now_ms // 1000 // WINDOW_S
        tx.execute(
            "INSERT INTO rate_windows (key_id, bucket, window, used) VALUES (?, ?, ?, 1) "
            "ON CONFLICT (key_id, bucket) DO UPDATE SET "
            "used = CASE WHEN window = excluded.window THEN used + 1 ELSE 1 END, window = excluded.window",
            (key_id, bucket, minute),
        )
        row = tx.execute(
            "SELECT used FROM rate_windows WHERE key_id = ? AND bucket = ?", (key_id, bucket)
        ).fetchone()
        return self._window(bucket, minute, row["used"])

    def wait_rolling(self, tx: Transaction, key_id: str, bucket: str, now_ms: int) -> int | None:
        """Count one request in the minute that ends now; how many seconds to wait when it is too many."""
        start = now_ms - WINDOW_S * 1000
        place = (key_id, bucket)
        tx.execute("DELETE FROM job_requests WHERE key_id = ? AND bucket = ? AND at <= ?", (*place, start))
        oldest, many = tx.execute(
            "SELECT min(at), count(*) FROM job_requests WHERE key_id = ? AND bucket = ?", place
        ).fetchone()
        if many >= self.limits[bucket]:
            return max(1, -(-((oldest or now_ms) - start) // 1000))
        tx.execute("INSERT INTO job_requests (key_id, bucket, at) VALUES (?, ?, ?)", (*place, now_ms))
        return None

    def _window(self, bucket: str, minute: int, used: int) -> Window:
        limit = self.limits[bucket]
        return Window(limit, limit - used, (minute + 1) * WINDOW_S)


def check(window: Window, now_ms: int) -> None:
    """429 when the counted request was one too many."""
    if window.remaining < 0:
        wait = max(1, -(-(window.reset * 1000 - now_ms) // 1000))
        raise Problem(
            "rate-limit-exceeded",
            f"More than {window.limit} requests in this minute; try again in {wait} s.",
            headers={"Retry-After": str(wait)},
        )
