"""The README's picture: the real console on the sandbox, written as an SVG by `make picture`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.state import SandboxSettings
from tests.ui.console import console_on
from tests.wire import NOON, steve_on


async def picture(size: tuple[int, int]) -> str:
    """Draw what a reviewer sees who has gone to a flagged submission's fraud matches."""
    app = create_app(SandboxSettings(seed=7, scenario="busy", clock=Clock(NOON, frozen=True)))
    with tempfile.TemporaryDirectory() as downloads:
        async with steve_on(app) as steve, console_on(steve, Path(downloads), size=size) as console:
            await console.go_to(lambda row: row.fraud_status == "flagged" and (row.fraud_score or 0) < 97)
            await console.give("approve")
            await console.until(lambda: "matched one" in console.text())
            svg = console.app.export_screenshot(title="review-tui")
    app.state.sandbox.close()
    # The font is the reader's own: a picture fetches nothing from elsewhere.
    kept = [line for line in svg.splitlines() if "url(" not in line or "clip-path" in line]
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(asyncio.run(picture((150, 34))), encoding="utf-8")
