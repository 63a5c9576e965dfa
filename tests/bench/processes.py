"""What a program costs the machine: processor time and memory of all its processes."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_TICK: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_OF_THE_REAPED: Final = slice(13, 15)
"""Where /proc/PID/stat, behind the name, has the time of children that ended."""


def tree(pid: int) -> Iterator[int]:
    """Yield a process and all that descend from it."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:  # it has just ended
            continue
        for child in found:
            yield from tree(int(child))


def processor_seconds(pid: int) -> float:
    """Return what a program has used so far; of children that ended to a hundredth of a second."""
    return sum(map(_own_seconds, tree(pid))) + sum(map(_reaped_seconds, tree(pid)))


def _own_seconds(pid: int) -> float:
    try:
        return time.clock_gettime((~pid << 3) | 2)  # the kernel's number for the clock of a process
    except OSError:
        return 0.0


def _reaped_seconds(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, told[_OF_THE_REAPED])) / _TICK


def resident_bytes(pid: int) -> int:
    """Return the memory that a program holds now."""
    total = 0
    for one in tree(pid):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * _PAGE
        except OSError:
            continue
    return total
