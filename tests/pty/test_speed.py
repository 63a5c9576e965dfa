"""How soon the next submission is there after a decision, in a real terminal and on a slow server."""

import os
import re
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.cli.program import ask_sandbox
from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM, SHOWN_ID, ask, selected
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

LATENCY: Final = 0.3
"""Seconds that the server takes for each answer."""

NEVER: Final = 60.0
"""Seconds for an answer that does not come as long as a test looks."""

PACE: Final = 1.5
"""Seconds that a reviewer reads."""

DECISIONS: Final = int(os.environ.get("SPEED_DECISIONS", "0"))
"""Decisions that are measured; a machine that does other work besides says nothing of speed."""


class Timed(Terminal):
    """A terminal that knows when the last piece of what it shows came in."""

    arrived = 0.0

    def _take(self) -> bool:
        self.arrived = time.monotonic()
        return super()._take()


@dataclass(frozen=True)
class Work:
    """A reviewer at the console, and what is to be decided, in its order."""

    terminal: Timed
    rows: list[Any]

    def shows(self, index: int) -> bool:
        """Whether a submission is on the screen, whole."""
        text = self.terminal.text
        found = re.search(SHOWN_ID, text)
        whole = re.search(r"▸Overview .*Events \d+", text)
        return bool(found and whole and found[1] == self.rows[index]["id"])

    def decide(self, index: int, *, within: float = 10.0) -> float:
        """Decide on one; return the seconds from the last key until the next one is there."""
        if self.rows[index]["fraudStatus"] == "clean":
            key = "a"
        else:
            self.terminal.press("r", pause=0.0)
            self.terminal.wait_for(r"esc back")
            self.terminal.read(0.1)
            key = "1"
        pressed = time.monotonic()
        self.terminal.press(key, pause=0.0)
        while not self.shows(index + 1):
            assert time.monotonic() - pressed < within, f"never saw {index + 1}:\n{self.terminal.text}"
            self.terminal.read(0.002)
        return self.terminal.arrived - pressed


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does, and which takes its time."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "120") as found:
        slow_down(found, LATENCY)
        yield found


@pytest.fixture
def work(server: Served, tmp_path: Path) -> Iterator[Work]:
    env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    env |= {"REVIEW_TUI_STATE": str(tmp_path), "REVIEW_TUI_HOLD": "20"}
    with Timed(PROGRAM, env, columns=140, lines=40) as terminal:
        terminal.wait_for(r"▸Overview .*Events \d+", 30)
        first = selected(terminal)
        rows = ask(server, "/api/v1/submissions?status=review&limit=100")["data"]
        at = [row["id"] for row in rows].index(first)
        yield Work(terminal, rows[at:])


def slow_down(server: Served, seconds: float) -> None:
    """Let each answer take so long from now on."""
    request = urllib.request.Request(f"{server.base_url}/sandbox/faults", method="DELETE")
    urllib.request.urlopen(request, timeout=10).close()
    ask_sandbox(server, "faults", {"kind": "delay", "path": "/api/*", "delay": seconds, "times": 10**6})


def details_read(server: Served) -> set[str]:
    paths = (seen["path"] for seen in ask_sandbox(server, "requests")["data"] if seen["method"] == "GET")
    return {path.rsplit("/", 1)[1] for path in paths}


def test_the_next_two_are_there_while_the_server_says_nothing(server: Served, work: Work) -> None:
    ahead = {work.rows[index]["id"] for index in (1, 2)}
    ends = time.monotonic() + 20
    while not ahead <= details_read(server):
        assert time.monotonic() < ends, "they are not read ahead"
        work.terminal.read(0.2)
    work.terminal.read(2 * LATENCY)
    slow_down(server, NEVER)
    for index in (0, 1):
        work.decide(index)
        work.terminal.read(0.7)
    assert work.terminal.text.count("◷") >= 2


@pytest.mark.skipif(not DECISIONS, reason="make speed measures it")
def test_the_next_one_is_there_within_a_tenth_of_a_second(work: Work) -> None:
    took: dict[str, list[float]] = {"approve": [], "reject": []}
    for index in range(DECISIONS):
        work.terminal.read(PACE)
        verb = "approve" if work.rows[index]["fraudStatus"] == "clean" else "reject"
        took[verb].append(work.decide(index) * 1000)
    for verb, times in took.items():
        print(f"{len(times)} times {verb} at {LATENCY * 1000:.0f} ms: {said(times)}")
    together = [one for times in took.values() for one in times]
    print(f"together: {said(together)}")
    assert share(together, 0.95) <= 100


def share(times: list[float], part: float) -> float:
    """Return what so large a part of all took at most."""
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


def said(times: list[float]) -> str:
    return f"p50 {share(times, 0.5):.0f} ms, p95 {share(times, 0.95):.0f} ms" if times else "none"
