"""Copying in a real terminal: on a key of one's own, and what the terminal gets is encoded."""

import base64
import re
import sys
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal
from tests.wire import serving

pytestmark = pytest.mark.pty


def test_an_id_reaches_the_terminal_s_clipboard_and_a_file_where_that_is_wanted(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keys]\ncopy = "Y"\ndown = "w"\n')
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as server:
        env = {name: value for name, value in server.environment.items() if name not in {"TMUX", "STY"}}
        env |= {
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "REVIEW_TUI_CONFIG": str(config),
            "REVIEW_TUI_STATE": str(tmp_path / "state"),
        }
        with Terminal((sys.executable, "-m", "review_tui"), env, columns=140, lines=40) as terminal:
            terminal.wait_for(r"● live")
            terminal.wait_for(r"1 of \d+ in review")
            terminal.press("y", "w")
            terminal.wait_for(r"2 of \d+ in review")
            terminal.press("Y")
            id_ = terminal.wait_for(r"i  id +(\w+)")[1]
            terminal.press("i")
            terminal.wait_for(rf"copied id, {len(id_)} characters, to your terminal's clipboard")
            terminal.press("Y", "w")
            terminal.wait_for(r"goes into a file")
            terminal.press("i")
            terminal.wait_for(r"copied id, \d+ characters, to .*copied\.txt")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
        sent = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", bytes(terminal.raw))
    assert [base64.b64decode(one).decode() for one in sent] == [id_]
    assert (tmp_path / "state" / "copied.txt").read_text() == id_
