"""At the jobs there is what one expects of every screen: finding, copying, taking back, looking back."""

from pathlib import Path

import pytest
from starlette.applications import Starlette

from review_tui.client.steve import Steve
from review_tui.model.job_words import System
from review_tui.model.jobs import JobKey
from review_tui.sandbox.state import Sandbox
from review_tui.ui.screens.jobs_screen import JobsScreen
from review_tui.ui.terminal.seen import NOT_SEEN, Seen
from tests.client.systems import Systems
from tests.ui.atjobs import AtJobs, at_jobs, session_of
from tests.ui.console import Watched

STEVE, PULSE, UNSILOED = System


@pytest.fixture
def systems(sandbox_app: Starlette) -> Systems:
    """Pulse and Unsiloed beside the sandbox's Steve."""
    return Systems(sandbox_app)


def over(here: AtJobs) -> str:
    """What stands over the jobs."""
    return type(here.console.app.screen).__name__


class FarAway(Seen):
    """A terminal that has shown a frame only once that is said."""

    def __init__(self, app: Watched) -> None:
        super().__init__(lambda: None)
        self._app = app
        self.shown = self.wanted = len(app.frames)

    def selected_anew(self) -> None:
        self.wanted = len(self._app.frames) + 1

    @property
    def is_shown(self) -> bool:
        return self.shown >= self.wanted


async def test_a_submission_that_is_opened_from_its_job_is_decided_only_once_it_was_shown(
    steve: Steve, sandbox: Sandbox, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        console = here.console
        clean = await console.go_to(lambda row: row.fraud_status == "clean")
        await here.open()
        await here.watch(session_of(sandbox, clean.id))
        console.review.seen = terminal = FarAway(console.app)
        await here.give("open")
        assert console.selected == clean.id, "it was the selected one before"
        await console.give("approve")
        assert console.says == f"approve: {NOT_SEEN}"
        assert clean.id in console.app.frames[terminal.wanted - 1]
        terminal.shown = terminal.wanted
        console.clock.turn(1)
        await console.give("approve")
        await console.until(lambda: "Approved" in console.says)


async def test_a_command_or_a_job_is_found_by_its_words_a_job_is_copied_and_messages_are_kept(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path) as here:
        done = JobKey(UNSILOED, await systems.job("unsiloed", state="completed", operation="extract"))
        other = JobKey(PULSE, await systems.job("pulse", state="running"))
        await here.open()
        await here.watch(done, other)
        await here.give("palette")
        assert over(here) == "Palette"
        assert "a job by its id, name or state" in here.text()
        await here.console.press(*"forget", "enter")
        assert "takes that back" in here.says
        forgotten = {done, other} - {JobKey(*row.key) for row in here.state.rows}
        assert len(forgotten) == 1
        before = here.state.forgotten
        await here.give("undo")
        await here.console.until(lambda: len(here.state.rows) == 2)
        (back,) = forgotten
        assert here.row.key == back, "the cursor is on it again"
        assert here.known(back).seen == before[0].seen
        await here.give("undo")
        assert here.says == "take back: nothing was forgotten since the start"

        for key in (done, other):
            await here.give("palette")
            await here.console.press(*key.id[:9], "enter")
            assert here.row.key == key
        await here.give("copy")
        assert over(here) == "CopyScreen"
        assert other.id in here.text()
        await here.console.press("i")
        await here.console.until(lambda: "id: not copied: there is no clipboard here" in here.says)
        await here.select(done.id)
        await here.give("fetch")
        await here.console.until(lambda: "Result of" in here.says)
        await here.give("messages")
        assert over(here) == "MessagesScreen"
        assert "Result of Unsiloed" in here.text()


async def test_where_nothing_is_decided_nothing_is_canceled(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path, deciding_off="this profile is for reading only") as here:
        running = JobKey(PULSE, await systems.job("pulse", state="running"))
        await here.open()
        await here.watch(running)
        await here.give("cancel")
        assert here.console.dialog is JobsScreen
        assert here.says == "cancel: this profile is for reading only"
        assert here.console.desk.jobs.cancel(running) == "this profile is for reading only"


async def test_a_small_window_shows_the_job_that_is_selected_and_its_result_where_it_is_fetched(
    steve: Steve, systems: Systems, tmp_path: Path
) -> None:
    async with at_jobs(steve, systems, tmp_path, size=(80, 24)) as here:
        keys = [JobKey(PULSE, await systems.job("pulse", state="completed")) for _ in range(3)]
        await here.open()
        await here.watch(*keys)
        await here.console.press("g")
        for _ in keys:
            await here.console.press("enter")
            assert f"id            {here.row.id.id}" in here.text(), "what is canceled is what is shown"
            await here.console.press("h", "j")
        await here.give("fetch")
        await here.console.until(lambda: "✓ " in here.text() and "Result of" in here.says)
        assert "▸Result" in here.text()
        assert "/ filter" in here.text(), (
            "what can be done in a result is named, not what can be done at the list"
        )
        assert "forget" not in here.text()
