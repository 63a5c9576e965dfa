"""The log tells who did what, and nobody changes, removes, moves or adds a line of it unseen."""

import json
import os
import pwd
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.decisions import Stage
from review_tui.model.submissions import Verb
from review_tui.store.audit import Entry, Head, Person, entry_after, first_broken
from review_tui.store.errors import AlreadyOpen, StoreUnusable
from review_tui.store.journal import Store
from tests.store.records import NOON, decided, kept

MIRA = Person(1007, "mira", "ssh 192.0.2.7")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "acme.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.open(path, person=MIRA, now=lambda: NOON)
    yield store
    store.close()


def test_a_rejection_from_the_key_to_the_servers_answer(store: Store) -> None:
    intent = decided(verb=Verb.REJECT, reason="blurred")
    held = replace(kept(intent), shown="d1")
    for record in (
        held,
        replace(held, stage=Stage.CHECKING),
        replace(held, stage=Stage.SENDING, sends=1),
        replace(held, stage=Stage.VERIFYING, sends=1),
        replace(held, stage=Stage.DONE, sends=1, words="Rejected", status=200, server_request_id="r1"),
    ):
        store.write(record)
    facts = [entry.facts for entry in store.audit()]
    assert [(each["number"], each["stage"]) for each in facts] == [(1, "held"), (2, "sending"), (3, "done")]
    assert facts[-1] == {
        "number": 3,
        "at": "2026-03-25T12:00:00.000000+00:00",
        "user": "mira",
        "uid": 1007,
        "via": "ssh 192.0.2.7",
        "verb": "reject",
        "submissionId": "s1",
        "matchId": None,
        "resolution": None,
        "note": None,
        "reason": "blurred",
        "subject": "Café Łąka 18.4",
        "merchant": "Café Łąka",
        "shown": "d1",
        "requestId": intent.request_id,
        "stage": "done",
        "words": "Rejected",
        "sends": 1,
        "status": 200,
        "serverRequestId": "r1",
        "run": "one",
    }
    assert store.verify() is None


def test_each_sending_is_told_and_a_countdown_is_not(store: Store) -> None:
    record = kept(decided())
    stages = []
    for stage, sends in (
        (Stage.HELD, 0),
        (Stage.HELD, 0),
        (Stage.SENDING, 1),
        (Stage.SENDING, 2),
        (Stage.WAITING, 2),
        (Stage.SENDING, 3),
        (Stage.UNKNOWN, 3),
        (Stage.UNKNOWN, 3),
        (Stage.DONE, 3),
        (Stage.DONE, 3),
    ):
        store.write(replace(record, stage=stage, sends=sends))
        stages.append((str(stage), sends))
    told = [(entry.facts["stage"], entry.facts["sends"]) for entry in store.audit()]
    assert told == [stages[index] for index in (0, 2, 3, 5, 6, 8)]


def test_a_write_that_is_refused_is_not_told(store: Store) -> None:
    store.write(kept(decided()))
    with pytest.raises(AlreadyOpen):
        store.write(kept(decided()))
    assert len(list(store.audit())) == 1


def test_the_person_is_the_systems_user_whatever_the_environment_says() -> None:
    told = Person.here(
        {"USER": "root", "LOGNAME": "boss", "SUDO_USER": "mira", "SSH_CONNECTION": "192.0.2.7 5 ::1 22"}
    )
    assert told == Person(os.getuid(), pwd.getpwuid(os.getuid()).pw_name, "sudo mira, ssh 192.0.2.7")
    assert Person.here({}).via is None
    assert Person.here({"SUDO_USER": " ", "SSH_CONNECTION": ""}).via is None
    assert "\x1b" not in str(Person.here({"SUDO_USER": "a\x1b[2Jb"}).via)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET entry = '{}' WHERE number = 2",
        "DELETE FROM audit WHERE number = 3",
        "DELETE FROM audit",
        "INSERT INTO audit VALUES (9, '{}', '')",
        "INSERT OR REPLACE INTO audit VALUES (2, '{}', '')",
        "UPDATE head SET count = 1",
        "UPDATE head SET hash = ''",
        "DELETE FROM head",
    ],
)
def test_the_log_is_only_ever_appended_to(store: Store, path: Path, statement: str) -> None:
    for number in range(3):
        store.write(kept(decided(f"s{number}")))
    other = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="the audit log is only ever appended to"):
        other.execute(statement)
    other.close()
    assert len(list(store.audit())) == 3
    assert store.verify() is None


