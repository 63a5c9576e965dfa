"""Landing: bytes that come piece by piece, kept in a new file of its owner's alone, or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_TRIES: Final = 1_000
_HEAD: Final = 16
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


class Landing:
    """A file in the making: `.part` until it is whole.

    `size` counts the bytes so far, `head` are the first few of them. Every call may raise OSError.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._part: Path | None = None
        self._handle = -1
        self.size = 0
        self.head = b""

    def open(self) -> None:
        """Begin the file, in a folder that is made where there is none."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._part, self._handle = _created(self._folder, f"{self._name}.part")

    def take(self, piece: bytes) -> None:
        """Add a piece."""
        if len(self.head) < _HEAD:
            self.head += piece[: _HEAD - len(self.head)]
        self.size += len(piece)
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(self._handle, rest) :]

    def restart(self) -> None:
        """Forget what came so far."""
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        self.size, self.head = 0, b""

    @property
    def path(self) -> Path:
        """Where it is so far."""
        assert self._part is not None
        return self._part

    def keep(self, name: str = "") -> Path:
        """Give the whole file its name, or another one, next to any that has it already."""
        assert self._part is not None
        path, placeholder = _created(self._folder, name or self._name)
        os.close(placeholder)
        try:
            self._part.replace(path)
        except BaseException:
            path.unlink()
            raise
        self._part = None
        return path

    def drop(self) -> None:
        """Close the file, and take it away where it was not kept."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        if self._part is not None:
            with suppress(OSError):
                self._part.unlink()
            self._part = None


@contextmanager
def landing(folder: Path, name: str) -> Iterator[Landing]:
    """Begin a file; what is not kept within is gone after."""
    file = Landing(folder, name)
    try:
        file.open()
        yield file
    finally:
        file.drop()


def _created(folder: Path, name: str) -> tuple[Path, int]:
    """Create a file that was not there, readable by its owner alone; the name gets a number when taken."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    for number in range(1, _TRIES):
        tried = name if number == 1 else f"{stem}-{number}{dot}{ending}"
        try:
            return folder / tried, os.open(folder / tried, _FLAGS, 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
    raise FileExistsError(errno.EEXIST, "too many files of this name")
