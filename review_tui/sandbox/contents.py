"""What lives here: the bytes of files, uploaded or made from a description when first asked for."""

import json
from dataclasses import dataclass

from review_tui.sandbox import fraud
from review_tui.sandbox.database import Transaction
from review_tui.sandbox.documents.rendering import render_spec
from review_tui.sandbox.state import Sandbox


def content_of(sandbox: Sandbox, file_id: str) -> bytes:
    """The bytes of a file; drawn once from its description, some 25 ms, and then kept and known again."""
    with sandbox.database.read() as tx:
        row = tx.execute("SELECT content, spec FROM files WHERE id = ?", (file_id,)).fetchone()
    if row["content"] is not None:
        return bytes(row["content"])
    content = render_spec(json.loads(row["spec"]))
    with sandbox.database.write() as tx:
        tx.execute("UPDATE files SET content = ? WHERE id = ? AND content IS NULL", (content, file_id))
        fraud.remember_file(tx, file_id, content)
    return content


@dataclass(frozen=True, slots=True)
class UploadRules:
    """What a workflow version says about uploads, as far as storage cares."""

    bytes_at_most: int
    labels: list[str]


def upload_rules(tx: Transaction, submission_id: str) -> UploadRules:
    """The upload rules that a submission is under."""
    row = tx.execute(
        "SELECT v.upload FROM submissions s JOIN workflow_versions v ON v.company_id = s.company_id "
        "AND v.slug = s.workflow AND v.version = s.workflow_version WHERE s.id = ?",
        (submission_id,),
    ).fetchone()
    rules = json.loads(row["upload"])
    return UploadRules(int(rules["maxFileSizeMb"] * 1024 * 1024), rules["fileLabels"])
