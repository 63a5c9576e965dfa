"""What is sent to a real terminal for its look: no colour where none is wanted, no mouse over a link."""

import re
import sys

import pytest

from tests.pty.terminal import Terminal
from tests.wire import serving

pytestmark = pytest.mark.pty

_STYLE = re.compile(rb"\x1b\[([0-9;:]*)m")
ATTRIBUTES = {"", "0", "1", "2", "3", "4", "7", "9", "22", "23", "24", "27", "29"}
"""Bold, dim, italic, underline, reverse, struck out, and their ends: no colour, not even the default one."""

MOUSE_MODES = (1000, 1002, 1003, 1005, 1006, 1015, 1016)


def styles_in(raw: bytes) -> set[str]:
    return {code for found in _STYLE.findall(raw) for code in re.split("[;:]", found.decode())}


def modes_on(raw: bytes) -> list[int]:
    return [mode for mode in MOUSE_MODES if b"\x1b[?%dh" % mode in raw]


def test_without_colour_no_colour_is_sent_and_over_a_link_no_mouse_is_asked_for() -> None:
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "30") as server:
        env = {
            name: value for name, value in server.environment.items() if name not in {"NO_COLOR", "SSH_TTY"}
        }
        env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        afar = env | {"NO_COLOR": "1", "SSH_CONNECTION": "192.0.2.7 50022 192.0.2.8 22"}
        with Terminal((sys.executable, "-m", "review_tui"), afar, columns=120, lines=30) as terminal:
            terminal.wait_for(r"● live")
            for key, shows in (("r", "Reject"), ("?", "esc closes"), ("/", "enter keeps")):
                terminal.press(key)
                terminal.wait_for(shows)
                terminal.press("escape")
                terminal.wait_for(r"q quit")
                terminal.read(0.6)
            terminal.press("j", "tab", "\x10")
            terminal.wait_for(r"a command, view")
            terminal.press("escape")
            terminal.read(0.6)
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
        raw = bytes(terminal.raw)
        assert styles_in(raw) <= ATTRIBUTES
        assert {"1", "7"} <= styles_in(raw)
        assert modes_on(raw) == []
        near = env | {"NO_COLOR": ""}
        with Terminal((sys.executable, "-m", "review_tui"), near, columns=120, lines=30) as terminal:
            terminal.wait_for(r"● live")
            terminal.press("\x1b[<0;10;6M\x1b[<0;10;6m")
            terminal.wait_for(r"3 of \d+ in review")
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
        raw = bytes(terminal.raw)
        assert styles_in(raw) & {"32", "33", "31"}
        assert modes_on(raw) == [1000, 1006]
        assert terminal.modes_left_on() == {}
