"""Jobs of three systems, told as stories: watched, opened where they need somebody, canceled, forgotten."""

from pathlib import Path

import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.model.job_words import System
from review_tui.model.jobs import JobKey
from review_tui.model.query import parse
from review_tui.model.queue import Filter
from review_tui.model.watching import Course
from review_tui.sandbox.faults import Fault
from review_tui.sandbox.state import Sandbox
from review_tui.ui.screens.jobs_adding import AddScreen
from review_tui.ui.screens.jobs_asking import AskScreen
from tests.client.systems import Systems
from tests.ui.atjobs import AtJobs, at_jobs, session_of

STEVE, PULSE, UNSILOED = System


@pytest.fixture
def systems(sandbox_app: Starlette) -> Systems:
    """Pulse and Unsiloed beside the sandbox's Steve."""
    return Systems(sandbox_app)


async def watched_in_all(here: AtJobs, sandbox: Sandbox) -> tuple[JobKey, JobKey, JobKey]:
    """A job of each system: one needs review, one runs, one is done."""
    session = session_of(sandbox, here.console.review.state.rows[3].id)
    running = JobKey(PULSE, await here.systems.job("pulse", state="running"))
    done = JobKey(UNSILOED, await here.systems.job("unsiloed", state="completed", operation="parse"))
    await here.watch(session, running, done)
    return session, running, done


