"""`outbox send` against a served sandbox: each is looked at anew, sent once, and told like any decision."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.submissions import Verb
from review_tui.settings.environment import Settings
from review_tui.store.journal import Store
from tests.cli.program import Ended, ask, ask_sandbox, breaks, call, environment_of, one
from tests.store.records import decided, kept
from tests.wire import Served, serving


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "busy") as found:
        yield found


@pytest.fixture
def env(world: Served, tmp_path: Path) -> dict[str, str]:
    ask_sandbox(world, "clear", {})
    return environment_of(world) | {"REVIEW_TUI_STATE": str(tmp_path / "state")}


@pytest.fixture
def store(env: dict[str, str]) -> Iterator[Store]:
    store = Store.open(Settings.of(env).store_path)
    yield store
    store.close()


def send(env: dict[str, str], *ids: str) -> Ended:
    """Send them, told as JSON."""
    return call("outbox", "send", *ids, "--json", env=env)


def status(world: Served, submission_id: str) -> str:
    """What the server says of it."""
    (shown,) = ask(world, "submissions", "show", submission_id, "--json").lines
    return str(shown["submissionStatus"])


def test_what_was_held_is_sent_once_with_its_own_request_id(
    world: Served, env: dict[str, str], store: Store
) -> None:
    chosen = one(world)
    intent = decided(chosen, verb=Verb.REJECT, reason="blurred")
    store.write(kept(intent))
    done = send(env, chosen)
    assert (done.code, done.err) == (0, "")
    assert [(line["stage"], line["requestId"]) for line in done.lines] == [("done", intent.request_id)]
    (shown,) = ask(world, "submissions", "show", chosen, "--json").lines
    assert (shown["submissionStatus"], shown["rejectReason"]) == ("rejected", "blurred")
    assert shown["events"][0]["data"]["requestId"] == intent.request_id
    told = [entry.facts["stage"] for entry in store.audit()]
    assert told[0] == "held"
    assert told[-2:] == ["sending", "done"]
    again = send(env, chosen)
    assert (again.code, again.error["error"]["kind"]) == (3, "not found")


def test_what_changed_since_it_was_shown_is_not_sent(
    world: Served, env: dict[str, str], store: Store
) -> None:
    chosen = one(world)
    store.write(replace(kept(decided(chosen)), shown="what was shown was something else"))
    done = send(env, chosen)
    assert (done.code, done.lines[0]["stage"]) == (4, "changed")
    assert status(world, chosen) == "review"
    assert store.open_records() == ()


def test_what_may_have_been_sent_before_is_left_alone(
    world: Served, env: dict[str, str], store: Store
) -> None:
    chosen = one(world)
    intent = decided(chosen)
    for stage in (Stage.SENDING, Stage.UNKNOWN):
        store.write(replace(kept(intent, stage), changed_at=datetime.now(UTC)))
        assert send(env, chosen).code == 4
    assert status(world, chosen) == "review"


def test_a_refused_key_leaves_the_rest_held(world: Served, env: dict[str, str], store: Store) -> None:
    for number in range(3):
        store.write(kept(decided(f"s{number}"), after=number))
    breaks(world, "status", method="GET", value="401")
    done = send(env, "s0", "s1", "s2")
    assert done.code == 5
    assert [line["stage"] for line in done.lines] == ["unsent"]
    assert done.err == "2 not sent\n"
    assert [record.stage for record in store.open_records()] == [Stage.HELD, Stage.HELD]


def test_one_that_fails_does_not_keep_the_next_from_being_sent(
    world: Served, env: dict[str, str], store: Store
) -> None:
    chosen = one(world)
    store.write(kept(decided("nowhere")))
    store.write(kept(decided(chosen)))
    done = send(env, "nowhere", chosen)
    assert done.code == 3
    assert [line["stage"] for line in done.lines][1:] == ["done"]
    assert status(world, chosen) in {"approved", "synced"}
