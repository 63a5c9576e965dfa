"""The sandbox as a program: one line when ready, a clean end, and nothing acknowledged is ever lost."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from review_tui.sandbox.app import create_app
from review_tui.sandbox.database import Database
from review_tui.sandbox.state import SandboxSettings
from tests.wire import ROOT

LIST = "/api/v1/submissions"
KILLS = int(os.environ.get("SANDBOX_KILLS", "5"))


@contextmanager
def program(*arguments: str, stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    """The sandbox in a process of its own, surely gone afterwards."""
    with subprocess.Popen(
        [sys.executable, "-m", "review_tui.sandbox", *arguments],
        cwd=ROOT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ready(process: subprocess.Popen[str]) -> tuple[http.client.HTTPConnection, dict[str, str]]:
    """A connection to it and the headers that open it."""
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    assert set(told) == {"base_url", "api_key", "jobs", "pulse", "unsiloed"}
    host = told["base_url"].removeprefix("http://")
    assert host.startswith("127.0.0.1:")
    headers = {"Authorization": f"Bearer {told['api_key']}", "Content-Type": "application/json"}
    return http.client.HTTPConnection(host, timeout=10), headers


def ask(
    connection: http.client.HTTPConnection,
    headers: dict[str, str],
    method: str,
    path: str,
    body: object = None,
) -> tuple[int, Any]:
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with program("--scenario", "quiet") as process:
        connection, headers = ready(process)
        assert ask(connection, headers, "GET", f"{LIST}?limit=1")[0] == 200
        assert list(tmp_path.iterdir()), "its temporary database"
        process.send_signal(number)
        out, errors = process.communicate(timeout=10)
        connection.close()
    assert process.returncode == 128 + number
    assert (out, errors) == ("", ""), "one line on stdout, a quiet log"
    assert list(tmp_path.iterdir()) == []


def test_a_signal_while_its_world_is_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with program("--scenario", "busy", "--submissions", "20000") as process:
        ends = time.monotonic() + 20
        # Its own folder: tempfile tries with a file of another name whether it may write there at all.
        while not list(tmp_path.glob("review-sandbox-*")) and time.monotonic() < ends:
            time.sleep(0.01)
        process.terminate()
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out, errors) == (128 + signal.SIGTERM, "", "")
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_its_parents_stdin() -> None:
    with program("--scenario", "empty", "--exit-with-stdin", stdin=subprocess.PIPE) as process:
        connection, headers = ready(process)
        assert ask(connection, headers, "GET", LIST)[0] == 200
        connection.close()
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(10) == 0


def test_a_taken_port_is_a_sentence_and_an_exit_code() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with program("--scenario", "empty", "--port", str(taken.getsockname()[1])) as process:
            out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert "Traceback" not in errors
    assert "in use" in errors


def test_an_unknown_scenario_is_a_sentence_that_names_the_known_ones() -> None:
    with program("--scenario", "bedlam") as process:
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (2, "")
    assert "Traceback" not in errors
    assert "busy" in errors


def test_a_file_that_is_no_database_is_a_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    diary = tmp_path / "diary.txt"
    diary.write_text("Dear diary, " * 100)
    with program("--db", str(diary)) as process:
        out, errors = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert "Traceback" not in errors
    assert "not a database" in errors
    assert diary.read_text() == "Dear diary, " * 100


def test_over_a_socket_connections_drop_and_bodies_end_early() -> None:
    with program("--scenario", "quiet") as process:
        connection, headers = ready(process)
        _, page = ask(connection, headers, "GET", f"{LIST}?status=review&fraudStatus=clean&limit=2")
        first, second = (item["id"] for item in page["data"])
        for fault, identifier, status in (("drop", first, "review"), ("drop;after", second, "approved")):
            with pytest.raises(http.client.RemoteDisconnected):
                ask(connection, {**headers, "X-Sandbox-Fault": fault}, "POST", f"{LIST}/{identifier}/approve")
            connection.close()
            _, told = ask(connection, headers, "GET", f"{LIST}/{identifier}")
            assert told["data"]["submissionStatus"] == status
        with pytest.raises(http.client.IncompleteRead):
            ask(connection, {**headers, "X-Sandbox-Fault": "cut_off"}, "GET", f"{LIST}/{first}")
        connection.close()
        _, seen = ask(connection, headers, "GET", "/sandbox/requests")
        assert [one["status"] for one in seen["data"] if one["fault"]] == [None, None, None]
        connection.close()
        process.terminate()
        assert process.communicate(timeout=10)[1] == "", "a fault is no error of the server"


def test_an_answer_does_not_wait_for_an_acknowledgement() -> None:
    """Head and body leave in two writes; with Nagle's algorithm the second waits 40 ms."""
    with program("--scenario", "empty") as process:
        connection, headers = ready(process)
        took = []
        for _ in range(30):
            start = time.perf_counter()
            ask(connection, headers, "GET", LIST)
            took.append(time.perf_counter() - start)
        connection.close()
    assert sorted(took[10:])[4] < 0.03, "on a busy machine others wait too, but not all"


