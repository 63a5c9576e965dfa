"""The store's tables, and how a file comes from nothing or an older version to this one."""

import contextlib
import os
import secrets
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from review_tui.store.errors import StoreUnusable, damaged

APPLICATION_ID: Final = 0x52545549
"""What tells our files from any other program's: `RTUI`."""

BUSY_S: Final = 2.0
"""Seconds that one waits for another that is writing."""

CHECK_S: Final = 0.2
"""Seconds that looking for damage may take; the open decisions are looked at first."""

MIGRATIONS: Final[Sequence[Sequence[str]]] = (
    (
        """CREATE TABLE records (
            request_id TEXT PRIMARY KEY,
            submission_id TEXT NOT NULL,
            stage TEXT NOT NULL,
            is_open INTEGER NOT NULL,
            changed_at TEXT NOT NULL,
            body TEXT NOT NULL
        ) WITHOUT ROWID""",
        """CREATE UNIQUE INDEX one_open
            ON records (submission_id, coalesce(json_extract(body, '$.match_id'), '')) WHERE is_open""",
        "CREATE INDEX by_stage ON records (stage, changed_at)",
        "CREATE TABLE audit (number INTEGER PRIMARY KEY, entry TEXT NOT NULL, hash TEXT NOT NULL)",
        """CREATE TABLE head (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            count INTEGER NOT NULL,
            hash TEXT NOT NULL
        )""",
        "INSERT INTO head (one, count, hash) VALUES (1, 0, '')",
        """CREATE TRIGGER audit_is_appended BEFORE INSERT ON audit
            WHEN NEW.number <> (SELECT count FROM head) + 1
            BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END""",
        """CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END""",
        """CREATE TRIGGER audit_stays BEFORE DELETE ON audit
            BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END""",
        """CREATE TRIGGER head_goes_forward BEFORE UPDATE ON head WHEN NEW.count <> OLD.count + 1
            BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END""",
        """CREATE TRIGGER head_stays BEFORE DELETE ON head
            BEGIN SELECT RAISE(ABORT, 'the audit log is only ever appended to'); END""",
    ),
    (
        "CREATE TABLE memory (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE notebook (
            kind TEXT NOT NULL,
            about TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (kind, about)
        ) WITHOUT ROWID""",
        """CREATE TABLE merchants (
            merchant TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (merchant, number)
        ) WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE jobs (
            system TEXT NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (system, id)
        ) WITHOUT ROWID""",
    ),
)
"""What leads from each version to the next; the version of a file is how many of them it has seen."""

VERSION: Final = len(MIGRATIONS)


def connected(path: Path) -> sqlite3.Connection:
    """Open the file that is at `path`; each commit is on the disk when it returns."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )
    # Text that somebody spoilt is still read, so that it can be named.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def make(path: Path) -> None:
    """Put an empty store at `path`, whole or not at all; one that is there meanwhile is left as it is."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    try:
        fresh.chmod(0o600)  # whatever the umask took away
        with contextlib.closing(connected(fresh)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection, path)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file to this version, all steps or none; raises StoreUnusable as `version_of` does."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection, path)
        for step in MIGRATIONS[version:]:
            for statement in step:
                connection.execute(statement)
        if version < VERSION:
            connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def look_for_damage(connection: sqlite3.Connection, path: Path) -> None:
    """Read the file as far as there is time for it; raises StoreUnusable where it is damaged."""
    end = time.monotonic() + CHECK_S
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 10_000)
    try:
        for what in ("records", "1"):
            (found,) = connection.execute(f"PRAGMA quick_check({what})").fetchone()
            if found != "ok":
                raise damaged(path, str(found))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        connection.set_progress_handler(None, 0)


def version_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return how many migrations the file has seen; raises StoreUnusable if it is newer or not ours."""
    if _number(connection, "application_id") != APPLICATION_ID:
        raise damaged(path, "it is no store of review-tui")
    version = _number(connection, "user_version")
    if version > VERSION:
        raise StoreUnusable(
            "the store was written by a newer review-tui",
            f"Use that one: version {version} of the file, {VERSION} is known here",
        )
    return version


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])
