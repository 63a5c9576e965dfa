"""What the commands print: aligned clean text for people, stable JSON for programs."""

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TextIO

from review_tui.model.decisions import Standing
from review_tui.model.events import Event
from review_tui.model.extraction import fields_of
from review_tui.model.failures import Failure
from review_tui.model.fraud import FraudMatch
from review_tui.model.submissions import Detail, Row
from review_tui.model.text import Shown, clean
from review_tui.model.wire import Json

ABSENT = "–"


def json_text(value: Json) -> str:
    """Write JSON on one line of printable ASCII, numbers with every digit they came with."""
    if isinstance(value, dict):
        inside = ", ".join(f"{json_text(str(key))}: {json_text(item)}" for key, item in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(json_text, value))}]"
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else "null"
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):  # noqa: PLR0124 – NaN
        return "null"
    text = value.raw if isinstance(value, Shown) else value
    return json.dumps(text).replace("\x7f", "\\u007f")


def row_json(row: Row) -> dict[str, Json]:
    """Return what `submissions list --json` prints of one submission."""
    return {
        "id": row.id,
        "submissionStatus": row.status,
        "fraudStatus": row.fraud_status,
        "fraudScore": row.fraud_score,
        "confidence": row.confidence,
        "merchant": row.merchant,
        "amount": row.amount,
        "currency": row.currency,
        "workflow": row.workflow,
        "createdAt": moment_json(row.created_at),
        "clientSubmissionId": row.client_submission_id,
    }


def detail_json(detail: Detail) -> dict[str, Json]:
    """Return what `submissions show --json` prints: the object as received, its matches always with it."""
    body = dict(detail.raw) if isinstance(detail.raw, dict) else {"id": detail.id}
    if detail.fraud_matches is None:
        body["fraudMatches"] = None
    elif not isinstance(body.get("fraudMatches"), list):
        body["fraudMatches"] = [match_json(match) for match in detail.fraud_matches]
    return body


def match_json(match: FraudMatch) -> dict[str, Json]:
    """Return what `fraud list --json` prints of one match."""
    return {
        "id": match.id,
        "submissionId": match.submission_id,
        "matchedSubmissionId": match.matched_submission_id,
        "type": match.type,
        "score": match.score,
        "details": match.details,
        "resolution": match.resolution,
        "note": match.note,
        "createdAt": moment_json(match.created_at),
        "resolvedAt": moment_json(match.resolved_at),
        "resolvedBy": match.resolved_by,
    }


def standing_json(standing: Standing) -> dict[str, Json]:
    """Return what a decision prints with `--json`."""
    intent, detail = standing.intent, standing.detail
    return {
        "id": intent.submission_id,
        "verb": str(intent.verb),
        "matchId": intent.match_id,
        "stage": str(standing.stage),
        "words": standing.words,
        "submissionStatus": detail.status if detail else None,
        "requestId": intent.request_id,
        "failure": failure_json(standing.failure) if standing.failure else None,
    }


def failure_json(failure: Failure) -> dict[str, Json]:
    """Return what a failure prints with `--json`."""
    return {
        "kind": str(failure.kind),
        "title": failure.title,
        "hint": failure.hint,
        "status": failure.status,
        "requestId": failure.request_id,
        "retryAfter": failure.retry_after,
        "problems": [{"field": problem.field, "message": problem.message} for problem in failure.problems],
    }


def failure_line(failure: Failure) -> str:
    """Return a failure as one clean line."""
    text = f"{failure.title}. {failure.hint}" if failure.hint else failure.title
    known = f" (request {failure.request_id})" if failure.request_id and (failure.status or 0) >= 500 else ""
    wait = f" Try again in {failure.retry_after:.0f} s." if failure.retry_after else ""
    return f"{text}{wait}{known}"


def row_cells(row: Row) -> tuple[str, ...]:
    """Return a row of the list for people; see `ROW_HEADS`."""
    return (
        row.id,
        row.status,
        _scored(row.fraud_status, row.fraud_score),
        _percent(row.confidence),
        _amount(row),
        row.merchant or ABSENT,
        moment_text(row.created_at),
    )


