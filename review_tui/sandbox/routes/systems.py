"""What lives here: the sandbox's own routes for Pulse and Unsiloed: switches, keys, jobs moved by hand."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import accounts, jobs, refusals, sessions
from review_tui.sandbox.accounts import SYSTEMS
from review_tui.sandbox.database import Transaction, encode
from review_tui.sandbox.keys import Key
from review_tui.sandbox.problems import Problem, invalid
from review_tui.sandbox.queries import Row
from review_tui.sandbox.routes.asking import base_url_of, json_answer, sandbox_of
from review_tui.sandbox.routes.own import Fields, own, sent_fields
from review_tui.sandbox.state import Sandbox
from review_tui.sandbox.wire import raw, stamp

_SECONDS = {"startsIn": "starts_at", "endsIn": "ends_at", "updatedIn": "updated_at"}
_JSON = {"word": "word", "fileName": "file_name", "error": "error", "result": "result", "notify": "notify"}
_PLAIN = {
    "outcome": "outcome",
    "progress": "progress",
    "resultBytes": "result_bytes",
    "pages": "pages",
    "pointer": "pointer",
    "batch": "batch_id",
}
_AT_BIRTH = ("system", "owner", "operation", "age", "tags")
_KNOWN = (*_AT_BIRTH, "state", *_SECONDS, *_JSON, *_PLAIN)


async def show_systems(request: Request) -> Response:
    """Where the three systems are served, with which keys, and some jobs of each that are worth watching."""
    systems = systems_of(sandbox_of(request), base_url_of(request))
    return json_answer({name: asdict(system) for name, system in systems.items()})


@dataclass(frozen=True, slots=True)
class System:
    """Where one of the three is served, its keys by the parts they play, and jobs that are worth watching."""

    base_url: str
    keys: dict[str, str]
    jobs: list[str]


def systems_of(sandbox: Sandbox, base_url: str) -> dict[str, System]:
    """Steve and the two others by their names; ``base_url`` is the sandbox's own."""
    with sandbox.database.read() as tx:
        steve = sessions.newest_of_each_kind(tx, sandbox.keys["company"].id)
        found = {"steve": System(base_url, _secrets(sandbox.keys), steve)}
        for system, keys in sandbox.job_keys.items():
            ids = jobs.newest(tx, system, keys["company"].account)
            found[system] = System(f"{base_url}/{system}", _secrets(keys), ids)
    return found


async def show_switches(request: Request) -> Response:
    """How the two are set to answer."""
    return json_answer(sandbox_of(request).switches.as_json())


async def set_switches(request: Request) -> Response:
    """Set some switches; the others stay."""
    sandbox = sandbox_of(request)
    sandbox.switches = sandbox.switches.set(await sent_fields(request))
    return await show_switches(request)


async def list_jobs(request: Request) -> Response:
    """All jobs of the two, newest first, in the sandbox's own states."""
    sandbox = sandbox_of(request)
    with sandbox.database.write() as tx:
        jobs.move(tx, sandbox.clock.now_ms(), sandbox.switches.pulse_keeps_s)
        rows = tx.execute("SELECT * FROM jobs ORDER BY created_at DESC, id").fetchall()
    return json_answer({"data": [_shown(row) for row in rows]})


async def make_job(request: Request) -> Response:
    """A new job: ``{system, owner?, operation?, age?, tags?}`` and all that ``change_job`` takes."""
    sandbox, fields = sandbox_of(request), await sent_fields(request)
    _check(fields)
    system = fields.get("system")
    if system not in SYSTEMS:
        raise invalid("system", f"must be one of {', '.join(SYSTEMS)}")
    owner = sandbox.job_keys[str(system)].get(str(fields.get("owner", "company")))
    if owner is None:
        raise invalid("owner", f"must be one of {', '.join(sandbox.job_keys[str(system)])}")
    now = sandbox.clock.now_ms()
    tags = fields.get("tags", [])
    if not isinstance(tags, list):
        raise invalid("tags", "must be a list of texts")
    plan = jobs.Plan(
        str(system),
        owner.account,
        now - _ms(fields, "age", 0),
        operation=_word(fields, "operation", jobs.OPERATIONS, "extract"),
        state=_word(fields, "state", jobs.STATES, "queued"),
        tags=tuple(map(str, tags)),
    )
    with sandbox.database.write() as tx:
        job_id = jobs.make(tx, plan)
        _change(tx, job_id, {name: value for name, value in fields.items() if name != "state"}, now)
        row = jobs.one(tx, job_id)
    return json_answer({"data": _shown(row)}, 201)


