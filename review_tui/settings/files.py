"""The configuration file as it is found: where it is, whether it can be trusted, its lines."""

import errno
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from review_tui.client.redaction import hidden
from review_tui.model.text import clean
from review_tui.settings.errors import BadSettings
from review_tui.settings.keys import settings_folder

CONFIG: Final = "REVIEW_TUI_CONFIG"

LARGEST: Final = 256 * 1024
"""Bytes of a file that is read."""

_STATEMENT: Final = 100
"""Lines that one value may take up; behind a longer one no lines are told."""

_AT: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

Place = tuple[str | int, ...]
"""Where a value stands: keys, and the numbers of tables that are repeated."""


@dataclass(frozen=True)
class ConfigText:
    """A file that was read: `data` is what its TOML says; an empty one where there is no file."""

    path: Path | None = None
    text: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _lines(self) -> Mapping[Place, int]:
        return lines_of(self.text)

    def line(self, place: Place) -> int | None:
        """Return the line on which a value, or else the table around it, stands; counted from 1."""
        for length in range(len(place), 0, -1):
            if (line := self._lines.get(place[:length])) is not None:
                return line
        return None

    def where(self, place: Place = ()) -> str:
        """Return the file and the line of a value as one may click on it: `config.toml:12`."""
        name = shown(self.path) if self.path else ""
        line = self.line(place)
        return name if line is None else f"{name}:{line}"


def shown(path: Path) -> str:
    """Return a path that is safe to show."""
    return clean(hidden(str(path)), cap=300)


def config_path(environ: Mapping[str, str]) -> Path:
    """Return where the configuration file is, or would be."""
    named = environ.get(CONFIG, "").strip()
    return Path(named).expanduser().absolute() if named else settings_folder(environ) / "config.toml"


def read_text(environ: Mapping[str, str]) -> ConfigText:
    """Read the file; raises BadSettings. None need be there, unless the environment names it."""
    path = config_path(environ)
    named = bool(environ.get(CONFIG, "").strip())
    if path == Path(os.devnull) or not (named or os.path.lexists(path)):
        return ConfigText()
    content = _content(path, f"{CONFIG}: {shown(path)}" if named else shown(path))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadSettings(f"{shown(path)}:{line}: it is not UTF-8") from None
    try:
        return ConfigText(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(_not_toml(path, text, str(error))) from None
    except RecursionError:
        raise BadSettings(f"{shown(path)}: it is nested too deeply") from None


def _content(path: Path, where: str) -> bytes:
    try:
        # Without O_NONBLOCK a named pipe would keep us waiting for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise BadSettings(f"{where}: {_trouble(error)}") from None
    try:
        if wrong := _why_not_trusted(os.fstat(descriptor)):
            raise BadSettings(f"{where}: {wrong}")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise BadSettings(f"{where}: {_trouble(error)}") from None
    finally:
        os.close(descriptor)


def _why_not_trusted(found: os.stat_result) -> str | None:
    """Say why the file is not read: whoever may write it chooses where the key is sent."""
    if stat.S_ISDIR(found.st_mode):
        return "it is a folder"
    if not stat.S_ISREG(found.st_mode):
        return "it is not a file"
    if found.st_uid not in {os.geteuid(), 0}:
        return "it belongs to somebody else, who could send your key anywhere"
    if found.st_mode & stat.S_IWOTH:
        return "everybody may write it, and so send your key anywhere; chmod o-w it"
    if found.st_size > LARGEST:
        return f"it is larger than {LARGEST // 1024} KiB"
    return None


def _trouble(error: OSError | ValueError) -> str:
    if not isinstance(error, OSError):
        return "there can be no such file"
    if error.errno == errno.ENOENT:
        return "there is no such file; review-tui config init writes one"
    return clean(error.strerror or type(error).__name__, cap=200)


def _not_toml(path: Path, text: str, said: str) -> str:
    """Return what is wrong with TOML; its parser quotes single characters at most."""
    at = _AT.search(said)
    words = clean(said[: at.start()] if at else said, cap=200)
    words = words[:1].lower() + words[1:]
    line = int(at[1]) if at and at[1] else max(1, len(text.splitlines()))
    column = f", character {at[2]}" if at and at[2] else ""
    return f"{shown(path)}:{line}: {hidden(words)}{column}"


def lines_of(text: str) -> Mapping[Place, int]:
    """Return the line on which each value and table begins, of a text that is TOML.

    Lines are gathered until they are TOML by themselves: then they are one statement.
    """
    found: dict[Place, int] = {}
    around: Place = ()
    counts: dict[Place, int] = {}
    gathered: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        gathered.append(line)
        try:
            said = tomllib.loads("\n".join(gathered) + "\n")
        except tomllib.TOMLDecodeError:
            if len(gathered) > _STATEMENT:
                return found
            continue
        begins, first, gathered = gathered[0].lstrip(), number - len(gathered) + 1, []
        if not said:
            continue
        if begins.startswith("["):
            around = _table(said, counts, again=begins.startswith("[["))
            found.setdefault(around, first)
            if isinstance(around[-1], int):
                found.setdefault(around[:-1], first)
        else:
            for place in _places(said):
                found.setdefault((*around, *place), first)
    return found


def _table(said: Mapping[str, Any], counts: dict[Place, int], *, again: bool) -> Place:
    """Return where the values behind a header stand; `counts` knows how often each header came."""
    place: Place = ()
    inside: Any = said
    while inside:
        if isinstance(inside, list):
            inside = inside[0]
            continue
        name, inside = next(iter(inside.items()))
        place = (*place, name)
        last = not inside or inside == [{}]
        if again and last:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _places(said: Any) -> list[Place]:
    """Return where all that a statement says stands, the outer before the inner."""
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    found: list[Place] = []
    for name, value in inner:
        found += [(name,), *((name, *rest) for rest in _places(value))]
    return found
