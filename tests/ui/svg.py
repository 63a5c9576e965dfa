"""A screen as a picture: SVG that fetches nothing and that any font of equal widths draws."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme

CELL: Final = 8.4
LINE: Final = 18
_MARGIN: Final = 12
_BASE: Final = 13.5
"""From the upper edge of a line to where its letters stand."""

_FONT: Final = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


class Ink:
    """The colours that a style has in a picture; `theme` says those of a terminal."""

    def __init__(self, theme: TerminalTheme, foreground: str, background: str) -> None:
        self._theme = theme
        self.foreground = foreground
        self.background = background

    def of(self, style: Style) -> tuple[str, str]:
        """Return the colours of letters and of what is behind them."""
        ink = self._hex(style.color, self.foreground)
        ground = self._hex(style.bgcolor, self.background)
        return (ground, ink) if style.reverse else (ink, ground)

    def _hex(self, color: Color | None, otherwise: str) -> str:
        return otherwise if color is None or color.is_default else color.get_truecolor(self._theme).hex


def svg_of(strips: Sequence[Iterable[Segment]], width: int, ink: Ink, title: str) -> str:
    """Draw lines of `width` cells; `title` is for those who cannot see it."""
    wide = width * CELL + 2 * _MARGIN
    high = len(strips) * LINE + 2 * _MARGIN
    drawn = "\n".join(
        part for y, strip in enumerate(strips) for part in _line(strip, _MARGIN + y * LINE, ink)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        "<style>"
        f"text {{ font-family: {_FONT}; font-size: 14px; white-space: pre; fill: {ink.foreground} }} "
        ".b { font-weight: bold } .d { opacity: .65 } .u { text-decoration: underline }"
        "</style>\n"
        f'<rect width="{wide:g}" height="{high}" rx="6" fill="{ink.background}"/>\n{drawn}\n</svg>\n'
    )


def _line(strip: Iterable[Segment], top: float, ink: Ink) -> Iterator[str]:
    at = 0
    for segment in strip:
        style = segment.style or Style()
        letters, ground = ink.of(style)
        cells = cell_len(segment.text)
        if ground != ink.background:
            yield (
                f'<rect x="{_MARGIN + at * CELL:g}" y="{top:g}" width="{cells * CELL:g}" height="{LINE}"'
                f' fill="{ground}"/>'
            )
        for start, run in _runs(segment.text):
            yield _text(run, at + start, top, style, letters if letters != ink.foreground else "")
        at += cells


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Cut at gaps: a run stands exactly where its cells do, whatever the font."""
    at = 0
    for part in text.replace("  ", "\0 ").split("\0"):
        stripped = part.lstrip(" ")
        start = at + cell_len(part) - cell_len(stripped)
        run = stripped.rstrip(" ")
        if run:
            yield start, run
        at += cell_len(part) + 1


def _text(run: str, column: int, top: float, style: Style, fill: str) -> str:
    names = [name for name, on in (("b", style.bold), ("d", style.dim), ("u", style.underline)) if on]
    kind = f' class="{" ".join(names)}"' if names else ""
    color = f' style="fill: {fill}"' if fill else ""
    return (
        f'<text x="{_MARGIN + column * CELL:g}" y="{top + _BASE:g}" textLength="{cell_len(run) * CELL:g}"'
        f"{kind}{color}>{escape(run, quote=False)}</text>"
    )
