"""Jobs from the command line: listed, shown, canceled; and each thing that can be wrong, in its own words."""

import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from review_tui.model.job_words import JobState, System
from review_tui.model.jobs import Job, JobKey
from review_tui.model.text import Shown
from review_tui.model.watching import Watched
from review_tui.settings.environment import store_path
from review_tui.store.journal import Store
from tests.cli.jobs import breaks, jobs, make, seen, switch
from tests.cli.program import Ended, ask_sandbox
from tests.wire import Served, serving

PULSE, UNSILOED = ("--system", "pulse"), ("--system", "unsiloed")
JOB = {
    "system", "id", "state", "word", "needsPerson", "operation", "name", "createdAt", "updatedAt",
    "progress", "note", "error", "hint", "submissionId", "batchId",
}  # fmt: skip
FAILURE = {"kind", "title", "hint", "status", "requestId", "retryAfter", "problems"}
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "quiet") as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_goes_wrong(world: Served) -> Iterator[None]:
    ask_sandbox(world, "clear", {})
    yield
    switch(world, unsiloed_routes="jobs")


def ids(ended: Ended) -> list[str]:
    return [line["id"] for line in ended.lines]


def watch(world: Served, state: Path, *watched: Watched) -> None:
    """Let the console of a state folder have watched these."""
    state.mkdir(mode=0o700, exist_ok=True)
    with closing(Store.open(store_path(state, world.base_url))) as store:
        store.keep_jobs(watched)


def known(system: System, job_id: str, word: str, state: JobState) -> Watched:
    now = datetime.now(UTC)
    return Watched(JobKey(system, job_id), now).told(Job(system, job_id, state, Shown(word)), now)


def test_unsiloed_lists_by_state_work_tags_and_time(world: Served) -> None:
    ours = make(world, "unsiloed", state="failed", operation="classify", tags=["march"], age=3600)
    old = make(world, "unsiloed", state="failed", operation="classify", tags=["march"], age=200_000)
    make(world, "unsiloed", state="failed", operation="classify", tags=["april"], age=3600)
    make(world, "unsiloed", state="queued", operation="classify", tags=["march"], age=3600)
    asked = ("--state", "failed", "--operation", "classify", "--tag", "march", "--tag", "may")
    listed = jobs(world, "list", *UNSILOED, *asked, "--json")
    assert (listed.code, ids(listed), listed.err) == (0, [ours, old], "")
    assert listed.lines[0].keys() == JOB | {"watched"}
    day_ago = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert ids(jobs(world, "list", *UNSILOED, *asked, "--created-after", day_ago, "--json")) == [ours]
    assert ids(jobs(world, "list", *UNSILOED, *asked, "--created-before", day_ago, "--json")) == [old]


def test_a_list_that_is_cut_says_how_many_there_are(world: Served) -> None:
    listed = jobs(world, "list", *UNSILOED, "--limit", "2")
    assert len(listed.out.splitlines()) == 3
    assert listed.err.startswith("Unsiloed: ")
    assert "in all: give a larger --limit" in listed.err


def test_a_batch_is_listed_with_its_counts(world: Served) -> None:
    mine = {make(world, "unsiloed", batch="b-7", state=state) for state in ("completed", "failed", "queued")}
    listed = jobs(world, "list", "--batch", "b-7", "--json")
    assert set(ids(listed)) == mine
    assert {line["batchId"] for line in listed.lines} == {"b-7"}
    assert listed.err.startswith("batch b-7: ")
    assert len(ids(jobs(world, "list", "--batch", "b-7", "--limit", "2", "--json"))) == 2
    missing = jobs(world, "list", *UNSILOED, "--batch", "b-8")
    assert (missing.code, missing.out) == (3, "")
    assert "There is no such batch" in missing.err


