"""Starting and leaving in a real terminal: the list of last time, keys typed too early, and every way out."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from review_tui.ui.terminal.modes import ALTERNATE, GIVING_BACK
from tests.pty.terminal import Terminal
from tests.pty.test_look import ATTRIBUTES, styles_in
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

MARK = "as of last time"
DRIVEN = b"\x1b[?1004h"
"""What is first written once the console itself has the terminal."""


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


def started(server: Served, state: Path) -> Terminal:
    """The console with a state folder of its own, without colours."""
    env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "NO_COLOR": "1"}
    return Terminal((sys.executable, "-m", "review_tui"), env | {"REVIEW_TUI_STATE": str(state)})


def left(terminal: Terminal) -> bytes:
    """Leave; return what was written from then on."""
    terminal.read(0.3)
    before = len(terminal.raw)
    terminal.press("q")
    assert terminal.wait_for_exit() == 0
    return bytes(terminal.raw[before:])


def test_the_list_of_last_time_stands_there_at_once_and_no_key_acts_on_it(
    server: Served, tmp_path: Path
) -> None:
    with started(server, tmp_path) as terminal:
        terminal.wait_for(r"● live")
        assert MARK.encode() not in terminal.raw
        assert "pydantic" not in Path(f"/proc/{terminal.pid}/maps").read_text(), "a start waits for it"
        rows = terminal.wait_for(r"(?m)^  ● review .*$")[0]
        assert left(terminal).decode() == GIVING_BACK
    with started(server, tmp_path) as terminal:
        terminal.wait_for(MARK)
        assert rows[:60] in terminal.text
        terminal.press("a", "r", "?", pause=0.02)
        assert DRIVEN not in terminal.raw, "typed too late to mean anything"
        assert styles_in(bytes(terminal.raw)) <= ATTRIBUTES
        terminal.wait_for(r"● live")
        terminal.read(0.8)
        assert terminal.raw.count(ALTERNATE.encode()) == 1
        assert not any(word in terminal.text for word in (MARK, "esc closes", "Reject", "◷", "Approved"))
        assert left(terminal).decode() == GIVING_BACK
        assert terminal.is_cooked()
    with started(server, tmp_path) as terminal:
        terminal.wait_for(MARK)
        terminal.press("a", "q", pause=0.02)
        assert DRIVEN not in terminal.raw, "typed too late to mean anything"
        assert terminal.wait_for_exit() == 0
        assert (terminal.modes_left_on(), terminal.is_cooked()) == ({}, True)


def test_what_ends_us_before_the_console_is_there_gives_the_terminal_back(
    server: Served, tmp_path: Path
) -> None:
    with started(server, tmp_path) as terminal:
        terminal.wait_for(r"● live")
        left(terminal)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, "ctrl+c"):
        with started(server, tmp_path) as terminal:
            terminal.wait_for(MARK)
            if isinstance(number, str):
                terminal.press(number)
            else:
                terminal.signal(number)
            code = 128 + (signal.SIGINT if isinstance(number, str) else number)
            assert terminal.wait_for_exit() == code
            assert DRIVEN not in terminal.raw, "ended too late to mean anything"
            assert (terminal.modes_left_on(), terminal.is_cooked()) == ({}, True)
    (kept,) = tmp_path.glob("last-*")
    kept.chmod(0o644)
    with started(server, tmp_path) as terminal:
        terminal.wait_for(r"● live")
        assert MARK.encode() not in terminal.raw
        left(terminal)
