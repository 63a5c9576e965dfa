"""Screens kept as text: what the console looks like, compared letter by letter."""

import os
from pathlib import Path

SCREENS = Path(__file__).parent / "screens"

HOW = "run `make screens` to keep the new ones, and look at what changed"


def compare_screen(name: str, text: str) -> None:
    """Compare a screen with the kept one; writes it instead where SCREENS=write is in the environment."""
    kept = SCREENS / f"{name}.txt"
    if os.environ.get("SCREENS") == "write":
        SCREENS.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
        return
    assert kept.exists(), f"no screen is kept under {name}: {HOW}"
    before = kept.read_text(encoding="utf-8")
    assert text == before, f"{name} looks different: {HOW}"
