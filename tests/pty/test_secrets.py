"""A planted key and the signatures of links, looked for in every byte that a life of the program leaves."""

import base64
import hashlib
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.program import BARE, ask_sandbox, call, command
from tests.cli.test_starting import children_of
from tests.pty.terminal import Terminal
from tests.pty.test_hold import move_to_clean
from tests.pty.test_story import submission
from tests.wire import Served, serving

pytestmark = pytest.mark.pty

TALKATIVE = """
import logging, sys
from review_tui.cli.main import main
from review_tui.ui.app import ReviewApp

for name in ("httpx", "httpcore", "asyncio"):
    logging.getLogger(name).setLevel(logging.DEBUG)

def break_down(self):
    with open(sys.argv.pop(1)) as file:
        key = file.read().strip()
    held = {"Authorization": f"Bearer {key}"}
    raise LookupError(f"{held} is not {key!r} at http://127.0.0.1:1/x?expires=1&signature=abcdef0123456789")

ReviewApp.action_leave = break_down
sys.exit(main([]))
"""
"""The program with its network libraries as talkative as they can be, and a bug that tells all behind `q`."""


@pytest.fixture
def server() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "quiet", "--submissions", "40") as found:
        yield found


@pytest.fixture
def env(server: Served, tmp_path: Path) -> dict[str, str]:
    """An environment in which all that the program keeps is kept in one folder, the key's file beside it."""
    (tmp_path / "downloads").mkdir()
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text(server.api_key)
    return BARE | {
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "STEVE_BASE_URL": server.base_url,
        "STEVE_API_KEY_FILE": str(key),
        "REVIEW_TUI_STATE": str(tmp_path / "state"),
        "REVIEW_TUI_DOWNLOADS": str(tmp_path / "downloads"),
        "REVIEW_TUI_LOG": str(tmp_path / "log"),
        "TEXTUAL_LOG": str(tmp_path / "textual.log"),
        "REVIEW_TUI_HOLD": "0.3",
    }


def spellings(key: str) -> list[bytes]:
    """The key as it could be written: itself, its halves, packed, and the digest that signs webhooks."""
    secret = key.removeprefix("aok_")
    packed = (base64.b64encode(text.encode()).rstrip(b"=") for text in (key, f"Bearer {key}"))
    digest = hashlib.sha256(key.encode()).hexdigest()
    return [*(part.encode() for part in (secret[:16], secret[20:40], secret[-16:], digest)), *packed]


