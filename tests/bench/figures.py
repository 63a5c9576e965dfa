"""Figures by program and name, as taken in several rounds."""

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import median


class Figures:
    """What was measured: of each figure of a program the values of all rounds."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, defaultdict[str, list[float]]] = defaultdict(lambda: defaultdict(list))

    def take(self, program: str, figures: Mapping[str, float]) -> None:
        """Add what one round has measured."""
        for name, value in figures.items():
            self._taken[program][name].append(value)

    @property
    def programs(self) -> list[str]:
        """The programs, in the order in which they were first measured."""
        return list(self._taken)

    def of(self, program: str, name: str) -> float | None:
        """Return the median of a figure; None where it was not taken."""
        values = self._taken[program][name] if name in self._taken.get(program, ()) else ()
        return median(values) if values else None

    def ratio(self, name: str, of: str, to: str, *, as_in: str | None = None) -> float | None:
        """Return a figure in units of another program's, or of its figure `as_in`; None without either."""
        one, other = self.of(of, name), self.of(to, as_in or name)
        return one / other if one is not None and other else None

    def save(self, file: Path) -> None:
        """Keep every value."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(self._taken, indent=1) + "\n")

    @classmethod
    def kept_in(cls, file: Path) -> "Figures":
        """Return what was saved."""
        found = cls()
        for program, figures in json.loads(file.read_text()).items():
            found._taken[program].update(figures)
        return found
