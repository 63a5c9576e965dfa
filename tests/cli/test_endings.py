"""A verb that is ended from outside: by signals, by a reader that goes away, by streams that are closed."""

import json
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.program import (
    ask_sandbox,
    breaks,
    command,
    environment_of,
    one,
    start,
    wait_until_faults_are_used,
)
from tests.wire import ROOT, Served, serving


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "busy") as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_goes_wrong(world: Served) -> None:
    ask_sandbox(world, "clear", {})


def wait_until(happened: Callable[[], bool], otherwise: str) -> None:
    """Wait until something is true."""
    ends = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < ends, otherwise
        time.sleep(0.02)


def methods_seen(world: Served, submission_id: str) -> list[str]:
    """How the sandbox was asked about a submission, from the first decision on."""
    asked = [one for one in ask_sandbox(world, "requests")["data"] if submission_id in one["path"]]
    methods = [str(one["method"]) for one in sorted(asked, key=lambda one: str(one["at"]))]
    return methods[methods.index("POST") :] if "POST" in methods else []


def pending(pid: int) -> bool:
    """Whether a signal has not yet reached a process: of two alike that wait there is only one."""
    told = Path(f"/proc/{pid}/status")
    if not told.exists():
        return False
    waits = re.findall(r"^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)", told.read_text(), re.MULTILINE)
    return any(int(mask, 16) for mask in waits)


def test_interrupted_while_a_lost_answer_is_looked_up_it_claims_nothing(world: Served) -> None:
    chosen = one(world)
    breaks(world, "drop")
    process = start(world, "submissions", "approve", chosen, "--json")
    wait_until_faults_are_used(world)
    wait_until(lambda: "GET" in methods_seen(world, chosen)[1:], "it is never looked up")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 8, err
    assert json.loads(out)["stage"] == "unknown"
    assert b"Traceback" not in err


def test_who_insists_on_ending_a_decision_is_still_told_that_its_outcome_is_unknown(world: Served) -> None:
    chosen = one(world)
    breaks(world, "delay", delay=12)
    process = start(world, "submissions", "approve", chosen, "--json")
    wait_until_faults_are_used(world)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
        process.send_signal(number)
        wait_until(lambda: not pending(process.pid), "the signal is not taken")
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (8, b"")
    assert json.loads(out)["stage"] == "unknown"


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="where limits can be read")
def test_no_core_file_can_hold_the_key(world: Served) -> None:
    breaks(world, "delay", method="GET", delay=0.5)
    process = start(world, "submissions", "list")
    wait_until_faults_are_used(world)
    limits = Path(f"/proc/{process.pid}/limits").read_text()
    process.communicate(timeout=20)
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]


def test_a_signal_that_was_to_be_ignored_is(world: Served) -> None:
    breaks(world, "delay", method="GET", delay=1)
    ignored = f"trap '' HUP; exec {shlex.join(command('submissions', 'list', '--json'))}"
    process = subprocess.Popen(
        ["sh", "-c", ignored], cwd=ROOT, env=environment_of(world), stdout=subprocess.PIPE
    )
    wait_until_faults_are_used(world)
    process.send_signal(signal.SIGHUP)
    assert process.communicate(timeout=20)[0]
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_reading_ends_it_with_its_number(world: Served, number: signal.Signals) -> None:
    breaks(world, "delay", method="GET", delay=3)
    process = start(world, "submissions", "list")
    wait_until_faults_are_used(world)
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (128 + number, b"", b"")


def test_a_reader_that_goes_away_is_no_failure_of_ours(world: Served) -> None:
    process = start(world, "submissions", "list", "--json", "--status", "any", "--limit", "140")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(20) == 141
    assert err == b""


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [(">&-", ("submissions", "list"), 0), ("2>&-", ("submissions", "show", "no-such"), 3)],
)
def test_a_closed_stream_changes_neither_the_outcome_nor_the_other_stream(
    world: Served, closed: str, arguments: tuple[str, ...], code: int
) -> None:
    done = subprocess.run(
        ["sh", "-c", f"exec {shlex.join(command(*arguments))} {closed}"],
        cwd=ROOT,
        env=environment_of(world),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")
