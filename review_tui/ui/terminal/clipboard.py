"""The clipboard: the way from here to the person's own, through tmux or the terminal, else a file."""

import asyncio
import base64
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from review_tui.model.text import clean, well_formed

OSC_52_AT_MOST: Final = 74_994
"""Characters of base64 that every terminal with OSC 52 takes; beyond them some take nothing, silently."""

AT_MOST: Final = 4 * 1024 * 1024
"""Bytes of one copy, anywhere."""

TMUX_S: Final = 2.0
"""Seconds in which tmux must have taken it."""

FILE: Final = "copied.txt"

_WITHOUT: Final = frozenset({"", "dumb", "unknown", "linux", "vt100", "vt220"})
"""What TERM says of terminals that have no clipboard."""

_FOR_TMUX: Final = frozenset({"PATH", "TMUX", "HOME", "TMUX_TMPDIR", "LANG", "LC_ALL", "LC_CTYPE"})


class Route(StrEnum):
    """The ways to a clipboard."""

    TMUX = "tmux"
    TERMINAL = "terminal"
    FILE = "file"


def route_of(environ: Mapping[str, str]) -> Route:
    """Return the way that leads from here to the clipboard of whoever sits at the terminal."""
    if environ.get("TMUX"):
        return Route.TMUX
    if environ.get("STY") or environ.get("TERM", "") in _WITHOUT:  # GNU screen hands nothing on
        return Route.FILE
    return Route.TERMINAL


def tmux_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return as much of the environment as tmux needs, and nothing that is secret."""
    return {name: value for name, value in environ.items() if name in _FOR_TMUX}


class NotCopied(Exception):  # noqa: N818 – it says that nothing was copied
    """Nothing was copied; the text says why, in clean words."""


@dataclass(frozen=True)
class Clipboard:
    """Carries texts out; `write` gives our own sequences to the terminal, `folder` is where a file may stand.

    Without a folder there is no file. What is copied goes out encoded or through a pipe, never as it is.
    """

    folder: Path | None = None
    environ: Mapping[str, str] = field(default_factory=dict)
    write: Callable[[str], None] = lambda _: None

    @property
    def route(self) -> Route:
        """The way that is taken first."""
        return route_of(self.environ)

    async def copy(self, text: str, *, to_file: bool = False) -> str:
        """Copy a text exactly and return where it went, in words; raises NotCopied."""
        data = well_formed(text).encode()
        if len(data) > AT_MOST:
            raise NotCopied(f"it is larger than {AT_MOST // 1024 // 1024} MiB")
        route = Route.FILE if to_file else self.route
        why: str | None = None
        if route is Route.TMUX:
            if (why := await _to_tmux(data, tmux_environment(self.environ))) is None:
                return "to tmux, which hands it on to its terminal"
        elif route is Route.TERMINAL:
            encoded = base64.b64encode(data).decode()
            if len(encoded) <= OSC_52_AT_MOST:
                self.write(f"\x1b]52;c;{encoded}\x07")
                return "to your terminal's clipboard (OSC 52)"
            why = "the terminal would not take so much"
        path = self._kept(data)
        return f"to {clean(str(path), cap=300)}{f' ({why})' if why else ''}"

    def _kept(self, data: bytes) -> Path:
        """Write the one file for what was copied last, its owner's alone."""
        if self.folder is None:
            raise NotCopied("there is no clipboard here, and no folder for a file")
        path, new = self.folder / FILE, self.folder / f"{FILE}.new"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            new.unlink(missing_ok=True)
            with os.fdopen(os.open(new, flags, 0o600), "wb") as file:
                file.write(data)
            new.replace(path)
        except OSError as error:
            raise NotCopied(f"the file could not be written: {error.strerror}") from None
        return path


async def _to_tmux(data: bytes, environ: Mapping[str, str]) -> str | None:
    """Give tmux a buffer that it hands on (`-w`: since 3.2); return why it did not take it, else None."""
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        child = await asyncio.create_subprocess_exec(
            "tmux", "load-buffer", "-w", "-", stdin=pipe, stdout=nowhere, stderr=nowhere, env=environ
        )
    except OSError:
        return "tmux cannot be run"
    try:
        async with asyncio.timeout(TMUX_S):
            await child.communicate(data)
    except TimeoutError:
        return "tmux did not answer"
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    return None if child.returncode == 0 else "tmux did not take it"
