"""What can be copied of a submission: texts exactly as received, and two that are made of them."""

import re
import shlex
from dataclasses import dataclass, field
from typing import Final

from review_tui.model.submissions import Row
from review_tui.model.text import Shown
from review_tui.ui.render.text import plain
from review_tui.ui.terminal.clipboard import Clipboard

_FORMULA: Final = frozenset("=+-@")
_NUMBER: Final = re.compile(r"[+-]?[0-9][0-9., ]*")


@dataclass(frozen=True)
class Copies:
    """Where copies go, and the server's address for what is copied to ask it; empty where it is not known."""

    clipboard: Clipboard = field(default_factory=Clipboard)
    address: str = ""


def row_as_tsv(row: Row) -> str:
    """Return a row for a spreadsheet: cleaned, one line, nothing in it a formula.

    The columns: id, client id, merchant, amount, currency, status, fraud status, fraud score (0 to 100),
    confidence (0 to 1), workflow, created (ISO 8601, UTC).
    """
    created = (
        row.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if row.created_at else ""
    )
    return "\t".join(
        (
            row.id,
            *map(_cell, (row.client_submission_id, row.merchant, row.amount, row.currency)),
            *map(_cell, (row.status, row.fraud_status)),
            "" if row.fraud_score is None else f"{row.fraud_score:g}",
            "" if row.confidence is None else f"{row.confidence:g}",
            _cell(row.workflow),
            created,
        )
    )


def _cell(text: str | None) -> str:
    """Clean a text, and let a spreadsheet take it for nothing but text."""
    said = plain(text or "")
    return f"'{said}" if said[:1] in _FORMULA and not _NUMBER.fullmatch(said) else said


def curl_of(address: str, submission_id: str) -> str:
    """Return a command that reads a submission; it takes the key from the environment of the shell.

    `address` is the server's, without the API's own path; empty leaves it to the environment as well.
    """
    url = f"{address}/api/v1/submissions/{submission_id}"
    told = shlex.quote(url) if address else f'"$STEVE_BASE_URL/api/v1/submissions/{submission_id}"'
    return f'curl --fail-with-body -sS -H "Authorization: Bearer $STEVE_API_KEY" {told}'


def warning_of(text: str) -> str:
    """Say what to beware of when a text is pasted, which holds characters that do not show."""
    return "" if text == Shown.of(text, cap=len(text)) else "it holds characters that do not show"