async def test_the_jobs_of_three_systems_stand_in_one_list_and_the_review_keeps_its_place(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        console = here.console
        await console.press("j", "j")
        selected = console.selected
        await here.open()
        assert "Nothing is watched yet." in console.text()
        assert "+ watches jobs by their ids." in console.text()
        session, running, done = await watched_in_all(here, sandbox)
        text = console.text()
        assert [row.key for row in here.state.rows] == [session, done, running]
        for told in ("▲ needs review Steve", "● running      Pulse", "✓ done         Unsiloed"):
            assert told in text
        assert "▲ 1 job needs somebody · 3 watched, 1 under way" in text
        await console.press("J")
        assert console.dialog is None
        assert console.selected == selected
        assert "▲ 1 job needs somebody: J" in console.text()
        await here.open()
        await console.press("escape")
        assert console.dialog is None


async def test_a_system_without_a_key_is_not_configured_and_never_empty(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path, without=[PULSE, UNSILOED], size=(140, 40)) as here:
        await here.open()
        text = here.text()
        assert "Pulse – not configured: set PULSE_API_KEY." in text
        assert "Unsiloed – not configured: set UNSILOED_API_KEY." in text
        await here.give("list")
        assert here.says == "list: no system that is configured lists its jobs"
        await here.give("add")
        await here.paste("5d03bd01-5ae4-4123-a92e-a7ab3740986d")
        assert "! Pulse is not configured: set PULSE_API_KEY." in here.text()
        await here.paste(f" {'0' * 32}")
        await here.console.press("enter")
        assert here.console.dialog is AddScreen
        assert not here.state.known.watched, "what could be watched waits for the rest"
        assert here.text().count("Pulse is not configured: set PULSE_API_KEY.") == 1


async def test_ids_are_pasted_and_their_shape_says_whose_they_are(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        session = session_of(sandbox, here.console.selected)
        pulse, unsiloed = await systems.job("pulse"), await systems.job("unsiloed")
        await here.open()
        await here.give("add")
        await here.paste(f"{session.id}\n{pulse},\n https://far.example/jobs/{unsiloed}/result")
        assert "3 ids: 1 Steve, 1 Pulse, 1 Unsiloed" in here.text()
        await here.console.press("enter")
        await here.console.until(lambda: len(here.state.known.watched) == 3)
        assert {row.key for row in here.state.rows} == {
            session,
            JobKey(PULSE, pulse),
            JobKey(UNSILOED, unsiloed),
        }
        assert here.row.key == session, "what was named first is selected"


async def test_a_bad_id_is_refused_and_one_that_could_be_anybodys_is_asked_about(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        await here.open()
        await here.give("add")
        await here.console.press("enter")
        assert "✗ type or paste an id first" in here.text()
        await here.paste("no-shape-at-all")
        await here.console.press("enter")
        assert "✗ whose id is that? Tab chooses the system" in here.text()
        await here.console.press("tab", "tab", "enter")
        await here.console.until(lambda: here.state.rows and here.row.watched and here.row.watched.failure)
        assert here.console.dialog is not AddScreen
        assert "✗ no such job  Pulse" in here.text()
        await here.give("add")
        await here.paste("../../etc/passwd")
        await here.console.press("tab", "enter")
        assert "✗ that is no id" in here.text()


async def test_what_is_somebody_elses_gone_or_expired_is_said_as_such(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        foreign = JobKey(PULSE, await systems.job("pulse", owner="other_company"))
        known = JobKey(UNSILOED, await systems.job("unsiloed", state="running"))
        stub = JobKey(PULSE, await systems.job("pulse", state="expired"))
        await here.open()
        await here.watch(foreign, known, stub)
        text = here.text()
        assert "✗ not yours    Pulse" in text
        assert "· expired      Pulse" in text
        sandbox.clock.advance(8 * 86_400)
        await here.poll()
        await here.console.until(lambda: here.known(known).course is Course.OVER)
        assert here.known(known).job is not None
        await here.select(known.id)
        assert "· expired" in here.text()
        assert "kept for 7 days" in here.text()
        await here.select(stub.id)
        await here.give("fetch")
        assert here.says == "fetch result: there is none: it expired"


async def test_canceling_asks_and_tells_what_became_of_the_job(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        running = JobKey(PULSE, await systems.job("pulse", state="running"))
        lost = JobKey(UNSILOED, await systems.job("unsiloed", state="running"))
        await here.open()
        await here.watch(running, lost)
        await here.select(running.id)
        await here.give("cancel")
        assert here.console.dialog is AskScreen
        await here.console.press("c", "enter", "space")
        assert here.console.dialog is AskScreen, "the key that asks is not the one that confirms"
        await here.console.press("y")
        await here.console.until(lambda: "is canceled" in here.says)
        assert "– canceled     Pulse" in here.text()
        await here.give("cancel")
        assert here.says == "cancel: it is canceled already"
        await here.select(lost.id)
        systems.fault("status", "500", method="DELETE")
        await here.give("cancel")
        await here.console.press("y")
        await here.console.until(lambda: "it is running; asked to cancel: The server failed" in here.says)
        assert here.known(lost).course is Course.WATCHED


async def test_a_batch_is_one_row_that_unfolds(steve: Steve, systems: Systems, tmp_path: Path) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        parts = [
            await systems.job("unsiloed", batch="batch_march", state=state)
            for state in ("running", "failed", "completed")
        ]
        await here.open()
        await here.give("add")
        await here.paste("batch_march")
        assert "1 batch" in here.text()
        await here.console.press("enter")
        await here.console.until(lambda: "is watched: 3 jobs" in here.says)
        (row,) = here.state.rows
        assert row.id.is_batch
        assert "● 2 of 3" in here.text()
        assert "▸ batch of 3 jobs" in here.text()
        await here.give("open")
        assert {row.id.id for row in here.state.rows} == {"batch_march", *parts}
        assert "▾ batch of 3 jobs" in here.text()
        await here.give("open")
        assert len(here.state.rows) == 1
        await systems.change(parts[0], state="completed")
        await here.poll()
        await here.console.until(lambda: "✗ 1 failed" in here.text())
        await here.give("forget")
        await here.console.until(lambda: not here.state.rows)


async def test_a_job_that_needs_review_opens_its_submission_and_approving_it_settles_the_job(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        console = here.console
        clean = next(row for row in console.review.state.rows if row.fraud_status == "clean")
        session = session_of(sandbox, clean.id)
        await here.open()
        await here.watch(session)
        assert "Enter opens the submission" in console.text()
        await here.give("open")
        assert console.dialog is None
        assert console.selected == clean.id
        assert console.says == f"opened from the job {session.id}"
        await here.open()
        await here.give("seen")
        assert "Looked at. Enter opens its submission." in console.text()
        await here.give("open")
        assert console.selected == clean.id, "there is a way back from a wrong key"
        await console.until(lambda: console.review.state.detail)
        console.clock.turn(1)
        await console.give("approve")
        await console.until(lambda: "Approved" in console.says)
        assert not here.state.known.needing, "the desk knows that nobody has to look any more"
        assert "needs somebody" not in console.text()


async def test_a_submission_that_the_view_hides_is_opened_all_the_same(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        console = here.console
        hidden = [row for row in console.review.state.rows if row.client_submission_id][1]
        console.review.viewing.show(parse(f"-{hidden.client_submission_id}").query, None)
        await console.settle()
        assert console.review.state.position(hidden.id) is None
        await here.open()
        session = session_of(sandbox, hidden.id)
        await here.watch(session)
        await here.give("open")
        await console.until(lambda: console.dialog is None)
        assert console.selected == hidden.id
        assert console.says == f"not in this view: opened from the job {session.id}"
        await console.until(lambda: console.review.state.detail)
        await console.press("h", "j")
        assert console.review.state.position(hidden.id) is None, "it was a guest"


async def test_a_submission_that_is_not_loaded_is_read_and_opened_and_can_be_approved(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    listed = await steve.submissions.list(Filter(fraud_status="clean"))
    wanted, other = listed.rows[0].id, listed.rows[1].id
    flagged = Filter(fraud_status="flagged")
    async with at_jobs(steve, systems, tmp_path, asked=flagged) as here:
        console = here.console
        session, decided = session_of(sandbox, wanted), session_of(sandbox, other)
        await here.open()
        await here.watch(session, decided)
        needing = {decided, session}
        assert {row.key for row in here.state.rows if row.needing} == needing
        for _ in range(2):
            await here.give("next-needing")
            needing.discard(here.row.key)
        assert not needing, "each in its turn"
        await steve.submissions.reject(other, reason="blurred")
        await here.select(decided.id)
        await here.give("open")
        await console.until(lambda: "nothing is left to review" in here.says)
        assert here.says == "nothing is left to review: the submission is rejected"
        await console.until(lambda: [one.key for one in here.state.known.needing] == [session])
        await here.select(session.id)
        await console.press("enter")
        await console.until(lambda: console.dialog is None)
        assert console.selected == wanted
        assert console.says == f"it was not loaded: opened from the job {session.id}"
        await console.until(lambda: console.review.state.detail)
        console.clock.turn(1)
        await console.give("approve")
        await console.until(lambda: "Approved" in console.says)
        await console.until(lambda: not here.state.known.needing)


async def test_a_key_leaves_what_was_waited_for(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    wanted = (await steve.submissions.list(Filter(fraud_status="clean"))).rows[0].id
    async with at_jobs(steve, systems, tmp_path, asked=Filter(fraud_status="flagged")) as here:
        await here.open()
        await here.watch(session_of(sandbox, wanted))
        sandbox.faults.add(Fault("delay", "GET", "*/submissions/*", delay=0.3))
        await here.give("open")
        assert here.says == "reading the submission; any key leaves that"
        await here.console.press("k")
        await here.console.until(lambda: here.console.desk.cached(wanted))
        assert here.console.dialog is not None
        assert here.console.selected != wanted
