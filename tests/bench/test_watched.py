"""The terminal that takes the time: bytes, frames and moments of programs whose output is known."""

import os
import sys
import time
from pathlib import Path

import pytest

from tests.bench.processes import processor_seconds, resident_bytes, tree
from tests.bench.programs import echo, surroundings
from tests.bench.sessions import SLOW, Doses, afar, nearby
from tests.bench.watched import Watched

pytestmark = pytest.mark.pty

FIRST = """
import os, time, tty
tty.setraw(0)
os.write(1, b"\\x1b[?1049h")
time.sleep(0.3)
"""


def running(script: str, folder: Path, **more: bool) -> Watched:
    command = (sys.executable, "-I", "-S", "-c", FIRST + script)
    return Watched(command, surroundings(folder), **more)


def test_what_is_half_a_frame_is_not_yet_painted(tmp_path: Path) -> None:
    script = """
os.write(1, b"\\x1b[?2026hhalf")
time.sleep(0.3)
os.write(1, b" and whole\\x1b[?2026l")
time.sleep(0.3)
os.write(1, b" and ready")
time.sleep(5)
"""
    with running(script, tmp_path) as terminal:
        started = terminal.started("ready")
    assert started.first_byte + 0.55 < started.first_paint
    assert started.first_paint + 0.25 < started.ready == started.settled
    assert started.size == len("\x1b[?1049h\x1b[?2026hhalf and whole\x1b[?2026l and ready")


def test_frames_are_parted_by_silence(tmp_path: Path) -> None:
    script = """
os.write(1, b"ready")
os.read(0, 1)
os.write(1, b"\\x1b[5;5Hone")
time.sleep(0.4)
os.write(1, b"\\x1b[6;5Hother")
time.sleep(5)
"""
    with running(script, tmp_path) as terminal:
        terminal.started("ready")
        burst = terminal.strike(b"x", quiet=1.0)
        text = terminal.text
    assert burst.frames == 2
    assert burst.size == len("\x1b[5;5Hone\x1b[6;5Hother")
    assert burst.first is not None
    assert burst.last is not None
    assert burst.first + 0.2 < burst.last
    assert "one" in text
    assert "other" in text


@pytest.mark.parametrize("mute", [False, True])
def test_only_a_mute_terminal_answers_nothing(tmp_path: Path, mute: bool) -> None:  # noqa: FBT001 – a parameter
    script = """
import select
os.write(1, b"\\x1b[?2026$p")
heard = select.select([0], [], [], 0.3)[0]
os.write(1, b"answered" if heard else b"silence")
time.sleep(5)
"""
    with running(script, tmp_path, mute=mute) as terminal:
        terminal.started("silence" if mute else "answered")


def test_a_program_without_its_terminal_is_waited_for(tmp_path: Path) -> None:
    script = """
import signal
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.write(1, b"ready")
while os.read(0, 1):
    pass
"""
    with running(script, tmp_path) as terminal:
        terminal.started("ready")
        assert terminal.vanished() < 5


def test_the_figures_of_a_program_that_does_the_least(tmp_path: Path) -> None:
    doses = Doses(keys=3, pages=1, held=0.3, far_keys=1)
    near = nearby(echo(), surroundings(tmp_path), doses)
    assert near["key.bytes"] == pytest.approx(7, abs=1)
    assert near["key.frames"] == 1
    assert near["burst.bytes"] == pytest.approx(50 * 7, abs=50)
    assert near["resize.silent"] == 2
    assert near["exit.left on"] == 0
    far = afar(echo(), surroundings(tmp_path), doses, SLOW)
    assert far["slow.key.bytes"] == pytest.approx(7, abs=1)
    assert far["slow.key.p50"] > 2 * SLOW.latency
    assert far["slow.start.settled"] > SLOW.latency


def test_what_a_program_costs_is_that_of_all_its_processes() -> None:
    script = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])"
    pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, "-c", script])
    try:
        end = time.monotonic() + 20
        while processor_seconds(pid) < 0.3 and time.monotonic() < end:
            time.sleep(0.05)
        family = list(tree(pid))
        assert len(family) == 2
        assert processor_seconds(pid) >= 0.3
        assert resident_bytes(pid) > resident_bytes(family[1]) > 1_000_000
    finally:
        for one in reversed(list(tree(pid))):
            os.kill(one, 9)
        os.waitpid(pid, 0)
