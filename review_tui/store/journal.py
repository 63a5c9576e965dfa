"""The store itself: one file, opened with suspicion; a call is one transaction, on the disk at its end."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from review_tui.model.decisions import Stage, excludes
from review_tui.model.jobs import JobKey, System
from review_tui.model.notes import PastDecision, merchant_key
from review_tui.model.numbers import Stroke
from review_tui.model.records import Record
from review_tui.model.watching import Watched
from review_tui.store.audit import (
    Entry,
    Head,
    Person,
    entry_after,
    first_broken,
    is_told,
    past_decision,
    stroke_of,
    tells_of_merchant,
)
from review_tui.store.errors import AlreadyMoved, AlreadyOpen, NothingKept, StoreUnusable, told
from review_tui.store.jobs import row_of, watched_of
from review_tui.store.privacy import private_file, private_folder
from review_tui.store.records import body_of, record_of, time_text, why_not_follow
from review_tui.store.schema import connected, look_for_damage, make, migrate, version_of

CORRECTABLE_FOR: Final = timedelta(hours=24)
"""How long a decision whose end was not seen is looked up again."""

FORGOTTEN_AFTER: Final = timedelta(days=30)
"""How long a decision that has ended is kept beside its entries in the audit log, which stay."""

_PAGE: Final = 500


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """What one profile keeps on this machine: decisions until their end is known, and the audit log.

    Made by `open`. Safe for many threads; several programs of one person may use the same file. Each method
    raises StoreUnusable where the file cannot be read or written, and then has changed nothing.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, person: Person, now: Callable[[], datetime]
    ) -> None:
        self.path = path
        self._connection = connection
        self._person = person
        self._now = now
        self._lock = threading.Lock()
        self._inode = path.stat().st_ino

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        create: bool = True,
        person: Person | None = None,
        now: Callable[[], datetime] = _now,
    ) -> Self:
        """Open the store at `path`, in a folder that is the owner's alone; make it where there is none.

        Raises NothingKept where there is none and none is to be made, StoreUnusable otherwise; a file that
        is damaged, newer or not private is left as it is, never replaced.
        """
        with told(path):
            if create or path.parent.is_dir():
                private_folder(path.parent)
            if not private_file(path):
                if not create:
                    raise NothingKept(path)
                make(path)
                private_file(path)
            connection = connected(path)
            try:
                version_of(connection, path)
                look_for_damage(connection, path)
                migrate(connection, path)
                store = cls(path, connection, person or Person.here(), now)
                store.open_records()
                with suppress(StoreUnusable):  # it may be forgotten another time
                    store._forget()
            except BaseException:
                connection.close()
                raise
        return store

    def write(self, record: Record) -> None:
        """Keep `record` in place of what was kept of the same decision; tell the audit log where it belongs.

        Raises AlreadyOpen where another decision on the submission is open, AlreadyMoved where this one was
        moved on by another program so that it cannot go there any more.
        """
        intent = record.intent
        with self._transaction() as connection:
            kept = self._kept("request_id = ?", intent.request_id)
            if kept is not None and (why := why_not_follow(kept, record)) is not None:
                raise AlreadyMoved(kept, why)
            if not record.stage.is_final:
                for other in self._all_kept("submission_id = ? AND is_open", intent.submission_id):
                    if other.intent.request_id != intent.request_id and excludes(other.intent, intent):
                        raise AlreadyOpen(other)
            connection.execute(
                "INSERT INTO records (request_id, submission_id, stage, is_open, changed_at, body)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (request_id) DO UPDATE SET stage = excluded.stage,"
                " is_open = excluded.is_open, changed_at = excluded.changed_at, body = excluded.body",
                (
                    intent.request_id,
                    intent.submission_id,
                    record.stage,
                    not record.stage.is_final,
                    time_text(record.changed_at),
                    body_of(record),
                ),
            )
            if is_told(kept, record):
                self._append(record)

    def open_records(self) -> tuple[Record, ...]:
        """Return what is not over, oldest first: all that are open, and the day's whose end was not seen."""
        since = time_text(self._now() - CORRECTABLE_FOR)
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT body FROM records WHERE is_open OR (stage IN (?, ?) AND changed_at >= ?)"
                " ORDER BY changed_at, request_id",
                (Stage.NOT_DONE, Stage.UNKNOWN, since),
            ).fetchall()
        return tuple(record_of(body, self.path) for (body,) in rows)

    def _forget(self) -> None:
        """Drop decisions that ended long ago, so that people's words are not kept twice for ever."""
        ended = [stage for stage in Stage if stage.is_final]
        what = f"stage IN ({', '.join('?' * len(ended))}) AND NOT is_open AND changed_at < ?"
        given = (*ended, time_text(self._now() - FORGOTTEN_AFTER))
        with self._reading() as connection:
            found = connection.execute(f"SELECT 1 FROM records WHERE {what} LIMIT 1", given).fetchone()  # noqa: S608 – our own words
        if found:
            with self._transaction() as connection:
                connection.execute(f"DELETE FROM records WHERE {what}", given)  # noqa: S608 – our own words

    def audit(self) -> Iterator[Entry]:
        """Give the audit log, oldest first; what is written meanwhile may come with it."""
        last = 0
        while True:
            with self._reading() as connection:
                rows = connection.execute(
                    "SELECT number, entry, hash FROM audit WHERE number > ? ORDER BY number LIMIT ?",
                    (last, _PAGE),
                ).fetchall()
            if not rows:
                return
            for number, text, seal in rows:
                yield Entry(number, text, seal)
            last = rows[-1][0]

    def head(self) -> Head | None:
        """Return the log's end as last written; None where somebody took it away."""
        with self._reading() as connection:
            row = connection.execute("SELECT count, hash FROM head").fetchone()
        return None if row is None else Head(*row)

    def verify(self) -> int | None:
        """Return the number of the log's first entry that is not as it was written; None when all are."""
        with self._reading() as connection:
            connection.execute("BEGIN")  # one state of the file, whoever appends meanwhile
            try:
                row = connection.execute("SELECT count, hash FROM head").fetchone()
                found = connection.execute("SELECT number, entry, hash FROM audit ORDER BY number")
                return first_broken((Entry(*each) for each in found), None if row is None else Head(*row))
            finally:
                connection.execute("ROLLBACK")

    def recall(self) -> Mapping[str, str]:
        """Return the values that `remember` kept, as JSON by name."""
        with self._reading() as connection:
            return dict(connection.execute("SELECT name, value FROM memory").fetchall())

    def remember(self, name: str, value: str | None) -> None:
        """Keep a small value, JSON, under a name in place of what was there; None forgets it."""
        with self._transaction() as connection:
            if value is None:
                connection.execute("DELETE FROM memory WHERE name = ?", (name,))
            else:
                connection.execute("INSERT OR REPLACE INTO memory (name, value) VALUES (?, ?)", (name, value))

    def leaves(self) -> list[tuple[str, str, str]]:
        """Return the notebook: of each leaf its kind, what it is about, and its JSON."""
        with self._reading() as connection:
            return connection.execute("SELECT kind, about, body FROM notebook").fetchall()

    def keep(self, kind: str, about: str, body: str | None) -> None:
        """Keep a leaf of the notebook in place of what was there; None takes it out."""
        with self._transaction() as connection:
            if body is None:
                connection.execute("DELETE FROM notebook WHERE kind = ? AND about = ?", (kind, about))
            else:
                connection.execute(
                    "INSERT OR REPLACE INTO notebook (kind, about, body) VALUES (?, ?, ?)",
                    (kind, about, body),
                )

    def watched_jobs(self) -> list[Watched]:
        """Return the jobs that are watched, or were, those of earlier first; long ended ones are dropped."""
        with self._reading() as connection:
            rows = connection.execute("SELECT system, id, body FROM jobs").fetchall()
        now, found = self._now(), sorted(watched_of(rows), key=lambda one: one.since)
        self.drop_jobs([one.key for one in found if one.is_old(now)])
        return [one for one in found if not one.is_old(now)]

    def keep_jobs(self, jobs: Iterable[Watched]) -> None:
        """Keep watched jobs in place of what was kept of each."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO jobs (system, id, body) VALUES (?, ?, ?)", map(row_of, jobs)
            )

    def update_jobs(self, jobs: Iterable[Watched]) -> list[JobKey]:
        """Keep watched jobs in place of what is kept of each; return those that were forgotten meanwhile."""
        gone = []
        with self._transaction() as connection:
            for system, job_id, body in map(row_of, jobs):
                there = connection.execute(
                    "UPDATE jobs SET body = ? WHERE system = ? AND id = ?", (body, system, job_id)
                )
                if not there.rowcount:
                    gone.append(JobKey(System(system), job_id))
        return gone

    def drop_jobs(self, keys: Sequence[JobKey]) -> None:
        """Forget these."""
        if keys:
            with self._transaction() as connection:
                connection.executemany("DELETE FROM jobs WHERE system = ? AND id = ?", keys)

    def past_decisions(self, merchant: str, most: int) -> list[PastDecision]:
        """Return what the audit log says was decided on a merchant's submissions, newest first."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT number, entry, hash FROM audit JOIN merchants USING (number) WHERE merchant = ?"
                " ORDER BY number DESC LIMIT ?",
                (merchant_key(merchant), most),
            ).fetchall()
        found = (past_decision(Entry(*row)) for row in rows)
        return [one for one in found if one is not None]

    def strokes_since(self, moment: datetime) -> list[Stroke]:
        """Return what the audit log tells from `moment` on, oldest first; a clock set back may cost some."""
        found: list[Stroke] = []
        before: int | None = None
        while True:
            with self._reading() as connection:
                rows = connection.execute(
                    "SELECT number, entry, hash FROM audit WHERE ? IS NULL OR number < ?"
                    " ORDER BY number DESC LIMIT ?",
                    (before, before, _PAGE),
                ).fetchall()
            page = [stroke for row in rows if (stroke := stroke_of(Entry(*row))) and stroke.at >= moment]
            found += page
            if not page:
                return found[::-1]
            before = rows[-1][0]

    def close(self) -> None:
        """Close the file; a closed store is used no more."""
        with self._lock, told(self.path):
            self._connection.close()

    def _kept(self, where: str, value: str) -> Record | None:
        return next(iter(self._all_kept(where, value)), None)

    def _all_kept(self, where: str, value: str) -> list[Record]:
        rows = self._connection.execute(
            f"SELECT body FROM records WHERE {where}",  # noqa: S608 – our own words
            (value,),
        ).fetchall()
        return [record_of(body, self.path) for (body,) in rows]

    def _append(self, record: Record) -> None:
        row = self._connection.execute("SELECT count, hash FROM head").fetchone()
        if row is None:
            raise StoreUnusable("the audit log was tampered with: its end is gone", str(self.path))
        entry = entry_after(Head(*row), record, self._person)
        self._connection.execute(
            "INSERT INTO audit (number, entry, hash) VALUES (?, ?, ?)", (entry.number, entry.text, entry.hash)
        )
        self._connection.execute("UPDATE head SET count = ?, hash = ?", (entry.number, entry.hash))
        if tells_of_merchant(record):
            self._connection.execute(
                "INSERT INTO merchants (merchant, number) VALUES (?, ?)",
                (merchant_key(record.merchant), entry.number),
            )

    def _ensure_in_place(self) -> None:
        """Refuse to write into a file that has lost its name: nobody would find it again."""
        try:
            in_place = self.path.stat().st_ino == self._inode
        except FileNotFoundError:
            in_place = False
        if not in_place:
            raise StoreUnusable("the store's file was taken away or replaced", "Start the console anew")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, told(self.path):
            yield self._connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._ensure_in_place()
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite may have rolled it back itself
                    connection.execute("ROLLBACK")
                raise
