"""What a reviewer writes down is found again, and what was decided on a merchant when it returns."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Verb
from review_tui.store.audit import Person
from review_tui.store.journal import Store
from tests.store.records import NOON, decided, kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store of this test is."""
    return tmp_path / "state" / "acme.db"


def test_a_leaf_is_kept_in_place_of_the_one_before_and_taken_out(path: Path) -> None:
    store = Store.open(path)
    store.keep("notes", "s1", '{"text": "call back"}')
    store.keep("notes", "s1", '{"text": "called"}')
    store.keep("merchants", "s1", '{"text": "a shop of that name"}')
    store.keep("flags", "s2", "{}")
    store.keep("flags", "s2", None)
    store.close()
    store = Store.open(path)
    assert sorted(store.leaves()) == [
        ("merchants", "s1", '{"text": "a shop of that name"}'),
        ("notes", "s1", '{"text": "called"}'),
    ]
    store.close()
    assert path.stat().st_mode & 0o777 == 0o600, "words on people's documents are the owner's alone"


def test_the_log_tells_what_was_decided_when_the_merchant_returns(path: Path) -> None:
    store = Store.open(path, person=Person(1000, "ewa"), now=lambda: NOON)
    for number, name in enumerate(["CAFE  ŁĄKA", "Café Łąka", "Bistro"]):
        intent = decided(f"s{number}", verb=Verb.REJECT, reason=f"Too dark {number}")
        for stage in (Stage.HELD, Stage.SENDING, Stage.DONE):
            store.write(replace(kept(intent, stage, after=number), merchant=name))
    found = store.past_decisions("Café Łąka", 10)
    assert [(one.submission_id, one.verb, one.reason, one.user) for one in found] == [
        ("s1", "reject", "Too dark 1", "ewa"),
        ("s0", "reject", "Too dark 0", "ewa"),
    ]
    assert found[0].at > found[1].at
    assert len(store.past_decisions("Café Łąka", 1)) == 1
    assert store.verify() is None
    store.close()


@pytest.mark.parametrize(
    ("stage", "resolution", "told"),
    [
        (Stage.DONE, Resolution.CONFIRMED_FRAUD, ["confirm fraud"]),
        (Stage.DONE, Resolution.FALSE_POSITIVE, []),
        (Stage.UNKNOWN, Resolution.CONFIRMED_FRAUD, []),
        (Stage.TAKEN_BACK, None, []),
    ],
)
def test_only_what_came_of_it_is_held_against_a_merchant(
    path: Path, stage: Stage, resolution: Resolution | None, told: list[str]
) -> None:
    store = Store.open(path, now=lambda: NOON)
    intent = decided("s1")
    if resolution is not None:
        intent = replace(intent, verb=Verb.RESOLVE, match_id="m1", resolution=resolution)
    store.write(kept(intent))
    if stage is not Stage.TAKEN_BACK:
        store.write(kept(intent, Stage.SENDING))
    store.write(kept(intent, stage))
    assert [one.verb for one in store.past_decisions("Café Łąka", 10)] == told
    store.close()


def test_an_entry_that_somebody_spoilt_is_left_out_of_what_is_told(path: Path) -> None:
    store = Store.open(path, now=lambda: NOON)
    intent = decided("s1")
    for stage in (Stage.HELD, Stage.SENDING, Stage.DONE):
        store.write(kept(intent, stage))
    assert len(store.past_decisions("Café Łąka", 10)) == 1
    store._connection.execute("DROP TRIGGER audit_stays_as_written")
    store._connection.execute("UPDATE audit SET entry = 'x' WHERE number = 3")
    assert store.past_decisions("Café Łąka", 10) == []
    store.close()


def test_the_log_tells_what_was_decided_from_a_moment_on_oldest_first(path: Path) -> None:
    store = Store.open(path, now=lambda: NOON)
    for number in range(200):  # more lines than are read at once
        intent = decided(f"s{number}")
        for stage in (Stage.HELD, Stage.SENDING, Stage.DONE):
            store.write(kept(intent, stage, after=60 * number))
    found = store.strokes_since(NOON + timedelta(minutes=10))
    assert len(found) == 190 * 3
    assert (found[0].at, found[0].stage) == (NOON + timedelta(minutes=10), "held")
    assert (found[-1].at, found[-1].stage, found[-1].verb) == (
        NOON + timedelta(minutes=199),
        "done",
        "approve",
    )
    assert len({stroke.request_id for stroke in found}) == 190
    assert store.strokes_since(NOON + timedelta(days=1)) == []
    store.close()
