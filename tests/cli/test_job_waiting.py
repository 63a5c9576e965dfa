"""Waiting for jobs: as the system advises, to each end with its code, silently where nobody watches."""

import asyncio
import io
import time
from collections.abc import Iterator

import pytest

from review_tui.cli.exits import Exit, exit_of_all
from review_tui.cli.jobs_waiting import Waiting, tell_outcome
from review_tui.cli.progress import ProgressLine
from review_tui.client.errors import NotSent, UsageExceeded
from review_tui.client.jobs import Offers
from review_tui.model.cadence import CADENCES
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness
from review_tui.model.jobs import JobKey, System
from review_tui.model.watching import Course, Watched
from tests.cli.jobs import environment, jobs, make, seen
from tests.cli.program import ask_sandbox, command
from tests.pty.terminal import Terminal
from tests.wire import Served, serving
from tests.workers.handclock import HandClock
from tests.workers.jobsource import MANY, Source

PULSE, UNSILOED = ("--system", "pulse"), ("--system", "unsiloed")


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "quiet") as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_goes_wrong(world: Served) -> None:
    ask_sandbox(world, "clear", {})


class Waited:
    """Somebody who waits, on a clock turned by hand."""

    def __init__(self, system: System, offers: Offers, **words: str) -> None:
        self.clock = HandClock()
        self.source = Source(system, self.clock, offers, words)
        self.told: list[Watched] = []
        self._words = words

    def begin(self, *ids: str, within: float | None = None) -> "asyncio.Task[None]":
        keys = [JobKey(self.source.system, job_id) for job_id in ids or self._words]
        self.waiting = Waiting(self.source, keys, self.clock)
        return asyncio.create_task(self.waiting.until_over(self._tell, within))

    async def _tell(self, watched: Watched) -> None:
        self.told.append(watched)

    @property
    def outcomes(self) -> list[tuple[str, str | None]]:
        return [(one.key.id, str(one.job.word) if one.job else None) for one in self.told]


async def test_each_job_is_told_when_it_ends_and_then_asked_about_no_more() -> None:
    waited = Waited(System.PULSE, Offers(), a="processing", b="pending")
    task = waited.begin()
    await waited.clock.turn(20)
    waited.source.words["b"] = "completed"
    await waited.clock.turn(40)
    assert waited.outcomes == [("b", "completed")]
    asked = len(waited.source.times("b"))
    waited.source.words["a"] = "failed"
    await waited.clock.turn(40)
    assert waited.outcomes == [("b", "completed"), ("a", "failed")]
    assert task.done()
    assert len(waited.source.times("b")) == asked
    assert min(waited.source.apart("a")) >= CADENCES[System.PULSE].least
    assert max(waited.source.apart("a")) <= CADENCES[System.PULSE].most


async def test_several_jobs_of_unsiloed_are_asked_about_together_every_five_to_ten_seconds() -> None:
    words = {f"j{number}": "processing" for number in range(5)}
    waited = Waited(System.UNSILOED, MANY, **words)
    task = waited.begin(within=61)
    await waited.clock.turn(61)
    await task
    assert all(len(ids) == 5 for _, ids in waited.source.asked)
    assert 7 <= len(waited.source.asked) <= 13
    assert min(waited.source.apart("j0")) >= 5


@pytest.mark.parametrize("system", System)
async def test_nobody_waits_longer_than_the_system_advises_even_where_none_answers(system: System) -> None:
    for fails in (None, NotSent("refused")):
        waited = Waited(system, Offers(), a="PONDERING")
        waited.source.fails = fails
        task = waited.begin()
        await waited.clock.turn(CADENCES[system].deadline - 1)
        assert not task.done()
        await waited.clock.turn(2)
        assert task.done()
        assert waited.outcomes == [("a", None if fails else "PONDERING")]
        code = tell_outcome(waited.told[0], waited.waiting.freshness, as_json=True)
        assert code is (Exit.NETWORK if fails else Exit.NOT_OVER)


