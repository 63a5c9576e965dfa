"""Where files of the past get their bytes before anybody asks, the newest in review first."""

from dataclasses import dataclass, field

from review_tui.sandbox import contents, fraud
from review_tui.sandbox.fraud import Fingerprint
from review_tui.sandbox.state import Sandbox

AT_MOST = 100
"""Submissions whose files are drawn ahead; all others are drawn when they are first looked at."""


@dataclass(slots=True)
class Darkroom:
    """Draws the files of one submission at each step, so that looking at it is quick."""

    sandbox: Sandbox
    _left: int = field(default=AT_MOST, init=False)

    def step(self) -> str | None:
        """Draw one submission's files (call it in a thread); its id, None when there is nothing to do."""
        if self._left == 0:
            return None
        with self.sandbox.database.read() as tx:
            row = tx.execute(
                "SELECT s.id FROM submissions s WHERE s.company_id = ? AND s.status = 'review' AND EXISTS"
                " (SELECT 1 FROM files f WHERE f.submission_id = s.id AND f.size_bytes IS NULL)"
                " ORDER BY s.created_at DESC, s.id LIMIT 1",
                (self.sandbox.company_id,),
            ).fetchone()
        if row is None:
            self._left = 0
            return None
        self._left -= 1
        with self.sandbox.database.read() as tx:
            files = tx.execute(
                "SELECT id, file_index FROM files WHERE submission_id = ?", (row["id"],)
            ).fetchall()
        for each in files:
            data = contents.content_of(self.sandbox, each["id"])
            remember_digest(self.sandbox, row["id"], each["file_index"], data)
        return str(row["id"])


def remember_digest(sandbox: Sandbox, submission_id: str, file_index: int, data: bytes) -> None:
    """Keep the digest of a file that was drawn just now: before, it had none to be recognised by."""
    digest = Fingerprint(file_index, fraud.fingerprint(file_index, data).sha256, None)
    with sandbox.database.write() as tx:
        if not fraud.knows(tx, sandbox.company_id, submission_id, digest):
            fraud.remember(tx, sandbox.company_id, submission_id, [digest], None)
