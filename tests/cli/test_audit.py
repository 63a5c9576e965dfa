"""The log from the command line: for a spreadsheet, for a program, and for whoever doubts it."""

import csv
import io
import json
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from review_tui.cli.audit import COLUMNS, cell
from review_tui.model.decisions import Stage
from review_tui.model.submissions import Verb
from review_tui.settings.environment import Settings
from review_tui.store.audit import Person
from review_tui.store.journal import Store
from tests.cli.program import BARE, call
from tests.store.records import decided, kept


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody whose state is in a folder of the test's own."""
    return BARE | {
        "STEVE_BASE_URL": "https://acme.example",
        "STEVE_API_KEY": "aok_" + "0123456789abcdef" * 4,
        "REVIEW_TUI_STATE": str(tmp_path / "state"),
    }


@pytest.fixture
def store(env: dict[str, str]) -> Iterator[Store]:
    """The store with one decision's way, its reason made for a spreadsheet."""
    store = Store.open(Settings.of(env).store_path, person=Person(1007, "mira"))
    intent = decided(verb=Verb.REJECT, reason='=HYPERLINK("//evil","\x1b]0;x\x07")\nsee', note="+1")
    for stage in (Stage.HELD, Stage.SENDING, Stage.DONE):
        store.write(replace(kept(intent, stage), words="Rejected"))
    yield store
    store.close()


def test_for_a_program_a_line_is_an_entry_with_every_character(store: Store, env: dict[str, str]) -> None:
    done = call("audit", "export", env=env)
    assert (done.code, done.err) == (0, "")
    assert done.out.isascii()
    assert done.lines == [{**entry.facts, "hash": entry.hash} for entry in store.audit()]
    assert [line["stage"] for line in done.lines] == ["held", "sending", "done"]
    assert done.lines[0]["reason"].startswith("=HYPERLINK")
    assert set(done.lines[0]) == set(COLUMNS)


@pytest.mark.usefixtures("store")
def test_for_a_spreadsheet_no_cell_computes_or_controls(env: dict[str, str]) -> None:
    done = call("audit", "export", "--format", "csv", env=env)
    assert done.code == 0
    head, *rows = csv.reader(io.StringIO(done.out, newline=""))
    assert tuple(head) == COLUMNS
    assert len(rows) == 3
    told = dict(zip(head, rows[-1], strict=True))
    assert told["reason"] == '\'=HYPERLINK("//evil","\\u001b]0;x\\u0007")\\u000asee'
    assert (told["note"], told["number"], told["status"], told["user"]) == ("'+1", "3", "", "mira")
    assert not [char for char in done.out if not char.isprintable() and char not in "\r\n"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_whatever_starts_a_formula_starts_with_an_apostrophe(start: str) -> None:
    assert cell(f"{start}1").startswith("'")
    assert cell(f"1{start}").startswith("1")
    assert cell(None) == ""
    assert cell(17) == "17"


@pytest.mark.usefixtures("store")
def test_a_file_is_new_and_for_its_owner_alone(env: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    done = call("audit", "export", "--out", str(out), env=env)
    assert (done.code, done.out) == (0, "")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    written = out.read_bytes()
    assert len(written.splitlines()) == 3
    again = call("audit", "export", "--out", str(out), env=env)
    assert again.code == 2
    assert again.err.startswith("review-tui: --out: File exists")
    assert out.read_bytes() == written


def test_a_whole_log_says_how_long_it_is_and_how_it_ends(store: Store, env: dict[str, str]) -> None:
    head = store.head()
    assert head is not None
    told = call("audit", "verify", env=env)
    assert (told.code, told.out) == (
        0,
        f"3 entries, each as it was written; the last is sealed {head.hash}\n",
    )
    assert call("audit", "verify", "--json", env=env).lines == [
        {"count": 3, "hash": head.hash, "broken": None}
    ]


@pytest.mark.parametrize(
    ("statement", "words", "broken"),
    [
        ("UPDATE audit SET entry = '{}' WHERE number = 2", "entry 2 is not as it was written", 2),
        ("DELETE FROM audit WHERE number = 1", "entry 1 is not as it was written", 1),
        ("DELETE FROM audit WHERE number > 1", "entry 2 is not as it was written", 2),
        ("DELETE FROM audit", "entry 1 is not as it was written", 1),
    ],
)
def test_a_log_that_was_tampered_with_names_its_first_broken_entry(
    store: Store, env: dict[str, str], statement: str, words: str, broken: int
) -> None:
    with sqlite3.connect(store.path, isolation_level=None) as other:
        other.execute("DROP TRIGGER audit_stays")
        other.execute("DROP TRIGGER audit_stays_as_written")
        other.execute(statement)
    other.close()
    told = call("audit", "verify", env=env)
    assert (told.code, told.out) == (4, "")
    assert told.err.startswith(f"review-tui: {words}")
    as_json = call("audit", "verify", "--json", env=env)
    assert (as_json.code, as_json.lines[0]["broken"]) == (4, broken)


def test_an_entry_that_was_made_unreadable_is_exported_as_it_is(store: Store, env: dict[str, str]) -> None:
    with sqlite3.connect(store.path, isolation_level=None) as other:
        other.execute("DROP TRIGGER audit_stays_as_written")
        other.execute("UPDATE audit SET entry = 'gone\x1b' WHERE number = 2")
    other.close()
    lines = call("audit", "export", env=env).lines
    assert (lines[1]["number"], lines[1]["words"]) == (2, "(unreadable) gone\x1b")
    assert "(unreadable) gone\\u001b" in call("audit", "export", "--format", "csv", env=env).out


@pytest.mark.parametrize("command", [["audit", "export"], ["audit", "verify", "--json"]])
def test_where_nothing_was_kept_nothing_is_made(
    command: list[str], env: dict[str, str], tmp_path: Path
) -> None:
    told = call(*command, env=env)
    assert (told.code, told.out) == (3, "")
    assert "nothing was ever kept here for this server and key" in told.err
    assert list(tmp_path.iterdir()) == []


def test_a_store_that_cannot_be_trusted_is_named(store: Store, env: dict[str, str]) -> None:
    store.path.chmod(0o644)
    told = call("audit", "verify", "--json", env=env)
    assert told.code == 2
    assert json.loads(told.err)["error"]["title"] == "the store's file is open to others"