def found(key: str, places: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """Where any spelling of the key stands."""
    return [(place, text) for place, data in places.items() for text in spellings(key) if text in data]


def left_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, its name among its bytes; the key's own is left out."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "key"]
    return {str(path): str(path).encode() + path.read_bytes() for path in files}


def seen_by_others(pid: int) -> dict[str, bytes]:
    """What the kernel tells others of a process."""
    folder = Path("/proc", str(pid))
    return {name: (folder / name).read_bytes() for name in ("cmdline", "comm", "environ", "limits")}


def clear_faults(server: Served) -> None:
    request = urllib.request.Request(f"{server.base_url}/sandbox/faults", method="DELETE")
    urllib.request.urlopen(request, timeout=10).close()


def download_a_file(terminal: Terminal) -> None:
    for _ in range(8):
        terminal.press("tab", pause=0.2)
        if "▸Files" in terminal.text:
            break
    terminal.press("o")
    terminal.wait_for(r"saved as")


def test_a_life_of_the_console_leaves_no_key_anywhere(
    server: Served, env: dict[str, str], tmp_path: Path
) -> None:
    program = [sys.executable, "-c", TALKATIVE, env["STEVE_API_KEY_FILE"]]
    with Terminal(program, env, columns=140, lines=40) as terminal:
        id_ = move_to_clean(terminal)
        terminal.wait_for(rf"aok_…{server.api_key[-4:]} from file")
        download_a_file(terminal)
        terminal.press("h", "a", pause=0.3)
        terminal.wait_for(r"\d\d:\d\d Approved")
        ask_sandbox(server, "faults", {"kind": "status", "value": "401", "method": "GET", "times": 50})
        terminal.press("R")
        terminal.wait_for(r"stopped: The key is not accepted")
        clear_faults(server)
        terminal.press("R")
        terminal.wait_for(r"● live")
        others_see = seen_by_others(terminal.pid)
        terminal.press("q")
        assert terminal.wait_for_exit() == 1
    assert submission(server, id_)["submissionStatus"] in {"approved", "synced"}

    assert (tmp_path / "log").stat().st_mode & 0o077 == 0
    log = (tmp_path / "log").read_text()
    assert log.count("HTTP Request: GET") > 5, "the network library was to be talkative"
    assert "unexpected" in bytes(terminal.raw).decode()
    assert "LookupError: {'Authorization': 'Bearer …'} is not 'aok_…' at http://127.0.0.1:1/x?…" in log
    assert re.search(r"GET http://\S+/files/\S*\?… ", log), "the download was to be logged"
    assert "signature" not in log
    assert re.search(rb"Max core file size +0 +0 ", others_see["limits"])
    assert (tmp_path / "textual.log").stat().st_size > 0
    assert any((tmp_path / "downloads").iterdir())
    assert any((tmp_path / "state").iterdir())
    assert found(server.api_key, left_in(tmp_path) | others_see | {"terminal": bytes(terminal.raw)}) == []


def test_the_verbs_print_and_keep_no_key(server: Served, env: dict[str, str], tmp_path: Path) -> None:
    said: dict[str, bytes] = {}

    def run(*arguments: str, code: int = 0, **changed: str) -> str:
        ended = call(*arguments, env=env | changed)
        said[f"{arguments} {len(said)}"] = f"{ended.out}{ended.err}".encode()
        assert ended.code == code, ended.err
        return ended.out

    listed = run("submissions", "list", "--json")
    id_ = re.findall(r'"id": ?"(\w+)"', listed)[0]
    run("submissions", "show", id_, "--json")
    run("submissions", "cancel", id_, "--json")
    run("audit", "export", "--out", str(tmp_path / "audit.jsonl"))
    run("audit", "export", "--format", "csv")
    run("audit", "verify", "--json")
    run("outbox", "list", "--json")
    ask_sandbox(server, "faults", {"kind": "status", "value": "401", "method": "GET"})
    run("submissions", "list", "--json", code=5)
    run("submissions", "list", code=7, STEVE_BASE_URL="http://127.0.0.1:1")
    run("submissions", "list", "--key", server.api_key, code=2)
    run("submissions", "list", code=2, STEVE_API_KEY=f"{server.api_key} ")
    assert found(server.api_key, left_in(tmp_path) | said) == []


def test_a_refused_key_is_told_with_the_place_it_came_from(
    server: Served, env: dict[str, str], tmp_path: Path
) -> None:
    wrong = "aok_" + "0123456789abcdef" * 4
    (tmp_path / "key").write_text(wrong)
    env["STEVE_API_KEY_FILE"] = "key"
    with Terminal(
        ["/bin/sh", "-c", f"cd '{tmp_path}' && exec {sys.executable} -m review_tui"], env
    ) as terminal:
        terminal.wait_for(r"The key is not accepted")
        terminal.wait_for(r"This API key is not known\. Check key\.")
        terminal.wait_for(r"aok_…cdef from file")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert found(wrong, {"terminal": bytes(terminal.raw)}) == []


def test_the_sandbox_beside_a_demo_inherits_no_key(server: Served, env: dict[str, str]) -> None:
    with Terminal(
        command("demo", "--scenario", "empty"), env | {"STEVE_API_KEY": server.api_key}
    ) as terminal:
        terminal.wait_for(r"Nothing to review", 30)
        (child,) = children_of(terminal.pid)
        inherited = seen_by_others(child)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert b"STEVE_BASE_URL" in inherited["environ"]
    assert found(server.api_key, inherited | {"terminal": bytes(terminal.raw)}) == []


def test_the_kernel_alone_still_shows_a_key_from_the_environment(server: Served, env: dict[str, str]) -> None:
    with Terminal(command(), env | {"STEVE_API_KEY": server.api_key}) as terminal:
        terminal.wait_for(r"● live")
        others_see = seen_by_others(terminal.pid)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_for_exit() == 128 + signal.SIGTERM
    assert {place for place, _ in found(server.api_key, others_see)} == {"environ"}
