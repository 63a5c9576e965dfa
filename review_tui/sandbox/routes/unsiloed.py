"""What lives here: Unsiloed's ``/jobs`` routes: one job, its result, several, a batch, a list."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import jobs
from review_tui.sandbox.accounts import UNSILOED
from review_tui.sandbox.queries import Row
from review_tui.sandbox.refusals import detailed, wrong
from review_tui.sandbox.results import result_of
from review_tui.sandbox.routes.asking import json_answer
from review_tui.sandbox.routes.gate import Gate, JobAsk, own_job
from review_tui.sandbox.wire import Raw, in_milliseconds, raw
from review_tui.sandbox.words import LIST_WORDS, LISTED, MIXED, states_of

Json = dict[str, object]

IDS_AT_MOST = 100
FAR = 2**62
"""Beyond it no database can count."""


async def show_job(ask: JobAsk) -> Response:
    """Where the work on a job stands."""
    row = own_job(ask, UNSILOED)
    told: Json = {
        ask.sandbox.switches.unsiloed_id: row["id"],
        "status": word_of(row, MIXED),
        "type": row["operation"],
        "created_at": moment(row, "created_at", row["created_at"]),
        "updated_at": moment(row, "updated_at", jobs.sign_of_life(row, ask.now)),
        "pdf_name": raw(row["file_name"]),
        "pdf_hash": f"sha256:{row['file_hash']}",
        "user_id": row["account"],
    }
    if row["state"] == "failed":
        told["error"] = raw(row["error"])
    return json_answer(told)


async def show_result(ask: JobAsk) -> Response:
    """What came out; 400 while nothing has, and 500 with the reason where nothing will."""
    row = own_job(ask, UNSILOED)
    job = f"Job {row['id']}"
    if row["state"] == "failed":
        raise detailed(500, f"{job} failed: {json.loads(row['error'] or 'null')}")
    if row["state"] == "cancelled":
        raise detailed(400, f"{job} was cancelled")
    if row["state"] not in ("completed", "review"):
        raise detailed(400, f"{job} is still processing")
    return json_answer(Raw(await run_in_threadpool(result_of, row)))


async def cancel_job(ask: JobAsk) -> Response:
    """Stop a job that is not over; 400 for one that is."""
    row = own_job(ask, UNSILOED)
    with ask.sandbox.database.write() as tx:
        fresh = jobs.find(tx, UNSILOED, row["id"])
        cancelled = fresh is not None and jobs.cancel(tx, fresh, ask.now)
    if not cancelled:
        raise detailed(400, f"Job {row['id']} is {word_of(row, LISTED)} and cannot be cancelled")
    return json_answer({"message": f"Job {row['id']} cancelled"})


async def list_jobs(ask: JobAsk) -> Response:
    """The account's jobs, newest first, as filtered; 422 says all that is wrong with the filters."""
    query = _Query(ask.request.query_params)
    limit, offset = query.whole("limit", 50, 1, 100), query.whole("offset", 0, 0, FAR)
    conditions, values = ["system = ?", "account = ?"], [UNSILOED, ask.key.account]
    if (word := query.word("status", LIST_WORDS)) is not None:
        states = states_of(word)
        conditions.append(f"state IN ({', '.join('?' * len(states))})")
        values += states
    if (operation := query.word("operation", jobs.OPERATIONS)) is not None:
        conditions.append("operation = ?")
        values.append(operation)
    for name, sign in (("created_after", ">"), ("created_before", "<")):
        if (at := query.moment(name)) is not None:
            conditions.append(f"created_at {sign} ?")
            values.append(str(at))
    if tags := [tag for tag in ask.request.query_params.get("tags", "").split(",") if tag]:
        conditions.append("EXISTS (SELECT 1 FROM json_each(tags) h JOIN json_each(?) w ON w.value = h.value)")
        values.append(json.dumps(tags))
    query.check()
    where = " AND ".join(conditions)
    with ask.sandbox.database.read() as tx:
        (total,) = tx.execute(f"SELECT count(*) FROM jobs WHERE {where}", values).fetchone()  # noqa: S608 – own words
        rows = tx.execute(
            f"SELECT * FROM jobs WHERE {where} ORDER BY created_at DESC, id LIMIT ? OFFSET ?",  # noqa: S608 – own words
            (*values, limit, offset),
        ).fetchall()
    return json_answer(
        {
            "jobs": [_listed(row) for row in rows],
            "pagination": {
                "total": total,
                "limit": limit,
                "offset": offset,
                "has_more": offset + len(rows) < total,
            },
        }
    )


async def show_several(ask: JobAsk) -> Response:
    """Where several jobs stand; those that are unknown, or another account's, are left out."""
    query = _Query(ask.request.query_params)
    ids = [one.strip() for one in ask.request.query_params.get("job_ids", "").split(",") if one.strip()]
    if not ids:
        query.wrong.append(wrong("query", "job_ids", "Field required", "missing"))
    if len(ids) > IDS_AT_MOST:
        query.wrong.append(wrong("query", "job_ids", f"must be at most {IDS_AT_MOST} ids", "too_long"))
    with_progress = query.yes("include_progress")
    query.check()
    with ask.sandbox.database.read() as tx:
        rows = [jobs.find(tx, UNSILOED, job_id) for job_id in ids]
    told: list[Json] = []
    for row in rows:
        if row is not None and row["account"] == ask.key.account:
            told.append({"job_id": row["id"], "status": word_of(row, LISTED)})
            if with_progress:
                told[-1]["progress"] = {"percentage": jobs.progress_of(row, ask.now)}
    return json_answer({"jobs": told})


