"""A file that an older version wrote is brought to this one with all that stood in it."""

import shutil
from pathlib import Path

import pytest

from review_tui.model.decisions import Stage
from review_tui.store.journal import Store
from review_tui.store.schema import VERSION
from tests.store.records import NOON, decided, kept

VERSION_1 = Path(__file__).parent / "kept" / "version-1.db"
"""One approval that is done, one rejection that is held, one approval whose outcome is unknown."""

HEAD = "14e7a0f91c3b261e37c521fc92cf4b9e08019eeb341bd9b340d7b26273c547db"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A copy of the file as version 1 left it."""
    folder = tmp_path / "state"
    folder.mkdir(mode=0o700)
    path = folder / "acme.db"
    shutil.copyfile(VERSION_1, path)
    path.chmod(0o600)
    return path


def test_a_file_of_version_1_keeps_its_decisions_and_its_log(path: Path) -> None:
    store = Store.open(path, now=lambda: NOON)
    assert store._connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
    assert [(one.intent.submission_id, one.stage) for one in store.open_records()] == [
        ("s2", Stage.HELD),
        ("s3", Stage.UNKNOWN),
    ]
    assert store.verify() is None
    head = store.head()
    assert head is not None
    assert (head.count, head.hash) == (7, HEAD)
    store.write(kept(decided("s4")))
    assert store.verify() is None, "the chain goes on from what version 1 sealed"
    store.close()


def test_what_a_person_chose_comes_back(path: Path) -> None:
    store = Store.open(path, now=lambda: NOON)
    assert store.recall() == {}
    assert store.watched_jobs() == []
    store.remember("view", '"flagged"')
    store.remember("sort", '"-age"')
    store.remember("sort", '"age"')
    store.remember("layout", "1")
    store.remember("layout", None)
    store.close()
    store = Store.open(path, now=lambda: NOON)
    assert store.recall() == {"view": '"flagged"', "sort": '"age"'}
    store.close()