def tampered(path: Path, *statements: str) -> None:
    """Write as somebody who takes the guards away first."""
    with sqlite3.connect(path, isolation_level=None) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            other.execute(statement)
    other.close()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET entry = replace(entry, 'approve', 'reject') WHERE number = 3", 3),
        ("UPDATE audit SET entry = x'ff00' WHERE number = 3", 3),
        ("UPDATE audit SET entry = CAST(x'ff00' AS TEXT) WHERE number = 3", 3),
        ("UPDATE audit SET hash = '' WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number = 4", 4),
        ("DELETE FROM audit WHERE number >= 5", 5),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET number = 9 WHERE number = 2", 2),
        ("INSERT INTO audit SELECT 6, entry, hash FROM audit WHERE number = 5", 6),
        ("UPDATE head SET count = 9", 6),
        ("UPDATE head SET hash = ''", 5),
        ("DELETE FROM head", 6),
    ],
)
def test_what_was_done_to_the_log_behind_its_back_is_found(
    store: Store, path: Path, statement: str, broken: int
) -> None:
    for number in range(5):
        store.write(kept(decided(f"s{number}")))
    tampered(path, statement)
    assert store.verify() == broken


def test_a_removed_end_stays_visible_when_more_is_written(store: Store, path: Path) -> None:
    for number in range(5):
        store.write(kept(decided(f"s{number}")))
    tampered(path, "DELETE FROM audit WHERE number > 3")
    store.write(kept(decided("s9")))
    assert [entry.number for entry in store.audit()] == [1, 2, 3, 6]
    assert store.verify() == 4


def test_nothing_is_decided_on_a_log_whose_end_is_gone(store: Store, path: Path) -> None:
    store.write(kept(decided("s1")))
    tampered(path, "DELETE FROM head")
    with pytest.raises(StoreUnusable, match="the audit log was tampered with"):
        store.write(kept(decided("s2")))
    assert len(store.open_records()) == 1


def test_a_long_log_is_read_whole(store: Store) -> None:
    for number in range(501):
        store.write(kept(decided(f"s{number}")))
    assert [entry.number for entry in store.audit()] == list(range(1, 502))
    assert store.verify() is None


def chain(count: int) -> tuple[list[Entry], Head]:
    """A log of so many decisions."""
    entries: list[Entry] = []
    head = Head(0, "")
    for number in range(count):
        entry = entry_after(head, kept(decided(f"s{number}"), after=number), MIRA)
        entries.append(entry)
        head = Head(entry.number, entry.hash)
    return entries, head


def edited(entry: Entry, at: int, char: str) -> Entry:
    text = entry.text[: at % len(entry.text)] + char + entry.text[at % len(entry.text) + 1 :]
    return replace(entry, text=text)


Tampering = Callable[[list[Entry]], list[Entry]]

_where = st.integers(0, 10_000)
_tamperings: st.SearchStrategy[Tampering] = st.one_of(
    st.builds(
        lambda at, where, char: (
            lambda log: [
                edited(entry, where, char) if index == at % len(log) else entry
                for index, entry in enumerate(log)
            ]
        ),
        _where,
        _where,
        st.characters(),
    ),
    st.builds(lambda at: lambda log: log[: at % len(log)] + log[at % len(log) + 1 :], _where),
    st.builds(lambda at: lambda log: log[: at % len(log)], _where),
    st.builds(
        lambda at: lambda log: [*log[: at % len(log)], log[at % len(log)], *log[at % len(log) :]], _where
    ),
    st.builds(lambda order: lambda log: [log[index % len(log)] for index in order], st.lists(_where)),
    st.builds(
        lambda at: (
            lambda log: [
                replace(entry, number=index)
                for index, entry in enumerate(log[: at % len(log)] + log[at % len(log) + 1 :], 1)
            ]
        ),
        _where,
    ),
)


@given(count=st.integers(1, 8), tampering=_tamperings)
def test_a_log_that_was_edited_cut_or_reordered_anywhere_is_found_at_its_first_wrong_line(
    count: int, tampering: Tampering
) -> None:
    log, head = chain(count)
    now = tampering(log)
    assert first_broken(log, head) is None
    whole = next((n for n, (was, told) in enumerate(zip(log, now, strict=False)) if was != told), None)
    if whole is None and len(now) == len(log):
        assert first_broken(now, head) is None
    else:
        assert first_broken(now, head) == (min(len(log), len(now)) if whole is None else whole) + 1


def test_the_seal_can_be_checked_without_the_program() -> None:
    """As the manual says: the hash before, a line end, the entry as sorted JSON without blanks."""
    import hashlib

    log, _ = chain(3)
    for before, entry in pairwise([Entry(0, "", ""), *log]):
        text = json.dumps(json.loads(entry.text), sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(f"{before.hash}\n{text}".encode()).hexdigest() == entry.hash