def test_an_oversized_body_is_refused_over_a_socket() -> None:
    with program("--scenario", "empty") as process:
        connection, headers = ready(process)
        status, told = ask(connection, headers, "POST", f"{LIST}/x/reject", {"reason": "x" * 3_000_000})
        connection.close()
    assert (status, told["status"]) == (413, 413)


def test_a_world_whose_making_was_killed_is_made_once_at_the_next_start(tmp_path: Path) -> None:
    db, many = tmp_path / "world.db", 3000
    with program("--scenario", "flood", "--submissions", str(many), "--db", str(db)) as process:
        deadline = time.monotonic() + 60
        while not db.exists() or not db.stat().st_size:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
        assert process.stdout is not None
        assert process.stdout.read() == ""  # it was not ready
    for _ in range(2):
        app = create_app(SandboxSettings(db=db, scenario="flood", submissions=many))
        with app.state.sandbox.database.read() as tx:
            assert tx.execute("SELECT count(*) FROM submissions").fetchone()[0] == many
            assert tx.execute("SELECT count(DISTINCT id) FROM workflows").fetchone()[0] == 3
            assert tx.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        app.state.sandbox.close()


def test_what_was_acknowledged_outlives_kill_9(tmp_path: Path) -> None:
    """Decide until the server is killed in the middle; every 200 that arrived is in the file."""
    db = tmp_path / "world.db"
    many = str(120 + 40 * KILLS)
    acknowledged: dict[str, str] = {}
    for number in range(KILLS):
        with program("--scenario", "quiet", "--submissions", many, "--db", str(db)) as process:
            connection, headers = ready(process)
            ask(connection, headers, "POST", "/sandbox/clear")
            _, page = ask(connection, headers, "GET", f"{LIST}?status=review&limit=100")
            killer = threading.Timer(0.001 * (number % 15), process.kill)
            for item in page["data"]:
                verb = "reject" if len(acknowledged) % 2 else "cancel"
                path = f"{LIST}/{item['id']}/{verb}"
                try:
                    status, told = ask(connection, headers, "POST", path, {"reason": "Seen"})
                except (OSError, http.client.HTTPException):
                    break
                assert status == 200
                acknowledged[told["data"]["id"]] = told["data"]["submissionStatus"]
                if killer.ident is None:
                    killer.start()
            else:
                raise AssertionError("everything was written before the kill came")
            killer.join()
            connection.close()
            assert process.wait(10) == -signal.SIGKILL
    assert len(acknowledged) >= KILLS
    database = Database(db)
    with database.read() as tx:
        assert tx.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        kept = {row["id"]: row["status"] for row in tx.execute("SELECT id, status FROM submissions")}
        told_of = {
            row["submission_id"]: row["type"].strip('"')
            for row in tx.execute(
                "SELECT submission_id, type FROM events WHERE type IN ('\"rejected\"', '\"cancelled\"')"
            )
        }
    database.close()
    assert {identifier: kept[identifier] for identifier in acknowledged} == acknowledged
    assert {identifier: told_of[identifier] for identifier in acknowledged} == acknowledged
