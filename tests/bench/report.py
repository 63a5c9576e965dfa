"""The page that tells the figures: what people wrote stays, what is between its marks is written anew."""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.bench.figures import Figures
from tests.bench.targets import ALONE, CONSOLE, ECHO, STOCK, TARGETS, UNPACED, Claim, Target

BEGINS: Final = "<!-- from here to the other mark: written by make bench -->"
ENDS: Final = "<!-- written by make bench -->"

PEERS: Final = ("tig", "lazygit", "mutt")
"""Those beside whom the console stands; the first that is installed is 1. Of them mutt has no preview."""

_BYTES: Final = "bytes"
_RATIO: Final = "×"

_NEARBY: Final = (
    ("first paint", "start.first paint", _RATIO),
    ("ready", "start.ready", _RATIO),
    ("bytes of a start", "start.bytes", _BYTES),
    ("a key: last byte, median", "key.p50", _RATIO),
    ("a key: last byte, of 95 in 100", "key.p95", _RATIO),
    ("a key: bytes", "key.bytes", _BYTES),
    ("a key: bytes that would do", "key.ideal", _BYTES),
    ("a key: frames", "key.frames", _BYTES),
    ("a key: processor time", "key.cpu", _RATIO),
    ("a page: bytes", "page.bytes", _BYTES),
    ("a page: bytes that would do", "page.ideal", _BYTES),
    ("50 keys in one piece: last byte", "burst.p50", _RATIO),
    ("50 keys in one piece: bytes", "burst.bytes", _BYTES),
    ("a key held down: goes on for", "held.lag", _RATIO),
    ("a new window size: bytes", "resize.bytes", _BYTES),
    ("memory", "memory", _RATIO),
    ("leaving: terminal given back", "exit.restored", _RATIO),
)
_AFAR: Final = (
    ("start settled", "slow.start.settled", _RATIO),
    ("a key settles", "slow.key.p50", _RATIO),
    ("a key held down: goes on for", "slow.held.lag", _RATIO),
    ("long fat link: a key settles", "long.key.p50", _RATIO),
    ("long fat link: a key held down goes on for", "long.held.lag", _RATIO),
)


def written_into(page: str, figures: Figures) -> str:
    """Return the page with these figures; ValueError where it has lost its marks."""
    head, begins, rest = page.partition(BEGINS)
    _, ends, tail = rest.partition(ENDS)
    if not begins or not ends:
        raise ValueError(f"the page needs two lines: {BEGINS} and {ENDS}")
    return f"{head}{BEGINS}\n\n" + "\n".join(told(figures)) + f"\n\n{ENDS}{tail}"


def told(figures: Figures) -> Iterator[str]:
    """Yield the lines of the targets and of the tables beside the peers."""
    yield from _table(
        ("#", "what", "wanted", "measured", "met"), [_row(target, figures) for target in TARGETS]
    )
    taken = set(figures.programs)
    unit = next((peer for peer in PEERS if peer in taken), CONSOLE)
    nearby = [name for name in (CONSOLE, ALONE, STOCK, *PEERS) if name in taken]
    yield ""
    yield f"On one machine, in the same rounds: × is in units of {unit}, the rest are counts."
    yield ""
    yield from _beside(figures, _NEARBY, nearby, unit)
    afar = [name for name in (CONSOLE, UNPACED, *PEERS, ECHO) if name in taken]
    yield ""
    yield "At the far end of 64 kbit/s and 50 ms each way. The long fat link has 1 Mbit/s and 100 ms; there"
    yield "× is in units of the console that waits for no answer. `echo` writes eight bytes a key, no more."
    yield ""
    yield from _beside(figures, _AFAR, afar, unit)


def _row(target: Target, figures: Figures) -> tuple[str, ...]:
    claims = list(target.claims(figures))
    said = [claim.is_met for claim in claims if claim.is_met is not None]
    met = "not measured" if not said else "yes" if all(said) else "**no**"
    if said and len(said) < len(claims):
        met += ", as far as measured"
    return (target.number, target.about, target.wanted, ", ".join(map(_said, claims)), met)


def _said(claim: Claim) -> str:
    if claim.value is None:
        return f"– {claim.words}"
    text = f"{number(claim.value)} {claim.words}"
    return text if claim.is_met else f"**{text}**"


def _beside(
    figures: Figures, rows: Sequence[tuple[str, str, str]], programs: Sequence[str], unit: str
) -> Iterator[str]:
    lines = []
    for words, name, kind in rows:
        cells = []
        for program in programs:
            if kind == _RATIO:
                to = unit if figures.of(unit, name) is not None else UNPACED
                value = figures.ratio(name, program, to)
                cells.append("–" if value is None else f"{number(value)} ×")
            else:
                value = figures.of(program, name)
                cells.append("–" if value is None else number(value))
        if set(cells) != {"–"}:
            lines.append((words, *cells))
    if lines:
        yield from _table(("", *programs), lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"


def number(value: float) -> str:
    """Say a number with as many digits as mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")
