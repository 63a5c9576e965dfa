"""Changing one's mind in a real terminal, and what is left of a decision when the console is killed."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM, move_on, selected, submission
from tests.wire import Served, serving

pytestmark = pytest.mark.pty


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


def console(server: Served, state: Path, *, hold: str) -> Terminal:
    """The console with a state folder of its own, which holds decisions for so many seconds."""
    env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    env |= {"REVIEW_TUI_STATE": str(state), "REVIEW_TUI_HOLD": hold}
    return Terminal(PROGRAM, env, columns=140, lines=40)


def move_to_clean(terminal: Terminal) -> str:
    """Go down to a submission that can be approved; returns its id."""
    terminal.wait_for(r"● live")
    found = selected(terminal)
    while not re.search(r"▸Overview .*Fraud 0 ", terminal.wait_for(r"▸Overview .*Fraud ▲?\d+ .*")[0]):
        found = move_on(terminal)
    return found


def approvals(server: Served, id_: str) -> int:
    return [event["type"] for event in submission(server, id_)["events"]].count("approved")


def test_what_is_taken_back_never_reaches_the_server_and_what_is_not_does(
    server: Served, tmp_path: Path
) -> None:
    with console(server, tmp_path / "state", hold="3") as terminal:
        back = move_to_clean(terminal)
        terminal.press("a")
        terminal.wait_for(r"◷ *\d+s approve")
        terminal.press("u")
        terminal.wait_for(r"Taken back")
        terminal.read(3.5)
        assert "● review" in terminal.wait_for(r"▌.*")[0]
        terminal.press("a")
        terminal.wait_for(r"◷ *\d+s approve")
        assert submission(server, back)["submissionStatus"] == "review"
        terminal.wait_for(r"\d\d:\d\d Approved")
        assert approvals(server, back) == 1
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_a_decision_survives_kill_9_and_is_sent_by_the_person_alone(server: Served, tmp_path: Path) -> None:
    with console(server, tmp_path / "state", hold="20") as terminal:
        id_ = move_to_clean(terminal)
        terminal.press("a")
        terminal.wait_for(r"◷ *\d+s approve")
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_for_exit() == 128 + signal.SIGKILL
    with console(server, tmp_path / "state", hold="1") as terminal:
        terminal.wait_for(r"1 decision from last time waits for you; none is sent by itself")
        terminal.wait_for(r"● live")
        terminal.read(2)
        terminal.press("a", "s", "escape", pause=0.6)
        terminal.wait_for(r"◷ 1 from last time: U")
        assert approvals(server, id_) == 0
        terminal.press("U")
        terminal.wait_for(r"s sends  d drops")
        terminal.press("s")
        terminal.wait_for(r"Send approve · .*\?")
        terminal.press("y")
        terminal.wait_for(r"nothing is on its way")
        terminal.press("q", "q", pause=0.3)
        assert terminal.wait_for_exit() == 0
    assert approvals(server, id_) == 1
    with console(server, tmp_path / "state", hold="1") as terminal:
        terminal.wait_for(r"● live")
        assert "from last time" not in terminal.text
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
