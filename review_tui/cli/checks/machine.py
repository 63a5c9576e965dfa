"""This machine as the doctor sees it: what is kept here and on which disk, and which versions run."""

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from review_tui.cli.checks.finding import Finding, State
from review_tui.cli.exits import Exit, exit_of
from review_tui.model.decisions import Stage
from review_tui.settings.files import shown
from review_tui.store.errors import NothingKept, NotKept
from review_tui.store.journal import Store

ROOM_MB: Final = 100
"""Megabytes that should be free where decisions are kept."""

_MB: Final = 1_000_000
_PACKAGES: Final = ("review-tui", "textual", "httpx", "pydantic")


def store_findings(path: Path) -> Iterator[Finding]:
    """Open the store at `path`, read its whole log, and look at the room around it; makes none."""
    try:
        with closing(Store.open(path, create=False)) as store:
            yield _log(store)
            yield from _waiting(store)
    except NothingKept:
        yield Finding("store", f"nothing is kept yet: {shown(path)}")
    except NotKept as error:
        failure = error.failure
        yield Finding("store", failure.title, State.BAD, failure.hint or "", exit_of(failure))
    yield _room(path)


def _log(store: Store) -> Finding:
    broken, head = store.verify(), store.head()
    size = sum(part.stat().st_size for part in store.path.parent.glob(f"{store.path.name}*"))
    if broken is not None:
        advice = "somebody changed what was written; see review-tui audit verify, and ask who did"
        words = f"entry {broken} of the audit log is not as it was written"
        return Finding("store", words, State.BAD, advice, Exit.REFUSED)
    count = head.count if head else 0
    return Finding(
        "store", f"{count} entries, each as it was written; {size / _MB:.1f} MB; {shown(store.path)}"
    )


def _waiting(store: Store) -> Iterator[Finding]:
    stages = [record.stage for record in store.open_records()]
    if held := stages.count(Stage.HELD):
        words = f"{held} decided and not sent"
        yield Finding("outbox", words, State.WARN, "review-tui outbox list, and send or drop them")
    if unknown := stages.count(Stage.UNKNOWN):
        words = f"{unknown} with an unknown outcome"
        yield Finding("outbox", words, State.WARN, "look at them before you decide again; the console does")


def _room(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.is_dir())
    try:
        free = shutil.disk_usage(folder).free / _MB
    except OSError as error:
        return Finding("disk", f"{shown(folder)}: {error.strerror}", State.WARN)
    if free >= ROOM_MB:
        return Finding("disk", f"{free / 1000:.1f} GB free" if free >= 1000 else f"{free:.0f} MB free")
    advice = "free some: on a full disk nothing can be decided"
    return Finding("disk", f"{free:.0f} MB free at {shown(folder)}", State.WARN, advice)


def versions() -> Finding:
    """Name what runs here."""
    named = [f"{package} {_version(package)}" for package in _PACKAGES]
    named += [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    return Finding("versions", ", ".join(named))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"
