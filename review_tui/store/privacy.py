"""Whose the store's folder and file are: the person's alone, or they are not used."""

import os
import stat
from pathlib import Path
from typing import Final

from review_tui.model.text import clean
from review_tui.store.errors import StoreUnusable

BESIDE: Final = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file while it is open, and after a crash."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def private_folder(folder: Path) -> None:
    """Make `folder` for its owner alone, or refuse one that is not; raises StoreUnusable and OSError.

    Nobody else can put anything into such a folder, so what is looked at in it stays what it was.
    """
    if not folder.parent.is_dir():
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        folder.chmod(0o700)  # whatever the umask took away
    _own(folder, folder.lstat(), "folder", 0o700)


def private_file(path: Path) -> bool:
    """Say whether there is a store at `path`; raises StoreUnusable unless all of it is the owner's alone.

    It is looked at, never opened: closing any descriptor of a file drops the locks that SQLite holds on it.
    """
    # In this order: another program that makes it now has the file before it has what is beside it.
    beside = [name for name in BESIDE if _is_private(path.with_name(path.name + name))]
    there = _is_private(path)
    if beside and not there:
        lost = clean(f"{path.name}{beside[0]}", cap=200)
        raise StoreUnusable(
            "the store's file is gone, what was written last is still there",
            f"Restore the file, or put {lost} aside: {clean(str(path), cap=300)}",
        )
    return there


def _is_private(path: Path) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    _own(path, found, "file", 0o600)
    return True


def _own(path: Path, found: os.stat_result, what: str, mode: int) -> None:
    name = clean(str(path), cap=300)
    if stat.S_ISLNK(found.st_mode):
        raise StoreUnusable(f"the store's {what} is a link", f"Name the {what} itself: {name}")
    right = stat.S_ISDIR(found.st_mode) if what == "folder" else stat.S_ISREG(found.st_mode)
    if not right:
        raise StoreUnusable(f"the store's {what} is not a {what}", name)
    if found.st_uid != os.geteuid():
        raise StoreUnusable(f"the store's {what} belongs to somebody else", name)
    if found.st_mode & _OTHERS:
        raise StoreUnusable(f"the store's {what} is open to others", f"chmod {mode:o} {name}")
    if not os.access(path, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise StoreUnusable(f"the store's {what} cannot be written", f"chmod {mode:o} {name}")
