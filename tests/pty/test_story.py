"""The whole product in a real terminal: a reviewer clears a queue, and the server agrees with the screen."""

import json
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from review_tui.ui.terminal.guard import WARY
from tests.pty.terminal import Terminal
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

PROGRAM = (sys.executable, "-m", "review_tui")
SHOWN_ID = r"[│ ]([a-v0-9]{32}) · (?!handed)"


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which little happens but what the reviewer does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


def ask(server: Served, path: str) -> Any:
    """Ask the server itself: the truth that the screen has to agree with."""
    request = urllib.request.Request(
        server.base_url + path, headers={"Authorization": f"Bearer {server.api_key}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def submission(server: Served, id_: str) -> Any:
    found = ask(server, f"/api/v1/submissions/{id_}")
    return found.get("data", found)


def console(server: Served, *, columns: int = 140, lines: int = 40) -> Terminal:
    env = server.environment | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    env.pop("NO_COLOR", None)
    return Terminal(PROGRAM, env, columns=columns, lines=lines)


def selected(terminal: Terminal) -> str:
    """The id of the submission that the detail shows."""
    return terminal.wait_for(SHOWN_ID)[1]


def move_on(terminal: Terminal) -> str:
    """Press `j` and wait until the detail shows another submission; returns its id."""
    before = selected(terminal)
    terminal.press("j")
    return terminal.wait_for(rf"[│ ](?!{before})([a-v0-9]{{32}}) · (?!handed)")[1]


def move_to(terminal: Terminal, what: str) -> str:
    """Move down until the detail says `what`; returns the submission's id."""
    for _ in range(60):
        terminal.wait_for(r"Events \d+")
        if re.search(what, terminal.text):
            return selected(terminal)
        move_on(terminal)
    raise AssertionError(f"no submission with {what!r}:\n{terminal.text}")


def test_a_reviewer_clears_part_of_a_queue(server: Served) -> None:
    with console(server) as terminal:
        terminal.wait_for(r"in review")
        terminal.wait_for(r"● live")

        flagged = move_to(terminal, r"Fraud ▲[23]")
        matches = [m["resolution"] for m in submission(server, flagged)["fraudMatches"]].count(None)
        terminal.press("a")
        terminal.wait_for(r"fraud match(es)? to resolve first")
        assert submission(server, flagged)["submissionStatus"] == "review"
        for left in range(matches - 1, -1, -1):
            terminal.press("f")
            terminal.wait_for(rf"▲{left}" if left else r"judged: a approves")
        terminal.press("a")
        terminal.wait_for(r"\d\d:\d\d Approved")
        assert submission(server, flagged)["submissionStatus"] in {"approved", "synced"}
        assert None not in {m["resolution"] for m in submission(server, flagged)["fraudMatches"]}

        terminal.press("h")
        rejected = move_on(terminal)
        terminal.press("r")
        terminal.wait_for(r"(?i)reason")
        terminal.type("Amount does not match")
        terminal.wait_for(r"21 of 2000")
        terminal.read(WARY + 0.1)  # on a busy machine letters that come together are a paste
        terminal.press("enter")
        terminal.wait_for(r"\d\d:\d\d Rejected")
        assert submission(server, rejected)["submissionStatus"] == "rejected"
        assert submission(server, rejected)["rejectReason"] == "Amount does not match"

        cancelled = move_on(terminal)
        assert cancelled not in {flagged, rejected}
        terminal.press("c")
        terminal.wait_for(r"0  no reason")
        terminal.press("0", pause=0.4)
        terminal.wait_until_gone(r"0  no reason")
        terminal.wait_for(r"\d\d:\d\d Cancelled")
        assert submission(server, cancelled)["submissionStatus"] == "cancelled"

        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes_left_on() == {}
        assert terminal.is_cooked()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_ends_it_with_the_terminal_restored(server: Served, number: signal.Signals) -> None:
    with console(server) as terminal:
        terminal.wait_for(r"● live")
        terminal.signal(number)
        assert terminal.wait_for_exit() == 128 + number
        assert terminal.modes_left_on() == {}
        assert terminal.is_cooked()


def test_the_server_goes_away_and_the_screen_says_so() -> None:
    with serving("--seed", "7", "--scenario", "quiet") as server:
        terminal = console(server)
        terminal.wait_for(r"● live")
    with terminal:
        before = terminal.text.splitlines()[3].partition("│")[0].rstrip()
        terminal.press("R")
        terminal.wait_for(r"stale since \d\d:\d\d")
        assert before in terminal.text, "the last good state stays"
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_a_wrong_key_is_said_in_plain_words(server: Served) -> None:
    wrong = Served(server.base_url, "aok_" + "0" * 64, server.pid)
    with console(wrong) as terminal:
        terminal.wait_for(r"(?i)stopped.*key")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
