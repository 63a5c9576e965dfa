"""What lives here: the sandbox's state in SQLite, its tables, and the transactions that change it."""

import fcntl
import hashlib
import secrets
import shutil
import sqlite3
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from review_tui.sandbox.schema import INDEXES, JSON_COLUMNS, TABLES
from review_tui.sandbox.wire import dumps

Transaction = sqlite3.Connection
"""An open transaction: the connection it runs on. Rows are ``sqlite3.Row``."""

BUSY_TIMEOUT_S = 10.0
PAGE_BYTES = 16 * 1024
WAL_PAGES = 256
"""How long the WAL grows before it is worked into the file."""
_LETTERS = "0123456789abcdefghijklmnopqrstuv"
_PAIRS = [first + second for first in _LETTERS for second in _LETTERS]


class Database:
    """One SQLite file, safe for many threads and processes: a connection per thread, opened at first use.

    Without a path the file is a temporary one and goes with ``close()``.
    """

    def __init__(
        self, path: Path | None = None, *, seed: int = 1, fill: Callable[[Transaction], None] | None = None
    ) -> None:
        """``fill`` writes a fresh file's world, in the transaction that makes its tables: both or neither."""
        self._temporary: weakref.finalize[[Path], Database] | None = None
        if path is None:
            folder = Path(tempfile.gettempdir()) / f"review-sandbox-{secrets.token_hex(8)}"
            # Before it is there, or a signal between the two would leave it behind.
            self._temporary = weakref.finalize(self, _remove, folder)
            folder.mkdir(mode=0o700)
            path = folder / "sandbox.db"
        self.path = path
        self._local = threading.local()
        self._lock = threading.Lock()
        self._open: list[sqlite3.Connection] = []
        try:
            with self.alone():  # two who turn a fresh file to WAL at once do not wait for each other
                self.seed = self._prepare(seed, fill)
        except BaseException:
            self.close()
            raise

    def _prepare(self, seed: int, fill: Callable[[Transaction], None] | None) -> int:
        """Make the tables and fill them unless another start has; the seed of what is there."""
        self._connection().execute(f"PRAGMA page_size = {PAGE_BYTES}")
        with self.write() as tx:
            for table in TABLES:
                tx.execute(table)
            known = meta(tx, "seed")
            if known is None:
                set_meta(tx, "seed", str(seed))
                if fill is not None:
                    fill(tx)
            create_indexes(tx)
        # Only now: a rollback journal holds next to nothing of a file that was empty, a WAL all of it twice.
        self._connection().execute("PRAGMA journal_mode = WAL")
        return seed if known is None else int(known)

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that holds the write lock from its first moment: all of it is kept, or nothing."""
        with self._transaction("BEGIN IMMEDIATE") as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the whole database and changes nothing."""
        with self._transaction("BEGIN") as tx:
            yield tx

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep out every other process that asks for the same: for what is done once per file."""
        with self.path.with_name(f"{self.path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def close(self) -> None:
        """Close every connection and remove a temporary file; a closed database opens no more."""
        with self._lock:
            while self._open:
                self._open.pop().close()
        self._local = threading.local()
        if self._temporary is not None:
            self._temporary()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        connection = self._connection()
        connection.execute(begin)
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            lasting = "OFF" if self._temporary else "NORMAL"
            connection.execute(f"PRAGMA synchronous = {lasting}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
            self._local.connection = connection
            with self._lock:
                self._open.append(connection)
        return connection


def insert(tx: Transaction, table: str, **values: object) -> None:
    """Add one row; values of JSON columns (see ``schema``) are given as plain values or as ``Raw``."""
    insert_many(tx, table, [values])


def insert_many(tx: Transaction, table: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Add rows that all have the columns of the first one; values as in ``insert``."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return
    columns, as_json = tuple(first), JSON_COLUMNS.get(table, frozenset())

    def bound(row: Mapping[str, object]) -> list[object]:
        return [encode(row[name]) if name in as_json else row[name] for name in columns]

    def all_bound() -> Iterator[list[object]]:
        yield bound(first)
        yield from map(bound, rows)

    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    tx.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", all_bound())  # noqa: S608 – own names


def encode(value: object) -> str | None:
    """What a JSON column holds for ``value``; ``None`` is SQL's NULL."""
    return None if value is None else dumps(value)


def new_ids(tx: Transaction, kind: str, count: int) -> list[str]:
    """Fresh ids of 32 characters, the same ones for the same seed, kind and order of asking."""
    tx.execute("INSERT OR IGNORE INTO counters (kind, last) VALUES (?, 0)", (kind,))
    tx.execute("UPDATE counters SET last = last + ? WHERE kind = ?", (count, kind))
    (last,) = tx.execute("SELECT last FROM counters WHERE kind = ?", (kind,)).fetchone()
    seed = meta(tx, "seed")
    return [_id(f"{seed}/{kind}/{number}") for number in range(last - count + 1, last + 1)]


def new_id(tx: Transaction, kind: str) -> str:
    """One fresh id; see ``new_ids``."""
    return new_ids(tx, kind, 1)[0]


def meta(tx: Transaction, name: str) -> str | None:
    """A fact about the world itself (its seed, its scenario), or ``None``."""
    row = tx.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def set_meta(tx: Transaction, name: str, value: str) -> None:
    """Remember a fact about the world itself."""
    tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))


def create_indexes(tx: Transaction) -> None:
    """Make the indexes that are missing; after very many inserts this is far quicker than keeping them."""
    for name, columns in INDEXES.items():
        tx.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {columns}")


def _id(text: str) -> str:
    """20 bytes of digest in base 32; two characters at a time, as the standard library's way takes long."""
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=20).digest(), "big")
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(150, -1, -10)])


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
