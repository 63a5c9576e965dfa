"""The programs that are measured beside each other, and how each is started, moved in and left."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_ECHO = """
import os, tty
tty.setraw(0)
os.write(1, b"\\x1b[2J\\x1b[Hready")
place = 0
while b"q" not in (keys := os.read(0, 4096)):
    for _ in keys:
        place += 1
        os.write(1, b"\\x1b[3;%dHx" % (1 + place % 100))
os.write(1, b"\\x1b[?1049l")
"""


_LOADED: Final = r"(?:older ones left[^\n]*\n[^\n]*1 review ≥|1 review =)([\d,]+)"
"""All rows, or as many as are loaded unasked."""

_FROM_THE_TOP: Final = ((b"1", r"\[1 review"), (b"g", ""))
_LIST_ALONE: Final = ((b"v", "one pane"),)


@dataclass(frozen=True)
class Program:
    """A program in a terminal.

    `ready` is what its screen matches when it can be worked with, `loaded` when all rows are there, counted
    by its group. `prepare` are the keys that bring the list and its preview up, each pressed until what it is
    to show is there. `following` and `page` go to the next row and the next page, `views` are keys by what
    their last one does to all rows, and `leave` ends it. In a `mute` terminal no question is answered.
    """

    name: str
    command: tuple[str, ...]
    ready: str
    env: Mapping[str, str] = field(default_factory=dict)
    loaded: str = ""
    prepare: tuple[tuple[bytes, str], ...] = ()
    following: bytes = b"j"
    page: bytes = b"\x1b[6~"
    views: Mapping[str, bytes] = field(default_factory=dict)
    leave: bytes = b"q"
    quiet: float = 0.12
    mute: bool = False


def surroundings(home: Path) -> dict[str, str]:
    """Return an environment in which nobody's own settings count."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def console(
    name: str,
    server: Mapping[str, str],
    folder: Path,
    *,
    preview: bool = True,
    stock: bool = False,
    mute: bool = False,
) -> Program:
    """Return the console on a server, with a state folder of its own under `folder`.

    Without a preview the list has the window; with `stock` Textual's own driver draws; a `mute` terminal
    answers nothing, so that no frame waits for it.
    """
    return Program(
        name,
        (sys.executable, "-m", "review_tui", *(("--driver", "stock") if stock else ())),
        ready=r"Overview[^│]*Events \d+" if preview else r"● live",
        env={
            **server,
            "REVIEW_TUI_STATE": str(folder / name.replace(" ", "-")),
            "REVIEW_TUI_CONFIG": os.devnull,
        },
        loaded=_LOADED,
        prepare=(*_FROM_THE_TOP, *(() if preview else _LIST_ALONE)),
        views={"sort": b"3", "unsort": b"1", "filter": b"/ma", "unfilter": b"\x1b1"},
        mute=mute,
    )


def echo() -> Program:
    """Return a program that does nothing but write eight bytes for each key: what is least."""
    return Program("echo", (sys.executable, "-I", "-S", "-c", _ECHO), ready="ready")


def peers(folder: Path) -> list[Program]:
    """Return those of the peers that are installed, on the data in a folder."""
    repository = str(folder / "repository")
    known = [
        Program(
            "mutt",
            ("mutt", "-F", str(folder / "muttrc"), "-f", str(folder / "mailbox")),
            ready=r"\[000",
        ),
        Program(
            "tig",
            ("tig", "-C", repository),
            ready=r"\[0\d{5}\]",
            prepare=((b"\r", r"Author:"),),
            following=b"\x1bOB",
            leave=b"Q",
        ),
        Program(
            "lazygit",
            ("lazygit", "-p", repository),
            ready=r"\[0\d{3}",
            prepare=((b"4", r"Author:"),),
            quiet=0.25,
        ),
    ]
    return [program for program in known if shutil.which(program.command[0])]


def posting(folder: Path) -> Program | None:
    """Return a large program on the same library, on nothing; None where it is not installed."""
    if not shutil.which("posting"):
        return None
    collection = folder / "requests"
    collection.mkdir(exist_ok=True)
    return Program("posting", ("posting", "--collection", str(collection)), ready="Send", leave=b"\x03")
