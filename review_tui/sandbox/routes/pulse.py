"""What lives here: the routes of Pulse: submit, poll, cancel, and the one download of a large result."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import jobs
from review_tui.sandbox.accounts import PULSE
from review_tui.sandbox.multipart import Part, parts_of
from review_tui.sandbox.queries import Row
from review_tui.sandbox.refusals import Refusal, coded
from review_tui.sandbox.results import result_of, size_of
from review_tui.sandbox.routes.asking import base_url_of, json_answer, read_body
from review_tui.sandbox.routes.elsewhere import address_of
from review_tui.sandbox.routes.gate import Gate, JobAsk, own_job
from review_tui.sandbox.wire import Raw, raw, stamp
from review_tui.sandbox.words import PULSE_WORDS

UPLOAD_AT_MOST = 50 * 1024 * 1024
GOOD_FOR_MS = 3_600_000
"""How long the pointer to a large result may be followed, once."""
STUBS: tuple[dict[str, object], ...] = (
    {},
    {"message": "Result expired"},
    {"is_url": False, "expired": True},
    {"markdown": None},
)
"""What may be left of an expired result: its shape is nobody's promise."""


async def show_job(ask: JobAsk) -> Response:
    """Where the work on a job stands, with its result or a pointer to it."""
    row, switches = own_job(ask, PULSE), ask.sandbox.switches
    if switches.pulse_words == "older" and row["state"] == "expired":
        raise coded(404, "JOB_001", f"Job {row['id']} not found", job_id=row["id"])
    word = json.loads(row["word"]) if row["word"] else PULSE_WORDS[row["state"]]
    optional = {
        "updated_at": None if row["state"] == "queued" else stamp(jobs.sign_of_life(row, ask.now)),
        "result": await run_in_threadpool(_result, ask, row),
        "error": raw(row["error"]) if row["state"] == "failed" else None,
    }
    if switches.pulse_absent == "omitted":
        optional = {name: value for name, value in optional.items() if value is not None}
    always = {
        "job_id": row["id"],
        "status": switches.pulse_spelling if word == "canceled" else word,
        "created_at": stamp(row["created_at"]),
    }
    return json_answer({**always, **optional})


async def cancel_job(ask: JobAsk) -> Response:
    """Stop a job that is not over; 500 for one that is, which stays as it is."""
    row = own_job(ask, PULSE)
    with ask.sandbox.database.write() as tx:
        fresh = jobs.find(tx, PULSE, row["id"])
        cancelled = fresh is not None and jobs.cancel(tx, fresh, ask.now)
    if not cancelled:
        raise coded(500, "JOB_002", f"Job {row['id']} cannot be canceled any more.")
    return json_answer({"job_id": row["id"], "message": "Job cancellation requested."})


async def submit(ask: JobAsk) -> Response:
    """Take one document for extraction, by its address or as a file."""
    media_type = ask.request.headers.get("content-type", "")
    body = await read_body(ask.request, UPLOAD_AT_MOST)
    if media_type.partition(";")[0].strip().lower() == "multipart/form-data":
        fields = _of_form(parts_of(body, media_type))
    else:
        fields = _of_json(body)
    name = fields.get("file_name")
    if not isinstance(name, str) or not name:
        raise coded(400, "FILE_001", "Send a file, or its address as file_url.")
    if fields.get("async") not in (True, "true"):
        raise coded(400, "REQUEST_001", "This sandbox works with async only.")
    with ask.sandbox.database.write() as tx:
        (number,) = tx.execute("SELECT count(*) FROM jobs").fetchone()
        chance = f"{ask.sandbox.seed}/{number}/{name}"
        job_id = jobs.make(tx, jobs.expected(chance, PULSE, ask.key.account, name, ask.now))
    told = {"job_id": job_id, "status": "pending", "message": "Job submitted."}
    return json_answer(told, ask.sandbox.switches.pulse_submit_status)


async def large_result(ask: JobAsk) -> Response:
    """The result that a job pointed to: once, and within an hour."""
    row = own_job(ask, PULSE)
    with ask.sandbox.database.write() as tx:
        good = tx.execute(
            "UPDATE jobs SET pointer_at = -1 WHERE id = ? AND pointer_at > ?",
            (row["id"], ask.now - GOOD_FOR_MS),
        ).rowcount
    if not good or row["state"] not in ("completed", "review"):
        said = {"code": "RESULT_001", "message": "This result was downloaded already, or its hour is over."}
        raise Refusal(410, {"error": said})
    return Response(await run_in_threadpool(result_of, row), media_type="application/json")


def _result(ask: JobAsk, row: Row) -> object:
    if row["state"] == "expired":
        return STUBS[sum(row["id"].encode()) % len(STUBS)]
    if row["state"] not in ("completed", "review"):
        return None
    sandbox = ask.sandbox
    if size_of(row) < sandbox.switches.pulse_url_from_bytes:
        return _older(result_of(row)) if sandbox.switches.pulse_words == "older" else Raw(result_of(row))
    if (row["pointer"] or sandbox.switches.pulse_pointer) == "elsewhere":
        return {"is_url": True, "url": address_of(ask.request, row["id"], ask.now)}
    with sandbox.database.write() as tx:  # a used pointer is -1, and good again only if that is so set
        again = "1" if sandbox.switches.pulse_points_again else "pointer_at IS NULL"
        tx.execute(
            f"UPDATE jobs SET pointer_at = ? WHERE id = ? AND {again}",  # noqa: S608 – our own words
            (ask.now, row["id"]),
        )
    return {"is_url": True, "url": f"{base_url_of(ask.request)}/pulse/large_results/{row['id']}"}


def _older(text: str) -> object:
    result = json.loads(text)
    if isinstance(result, dict) and "plan_info" in result:
        result["plan-info"] = result.pop("plan_info")
    return result


def _of_json(body: bytes) -> dict[str, object]:
    try:
        value = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise coded(400, "REQUEST_001", "The body must be a JSON object.")
    url = value.get("file_url")
    name = url.partition("?")[0].rsplit("/", 1)[-1] or url if isinstance(url, str) else None
    return {"file_name": name, "async": value.get("async")}


def _of_form(parts: list[Part]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for part in parts:
        if part.name == "file":
            fields["file_name"] = part.file_name or "upload"
        elif part.name == "async":
            fields["async"] = part.content.decode("utf-8", "replace").strip().lower()
    return fields


_GATE = Gate(PULSE, "x-api-key")

ROUTES: list[Route] = [
    _GATE.route("POST", "/extract", "pulse", submit),
    _GATE.route("GET", "/job/{job_id}", "pulse", show_job),
    _GATE.route("DELETE", "/job/{job_id}", "pulse", cancel_job),
    _GATE.route("GET", "/large_results/{job_id}", "pulse", large_result),
]