ROW_HEADS = ("ID", "STATUS", "FRAUD", "CONF", ">AMOUNT", "MERCHANT", "CREATED")
MATCH_HEADS = ("ID", "TYPE", ">SCORE", "MATCHED", "JUDGED")
"""Column heads; one with `>` is aligned to the right."""


def match_cells(match: FraudMatch) -> tuple[str, ...]:
    """Return a row of the list of matches for people."""
    judged = f"{match.resolution} by {match.resolver}" if match.resolution else "open"
    return (
        match.id,
        match.type or ABSENT,
        ABSENT if match.score is None else f"{match.score:g}",
        match.matched_submission_id or ABSENT,
        judged,
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Align rows under their heads, by the cells that a terminal gives each character."""
    right = [head.startswith(">") for head in heads]
    lines = [
        [head.removeprefix(">") for head in heads],
        *([clean(cell, cap=60) for cell in row] for row in rows),
    ]
    widths = [max(map(_cells, column)) for column in zip(*lines, strict=True)]
    out = []
    for line in lines:
        padded = []
        for cell, width, to_right in zip(line, widths, right, strict=True):
            blanks = " " * (width - _cells(cell))
            padded.append(blanks + cell if to_right else cell + blanks)
        out.append("  ".join(padded).rstrip())
    return out


def detail_lines(detail: Detail) -> list[str]:
    """Return one submission for people: facts, fields, matches, files, events."""
    row = Row.of(detail)
    facts = [
        ("id", detail.id),
        ("status", detail.status + (f" ({detail.reason})" if detail.reason else "")),
        ("fraud", _scored(detail.fraud_status, detail.fraud_score)),
        ("confidence", _percent(detail.confidence)),
        ("merchant", row.merchant or ABSENT),
        ("amount", _amount(row)),
        ("workflow", detail.workflow.title if detail.workflow else ABSENT),
        ("created", moment_text(detail.created_at)),
        ("reviewed", moment_text(detail.reviewed_at)),
    ]
    lines = [f"{name:<11}{value}" for name, value in facts]
    extraction = fields_of(detail.extracted_data)
    if extraction.fields:
        lines += ["", "Fields"]
        lines += [f"  {field.path}: {field.value}" for field in extraction.fields]
        if extraction.hidden:
            lines.append(f"  and {'' if extraction.hidden_exact else 'at least '}{extraction.hidden} more")
    if detail.fraud_matches:
        lines += ["", "Fraud matches"]
        lines += [f"  {line}" for line in table(MATCH_HEADS, map(match_cells, detail.fraud_matches))]
    if detail.files:
        lines += ["", "Files"]
        lines += [f"  {file.title}  {file.content_type or ABSENT}" for file in detail.files]
    if detail.events:
        lines += ["", "Events"]
        lines += [f"  {_event_line(event)}" for event in detail.events]
    return [*lines, *(f"unreadable: {line}" for line in detail.unreadable)]


def _event_line(event: Event) -> str:
    told = f"{moment_text(event.created_at)}  {event.type}  {event.actor_name}  {event.message or ''}"
    return told.rstrip()


def say(lines: str | Iterable[str], *, to: TextIO | None = None) -> None:
    """Print clean lines; to standard output if nowhere else."""
    for line in [lines] if isinstance(lines, str) else lines:
        print(clean(line, cap=20_000), file=to or sys.stdout)


def _cells(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _amount(row: Row) -> str:
    return " ".join(filter(None, (row.amount, row.currency))) if row.amount else ABSENT


def _scored(word: str | None, score: float | None) -> str:
    return (word or ABSENT) + (f" {score:g}" if score is not None else "")


def _percent(confidence: float | None) -> str:
    return ABSENT if confidence is None else f"{confidence:.0%}"


def moment_text(moment: datetime | None) -> str:
    """Return a moment for people, in this machine's time."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ABSENT


def moment_json(moment: datetime | None) -> str | None:
    """Return a moment for programs: UTC, milliseconds, `Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else None
