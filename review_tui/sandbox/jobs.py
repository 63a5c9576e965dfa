"""What lives here: the jobs of Pulse and Unsiloed, from their making to their end, moved by the clock.

Both are kept alike, in states of our own: ``queued``, ``running``, ``completed``, ``review`` (completed, but
a person should look), ``failed``, ``cancelled``, ``expired``. Their routes find the words.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from review_tui.sandbox.accounts import PULSE, UNSILOED
from review_tui.sandbox.database import Transaction, encode, insert, new_id
from review_tui.sandbox.queries import Row
from review_tui.sandbox.wire import stamp
from review_tui.sandbox.words import LISTED

SECOND, DAY = 1000, 86_400_000
STATES = ("queued", "running", "completed", "review", "failed", "cancelled", "expired")
OPERATIONS = ("extract", "parse", "split", "classify")
OVER = frozenset(STATES[2:])
KEPT = 7 * DAY
"""How long (ms) Unsiloed knows a job."""
BEAT = 3 * SECOND
"""How often (ms) a running job gives a sign of life."""
BROKEN = "The file could not be opened: it ended too early."
"""What is said of files whose names say that they are broken."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A job to be: times in Unix ms, None for what shall not come by itself."""

    system: str
    account: str
    created_at: int
    operation: str = "extract"
    file_name: str = "invoice.pdf"
    pages: int = 2
    state: str = "queued"
    outcome: str = "completed"
    starts_at: int | None = None
    ends_at: int | None = None
    error: object = None
    tags: tuple[str, ...] = ()
    batch_id: str | None = None
    result_bytes: int | None = None
    pointer: str | None = None
    notify: Mapping[str, object] | None = None


def make(tx: Transaction, plan: Plan) -> str:
    """Write one job down; its id."""
    job_id = _id_for(plan.system, new_id(tx, plan.system))
    insert(
        tx,
        "jobs",
        id=job_id,
        system=plan.system,
        account=plan.account,
        operation=plan.operation,
        state=plan.state,
        outcome=plan.outcome,
        word=None,
        file_name=plan.file_name,
        file_hash=hashlib.sha256(f"{job_id}/{plan.pages}".encode()).hexdigest(),
        pages=plan.pages,
        tags=list(plan.tags),
        batch_id=plan.batch_id,
        error=BROKEN if plan.error is None and "failed" in (plan.state, plan.outcome) else plan.error,
        result_bytes=plan.result_bytes,
        pointer=plan.pointer,
        notify=plan.notify,
        created_at=plan.created_at,
        updated_at=_changed_at(plan),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
    )
    return job_id


def expected(chance: object, system: str, account: str, file_name: str, now: int, pages: int = 0) -> Plan:
    """A job that somebody sends now: how long it will take is up to chance, how it ends to its name."""
    rng = Random(f"{chance}/{now}")
    starts = now + rng.randint(1_500, 5_000)
    broken = any(word in file_name.lower() for word in ("broken", "corrupt"))
    return Plan(
        system,
        account,
        now,
        file_name=file_name,
        pages=pages or rng.randint(1, 6),
        outcome="failed" if broken else "completed",
        starts_at=starts,
        ends_at=starts + rng.randint(8_000, 40_000),
    )


def move(tx: Transaction, now: int, pulse_keeps_s: float) -> int:
    """Let everything happen that is due at ``now``, in its order and at its own time; how much it was."""
    moved = 0
    for row in tx.execute(
        "SELECT * FROM jobs WHERE state = 'queued' AND starts_at <= ? ORDER BY starts_at, id", (now,)
    ).fetchall():
        moved += become(tx, row, "running", row["starts_at"])
    for row in tx.execute(
        "SELECT * FROM jobs WHERE state = 'running' AND ends_at <= ? ORDER BY ends_at, id", (now,)
    ).fetchall():
        moved += become(tx, row, row["outcome"], row["ends_at"])
    keeps = round(pulse_keeps_s * 1000)
    moved += tx.execute(
        "UPDATE jobs SET state = 'expired', updated_at = updated_at + ?2 "
        "WHERE system = ?1 AND state = 'completed' AND updated_at <= ?3",
        (PULSE, keeps, now - keeps),
    ).rowcount
    moved += tx.execute(
        "DELETE FROM jobs WHERE system = ? AND created_at <= ?", (UNSILOED, now - KEPT)
    ).rowcount
    return moved