async def test_who_gives_a_longer_time_waits_longer_than_advised() -> None:
    waited = Waited(System.UNSILOED, Offers(), a="processing")
    task = waited.begin(within=3_000)
    await waited.clock.turn(2_000)
    waited.source.words["a"] = "completed"
    await waited.clock.turn(20)
    assert task.done()
    assert waited.outcomes == [("a", "completed")]


async def test_a_state_that_goes_back_is_waited_out_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    waited = Waited(System.PULSE, Offers(), a="processing")
    waited.begin()
    for word in ("pending", "processing", "completed"):
        await waited.clock.turn(60)
        waited.source.words["a"] = word
    await waited.clock.turn(60)
    (watched,) = waited.told
    assert tell_outcome(watched, Freshness(), as_json=False) is Exit.OK
    out, err = capsys.readouterr()
    assert out == "a: succeeded (completed)\n"
    assert err.endswith("pending: went back from running\n")


async def test_where_asking_again_does_not_help_nobody_waits() -> None:
    waited = Waited(System.PULSE, Offers(), a="processing", b="processing")
    waited.source.fails = UsageExceeded(Failure(FailureKind.FORBIDDEN, "Used up"))
    task = waited.begin()
    await waited.clock.turn(1)
    assert task.done()
    codes = [tell_outcome(watched, waited.waiting.freshness, as_json=True) for watched in waited.told]
    assert codes == [Exit.AUTH, Exit.AUTH]


async def test_a_job_that_is_not_there_does_not_hold_up_the_others() -> None:
    waited = Waited(System.UNSILOED, MANY, a="processing")
    waited.begin("a", "no-such")
    await waited.clock.turn(12)
    (gone,) = waited.told
    assert (gone.key.id, gone.course) == ("no-such", Course.REFUSED)
    assert len(waited.source.times("a")) >= 2


def test_of_several_codes_the_first_failure_counts_and_a_review_only_alone() -> None:
    assert exit_of_all([]) is Exit.OK
    assert exit_of_all([Exit.OK, Exit.NEEDS_PERSON]) is Exit.NEEDS_PERSON
    assert exit_of_all([Exit.NEEDS_PERSON, Exit.OK, Exit.NOT_OVER, Exit.JOB_FAILED]) is Exit.NOT_OVER


@pytest.mark.parametrize(
    ("system", "state", "code", "words"),
    [
        ("pulse", "completed", 0, "succeeded (completed)"),
        ("pulse", "failed", 11, "failed: the scan is too dark"),
        ("pulse", "cancelled", 12, "canceled"),
        ("pulse", "expired", 13, "expired: Its result is no longer kept."),
        ("pulse", "running", 14, "not over: running (processing)"),
        ("unsiloed", "completed", 0, "succeeded (COMPLETED)"),
        ("unsiloed", "failed", 11, "failed: the scan is too dark"),
    ],
)
def test_every_end_has_its_code(world: Served, system: str, state: str, code: int, words: str) -> None:
    job_id = make(world, system, state=state, error="the scan is too dark")
    ended = jobs(world, "wait", job_id, "--system", system, "--timeout", "0")
    assert (ended.code, ended.err) == (code, "")
    assert ended.out == f"{job_id}: {words}\n"
    (line,) = jobs(world, "wait", job_id, "--system", system, "--timeout", "0", "--json").lines
    assert line["exit"] == code
    assert [change["before"] for change in line["seen"]] == [None]


def test_a_session_whose_submission_is_in_review_ends_with_a_code_of_its_own(world: Served) -> None:
    steves = ask_sandbox(world, "systems")["steve"]["jobs"]
    shown = jobs(world, "show", *steves, "--system", "steve", "--json").lines
    session = next(line["id"] for line in shown if line["needsPerson"])
    ended = jobs(world, "wait", session, "--system", "steve")
    assert (ended.code, ended.out) == (10, f"{session}: succeeded (completed), needs review\n")


