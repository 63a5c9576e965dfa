"""At the far end of a slow link: what is decided is what was on the screen when the key was pressed."""

import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from review_tui.store.journal import Store
from tests.pty.link import Linked
from tests.pty.test_story import PROGRAM, selected
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

LATENCY = 0.1
BANDWIDTH = 64_000.0
RATE = 30
HELD_DOWN = 3.0
LARGE_FRAMES = 4_000
"""Bytes of the largest frame that one key brings, with some room."""


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "400") as found:
        yield found


@pytest.fixture
def terminal(server: Served, tmp_path: Path) -> Iterator[Linked]:
    """The console far away, on what can be approved."""
    env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    env |= {"REVIEW_TUI_STATE": str(tmp_path), "REVIEW_TUI_HOLD": "30", "SSH_CONNECTION": "there"}
    with Linked(PROGRAM, env, latency=LATENCY, bandwidth=BANDWIDTH) as linked:
        linked.wait_for(r"▸Overview.*Events \d+", 40)
        linked.press("/", pause=1.0)
        linked.type("fraud:clean")
        linked.wait_for("/fraud:clean")
        linked.read(0.6)  # keys that came in one piece are a paste, and nothing is believed right after it
        linked.press("enter", pause=0.5)
        linked.wait_for("Enter open")
        yield linked


def decided(state: Path) -> list[str]:
    """The submissions that were decided on, in their order."""
    (path,) = state.rglob("*.db")
    with closing(Store.open(path, create=False)) as store:
        return list(dict.fromkeys(json.loads(entry.text)["submissionId"] for entry in store.audit()))


def hold_down(terminal: Linked, key: str) -> None:
    """Let a key repeat as a keyboard does, whatever the screen says meanwhile."""
    starts = time.monotonic()
    for number in range(int(RATE * HELD_DOWN)):
        terminal.read(max(starts + number / RATE - time.monotonic(), 0.0))
        terminal.press(key, pause=0.0)


def test_what_is_decided_is_what_was_seen_when_the_key_was_pressed(terminal: Linked, tmp_path: Path) -> None:
    hold_down(terminal, "j")
    seen = selected(terminal)
    terminal.press("a", pause=0.0)
    terminal.read(1.5)
    rested = selected(terminal)
    first = decided(tmp_path)
    assert first in ([], [seen]), "another one was decided than the one that was seen"
    if not first:
        assert re.search("came up|being sent|not loaded yet|nobody typed", terminal.text), terminal.text
        terminal.press("a", pause=0.0)
        terminal.read(1.5)
        assert decided(tmp_path) == [rested]


def test_a_key_that_was_pressed_before_the_next_one_was_seen_decides_nothing(
    terminal: Linked, tmp_path: Path
) -> None:
    terminal.read(2)  # the next two are read ahead
    terminal.press("j", pause=0.05)
    terminal.press("a", pause=0.0)
    terminal.wait_for("being sent this one, press again")
    assert decided(tmp_path) == []
    seen = selected(terminal)
    terminal.press("a", pause=0.0)
    terminal.wait_for("Approve in")
    assert decided(tmp_path) == [seen]


def test_while_a_key_is_held_down_hardly_a_frame_waits_on_the_link(terminal: Linked) -> None:
    most = 0
    for _ in range(int(RATE * HELD_DOWN)):
        terminal.press("j", pause=1 / RATE)
        most = max(most, terminal.down.waiting)
    assert 0 < most < LARGE_FRAMES * 2


def test_no_answer_of_the_terminal_is_left_for_the_shell(terminal: Linked) -> None:
    terminal.press("j", "j", "q", pause=0.2)
    terminal.wait_for_exit()
    terminal.read(1)
    assert "$y" not in terminal.text
