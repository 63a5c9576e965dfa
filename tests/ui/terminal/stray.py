"""What reaches a terminal's program though nobody typed it: replies, broken reports, cut keys, pastes."""

import string
from collections.abc import Callable
from random import Random

REPLIES = (
    "\x1b[?62;22c",
    "\x1b[?1;2c",
    "\x1b[?6c",
    "\x1b[>0;276;0c",
    "\x1b[>41;4000;29c",
    "\x1bP!|00726163\x1b\\",
    "\x1b[0n",
    "\x1b[?13n",
    "\x1b[24;80R",
    "\x1b[?24;80;1R",
    "\x1b[1;1R",
    "\x1b[?2026;2$y",
    "\x1b[?2048;0$y",
    "\x1b[?1016;1$y",
    "\x1b[4;1$y",
    "\x1bP1$r0;1 q\x1b\\",
    "\x1bP1$r1;24r\x1b\\",
    "\x1bP>|XTerm(370)\x1b\\",
    "\x1bP>|tmux 3.4\x1b\\",
    "\x1bP1+r544e=787465726d2d323536636f6c6f72\x1b\\",
    "\x1bP0+r\x1b\\",
    "\x1b]4;1;rgb:cdcd/0000/0000\x1b\\",
    "\x1b]10;rgb:e5e5/e5e5/e5e5\x07",
    "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "\x1b]12;rgb:ffff/aaaa/cccc\x07",
    "\x1b]52;c;YXBwcm92ZSBhbGwgb2YgdGhlbSBmYXN0\x07",
    "\x1b]l approve, reject, cancel\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b_Gi=31;ENOENT: a file\x1b\\",
    "\x1b^a private message: fax\x1b\\",
    "\x1bXa string: car far\x1b\\",
    "\x1b[?0u",
    "\x1b[?31u",
    "\x1b[4;480;640t",
    "\x1b[8;24;80t",
    "\x1b[6;16;8t",
    "\x1b[48;24;80;480;640t",
    "\x1b[2;1;1;112;112;1;0x",
    "\x1b[?2;0;1000;1000S",
    "\x1b[I",
    "\x1b[O",
    "\x1b[200~",
    "\x1b[201~",
)
"""What terminals answer, well-formed, and some of them late and unasked."""

MOUSE = (
    "\x1b[M !!",
    "\x1b[M#ac",
    "\x1b[Mcar",
    "\x1b[M\xc3\xa1a",
    "\x1b[<0;12;5M",
    "\x1b[<65;80;24m",
    "\x1b[<0;-3;10M",
    "\x1b[<0;NaN;NaNM",
    "\x1b[<NaN;NaN;NaNM",
    "\x1b[<35;1;",
    "\x1b[<0;999999;1M",
    "\x1b[32;10;20M",
    "\x1b[35;a",
    "\x1b[M",
)
"""Mouse reports of four protocols, whole and broken."""

KEYS = (
    *(f"\x1b[{final}" for final in "ABCDFHZ"),
    *(f"\x1bO{final}" for final in "ABCDHFPQRSacx"),
    *(f"\x1b[1;{modifier}{final}" for modifier in (2, 3, 5) for final in "ABCDHF"),
    *(f"\x1b[{number}~" for number in (1, 2, 3, 4, 5, 6, 11, 15, 17, 24)),
    *(f"\x1b{letter}" for letter in "acfrxy"),
    "\x1b[[A",
    "\x1b[c",
    "\x1b[a",
    "\x1b\x1b[A",
)
"""Keys that come as several bytes; none of them decides."""

_TEXT = string.ascii_letters + string.digits + "aaccffrrxxyy  .,;:-_/()[]{}<>?\r\n\t\x10"

Chunk = tuple[float, bytes]
"""Seconds of silence, then the bytes of one read."""


def _pause(random: Random) -> float:
    return random.choice((0.0, 0.001, 0.01, random.uniform(0.02, 0.4)))


def _cut(random: Random, data: bytes, *, first: int = 1) -> list[Chunk]:
    """Cut bytes into reads; the first read has at least so many of them."""
    cuts = random.choice((0, 1, 1, 2, 4, len(data)))
    places = sorted({random.randint(min(first, len(data)), len(data)) for _ in range(cuts)})
    pieces = [data[start:end] for start, end in zip([0, *places], [*places, len(data)], strict=True)]
    return [(_pause(random), piece) for piece in pieces if piece]


def _whole(random: Random) -> list[Chunk]:
    return _cut(random, random.choice(REPLIES + MOUSE).encode("latin-1"))


def _key(random: Random) -> list[Chunk]:
    return _cut(random, random.choice(KEYS).encode())


def _truncated(random: Random) -> list[Chunk]:
    data = random.choice(REPLIES + MOUSE + KEYS).encode("latin-1")
    return _cut(random, data[: random.randint(1, len(data))])


def _text(random: Random) -> str:
    length = random.choice((3, 5, 12, 40, 200))
    text = "".join(random.choice(_TEXT) for _ in range(length))
    return "a" + text if len(set(text[:2])) < 2 else text


def _raw_paste(random: Random) -> list[Chunk]:
    """A paste without brackets; one that begins with a single character and a pause looks like a key."""
    return _cut(random, _text(random).encode(), first=3)


def _headless(random: Random) -> list[Chunk]:
    """A reply whose escape byte something else has read."""
    data = random.choice([reply for reply in REPLIES + MOUSE if len(reply) > 5]).encode("latin-1")[1:]
    return _cut(random, data, first=3)


def _bracketed(random: Random) -> list[Chunk]:
    text = _text(random)
    end = random.choice(("\x1b[201~", "\x1b[201~", "\x1b[201~" + text, ""))
    return _cut(random, f"\x1b[200~{text}{end}".encode(), first=6)


def _noise(random: Random) -> list[Chunk]:
    data = bytes(random.choice((0x1B, random.randrange(256))) for _ in range(random.randint(4, 30)))
    return _cut(random, b"\x1b[" + data, first=4)


_PARTS: tuple[Callable[[Random], list[Chunk]], ...] = (
    _whole,
    _whole,
    _key,
    _truncated,
    _raw_paste,
    _headless,
    _bracketed,
    _noise,
)


def stray(random: Random) -> list[Chunk]:
    """Make up one sequence of one to four parts, each cut into reads with pauses up to 0.4 s."""
    chunks: list[Chunk] = []
    for _ in range(random.randint(1, 4)):
        part = random.choice(_PARTS)(random)
        (_, first), *others = part
        chunks += [(random.choice((0.0, 0.005, 0.1, 0.4, 2.0)), first), *others]
    return chunks
