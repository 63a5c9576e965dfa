"""What lives here: the bytes of files, those uploaded and those made from a description when first asked for."""

import json

from review_tui.sandbox.state import Sandbox


def complete(sandbox: Sandbox, submission_id: str) -> None:
    """Give every file of a submission its bytes and size."""
    with sandbox.database.read() as tx:
        missing = tx.execute(
            "SELECT id FROM files WHERE submission_id = ? AND size_bytes IS NULL", (submission_id,)
        ).fetchall()
    for row in missing:
        content_of(sandbox, row["id"])


def content_of(sandbox: Sandbox, file_id: str) -> bytes:
    """The bytes of a file; they are made from its description once and then kept."""
    with sandbox.database.read() as tx:
        row = tx.execute("SELECT content, spec FROM files WHERE id = ?", (file_id,)).fetchone()
    if row["content"] is not None:
        return bytes(row["content"])
    content = b"" if sandbox.render is None else sandbox.render(json.loads(row["spec"]))
    with sandbox.database.write() as tx:
        tx.execute(
            "UPDATE files SET content = ?, size_bytes = ? WHERE id = ? AND content IS NULL",
            (content, len(content), file_id),
        )
    return content
