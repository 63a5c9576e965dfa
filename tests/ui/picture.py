"""The pictures of the documentation: the real console on the sandbox, drawn by `make picture`."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.terminal_theme import TerminalTheme

from review_tui.model.preferences import ANY, AgeLimits, Preferences
from review_tui.model.submissions import Row
from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import SandboxSettings
from review_tui.ui.themes import PALETTES
from tests.ui.console import Console, console_on
from tests.ui.svg import Ink, svg_of
from tests.ui.test_holding import HOLD, held, is_clean
from tests.wire import NOON, steve_on

_OWN: Final = TerminalTheme((28, 28, 28), (208, 208, 208), [(0, 0, 0)] * 8)
"""Not looked at: a theme's own colours are all that is drawn."""


@dataclass(frozen=True)
class Picture:
    """What it shows, for those who cannot see it, and how one gets there."""

    shows: str
    go: Callable[[Console], Awaitable[object]]
    size: tuple[int, int] = (150, 34)
    theme: str = "dark"


def is_flagged(row: Row) -> bool:
    return row.fraud_status == "flagged" and (row.fraud_score or 0) < 97


async def queue(console: Console) -> None:
    await console.go_to(lambda row: row.fraud_status == "clean" and (row.confidence or 1) < 0.85)


async def fraud(console: Console) -> None:
    await console.go_to(is_flagged)
    await console.give("approve")
    await console.until(lambda: "= equal" in console.text())


async def beside(console: Console) -> None:
    await fraud(console)
    await console.give("layout")


async def marked(console: Console) -> None:
    await console.go_to(lambda row: row.fraud_status == "flagged")
    await console.press("space", "space", "space", "space")
    await console.give("approve")
    await console.until(lambda: console.dialog is not None)


async def fields(console: Console) -> None:
    await console.go_to(lambda row: (row.confidence or 1) < 0.7)
    await console.give("next-doubt")
    await console.give("next-doubt")


async def filtering(console: Console) -> None:
    await console.give("filter")
    await console.press(*"fraud:flagged amount>50 age>1h")
    await console.until(lambda: console.review.state.view.query)


async def outbox(console: Console) -> None:
    for _ in range(2):
        await console.go_to(lambda row: is_clean(row) and row.id not in console.review.state.standings)
        await console.give("approve")
        await held(console)
    await console.give("outbox")


async def reasons(console: Console) -> None:
    await console.go_to(is_clean)
    await console.give("reject")


async def keys(console: Console) -> None:
    await console.give("help")


async def palette(console: Console) -> None:
    await console.give("palette")
    await console.press(*"sk")
    await console.until(lambda: "skip" in console.text())


PICTURES: Final[Mapping[str, Picture]] = {
    "screen": Picture(
        "the queue, and a flagged submission beside the one it resembles", beside, size=(160, 34)
    ),
    "screens/queue": Picture("the queue and what was read of a document, the worst first", queue),
    "screens/fields": Picture("the fields that are to be checked, walked one by one", fields),
    "screens/filter": Picture("a filter line while it is written", filtering),
    "screens/outbox": Picture("decisions that are held, each to be taken back or sent at once", outbox),
    "screens/reject": Picture("the reasons for rejecting, each on a digit", reasons),
    "screens/marked": Picture("what will be sent of the marked ones, what is refused, and why", marked),
    "screens/keys": Picture("the keys, and why some of them cannot be given now", keys),
    "screens/palette": Picture("commands found by their names", palette),
    "screens/narrow": Picture("one pane above the other in a window of 100 by 30", fraud, size=(100, 30)),
    "screens/light": Picture("the light theme", fraud, theme="light"),
    "screens/high-contrast": Picture("the theme of high contrast", fraud, theme="high-contrast"),
    "screens/cvd": Picture("the theme that needs no red and no green", fraud, theme="cvd"),
}


async def drawn(picture: Picture) -> str:
    """Draw what a reviewer sees there."""
    app = create_app(SandboxSettings(seed=7, scenario="busy", clock=Clock(NOON, frozen=True)))
    shown = Preferences(ages={ANY: AgeLimits(4 * 3600, 24 * 3600)})
    with tempfile.TemporaryDirectory() as downloads:
        async with (
            steve_on(app) as steve,
            console_on(steve, Path(downloads), size=picture.size, preferences=shown, hold=HOLD) as console,
        ):
            console.app.theme = picture.theme
            await console.settle()
            await picture.go(console)
            lines = [[segment for strip in line for segment in strip] for line in console.strips()]
            colors = PALETTES[picture.theme]
            ink = Ink(_OWN, colors.foreground, colors.background)
            svg = svg_of(lines, picture.size[0], ink, f"review-tui: {picture.shows}")
    app.state.sandbox.close()
    return svg


def page() -> str:
    """Return the page that shows all pictures."""
    shown = [
        f"## {one.shows[0].upper()}{one.shows[1:]}\n\n![{one.shows}]({name}.svg)"
        for name, one in PICTURES.items()
    ]
    return "# Screens\n\nThe console on its sandbox, drawn by `make picture`.\n\n" + "\n\n".join(shown) + "\n"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "screens").mkdir(exist_ok=True)
    for name, one in PICTURES.items():
        (folder / f"{name}.svg").write_text(asyncio.run(drawn(one)), encoding="utf-8")
    (folder / "screens.md").write_text(page(), encoding="utf-8")
