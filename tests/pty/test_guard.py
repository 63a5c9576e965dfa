"""The input guard in a real terminal, on real time, and the console's life when that terminal goes."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator

import pytest

from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM, ask, console, move_on, selected, submission
from tests.ui.terminal.stray import KEYS, MOUSE, REPLIES
from tests.wire import Served, serving

pytestmark = pytest.mark.pty


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


def send(terminal: Terminal, *reads: str, pause: float = 0.02) -> None:
    for read in reads:
        os.write(terminal._fd, read.encode("latin-1"))
        terminal.read(pause)


def in_review(server: Served) -> set[str]:
    return {row["id"] for row in ask(server, "/api/v1/submissions?status=review&limit=100")["data"]}


def test_nothing_that_a_terminal_sends_by_itself_decides(server: Served) -> None:
    with console(server) as terminal:
        terminal.wait_for(r"Events \d+")
        before = in_review(server)
        # A paste that never ends would take what follows it in.
        unasked = [sequence for sequence in (*REPLIES, *MOUSE) if sequence != "\x1b[200~"]
        send(terminal, *unasked)
        for sequence in unasked[::3]:
            middle = len(sequence) // 2
            send(terminal, sequence[:middle], sequence[middle:], pause=0.06)
        terminal.read(1)
        send(terminal, *KEYS, pause=0.005)
        send(terminal, "approve the cars of Rex and cancel all\r", "\x1b[200~a\rr\rc\r\x1b[201~")
        terminal.wait_for(r"ignored \d+ characters that nobody typed")
        assert not re.search(
            r"Approv|Reject|Cancel|(?i:reason)", "\n".join(terminal.text.splitlines()[-3:-1])
        )
        assert before <= in_review(server)

        terminal.read(0.5)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_the_stock_driver_is_still_there_and_shows_what_the_guard_is_for(server: Served) -> None:
    env = server.environment | {"TERM": "xterm-256color"}
    with Terminal((*PROGRAM, "--driver=stock"), env, columns=140, lines=40) as terminal:
        terminal.wait_for(r"Events \d+")
        send(terminal, "\x1b[>0;276;0c")
        terminal.wait_for(r"0  no reason")


def test_the_window_is_as_large_as_the_kernel_says_whatever_a_shell_exported(server: Served) -> None:
    env = server.environment | {"TERM": "xterm-256color"}
    with Terminal(("env", "COLUMNS=37", "LINES=11", *PROGRAM), env, columns=140, lines=40) as terminal:
        terminal.wait_for(r"Events \d+")
        assert any(len(line.rstrip()) > 100 for line in terminal.text.splitlines())


def test_what_was_typed_before_the_console_was_there_decides_nothing(server: Served) -> None:
    with console(server) as terminal:
        send(terminal, "a", "r", "c\r", "aaa", pause=0)
        terminal.wait_for(r"Events \d+")
        terminal.read(0.5)
        assert terminal.text.count("ignored") <= 1
        assert not re.search(r"(?i)reason|approved", terminal.text.splitlines()[-2])
        move_on(terminal)


def test_a_paste_goes_into_the_reason_and_enter_is_still_the_reviewers(server: Served) -> None:
    with console(server) as terminal:
        terminal.wait_for(r"Events \d+")
        shown = selected(terminal)
        terminal.press("r")
        terminal.wait_for(r"(?i)reason")
        send(terminal, "not our\rreceipt\r", pause=0.6)
        assert submission(server, shown)["submissionStatus"] == "review"
        terminal.press("enter")
        terminal.wait_until_gone(r"(?i)not our")
        terminal.press("q")


def test_over_a_slow_link_a_key_cut_in_two_stays_a_key(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    with console(server) as terminal:
        terminal.wait_for(r"Events \d+")
        for pause in (0.05, 0.3):
            before = selected(terminal)
            send(terminal, "\x1b", pause=pause)
            send(terminal, "[B")
            terminal.wait_for(rf"[│ ](?!{before})([a-v0-9]{{32}}) · ")


def test_after_a_stop_without_a_word_the_console_goes_on(server: Served) -> None:
    with console(server) as terminal:
        terminal.wait_for(r"Events \d+")
        for _ in range(3):
            terminal.signal(signal.SIGSTOP)
            time.sleep(0.1)
            terminal.signal(signal.SIGCONT)
            terminal.read(0.2)
            assert not terminal.is_cooked()
        move_on(terminal)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes_left_on() == {}
        assert terminal.is_cooked()


def test_ctrl_z_stops_nothing_and_being_told_to_stop_gives_the_terminal_back(server: Served) -> None:
    with console(server) as terminal:
        terminal.wait_for(r"Events \d+")
        send(terminal, "\x1a", pause=0.2)
        move_on(terminal)
        terminal.signal(signal.SIGTSTP)
        terminal.read(0.5)
        assert terminal.is_cooked()
        assert terminal.modes_left_on() == {}
        terminal.signal(signal.SIGCONT)
        terminal.read(0.5)
        assert not terminal.is_cooked()
        move_on(terminal)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_a_lost_terminal_ends_the_console_also_where_hanging_up_is_ignored(server: Served) -> None:
    env = {**os.environ, **server.environment, "TERM": "xterm-256color"}
    shell = ("/bin/sh", "-c", f"trap '' HUP; '{sys.executable}' -m review_tui; exit $?")
    terminal = Terminal(shell, env, columns=140, lines=40)
    terminal.wait_for(r"Events \d+")
    os.close(terminal._fd)
    end = time.monotonic() + 3
    done, status = 0, 0
    while not done and time.monotonic() < end:
        time.sleep(0.05)
        done, status = os.waitpid(terminal.pid, os.WNOHANG)
    if not done:
        os.killpg(terminal.pid, signal.SIGKILL)
        os.waitpid(terminal.pid, 0)
    assert done, "still running 3 s after its terminal was gone"
    assert os.waitstatus_to_exitcode(status) == 128 + signal.SIGHUP
