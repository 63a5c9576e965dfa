"""The terminal as the doctor sees it: what it can show, what stands between, how fast it answers."""

import os
import select
import subprocess
import sys
import termios
import time
import tty
from collections.abc import Iterator, Mapping
from typing import Final

from review_tui.cli.checks.finding import Finding, State
from review_tui.model.text import clean
from review_tui.ui.terminal.clipboard import FILE, Route, route_of, tmux_environment

SMALLEST: Final = (80, 24)
"""Columns and lines in which the console can be read whole."""

ANSWER_S: Final = 1.0
"""Seconds in which a terminal must have answered."""

SLOW_MS: Final = 150
ESCAPE_MS: Final = 100
"""Milliseconds for which tmux may hold an Escape back."""

_ASK: Final = b"\x1b[5n"
_ANSWER: Final = b"\x1b[0n"
_TMUX_S: Final = 2.0


def terminal_findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Look at the terminal, and at tmux and SSH where they are on the way."""
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    yield _kind(environ, at_terminal=at_terminal)
    yield _colors(environ)
    yield _characters(environ)
    if at_terminal:
        yield _answering()
    if environ.get("TMUX"):
        yield from _tmux(environ)
    yield _clipboard(environ, at_terminal=at_terminal)
    yield _way(environ)


def _kind(environ: Mapping[str, str], *, at_terminal: bool) -> Finding:
    if not at_terminal:
        return Finding("terminal", "none here; the console needs one, the other commands do not")
    name = clean(environ.get("TERM", ""), cap=60)
    if name in {"", "dumb", "unknown"}:
        advice = "set TERM to what your terminal is, such as xterm-256color"
        return Finding("terminal", f"TERM is {name or 'not set'}", State.BAD, advice)
    columns, lines = os.get_terminal_size(sys.stderr.fileno())
    words = f"{name}, {columns} × {lines}"
    if columns < SMALLEST[0] or lines < SMALLEST[1]:
        advice = f"make it {SMALLEST[0]} × {SMALLEST[1]} at least"
        return Finding("terminal", f"{words}, too small to show everything", State.WARN, advice)
    return Finding("terminal", words)


def _colors(environ: Mapping[str, str]) -> Finding:
    if environ.get("NO_COLOR"):
        return Finding("colours", "none, for NO_COLOR is set")
    if environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"}:
        return Finding("colours", "16 million")
    if environ.get("TERM", "").rpartition("-")[2] in {"256color", "kitty"}:  # those that Rich knows
        return Finding("colours", "256")
    return Finding("colours", "16; so the theme is terminal, whatever is chosen")


def _characters(environ: Mapping[str, str]) -> Finding:
    named = next(filter(None, (environ.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    if "utf8" in named.lower().replace("-", ""):
        return Finding("characters", "UTF-8")
    words = f"not UTF-8 by {clean(named, cap=60)}" if named else "neither LANG nor LC_CTYPE says UTF-8"
    return Finding("characters", words, State.WARN, "export LANG=C.UTF-8, or your own language's")


def _answering() -> Finding:
    """Ask the terminal whether it is well; what it says meanwhile does not reach the shell."""
    try:
        taken = asked_terminal()
    except (OSError, termios.error) as error:
        words = clean(str(getattr(error, "strerror", None) or error), cap=100)
        return Finding("answers", f"the terminal could not be asked: {words}", State.WARN)
    if taken is None:
        advice = "a terminal that answers late can be typed at all the same; is the connection very slow?"
        return Finding("answers", f"none within {ANSWER_S:.0f} s", State.WARN, advice)
    slow = taken * 1000 > SLOW_MS
    advice = "the way to this terminal is slow, every key takes that long" if slow else ""
    return Finding("answers", f"after {taken * 1000:.0f} ms", State.WARN if slow else State.OK, advice)


def asked_terminal() -> float | None:
    """Return the seconds until the terminal answers, None if it does not; raises OSError, termios.error."""
    descriptor = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        if os.tcgetpgrp(descriptor) != os.getpgrp():
            raise OSError(0, "we are in the background")
        before = termios.tcgetattr(descriptor)
        try:
            tty.setraw(descriptor, termios.TCSAFLUSH)
            return _until_answered(descriptor)
        finally:
            termios.tcsetattr(descriptor, termios.TCSAFLUSH, before)
    finally:
        os.close(descriptor)


def _until_answered(descriptor: int) -> float | None:
    began = time.monotonic()
    os.write(descriptor, _ASK)
    heard = b""
    while (left := began + ANSWER_S - time.monotonic()) > 0:
        if not select.select([descriptor], [], [], left)[0]:
            return None
        heard = (heard + os.read(descriptor, 1024))[-4096:]
        if _ANSWER in heard:
            return time.monotonic() - began
    return None


def _tmux(environ: Mapping[str, str]) -> Iterator[Finding]:
    options = {
        name: _tmux_option(name, environ) for name in ("escape-time", "set-clipboard", "default-terminal")
    }
    if None in options.values():
        yield Finding("tmux", "it does not say how it is set up", State.WARN, "is tmux in your PATH?")
        return
    late = options["escape-time"] or ""
    if late.isdecimal() and int(late) > ESCAPE_MS:
        advice = "in ~/.tmux.conf: set -s escape-time 20"
        yield Finding("tmux", f"escape-time is {late} ms: Escape comes late", State.WARN, advice)
    else:
        yield Finding("tmux", f"escape-time is {late} ms")
    if options["set-clipboard"] == "off":
        advice = "in ~/.tmux.conf: set -s set-clipboard external"
        yield Finding("tmux", "set-clipboard is off: what is copied stays in tmux", State.WARN, advice)
    else:
        yield Finding("tmux", f"set-clipboard is {options['set-clipboard']}")
    kind = options["default-terminal"] or ""
    if "256color" not in kind and "direct" not in kind:
        advice = "in ~/.tmux.conf: set -s default-terminal tmux-256color"
        yield Finding("tmux", f"default-terminal is {kind}: few colours", State.WARN, advice)
    else:
        yield Finding("tmux", f"default-terminal is {kind}")


def _tmux_option(name: str, environ: Mapping[str, str]) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603 – our own words
            ["tmux", "show", "-gv", name],  # noqa: S607 – the one that is in use here
            env=tmux_environment(environ),
            capture_output=True,
            timeout=_TMUX_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return clean(done.stdout.decode(errors="replace").strip(), cap=60)


def _clipboard(environ: Mapping[str, str], *, at_terminal: bool) -> Finding:
    route = route_of(environ)
    if route is Route.TMUX:
        return Finding("clipboard", "through tmux, which hands it on to its terminal")
    if not at_terminal:
        return Finding("clipboard", "no terminal here to copy with")
    if route is Route.TERMINAL:
        words = "by OSC 52, which your terminal may refuse without a word"
        return Finding("clipboard", words, advice="copy something with y and paste it elsewhere to see")
    return Finding("clipboard", f"this terminal has none: what is copied goes into {FILE}, beside the store")


def _way(environ: Mapping[str, str]) -> Finding:
    connection = environ.get("SSH_CONNECTION", "").split()
    if not connection:
        return Finding("connection", "none, this is the machine itself")
    return Finding("connection", f"over SSH from {clean(connection[0], cap=60)}")
