"""Jobs in a real terminal: one of each system is watched, one needs review, is opened and approved."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from review_tui.ui.terminal.guard import WARY
from tests.pty.terminal import Terminal
from tests.pty.test_story import PROGRAM, ask, submission
from tests.wire import Served, serving

pytestmark = pytest.mark.pty


@pytest.fixture
def server() -> Iterator[Served]:
    """A sandbox in which nothing happens but what the console does."""
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


def by_hand(server: Served, path: str, **fields: object) -> Any:
    """Make or move a job."""
    body = json.dumps(fields).encode()
    request = urllib.request.Request(
        f"{server.base_url}/sandbox/{path}", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)["data"]


def clean_one(server: Served) -> Any:
    """A submission that can be approved, and is not the first one."""
    listed = ask(server, "/api/v1/submissions?status=review&fraudStatus=clean&limit=5")["data"]
    return submission(server, listed[2]["id"])


def test_one_job_of_each_system_is_watched_and_the_one_that_needs_review_is_approved(
    server: Served, tmp_path: Path
) -> None:
    wanted = clean_one(server)
    running = by_hand(server, "jobs", system="pulse", state="running")["id"]
    done = by_hand(server, "jobs", system="unsiloed", state="completed", operation="parse")["id"]
    env = server.environment | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "REVIEW_TUI_HOLD": "0"}
    with Terminal(PROGRAM, env | {"REVIEW_TUI_STATE": str(tmp_path)}, columns=140, lines=40) as terminal:
        terminal.wait_for(r"● live")
        terminal.press("J")
        terminal.wait_for(r"Nothing is watched yet")
        terminal.press("+")
        terminal.wait_for(r"Watch jobs")
        terminal.press(f"\x1b[200~{wanted['sessionId']}\n{running} {done}\x1b[201~", pause=WARY + 0.2)
        terminal.wait_for(r"3 ids: 1 Steve, 1 Pulse, 1 Unsiloed")
        terminal.press("enter")
        terminal.wait_for(r"▲ needs review Steve")
        terminal.wait_for(r"● running      Pulse")
        terminal.wait_for(r"✓ done         Unsiloed parse")
        by_hand(server, f"jobs/{running}", state="completed")
        terminal.wait_for(r"✓ done         Pulse")
        terminal.press("m")
        terminal.wait_for(r"Enter opens the submission")
        terminal.press("enter")
        terminal.wait_for(rf"opened from the job {wanted['sessionId']}")
        terminal.wait_for(rf"{wanted['id']} · (?!handed)")
        terminal.wait_for(r"▲ 1 job needs somebody: J")
        terminal.press("a")
        terminal.wait_for(r"\d\d:\d\d Approved")
        assert submission(server, wanted["id"])["submissionStatus"] in {"approved", "synced"}
        terminal.wait_until_gone(r"needs somebody")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.modes_left_on() == {}