def test_of_pulse_those_are_listed_that_are_watched_here_and_it_says_so(
    world: Served, tmp_path: Path
) -> None:
    nothing = jobs(world, "list", *PULSE, REVIEW_TUI_STATE=str(tmp_path))
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err == "Pulse does not list its jobs, and none of them is watched here\n"
    done = known(System.PULSE, "p1", "completed", JobState.SUCCEEDED)
    watch(world, tmp_path / "s", done, Watched(JobKey(System.PULSE, "p2"), datetime.now(UTC)))
    listed = jobs(world, "list", *PULSE, "--json", REVIEW_TUI_STATE=str(tmp_path / "s"))
    assert ids(listed) == ["p2", "p1"]
    assert [line["state"] for line in listed.lines] == [None, "succeeded"]
    assert [line["watched"]["course"] for line in listed.lines] == ["watched", "over"]
    assert "as they were read last" in listed.err
    only = jobs(world, "list", *PULSE, "--state", "succeeded", REVIEW_TUI_STATE=str(tmp_path / "s"))
    assert only.out.splitlines()[1].startswith("p1  Pulse   succeeded (completed)")
    assert seen(world, "/pulse/") == []


def test_a_deployment_without_a_list_is_listed_as_it_is_watched(world: Served, tmp_path: Path) -> None:
    switch(world, unsiloed_routes="operations")
    done = known(System.UNSILOED, "u1", "COMPLETED", JobState.SUCCEEDED)
    watch(world, tmp_path / "s", done)
    listed = jobs(world, "list", *UNSILOED, "--json", REVIEW_TUI_STATE=str(tmp_path / "s"))
    assert ids(listed) == ["u1"]
    assert "Unsiloed does not list its jobs" in listed.err


def test_the_list_of_all_names_what_is_not_configured(world: Served) -> None:
    listed = jobs(world, "list", PULSE_API_KEY="")
    assert listed.code == 0
    assert " Unsiloed " in listed.out
    assert "review-tui: Pulse is not configured: set PULSE_API_KEY" in listed.err
    assert "Steve does not list its jobs" in listed.err


@pytest.mark.parametrize("verb", [("list",), ("show", "j"), ("wait", "j"), ("result", "j"), ("cancel", "j")])
def test_a_system_without_a_key_is_not_configured_rather_than_empty(
    world: Served, verb: tuple[str, ...]
) -> None:
    ended = jobs(world, *verb, *PULSE, PULSE_API_KEY="")
    assert (ended.code, ended.out) == (2, "")
    (line,) = ended.err.splitlines()
    assert line.startswith("review-tui: Pulse is not configured: set PULSE_API_KEY")


def test_pulse_is_asked_without_steve_but_what_is_watched_is_kept_by_its_name(world: Served) -> None:
    job_id = make(world, "pulse", state="completed")
    alone = {"STEVE_BASE_URL": "", "STEVE_API_KEY": ""}
    for verb in ("show", "wait", "result"):
        assert jobs(world, verb, job_id, *PULSE, **alone).code == 0
    listed = jobs(world, "list", *PULSE, **alone)
    assert (listed.code, listed.out) == (2, "")
    assert "STEVE_BASE_URL is not set" in listed.err
    assert jobs(world, "list", **alone).code == 0


