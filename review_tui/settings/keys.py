"""Where the key may come from: the environment, or a file that nobody but its owner can read."""

import errno
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from review_tui.client.addresses import is_key
from review_tui.client.redaction import hidden
from review_tui.model.frozen import frozen
from review_tui.model.secret import Secret
from review_tui.model.text import clean
from review_tui.settings.errors import BadSettings

API_KEY: Final = "STEVE_API_KEY"
KEY_FILE: Final = "STEVE_API_KEY_FILE"

LONGEST: Final = 1024
"""Bytes that are read where a key is expected: one that a header can carry has 512 at most."""


@frozen
class KeySource:
    """Where a key came from: `brief` stands beside its end, `check` is what to look at when it is refused."""

    brief: str
    check: str


@frozen
class ApiKey:
    """A key and where it came from."""

    secret: Secret
    source: KeySource


@frozen
class NamedFile:
    """A file and who named it."""

    path: Path
    named: str


ENVIRONMENT: Final = KeySource("env", API_KEY)


def find_key(environ: Mapping[str, str], configured: NamedFile | None = None) -> ApiKey | None:
    """Return the key of the environment, else of the file it names, else of the one that is `configured`.

    Else of the file in its usual place. None where there is none of these; raises BadSettings where one
    cannot be used: the next is not tried.
    """
    if text := environ.get(API_KEY, ""):
        return ApiKey(checked_key(text, API_KEY), ENVIRONMENT)
    if named := environ.get(KEY_FILE, "").strip():
        return key_in(Path(named).expanduser(), KEY_FILE)
    if configured is not None:
        return key_in(configured.path, configured.named)
    usual = usual_key_file(environ)
    return key_in(usual, "the key's file") if os.path.lexists(usual) else None


def usual_key_file(environ: Mapping[str, str]) -> Path:
    """Return where the key's file is looked for when nothing names one."""
    return settings_folder(environ) / "key"


def settings_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder for what a person sets up once."""
    home = Path(environ.get("XDG_CONFIG_HOME", "").strip())
    if not home.is_absolute():  # as the convention has it
        home = Path(environ.get("HOME") or Path.home()) / ".config"
    return home / "review-tui"


def key_in(path: Path, named: str) -> ApiKey:
    """Read the key in a file that is its owner's alone; raises BadSettings, which says who `named` it."""
    if hidden(path.name) != path.name:
        raise BadSettings(f"{named}: that is a key, not the name of a file; whoever saw it can use it")
    where = clean(str(path), cap=300)
    try:
        # Without O_NONBLOCK a named pipe would keep us waiting for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise BadSettings(f"{named}: {where}: {_trouble(error)}") from None
    try:
        if wrong := _why_not_private(os.fstat(descriptor), where):
            raise BadSettings(f"{named}: {where}: {wrong}")
        content = os.read(descriptor, LONGEST + 1)
    except OSError as error:
        raise BadSettings(f"{named}: {where}: {_trouble(error)}") from None
    finally:
        os.close(descriptor)
    return ApiKey(key_of(content, f"{named}: {where}"), KeySource("file", where))


def key_of(content: bytes, named: str) -> Secret:
    """Return the key that is all of `content` but its line end; raises BadSettings, naming the place."""
    if not content.strip():
        raise BadSettings(f"{named}: it is empty")
    if len(content) > LONGEST:
        raise BadSettings(f"{named}: it is too long for a key")
    return checked_key(content.decode("ascii", errors="replace").strip(), named)


def checked_key(text: str, named: str) -> Secret:
    """Return `text` as a key; raises BadSettings, which does not repeat it, where no header can carry it."""
    if not is_key(text):
        raise BadSettings(f"{named} cannot be a key: it holds spaces, line ends or unprintable characters")
    return Secret(text)


def _why_not_private(found: os.stat_result, where: str) -> str | None:
    if not stat.S_ISREG(found.st_mode):
        return "it is not a file"
    if found.st_uid != os.geteuid():
        return "it belongs to somebody else"
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return f"it is open to others; chmod 600 {where}, and think of replacing the key"
    return None


def _trouble(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return "there can be no such file"
    if error.errno == errno.ELOOP:
        return "it is a link; name the file itself"
    return clean(error.strerror or type(error).__name__, cap=200)
