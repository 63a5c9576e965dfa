"""What the console is to reach, and how far it is from each target."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tests.bench.figures import Figures

CONSOLE: Final = "console"
ALONE: Final = "console, list alone"
STOCK: Final = "console, Textual's driver"
UNPACED: Final = "console, unpaced"
FEW: Final = "console, 1k rows"
MANY: Final = "console, 100k rows"
ECHO: Final = "echo"
IMPORTED: Final = "import textual.app"

_KB: Final = 1024.0


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure held against its limit: `value` in units that `words` name, None where it was not measured."""

    words: str
    value: float | None
    limit: float

    @property
    def is_met(self) -> bool | None:
        """Whether it is; None where nobody knows."""
        return None if self.value is None else self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Target:
    """Something to reach: its number, what it is about, what is wanted in words, and its claims."""

    number: str
    about: str
    wanted: str
    claims: Callable[[Figures], Iterator[Claim]]


def beside(name: str, limits: dict[str, float], of: str = CONSOLE) -> Callable[[Figures], Iterator[Claim]]:
    """Hold a figure against the same figure of peers, each with the most it may be of theirs."""

    def claims(figures: Figures) -> Iterator[Claim]:
        for peer, limit in limits.items():
            yield Claim(f"× {peer}", figures.ratio(name, of, peer), limit)

    return claims


def of_ideal(name: str, limit: float, words: str = "ideal") -> Callable[[Figures], Iterator[Claim]]:
    """Hold bytes against the fewest that would have done."""

    def claims(figures: Figures) -> Iterator[Claim]:
        value = figures.ratio(f"{name}.bytes", CONSOLE, CONSOLE, as_in=f"{name}.ideal")
        yield Claim(f"× {words}", value, limit)

    return claims


def at_most(name: str, limit: float, words: str, of: str = CONSOLE) -> Callable[[Figures], Iterator[Claim]]:
    """Hold a figure against a limit of its own, and tell it as a part of that."""

    def claims(figures: Figures) -> Iterator[Claim]:
        value = figures.of(of, name)
        yield Claim(f"× {words}", None if value is None else value / limit, 1.0)

    return claims


def counted(name: str, limit: float, words: str, of: str = CONSOLE) -> Callable[[Figures], Iterator[Claim]]:
    """Hold a count against the most that it may be."""

    def claims(figures: Figures) -> Iterator[Claim]:
        yield Claim(words, figures.of(of, name), limit)

    return claims


def both(*parts: Callable[[Figures], Iterator[Claim]]) -> Callable[[Figures], Iterator[Claim]]:
    """Make all the claims of several kinds."""

    def claims(figures: Figures) -> Iterator[Claim]:
        for part in parts:
            yield from part(figures)

    return claims


def _start(figures: Figures) -> Iterator[Claim]:
    yield Claim("× importing Textual", figures.ratio("start.ready", CONSOLE, IMPORTED), 1.4)


def _evenness(figures: Figures) -> Iterator[Claim]:
    yield Claim("× its median", figures.ratio("key.p95", CONSOLE, CONSOLE, as_in="key.p50"), 2.0)


def _beyond_the_link(figures: Figures) -> Iterator[Claim]:
    key, least = figures.of(CONSOLE, "slow.key.p50"), figures.of(ECHO, "slow.key.p50")
    over = None if key is None or least is None else (key - least) / 0.09
    yield Claim("× 90 ms over an empty answer", over, 1.0)


def _burst(figures: Figures) -> Iterator[Claim]:
    page = figures.ratio("burst.bytes", CONSOLE, CONSOLE, as_in="page.ideal")
    yield Claim("× a page", page, 1.1)


def _a_row(figures: Figures) -> Iterator[Claim]:
    large, small = figures.of(MANY, "memory"), figures.of(FEW, "memory")
    rows, few = figures.of(MANY, "rows"), figures.of(FEW, "rows")
    value = None
    if large is not None and small is not None and rows is not None and few is not None:
        value = (large - small) / (rows - few) / _KB
    yield Claim("KB a row", value, 0.5)


def _rows(figures: Figures) -> Iterator[Claim]:
    yield Claim("× the processor time of 1k rows", figures.ratio("key.cpu", MANY, FEW), 1.05)
    for name in ("filter", "sort"):
        value = figures.of(MANY, f"{name}.p50")
        yield Claim(f"× 150 ms to {name} 100k", None if value is None else value / 0.15, 1.0)


def _long_link(figures: Figures) -> Iterator[Claim]:
    for name, words in (("long.key.p50", "a key"), ("long.held.lag", "a held key")):
        yield Claim(f"× unpaced, {words}", figures.ratio(name, CONSOLE, UNPACED), 1.1)


