"""What the list looked like last, in a file beside the store, for the first picture of the next start.

It is read before any library is loaded, so this imports nothing large, and needs no database.
"""

# ruff: noqa: PTH105, PTH107, PTH118, PTH119, PTH208 – pathlib takes as long to load as half of all this

import contextlib
import json
import os
import stat
from collections.abc import Callable, Mapping

_LARGEST = 256 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_DATABASE = b"SQLite format 3\0"
_OURS = b"RTUI"
_OURS_AT = 68
"""Where in a database its program's name stands; see `schema.APPLICATION_ID`."""


class LastTime:
    """The picture for one way to start: the same settings, server and key, as `identity` tells.

    `folder` is the one of the store. What cannot be read, or may be read by others, is not there; what
    cannot be kept is not kept: nobody misses it.
    """

    def __init__(self, folder: str, identity: str) -> None:
        self.folder = folder
        self._path = os.path.join(folder, f"last-{identity}.json")

    def read(self) -> object:
        """Return the picture; None where there is none, or the store that it stood beside cannot be used."""
        try:
            if not _is_own(os.lstat(self.folder), stat.S_ISDIR):
                return None
            kept = _content(self._path)
            store = os.path.join(self.folder, os.path.basename(kept["store"]))
            return kept["picture"] if _is_store(store) else None
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, store: str, picture: Mapping[str, object]) -> None:
        """Keep a picture, for its owner alone, in place of all that stood beside `store`."""
        text = json.dumps({"store": os.path.basename(store), "picture": picture})
        if len(text) > _LARGEST:
            return
        fresh = f"{self._path}.{os.getpid()}.new"
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(fresh, flags, 0o600), "w", encoding="ascii") as file:
                file.write(text)
            os.replace(fresh, self._path)
        except OSError:
            _remove(fresh)
            return
        self._forget(store, besides=self._path)

    def forget(self, store: str) -> None:
        """Forget all that stood beside `store`."""
        self._forget(store)
        _remove(self._path)

    def _forget(self, store: str, besides: str = "") -> None:
        try:
            names = os.listdir(self.folder)
        except OSError:
            return
        for name in names:
            path = os.path.join(self.folder, name)
            if not name.startswith("last-") or path == besides:
                continue
            try:
                ours = _content(path)["store"] == os.path.basename(store)
            except (OSError, ValueError, KeyError, TypeError, RecursionError):
                ours = True
            if ours:
                _remove(path)


def _content(path: str) -> dict[str, str]:
    """Return what stands in a file that is its owner's alone."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not _is_own(os.fstat(descriptor), stat.S_ISREG):
            raise ValueError(path)
        text = file.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise ValueError(path)
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError(path)
    return found


def _is_store(path: str) -> bool:
    """Whether a store stands at `path` that is the owner's alone, as far as its first bytes tell."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not _is_own(os.fstat(descriptor), stat.S_ISREG):
            return False
        head = file.read(_OURS_AT + len(_OURS))
    return head.startswith(_DATABASE) and head.endswith(_OURS)


def _is_own(found: os.stat_result, is_right: Callable[[int], bool]) -> bool:
    return is_right(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & _OTHERS


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.remove(path)
