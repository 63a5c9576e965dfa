"""What is kept is there again: after closing, beside another program, and never against what was kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Verb
from review_tui.store.errors import AlreadyMoved, AlreadyOpen
from review_tui.store.journal import Store
from tests.store.records import NOON, decided, kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "acme.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.open(path, now=lambda: NOON)
    yield store
    store.close()


def test_a_held_decision_is_there_again_as_it_was(path: Path) -> None:
    intent = decided(
        verb=Verb.RESOLVE, match_id="m1", resolution=Resolution.CONFIRMED_FRAUD, note="half a pair: \ud83d\0"
    )
    record = replace(kept(intent), shown="d1", due=NOON + timedelta(seconds=5), words="sending in 5 s")
    first = Store.open(path)
    first.write(record)
    first.close()
    again = Store.open(path)
    assert again.open_records() == (record,)
    again.close()
