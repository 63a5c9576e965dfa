"""What lives here: the sandbox's own routes, by which tests and demonstrations move its world."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from review_tui.sandbox import faults, queries, transitions
from review_tui.sandbox.problems import invalid
from review_tui.sandbox.routes.asking import json_answer, request_id_of, sandbox_of
from review_tui.sandbox.routes.own import own, sent_fields
from review_tui.sandbox.state import Sandbox
from review_tui.sandbox.wire import stamp

Turn = Callable[[Sandbox, ASGIApp], Awaitable[None]]

COLLEAGUE = "Robin Colleague"
AT_MOST_TURNS = 1000


def routes(turn: Turn) -> list[Route]:
    """The admin routes; ``turn`` moves the world one step on."""

    async def tick(request: Request) -> Response:
        times = (await sent_fields(request)).get("times", 1)
        if not isinstance(times, int) or not 1 <= times <= AT_MOST_TURNS:
            raise invalid("times", f"must be a whole number from 1 to {AT_MOST_TURNS}")
        for _ in range(times):
            await turn(sandbox_of(request), request.app)
        return _counts(sandbox_of(request))

    return [
        own("GET", "clock", show_clock),
        own("POST", "clock", move_clock),
        own("GET", "faults", list_faults),
        own("POST", "faults", add_fault),
        own("DELETE", "faults", clear_faults),
        own("GET", "keys", list_keys),
        own("GET", "requests", list_requests),
        own("GET", "state", show_state),
        own("POST", "decide", decide),
        own("POST", "tick", tick),
        own("POST", "clear", clear),
    ]


async def show_clock(request: Request) -> Response:
    """What time it is here."""
    clock = sandbox_of(request).clock
    return json_answer({"now": stamp(clock.now_ms()), "frozen": clock.frozen})


async def move_clock(request: Request) -> Response:
    """``set`` (ISO 8601), ``advance`` (seconds) and ``frozen`` (yes or no), in this order."""
    clock, fields = sandbox_of(request).clock, await sent_fields(request)
    try:
        if "set" in fields:
            clock.set(datetime.fromisoformat(str(fields["set"])))
        if "advance" in fields:
            clock.advance(float(str(fields["advance"])))
    except (ValueError, OverflowError) as error:
        raise invalid("set" if "set" in fields else "advance", str(error)) from None
    if "frozen" in fields:
        (clock.freeze if fields["frozen"] else clock.run)()
    return await show_clock(request)


async def list_faults(request: Request) -> Response:
    """The kinds of fault, and the script still to come."""
    script = [fault.as_json() for fault in sandbox_of(request).faults.all()]
    return json_answer({"kinds": faults.KINDS, "data": script})


async def add_fault(request: Request) -> Response:
    """Put one fault at the end of the script."""
    sandbox_of(request).faults.add(faults.parse(await sent_fields(request)))
    return await list_faults(request)


async def clear_faults(request: Request) -> Response:
    """Take the script back."""
    sandbox_of(request).faults.clear()
    return await list_faults(request)


async def list_keys(request: Request) -> Response:
    """The API keys of this world by the part they play; they open nothing anywhere else."""
    keys = sandbox_of(request).keys
    return json_answer(
        {
            part: {
                "id": key.id,
                "name": key.name,
                "apiKey": key.secret,
                "companyId": key.company_id,
                "revoked": key.revoked,
            }
            for part, key in keys.items()
        }
    )


async def list_requests(request: Request) -> Response:
    """The newest requests, oldest first, and how many there were in all."""
    sandbox = sandbox_of(request)
    seen = [
        {
            "at": one.at,
            "method": one.method,
            "path": one.path,
            "query": one.query,
            "requestId": one.request_id,
            "hasAuthorization": one.has_authorization,
            "headers": one.headers,
            "status": one.status,
            "fault": one.fault,
        }
        for one in sandbox.seen
    ]
    return json_answer({"count": sandbox.seen_count, "data": seen})


async def show_state(request: Request) -> Response:
    """How many submissions stand where."""
    return _counts(sandbox_of(request))


async def decide(request: Request) -> Response:
    """Somebody else decides: ``{submissionId, verb, reason?, matchId?, resolution?, actor?}``."""
    sandbox, fields = sandbox_of(request), await sent_fields(request)
    name = str(fields.get("actor") or COLLEAGUE)
    actor = {"type": "reviewer", "id": name.lower().replace(" ", "-"), "name": name}
    verb, reason, now = fields.get("verb"), fields.get("reason"), sandbox.clock.now_ms()
    with sandbox.database.write() as tx:
        row = queries.find(tx, sandbox.company_id, str(fields.get("submissionId")))
        request_id = request_id_of(request)
        if verb == "approve":
            transitions.approve(tx, row, now, actor=actor, request_id=request_id)
        elif verb == "reject":
            transitions.reject(tx, row, now, reason=reason, actor=actor, request_id=request_id)
        elif verb == "cancel":
            transitions.cancel(tx, row, now, reason=reason, actor=actor, request_id=request_id)
        elif verb == "resolve":
            match_id, word = str(fields.get("matchId")), fields.get("resolution")
            transitions.resolve(tx, row, match_id, now, resolution=word, actor=actor, request_id=request_id)
        else:
            raise invalid("verb", "must be approve, reject, cancel or resolve")
        return json_answer({"data": queries.acted(tx, row["id"])})


async def clear(request: Request) -> Response:
    """Forget scripted faults, requests seen and used-up rate windows; the submissions stay as they are."""
    sandbox = sandbox_of(request)
    sandbox.faults.clear()
    sandbox.seen.clear()
    sandbox.seen_count = 0
    with sandbox.database.write() as tx:
        tx.execute("DELETE FROM rate_windows")
        tx.execute("DELETE FROM job_requests")
    return _counts(sandbox)


def _counts(sandbox: Sandbox) -> Response:
    with sandbox.database.read() as tx:
        rows = tx.execute("SELECT status, count(*) AS many FROM submissions GROUP BY status").fetchall()
    counted = {row["status"]: row["many"] for row in rows}
    return json_answer(
        {
            "scenario": sandbox.settings.scenario,
            "seed": sandbox.seed,
            "submissions": {status: counted.get(status, 0) for status in queries.STATUSES},
        }
    )
