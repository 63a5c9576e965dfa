"""Why something was not kept: one class per thing that whoever wanted to keep it would do differently."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.records import Record
from review_tui.model.text import clean


class NotKept(Exception):  # noqa: N818 – it says what happened: it is not kept
    """It was not written, and nothing else was changed; `failure` says why in clean words.

    ```text
    NotKept
    ├── NothingKept     there is no store yet, and none was to be made
    ├── StoreUnusable   the file cannot be used now: full, read-only, locked, damaged, newer, not private
    ├── AlreadyOpen     another decision on the same submission is open
    └── AlreadyMoved    the decision itself has moved on elsewhere: taken back, sent by another console
    ```
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.title)
        self.failure = failure


class NothingKept(NotKept):
    """There is no store at the place that was named."""

    def __init__(self, path: Path) -> None:
        title = "nothing was ever kept here for this server and key"
        super().__init__(Failure(FailureKind.NOT_FOUND, title, _name(path)))


class StoreUnusable(NotKept):
    """The store cannot be read or written; its file is left as it is."""

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__(Failure(FailureKind.LOCAL, title, hint))


class AlreadyOpen(NotKept):
    """Another decision on the same submission is open, here or in another console of the same person."""

    def __init__(self, standing: Record) -> None:
        super().__init__(Failure(FailureKind.CONFLICT, "a decision on this submission is under way"))
        self.standing = standing


class AlreadyMoved(NotKept):
    """The decision cannot go where it was told to: `standing` is how it is kept."""

    def __init__(self, standing: Record, why: str) -> None:
        super().__init__(Failure(FailureKind.CONFLICT, why))
        self.standing = standing


_LEFT_AS_IT_IS: Final = "It was left as it is; put it aside or restore it from a copy"
_OF_CODE: Final = {
    sqlite3.SQLITE_FULL: ("no space is left for the store", "Free some space on its disk"),
    sqlite3.SQLITE_READONLY: ("the store can only be read", "Make its folder and file writable for you"),
    sqlite3.SQLITE_PERM: ("the store may not be used", "Make its folder and file writable for you"),
    sqlite3.SQLITE_AUTH: ("the store may not be used", "Make its folder and file writable for you"),
    sqlite3.SQLITE_BUSY: ("the store is locked by another program", "End what holds it, or wait"),
    sqlite3.SQLITE_LOCKED: ("the store is locked by another program", "End what holds it, or wait"),
    sqlite3.SQLITE_CORRUPT: ("the store is damaged", _LEFT_AS_IT_IS),
    sqlite3.SQLITE_NOTADB: ("the store is damaged", _LEFT_AS_IT_IS),
    sqlite3.SQLITE_CANTOPEN: ("the store cannot be opened", "Look at its folder and the rights on it"),
    sqlite3.SQLITE_IOERR: ("the store's disk fails", "Look at the disk and the space that is left on it"),
}


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system raise about the file at `path` into StoreUnusable."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        title, hint = _OF_CODE.get(code, (f"the store fails: {clean(str(error), cap=200)}", _LEFT_AS_IT_IS))
        raise StoreUnusable(title, f"{hint}: {_name(path)}") from error
    except OSError as error:
        why = clean(error.strerror or type(error).__name__, cap=200)
        raise StoreUnusable(f"the store cannot be used: {why}", _name(path)) from error


def damaged(path: Path, what: str) -> StoreUnusable:
    """Return that the file at `path` holds what cannot be read."""
    return StoreUnusable(f"the store is damaged: {clean(what, cap=200)}", f"{_LEFT_AS_IT_IS}: {_name(path)}")


def _name(path: Path) -> str:
    return clean(str(path), cap=300)