def test_a_job_is_waited_for_until_it_ends_in_silence(world: Served) -> None:
    job_id = make(world, "pulse", state="running", endsIn=0.8)
    began = time.monotonic()
    ended = jobs(world, "wait", job_id, *PULSE)
    assert (ended.code, ended.err) == (0, "")
    assert time.monotonic() - began >= 1.8, "not asked about again before two seconds"
    assert len(seen(world, f"/pulse/job/{job_id}")) == 2


def test_several_are_told_by_one_request_and_a_failure_has_its_reason_all_the_same(world: Served) -> None:
    done, failed = (
        make(world, "unsiloed", state=state, error="too dark") for state in ("completed", "failed")
    )
    ended = jobs(world, "wait", done, failed, done, *UNSILOED, "--json")
    assert (ended.code, ended.err) == (11, "")
    assert {line["id"]: line["error"] for line in ended.lines} == {done: None, failed: "too dark"}
    asked = [one["path"] for one in seen(world, "/unsiloed/jobs/")]
    assert asked[0] == "/unsiloed/jobs/status"
    assert not any(path.endswith(done) for path in asked)


def test_a_key_that_is_refused_or_an_id_that_is_none_ends_the_wait_at_once(world: Served) -> None:
    began = time.monotonic()
    refused = jobs(world, "wait", "a", "b", *UNSILOED, UNSILOED_API_KEY="wrong")
    assert (refused.code, len(refused.err.splitlines())) == (5, 2)
    assert "Check UNSILOED_API_KEY." in refused.err
    bad = jobs(world, "wait", "fine", "../x", *PULSE)
    assert (bad.code, bad.err[:40]) == (2, "review-tui: ../x: that is no id: letters")
    many = jobs(world, "wait", *map(str, range(501)), *PULSE)
    assert "'x' is no number of seconds" in jobs(world, "wait", "a", *PULSE, "--timeout", "x").err
    assert (many.code, many.err) == (2, "review-tui: At most 500 jobs are waited for at one time\n")
    assert time.monotonic() - began < 5


def test_a_line_is_no_wider_than_its_terminal_and_leaves_nothing() -> None:
    class Narrow(io.StringIO):
        def isatty(self) -> bool:
            return True

    line = ProgressLine(stream := Narrow())
    line.show("x" * 200)
    assert stream.getvalue() == "\r" + "x" * 79
    line.show("東" * 60)
    assert stream.getvalue().endswith("\r" + "東" * 39 + " ")
    line.show("\x1b[31m")
    line.clear()
    line.clear()
    assert stream.getvalue().endswith(f"\r␛[31m{' ' * 73}\r{' ' * 5}\r")
    assert "\x1b" not in stream.getvalue()


@pytest.mark.pty
def test_at_a_terminal_a_line_shows_how_far_it_is_and_ctrl_c_ends_it(world: Served) -> None:
    job_id = make(world, "unsiloed", state="running", progress=40)
    env = environment(world) | {"TERM": "xterm-256color"}
    with Terminal(command("jobs", "wait", job_id, *UNSILOED), env, columns=60, lines=10) as terminal:
        terminal.wait_for(rf"{job_id}: running \(PROCESSING\).*; [1-9] s")
        terminal.press("ctrl+c")
        assert terminal.wait_for_exit() == 130
        assert terminal.text.strip() in {"", "^C"}
    assert b"\x1b" not in terminal.raw


@pytest.mark.pty
def test_at_a_terminal_a_person_is_asked_before_a_job_is_canceled(world: Served) -> None:
    job_id = make(world, "pulse", state="running")
    other = make(world, "pulse", state="running")
    over = make(world, "pulse", state="completed")
    with Terminal(command("jobs", "cancel", over, job_id, other, *PULSE), environment(world)) as terminal:
        for asked, key in ((job_id, "n"), (other, "y")):
            terminal.wait_for(rf"Cancel Pulse {asked} \(running \(processing\)\)\? \[y/N\]")
            terminal.press(key, "enter")
        assert terminal.wait_for_exit() == 4
        assert f"{over}: It is over: succeeded" in terminal.text, "there is nothing to ask"
        assert f"{job_id}: Nothing was asked" in terminal.text
        assert f"{other}: Canceled" in terminal.text
