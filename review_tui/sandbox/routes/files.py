"""What lives here: pre-signed uploads and downloads; they carry their own authority and take no API key."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review_tui.sandbox import sessions
from review_tui.sandbox.contents import content_of, upload_rules
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.routes.asking import read_body, sandbox_of


async def download(request: Request) -> Response:
    """The bytes of a file, for whoever holds its URL."""
    sandbox, file_id = sandbox_of(request), str(request.path_params["file_id"])
    _check(request)
    with sandbox.database.read() as tx:
        row = tx.execute("SELECT content_type FROM files WHERE id = ?", (file_id,)).fetchone()
    if row is None:
        raise Problem("not-found", "There is no such file.")
    content = await asyncio.to_thread(content_of, sandbox, file_id)  # it may have to be drawn
    return Response(content, headers={"Content-Type": row["content_type"]})


async def upload(request: Request) -> Response:
    """Take one file of a session, of the announced content type and within the workflow's size."""
    sandbox = sandbox_of(request)
    content_type = request.headers.get("content-type", "")
    _check(request, content_type)
    session_id, file_index = str(request.path_params["session_id"]), int(request.path_params["file_index"])
    with sandbox.database.read() as tx:
        rules = upload_rules(tx, sessions.find(tx, session_id)["submission_id"])
    content = await read_body(request, rules.bytes_at_most)
    if not content:
        raise Problem("bad-request", "The file is empty.")
    with sandbox.database.write() as tx:
        session = sessions.find(tx, session_id)
        label = rules.labels[file_index] if file_index < len(rules.labels) else None
        sessions.store_upload(tx, session, file_index, label, content, sandbox.clock.now_ms())
    return Response(status_code=200)


def _check(request: Request, content_type: str = "") -> None:
    sandbox = sandbox_of(request)
    sandbox.signer.check_path(
        request.url.path, dict(request.query_params), sandbox.clock.now_ms() / 1000, content_type
    )


ROUTES: list[Route] = [
    Route("/storage/files/{file_id}", download, methods=["GET"]),
    Route("/storage/uploads/{session_id}/{file_index:int}", upload, methods=["PUT"]),
]
