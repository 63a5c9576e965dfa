"""The list of last time: kept for its owner alone, and not there where anything about it is doubtful."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from review_tui.store.journal import Store
from review_tui.store.last_time import LastTime

PICTURE = {"rows": ["Café Łąka"]}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store in a folder of its own, closed again."""
    path = tmp_path / "state" / "here.db"
    with closing(Store.open(path)):
        return path


def kept_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("last-*"))


def test_what_is_kept_is_read_again_by_its_owner_alone(store: Path) -> None:
    last_time = LastTime(str(store.parent), "one")
    assert last_time.read() is None
    last_time.keep(str(store), PICTURE)
    assert LastTime(str(store.parent), "one").read() == PICTURE
    assert [path.stat().st_mode & 0o777 for path in kept_in(store.parent)] == [0o600]
    last_time.forget(str(store))
    assert (last_time.read(), kept_in(store.parent)) == (None, [])


def test_another_way_to_start_reads_nothing_and_takes_the_place_of_the_one_before(store: Path) -> None:
    LastTime(str(store.parent), "old-key").keep(str(store), PICTURE)
    new = LastTime(str(store.parent), "new-key")
    assert new.read() is None
    new.keep(str(store), PICTURE)
    assert len(kept_in(store.parent)) == 1


def test_what_a_kill_left_half_kept_is_forgotten_with_the_rest(store: Path) -> None:
    (store.parent / "last-one.json.4711.new").write_text('{"store": "here.db", "pict')
    LastTime(str(store.parent), "one").forget(str(store))
    assert kept_in(store.parent) == []


def test_what_stands_beside_another_store_is_left_alone(store: Path) -> None:
    other = store.with_name("other.db")
    with closing(Store.open(other)):
        LastTime(str(store.parent), "other").keep(str(other), PICTURE)
    here = LastTime(str(store.parent), "here")
    here.keep(str(store), PICTURE)
    here.forget(str(store))
    assert LastTime(str(store.parent), "other").read() == PICTURE


@pytest.mark.parametrize("what", ["folder", "store", "picture"])
def test_what_others_may_read_is_not_there(store: Path, what: str) -> None:
    last_time = LastTime(str(store.parent), "one")
    last_time.keep(str(store), PICTURE)
    path = {"folder": store.parent, "store": store, "picture": kept_in(store.parent)[0]}[what]
    path.chmod(path.stat().st_mode | 0o040)
    assert last_time.read() is None


def test_without_a_store_that_can_be_used_there_is_nothing(store: Path) -> None:
    last_time = LastTime(str(store.parent), "one")
    last_time.keep(str(store), PICTURE)
    content = store.read_bytes()
    store.write_bytes(b"no database at all" + content[18:])
    assert last_time.read() is None
    store.write_bytes(content[:68] + b"ELSE" + content[72:])
    assert last_time.read() is None
    store.write_bytes(content)
    assert last_time.read() == PICTURE
    store.unlink()
    assert last_time.read() is None


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"store": 7}',
        '{"store": "here.db"}',
        "[" * 100_000,
        '{"store": "../here.db"}',
    ],
)
def test_a_file_that_says_nothing_is_no_picture(store: Path, content: str) -> None:
    path = store.parent / "last-one.json"
    path.touch(mode=0o600)
    path.write_text(content)
    assert LastTime(str(store.parent), "one").read() is None


def test_a_link_is_not_followed(store: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.touch(mode=0o600)
    elsewhere.write_text(json.dumps({"store": "here.db", "picture": PICTURE}))
    (store.parent / "last-one.json").symlink_to(elsewhere)
    assert LastTime(str(store.parent), "one").read() is None


def test_what_cannot_be_kept_is_not_missed(store: Path, tmp_path: Path) -> None:
    LastTime(str(tmp_path / "nowhere"), "one").keep(str(store), PICTURE)
    last_time = LastTime(str(store.parent), "one")
    last_time.keep(str(store), {"rows": ["long"] * 100_000})
    assert kept_in(store.parent) == []
