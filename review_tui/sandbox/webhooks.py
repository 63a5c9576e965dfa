"""What lives here: the messages that tell a session's webhook what became of it, and their delivery."""

import hashlib
import hmac
import http.client
import ipaddress
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from review_tui.sandbox.database import Database, Transaction, encode, insert, new_id
from review_tui.sandbox.queries import job
from review_tui.sandbox.wire import dumps, stamp

RETRY_AFTER_MS = (30_000, 300_000)
"""How long after the first and the second failed attempt the next one is due."""
ATTEMPTS = len(RETRY_AFTER_MS) + 1
ATTEMPT_S, TEST_S = 10.0, 5.0
USER_AGENT = "steve-webhook/1.0"
PRIVATE_NAMES = ("localhost", "local", "internal", "home", "lan", "invalid", "test", "example")


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try to deliver went; ``status`` is ``None`` when no answer came."""

    status: int | None
    error: str | None

    @property
    def delivered(self) -> bool:
        """Whether the other side took it."""
        return self.status is not None and 200 <= self.status < 300


def enqueue(tx: Transaction, submission_id: str, event_type: str, now: int) -> None:
    """Put a message about a submission in line, if its session has a webhook."""
    session = tx.execute("SELECT * FROM sessions WHERE submission_id = ?", (submission_id,)).fetchone()
    if session is None or session["webhook_url"] is None:
        return
    event_id = new_id(tx, "webhook")
    told = job(tx, session)
    del told["processedAt"], told["webhookDeliveryStatus"]
    head = {"eventId": event_id, "eventType": event_type, "occurredAt": stamp(now)}
    insert(
        tx,
        "webhook_deliveries",
        id=event_id,
        session_id=session["id"],
        key_id=session["key_id"],
        event_type=event_type,
        url=json.loads(session["webhook_url"]),
        body=dumps({**head, **told}),
        state="pending",
        attempts=0,
        due_at=now,
    )
    tx.execute("UPDATE sessions SET webhook_status = 'pending' WHERE id = ?", (session["id"],))


def deliver_due(database: Database, now: int) -> int:
    """Attempt every message that is due (this blocks: call it in a thread); how many were attempted."""
    with database.write() as tx:
        due = tx.execute(
            "SELECT d.*, k.sha256 FROM webhook_deliveries d JOIN api_keys k ON k.id = d.key_id "
            "WHERE d.state = 'pending' AND d.due_at <= ?",
            (now,),
        ).fetchall()
        for row in due:  # claimed, so that another process does not send it as well
            wait = RETRY_AFTER_MS[min(row["attempts"], len(RETRY_AFTER_MS) - 1)]
            tx.execute(
                "UPDATE webhook_deliveries SET attempts = attempts + 1, due_at = ? WHERE id = ?",
                (now + wait, row["id"]),
            )
    for row in due:
        body = row["body"].encode()
        headers = signed_headers(body, row["sha256"], row["event_type"], row["id"], now // 1000)
        _record(database, row["id"], row["attempts"] + 1, send(json.loads(row["url"]), body, headers))
    return len(due)


def signed_headers(
    body: bytes, key_sha256: str, event_type: str, event_id: str, now_s: int
) -> dict[str, str]:
    """The headers by which a receiver knows a message and its sender."""
    signature = hmac.new(key_sha256.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "X-Webhook-Signature": f"sha256={signature}",
        "X-Webhook-Event": event_type,
        "X-Webhook-Id": event_id,
        "X-Webhook-Timestamp": str(now_s),
        "User-Agent": USER_AGENT,
    }


def send(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float = ATTEMPT_S) -> Attempt:
    """POST once to this machine, follow nothing; any other host is not connected to and counts as failed."""
    parts = urlsplit(url)
    if not _on_this_machine(parts):
        return Attempt(None, "The sandbox connects to its own machine only.")
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout_s)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, dict(headers))
        return Attempt(connection.getresponse().status, None)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Attempt(None, str(error) or type(error).__name__)
    finally:
        connection.close()


def why_refused(url: object, *, loopback: bool) -> str | None:
    """Why an address may not be a webhook: only public https may, and this machine if ``loopback``."""
    if not isinstance(url, str) or len(url) > 2000 or not url.isascii() or not url.isprintable():
        return "must be the address of a public https server"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "must be an address"
    if " " in url or parts.username is not None or not host:
        return "must be an address with a host and without a user"
    if loopback and parts.scheme in ("http", "https") and _on_this_machine(parts):
        return None
    if parts.scheme != "https":
        return "must begin with https://"
    return None if _is_public(host) else "must be a public host"


def _record(database: Database, event_id: str, attempts: int, attempt: Attempt) -> None:
    state = "delivered" if attempt.delivered else "failed" if attempts >= ATTEMPTS else "pending"
    answer = attempt.error if attempt.status is None else str(attempt.status)
    with database.write() as tx:
        tx.execute(
            "UPDATE webhook_deliveries SET state = ?, last_answer = ? WHERE id = ?",
            (state, encode(answer), event_id),
        )
        tx.execute(
            "UPDATE sessions SET webhook_status = ? "
            "WHERE id = (SELECT session_id FROM webhook_deliveries WHERE id = ?)",
            (state, event_id),
        )


def _on_this_machine(parts: SplitResult) -> bool:
    host = (parts.hostname or "").lower()
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        labels = host.lower().rstrip(".").split(".")
        return (
            len(labels) > 1 and all(labels) and labels[-1] not in PRIVATE_NAMES and not labels[-1].isdigit()
        )
