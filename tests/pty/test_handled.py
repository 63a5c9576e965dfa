"""What becomes of a terminal behind the console's back: the picture is right again, by itself or by a key."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

OPEN = r"▸Overview.*Events \d+"
QUIET = 0.5
ALTERNATE = b"\x1b[?1049h"
ONE_SCREEN = 5_500
"""Bytes of the largest picture of 140 × 40, with some room."""


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


class Handled(Terminal):
    """A terminal on which others write too."""

    def scribble(self, text: str) -> None:
        """Show what another program writes."""
        self._stream.feed(text)


@pytest.fixture
def terminal(server: Served) -> Iterator[Handled]:
    env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with Handled(PROGRAM, env, columns=140, lines=40) as found:
        found.wait_for(OPEN, 40)
        found.read(QUIET)
        yield found


def until(terminal: Terminal, happened: Callable[[], object], otherwise: str) -> None:
    """Read until something is true."""
    ends = time.monotonic() + 15
    while not happened():
        assert time.monotonic() < ends, f"{otherwise}:\n{terminal.text}"
        terminal.read(0.03)


def shows(terminal: Terminal, picture: str, why: str = "it is another picture") -> None:
    """Wait for a picture, and for what may come after it."""
    until(terminal, lambda: terminal.text == picture, why)
    terminal.read(QUIET)
    assert terminal.text == picture, why


def test_the_picture_is_right_whatever_was_done_to_it(terminal: Handled) -> None:
    picture = terminal.text
    terminal.scribble("\x1b[3;5H\x1b[41mBroadcast message from root: \x1b[5S\r\n\x1b[0mreboot at noon")
    assert terminal.text != picture
    before = len(terminal.raw)
    terminal.press("\x0c", pause=0.0)
    shows(terminal, picture, "ctrl+l draws it anew")
    assert 0 < len(terminal.raw) - before < ONE_SCREEN

    terminal.signal(signal.SIGSTOP)
    terminal.scribble("\x1b[2J\x1b[H$ ls\r\nfiles of the shell")
    terminal.signal(signal.SIGCONT)
    shows(terminal, picture, "so does going on after a stop without a word")

    terminal.signal(signal.SIGTSTP)
    until(terminal, terminal.is_cooked, "it does not stop")
    before = len(terminal.raw)
    terminal.signal(signal.SIGCONT)
    until(terminal, lambda: ALTERNATE in terminal.raw[before:], "it does not come back")
    shows(terminal, picture, "and coming back after being told to stop")


def storm(terminal: Terminal) -> bool:
    """Resize twenty times; whether that was fast enough to be a storm on a machine that may be busy."""
    began = time.monotonic()
    for step in range(20):
        terminal.resize(60 + 3 * step, 15 + step)
        time.sleep(0.01)
    terminal.resize(100, 30)
    return time.monotonic() - began < 0.3


def test_a_storm_of_sizes_ends_in_one_right_picture(terminal: Handled) -> None:
    terminal.resize(100, 30)
    terminal.wait_for(r"\? help[^\n]*$")
    terminal.read(QUIET + QUIET)
    small = terminal.text
    for _ in range(20):
        before = len(terminal.raw)
        was_one = storm(terminal)
        shows(terminal, small)
        if was_one:
            break
    assert was_one, "this machine makes no storm"
    assert len(terminal.raw) - before < 3 * ONE_SCREEN, "not a picture for each size"
    terminal.press("\x0c", pause=0.0)
    shows(terminal, small)


class Tmux:
    """A tmux server of our own, with the console in it."""

    def __init__(self, folder: Path, server: Served) -> None:
        self._socket = str(folder / "tmux")
        self.env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "TMUX": ""}
        self.run("new-session", "-d", "-x", "140", "-y", "41", " ".join(PROGRAM))
        self.run("set", "-g", "status", "off")

    @property
    def attach(self) -> tuple[str, ...]:
        """The command that looks at it."""
        return ("tmux", "-S", self._socket, "attach")

    def run(self, *words: str) -> str:
        command = ["tmux", "-S", self._socket, "-f", "/dev/null", *words]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=20, check=True)
        return done.stdout

    def shows(self, pattern: str, within: float = 30.0) -> str:
        """Wait for what it shows."""
        ends = time.monotonic() + within
        while not re.search(pattern, shown := self.run("capture-pane", "-p")):
            assert time.monotonic() < ends, shown
            time.sleep(0.05)
        return shown


@pytest.fixture
def tmux(server: Served, tmp_path: Path) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")
    found = Tmux(tmp_path, server)
    yield found
    subprocess.run(["tmux", "-S", str(tmp_path / "tmux"), "kill-server"], timeout=20, check=False)


def test_tmux_comes_back_at_another_size_and_shows_the_whole_picture(tmux: Tmux) -> None:
    tmux.shows(OPEN)
    for columns, lines in ((100, 30), (120, 36)):
        with Terminal(tmux.attach, dict(os.environ) | tmux.env, columns=columns, lines=lines) as client:
            client.wait_for(OPEN)
            client.read(QUIET)
            attached = tmux.shows(OPEN)
            tmux.run("send-keys", "C-l")
            client.read(QUIET)
            assert tmux.shows(OPEN) == attached, "nothing was missing"
            assert len(attached.splitlines()) == lines
            tmux.run("detach-client")
            client.wait_for_exit()
