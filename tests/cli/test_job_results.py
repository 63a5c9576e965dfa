"""Results from the command line: printed as they came, kept in a file, and the many ways to have none."""

import io
import json
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from review_tui.cli.jobs_results import _keep, print_result
from review_tui.client.errors import WireError
from review_tui.model.jobs import JobKey, System
from review_tui.model.results import Result
from tests.cli.jobs import breaks, environment, jobs, make, seen, switch
from tests.cli.program import ask_sandbox, command
from tests.wire import ROOT, Served, serving

PULSE, UNSILOED = ("--system", "pulse"), ("--system", "unsiloed")
USUAL = {
    "pulse_url_from_bytes": 5_000_000,
    "pulse_pointer": "here",
    "pulse_points_again": True,
    "unsiloed_routes": "jobs",
}


@pytest.fixture(scope="module")
def world() -> Iterator[Served]:
    with serving("--seed", "7", "--scenario", "empty") as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_goes_wrong(world: Served) -> Iterator[None]:
    ask_sandbox(world, "clear", {})
    yield
    switch(world, **USUAL)


def test_a_result_is_printed_exactly_as_it_came(world: Served) -> None:
    result = {"data": {"total": {"value": "12.50", "score": 0.98, "page_no": 1}}, "note": "\x1b[31mé"}
    job_id = make(world, "unsiloed", state="completed", result=result)
    printed = jobs(world, "result", job_id, *UNSILOED)
    assert (printed.code, json.loads(printed.out), printed.err) == (0, result, "")


def test_as_json_it_is_one_line_with_what_it_looks_like(world: Served) -> None:
    result = {"data": {"total": {"value": "12.50", "score": 0.98, "page_no": 1}}, "note": "é"}
    job_id = make(world, "unsiloed", state="completed", result=result)
    ended = jobs(world, "result", job_id, *UNSILOED, "--json")
    assert ended.out.isascii()
    (line,) = ended.lines
    assert line.keys() == {"system", "id", "size", "kind", "result"}
    assert (line["kind"], line["result"]) == ("fields", result)


def test_a_file_is_its_owners_and_no_other_is_written_over(world: Served, tmp_path: Path) -> None:
    job_id = make(world, "pulse", state="completed", result={"markdown": "# Much"})
    file = tmp_path / "result.json"
    kept = jobs(world, "result", job_id, *PULSE, "--output", str(file))
    assert kept.code == 0
    assert kept.out == f"{job_id}: {file.stat().st_size} bytes in {file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text()) == {"markdown": "# Much"}

    file.write_text("mine")
    ask_sandbox(world, "clear", {})
    refused = jobs(world, "result", job_id, *PULSE, "--output", str(file))
    assert (refused.code, refused.out, file.read_text()) == (2, "", "mine")
    assert "is there already; --force writes over it" in refused.err
    assert jobs(world, "result", job_id, *PULSE, "--output", str(tmp_path)).code == 2
    assert "is no file; without --output" in jobs(world, "result", job_id, *PULSE, "--output", "-").err
    assert jobs(world, "result", job_id, *PULSE, "--output", str(tmp_path / "no" / "f")).code == 2
    assert seen(world, job_id) == [], "a link that works once would be used up"

    forced = jobs(world, "result", job_id, *PULSE, "--output", str(file), "--force", "--json")
    assert (forced.code, forced.lines[0]["kind"], forced.lines[0]["path"]) == (0, "text", str(file))
    assert json.loads(file.read_text()) == {"markdown": "# Much"}
    assert left_in(tmp_path) == ["result.json"]


def test_a_file_that_somebody_makes_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    (result := tmp_path / "result").write_text("ours")
    (output := tmp_path / "output").write_text("somebody's")
    with pytest.raises(WireError, match="file exists"):
        _keep(result, output, force=False)
    assert output.read_text() == "somebody's"
    _keep(result, output, force=True)
    assert output.read_text() == "ours"


