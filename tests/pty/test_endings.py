"""How the console lives and ends around a decision on its way: stalled terminals, signals, lost terminals."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from review_tui.model.decisions import Stage
from review_tui.store.journal import Store
from tests.cli.program import breaks, wait_until_faults_are_used
from tests.pty.terminal import Terminal
from tests.pty.test_hold import approvals, console, move_to_clean
from tests.wire import Served, serving

pytestmark = pytest.mark.pty


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


def kept(state: Path) -> list[dict[str, Any]]:
    """What the store says came of what, oldest first."""
    (path,) = state.rglob("*.db")
    with closing(Store.open(path, create=False)) as store:
        return [json.loads(entry.text) for entry in store.audit()]


def is_recorded(state: Path, stage: Stage) -> bool:
    return any(facts["stage"] == stage for facts in kept(state))


def wait_until_recorded(state: Path, stage: Stage, seconds: float = 15) -> None:
    """Wait without taking in a byte of what the console writes."""
    end = time.monotonic() + seconds
    while not is_recorded(state, stage):
        assert time.monotonic() < end, f"never recorded as {stage}: {kept(state)}"
        time.sleep(0.05)


def approve_slowly(server: Served, terminal: Terminal, seconds: float) -> str:
    """Approve what the server answers so much later; returns the id when it has come there."""
    id_ = move_to_clean(terminal)
    breaks(server, "delay", delay=seconds)
    terminal.press("a")
    wait_until_faults_are_used(server)
    return id_


_FILLING = 30


def stall(terminal: Terminal, within: float = 10) -> None:
    """Read no more, and make the console draw until its writer is stuck in the kernel."""
    end = time.monotonic() + within
    for frame in range(10_000):
        if frame < _FILLING:  # the kernel's buffer, then the frames that wait behind it
            terminal.resize(140 + 60 * (frame % 2), 40 + 40 * (frame % 2))
        else:
            terminal.press("jk"[frame % 2], pause=0.0)
        time.sleep(0.05)
        if frame > _FILLING + 20 and all(is_stuck(terminal.pid) for _ in range(5)):
            return
        assert time.monotonic() < end, "the terminal takes everything"


def is_stuck(pid: int) -> bool:
    """Whether one thread waits in a write to the terminal while the main one waits for a lock."""
    calls = {
        task.name: (task / "syscall").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()
    }
    time.sleep(0.01)
    writes = any(call[:2] == ["1", "0x2"] for call in calls.values())
    return writes and calls[str(pid)][0] == "202"


def is_told_by_this_system() -> bool:
    """Whether it can be seen what a thread waits for."""
    try:
        return os.uname().machine == "x86_64" and bool(Path("/proc/self/syscall").read_text())
    except OSError:
        return False


stalled = pytest.mark.skipif(
    not is_told_by_this_system(), reason="where it cannot be seen what a thread does"
)


@stalled
def test_an_answer_is_recorded_while_the_terminal_takes_nothing(server: Served, tmp_path: Path) -> None:
    with console(server, tmp_path, hold="0") as terminal:
        id_ = approve_slowly(server, terminal, 14)
        stall(terminal, within=11)
        assert not is_recorded(tmp_path, Stage.DONE)
        wait_until_recorded(tmp_path, Stage.DONE)
        assert is_stuck(terminal.pid)
        assert approvals(server, id_) == 1

        terminal.wait_for(r"\d\d:\d\d Approved")
        terminal.wait_for(r"● live")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes_left_on() == {}


@stalled
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_to_a_stalled_console_lets_the_decision_be_recorded(
    server: Served, tmp_path: Path, number: signal.Signals
) -> None:
    with console(server, tmp_path, hold="0") as terminal:
        id_ = approve_slowly(server, terminal, 14)
        answered = time.monotonic() + 14
        stall(terminal, within=11)
        time.sleep(max(0.0, answered - time.monotonic() - 3))  # the answer comes while it drains
        assert not is_recorded(tmp_path, Stage.DONE)
        terminal.signal(number)
        assert exit_code_unread(terminal, 10) == 128 + number
        assert is_recorded(tmp_path, Stage.DONE)
        assert approvals(server, id_) == 1
        terminal.read(0.5)
        assert terminal.modes_left_on() == {}
        assert terminal.is_cooked()


@stalled
def test_a_stalled_console_with_nothing_under_way_ends_within_three_seconds(
    server: Served, tmp_path: Path
) -> None:
    with console(server, tmp_path, hold="0") as terminal:
        terminal.wait_for(r"● live")
        stall(terminal)
        terminal.signal(signal.SIGTERM)
        assert exit_code_unread(terminal, 3) == 128 + signal.SIGTERM


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_waits_for_the_answer_and_restores_the_terminal(
    server: Served, tmp_path: Path, number: signal.Signals
) -> None:
    with console(server, tmp_path, hold="0") as terminal:
        id_ = approve_slowly(server, terminal, 2)
        terminal.signal(number)
        assert terminal.wait_for_exit() == 128 + number
        assert [facts["stage"] for facts in kept(tmp_path)][-1] == Stage.DONE
        assert approvals(server, id_) == 1
        assert terminal.modes_left_on() == {}
        assert terminal.is_cooked()


def test_what_no_answer_came_to_is_said_after_the_end_and_looked_up_next_time(
    server: Served, tmp_path: Path
) -> None:
    with console(server, tmp_path, hold="0") as terminal:
        id_ = approve_slowly(server, terminal, 60)
        began = time.monotonic()
        terminal.signal(signal.SIGTERM)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_exit(12) == 128 + signal.SIGTERM
        assert time.monotonic() - began < 8
        assert terminal.modes_left_on() == {}
        terminal.wait_for(rf"{id_}: approve: .*(?i:unknown)", 1)
        assert is_recorded(tmp_path, Stage.UNKNOWN)


def test_what_is_held_when_a_signal_comes_waits_for_the_person(server: Served, tmp_path: Path) -> None:
    with console(server, tmp_path, hold="20") as terminal:
        id_ = move_to_clean(terminal)
        terminal.press("a")
        terminal.wait_for(r"u takes it back")
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_exit(3) == 128 + signal.SIGTERM
        assert [facts["stage"] for facts in kept(tmp_path)] == [Stage.HELD]
        terminal.wait_for(r"1 decision waits for you, and none is sent by itself: review-tui outbox list", 1)
    with console(server, tmp_path, hold="0") as terminal:
        terminal.wait_for(r"1 decision from last time waits for you")
        assert approvals(server, id_) == 0


def test_a_lost_terminal_lets_the_decision_be_recorded(server: Served, tmp_path: Path) -> None:
    terminal = console(server, tmp_path, hold="0")
    id_ = approve_slowly(server, terminal, 2)
    os.close(terminal._fd)
    assert exit_code_unread(terminal, 10) == 128 + signal.SIGHUP
    assert [facts["stage"] for facts in kept(tmp_path)][-1] == Stage.DONE
    assert approvals(server, id_) == 1


def exit_code_unread(terminal: Terminal, seconds: float) -> int:
    """Wait for the end without taking in a byte; returns the exit code."""
    end = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(terminal.pid, os.WNOHANG)
        if done:
            terminal.status = os.waitstatus_to_exitcode(status)
            return terminal.status
        assert time.monotonic() < end, f"still running after {seconds} s"
        time.sleep(0.02)