async def show_batch(ask: JobAsk) -> Response:
    """The jobs that were sent together, and how far they are as one."""
    query, batch_id = _Query(ask.request.query_params), ask.part("batch_id")
    with_progress = query.yes("include_progress")
    query.check()
    with ask.sandbox.database.read() as tx:
        rows = tx.execute(
            "SELECT * FROM jobs WHERE system = ? AND batch_id = ? ORDER BY created_at, id",
            (UNSILOED, batch_id),
        ).fetchall()
    if not rows:
        raise detailed(404, f"Batch {batch_id} not found")
    if rows[0]["account"] != ask.key.account:
        raise detailed(403, "This batch belongs to another account.")
    states = [row["state"] for row in rows]
    parts: list[Json] = []
    for row in rows:
        parts.append({"job_id": row["id"], "status": word_of(row, LISTED), "operation": row["operation"]})
        if with_progress:
            parts[-1]["progress"] = jobs.progress_of(row, ask.now)
    over = sum(100.0 if row["state"] in jobs.OVER else jobs.progress_of(row, ask.now) for row in rows)
    return json_answer(
        {
            "batch_id": batch_id,
            "status": _together(states),
            "created_at": moment(rows[0], "batch", rows[0]["created_at"]),
            "total_jobs": len(rows),
            "completed_jobs": sum(LISTED.get(state) == "completed" for state in states),
            "failed_jobs": states.count("failed"),
            "cancelled_jobs": states.count("cancelled"),
            "overall_progress": round(over / len(rows), 1),
            "jobs": parts,
        }
    )


def word_of(row: Row, words: Mapping[str, str]) -> object:
    """The state in the words of a route, unless another word was put in its place."""
    return json.loads(row["word"]) if row["word"] else words.get(row["state"], row["state"])


def moment(row: Row, name: str, milliseconds: int) -> str:
    """A time with none to nine decimals, always the same number for one field of one job."""
    decimals = sum(f"{row['id']}{name}".encode()) % 10
    whole = datetime.fromtimestamp(milliseconds // 1000, UTC)
    fraction = f"{milliseconds % 1000:03d}000000"[:decimals]
    return f"{whole:%Y-%m-%dT%H:%M:%S}{'.' if fraction else ''}{fraction}Z"


def _listed(row: Row) -> Json:
    told: Json = {
        "job_id": row["id"],
        "status": word_of(row, LISTED),
        "operation": row["operation"],
        "created_at": moment(row, "created_at", row["created_at"]),
        "file_count": 1,
        "tags": raw(row["tags"]),
    }
    if row["state"] in ("completed", "review"):
        told["completed_at"] = moment(row, "completed_at", row["updated_at"])
    if row["state"] == "failed":
        told["error_details"] = {"error_type": "ProcessingError", "message": raw(row["error"])}
    return told


def _together(states: list[str]) -> str:
    words = {LISTED.get(state, state) for state in states}
    if len(words) == 1:
        return words.pop()
    return "completed" if all(state in jobs.OVER for state in states) else "processing"


class _Query:
    """What was asked for behind the question mark, and all that is wrong with it."""

    def __init__(self, given: QueryParams) -> None:
        self._given = given
        self.wrong: list[Json] = []

    def check(self) -> None:
        """Refuse with 422 where anything is wrong."""
        if self.wrong:
            raise detailed(422, self.wrong)

    def word(self, name: str, known: tuple[str, ...]) -> str | None:
        """One of some words."""
        given = self._given.get(name)
        if given is None or given in known:
            return given
        self.wrong.append(wrong("query", name, f"must be one of {', '.join(known)}", "enum"))
        return None

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        try:
            number = int(self._given.get(name, default))
        except ValueError:
            self.wrong.append(wrong("query", name, "must be a whole number", "int_parsing"))
            return default
        if number < least:
            self.wrong.append(wrong("query", name, f"must be at least {least}", "greater_than_equal"))
        elif number > most:
            self.wrong.append(wrong("query", name, f"must be at most {most}", "less_than_equal"))
        return number

    def moment(self, name: str) -> int | None:
        """An ISO 8601 time in Unix ms; one without a zone is UTC."""
        given = self._given.get(name)
        if given is None:
            return None
        try:
            found = datetime.fromisoformat(given)
            return in_milliseconds(found if found.tzinfo else found.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            self.wrong.append(wrong("query", name, "must be an ISO 8601 time", "datetime_parsing"))
            return None

    def yes(self, name: str) -> bool:
        """Yes or no, no where nothing is said."""
        given = self._given.get(name, "false").lower()
        if given not in ("true", "false", "1", "0"):
            self.wrong.append(wrong("query", name, "must be true or false", "bool_parsing"))
        return given in ("true", "1")


_GATE = Gate(UNSILOED, "X-API-Key", lambda sandbox: sandbox.switches.unsiloed_routes == "jobs")

ROUTES: list[Route] = [
    _GATE.route("GET", "/jobs", "unsiloed_list", list_jobs),
    _GATE.route("GET", "/jobs/status", "unsiloed_many", show_several),
    _GATE.route("GET", "/jobs/batch/{batch_id}", "unsiloed_many", show_batch),
    _GATE.route("GET", "/jobs/{job_id}", "unsiloed_one", show_job),
    _GATE.route("DELETE", "/jobs/{job_id}", "unsiloed_one", cancel_job),
    _GATE.route("GET", "/jobs/{job_id}/result", "unsiloed_one", show_result),
]
