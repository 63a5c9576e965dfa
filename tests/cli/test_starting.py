"""Starting: what each command loads, and that a demo leaves nothing running."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from review_tui.cli.exits import Exit, exit_of, exit_of_standing
from review_tui.cli.printing import json_text
from review_tui.cli.worlds import NotServed, sandbox_beside, watch_from_the_start
from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import System
from review_tui.model.submissions import Verb
from review_tui.model.watching import Course
from review_tui.store.journal import Store
from tests.cli.program import BARE, command, environment_of, run
from tests.pty.terminal import Terminal
from tests.wire import NOON, ROOT, Served

DRAWING = {"textual", "rich"}
SERVING = {"starlette", "uvicorn", "PIL"}


def loaded_by(*arguments: str, served: Served) -> set[str]:
    """Return the packages that a command loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "review_tui", *arguments],
        cwd=ROOT,
        env=BARE | {"STEVE_BASE_URL": served.base_url, "STEVE_API_KEY": served.api_key},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    names = (line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line)
    return {name.partition(".")[0] for name in names}


def test_a_command_loads_only_what_it_needs(served: Served) -> None:
    listing = loaded_by("submissions", "list", served=served)
    assert "httpx" in listing
    assert not listing & (DRAWING | SERVING)
    assert not loaded_by("--version", served=served) & (DRAWING | SERVING | {"httpx"})
    assert not loaded_by("sandbox", "--scenario", "none", served=served) & (DRAWING | {"httpx"})


def test_the_console_does_not_load_what_serves() -> None:
    code = "import sys, review_tui.cli.console; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & SERVING


@pytest.mark.parametrize("arguments", [[], ["demo"]])
def test_without_a_terminal_no_console_opens(arguments: list[str], served: Served) -> None:
    ended = run(*arguments, env=environment_of(served))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "review-tui: the console needs a terminal; see review-tui --help for the rest\n"


def test_the_version_is_told() -> None:
    assert run("--version").out.startswith("review-tui ")


def test_help_names_settings_and_exit_codes() -> None:
    words = " ".join(run("--help").out.split())
    assert "STEVE_BASE_URL" in words
    assert "8 outcome unknown" in words


def test_a_sandbox_prints_one_line_and_ends_with_its_input() -> None:
    process = subprocess.Popen(
        command("sandbox", "--scenario", "empty", "--exit-with-stdin"),
        cwd=ROOT,
        env=BARE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = process.communicate(b"", timeout=30)
    assert process.returncode == 0, err
    lines = out.splitlines()
    if lines:  # its input may have ended before it was ready
        assert json.loads(lines[0]).keys() == {"base_url", "api_key", "jobs", "pulse", "unsiloed"}
    assert len(lines) <= 1


def world(**changed: object) -> argparse.Namespace:
    return argparse.Namespace(**({"seed": 7, "scenario": "empty", "submissions": None} | changed))


def test_the_sandbox_beside_a_demo_ends_with_it() -> None:
    with sandbox_beside(world()) as ready:
        found = ready()
        assert found.base_url.startswith("http://127.0.0.1:")
        assert found.api_key.revealed().startswith("aok_")
        assert found.systems[System.PULSE].base_url == f"{found.base_url}/pulse"
        assert found.systems[System.UNSILOED].api_key.revealed().startswith("unsiloed_")
        (child,) = children_of(os.getpid())
    assert not is_running(child)


def test_a_sandbox_that_does_not_start_is_said_in_its_own_words() -> None:
    with (
        pytest.raises(NotServed, match="no scenario 'none'"),
        sandbox_beside(world(scenario="none")) as ready,
    ):
        ready()


def test_the_console_on_a_demo_watches_jobs_of_all_three_systems_from_its_start(tmp_path: Path) -> None:
    with sandbox_beside(world(scenario="quiet")) as ready:
        found = ready()
    watch_from_the_start(store := tmp_path / "state" / "demo.db", found.jobs)
    with closing(Store.open(store)) as opened:
        watched = opened.watched_jobs()
    assert {one.key.system for one in watched} == {*System}
    assert [one.key for one in reversed(watched)] == list(found.jobs)
    assert all(one.course is Course.WATCHED for one in watched)


def children_of(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    own = [int(row[0]) for row in rows if int(row[1]) == pid and not row[2].startswith("Z")]
    return [child for child in own if is_sandbox(child)]


def is_sandbox(pid: int) -> bool:
    listed = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return "sandbox" in listed.stdout


def is_running(pid: int) -> bool:
    listed = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def gone_within(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while is_running(pid):
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.pty
def test_a_demo_opens_the_console_and_q_ends_both() -> None:
    with Terminal(
        command("demo", "--scenario", "quiet", "--seed", "7"), BARE | {"TERM": "xterm-256color"}
    ) as demo:
        demo.wait_for(r"● review|review\b.*(clean|flagged)", 30)
        (child,) = children_of(demo.pid)
        demo.press("q")
        assert demo.wait_for_exit(10) == 0
        assert demo.modes_left_on() == {}
    assert gone_within(child, 5)


@pytest.mark.pty
def test_a_demo_killed_outright_leaves_nothing_running() -> None:
    with Terminal(command("demo", "--scenario", "empty"), BARE | {"TERM": "xterm-256color"}) as demo:
        demo.wait_for(r"Nothing to review", 30)
        (child,) = children_of(demo.pid)
        demo.signal(signal.SIGKILL)
        assert demo.wait_for_exit(5) == 137
    assert gone_within(child, 10)


def test_every_failure_has_its_exit_code() -> None:
    for kind in FailureKind:
        assert exit_of(Failure(kind, "it failed")) is not Exit.OK


@pytest.mark.parametrize(
    ("stage", "kind", "code"),
    [
        (Stage.DONE, None, 0),
        (Stage.DONE, FailureKind.NO_ANSWER, 0),
        (Stage.ELSEWHERE, FailureKind.CONFLICT, 4),
        (Stage.REFUSED, None, 4),
        (Stage.REFUSED, FailureKind.CONFLICT, 4),
        (Stage.REFUSED, FailureKind.LIMITED, 6),
        (Stage.REFUSED, FailureKind.FORBIDDEN, 5),
        (Stage.UNSENT, FailureKind.NOT_SENT, 7),
        (Stage.NOT_DONE, FailureKind.SERVER, 7),
        (Stage.UNKNOWN, FailureKind.NO_ANSWER, 8),
    ],
)
def test_every_end_of_a_decision_has_its_exit_code(stage: Stage, kind: FailureKind | None, code: int) -> None:
    failure = Failure(kind, "it failed") if kind else None
    assert exit_of_standing(Standing(Intent(Verb.APPROVE, "s", NOON), stage, "words", failure)) == code


def test_json_is_printable_ascii_with_every_digit() -> None:
    from decimal import Decimal

    value = {"a\x7f": [Decimal("18.40"), Decimal("1E+30"), Decimal("NaN"), None, True, "\x1b]0;x\x07\u202e"]}
    text = json_text(value)
    assert text.isascii()
    assert text.isprintable()
    assert "18.40" in text
    back = json.loads(text, parse_float=Decimal)
    assert back["a\x7f"] == [Decimal("18.40"), Decimal("1E+30"), None, None, True, "\x1b]0;x\x07\u202e"]
