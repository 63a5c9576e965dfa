"""The very start: what stood on the screen last time, drawn before any library is loaded.

Whether this start is like the last one is told by all that decides on server and key, unread and together.
So nothing is guessed: where anything of it has changed there is no picture. It imports nothing large.
"""

# ruff: noqa: PTH100, PTH111, PTH117, PTH118, PTH120 – pathlib takes as long to load as half of all this

import hashlib
import os
import sys
import time
from collections.abc import Mapping, Sequence

from review_tui.store.last_time import LastTime
from review_tui.ui.picture import Picture
from review_tui.ui.terminal.splash import Splash

_NAMED = ("STEVE_BASE_URL", "NO_COLOR", "TERM", "COLORTERM", "HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
_OURS = "REVIEW_TUI_"
_LONGEST = 256 * 1024
_OPTIONS = ("--profile", "--key-file")


class Start:
    """How a run began: `last_time` keeps the picture of the next, `picture` is that of the last.

    Without a terminal, with another command or without a key that is known at once there is neither.
    """

    def __init__(self, last_time: LastTime | None = None) -> None:
        self.last_time = last_time
        self.picture = Picture.of(last_time.read()) if last_time else None
        picture = self.picture
        self.splash = (
            Splash(lambda columns, lines: picture.drawn(columns, lines, time.time())) if picture else None
        )

    def end(self) -> None:
        """Give the terminal back, unless it was handed over: somebody has something to say."""
        if self.splash is not None:
            self.splash.end()


def begun(arguments: Sequence[str], environ: Mapping[str, str]) -> Start:
    """Begin a run: where it opens the console, show the picture of the last time."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
        return Start()
    start = Start(last_time_of(arguments, environ))
    if start.splash is not None:
        start.splash.show()
    return start


def last_time_of(arguments: Sequence[str], environ: Mapping[str, str]) -> LastTime | None:
    """Return where the picture of starts like this one is kept; None for runs that have none."""
    options = _options(arguments)
    try:
        found = None if options is None else _found(options, environ)
    except (OSError, ValueError, TypeError, AttributeError):
        return None
    return LastTime(*found) if found else None


def _options(arguments: Sequence[str]) -> dict[str, str] | None:
    """Return the options of a run that opens the console on a server; None for every other run."""
    options: dict[str, str] = {}
    left = list(arguments)
    while left:
        name, given, value = left.pop(0).partition("=")
        if name not in _OPTIONS or not (given or left):
            return None
        options[name] = value if given else left.pop(0)
    return None if options.get("--key-file") == "-" else options


def _found(options: Mapping[str, str], environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the folder for what is kept and what this start is like; None without a key."""
    home = environ.get("HOME") or os.path.expanduser("~")
    ours = os.path.join(_folder(environ, "XDG_CONFIG_HOME", home, ".config"), "review-tui")
    named = environ.get(f"{_OURS}CONFIG", "").strip()
    config = _content(os.path.expanduser(named) if named else os.path.join(ours, "config.toml"))
    key = environ.get("STEVE_API_KEY", "").encode()
    state = os.path.join(_folder(environ, "XDG_STATE_HOME", home, ".local", "state"), "review-tui")
    chosen: Mapping[str, str] = {}
    if b"key_file" in config or b"state" in config:
        chosen = _chosen(config, options.get("--profile") or environ.get(f"{_OURS}PROFILE", "").strip())
    beside = os.path.dirname(os.path.expanduser(named)) if named else ours
    if "--key-file" in options:
        key = _content(options["--key-file"])
    elif not key:
        given = environ.get("STEVE_API_KEY_FILE", "").strip()
        configured = (
            os.path.join(beside, os.path.expanduser(chosen["key_file"])) if "key_file" in chosen else ""
        )
        key = _content(given or configured or os.path.join(ours, "key"))
    if not key:
        return None
    if "state" in chosen:
        state = os.path.join(beside, os.path.expanduser(chosen["state"]))
    state = os.path.expanduser(environ.get(f"{_OURS}STATE", "").strip()) or state
    around = sorted(
        (name, value) for name, value in environ.items() if name in _NAMED or name.startswith(_OURS)
    )
    told = repr((sorted(options.items()), around, config, key)).encode()
    return os.path.abspath(state), hashlib.sha256(told).hexdigest()[:32]


def _folder(environ: Mapping[str, str], name: str, home: str, *usual: str) -> str:
    named = environ.get(name, "").strip()
    return named if os.path.isabs(named) else os.path.join(home, *usual)


def _chosen(config: bytes, profile: str) -> Mapping[str, str]:
    """Return the settings of the configuration that decide where something is, those of the profile first."""
    import tomllib

    said = tomllib.loads(config.decode("utf-8-sig"))
    own = said.get("profiles", {}).get(profile or said.get("profile"), {})
    return {
        name: str((own if name in own else said)[name])
        for name in ("key_file", "state")
        if name in {**said, **own}
    }


def _content(path: str) -> bytes:
    """Return what stands in a file, nothing where there is none."""
    try:
        descriptor = os.open(
            os.path.expanduser(path), os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        )
    except OSError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        return file.read(_LONGEST)
