"""How many small changes of the pure modules the tests notice: makes the changes, counts, and judges."""

import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
MUTANTS: Final = ROOT / "mutants"

ENOUGH: Final = 85.0
"""Per cent of a module's mutants that its tests have to notice."""

PROCESSES: Final = 2

_KILLED: Final = frozenset({1, 3})
_ENDLESS: Final = frozenset({-24, 24, 36, 152})
_UNNOTICED: Final = frozenset({0, 5, 33})


def made() -> bool:
    """Make every mutant and run the tests that touch it; says whether mutmut came to its end."""
    shutil.rmtree(MUTANTS, ignore_errors=True)
    command = (sys.executable, "-m", "mutmut", "run", "--max-children", str(PROCESSES))
    # With CI hypothesis draws the same examples each time, keeps none and minds no clock.
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"CI": "1"}, check=False).returncode == 0


def counted(module: str) -> Counter[str]:
    """Count what became of the mutants of one module: killed, endless, survived, or what else it was."""
    listed = MUTANTS / f"{module}.meta"
    codes: Mapping[str, int | None] = json.loads(listed.read_text())["exit_code_by_key"]
    return Counter(_told(code) for code in codes.values())


def _told(code: int | None) -> str:
    if code in _KILLED:
        return "killed"
    if code in _ENDLESS:
        return "endless"
    return "survived" if code in _UNNOTICED else f"exit {code}"


def share(found: Counter[str]) -> float:
    """Return the per cent that were noticed; what ran without end was, what could not be judged was not."""
    return 100.0 * (found["killed"] + found["endless"]) / max(found.total(), 1)


def modules() -> list[str]:
    """Return the modules under test, as pyproject.toml names them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    named: list[str] = project["tool"]["mutmut"]["only_mutate"]
    return named


def main() -> int:
    """Print the table; 0 where every module has enough."""
    began = time.monotonic()
    if not made():
        return 1
    line = "{:<32}{:>8}{:>8}{:>9}{:>10}{:>7}{:>8}"
    print(line.format("module", "mutants", "killed", "endless", "survived", "other", "%"))
    by_module = {module: counted(module) for module in modules()}
    for module, found in [*by_module.items(), ("all", sum(by_module.values(), Counter()))]:
        other = found.total() - found["killed"] - found["endless"] - found["survived"]
        numbers = (found.total(), found["killed"], found["endless"], found["survived"], other)
        print(line.format(module, *numbers, f"{share(found):.1f}"))
    print(f"in {(time.monotonic() - began) / 60:.0f} min; {ENOUGH:.0f} % wanted of each module")
    return 0 if all(share(found) >= ENOUGH for found in by_module.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
