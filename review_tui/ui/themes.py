"""Themes: the colours that the roles of a line have, by name; the style sheets say which role has which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

from review_tui.model.frozen import frozen
from review_tui.model.wire import Json

TERMINAL: Final = "terminal"
"""The theme of the terminal's own palette on its own background."""


@frozen
class Palette:
    """The colours of one theme, each one of the 256 that terminals agree on, so that none has to be guessed.

    `dim` is for what is said besides.
    """

    background: str
    foreground: str
    dim: str
    good: str
    warn: str
    bad: str
    accent: str
    dark: bool = True

    @property
    def inks(self) -> Mapping[str, str]:
        """The colours that text may have, by name."""
        names = [one.name for one in fields(self) if one.name not in {"background", "dark"}]
        return {name: getattr(self, name) for name in names}


PALETTES: Final[Mapping[str, Palette]] = {
    "light": Palette(
        background="#ffffff",
        foreground="#262626",
        dim="#626262",
        good="#005f00",
        warn="#875f00",
        bad="#af0000",
        accent="#005f87",
        dark=False,
    ),
    "dark": Palette(
        background="#1c1c1c",
        foreground="#d0d0d0",
        dim="#949494",
        good="#87d787",
        warn="#ffd75f",
        bad="#ff8787",
        accent="#87d7ff",
    ),
    "high-contrast": Palette(
        background="#000000",
        foreground="#ffffff",
        dim="#dadada",
        good="#5fff5f",
        warn="#ffff00",
        bad="#ff8787",
        accent="#5fffff",
    ),
    "cvd": Palette(
        background="#121212",
        foreground="#e4e4e4",
        dim="#a8a8a8",
        good="#5fafff",
        warn="#ffffaf",
        bad="#ff8700",
        accent="#5fd7d7",
    ),
}
"""`cvd` tells good, warning and bad apart by blue, pale yellow and orange, which every kind of sight does."""

NAMES: Final = (TERMINAL, *PALETTES)
"""The names of all themes, in the order in which they are offered."""


def _painted(name: str, palette: Palette) -> Theme:
    return Theme(
        name=name,
        primary=palette.accent,
        secondary=palette.accent,
        accent=palette.accent,
        warning=palette.warn,
        error=palette.bad,
        success=palette.good,
        foreground=palette.foreground,
        background=palette.background,
        surface=palette.background,
        panel=palette.background,
        boost=palette.background,
        dark=palette.dark,
        variables={
            "secondary": palette.accent,
            "warning": palette.warn,
            "error": palette.bad,
            "success": palette.good,
            "line-dim": palette.dim,
            "line-dim-style": "none",
            "border": palette.accent,
            "border-blurred": palette.dim,
            "block-cursor-foreground": palette.background,
            "block-cursor-background": palette.foreground,
            "input-cursor-foreground": palette.background,
            "input-cursor-background": palette.foreground,
            "input-cursor-text-style": "none",
            "text": palette.foreground,
            "text-muted": palette.dim,
            "text-disabled": palette.dim,
            "foreground-muted": palette.dim,
        },
    )


_OWN: Final = replace(BUILTIN_THEMES["ansi-dark"], name=TERMINAL, primary="ansi_cyan", accent="ansi_cyan")

THEMES: Final[Sequence[Theme]] = (
    replace(_OWN, variables={**_OWN.variables, "line-dim": "ansi_default", "line-dim-style": "dim"}),
    *(_painted(name, palette) for name, palette in PALETTES.items()),
)
"""What is registered with the program."""


def drawn(name: str, colors: str | None, *, any_color: bool = True) -> str:
    """Return the theme that a terminal can draw; `colors` is Rich's name for what it knows.

    Below 256 colours those of a palette would be taken for others, and without any there is nothing to
    choose, so that the terminal's own are taken.
    """
    return name if name in PALETTES and any_color and colors in {"256", "truecolor"} else TERMINAL


def remembered(kept: Json, configured: str) -> str:
    """Return the theme to start with: what was chosen last, unless the configuration has changed since."""
    match kept:
        case [str() as then, str() as chosen] if then == configured and chosen in NAMES:
            return chosen
        case _:
            return configured if configured in NAMES else TERMINAL


class Colorless(LineFilter):
    """Takes every colour out of what is drawn, also the terminal's default; bold and reverse stay."""

    def apply(self, segments: Iterable[Segment], background: Color) -> list[Segment]:
        """Return the segments without colours."""
        del background
        return [
            Segment(text, style.without_color if style else style, control)
            for text, style, control in segments
        ]
