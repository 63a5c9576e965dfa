"""One session with a program: it is started, moved in, resized and left, and each step is measured."""

import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import mean
from typing import Final

from tests.bench.processes import processor_seconds, resident_bytes
from tests.bench.programs import Program
from tests.bench.watched import Burst, Started, Watched, WatchedAfar

RATE: Final = 30
"""Times a second that a key repeats which is held down."""

BURST: Final = 50
"""Keys that come in one piece."""

LOADED_WITHIN: Final = 400.0


_TURNS: Final = 4
"""How often a key is pressed until it shows what it is to show."""


@dataclass(frozen=True)
class Doses:
    """How often each thing is done, and for how many seconds the others last."""

    keys: int = 20
    pages: int = 6
    held: float = 2.0
    far_keys: int = 6
    idle: float = 25.0
    flood: int = 20_000


@dataclass(frozen=True)
class Link:
    """A way between a program and its terminal: one way's latency in seconds, bits in a second."""

    name: str
    latency: float
    bandwidth: float

    @property
    def quiet(self) -> float:
        """After how long without a byte nothing more is to be expected."""
        return 4 * self.latency + 0.3


SLOW: Final = Link("slow", 0.05, 64_000)
LONG: Final = Link("long", 0.1, 1_000_000)


def share(values: Sequence[float], part: float) -> float:
    """Return what so large a part of all is at most, and no more of them than must be."""
    return sorted(values)[max(ceil(len(values) * part) - 1, 0)]


def nearby(program: Program, env: Mapping[str, str], doses: Doses) -> dict[str, float]:
    """Return the figures of a program in a terminal on the same machine."""
    with Watched(program.command, {**env, **program.env}, mute=program.mute) as terminal:
        figures = _of_start(terminal.started(program.ready, seconds=LOADED_WITHIN))
        loaded = terminal.wait_for(program.loaded, LOADED_WITHIN)
        figures["start.loaded"] = time.monotonic() - terminal.began
        if loaded.groups():
            figures["rows"] = int(re.sub(r"\D", "", loaded[1]))
        _prepare(terminal, program)
        figures["memory"] = resident_bytes(terminal.pid)
        before = processor_seconds(terminal.pid)
        bursts = [terminal.strike(program.following, quiet=program.quiet) for _ in range(doses.keys)]
        figures["key.cpu"] = (processor_seconds(terminal.pid) - before) / doses.keys
        figures |= _of_bursts("key", bursts)
        pages = [terminal.strike(program.page, quiet=program.quiet) for _ in range(doses.pages)]
        figures |= _of_bursts("page", pages)
        held = terminal.hold_down(program.following, rate=RATE, seconds=doses.held, quiet=0.3)
        figures["held.lag"] = max(held.last or 0.0, 0.0)
        burst = terminal.strike(program.following * BURST, quiet=0.3)
        figures |= _of_bursts("burst", [burst])
        for name, keys in program.views.items():
            bursts = [terminal.strike(bytes([key]), quiet=0.5) for key in keys]
            figures |= _of_bursts(name, bursts[-1:])
        sizes = [terminal.resized(100, 30), terminal.resized(120, 40)]
        figures |= _of_bursts("resize", sizes)
        restored, left_on = terminal.left(program.leave)
    return figures | {"exit.restored": restored, "exit.left on": left_on}


def afar(program: Program, env: Mapping[str, str], doses: Doses, link: Link) -> dict[str, float]:
    """Return the figures of a program at the other end of a link, their names beginning with the link's."""
    with WatchedAfar(
        program.command,
        {**env, **program.env, "SSH_CONNECTION": "there"},
        mute=program.mute,
        latency=link.latency,
        bandwidth=link.bandwidth,
    ) as terminal:
        started = terminal.started(program.ready, quiet=link.quiet, seconds=LOADED_WITHIN)
        terminal.wait_for(program.loaded, LOADED_WITHIN)
        _prepare(terminal, program, quiet=link.quiet)
        keys = [terminal.strike(program.following, quiet=link.quiet) for _ in range(doses.far_keys)]
        held = terminal.hold_down(program.following, rate=RATE, seconds=doses.held, quiet=link.quiet)
        terminal.press(program.leave.decode(), pause=0.0)
        terminal.wait_for_exit()
    figures = _of_start(started) | _of_bursts("key", keys) | {"held.lag": max(held.last or 0.0, 0.0)}
    return {f"{link.name}.{name}": value for name, value in figures.items()}


def only_started(program: Program, env: Mapping[str, str]) -> dict[str, float]:
    """Return the figures of a program's start, and what memory it holds then."""
    with Watched(program.command, {**env, **program.env}) as terminal:
        figures = _of_start(terminal.started(program.ready))
        terminal.until_quiet(1.0, first=1.0)
        figures["memory"] = resident_bytes(terminal.pid)
        terminal.left(program.leave)
    return figures


def importing(module: str) -> float:
    """Return the seconds that Python takes to start and import a module."""
    begins = time.monotonic()
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)
    return time.monotonic() - begins


def _prepare(terminal: Watched, program: Program, quiet: float = 0.3) -> None:
    """Have the list and its preview on the screen, and nothing going on."""
    for keys, shown in program.prepare:
        for _ in range(_TURNS):
            terminal.strike(keys, quiet=quiet)
            if re.search(shown, terminal.text):
                break
        terminal.wait_for(shown)
    terminal.until_quiet(quiet, first=quiet)


def _of_start(started: Started) -> dict[str, float]:
    return {
        "start.first byte": started.first_byte,
        "start.first paint": started.first_paint,
        "start.ready": started.ready,
        "start.settled": started.settled,
        "start.bytes": started.size,
    }


def _of_bursts(name: str, bursts: Sequence[Burst]) -> dict[str, float]:
    """Return the figures of keys; of those that nothing came of only that it was nothing."""
    lasts = [burst.last for burst in bursts if burst.last is not None]
    figures = {
        "bytes": mean(burst.size for burst in bursts),
        "ideal": mean(burst.ideal for burst in bursts),
        "frames": mean(burst.frames for burst in bursts),
        "silent": len(bursts) - len(lasts),
    }
    if lasts:
        figures |= {"p50": share(lasts, 0.5), "p95": share(lasts, 0.95)}
    return {f"{name}.{part}": value for part, value in figures.items()}
