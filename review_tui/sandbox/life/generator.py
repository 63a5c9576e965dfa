"""New submissions, sent through the public upload routes with the company's API key."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from starlette.types import ASGIApp

from review_tui.sandbox import contents
from review_tui.sandbox.documents.invention import altered, invent, rescanned
from review_tui.sandbox.documents.paper import Document
from review_tui.sandbox.documents.reading import told_by
from review_tui.sandbox.documents.rendering import render
from review_tui.sandbox.faults import ConnectionDropped
from review_tui.sandbox.life import people
from review_tui.sandbox.life.calling import Answer, call
from review_tui.sandbox.life.workflows import WORKFLOWS, Workflow
from review_tui.sandbox.state import Sandbox

COPIED = 0.35
"""The share of uploads that go back to an earlier one."""

_RECENT = 60


@dataclass(frozen=True, slots=True)
class _Upload:
    workflow: Workflow
    documents: tuple[Document, ...]
    files: tuple[bytes, ...]


@dataclass(slots=True)
class Generator:
    """Uploads one submission every so often, as long as fewer than `ceiling` wait for review.

    `arrivals` are the least and most seconds between two uploads.
    """

    sandbox: Sandbox
    app: ASGIApp
    rng: Random
    arrivals: tuple[float, float]
    ceiling: int
    _due: int | None = field(default=None, init=False)

    async def step(self, now: int) -> str | None:
        """Upload one submission if it is time (`now` in Unix ms); its id when the upload went through."""
        if self._due is None:
            self._due = now + round(self.arrivals[0] * 1000)
        if now < self._due:
            return None
        self._due = now + round(self.rng.uniform(*self.arrivals) * 1000)
        if await asyncio.to_thread(self._is_full):
            return None
        return await self.send_one(now)

    async def send_one(self, now: int) -> str | None:
        """Upload one submission at once; None when the sandbox refused or dropped it."""
        upload = await asyncio.to_thread(self._prepare, now)
        try:
            return await self._send(upload)
        except (ConnectionDropped, ValueError, KeyError):
            # A scripted fault hit the upload: nothing is submitted, and the session expires by itself.
            return None

    async def _send(self, upload: _Upload) -> str | None:
        slug, rng = upload.workflow.slug, self.rng
        session = await self._post(
            f"/api/v1/workflows/{slug}/sessions",
            {
                "fileCount": len(upload.files),
                "contentTypes": [document.content_type for document in upload.documents],
                "clientSubmissionId": f"order-{rng.getrandbits(40):010x}",
                **_given(metadata=people.metadata(rng), externalUser=people.member(rng)),
            },
        )
        if session.status != 201:
            return None
        told = session.json()
        for place, data in zip(told["uploadUrls"], upload.files, strict=True):
            headers = {"content-type": place["contentType"]}
            stored = await call(self.app, "PUT", place["uploadUrl"], headers=headers, body=data)
            if stored.status >= 300:
                return None
        done = await self._post(f"/api/v1/workflows/{slug}/sessions/{told['sessionId']}/submit", {})
        return str(told["submissionId"]) if done.status == 200 else None

    async def _post(self, path: str, body: dict[str, object]) -> Answer:
        headers = {
            "authorization": f"Bearer {self.sandbox.api_key}",
            "content-type": "application/json",
        }
        return await call(self.app, "POST", path, headers=headers, body=json.dumps(body).encode())

    def _prepare(self, now: int) -> _Upload:
        workflow = self.rng.choices(WORKFLOWS, [one.share for one in WORKFLOWS])[0]
        copied = self._copied(workflow) if self.rng.random() < COPIED else None
        if copied is not None:
            document, data = copied
            return _Upload(workflow, (document,), (data,))
        today = datetime.fromtimestamp(now / 1000, UTC).date()
        document = invent(self.rng, today=today, kind=workflow.kind)
        return _Upload(workflow, (document,), (render(document),))

    def _copied(self, workflow: Workflow) -> tuple[Document, bytes] | None:
        """An earlier document of the workflow as it comes back: the same file, a new scan, or a forgery."""
        with self.sandbox.database.read() as tx:
            rows = tx.execute(
                "SELECT f.id FROM submissions s"
                " JOIN files f ON f.submission_id = s.id AND f.file_index = 0"
                " WHERE s.company_id = ? AND s.workflow = ? AND s.processed_at IS NOT NULL"
                " ORDER BY s.created_at DESC, s.id LIMIT ?",
                (self.sandbox.company_id, workflow.slug, _RECENT),
            ).fetchall()
        if not rows:
            return None
        chosen = self.rng.choice(rows)
        data = contents.content_of(self.sandbox, chosen["id"])
        document = told_by(data)
        if document is None:
            return None
        match self.rng.randrange(4):
            case 0:
                return document, data
            case 1 | 2:
                again = rescanned(document, self.rng)
            case _:
                again = altered(document, self.rng)
        return again, render(again)

    def _is_full(self) -> bool:
        with self.sandbox.database.read() as tx:
            (waiting,) = tx.execute(
                "SELECT count(*) FROM (SELECT 1 FROM submissions"
                " WHERE company_id = ? AND status = 'review' LIMIT ?)",
                (self.sandbox.company_id, self.ceiling),
            ).fetchone()
        return bool(waiting >= self.ceiling)


def _given(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}
