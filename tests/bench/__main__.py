"""The bench: the console beside its peers, in rounds, as `make bench` runs it.

docs/performance.md is written anew; `BENCH=short` takes small doses of half of it and prints. `BENCH_ROUNDS`
says how many rounds there are, `BENCH_ROWS` how many rows the large queue has, `BENCH_FIGURES` where every
value is kept; `BENCH=again` writes the page from what is kept there.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from tests.bench import lonely, targets
from tests.bench.figures import Figures
from tests.bench.peers import write_history, write_mailbox
from tests.bench.programs import Program, console, echo, peers, posting, surroundings
from tests.bench.report import told, written_into
from tests.bench.sessions import LONG, SLOW, Doses, afar, importing, nearby, only_started
from tests.bench.world import USUAL, World, serving_rows

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "performance.md"
ROWS: Final = 10_000
FEW: Final = 1_000

SHORT: Final = Doses(keys=6, pages=2, held=1.0, far_keys=2, idle=6.0, flood=2_000)


@dataclass
class Bench:
    """One run: what is measured goes into `figures`, what could not be measured into `failed`."""

    folder: Path
    doses: Doses
    rounds: int
    most_rows: int
    whole: bool
    figures: Figures = field(default_factory=Figures)
    failed: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Measure everything, on data that is made here."""
        _say("making mailboxes, a history and a queue")
        write_mailbox(self.folder, ROWS)
        write_history(self.folder, ROWS)
        with serving_rows(self.folder, ROWS) as world:
            for number in range(self.rounds):
                self._beside_peers(world, number)
        if self.whole:
            self._many_rows()
        self._alone()

    def _take(self, program: str, measure: Callable[[], Mapping[str, float]]) -> None:
        """Measure; a program that does not do what it is to do is left out, and that is said."""
        begins = time.monotonic()
        try:
            self.figures.take(program, measure())
        except AssertionError as error:
            self.failed.append(program)
            _say(f"left out: {program}: {error}")
        _say(f"  {program}: {time.monotonic() - begins:.0f} s")

    def _beside_peers(self, world: World, number: int) -> None:
        env = surroundings(self.folder)
        ours = console(targets.CONSOLE, world.environment, self.folder)
        alone = console(targets.ALONE, world.environment, self.folder, preview=False)
        stock = console(targets.STOCK, world.environment, self.folder, stock=True)
        unpaced = console(targets.UNPACED, world.environment, self.folder, mute=True)
        others, words = peers(self.folder), f"round {number + 1} of {self.rounds}"
        if number == 0:
            _say("a start that does not count: what is kept and cached is there from then on")
            for program in (ours, alone, *((stock, unpaced, *others) if self.whole else ())):
                with suppress(AssertionError):  # it is said where it counts
                    only_started(program, env)
        _say(f"{words}, nearby")
        for program in (ours, alone, *((stock,) if self.whole else ()), *others):
            self._take(program.name, partial(nearby, program, env, self.doses))
        self._take(targets.IMPORTED, lambda: {"start.ready": importing("textual.app")})
        if (large := posting(self.folder)) is not None:
            self._take(large.name, partial(only_started, large, env))
        if number and number == self.rounds - 1:
            return  # the slowest part, and the steadiest: a link takes the time that it takes
        _say(f"{words}, afar")
        for program in (ours, echo(), *((unpaced, *others) if self.whole else others[:1])):
            self._take(program.name, partial(afar, program, env, self.doses, SLOW))
        for program in (ours, unpaced) if self.whole else ():
            self._take(program.name, partial(afar, program, env, self.doses, LONG))

    def _many_rows(self) -> None:
        _say(f"{FEW} and {self.most_rows} rows")
        env = surroundings(self.folder)
        for name, rows in ((targets.FEW, FEW), (targets.MANY, self.most_rows)):
            with serving_rows(self.folder, rows) as world:
                program = console(name, world.environment, self.folder)
                self._take(name, partial(nearby, program, env, self.doses))

    def _alone(self) -> None:
        _say("at rest, deciding, without a terminal, flooded")
        env, idle, flood = surroundings(self.folder), self.doses.idle, self.doses.flood
        with serving_rows(self.folder, FEW + 1, reads=USUAL) as world:
            measures: dict[str, Callable[[Program], Mapping[str, float]]] = {
                "deciding": lambda program: lonely.deciding(program, env, world),
                "resting": lambda program: lonely.resting(program, env, world, idle),
                "paused": lambda program: lonely.paused(program, env, idle),
                "bereft": lambda program: lonely.bereft(program, env),
                "flooded": lambda program: lonely.flooded(program, env, self.folder, flood),
            }
            for name, measure in measures.items():
                fresh = console(targets.FEW, world.environment, self.folder / name)
                self._take(targets.FEW, partial(measure, fresh))


def _say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def main() -> int:
    """Run it all, and print or write what came of it; 1 where something could not be measured."""
    how, kept = os.environ.get("BENCH"), os.environ.get("BENCH_FIGURES")
    if how == "again" and kept:
        PAGE.write_text(written_into(PAGE.read_text(), Figures.kept_in(Path(kept))))
        return 0
    short = how == "short"
    rounds = int(os.environ.get("BENCH_ROUNDS") or (1 if short else 3))
    most_rows = int(os.environ.get("BENCH_ROWS") or 100_000)
    with tempfile.TemporaryDirectory(prefix="review-tui-bench-") as made:
        run = Bench(Path(made), SHORT if short else Doses(), rounds, most_rows, not short)
        run.run()
    if kept:
        run.figures.save(Path(kept))
    if short:
        print(*told(run.figures), sep="\n")
    else:
        PAGE.write_text(written_into(PAGE.read_text(), run.figures))
        _say(f"written: {PAGE.relative_to(ROOT)}")
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