def test_steves_key_is_never_taken_for_another_system(world: Served, tmp_path: Path) -> None:
    (file := tmp_path / "key").write_text(world.api_key)
    file.chmod(0o600)
    ended = jobs(world, "show", "j", *PULSE, "--key-file", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert "for Pulse set PULSE_API_KEY_FILE" in ended.err
    assert seen(world, "/pulse/") == []


def test_jobs_are_shown_with_their_errors_and_hints(world: Served) -> None:
    failed = make(world, "pulse", state="failed", error="the scan is too dark")
    shown = jobs(world, "show", failed, *PULSE)
    assert shown.code == 0
    for words in (failed, "failed", "the scan is too dark", "It will not be tried again by itself."):
        assert words in shown.out
    (line,) = jobs(world, "show", failed, *PULSE, "--json").lines
    assert line.keys() == JOB | {"watched", "body"}
    assert (line["state"], line["error"], line["watched"]) == ("failed", "the scan is too dark", None)
    assert line["body"]["job_id"] == failed


def test_what_was_seen_of_a_watched_job_is_shown_with_what_was_odd(world: Served, tmp_path: Path) -> None:
    job_id = make(world, "pulse", state="completed")
    at = datetime.now(UTC)
    watched = known(System.PULSE, job_id, "processing", JobState.RUNNING)
    watched = watched.told(Job(System.PULSE, job_id, JobState.QUEUED, Shown("pending")), at)
    watch(world, tmp_path / "s", watched)
    shown = jobs(world, "show", job_id, *PULSE, REVIEW_TUI_STATE=str(tmp_path / "s"))
    assert "pending: went back from running" in shown.out
    (line,) = jobs(world, "show", job_id, *PULSE, "--json", REVIEW_TUI_STATE=str(tmp_path / "s")).lines
    assert [change["odd"] for change in line["watched"]["seen"]] == [None, "went back from running"]


def test_an_unknown_word_is_shown_as_it_is(world: Served) -> None:
    job_id = make(world, "unsiloed", state="running", word="PONDERING")
    shown = jobs(world, "show", job_id, *UNSILOED)
    assert "unknown (PONDERING)" in shown.out
    assert "in no document" in shown.out


def test_each_bad_id_is_told_as_what_it_is_and_the_others_are_shown(world: Served) -> None:
    ours = make(world, "unsiloed", state="completed")
    theirs = make(world, "unsiloed", owner="other_company", state="completed")
    shown = jobs(world, "show", "no-such", ours, theirs, "../x", *UNSILOED)
    assert shown.code == 3
    assert ours in shown.out
    unknown, other, bad = shown.err.splitlines()
    assert unknown.startswith("review-tui: no-such: There is no such job.")
    assert other.startswith(f"review-tui: {theirs}: This key may not do that.")
    assert bad.startswith("review-tui: ../x: ")
    asked = jobs(world, "show", theirs, *UNSILOED, "--json")
    assert (asked.code, asked.out) == (5, "")
    assert asked.error.keys() == {"system", "id", "error", "exit"}
    assert asked.error["error"].keys() == FAILURE
    assert jobs(world, "show", "../x", *UNSILOED).code == 2


def test_a_job_that_was_known_here_and_is_no_longer_there_is_expired(world: Served, tmp_path: Path) -> None:
    old = make(world, "unsiloed", state="completed", age=8 * 24 * 3600)
    watch(world, tmp_path / "s", known(System.UNSILOED, old, "COMPLETED", JobState.SUCCEEDED))
    stranger = jobs(world, "show", old, *UNSILOED)
    assert (stranger.code, stranger.out) == (3, "")
    assert "kept for 7 days" in stranger.err
    assert jobs(world, "result", old, *UNSILOED, REVIEW_TUI_STATE=str(tmp_path / "s")).code == 13
    for verb in ("show", "wait"):
        gone = jobs(world, verb, old, *UNSILOED, "--json", REVIEW_TUI_STATE=str(tmp_path / "s"))
        assert (gone.code, gone.lines[0]["state"]) == (13, "expired")
        assert gone.lines[0]["hint"] == "Jobs and results are kept for 7 days."


def test_a_key_that_is_refused_asks_no_more(world: Served) -> None:
    ended = jobs(world, "show", "a", "b", "c", *PULSE, PULSE_API_KEY="pulse_wrong")
    assert ended.code == 5
    refused, rest = ended.err.splitlines()
    assert "Check PULSE_API_KEY." in refused
    assert rest == "2 not asked about"
    assert len(seen(world, "/pulse/")) == 1


def test_a_canceled_job_is_told_in_its_real_state(world: Served) -> None:
    running, over = make(world, "pulse", state="running"), make(world, "pulse", state="completed")
    ended = jobs(world, "cancel", running, over, *PULSE, "--yes")
    assert (ended.code, ended.out) == (4, f"{running}: Canceled\n")
    assert ended.err == f"{over}: Not canceled, for it is over: succeeded (completed)\n"
    (line,) = jobs(world, "cancel", running, *PULSE, "--yes", "--json").lines
    assert line.keys() == JOB | {"words", "failure"}
    assert (line["state"], line["words"]) == ("canceled", "Canceled")


def test_nothing_is_canceled_where_nobody_can_be_asked(world: Served) -> None:
    job_id = make(world, "unsiloed", state="running")
    ended = jobs(world, "cancel", job_id, *UNSILOED)
    assert ended.code == 2
    assert "--yes is needed" in ended.err
    assert seen(world, job_id) == []


def test_a_cancel_whose_answer_is_lost_is_sent_once_and_looked_up(world: Served) -> None:
    job_id = make(world, "unsiloed", state="running")
    breaks(world, "drop", f"*/{job_id}", method="DELETE", after=True)
    ended = jobs(world, "cancel", job_id, *UNSILOED, "--yes")
    assert (ended.code, ended.out) == (0, f"{job_id}: Canceled\n")
    assert [one["method"] for one in seen(world, job_id)].count("DELETE") == 1


def test_a_cancel_of_which_nothing_can_be_learnt_is_unknown(world: Served) -> None:
    job_id = make(world, "pulse", state="running")
    breaks(world, "drop", f"*/{job_id}", method="DELETE")
    breaks(world, "status", f"*/{job_id}", method="GET", value="403")
    ended = jobs(world, "cancel", job_id, *PULSE, "--yes", "--json")
    assert ended.code == 8
    assert ended.lines[0]["words"].startswith("Asked to cancel; what it is now could not be read")
    assert ended.lines[0]["state"] is None


def test_a_cancel_of_no_such_job_or_by_a_system_that_has_none_is_told(world: Served) -> None:
    assert jobs(world, "cancel", "no-such", *PULSE, "--yes").code == 3
    none = jobs(world, "cancel", "s", "--system", "steve", "--yes")
    assert (none.code, none.err.splitlines()) == (
        2,
        ["review-tui: Steve cannot cancel a job. Its interface has no such request."],
    )


def test_a_profile_for_reading_cancels_nothing(world: Served, tmp_path: Path) -> None:
    (config := tmp_path / "config.toml").write_text("[profiles.look]\nread_only = true\n")
    changed = {"REVIEW_TUI_CONFIG": str(config), "REVIEW_TUI_PROFILE": "look"}
    job_id = make(world, "pulse", state="running")
    ended = jobs(world, "cancel", job_id, *PULSE, "--yes", **changed)
    assert ended.code == 4
    assert seen(world, job_id) == []


def test_hostile_text_reaches_the_terminal_inert(world: Served) -> None:
    bad = "\x1b]0;x\x07\u202egnp.exe\x9b31m\n"
    job_id = make(world, "unsiloed", state="failed", fileName=bad, error=bad, word=f"FAILED{bad}")
    texts = [jobs(world, "show", job_id, *UNSILOED, *more) for more in ((), ("--json",))]
    texts += [jobs(world, "list", *UNSILOED, *more) for more in ((), ("--json",))]
    texts.append(jobs(world, "wait", job_id, *UNSILOED, "--timeout", "0"))
    texts.append(jobs(world, "show", bad, *UNSILOED))
    for ended in texts:
        for line in (ended.out + ended.err).split("\n"):
            assert not {unicodedata.category(char) for char in line} & INVISIBLE, ascii(line)


@pytest.mark.parametrize(
    "arguments",
    [
        ["jobs"],
        ["show", "x"],
        ["show", *PULSE],
        ["wait", "x", *PULSE, "--timeout", "-1"],
        ["wait", "x", *PULSE, "--timeout", "nan"],
        ["list", "--created-after", "yesterday"],
        ["list", "--system", "nobody"],
        ["list", *PULSE, "--tag", "march"],
        ["list", *PULSE, "--batch", "b"],
        ["result", "x", "y", *PULSE],
    ],
)
def test_wrong_usage_is_two(world: Served, arguments: list[str]) -> None:
    ended = jobs(world, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err


def test_a_steve_session_that_needs_somebody_is_shown_with_its_submission(world: Served) -> None:
    session = review_session(world)
    shown = jobs(world, "show", session["id"], "--system", "steve")
    assert "succeeded (completed), needs review" in shown.out
    assert session["submissionId"] in shown.out


def review_session(world: Served) -> Any:
    """A finished session whose submission somebody has to look at."""
    steves = ask_sandbox(world, "systems")["steve"]["jobs"]
    shown = jobs(world, "show", *steves, "--system", "steve", "--json")
    return next(line for line in shown.lines if line["needsPerson"])