async def change_job(request: Request) -> Response:
    """Another state, told to whoever is notified, or another anything, told to nobody.

    A state that was set stays, unless ``startsIn`` or ``endsIn`` say that it ends.
    """
    sandbox, fields = sandbox_of(request), await sent_fields(request)
    _check(fields)
    for name in _AT_BIRTH:
        if name in fields:
            raise invalid(name, "stays as it is")
    with sandbox.database.write() as tx:
        row = jobs.one(tx, str(request.path_params["job_id"]))
        if row is None:
            raise Problem("not-found", "There is no such job.")
        now = sandbox.clock.now_ms()
        if "state" in fields:
            jobs.become(tx, row, _word(fields, "state", jobs.STATES, ""), now)
            fields = {"startsIn": None, "endsIn": None, **fields}  # or the clock would change it again
        _change(tx, row["id"], fields, now)
        row = jobs.one(tx, row["id"])
    return json_answer({"data": _shown(row)})


async def list_notices(request: Request) -> Response:
    """What went to webhooks and mailboxes, oldest first; it is written down here and sent nowhere."""
    with sandbox_of(request).database.read() as tx:
        rows = tx.execute("SELECT * FROM job_notices ORDER BY sequence").fetchall()
    data = [
        {
            "jobId": row["job_id"],
            "kind": row["kind"],
            "recipient": raw(row["recipient"]),
            "body": raw(row["body"]),
            "at": stamp(row["created_at"]),
        }
        for row in rows
    ]
    return json_answer({"data": data})


async def show_shapes(_request: Request) -> Response:
    """The shapes of errors that a fault can make, each with an example."""
    made = {name: refusals.shaped(name, "job") for name in refusals.SHAPES}
    return json_answer({name: {"status": one.status, "body": one.body} for name, one in made.items()})


def _change(tx: Transaction, job_id: str, fields: Fields, now: int) -> None:
    changed: dict[str, object] = {}
    for name, column in _SECONDS.items():
        if name in fields:
            changed[column] = None if fields[name] is None else now + _ms(fields, name, 0)
    for name, column in _JSON.items():
        if name in fields:
            changed[column] = encode(fields[name])
    for name, column in _PLAIN.items():
        if name in fields:
            changed[column] = fields[name]
    if changed:
        names = ", ".join(f"{column} = ?" for column in changed)
        tx.execute(f"UPDATE jobs SET {names} WHERE id = ?", (*changed.values(), job_id))  # noqa: S608 – own names


def _check(fields: Fields) -> None:
    for name in fields:
        if name not in _KNOWN:
            raise invalid(name, f"unknown; a job has {', '.join(_KNOWN)}")
    for name in ("progress", "resultBytes", "pages"):
        value = fields.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
            raise invalid(name, "must be a number")
    for name, known in (("outcome", jobs.STATES), ("pointer", ("here", "elsewhere"))):
        if fields.get(name) is not None:
            _word(fields, name, known, "")
    if fields.get("batch") is not None and not isinstance(fields["batch"], str):
        raise invalid("batch", "must be a text")
    if fields.get("notify") is not None and not isinstance(fields["notify"], Mapping):
        raise invalid("notify", "must be an object: webhook_url, email, events, include_summary")


def _word(fields: Fields, name: str, known: tuple[str, ...], default: str) -> str:
    word = fields.get(name, default)
    if word not in known:
        raise invalid(name, f"must be one of {', '.join(known)}")
    return str(word)


def _ms(fields: Fields, name: str, default: float) -> int:
    try:
        return round(float(str(fields.get(name, default))) * 1000)
    except (ValueError, OverflowError):
        raise invalid(name, "must be a number of seconds") from None


def _secrets(keys: Mapping[str, Key | accounts.Key]) -> dict[str, str]:
    return {part: key.secret for part, key in keys.items()}


def _shown(row: Row | None) -> dict[str, object]:
    assert row is not None
    return {
        "id": row["id"],
        "system": row["system"],
        "operation": row["operation"],
        "state": row["state"],
        "outcome": row["outcome"],
        "word": json.loads(row["word"] or "null"),
        "fileName": raw(row["file_name"]),
        "batch": row["batch_id"],
        "tags": raw(row["tags"]),
        "createdAt": stamp(row["created_at"]),
        "updatedAt": stamp(row["updated_at"]),
        "startsAt": stamp(row["starts_at"]),
        "endsAt": stamp(row["ends_at"]),
    }


ROUTES: list[Route] = [
    own("GET", "systems", show_systems),
    own("GET", "switches", show_switches),
    own("POST", "switches", set_switches),
    own("GET", "jobs", list_jobs),
    own("POST", "jobs", make_job),
    own("POST", "jobs/{job_id}", change_job),
    own("GET", "notices", list_notices),
    own("GET", "shapes", show_shapes),
]