def test_a_result_at_another_origin_comes_without_the_key(world: Served) -> None:
    switch(world, pulse_url_from_bytes=0, pulse_pointer="elsewhere")
    job_id = make(world, "pulse", state="completed", result={"markdown": "# Much"})
    printed = jobs(world, "result", job_id, *PULSE)
    assert (printed.code, json.loads(printed.out)) == (0, {"markdown": "# Much"})
    (there,) = seen(world, "/elsewhere/")
    (here,) = seen(world, f"/pulse/job/{job_id}")
    key = str(world.others["pulse"]["api_key"])
    assert key in json.dumps(here["headers"])
    assert key not in json.dumps(there)
    assert "x-api-key" not in {name.lower() for name, _ in pairs(there["headers"])}


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def pairs(headers: dict[str, str] | list[list[str]]) -> list[tuple[str, str]]:
    found = headers.items() if isinstance(headers, dict) else headers
    return [(name, value) for name, value in found]


def test_a_link_that_is_used_up_is_asked_for_once_more_and_then_the_result_is_gone(world: Served) -> None:
    switch(world, pulse_url_from_bytes=0)
    job_id = make(world, "pulse", state="completed", result={"markdown": "# Much"})
    assert jobs(world, "result", job_id, *PULSE).code == 0
    again = jobs(world, "result", job_id, *PULSE)
    assert (again.code, json.loads(again.out)) == (0, {"markdown": "# Much"})

    switch(world, pulse_points_again=False)
    ask_sandbox(world, "clear", {})
    gone = jobs(world, "result", job_id, *PULSE)
    assert (gone.code, gone.out) == (13, "")
    assert gone.err == (
        f"review-tui: {job_id}: The result is gone. Its link is used up or too old, and so was a fresh one.\n"
    )
    assert len(seen(world, "/pulse/large_results/")) == 2


def test_what_is_announced_as_5_gb_is_not_begun(world: Served, tmp_path: Path) -> None:
    switch(world, pulse_url_from_bytes=0)
    job_id = make(world, "pulse", state="completed", result={"markdown": "# Much"})
    breaks(world, "announced", "*/large_results/*")
    ended = jobs(world, "result", job_id, *PULSE, "--output", str(tmp_path / "f"))
    assert (ended.code, left_in(tmp_path)) == (2, [])
    assert "The result is very large. It has 4,768 MiB; at most 512 MiB are taken" in ended.err
    assert ended.err.rstrip().endswith("Allow more with --most.")


def test_a_result_that_breaks_off_leaves_nothing(world: Served, tmp_path: Path) -> None:
    switch(world, pulse_url_from_bytes=0)
    job_id = make(world, "pulse", state="completed", resultBytes=300_000)
    breaks(world, "cut_off", "*/large_results/*", times=5)
    ended = jobs(world, "result", job_id, *PULSE, "--output", str(tmp_path / "f"))
    assert (ended.code, left_in(tmp_path)) == (7, [])


def test_a_fetch_that_is_ended_leaves_nothing(world: Served, tmp_path: Path) -> None:
    job_id = make(world, "unsiloed", state="completed", resultBytes=300_000)
    breaks(world, "slow_body", f"*/{job_id}/result")
    process = subprocess.Popen(
        command("jobs", "result", job_id, *UNSILOED, "--output", str(tmp_path / "f")),
        cwd=ROOT,
        env=environment(world),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    ends = time.monotonic() + 20
    while not any(path.stat().st_size for path in tmp_path.rglob("*.part")):
        assert time.monotonic() < ends, "nothing came"
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=20) == (b"", b"")
    assert (process.returncode, left_in(tmp_path)) == (143, [])


def test_a_large_one_is_not_printed_in_one_line_but_is_printed(world: Served) -> None:
    switch(world, pulse_url_from_bytes=0)
    job_id = make(world, "pulse", state="completed", resultBytes=17 * 1024 * 1024)
    printed = jobs(world, "result", job_id, *PULSE)
    assert (printed.code, len(printed.out) > 17_000_000, printed.err) == (0, True, "")
    ended = jobs(world, "result", job_id, *PULSE, "--json")
    assert (ended.code, ended.out) == (7, "")
    assert ended.error["error"]["title"] == "Not to be printed as JSON: larger than 16 MiB"


