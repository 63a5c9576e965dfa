"""Two who decide at once: exactly one of them is right, and the events say the same."""

import asyncio
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette

from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import SandboxSettings
from tests.sandbox import rows
from tests.sandbox.asking import Caller
from tests.wire import NOON

MANY = 300
ENDS = {"approve": "approved", "reject": "rejected", "cancel": "cancelled"}
BODIES: dict[str, object] = {
    "approve": {},
    "reject": {"reason": "Blurred"},
    "cancel": {"reason": "Withdrawn"},
}
DECIDED = ("approved", "rejected", "cancelled")

WRITER = """
import json, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from tests.sandbox.test_races import decide_all, opened
app = opened(Path({db!r}))

def meet():
    print("ready", flush=True)
    sys.stdin.readline()

answers = decide_all(app, {seed}, meet)
app.state.sandbox.close()
print(json.dumps(answers))
"""


def opened(db: Path) -> Starlette:
    """A sandbox on this file that refuses nobody for asking too often."""
    clock = Clock(NOON, frozen=True)
    return create_app(SandboxSettings(db=db, scenario="empty", clock=clock, write_limit=10**6))


def decide_all(app: Starlette, seed: int, meet: Callable[[], object]) -> dict[str, str]:
    """Decide everything in an order and with verbs of one's own; what was answered with 200, by id.

    ``meet`` waits for the other writer before each ten, or the quicker one might be through alone.
    """
    rng = random.Random(seed)
    sandbox = app.state.sandbox
    with sandbox.database.read() as tx:
        ids = [row["id"] for row in tx.execute("SELECT id FROM submissions ORDER BY created_at")]
    won = {}
    with asyncio.Runner() as runner:
        caller = Caller(app, sandbox.api_key, runner)
        for start in range(0, MANY, 10):
            meet()
            for identifier in rng.sample(ids[start : start + 10], 10):
                verb = rng.choice(list(ENDS))
                answer = caller.post(f"/api/v1/submissions/{identifier}/{verb}", BODIES[verb])
                assert answer.status in (200, 409), answer.body
                if answer.status == 200:
                    won[identifier] = verb
    return won


def check(app: Starlette, first: dict[str, str], second: dict[str, str]) -> None:
    assert not set(first) & set(second), "a submission was decided twice"
    assert len(first) + len(second) == MANY
    assert first
    assert second
    verbs = first | second
    with app.state.sandbox.database.read() as tx:
        for row in tx.execute("SELECT id, status FROM submissions").fetchall():
            assert row["status"] == ENDS[verbs[row["id"]]]
            events = tx.execute("SELECT type FROM events WHERE submission_id = ?", (row["id"],)).fetchall()
            told = [event["type"].strip('"') for event in events]
            assert [word for word in told if word in DECIDED] == [row["status"]]


def world(db: Path) -> Starlette:
    app = opened(db)
    with app.state.sandbox.database.write() as tx:
        for number in range(MANY):
            rows.add(tx, app.state.sandbox, age=number)
    return app


def test_two_threads_decide_each_submission_once(tmp_path: Path) -> None:
    app = world(tmp_path / "world.db")
    won: list[dict[str, str]] = []
    together = threading.Barrier(2)

    def writer(seed: int) -> None:
        won.append(decide_all(app, seed, together.wait))

    threads = [threading.Thread(target=writer, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    check(app, *won)
    app.state.sandbox.close()


def test_two_processes_on_one_file_decide_each_submission_once(tmp_path: Path) -> None:
    import json

    db = tmp_path / "world.db"
    app = world(db)
    root = str(Path(__file__).parents[2])
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER.format(root=root, db=str(db), seed=seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in (1, 2)
    ]
    won = []
    for _ in range(0, MANY, 10):
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("go\n")
            writer.stdin.flush()
    for writer in writers:
        out, _ = writer.communicate(timeout=60)
        assert writer.returncode == 0
        won.append(json.loads(out))
    check(app, *won)
    app.state.sandbox.close()


def test_those_who_open_a_fresh_file_at_once_make_one_world(tmp_path: Path) -> None:
    many, together, counts = 60, threading.Barrier(4), []

    def opener() -> None:
        together.wait()
        app = create_app(SandboxSettings(db=tmp_path / "world.db", scenario="quiet", submissions=many))
        with app.state.sandbox.database.read() as tx:
            counts.append(tx.execute("SELECT count(*) FROM submissions").fetchone()[0])
        app.state.sandbox.close()

    threads = [threading.Thread(target=opener) for _ in range(together.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [many] * 4
