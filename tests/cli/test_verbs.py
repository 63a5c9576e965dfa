"""The verbs against a served sandbox: each way to end, each shape of JSON."""

import json
import socket
import unicodedata
from collections.abc import Iterator

import pytest

from tests.cli.program import (
    ask,
    ask_sandbox,
    breaks,
    environment_of,
    one,
    run,
)
from tests.wire import Served, serving

ROW = {
    "id",
    "submissionStatus",
    "fraudStatus",
    "fraudScore",
    "confidence",
    "merchant",
    "amount",
    "currency",
    "workflow",
    "createdAt",
    "clientSubmissionId",
}
MATCH = {
    "id",
    "submissionId",
    "matchedSubmissionId",
    "type",
    "score",
    "details",
    "resolution",
    "note",
    "createdAt",
    "resolvedAt",
    "resolvedBy",
}
DECISION = {"id", "verb", "matchId", "stage", "words", "submissionStatus", "requestId", "failure"}
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FAILURE = {"kind", "title", "hint", "status", "requestId", "retryAfter", "problems"}


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "busy") as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_goes_wrong(world: Served) -> None:
    ask_sandbox(world, "clear", {})


def test_the_list_is_one_object_a_line(world: Served) -> None:
    listed = ask(world, "submissions", "list", "--json", "--limit", "7")
    assert listed.code == 0
    assert len(listed.lines) == 7
    for row in listed.lines:
        assert row.keys() == ROW
        assert row["submissionStatus"] == "review"
    assert "larger --limit" in listed.err


def test_a_long_list_is_read_page_by_page(world: Served) -> None:
    listed = ask(world, "submissions", "list", "--status", "any", "--limit", "130", "--json")
    ids = [row["id"] for row in listed.lines]
    assert len(ids) == len(set(ids)) == 130


def test_the_list_takes_filters(world: Served) -> None:
    rows = ask(world, "submissions", "list", "--status", "synced", "--fraud-status", "clean", "--json").lines
    assert rows
    assert {(row["submissionStatus"], row["fraudStatus"]) for row in rows} == {("synced", "clean")}


def test_people_get_an_aligned_table(world: Served) -> None:
    lines = ask(world, "submissions", "list", "--limit", "5").out.splitlines()
    assert lines[0].split() == ["ID", "STATUS", "FRAUD", "CONF", "AMOUNT", "MERCHANT", "CREATED"]
    column = lines[0].index("STATUS")
    assert [line[column : column + 6] for line in lines[1:]] == ["review"] * 5


def test_an_empty_list_is_no_failure(world: Served) -> None:
    listed = ask(world, "submissions", "list", "--workflow", "no-such-workflow")
    assert (listed.code, listed.out) == (0, "")


def test_one_submission_is_shown_as_the_server_sends_it(world: Served) -> None:
    (shown,) = ask(world, "submissions", "show", one(world), "--json").lines
    assert shown["submissionStatus"] == "review"
    assert {"extractedData", "files", "events", "fraudMatches"} <= shown.keys()
    people = ask(world, "submissions", "show", shown["id"]).out
    assert f"id         {shown['id']}" in people
    assert "\nEvents\n" in people


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["approve"], "approved"),
        (["reject", "--reason", "blurred"], "rejected"),
        (["cancel"], "cancelled"),
    ],
)
def test_a_decision_is_carried_out_without_a_question(
    world: Served, arguments: list[str], status: str
) -> None:
    chosen = one(world)
    verb, *rest = arguments
    decided = ask(world, "submissions", verb, chosen, *rest, "--json")
    assert decided.code == 0
    (told,) = decided.lines
    assert told.keys() == DECISION
    assert (told["id"], told["verb"], told["stage"]) == (chosen, verb, "done")
    assert told["submissionStatus"] == status
    (shown,) = ask(world, "submissions", "show", chosen, "--json").lines
    assert shown["submissionStatus"] == status
    assert shown["events"][0]["data"]["requestId"] == told["requestId"]


def test_matches_are_listed_judged_and_then_the_submission_approved(world: Served) -> None:
    chosen = one(world, open_matches=True)
    gated = ask(world, "submissions", "approve", chosen, "--json")
    assert gated.code == 4
    assert "to resolve first" in gated.lines[0]["words"]
    matches = ask(world, "fraud", "list", chosen, "--json").lines
    assert matches
    assert all(match.keys() == MATCH for match in matches)
    still_open = [match for match in matches if match["resolution"] is None]
    assert still_open
    for match in still_open:
        judged = ask(world, "fraud", "resolve", chosen, match["id"], "false_positive", "--note", "same shop")
        assert (judged.code, judged.out) == (0, f"{chosen}: Match judged: a false positive\n")
    again = ask(world, "fraud", "resolve", chosen, still_open[0]["id"], "confirmed_fraud")
    assert again.code == 4
    assert again.err == f"{chosen}: it is judged already: false_positive\n"
    assert "false_positive by" in ask(world, "fraud", "list", chosen).out
    assert ask(world, "submissions", "approve", chosen).code == 0


def test_the_gate_sends_nothing(world: Served) -> None:
    chosen = one(world, open_matches=True)
    breaks(world, "status", value="500")
    assert ask(world, "submissions", "approve", chosen).code == 4