def test_a_result_that_is_no_json_is_taken_as_it_is_and_it_is_said(world: Served) -> None:
    job_id = make(world, "unsiloed", state="completed")
    breaks(world, "body", f"*/{job_id}/result", value="plain words")
    printed = jobs(world, "result", job_id, *UNSILOED)
    assert (printed.code, printed.out) == (0, "plain words")
    assert "not JSON" in printed.err
    breaks(world, "body", f"*/{job_id}/result", value="plain words")
    assert jobs(world, "result", job_id, *UNSILOED, "--json").code == 7


@pytest.mark.parametrize(
    ("system", "state", "code", "words"),
    [
        ("pulse", "running", 14, "The job has no result yet. It is processing."),
        ("unsiloed", "running", 14, "The job has no result yet."),
        ("pulse", "failed", 11, "The job failed."),
        ("unsiloed", "failed", 11, "The job failed."),
        ("unsiloed", "cancelled", 12, "The job was canceled."),
        ("pulse", "expired", 13, "The result is gone. Its result is no longer kept."),
    ],
)
def test_why_there_is_none(world: Served, system: str, state: str, code: int, words: str) -> None:
    job_id = make(world, system, state=state)
    ended = jobs(world, "result", job_id, "--system", system)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith(f"review-tui: {job_id}: {words}")
    assert len(ended.err.splitlines()) == 1
    asked = jobs(world, "result", job_id, "--system", system, "--json")
    assert (asked.out, asked.error["exit"]) == ("", code)


SPELLED = {
    "done": ("completed", "completed"),
    "failed": ("failed", "failed"),
    "canceled": ("cancelled", "cancelled"),
    "expired": ("expired", None),
    "not over": ("running", "running"),
    "not known": (None, None),
}


def test_each_end_has_the_codes_that_are_documented(world: Served) -> None:
    text = (ROOT / "docs" / "operations.md").read_text().partition("| the job is |")[2].partition("\n\n")[0]
    told = [[cell.strip() for cell in row.strip("|").split("|")] for row in text.splitlines()[2:]]
    assert [row[0] for row in told] == list(SPELLED)
    for system, place in (("pulse", 0), ("unsiloed", 1)):
        for name, *codes in told:
            state = SPELLED[name][place]
            if state is None and name != "not known":
                continue
            job_id = make(world, system, state=state, result={"a": 1}) if state else "job_nowhere"
            at_it = (job_id, "--system", system)
            ended = [
                jobs(world, "wait", *at_it, "--timeout", "0"),
                jobs(world, "result", *at_it),
                jobs(world, "cancel", *at_it, "--yes"),
            ]
            expected = [int(code.partition(",")[0]) for code in codes]
            assert [one.code for one in ended] == expected, (system, name)


def test_of_a_deployment_without_routes_for_jobs_it_is_fetched_by_the_kind_of_work(world: Served) -> None:
    result = {"classification": "invoice", "confidence": 0.9}
    job_id = make(world, "unsiloed", state="completed", operation="classify", result=result)
    switch(world, unsiloed_routes="operations")
    (line,) = jobs(world, "result", job_id, *UNSILOED, "--json").lines
    assert line["kind"] == "class"


class Terminal(io.TextIOWrapper):
    """Standard output that leads to somebody's eyes."""

    def isatty(self) -> bool:
        return True


async def test_at_a_terminal_a_result_cannot_act(tmp_path: Path) -> None:
    exact = "\x1b]0;owned\x07 \u202e end\n".encode()
    (path := tmp_path / "r").write_bytes(exact)
    result = Result(JobKey(System.PULSE, "j"), path, len(exact), why_no_view="not JSON")
    for make_stream, expected in (
        (Terminal, "␛]0;owned␇ <U+202E> end\n".encode()),
        (io.TextIOWrapper, exact),
    ):
        with redirect_stdout(make_stream(written := io.BytesIO(), encoding="utf-8")) as stream:
            await print_result(result)
            assert written.getvalue() == expected
            stream.detach()
