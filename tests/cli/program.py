"""The program as a shell runs it, and, for speed, the same door within this process."""

import atexit
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from review_tui.cli.main import main
from tests.wire import ROOT, Served

_STATE = tempfile.mkdtemp(prefix="review-tui-")
atexit.register(shutil.rmtree, _STATE, ignore_errors=True)

BARE = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("STEVE_", "REVIEW_TUI_"))},
    "REVIEW_TUI_CONFIG": os.devnull,
}
"""The environment without anything that was set up on this machine."""


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> Any:
        """Standard error as the one JSON object it holds."""
        return json.loads(self.err)


def command(*arguments: str) -> list[str]:
    """The program's command line."""
    return [sys.executable, "-m", "review_tui", *arguments]


def run(*arguments: str, env: Mapping[str, str] | None = None) -> Ended:
    """Run the program to its end."""
    done = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=BARE if env is None else dict(env),
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ended(done.returncode, done.stdout, done.stderr)


def call(*arguments: str, env: Mapping[str, str]) -> Ended:
    """Go through the door within this process: what a shell sees, without starting an interpreter."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    with patch.dict(os.environ, env, clear=True), redirect_stdout(out), redirect_stderr(err):
        try:
            code = int(main(arguments))
        except SystemExit as ended:  # the way argparse ends
            code = int(ended.code or 0)
    for stream in (out, err):
        stream.seek(0)
    said = err.read()
    assert "Traceback" not in said, said
    return Ended(code, out.read(), said)


def environment_of(served: Served) -> dict[str, str]:
    """The environment in which the program finds a sandbox, and nothing else of its own."""
    return BARE | {
        "STEVE_BASE_URL": served.base_url,
        "STEVE_API_KEY": served.api_key,
        "REVIEW_TUI_STATE": _STATE,
    }


def start(served: Served, *arguments: str) -> subprocess.Popen[bytes]:
    """Start the program on a sandbox, its output kept."""
    return subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=environment_of(served),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def ask_sandbox(served: Served, name: str, fields: object = None) -> Any:
    """Use one of the sandbox's own routes: POST `fields`, or GET where there are none."""
    request = urllib.request.Request(
        f"{served.base_url}/sandbox/{name}",
        data=None if fields is None else json.dumps(fields).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_until_faults_are_used(served: Served) -> None:
    """Wait until every scripted fault has met its request."""
    end = time.monotonic() + 20
    while ask_sandbox(served, "faults")["data"]:
        assert time.monotonic() < end, "the request never came"
        time.sleep(0.05)


def ask(world: Served, *arguments: str, **changed: str) -> Ended:
    """Go through the door to a served sandbox, with settings changed where named."""
    return call(*arguments, env=environment_of(world) | changed)


def one(world: Served, *, open_matches: bool = False) -> str:
    """Return the id of a submission in review, with unresolved matches or without."""
    for row in ask(world, "submissions", "list", "--limit", "100", "--json").lines:
        if (row["fraudStatus"] == "flagged") is open_matches:
            return str(row["id"])
    raise AssertionError("the sandbox has none")


def breaks(world: Served, kind: str, method: str = "POST", **more: Any) -> None:
    """Let the next such request go wrong; the uploads that go on in this world are none such."""
    path = "/api/v1/submissions*"
    ask_sandbox(world, "faults", {"kind": kind, "method": method, "path": path} | more)
