"""Screens as text files: compared in tests, written anew by `make screens`."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "screens"
WRITE = "REVIEW_TUI_WRITE_SCREENS"
"""Environment variable under which the files are written instead of compared."""


def assert_screen(name: str, text: str) -> None:
    """Compare a screen with its file; to accept a change, run `make screens` and read the difference."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get(WRITE):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    assert path.exists(), f"{path.name} is missing: make screens writes it"
    assert text == path.read_text(encoding="utf-8"), f"{path.name} has changed; make screens writes it anew"
