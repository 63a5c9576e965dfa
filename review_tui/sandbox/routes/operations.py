"""What lives here: Unsiloed's routes by operation, which newer deployments have in place of ``/jobs``."""

import json
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import jobs
from review_tui.sandbox.accounts import UNSILOED
from review_tui.sandbox.queries import Row
from review_tui.sandbox.refusals import detailed
from review_tui.sandbox.results import result_of
from review_tui.sandbox.routes.asking import json_answer
from review_tui.sandbox.routes.gate import Gate, JobAnswering, JobAsk, own_job
from review_tui.sandbox.routes.unsiloed import moment, word_of
from review_tui.sandbox.wire import Raw, raw
from review_tui.sandbox.words import BEFORE_QUEUED, EXTRACTING, LISTED, PARSING


def _showing(operation: str, words: Mapping[str, str]) -> JobAnswering:
    async def show(ask: JobAsk) -> Response:
        row = own_job(ask, UNSILOED)
        if row["operation"] != operation:
            raise detailed(404, f"Job {row['id']} not found")
        told: dict[str, object] = {
            "job_id": row["id"],
            "status": _early(row, ask.now) or word_of(row, words),
            "created_at": moment(row, "created_at", row["created_at"]),
            "updated_at": moment(row, "updated_at", jobs.sign_of_life(row, ask.now)),
            "file_name": raw(row["file_name"]),
        }
        is_parse = operation == "parse"
        if not is_parse:
            told["progress"] = _in_words(row, ask.now)
        if row["state"] == "failed":
            told["message" if is_parse else "error"] = raw(row["error"])
        if row["state"] in ("completed", "review"):
            result = await run_in_threadpool(result_of, row)
            told |= _opened(result) if is_parse else {"result": Raw(result)}
        return json_answer(told)

    return show


def _early(row: Row, now: int) -> str | None:
    if row["operation"] != "parse" or row["state"] != "queued" or row["word"]:
        return None
    seconds = max(0, now - row["created_at"]) // jobs.SECOND
    return BEFORE_QUEUED[seconds] if seconds < len(BEFORE_QUEUED) else None


def _in_words(row: Row, now: int) -> str:
    if row["state"] == "queued":
        return "Waiting to be processed"
    if row["state"] == "running":
        page = 1 + int(jobs.progress_of(row, now) * row["pages"] / 100)
        return f"Processing page {min(page, row['pages'])} of {row['pages']}"
    return f"Finished: {row['state']}"


def _opened(result: str) -> dict[str, object]:
    value = json.loads(result)
    return value if isinstance(value, dict) else {"output": value}


_GATE = Gate(UNSILOED, "api-key", lambda sandbox: sandbox.switches.unsiloed_routes == "operations")

ROUTES: list[Route] = [
    _GATE.route("GET", f"/{path}/{{job_id}}", "unsiloed_one", _showing(operation, words))
    for path, operation, words in (
        ("extract", "extract", EXTRACTING),
        ("classify", "classify", LISTED),
        ("splitter", "split", LISTED),
        ("parse", "parse", PARSING),
    )
]
