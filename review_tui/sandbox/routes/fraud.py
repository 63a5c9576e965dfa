"""What lives here: the routes that list and resolve fraud matches."""

from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import queries, transitions
from review_tui.sandbox.routes.asking import Ask, api, json_answer


async def list_matches(ask: Ask) -> Response:
    """The fraud matches of a submission."""
    with ask.sandbox.database.read() as tx:
        row = queries.find(tx, ask.company_id, ask.part("submission_id"))
        return json_answer({"data": queries.matches(tx, row["id"])})


async def resolve_match(ask: Ask) -> Response:
    """Resolve one match of a submission in review."""
    body = await ask.json_object()
    match_id = ask.part("match_id")
    with ask.sandbox.database.write() as tx:
        row = queries.find(tx, ask.company_id, ask.part("submission_id"))
        transitions.resolve(
            tx,
            row,
            match_id,
            ask.now,
            resolution=body.get("resolution"),
            note=body.get("note"),
            actor=ask.caller.actor(),
            request_id=ask.request_id,
        )
        match = tx.execute("SELECT * FROM fraud_matches WHERE id = ?", (match_id,)).fetchone()
        return json_answer({"data": queries.match(match)})


ROUTES: list[Route] = [
    api("GET", "/submissions/{submission_id}/fraud-matches", "read", list_matches),
    api("POST", "/submissions/{submission_id}/fraud-matches/{match_id}/resolve", "write", resolve_match),
]
