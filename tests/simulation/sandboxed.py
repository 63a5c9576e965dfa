"""The sandbox itself as the server, its clock that of the loop, its world going on by itself."""

import asyncio
import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import httpx
from starlette.applications import Starlette

from review_tui.sandbox import queries, transitions
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.database import Transaction
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.scenarios import life_of
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.simulation.truth import COLLEAGUE, Judged, Truth
from tests.wire import NOON, InProcess

WORLDS = 5
"""Worlds to choose from."""

_ACTOR = {"type": "reviewer", "id": "robin", "name": "Robin"}
_DECIDED = {"approved", "rejected", "cancelled"}


class LoopsClock(Clock):
    """The time of the running loop; NOON where none runs."""

    def now(self) -> datetime:
        try:
            return NOON + timedelta(seconds=asyncio.get_running_loop().time())
        except RuntimeError:
            return NOON


@cache
def _begun(folder: Path, seed: int, scenario: str, submissions: int) -> Path:
    """The file of a world as it begins; made once."""
    made = folder / f"{scenario}-{seed}.db"
    _app(made, seed, scenario, submissions).state.sandbox.close()
    return made


def _app(db: Path, seed: int, scenario: str, submissions: int) -> Starlette:
    settings = SandboxSettings(
        db=db, seed=seed, scenario=scenario, submissions=submissions, clock=LoopsClock()
    )
    return create_app(settings)


class Sandboxed:
    """A sandbox within the process, with a few submissions to decide; `every` seconds its life goes on."""

    tells_ids = True

    def __init__(
        self,
        chance: Random,
        folder: Path,
        *,
        scenario: str = "flood",
        submissions: int = 14,
        every: float = 5.0,
    ) -> None:
        """Copy one of the worlds in `folder`, which is the seed's own until `close`."""
        seed = chance.randint(1, WORLDS)
        self._file = folder / "now.db"
        for ending in ("", "-wal", "-shm"):
            self._file.with_name(f"now.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(_begun(folder, seed, scenario, submissions), self._file)
        self._every = every
        self._app = _app(self._file, seed, scenario, submissions)
        self._sandbox: Sandbox = self._app.state.sandbox
        self._carrier = InProcess(self._app)
        self._ids = self._in("review", "processing")
        for submission_id in self._ids:
            for _ in range(chance.choice([0, 0, 0, 1, 2])):
                self.suspect(submission_id)

    @property
    def key(self) -> str:
        return self._sandbox.api_key

    @property
    def carrier(self) -> httpx.AsyncBaseTransport:
        return self._carrier

    async def live(self) -> None:
        """Let documents be read and approved ones be handed on."""
        life = life_of(self._sandbox, self._app)
        while True:
            await life.step()
            await asyncio.sleep(self._every)

    def ids(self) -> list[str]:
        return self._ids

    def undecided(self) -> list[str]:
        return self._in("review")

    def truth(self, submission_id: str) -> Truth:
        with self._sandbox.database.read() as tx:
            row = queries.find(tx, self._sandbox.company_id, submission_id)
            truth = Truth(submission_id, row["status"])
            truth.reason = json.loads(row["reject_reason"] or row["cancel_reason"] or "null")
            for match in queries.matches(tx, submission_id):
                note = match["note"] if isinstance(match["note"], str) else None
                resolution = None if match["resolution"] is None else str(match["resolution"])
                truth.matches[str(match["id"])] = Judged(resolution, None, note)
            for event in tx.execute(
                "SELECT type, data FROM events WHERE submission_id = ? ORDER BY sequence", (submission_id,)
            ):
                self._take_in(truth, json.loads(event["type"]), json.loads(event["data"] or "null") or {})
        return truth

    def _take_in(self, truth: Truth, kind: str, data: dict[str, str]) -> None:
        by = data.get("requestId")
        if by is None:
            return
        truth.took[by] += 1
        if kind == "fraud_match_resolved":
            truth.matches[data["matchId"]].by = by
        elif kind in _DECIDED:
            truth.by = by

    def meddle(self, submission_id: str, verb: str, reason: str) -> None:
        def decide(tx: Transaction, row: queries.Row, now: int) -> None:
            given = {} if verb == "approve" else {"reason": reason}
            getattr(transitions, verb)(tx, row, now, actor=_ACTOR, request_id=COLLEAGUE, **given)

        self._change(submission_id, decide)

    def judge(self, submission_id: str, match_id: str, resolution: str, note: str | None) -> None:
        def decide(tx: Transaction, row: queries.Row, now: int) -> None:
            transitions.resolve(
                tx, row, match_id, now, resolution=resolution, note=note, actor=_ACTOR, request_id=COLLEAGUE
            )

        self._change(submission_id, decide)

    def alter(self, submission_id: str) -> None:
        def change(tx: Transaction, row: queries.Row, _: int) -> None:
            read = json.loads(row["extracted"] or "null") or {}
            text = json.dumps(read | {"totalAmount": 999})
            tx.execute("UPDATE submissions SET extracted = ? WHERE id = ?", (text, row["id"]))

        self._change(submission_id, change)

    def suspect(self, submission_id: str) -> None:
        def change(tx: Transaction, row: queries.Row, now: int) -> None:
            transitions.add_match(
                tx,
                row["id"],
                now,
                matched_submission_id=self._ids[0],
                type="data_similarity",
                score=90.0,
                details={"fields": []},
            )

        self._change(submission_id, change)

    def close(self) -> None:
        self._sandbox.close()

    def _in(self, *statuses: str) -> list[str]:
        marks = ", ".join("?" * len(statuses))
        with self._sandbox.database.read() as tx:
            rows = tx.execute(
                f"SELECT id FROM submissions WHERE company_id = ? AND status IN ({marks}) ORDER BY id",
                (self._sandbox.company_id, *statuses),
            ).fetchall()
        return [row["id"] for row in rows]

    def _change(self, submission_id: str, change: Callable[[Transaction, queries.Row, int], None]) -> None:
        """Change something, unless the sandbox refuses that."""
        try:
            with self._sandbox.database.write() as tx:
                row = queries.find(tx, self._sandbox.company_id, submission_id)
                change(tx, row, self._sandbox.clock.now_ms())
        except Problem:
            return
