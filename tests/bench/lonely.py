"""What is measured of the console alone: at rest, deciding, losing its terminal, flooded with input."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from review_tui.ui.terminal.guard import WARY
from tests.bench.processes import processor_seconds
from tests.bench.programs import Program
from tests.bench.sessions import share
from tests.bench.watched import Watched
from tests.bench.world import World

FLOOD: Final = 5_000_000
"""Bytes of a paste that nobody wants."""

_SHOWN: Final = r"[│ ]([a-v0-9]{32}) · "
_SETTLED: Final = 3.0
_LOOK: Final = 1.0
_BELIEVED: Final = WARY + 0.1
"""Seconds after which a lone key is believed also where a busy machine took what was typed for a paste."""
_BUSY: Final = 0.1
"""Part of a processor above which a program is at work."""

_OWN_PATH: Final = "/api/v1/submissions/"


def resting(program: Program, env: Mapping[str, str], world: World, seconds: float) -> dict[str, float]:
    """Return bytes, processor time and requests of a minute in which nobody presses a key."""
    with Watched(program.command, {**env, **program.env}) as terminal:
        terminal.started(program.ready)
        terminal.wait_for(program.loaded, 120)
        terminal.read(_SETTLED)
        written, used, asked = len(terminal.raw), processor_seconds(terminal.pid), len(world.requests())
        begins = time.monotonic()
        terminal.read(seconds)
        minutes = (time.monotonic() - begins) / 60
        figures = {
            "rest.bytes": (len(terminal.raw) - written) / minutes,
            "rest.cpu": (processor_seconds(terminal.pid) - used) / minutes,
            "rest.requests": (len(world.requests()) - asked) / minutes,
        }
        terminal.left(program.leave)
    return figures


def paused(program: Program, env: Mapping[str, str], seconds: float) -> dict[str, float]:
    """Return bytes and processor time of a minute in which the console does not even ask the server."""
    with Watched(program.command, {**env, **program.env}) as terminal:
        terminal.started(program.ready)
        terminal.wait_for(program.loaded, 120)
        terminal.strike(b"\x10")
        terminal.type("stop asking")
        terminal.read(_BELIEVED)
        terminal.strike(b"\r", quiet=0.3)
        terminal.wait_for("‖ paused")
        terminal.read(_SETTLED)
        written, used = len(terminal.raw), processor_seconds(terminal.pid)
        terminal.read(seconds)
        figures = {
            "paused.bytes": (len(terminal.raw) - written) * 60 / seconds,
            "paused.cpu": (processor_seconds(terminal.pid) - used) * 60 / seconds,
        }
        terminal.left(program.leave)
    return figures


def deciding(program: Program, env: Mapping[str, str], world: World) -> dict[str, float]:
    """Return the requests of one approval, from the key until the server's own value is back."""
    with Watched(program.command, {**env, **program.env, "REVIEW_TUI_HOLD": "0"}) as terminal:
        terminal.started(program.ready)
        terminal.strike(b"/")
        terminal.type("fraud:clean")
        terminal.read(_BELIEVED)
        terminal.strike(b"\r", quiet=1.0)
        terminal.strike(b"g", quiet=_SETTLED)
        chosen = terminal.wait_for(_SHOWN)[1]
        before = len(world.requests())
        terminal.strike(b"a", quiet=_SETTLED)
        seen = [
            request["method"]
            for request in world.requests()[before:]
            if request["path"].startswith(_OWN_PATH + chosen)
        ]
        assert "POST" in seen, f"nothing was decided:\n{terminal.text}"
        terminal.left(program.leave)
    return {"decision.reads": seen.count("GET"), "decision.writes": seen.count("POST")}


def bereft(program: Program, env: Mapping[str, str]) -> dict[str, float]:
    """Return the seconds until the console has ended whose terminal has gone and which hears no hangup."""
    deaf = ("sh", "-c", 'trap "" HUP; exec "$0" "$@"', *program.command)
    with Watched(deaf, {**env, **program.env}) as terminal:
        terminal.started(program.ready)
        return {"bereft.ended": terminal.vanished()}


def flooded(program: Program, env: Mapping[str, str], folder: Path, keys: int) -> dict[str, float]:
    """Return how late the event loop was while a great paste and so many keys came, in seconds."""
    told = folder / "lateness.json"
    command = (program.command[0], "-m", "tests.bench.lateness", str(told), *program.command[3:])
    with Watched(command, {**env, **program.env}) as terminal:
        terminal.started(program.ready)
        terminal.pour(b"\x1b[200~" + b"paste " * (FLOOD // 6) + b"\x1b[201~")
        terminal.pour(b"j" * keys)
        _until_at_rest(terminal)
        terminal.left(program.leave, seconds=20)
    late = json.loads(told.read_text())
    return {"late.p99": share(late, 0.99), "late.most": max(late)}


def _until_at_rest(terminal: Watched, seconds: float = 120.0) -> None:
    """Wait until the program has worked off what it was sent."""
    end = time.monotonic() + seconds
    used = -1.0
    while processor_seconds(terminal.pid) - used > _BUSY * _LOOK and time.monotonic() < end:
        used = processor_seconds(terminal.pid)
        terminal.read(_LOOK)
