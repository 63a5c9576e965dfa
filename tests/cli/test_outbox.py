"""The outbox from the command line: what is held is listed and dropped, what may be sent is left alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.submissions import Verb
from review_tui.settings.environment import Settings
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
    """The store of a console that left two decisions held and one on its way."""
    store = Store.open(Settings.of(env).store_path)
    store.write(kept(decided("s1"), after=1))
    store.write(kept(decided("s2", verb=Verb.REJECT, reason="blurred"), after=2))
    store.write(kept(decided("s3"), Stage.SENDING, after=3))
    yield store
    store.close()


@pytest.mark.usefixtures("store")
def test_the_list_is_for_people_and_for_programs(env: dict[str, str]) -> None:
    told = call("outbox", "list", env=env)
    assert told.code == 0
    assert [line.split()[:3] for line in told.out.splitlines()] == [
        ["ID", "VERB", "STAGE"],
        ["s1", "approve", "held"],
        ["s2", "reject", "held"],
        ["s3", "approve", "sending"],
    ]
    lines = call("outbox", "list", "--json", env=env).lines
    assert [(line["id"], line["stage"], line["reason"]) for line in lines] == [
        ("s1", "held", None),
        ("s2", "held", "blurred"),
        ("s3", "sending", None),
    ]
    assert lines[0]["changedAt"] == "2026-03-25T12:00:01.000Z"


def test_dropped_ones_are_taken_back_and_never_sent(store: Store, env: dict[str, str]) -> None:
    request_id = store.open_records()[1].intent.request_id
    told = call("outbox", "drop", "s1", request_id, "s1", "--json", env=env)
    assert (told.code, told.err) == (0, "")
    assert [(line["id"], line["stage"]) for line in told.lines] == [
        ("s1", "taken back"),
        ("s2", "taken back"),
    ]
    assert [record.intent.submission_id for record in store.open_records()] == ["s3"]
    assert [entry.facts["stage"] for entry in store.audit()][-2:] == ["taken back", "taken back"]


def test_what_may_have_been_sent_is_not_dropped_nor_anything_with_it(
    store: Store, env: dict[str, str]
) -> None:
    told = call("outbox", "drop", "s1", "s3", env=env)
    assert (told.code, told.out) == (4, "")
    assert told.err == "review-tui: s3: it may have been sent: sending\n"
    assert len(store.open_records()) == 3


def test_what_is_not_known_is_said_and_nothing_is_dropped(store: Store, env: dict[str, str]) -> None:
    told = call("outbox", "drop", "s1", "s9", "--json", env=env)
    assert (told.code, told.out) == (3, "")
    assert told.error["error"]["title"] == "no open decision is kept for s9"
    assert len(store.open_records()) == 3


def test_where_nothing_was_kept_the_list_is_empty_and_nothing_is_made(
    env: dict[str, str], tmp_path: Path
) -> None:
    assert call("outbox", "list", env=env).code == 0
    assert call("outbox", "drop", "s1", env=env).code == 3
    assert list(tmp_path.iterdir()) == []
