"""The filter line in a real terminal: typed and pasted text is text, and the server's part is asked of it."""

import re
import sys

import pytest

from tests.pty.terminal import Terminal
from tests.wire import serving

pytestmark = pytest.mark.pty


def test_what_is_typed_and_pasted_filters_and_decides_nothing() -> None:
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "60") as server:
        env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        with Terminal((sys.executable, "-m", "review_tui"), env, columns=140, lines=40) as terminal:
            terminal.wait_for(r"● live")
            terminal.press("/")
            terminal.wait_for(r"enter keeps")
            terminal.press(*"arc")
            terminal.wait_for(r"/arc")
            terminal.press("escape")
            terminal.wait_for(r"● live")
            terminal.read(0.6)  # for so long no lone key is believed after an Escape
            terminal.press("/")
            terminal.wait_for(r"enter keeps")
            terminal.type("status:approved amount>0\r")
            terminal.wait_for(r"/status:approved amount>0")
            terminal.read(0.6)  # nor after a paste
            terminal.press("enter")
            terminal.wait_for(r"server: status:approved · here: amount>0")
            terminal.wait_for(r"✓ approved")
            terminal.press("0")
            terminal.wait_for(r"\[1 review =\d+\]")
            terminal.press("j")
            assert not re.search(r"held|sending|not in view", terminal.text)
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
