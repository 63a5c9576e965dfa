"""What lives here: the routes of jobs, companies and webhook tests."""

import asyncio
import json

from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import queries, sessions, webhooks
from review_tui.sandbox.problems import invalid
from review_tui.sandbox.routes.asking import Ask, api, json_answer
from review_tui.sandbox.wire import dumps, raw, stamp

OLDER_HEADER = "X-Sandbox-Deployment"
"""With the value ``older`` a job is answered in an older deployment's words."""


async def show_job(ask: Ask) -> Response:
    """Where the work on a session stands; 403 for any key but the one that made it."""
    with ask.sandbox.database.read() as tx:
        job = queries.job(tx, sessions.find(tx, ask.part("session_id"), ask.caller.key_id))
    if ask.sandbox.settings.older_words or ask.request.headers.get(OLDER_HEADER) == "older":
        state = job.pop("state")
        job["status"] = "complete" if state == "completed" else state
    return json_answer(job)


async def list_companies(ask: Ask) -> Response:
    """The companies that the key may see: its own, or all for a key of the platform."""
    with ask.sandbox.database.read() as tx:
        rows = tx.execute(
            "SELECT * FROM companies WHERE ?1 IS NULL OR id = ?1 ORDER BY id", (ask.caller.company_id,)
        ).fetchall()
    pagination = {"hasMore": False, "nextCursor": None}
    data = [{"id": row["id"], "name": raw(row["name"])} for row in rows]
    return json_answer({"data": data, "pagination": pagination})


async def test_webhook(ask: Ask) -> Response:
    """Send one unsigned message to an address and say how it went."""
    url = (await ask.json_object()).get("webhookUrl")
    why = webhooks.why_refused(url, loopback=ask.sandbox.settings.loopback_webhooks)
    if why is not None:
        raise invalid("webhookUrl", why, "not_public")
    body = dumps({"type": "webhook.test", "timestamp": stamp(ask.now)}).encode()
    headers = {"Content-Type": "application/json", "User-Agent": webhooks.USER_AGENT}
    attempt = await asyncio.to_thread(webhooks.send, json.loads(dumps(url)), body, headers, webhooks.TEST_S)
    return json_answer({"delivered": attempt.delivered, "statusCode": attempt.status, "error": attempt.error})


ROUTES: list[Route] = [
    api("GET", "/jobs/{session_id}", "read", show_job),
    api("GET", "/companies", "read", list_companies, scoped=False),
    api("POST", "/webhooks/test", "webhook_test", test_webhook, scoped=False),
]
