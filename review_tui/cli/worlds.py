"""Made-up companies: the sandbox served alone, and the demo that opens the console on one."""

import argparse
import contextlib
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Final

from review_tui.model.frozen import frozen
from review_tui.model.jobs import JobKey, System
from review_tui.model.preferences import Preferences
from review_tui.model.secret import Secret
from review_tui.model.text import clean
from review_tui.model.watching import Watched
from review_tui.settings.environment import Settings, downloads_of
from review_tui.settings.systems import OTHERS, Access
from review_tui.store.errors import NotKept
from review_tui.store.journal import Store
from review_tui.workers.clock import RealClock

READY_WITHIN: Final = 300.0
"""Seconds that a world may take to be made; a flood of 100,000 takes longest."""

_PATIENCE: Final = 3.0
_EXTRA: Final = "needs more packages: pip install 'review-tui[sandbox]'"


class NotServed(Exception):  # noqa: N818 – it is the sandbox that is not served
    """The sandbox did not come up; its text is one clean line."""


@frozen
class World:
    """A sandbox that is ready: how its three systems are reached, and the jobs that are worth watching."""

    base_url: str
    api_key: Secret
    systems: Mapping[System, Access]
    jobs: tuple[JobKey, ...]


def serve(given: argparse.Namespace) -> int:
    """Serve a sandbox until it is ended; return its exit code."""
    if (why := why_not_served(given.scenario)) is not None:
        print(f"review-tui sandbox: {why}", file=sys.stderr)
        return 2
    from review_tui.sandbox.serve import main

    return main(
        port=given.port,
        seed=given.seed,
        submissions=given.submissions,
        scenario=given.scenario,
        db=given.db,
        exit_with_stdin=given.exit_with_stdin,
    )


def why_not_served(scenario: str) -> str | None:
    """Say why no sandbox can be served: packages that are missing, a scenario that is not known."""
    if any(find_spec(name) is None for name in ("starlette", "uvicorn", "PIL")):
        return _EXTRA
    from review_tui.sandbox.scenarios import SCENARIOS

    if scenario not in SCENARIOS:
        return f"no scenario {clean(scenario, cap=60)!r}; there are {', '.join(SCENARIOS)}"
    return None


def demo(given: argparse.Namespace, preferences: Preferences) -> int:
    """Open the console on a sandbox of its own; end both; return the console's exit code.

    What a profile says of a server does not hold here.
    """
    if any(find_spec(name) is None for name in ("starlette", "uvicorn", "PIL")):
        print(f"review-tui demo: {_EXTRA}", file=sys.stderr)
        return 2
    try:
        with sandbox_beside(given) as ready, tempfile.TemporaryDirectory() as folder:
            # Loaded while the sandbox makes its world: the two together would take twice as long.
            from review_tui.cli.console import open_console

            world = ready()
            settings = Settings(
                base_url=world.base_url,
                api_key=world.api_key,
                downloads=downloads_of(os.environ),
                state=Path(folder) / "state",
                systems=world.systems,
            )
            with contextlib.suppress(NotKept):  # the console says so
                watch_from_the_start(settings.store_path, world.jobs)
            looks = replace(preferences, profile="", banner="", read_only=False)
            return open_console(settings, looks, stock_driver=given.driver == "stock")
    except NotServed as error:
        print(f"review-tui demo: {error}", file=sys.stderr)
        return 1


def watch_from_the_start(store: Path, jobs: Sequence[JobKey]) -> None:
    """Let a console that opens on `store` watch these jobs, the first on top, as if an earlier one had.

    Steve and Pulse have no lists: nobody would come upon their jobs. Raises NotKept.
    """
    now = RealClock().now()
    with closing(Store.open(store)) as opened:
        opened.keep_jobs(Watched(key, now - timedelta(milliseconds=at)) for at, key in enumerate(jobs))


@contextmanager
def sandbox_beside(given: argparse.Namespace) -> Iterator[Callable[[], World]]:
    """Run a sandbox as a child that cannot outlive us: it ends when our end of its input closes.

    Gives a function that waits until it is ready and returns how it is reached; raises NotServed.
    """
    command = [sys.executable, "-m", "review_tui", "sandbox", "--exit-with-stdin"]
    command += ["--seed", str(given.seed), "--scenario", given.scenario]
    if given.submissions is not None:
        command += ["--submissions", str(given.submissions)]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 – our own interpreter and words
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, start_new_session=True
        )
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            output = child.stdout
            yield lambda: _ready(child, output, said)
        finally:
            with contextlib.suppress(OSError):
                child.stdin.close()
            _ended(child)
            child.stdout.close()


def _ready(child: subprocess.Popen[bytes], output: IO[bytes], said: IO[bytes]) -> World:
    deadline = time.monotonic() + READY_WITHIN
    line = b""
    while not line.endswith(b"\n"):
        left = max(0.0, deadline - time.monotonic())
        if not select.select([output], [], [], left)[0]:
            raise NotServed(f"the sandbox was not ready within {READY_WITHIN:.0f} s")
        piece = os.read(output.fileno(), 65_536)
        if not piece:
            child.wait()
            said.seek(0)
            last = said.read().decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise NotServed(f"the sandbox ended: {clean(last[0], cap=300)}")
        line += piece
    return _world(json.loads(line))


def _world(ready: Mapping[str, Any]) -> World:
    others = {system: ready[system] for system in OTHERS}
    jobs = {System.STEVE: ready["jobs"], **{system: told["jobs"] for system, told in others.items()}}
    return World(
        ready["base_url"],
        Secret(ready["api_key"]),
        {
            system: Access(base_url=told["base_url"], api_key=Secret(told["api_key"]))
            for system, told in others.items()
        },
        tuple(JobKey(system, job_id) for system, ids in jobs.items() for job_id in ids),
    )


def _ended(child: subprocess.Popen[bytes]) -> None:
    """Wait for the child, whose input has ended; end it by signals if it does not end by itself."""
    for insist in (child.terminate, child.kill, lambda: None):
        try:
            child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            insist()
        else:
            return
