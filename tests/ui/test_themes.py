"""The themes: readable at 256 colours, told apart by every kind of sight, nothing said by colour alone."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import combinations
from pathlib import Path

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from review_tui.client.steve import Steve
from review_tui.model.ages import Lateness
from review_tui.model.decisions import Stage
from review_tui.model.doubt import Band
from review_tui.model.fraud import FraudStatus
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.preferences import Preferences
from review_tui.model.submissions import SubmissionStatus
from review_tui.settings.tables import THEMES as CONFIGURABLE
from review_tui.ui.render import badges
from review_tui.ui.render.comparison import Likeness
from review_tui.ui.render.freshness import freshness_line
from review_tui.ui.render.line import Piece, Role
from review_tui.ui.render.submissions import LATENESS, UNDER_WAY, fraud_piece, status_piece
from review_tui.ui.render.words import _MARKS
from review_tui.ui.themes import NAMES, PALETTES, TERMINAL, Palette, drawn, remembered
from review_tui.ui.widgets.lines import LineView
from review_tui.workers.memory import Memory
from tests.ui.console import console_on

Rgb = tuple[float, float, float]

palettes = pytest.mark.parametrize("name", PALETTES)

READABLE = 4.5
"""The least contrast of text, by WCAG 2.2."""

APART = 20
"""The least distance in CIE Lab between colours that mean different things; 2 is just noticeable."""

SIGHTS: Mapping[str, tuple[Rgb, Rgb, Rgb]] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""How people see who lack one kind of cone: Machado, Oliveira and Fernandes (2009), on linear RGB."""


def at_256(color: Color) -> Rgb:
    """The colour that a terminal of 256 colours draws, in linear RGB."""
    return linear(color.downgrade(ColorSystem.EIGHT_BIT))


def linear(color: Color) -> Rgb:
    red, green, blue = (_linear(part / 255) for part in color.get_truecolor())
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else math.pow((part + 0.055) / 1.055, 2.4)


