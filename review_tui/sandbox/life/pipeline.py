"""What the deployment does by itself: it reads what was uploaded, checks it, hands on what was approved."""

from dataclasses import dataclass, field

from review_tui.sandbox import contents, fraud, sessions, transitions
from review_tui.sandbox.database import Transaction
from review_tui.sandbox.documents.reading import Reading, Unread, read, told_by
from review_tui.sandbox.fraud import Fingerprint
from review_tui.sandbox.life.past import why_failed
from review_tui.sandbox.state import Sandbox

WAITS = 700
"""How long (ms) a submission lies before it is taken up."""
WORKS = 1800
"""How long (ms) reading and checking take."""
SYNCS = 45_000
"""How long (ms) after its approval a submission is handed on at the earliest."""
SYNC_PAUSE = 10_000
"""How long (ms) the handing on of one submission occupies the other side."""
SURE = 0.95
"""The confidence from which a clean submission is approved without a reviewer."""

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Turn:
    """What one step did, in numbers."""

    started: int = 0
    finished: int = 0
    synced: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class _Examined:
    prints: tuple[Fingerprint, ...]
    reading: Reading | Unread
    problem: str | None


@dataclass(slots=True)
class Pipeline:
    """Moves submissions on: `processing` → `review`, `approved` or `failed`, `approved` → `synced`."""

    sandbox: Sandbox
    _sync_free: int = field(default=0, init=False)

    def step(self, now: int) -> Turn:
        """Do all that is due at `now` (Unix ms); it draws and reads files, so call it in a thread."""
        database = self.sandbox.database
        with database.write() as tx:
            expired = sessions.sweep(tx, now)
            started = sum(
                transitions.start_processing(tx, submission_id, now)
                for submission_id in _waiting(tx, "processing", "started_at IS NULL", now - WAITS)
            )
        with database.read() as tx:
            ready = _waiting(tx, "processing", "started_at IS NOT NULL", now - WORKS)
        finished = sum(self._finish(submission_id, now) for submission_id in ready)
        return Turn(started, finished, self._sync_one(now), expired)

    def _sync_one(self, now: int) -> int:
        if now < self._sync_free:
            return 0
        with self.sandbox.database.write() as tx:
            approved = _waiting(tx, "approved", "1", now - SYNCS)[:1]
            if approved:
                self._sync_free = now + SYNC_PAUSE
            return sum(transitions.sync(tx, submission_id, now) for submission_id in approved)

    def _finish(self, submission_id: str, now: int) -> bool:
        examined = self._examine(submission_id)
        with self.sandbox.database.write() as tx:
            row = tx.execute(
                "SELECT company_id FROM submissions WHERE id = ? AND status = 'processing'", (submission_id,)
            ).fetchone()
            if row is None:
                return False
            if examined.problem is not None or isinstance(examined.reading, Unread):
                return _fail(tx, submission_id, now, examined.problem or "Nothing could be read.")
            return _settle(tx, row["company_id"], submission_id, now, examined.prints, examined.reading)

    def _examine(self, submission_id: str) -> _Examined:
        with self.sandbox.database.read() as tx:
            rows = tx.execute(
                "SELECT id, file_index FROM files WHERE submission_id = ? ORDER BY file_index",
                (submission_id,),
            ).fetchall()
        files = [contents.content_of(self.sandbox, row["id"]) for row in rows]
        prints = tuple(
            fraud.fingerprint(row["file_index"], data) for row, data in zip(rows, files, strict=True)
        )
        reading = read(files[0]) if files else Unread("there is no file")
        return _Examined(prints, reading, why_failed(told_by(files[0]) if files else None, reading))


def _waiting(tx: Transaction, status: str, condition: str, until: int) -> list[str]:
    rows = tx.execute(
        "SELECT id FROM submissions"  # noqa: S608 – conditions are this module's own words
        f" WHERE status = ? AND updated_at <= ? AND {condition} ORDER BY updated_at, id LIMIT ?",
        (status, until, _AT_ONCE),
    )
    return [row["id"] for row in rows]


def _fail(tx: Transaction, submission_id: str, now: int, problem: str) -> bool:
    moderated = problem.startswith("Content moderation")
    word = "content_moderation_blocked" if moderated else "content_moderation_complete"
    message = problem if moderated else "Nothing objectionable found"
    transitions.add_event(tx, submission_id, word, now, message=message)
    return transitions.fail(tx, submission_id, now, reason=problem)


def _settle(
    tx: Transaction,
    company_id: str,
    submission_id: str,
    now: int,
    prints: tuple[Fingerprint, ...],
    reading: Reading,
) -> bool:
    transitions.add_event(
        tx, submission_id, "content_moderation_complete", now, message="Nothing objectionable found"
    )
    finding = fraud.check(tx, company_id, submission_id, prints, reading.extracted)
    fraud.remember(tx, company_id, submission_id, prints, reading.extracted)
    sure = finding.status == "clean" and reading.confidence >= SURE
    return transitions.finish_processing(
        tx,
        submission_id,
        now,
        extracted=reading.extracted,
        confidence=reading.confidence,
        fraud_status=finding.status,
        fraud_score=finding.score,
        matches=finding.matches,
        to_status="approved" if sure else "review",
    )