def test_what_is_decided_already_is_refused(world: Served) -> None:
    chosen = one(world)
    assert ask(world, "submissions", "cancel", chosen).code == 0
    refused = ask(world, "submissions", "reject", chosen, "--reason", "late")
    assert (refused.code, refused.out) == (4, "")
    assert refused.err == f"{chosen}: only from review; this one is cancelled\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["submissions", "reject", "x"],
        ["submissions", "reject", "x", "--reason", "  "],
        ["submissions", "reject", "x", "--reason", "y" * 2_001],
        ["submissions", "show", "../companies"],
        ["submissions", "list", "--status", "no-such-word"],
        ["submissions", "list", "--limit", "-1"],
        ["submissions"],
        ["fraud", "resolve", "x", "y", "maybe"],
        ["sandbox", "--port", "70000"],
        ["sandbox", "--scenario", "no-such-world"],
        ["--key", "aok_1"],
    ],
)
def test_wrong_usage_is_two(world: Served, arguments: list[str]) -> None:
    ended = ask(world, *arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err


@pytest.mark.parametrize("changed", [{"STEVE_API_KEY": ""}, {"STEVE_BASE_URL": "http://far.example"}])
@pytest.mark.parametrize("arguments", [[], ["submissions", "list"]])
def test_settings_that_cannot_be_used_are_two_and_one_line(
    world: Served, changed: dict[str, str], arguments: list[str]
) -> None:
    ended = ask(world, *arguments, **changed)
    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1


def test_what_is_not_there_is_three(world: Served) -> None:
    assert ask(world, "submissions", "show", "no-such").code == 3
    assert ask(world, "submissions", "approve", "no-such").code == 3
    assert ask(world, "fraud", "list", "no-such").code == 3
    chosen = one(world)
    missing = ask(world, "fraud", "resolve", chosen, "no-such", "false_positive")
    assert missing.code == 3
    assert missing.err == f"review-tui: {chosen} has no fraud match no-such\n"


@pytest.mark.parametrize("key", ["aok_" + "0" * 64, "not-a-key"])
def test_a_key_that_is_not_accepted_is_five(world: Served, key: str) -> None:
    ended = ask(world, "submissions", "list", "--json", STEVE_API_KEY=key)
    assert ended.code == 5
    assert key not in ended.err
    assert ended.error.keys() == {"error", "exit"}
    assert ended.error["error"].keys() == FAILURE
    assert ended.error["exit"] == 5
    assert ended.error["error"]["status"] == 401


def test_a_key_revoked_in_the_middle_of_a_decision_is_five(world: Served) -> None:
    chosen = one(world)
    breaks(world, "status", value="403")
    ended = ask(world, "submissions", "approve", chosen, "--json")
    assert ended.code == 5
    assert ended.lines[0]["stage"] == "refused"
    assert ended.lines[0]["failure"].keys() == FAILURE


def test_a_rate_limit_is_six(world: Served) -> None:
    chosen = one(world)
    breaks(world, "status", value="429")
    limited = ask(world, "submissions", "cancel", chosen, "--json")
    assert limited.code == 6
    assert limited.lines[0]["words"].startswith("Rate limit: your cancel was not taken")


def test_a_server_that_cannot_be_reached_is_seven(world: Served) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
        ended = ask(world, "submissions", "list", STEVE_BASE_URL=nobody)
    assert ended.code == 7
    assert len(ended.err.splitlines()) == 1


def test_a_lost_answer_is_looked_up(world: Served) -> None:
    chosen = one(world)
    breaks(world, "drop", after=True)
    decided = ask(world, "submissions", "approve", chosen)
    assert (decided.code, decided.out) == (0, f"{chosen}: Approved (the answer was lost, read back)\n")


def test_approving_needs_the_fraud_matches(world: Served) -> None:
    chosen = one(world)
    broken = {"id": chosen, "submissionStatus": "review", "fraudMatches": [{"id": None}]}
    ask_sandbox(
        world, "faults", {"kind": "body", "method": "GET", "path": f"*/{chosen}", "value": json.dumps(broken)}
    )
    breaks(world, "html", method="GET", times=3)
    ended = ask(world, "submissions", "approve", chosen)
    assert ended.code == 7
    assert "fraud matches could not be read, so nothing was sent" in ended.err
    (still,) = ask(world, "submissions", "show", chosen, "--json").lines
    assert still["submissionStatus"] == "review"


def test_a_shell_sees_the_same(world: Served) -> None:
    shown = run("submissions", "list", "--limit", "2", "--json", env=environment_of(world))
    assert (shown.code, [row.keys() for row in shown.lines]) == (0, [ROW, ROW])
    missing = run("submissions", "show", "no-such", "--json", env=environment_of(world))
    assert (missing.code, missing.out, missing.error["exit"]) == (3, "", 3)
    assert run("submissions", "list").code == 2


def test_a_poor_encoding_is_no_failure_either(world: Served) -> None:
    poor = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ended = run("submissions", "list", "--status", "any", env=environment_of(world) | poor)
    assert ended.code == 0


def test_hostile_text_reaches_the_terminal_inert() -> None:
    with serving("--seed", "7", "--scenario", "hostile") as hostile:
        ids = [row["id"] for row in ask(hostile, "submissions", "list", "--json").lines]
        texts = [ask(hostile, "submissions", "list", *more) for more in ((), ("--json",))]
        texts += [
            ask(hostile, "submissions", "show", id_, *more) for id_ in ids[:3] for more in ((), ("--json",))
        ]
    for ended in texts:
        assert ended.code == 0
        for line in ended.out.split("\n"):
            assert not {unicodedata.category(char) for char in line} & INVISIBLE, ascii(line)
