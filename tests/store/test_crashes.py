"""Nothing acknowledged is lost to kill -9; two programs on one store never get in each other's way."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from review_tui.model.decisions import Stage
from review_tui.store.journal import Store
from tests.store.records import NOON
from tests.wire import ROOT

_WRITE = """
import sys
import time
from dataclasses import replace
from pathlib import Path
from review_tui.model.decisions import Stage
from review_tui.store.journal import Store
from tests.store.records import NOON, decided, kept
path, run, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = Store.open(path, now=lambda: NOON)
for number in range(times):
    record = kept(decided(f"{run}-{number}"), run=run)
    for stage in (Stage.HELD, Stage.CHECKING, Stage.SENDING, Stage.DONE if number % 2 else Stage.UNKNOWN):
        store.write(replace(record, stage=stage))
        print(record.intent.request_id, stage.name, flush=True)
        time.sleep(0.001)  # a person pauses too: whoever waits for the lock sees it free
"""


def writer(path: Path, run: str, times: int) -> subprocess.Popen[str]:
    """A program that writes decisions and says which are acknowledged."""
    return subprocess.Popen(
        [sys.executable, "-c", _WRITE, path, run, str(times)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def acknowledged(said: str) -> dict[str, Stage]:
    """The last stage of each decision that was acknowledged; a line that was cut counts for nothing."""
    whole = said[: said.rfind("\n") + 1]
    return {name: Stage[stage] for name, stage in (line.split() for line in whole.splitlines())}


def kept_stages(store: Store) -> dict[str, Stage]:
    """The stage of every decision in the file."""
    rows = store._connection.execute("SELECT request_id, stage FROM records")
    return {name: Stage(stage) for name, stage in rows}


def test_no_acknowledged_write_is_lost_to_kill_9(tmp_path: Path) -> None:
    """Twenty times on one store: killed somewhere between and within its writes."""
    path = tmp_path / "state" / "acme.db"
    dice = random.Random(20)
    order = list(Stage)
    promised: dict[str, Stage] = {}
    for round_number in range(20):
        child = writer(path, f"run{round_number}", 10_000)
        assert child.stdout is not None
        assert child.stderr is not None
        first = "".join(child.stdout.readline() for _ in range(dice.randint(1, 60)))
        time.sleep(dice.uniform(0, 0.002))
        os.kill(child.pid, signal.SIGKILL)
        with child:  # its streams are read to their ends: `communicate` would pass over what is buffered
            promised |= acknowledged(first + child.stdout.read())
            assert child.stderr.read() == ""
        assert child.returncode == -signal.SIGKILL
        store = Store.open(path, now=lambda: NOON)
        now = kept_stages(store)
        assert store.verify() is None
        told = {entry.facts["requestId"]: entry.facts["stage"] for entry in store.audit()}
        store.close()
        # What was being written when it was killed may be there too: one move further, for one decision.
        moved = {name for name, stage in now.items() if promised.get(name) is not stage}
        assert promised.keys() <= now.keys()
        assert len(moved) <= 1
        assert all(
            name not in promised or order.index(now[name]) > order.index(promised[name]) for name in moved
        )
        assert all(told[name] == stage for name, stage in now.items() if stage is not Stage.CHECKING)
        promised = now
    assert len(promised) >= 20


def test_two_programs_write_to_one_store_at_once(tmp_path: Path) -> None:
    path = tmp_path / "state" / "acme.db"
    promised: dict[str, Stage] = {}
    with ExitStack() as running:
        children = [running.enter_context(writer(path, run, 60)) for run in ("one", "two", "three")]
        for child in children:
            said, complaint = child.communicate(timeout=60)
            assert (child.returncode, complaint) == (0, "")
            promised |= acknowledged(said)
    store = Store.open(path, now=lambda: NOON)
    assert len(promised) == 180
    assert kept_stages(store) == promised
    assert store.verify() is None
    assert len(list(store.audit())) == 3 * 180
    store.close()
    assert [file.name for file in path.parent.iterdir()] == ["acme.db"]
