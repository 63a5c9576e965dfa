"""What is written down is at hand at once and comes back; what cannot be kept is told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.notes import Flag, Note, PastDecision, Snooze
from review_tui.model.numbers import Stroke
from review_tui.store.journal import Store
from review_tui.workers.notebook import Notebook

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
FULL = Failure(FailureKind.LOCAL, "no space is left")


class DiskFull(Exception):  # noqa: N818 – it says what happened
    failure = FULL


class Drawer:
    """Keeps leaves in a dict, or refuses to read or to write."""

    def __init__(self, *, reads: bool = True, writes: bool = True) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.reads, self.writes = reads, writes

    def leaves(self) -> list[tuple[str, str, str]]:
        if not self.reads:
            raise DiskFull
        return [(*key, body) for key, body in self.kept.items()]

    def keep(self, kind: str, about: str, body: str | None) -> None:
        if not self.writes:
            raise DiskFull
        if body is None:
            self.kept.pop((kind, about), None)
        else:
            self.kept[kind, about] = body

    def past_decisions(self, merchant: str, most: int) -> Sequence[PastDecision]:
        if not self.reads:
            raise DiskFull
        return [PastDecision(NOON, "reject", "s9", subject=merchant)][:most]

    def strokes_since(self, moment: datetime) -> Sequence[Stroke]:
        if not self.reads:
            raise DiskFull
        return [Stroke("r1", moment, "approve", "done")]


def test_every_kind_of_leaf_comes_back_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "state" / "acme.db"
    store = Store.open(path)
    notebook = Notebook(store)
    notebook.put("notes", "s1", Note("zażółć\nco wieczór", NOON))
    notebook.put("merchants", "cafe laka", Note("pays in cash", NOON, "Café Łąka"))
    notebook.put("flags", "s1", Flag(NOON, "Café Łąka 18.40"))
    notebook.put("flags", "s2", Flag(NOON))
    notebook.put("flags", "s2", None)
    notebook.put("snoozes", "s1", Snooze(NOON, None, "review", "waits for an answer", "Café Łąka"))
    notebook.put("snoozes", "s3", Snooze(NOON, NOON))
    book = notebook.book
    notebook.close()
    store.close()
    store = Store.open(path)
    again = Notebook(store)
    assert again.book == book
    assert set(again.book.flags) == {"s1"}
    again.close()
    store.close()


def test_what_cannot_be_read_is_said_and_nothing_is_written_over_it() -> None:
    drawer = Drawer(reads=False)
    notebook = Notebook(drawer)
    assert notebook.failure == FULL
    book = notebook.put("flags", "s1", Flag(NOON))
    assert "s1" in book.flags, "it lasts as long as the program"
    notebook.close()
    assert not drawer.kept


def test_what_cannot_be_written_is_told_and_stays_at_hand() -> None:
    notebook = Notebook(Drawer(writes=False))
    told: list[Failure] = []
    notebook.hear(told.append)
    notebook.put("flags", "s1", Flag(NOON))
    notebook.close()
    assert told == [FULL]
    assert "s1" in notebook.book.flags


def test_what_somebody_spoilt_is_left_out_and_left_there() -> None:
    drawer = Drawer()
    drawer.kept = {
        ("flags", "s1"): '{"at": "yesterday"}',
        ("flags", "s2"): '{"at": "2026-03-25T12:00:00Z"}',
        ("drawings", "s3"): "{}",
    }
    notebook = Notebook(drawer)
    assert set(notebook.book.flags) == {"s2"}
    notebook.close()
    assert len(drawer.kept) == 3


def test_what_is_put_again_is_not_written_again() -> None:
    drawer = Drawer()
    drawer.kept = {("flags", "s1"): '{"at": "2026-03-25T12:00:00Z"}'}
    drawer.writes = False
    notebook = Notebook(drawer)
    told: list[Failure] = []
    notebook.hear(told.append)
    notebook.put("flags", "s1", Flag(NOON))
    notebook.put("flags", "s2", None)
    notebook.close()
    assert not told


async def test_past_decisions_are_looked_up_behind_and_their_lack_is_no_failure() -> None:
    notebook, failing, without = Notebook(Drawer()), Notebook(Drawer(reads=False)), Notebook()
    (found,) = await notebook.past_decisions("Café Łąka")
    assert found.submission_id == "s9"
    assert await failing.past_decisions("Café Łąka") == ()
    assert await without.past_decisions("Café Łąka") == ()
    drawer = Drawer()
    spoilt = Notebook(drawer)
    drawer.reads = False
    assert await spoilt.past_decisions("Café Łąka") == ()
    for each in (notebook, spoilt, without):
        each.close()


async def test_own_decisions_are_looked_up_behind_and_their_lack_is_told_apart_from_none() -> None:
    notebook, failing, without = Notebook(Drawer()), Notebook(Drawer(reads=False)), Notebook()
    assert await notebook.strokes_since(NOON) == (Stroke("r1", NOON, "approve", "done"),)
    assert await failing.strokes_since(NOON) is None
    assert await without.strokes_since(NOON) is None
    for one in (notebook, failing, without):
        one.close()
