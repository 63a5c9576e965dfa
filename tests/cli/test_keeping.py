"""What the verbs leave on this machine: a log of each decision; and none is sent beside a held one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from review_tui.settings.environment import Settings
from review_tui.store.journal import Store
from tests.cli.program import ask, ask_sandbox, call, environment_of, one
from tests.store.records import decided, kept
from tests.wire import Served, serving


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "busy") as found:
        yield found


@pytest.fixture
def env(world: Served, tmp_path: Path) -> dict[str, str]:
    return environment_of(world) | {"REVIEW_TUI_STATE": str(tmp_path / "state")}


def status(world: Served, submission_id: str) -> str:
    """What the server says of it."""
    (shown,) = ask(world, "submissions", "show", submission_id, "--json").lines
    return str(shown["submissionStatus"])


def test_a_rejection_is_in_the_log_from_sending_to_its_end(world: Served, env: dict[str, str]) -> None:
    chosen = one(world)
    (told,) = call("submissions", "reject", chosen, "--reason", "blurred", "--json", env=env).lines
    log = call("audit", "export", env=env).lines
    assert [(entry["stage"], entry["requestId"]) for entry in log] == [
        ("sending", told["requestId"]),
        ("done", told["requestId"]),
    ]
    assert (log[-1]["reason"], log[-1]["status"], log[-1]["submissionId"]) == ("blurred", 200, chosen)
    assert log[-1]["shown"]
    assert log[-1]["subject"]
    assert call("audit", "verify", env=env).code == 0
    assert call("outbox", "list", env=env).out == ""


def test_beside_a_held_decision_nothing_is_sent(world: Served, env: dict[str, str]) -> None:
    chosen = one(world)
    store = Store.open(Settings.of(env).store_path)
    store.write(kept(decided(chosen)))
    before = ask_sandbox(world, "requests")["count"]
    done = call("submissions", "cancel", chosen, "--json", env=env)
    assert (done.code, done.lines[0]["stage"]) == (4, "unsent")
    assert "a decision on this submission is under way" in done.lines[0]["words"]
    assert ask_sandbox(world, "requests")["count"] <= before + 2
    assert status(world, chosen) == "review"
    assert [record.intent.submission_id for record in store.open_records()] == [chosen]
    store.close()


def test_without_a_store_nothing_is_sent_and_reading_goes_on(world: Served, env: dict[str, str]) -> None:
    chosen = one(world)
    Settings.of(env).state.mkdir(mode=0o755)
    Settings.of(env).state.chmod(0o755)
    refused = call("submissions", "approve", chosen, "--json", env=env)
    assert (refused.code, refused.out) == (2, "")
    assert refused.error["error"]["title"] == "the store's folder is open to others"
    assert call("submissions", "show", chosen, "--json", env=env).lines[0]["submissionStatus"] == "review"