def luminance(rgb: Rgb) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(one: Color, other: Color) -> float:
    darker, lighter = sorted(luminance(at_256(color)) for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: Rgb) -> Rgb:
    """CIE Lab of linear RGB under daylight."""
    red, green, blue = rgb
    white = (0.95047, 1.0, 1.08883)
    xyz = (
        0.4124 * red + 0.3576 * green + 0.1805 * blue,
        luminance(rgb),
        0.0193 * red + 0.1192 * green + 0.9505 * blue,
    )
    x, y, z = (_bent(part / of) for part, of in zip(xyz, white, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _bent(part: float) -> float:
    return math.cbrt(part) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116


def seen_by(sight: str, rgb: Rgb) -> Rgb:
    red, green, blue = (
        max(0.0, min(1.0, sum(share * part for share, part in zip(row, rgb, strict=True))))
        for row in SIGHTS[sight]
    )
    return red, green, blue


def distance(one: Rgb, other: Rgb) -> float:
    return math.dist(lab(one), lab(other))


def pairs(style: Style) -> Iterator[tuple[Color, Color]]:
    """What of a style stands on what."""
    if style.color is not None and style.bgcolor is not None:
        yield style.color, style.bgcolor


def test_the_themes_are_those_that_can_be_configured() -> None:
    assert NAMES == CONFIGURABLE


@palettes
def test_256_colours_draw_each_as_it_was_chosen(name: str) -> None:
    palette = PALETTES[name]
    for color in (palette.background, *palette.inks.values()):
        chosen = linear(Color.parse(color))
        assert distance(chosen, at_256(Color.parse(color))) < 5, color


@palettes
def test_every_role_can_be_read_wherever_it_is_drawn(name: str) -> None:
    palette = PALETTES[name]
    background = Color.parse(palette.background)
    least = 7 if name == "high-contrast" else READABLE
    for ink, color in palette.inks.items():
        assert contrast(Color.parse(color), background) >= least, ink


@pytest.mark.parametrize("sight", SIGHTS)
def test_good_warning_and_bad_are_apart_for_every_kind_of_sight(sight: str) -> None:
    palette: Palette = PALETTES["cvd"]
    inks = {name: seen_by(sight, at_256(Color.parse(palette.inks[name]))) for name in ("good", "warn", "bad")}
    for one, other in combinations(inks, 2):
        assert distance(inks[one], inks[other]) >= APART, (one, other)


def test_red_and_green_would_not_be_apart_for_everybody() -> None:
    red, green = (seen_by("no green", at_256(Color.parse(color))) for color in ("#d75f5f", "#87af5f"))
    assert distance(red, green) < APART


async def test_the_screen_is_drawn_in_each_theme_as_its_palette_says(
    steve: Steve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    memory = Memory()
    async with console_on(steve, tmp_path, size=(140, 30), memory=memory) as console:
        for name, palette in PALETTES.items():
            console.app.choose_theme(name)
            await console.settle()
            await console.give("help")
            for view in (*console.review.query(LineView), *console.app.screen.query(LineView)):
                for role, style in view.strips.styles.items():
                    found = list(pairs(style))
                    assert found, (name, role)
                    for ink, ground in found:
                        assert contrast(ink, ground) >= READABLE, (name, role)
                        assert ground.get_truecolor().hex == palette.background
            await console.press("escape")
        assert memory.get("theme") == [TERMINAL, "cvd"]


@pytest.mark.parametrize(
    ("environment", "theme", "said"),
    [
        ({"TERM": "xterm-256color"}, "light", "theme: light"),
        ({"TERM": "xterm"}, TERMINAL, "theme: light – this terminal has too few colours"),
    ],
)
async def test_a_theme_is_taken_where_the_terminal_has_its_colours(
    steve: Steve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: Mapping[str, str],
    theme: str,
    said: str,
) -> None:
    for name in ("COLORTERM", "TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    memory = Memory()
    memory.put("theme", [TERMINAL, "light"])
    async with console_on(steve, tmp_path, memory=memory, loaded=False) as console:
        assert console.app.theme == theme
        console.app.choose_theme("light")
        assert console.app.theme == theme
        assert said in console.says


async def test_no_colour_is_drawn_where_the_configuration_wants_none(
    steve: Steve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    colorless = Preferences(color=False, theme="light", banner="LIVE", banner_color="bad")
    async with console_on(steve, tmp_path, preferences=colorless) as console:
        await console.give("reject")
        drawn_as = {segment.style for line in console.strips() for strip in line for segment in strip}
        assert {style.bold for style in drawn_as if style} == {True, None}
        assert not [style for style in drawn_as if style and (style.color or style.bgcolor)]


def test_a_terminal_of_sixteen_colours_keeps_its_own() -> None:
    assert drawn("dark", "256") == "dark"
    assert drawn("dark", "standard") == TERMINAL
    assert drawn("dark", None) == TERMINAL
    assert drawn("dark", "truecolor", any_color=False) == TERMINAL


def test_what_was_chosen_holds_until_the_configuration_says_something_else() -> None:
    assert remembered(["dark", "light"], "dark") == "light"
    assert remembered(["dark", "light"], "cvd") == "cvd"
    assert remembered(["dark", "mauve"], "dark") == "dark"
    assert remembered(None, "high-contrast") == "high-contrast"
    assert remembered("light", "mauve") == TERMINAL
    assert Preferences().theme == TERMINAL


def test_no_state_is_said_by_colour_alone() -> None:
    said: Mapping[str, list[Piece]] = {
        "status": [status_piece(status) for status in SubmissionStatus],
        "fraud": [fraud_piece(status, None) for status in (*FraudStatus, None)],
        "under way": [*UNDER_WAY.values()],
        "confidence": [(f"{mark.glyph} {mark.word}", mark.role) for mark in _MARKS.values()],
        "lateness": [(f"{glyph} {late}", role) for late, (glyph, role) in LATENESS.items()],
        "badges": [badges.MARKED, badges.FLAGGED, badges.SNOOZED, badges.BACK, badges.SKIPPED],
        "freshness": [freshness_line(Freshness(state), UTC)[0] for state in FreshnessState],
        "likeness": [(f"{one.glyph} {one.word}", one.role) for one in Likeness],
    }
    for what, pieces in said.items():
        roles: dict[str, Role] = {}
        for text, role in pieces:
            assert roles.setdefault(text, role) is role, (what, text)
            if role not in {Role.PLAIN, Role.DIM}:
                assert text.strip(), what
                assert not text[0].isspace(), (what, text)
    for of, shown in (
        (Band, _MARKS),
        (SubmissionStatus, set(said["status"])),
        (FreshnessState, said["freshness"]),
    ):
        assert len(shown) == len(of)
    assert {stage for stage in Stage if not stage.is_final} | {Stage.UNKNOWN} == set(UNDER_WAY)
    assert set(Lateness) == {*LATENESS, Lateness.IN_TIME}
