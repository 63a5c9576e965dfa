"""The commands on jobs, asked of a served sandbox with jobs that are moved by hand."""

import json
import urllib.request
from typing import Any

from tests.cli.program import Ended, ask_sandbox, call, environment_of
from tests.wire import Served


def environment(world: Served, **changed: str) -> dict[str, str]:
    """The environment with the keys of all three systems; an empty setting takes one away."""
    others = {
        name: value for name, value in world.environment.items() if name.startswith(("PULSE_", "UNSILOED_"))
    }
    return environment_of(world) | others | changed


def jobs(world: Served, *arguments: str, **changed: str) -> Ended:
    """Go through the door with `jobs …`."""
    return call("jobs", *arguments, env=environment(world, **changed))


def make(world: Served, system: str, **fields: Any) -> str:
    """Make a job; returns its id."""
    return str(ask_sandbox(world, "jobs", {"system": system, **fields})["data"]["id"])


def change(world: Served, job_id: str, **fields: Any) -> None:
    """Move a job by hand."""
    ask_sandbox(world, f"jobs/{job_id}", fields)


def switch(world: Served, **positions: Any) -> None:
    """Let the systems answer in another way from now on."""
    ask_sandbox(world, "switches", positions)


def breaks(world: Served, kind: str, path: str, **more: Any) -> None:
    """Let the next such request go wrong."""
    ask_sandbox(world, "faults", {"kind": kind, "path": path, **more})


def seen(world: Served, part: str) -> list[Any]:
    """The requests since the last `clear` whose path has a part, oldest first."""
    with urllib.request.urlopen(f"{world.base_url}/sandbox/requests", timeout=10) as answer:
        told = json.load(answer)["data"]
    return sorted((one for one in told if part in one["path"]), key=lambda one: str(one.get("at", "")))
