"""More keys than can be done: they come to where they were meant to, in few frames."""

import os
import re
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM
from tests.wire import serving

pytestmark = pytest.mark.pty

MANY = 120
FRAMES = 12
"""Frames that so many keys in one piece may bring, where each would bring one by itself."""


def place(terminal: Terminal) -> int:
    """Where the selection stands, counted from one."""
    return int(terminal.wait_for(r"(\d+) of (?:≥ )?\d+ in review")[1])


def test_keys_in_one_piece_land_where_each_would_have_and_are_few_frames(tmp_path: Path) -> None:
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "400") as server:
        env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
        env |= {"REVIEW_TUI_STATE": str(tmp_path)}
        with Terminal(PROGRAM, env) as terminal:
            terminal.wait_for(r"▸Overview.*Events \d+", 40)
            terminal.press("g", pause=1.0)
            assert place(terminal) == 1
            written = len(terminal.raw)
            for keys, where in (("j" * MANY, MANY + 1), ("k" * MANY + "jj", 3), ("jjkjkjj", 6)):
                os.write(terminal._fd, keys.encode())
                terminal.wait_for(rf"\b{where} of ")
            terminal.read(0.5)
            assert place(terminal) == 6
            frames = re.findall(rb"\x1b\[\?2026h", terminal.raw[written:])
            assert len(frames) < FRAMES + len("jjkjkjj")
            terminal.press("q")
            terminal.wait_for_exit()