def become(tx: Transaction, row: Row, state: str, at: int) -> bool:
    """Change the state of one job and tell whoever wants to hear of it."""
    reason = encode(BROKEN) if state == "failed" else None
    tx.execute(
        "UPDATE jobs SET state = ?, updated_at = ?, error = coalesce(error, ?) WHERE id = ?",
        (state, at, reason, row["id"]),
    )
    _tell(tx, row, state, at)
    return True


def find(tx: Transaction, system: str, job_id: str) -> Row | None:
    """A job of one system, whoever it belongs to."""
    row: Row | None = tx.execute(
        "SELECT * FROM jobs WHERE system = ? AND id = ?", (system, job_id)
    ).fetchone()
    return row


def one(tx: Transaction, job_id: str) -> Row | None:
    """A job of either system."""
    row: Row | None = tx.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return row


def newest(tx: Transaction, system: str, account: str, at_most: int = 20) -> list[str]:
    """The ids of an account's newest jobs."""
    rows = tx.execute(
        "SELECT id FROM jobs WHERE system = ? AND account = ? ORDER BY created_at DESC, id LIMIT ?",
        (system, account, at_most),
    )
    return [row["id"] for row in rows]


def cancel(tx: Transaction, row: Row, now: int) -> bool:
    """End a job that is not over; whether it was not."""
    return row["state"] not in OVER and become(tx, row, "cancelled", now)


def progress_of(row: Row, now: int) -> float:
    """How far a job is, in percent."""
    if row["progress"] is not None:
        return float(row["progress"])
    if row["state"] in OVER:
        return 100.0 if row["state"] in ("completed", "review", "expired") else 0.0
    if row["state"] == "queued" or row["ends_at"] is None:
        return 0.0
    since = row["starts_at"] if row["starts_at"] is not None else row["updated_at"]
    whole = max(1, row["ends_at"] - since)
    return float(round(min(99.0, max(0.0, 100 * (now - since) / whole)), 1))


def sign_of_life(row: Row, now: int) -> int:
    """When a job last said that it lives (Unix ms); one that will not end by itself stays silent."""
    changed = int(row["updated_at"])
    if row["state"] != "running" or row["ends_at"] is None:
        return changed
    return changed + max(0, now - changed) // BEAT * BEAT


def _tell(tx: Transaction, row: Row, state: str, at: int) -> None:
    notify = json.loads(row["notify"]) if row["notify"] else {}
    over = state in OVER
    if "webhook_url" in notify:
        body = {
            "event": "job.status_changed",
            "job_id": row["id"],
            "previous_status": LISTED.get(row["state"], row["state"]),
            "current_status": LISTED.get(state, state),
            "timestamp": stamp(at),
            "progress": {
                "percentage": 100 if over else 0,
                "files_completed": int(over),
                "total_files": 1,
            },
        }
        _note(tx, row, "webhook", notify["webhook_url"], body, at)
    events = notify.get("events", ["completed", "failed"])
    if notify.get("email") and LISTED.get(state, state) in events:
        words = f"Job {row['id']} {LISTED.get(state, state)}"
        summary = {"summary": json.loads(row["file_name"])} if notify.get("include_summary") else {}
        _note(tx, row, "email", notify["email"], {"subject": words, **summary}, at)


def _note(tx: Transaction, row: Row, kind: str, recipient: object, body: object, at: int) -> None:
    insert(tx, "job_notices", job_id=row["id"], kind=kind, recipient=recipient, body=body, created_at=at)


def _changed_at(plan: Plan) -> int:
    if plan.state == "queued":
        return plan.created_at
    at = plan.starts_at if plan.state == "running" else plan.ends_at
    return plan.created_at if at is None else at


def _id_for(system: str, letters: str) -> str:
    """Pulse's ids look like UUIDs; both may be asked for in a path."""
    if system == PULSE:
        digits = hashlib.sha256(letters.encode()).hexdigest()
        return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:32]))
    return f"job_{letters[:24]}"
