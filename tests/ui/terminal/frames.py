"""Frames as Textual writes them, made up; and emulators that show what an output sends of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hypothesis import strategies as st
from rich.cells import cell_len

from review_tui.ui.terminal.difference import Abilities
from review_tui.ui.terminal.output import Output, Terminal
from tests.emulator import Look, Picture, PictureStream

WIDTH: Final = 24
HEIGHT: Final = 6

TEXTS: Final = [
    "abc",
    "      ",
    " ",
    "─────────",
    "字",
    "株式会社",
    "é",
    "xyz zy",
    "aaaaaaaaaaaa",
    "e\u0301",
    "カ",
    "·",
]
DISPUTED: Final = ["❤\ufe0f", "😀", "👩\u200d💻", "🇩🇪", "\u0e01\u0e33", "⌚", "\U0001fae8"]
PENS: Final = [
    "",
    "1",
    "7",
    "2;3",
    "31",
    "38;5;200",
    "1;48;2;10;20;30",
    "4;32;44",
    "9",
    "97",
    "1;4;7;38;2;1;2;3;48;5;9",
    "44",
]


@dataclass
class Pieces:
    """One frame: texts with their pens at their places."""

    pieces: list[tuple[int, int, list[tuple[str, str]]]]

    def written(self, width: int = WIDTH) -> str:
        """As Textual writes it: each piece in its whole style, then a reset; nothing behind the edge."""
        out = []
        for y, x, texts in self.pieces:
            out.append(f"\x1b[{y + 1};{x + 1}H")
            column = x
            for text, pen in texts:
                if (column := column + cell_len(text)) > width:
                    break
                out.append(f"\x1b[{pen}m{text}\x1b[0m" if pen else text)
        return "".join(out)


def frames(texts: list[str] = TEXTS) -> st.SearchStrategy[list[Pieces]]:
    """A few frames one after another."""
    text = st.tuples(st.sampled_from(texts), st.sampled_from(PENS))
    place = st.tuples(
        st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.lists(text, min_size=1, max_size=3)
    )
    return st.lists(st.builds(Pieces, st.lists(place, min_size=1, max_size=5)), min_size=1, max_size=8)


def abilities() -> st.SearchStrategy[Abilities]:
    """Of terminals that can more and of those that can less."""
    return st.builds(Abilities, repeats=st.booleans(), fills=st.booleans(), falls=st.booleans())


def painted(width: int = WIDTH, height: int = HEIGHT) -> str:
    """The first frame of any program: every cell blank."""
    return "".join(f"\x1b[{y + 1};1H{' ' * width}" for y in range(height))


@dataclass
class Later:
    """What is to happen, unless it is cancelled."""

    at: float
    call: Callable[[], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        """Let it not happen."""
        self.is_cancelled = True


@dataclass
class Emulated:
    """An emulator, and an output that writes to it at once."""

    can: Abilities = field(default_factory=Abilities)
    widths: Callable[[str], int] | None = None
    width: int = WIDTH
    height: int = HEIGHT
    sent: list[str] = field(default_factory=list)
    repaints: int = 0
    now: float = 0.0

    def __post_init__(self) -> None:
        self._waits: Later | None = None
        self.picture = Picture(self.width, self.height, self.widths)
        self._stream = PictureStream(self.picture)
        self._stream.feed("\x1b[?7l")
        self.output = Output(
            Terminal(
                send=self.feed,
                size=lambda: (self.picture.columns, self.picture.lines),
                is_laid_out=lambda: True,
                repaint=self._repaint,
                now=lambda: self.now,
                later=self._later,
            ),
            self.can,
        )

    def _later(self, seconds: float, call: Callable[[], None]) -> "Later":
        self._waits = Later(self.now + seconds, call)
        return self._waits

    def wait(self) -> None:
        """Let pass what a frame waits for."""
        while (waits := self._waits) is not None:
            self._waits = None
            if not waits.is_cancelled:
                self.now = max(self.now, waits.at)
                waits.call()

    def _repaint(self) -> None:
        self.repaints += 1

    def feed(self, data: str) -> None:
        """Write to the terminal itself, past the output."""
        self.sent.append(data)
        self._stream.feed(data.replace("\x1b[?2026$p", ""))

    def draw(self, data: str) -> None:
        """Write one frame through the output."""
        self.output.write(data)
        self.output.flush()
        self.wait()

    @property
    def look(self) -> list[list[Look]]:
        """What is seen."""
        return self.picture.look()
