"""Results of jobs, and a system's own list, told as stories: fetched, looked through, filtered, paged."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette

from review_tui.client import results
from review_tui.client.errors import TooLarge
from review_tui.client.job_errors import ResultTooLarge
from review_tui.client.steve import Steve
from review_tui.model.job_words import System
from review_tui.model.jobs import JobFilter, JobKey
from review_tui.sandbox.faults import Fault
from review_tui.ui.job_rows import Listing
from review_tui.ui.jobs_state import JobsState
from review_tui.ui.screens.jobs_asking import AskScreen
from review_tui.workers.news import DownloadStage, ResultMoved
from tests.client.systems import Systems
from tests.ui.atjobs import at_jobs
from tests.ui.madejobs import every_kind

STEVE, PULSE, UNSILOED = System
LIMIT = 512 * 1024**2


@pytest.fixture
def systems(sandbox_app: Starlette) -> Systems:
    """Pulse and Unsiloed beside the sandbox's Steve."""
    return Systems(sandbox_app)


async def test_a_result_is_fetched_into_a_file_of_one_s_own_shown_and_looked_through(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    folder = tmp_path / "downloads"
    async with at_jobs(steve, systems, folder) as here:
        done = JobKey(UNSILOED, await systems.job("unsiloed", state="completed", operation="extract"))
        await here.open()
        await here.watch(done)
        await here.give("fetch")
        await here.console.until(lambda: "Result of" in here.says)
        (kept,) = folder.iterdir()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert str(kept) in here.says
        assert "fields · least sure" in here.text()
        await here.console.press("tab")
        await here.console.press("slash")
        await here.paste("total")
        assert "Only what has “total” in it" in here.text()
        await here.console.press("enter")
        assert "Only what has “total” in it" in here.text()
        await here.console.press("slash", "ctrl+u", "enter", "h")
        assert "fields · least sure" in here.text()
        await here.give("fetch")
        assert here.says == f"it is at hand: {kept}"
        kept.unlink()
        await here.give("fetch")
        await here.console.until(kept.exists)
        assert "Tab next tab" in here.text(), "the keyboard is at the list again"


async def test_words_are_looked_for_in_the_whole_file_of_a_result_that_is_too_large_to_be_shown(
    steve: Steve, systems: Systems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "JSON_BYTES", 10_000)
    rows = [{"name": f"row {number}", "note": "x" * 40} for number in range(2_000)]
    rows[1_500]["note"] = "a \x1b[31mNeedle\u202e in the hay"
    rows[1_900]["note"] = "needle and thread " + "y" * 200
    async with at_jobs(steve, systems, tmp_path) as here:
        done = JobKey(PULSE, await systems.job("pulse", state="completed", result={"rows": rows}))
        other = JobKey(PULSE, await systems.job("pulse", state="completed", result={"a": 1}))
        systems.sandbox.switches = replace(systems.sandbox.switches, pulse_url_from_bytes=0)
        await here.open()
        await here.watch(done, other)
        await here.select(done.id)
        await here.give("fetch")
        await here.console.until(lambda: "Result of" in here.says)
        await here.console.press("tab")
        assert "The first 200 values" in here.text()
        assert "rows[1].name" in here.text()

        await here.console.press("slash")
        await here.paste("needle")
        await here.console.press("enter")
        await here.console.until(lambda: here.state.hits and here.state.hits.searched.is_over)
        await here.console.settle()
        assert "“needle”: 2 places" in here.text()
        assert "▌ byte 103,938" in here.text()
        assert "a \\u001b[31mNeedle\\u202e in the hay" in here.text()
        await here.give("next-hit")
        assert "▌ byte 131,921" in here.text()
        assert "needle and thread" in here.text().split("▌")[-1]
        await here.give("next-hit")
        assert here.state.hits
        assert here.state.hits.chosen == 0

        await here.console.press("slash", "ctrl+u", *"nowhere", "enter")
        await here.console.until(lambda: here.state.hits and here.state.hits.searched.is_over)
        await here.console.settle()
        assert "“nowhere” stands nowhere in the file." in here.text()
        (tmp_path / f"pulse-{done.id}.json").unlink()
        await here.console.press("slash", "ctrl+u", *"thread", "enter")
        await here.console.until(lambda: here.state.hits and here.state.hits.searched.is_over)
        await here.console.settle()
        assert "The file cannot be read" in here.text()
        await here.console.press("h")
        await here.select(other.id)
        assert "cannot be read" not in here.text(), "what is looked for in one result is not of another"
        await here.select(done.id)
        await here.console.press("tab", "escape")
        assert "The first 200 values" in here.text(), "the way back leads past what was looked for"
        assert here.console.review._jobs._shown is not None


async def test_a_result_that_is_gone_or_no_json_is_said_as_what_it_is(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path / "downloads") as here:
        gone = JobKey(PULSE, await systems.job("pulse", state="completed"))
        odd = JobKey(UNSILOED, await systems.job("unsiloed", state="completed"))
        await here.open()
        await here.watch(gone, odd)
        await here.select(gone.id)
        await systems.change(gone.id, state="expired")
        await here.give("fetch")
        await here.console.until(lambda: here.says.startswith("Result of Pulse"))
        assert "The result is gone" in here.says
        here.console.clock.turn(11)  # bad news stays on the line for a while
        await here.select(odd.id)
        systems.sandbox.faults.add(
            Fault("body", "GET", "*/result", value="<html>\nno such thing", after=True)
        )
        await here.give("fetch")
        await here.console.until(lambda: "Result of Unsiloed" in here.says)
        await here.console.until(lambda: "<html>" in here.text())
        assert "! Shown as it came" in here.text()


async def test_a_huge_result_is_taken_only_when_somebody_says_so(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        done = JobKey(UNSILOED, await systems.job("unsiloed", state="completed"))
        await here.open()
        await here.watch(done)
        huge = ResultTooLarge(TooLarge(LIMIT, 10 * LIMIT, status=200, request_id=None), LIMIT).failure
        told = ResultMoved(done, DownloadStage.FAILED, failure=huge, is_too_large=True)
        here.console.review._jobs.hear([told])
        await here.give("next")
        await here.give("next")
        assert "o asks whether all of it is to be taken." in here.text()
        await here.give("fetch")
        assert here.console.dialog is AskScreen
        assert "Take the whole result? It has 5,120 MiB" in here.text()
        await here.console.press("o")
        assert here.console.dialog is AskScreen
        await here.console.press("y")
        await here.console.until(lambda: "Result of Unsiloed" in here.says)
        fetched = here.state.fetched[done].moved.result
        assert fetched is not None
        assert fetched.path.parent == tmp_path
        await here.console.press("J")
        here.console.review._jobs.hear([told])
        assert here.console.says == f"Result of Unsiloed {done.id}: The result is very large", (
            "told there too"
        )


async def test_a_system_s_own_list_is_filtered_paged_and_watched_from(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        press, until = here.console.press, here.console.until
        made = [
            await systems.job("unsiloed", state="failed", tags=["urgent"], operation="parse")
            for _ in range(52)
        ]
        await here.open()
        await here.give("list")
        await here.paste("colour:red")
        await press("enter")
        assert "✗ colour: is not understood" in here.text()
        await press("ctrl+u")
        await here.paste("status:failed tag:urgent")
        await press("enter")
        await until(lambda: here.state.rows)
        assert "Unsiloed lists 1–50 of 52 · status:failed tag:urgent" in here.text()
        await here.give("earlier")
        assert here.says == "page before: this is the first page"
        await here.give("later")
        await until(lambda: len(here.state.rows) == 2)
        assert "51–52 of 52" in here.text()
        third = replace(here.state.listing.asked, offset=100) if here.state.listing else JobFilter()
        here.console.review._jobs.change(replace(here.state, listing=Listing(UNSILOED, third)))
        await here.give("earlier")
        await until(lambda: len(here.state.rows) == 2)
        assert "51–52 of 52" in here.text(), "the page before is not the first one"
        await here.give("later")
        assert here.says == "next page: there is no further page"
        assert here.row.id.id in made
        await here.give("watch")
        await until(lambda: here.state.known.watched and here.state.known.watched[0].job)
        await press("escape")
        assert here.console.dialog is not None, "first back to what is watched"
        assert len(here.state.rows) == 1
        await here.give("forget")
        await until(lambda: not here.state.rows)


async def test_words_filter_the_rows_and_are_left_as_they_were(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        press = here.console.press
        await here.open()
        here.console.review._jobs.change(JobsState(known=replace(every_kind())))
        await here.console.settle()
        total = len(here.state.rows)
        await press("slash")
        await here.paste("pulse")
        assert {row.id.system for row in here.state.rows} == {PULSE}
        await press("escape")
        assert len(here.state.rows) == total
        await press("slash", *"fail", "enter")
        assert [row.id.id for row in here.state.rows] == ["job_failed0000000001"]
        assert "1 shown: fail" in here.text()
        await here.give("next-needing")
        assert here.row.id.id == "aab3238922bcc25a6f606eb525ffdc56", "words do not hide what needs somebody"
        assert here.state.words == ""
        await here.give("help")
        assert "Keys at the jobs" in here.text()
        assert "now: Steve cannot cancel a job" in here.text()
        await press("q")
        assert "Keys at the jobs" not in here.text()
        await press("q")
        assert here.console.dialog is None