TARGETS: Final = (
    Target("T1", "first paint", "≤ 1.8 × mutt", beside("start.first paint", {"mutt": 1.8})),
    Target("T2", "ready: rows and detail", "≤ 1.4 × Python importing Textual", _start),
    Target(
        "T3",
        "`j` with preview, last byte, median",
        "≤ 0.8 × tig, ≤ 0.5 × lazygit",
        beside("key.p50", {"tig": 0.8, "lazygit": 0.5}),
    ),
    Target("T4", "`j`, last byte, of 95 in 100", "≤ 2 × its median", _evenness),
    Target(
        "T5",
        "bytes per `j` with preview",
        "≤ 1.1 × ideal, ≤ 0.17 × tig and lazygit, ≤ 1.7 × mutt, which has no preview",
        both(of_ideal("key", 1.1), beside("key.bytes", {"tig": 0.17, "lazygit": 0.17, "mutt": 1.7})),
    ),
    Target("T6", "bytes per `j`, list alone", "≤ 0.2 × mutt", beside("key.bytes", {"mutt": 0.2}, ALONE)),
    Target(
        "T7",
        "bytes of a page down",
        "≤ 1.05 × ideal and mutt",
        both(of_ideal("page", 1.05), beside("page.bytes", {"mutt": 1.05})),
    ),
    Target(
        "T8",
        "slow link: `j` settles",
        "≤ an empty answer + 90 ms, ≤ 0.5 × tig and lazygit",
        both(_beyond_the_link, beside("slow.key.p50", {"tig": 0.5, "lazygit": 0.5})),
    ),
    Target(
        "T9",
        "slow link: how long a held key goes on after it was let go",
        "≤ 0.8 × mutt, ≤ 0.05 × tig and lazygit",
        beside("slow.held.lag", {"mutt": 0.8, "tig": 0.05, "lazygit": 0.05}),
    ),
    Target("T10", "slow link: start settled", "≤ 1.5 × mutt", beside("slow.start.settled", {"mutt": 1.5})),
    Target("T11", "bytes of a start", "≤ 1.2 × mutt", beside("start.bytes", {"mutt": 1.2})),
    Target(
        "T12",
        "50 `j` in one piece",
        "≤ 0.2 × tig, bytes ≤ 1.1 × a page",
        both(beside("burst.p50", {"tig": 0.2}), _burst),
    ),
    Target(
        "T13",
        "processor time per `j`",
        "≤ 0.85 × tig, ≤ 0.4 × lazygit",
        beside("key.cpu", {"tig": 0.85, "lazygit": 0.4}),
    ),
    Target("T14", "bytes of a new window size", "≤ 1.1 × one screen", of_ideal("resize", 1.1, "one screen")),
    Target(
        "T15",
        "100,000 rows",
        "a key ≤ 1.05 × that of 1,000 rows; a filter or sort of all ≤ 150 ms",
        _rows,
    ),
    Target(
        "T16",
        "memory",
        "≤ 0.55 × posting; ≤ 0.5 KB a row",
        both(beside("memory", {"posting": 0.55}), _a_row),
    ),
    Target(
        "T17",
        "an idle minute without polls",
        "0 bytes, ≤ 0.1 s of processor time",
        both(
            counted("paused.bytes", 0, "bytes", FEW),
            at_most("paused.cpu", 0.1, "0.1 s", FEW),
        ),
    ),
    Target(
        "T18",
        "an idle minute with polls that bring nothing new",
        "0 bytes, ≤ 0.25 s of processor time",
        both(counted("rest.bytes", 0, "bytes", FEW), at_most("rest.cpu", 0.25, "0.25 s", FEW)),
    ),
    Target(
        "T19",
        "`q` until the terminal is given back",
        "≤ 60 ms, every mode off",
        both(at_most("exit.restored", 0.06, "60 ms"), counted("exit.left on", 0, "modes left on")),
    ),
    Target(
        "T20",
        "the terminal is gone, and hangups are ignored",
        "ended within 1 s",
        at_most("bereft.ended", 1.0, "1 s", FEW),
    ),
    Target(
        "T21",
        "requests",
        "≤ 12 reads an idle minute; ≤ 3 reads and 1 write a decision",
        both(
            counted("rest.requests", 12, "an idle minute", FEW),
            counted("decision.reads", 3, "reads", FEW),
            counted("decision.writes", 1, "writes", FEW),
        ),
    ),
    Target(
        "T22",
        "how late the event loop is under 5 MB of paste and 20,000 keys",
        "≤ 50 ms 99 times of 100, never over 250 ms",
        both(
            at_most("late.p99", 0.05, "50 ms", FEW),
            at_most("late.most", 0.25, "250 ms", FEW),
        ),
    ),
    Target("PACE", "long fat link, beside the same without waiting for answers", "≤ 1.1 ×", _long_link),
)
"""All of them, in the order of the table."""
