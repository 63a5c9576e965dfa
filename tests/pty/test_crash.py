"""A bug in a screen while a decision is on its way: the answer is recorded and the terminal given back."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from review_tui.model.decisions import Stage
from tests.pty.terminal import Terminal
from tests.pty.test_endings import approve_slowly, kept
from tests.pty.test_hold import approvals
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

BROKEN = """
import sys
from review_tui.cli.main import main
from review_tui.ui.screens.help import HelpScreen

def break_down(*_):
    merchant = "Caf\\xe9 of nobody's business"
    raise LookupError(merchant)

HelpScreen.lines = break_down
sys.exit(main([]))
"""
"""The program with a bug in one of its screens."""


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


def test_a_bug_loses_no_answer_and_gives_the_terminal_back(server: Served, tmp_path: Path) -> None:
    env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    env |= {"REVIEW_TUI_STATE": str(tmp_path), "REVIEW_TUI_HOLD": "0"}
    with Terminal([sys.executable, "-c", BROKEN], env, columns=140, lines=40) as terminal:
        id_ = approve_slowly(server, terminal, 2)
        terminal.press("?")
        assert terminal.wait_for_exit() == 1
        assert [facts["stage"] for facts in kept(tmp_path)][-1] == Stage.DONE
        assert approvals(server, id_) == 1
        terminal.wait_for("review-tui: unexpected LookupError; set REVIEW_TUI_LOG to a file to learn more", 1)
        assert b"nobody" not in terminal.raw
        assert b"Traceback" not in terminal.raw
        assert terminal.modes_left_on() == {}
        assert terminal.is_cooked()
