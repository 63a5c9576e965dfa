"""A store that cannot be trusted or written is refused with the reason, and its file is left as it is."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from review_tui.store import schema
from review_tui.store.errors import StoreUnusable
from review_tui.store.journal import Store
from review_tui.store.schema import VERSION
from tests.store.records import decided, kept
from tests.wire import ROOT


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a hundred held decisions, closed; it is made once and copied after."""
    path = tmp_path_factory.mktemp("written") / "state" / "acme.db"
    store = Store.open(path)
    for number in range(100):
        store.write(kept(decided(f"s{number}")))
    store.close()
    return path


@pytest.fixture
def path(written: Path, tmp_path: Path) -> Path:
    """A store of one's own with a hundred held decisions, closed."""
    shutil.copytree(written.parent, tmp_path / "state")
    return tmp_path / "state" / written.name


def refused(path: Path) -> str:
    """Why it is refused; nothing in the folder has changed for it."""
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(StoreUnusable) as unusable:
        Store.open(path)
    kept_now = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.name in before}
    assert kept_now == before
    assert str(path.parent) in unusable.value.failure.hint or "version" in unusable.value.failure.hint
    return unusable.value.failure.title


def test_a_new_store_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "some" / "state" / "acme.db"
    before = os.umask(0o777)
    try:
        (tmp_path / "some").mkdir()
        (tmp_path / "some").chmod(0o700)
        store = Store.open(path)
        store.write(kept(decided()))
        modes = {file.name: stat.S_IMODE(file.lstat().st_mode) for file in path.parent.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.parent.lstat().st_mode) == 0o700
    assert modes == {"acme.db": 0o600, "acme.db-wal": 0o600, "acme.db-shm": 0o600}


def test_nothing_but_the_store_is_left_behind(path: Path) -> None:
    assert [file.name for file in path.parent.iterdir()] == ["acme.db"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o611])
def test_a_file_that_others_may_use_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    assert refused(path) == "the store's file is open to others"


def test_a_folder_that_others_may_use_is_refused(path: Path) -> None:
    path.parent.chmod(0o755)
    assert refused(path) == "the store's folder is open to others"


def test_what_was_written_last_is_as_private_as_the_rest(path: Path) -> None:
    beside = path.with_name("acme.db-wal")
    beside.touch(mode=0o644)
    beside.chmod(0o644)
    assert refused(path) == "the store's file is open to others"


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_a_link_is_refused(path: Path, suffix: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    name = path.with_name(path.name + suffix)
    if not suffix:
        path.rename(elsewhere)
    name.symlink_to(elsewhere)
    assert refused(path) == "the store's file is a link"


def test_a_link_to_a_folder_is_refused(path: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(path.parent)
    assert refused(tmp_path / "link" / path.name) == "the store's folder is a link"


def test_what_is_no_file_or_no_folder_is_refused(path: Path, tmp_path: Path) -> None:
    (path.parent / "folder.db").mkdir(mode=0o700)
    assert refused(path.parent / "folder.db") == "the store's file is not a file"
    (tmp_path / "file").touch(mode=0o600)
    with pytest.raises(StoreUnusable, match="the store's folder is not a folder"):
        Store.open(tmp_path / "file" / "acme.db")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_belongs_to_somebody_else_is_refused(path: Path, which: str) -> None:
    os.chown(path if which == "file" else path.parent, 12_345, -1)
    assert refused(path) == f"the store's {which} belongs to somebody else"


@pytest.mark.parametrize("where", [0, 16, 100, 4096, 8192, 16_384, b"CREATE", b'"stage": "held"'])
def test_a_damaged_file_is_refused_never_replaced(path: Path, where: int | bytes) -> None:
    content = bytearray(path.read_bytes())
    start = where if isinstance(where, int) else content.index(where)
    content[start : start + 64] = b"\xa5" * 64
    path.write_bytes(content)
    title = refused(path)
    assert title.startswith("the store is damaged")
    assert "SELECT" not in title


@pytest.mark.parametrize("left", [0, 1, 99, 100, 4095, 4096, 20_000])
def test_a_cut_file_is_refused_never_replaced(path: Path, left: int) -> None:
    assert path.stat().st_size > 20_000
    os.truncate(path, left)
    assert refused(path).startswith("the store is damaged")


def test_another_programs_file_is_refused(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    path.chmod(0o600)
    assert refused(path) == "the store is damaged: it is no store of review-tui"


def test_a_file_of_a_newer_version_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    assert refused(path) == "the store was written by a newer review-tui"


@pytest.mark.parametrize("then", ["gone", "replaced"])
def test_a_store_whose_file_is_taken_away_meanwhile_takes_no_more(path: Path, then: str) -> None:
    store = Store.open(path)
    store.write(kept(decided("fresh")))
    path.rename(path.with_name("elsewhere"))
    if then == "replaced":
        shutil.copyfile(path.with_name("elsewhere"), path)
    with pytest.raises(StoreUnusable, match="the store's file was taken away or replaced"):
        store.write(kept(decided("later")))
    store.close()


def test_many_who_make_a_store_at_once_share_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "acme.db"
    start = Barrier(8)

    def make(number: int) -> None:
        start.wait()
        store = Store.open(path)
        store.write(kept(decided(f"s{number}")))
        store.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(make, range(8)))
    store = Store.open(path)
    assert len(store.open_records()) == 8
    assert store.verify() is None
    store.close()
    assert [file.name for file in path.parent.iterdir()] == ["acme.db"]


def test_an_older_file_is_brought_up_to_date_or_left_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ["ALTER TABLE records ADD COLUMN note TEXT", "CREATE TABLE records (again TEXT)"]
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, steps])
    assert "table records already exists" in refused(path)
    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS[:-1], steps[:1]])
    store = Store.open(path)
    assert len(store.open_records()) == 100
    assert store._connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    store.close()
    monkeypatch.undo()
    assert refused(path) == "the store was written by a newer review-tui"


def test_a_file_that_is_gone_while_its_last_writes_are_there_is_not_made_anew(path: Path) -> None:
    store = Store.open(path)
    store.write(kept(decided("fresh")))
    beside = path.with_name("acme.db-wal")
    saved = path.with_name("saved")
    shutil.copyfile(beside, saved)
    store.close()
    path.unlink()
    saved.rename(beside)
    beside.chmod(0o600)
    assert refused(path) == "the store's file is gone, what was written last is still there"
    assert not path.exists()


def test_a_store_that_another_program_keeps_locked_is_refused_in_two_seconds(path: Path) -> None:
    store = Store.open(path)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnusable, match="the store is locked by another program"):
        store.write(kept(decided("fresh")))
    holder.execute("ROLLBACK")
    holder.close()
    store.write(kept(decided("fresh")))
    assert len(store.open_records()) == 101
    store.close()


def test_a_full_disk_refuses_the_write_and_keeps_the_rest(path: Path) -> None:
    store = Store.open(path)
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages + 8}")
    written = 0
    with pytest.raises(StoreUnusable, match="no space is left for the store"):  # noqa: PT012 – some write of many
        for written in range(10_000):
            store.write(kept(decided(f"fresh{written}")))
    assert written > 0
    assert len(store.open_records()) == 100 + written
    assert store.verify() is None
    store.close()


_FILL = """
import resource, signal, sys
from pathlib import Path
from review_tui.store.errors import StoreUnusable
from review_tui.store.journal import Store
from tests.store.records import decided, kept
store = Store.open(Path(sys.argv[1]))
limit = Path(sys.argv[1] + "-wal").stat().st_size + 200_000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
written = 0
try:
    while True:
        store.write(kept(decided(f"fresh{written}")))
        written += 1
except StoreUnusable as error:
    print(written, len(store.open_records()), error.failure.title)
"""


def test_a_disk_that_fails_in_the_midst_of_a_write_refuses_it_and_keeps_the_rest(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FILL, path], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert not done.returncode, done.stderr
    written, read, title = done.stdout.split(maxsplit=2)
    assert int(written) > 0
    assert int(read) == 100 + int(written)
    assert title.strip() == "the store's disk fails"
    store = Store.open(path)
    assert len(store.open_records()) == 100 + int(written)
    assert store.verify() is None
    store.close()


_OPEN = """
import os, sys
from pathlib import Path
from review_tui.store.errors import StoreUnusable
from review_tui.store.journal import Store
if os.getuid() == 0:
    os.setuid(12345)
try:
    Store.open(Path(sys.argv[1]))
except StoreUnusable as error:
    print(error.failure.title)
"""


@pytest.mark.parametrize(
    ("of_file", "of_folder", "title"),
    [
        (0o400, 0o700, "the store's file cannot be written"),
        (0o000, 0o700, "the store's file cannot be written"),
        (0o600, 0o500, "the store's folder cannot be written"),
    ],
)
def test_a_store_that_cannot_be_written_is_refused(
    path: Path, of_file: int, of_folder: int, title: str
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "state"
        shutil.copytree(path.parent, folder)
        before = path.read_bytes()
        (folder / path.name).chmod(of_file)
        folder.chmod(of_folder)
        if os.getuid() == 0:  # whom no mode keeps from writing: let another one try
            for each in (Path(name), folder, folder / path.name):
                os.chown(each, 12_345, -1)
        done = subprocess.run(
            [sys.executable, "-c", _OPEN, folder / path.name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        folder.chmod(0o700)
        (folder / path.name).chmod(0o600)
        assert (done.stdout.strip(), done.stderr) == (title, "")
        assert (folder / path.name).read_bytes() == before
