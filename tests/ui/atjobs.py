"""The console with the jobs of all three systems, which a test moves by hand."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from review_tui.client.jobs import JobSource
from review_tui.client.steve import Steve
from review_tui.model.job_words import System
from review_tui.model.jobs import JobKey
from review_tui.model.watching import Watched
from review_tui.sandbox.state import Sandbox
from review_tui.ui.commands.jobs import AT_JOBS
from review_tui.ui.job_rows import JobRow
from review_tui.ui.jobs_state import JobsState
from review_tui.ui.screens.jobs_screen import JobsScreen
from review_tui.workers.jobs import JobWays
from tests.client.systems import Systems
from tests.ui.console import Console, console_on


class AtJobs:
    """What a test does at the jobs."""

    def __init__(self, console: Console, systems: Systems) -> None:
        self.console = console
        self.systems = systems

    @property
    def screen(self) -> JobsScreen:
        """The jobs screen, also while a dialog stands over it."""
        found = self.console.app.screen_stack[1]
        assert isinstance(found, JobsScreen)
        return found

    @property
    def state(self) -> JobsState:
        """What is known at the jobs, also while they are not looked at."""
        return self.console.review._jobs.state

    @property
    def row(self) -> JobRow:
        """The selected row."""
        assert self.state.row is not None
        return self.state.row

    @property
    def says(self) -> str:
        """The status line of the jobs."""
        shown = self.state.notices.shown
        return shown.text if shown else ""

    async def open(self) -> None:
        """Look at the jobs."""
        await self.console.give("jobs")

    async def watch(self, *keys: JobKey) -> None:
        """Watch jobs, as the dialog does, until each was answered."""
        for system in System:
            if wanted := [key for key in keys if key.system is system]:
                assert self.console.desk.jobs.watch(wanted) is None

        def answered(key: JobKey) -> object:
            found = self.console.desk.jobs.known.find(key)
            return found and (found.job or found.failure)

        await self.console.until(lambda: all(map(answered, keys)))

    def known(self, key: JobKey) -> Watched:
        """What is known of a job."""
        found = self.console.desk.jobs.known.find(key)
        assert found is not None
        return found

    async def select(self, id_: str) -> None:
        """Put the cursor on the row of a job or a batch."""
        await self.console.press("g")
        at = next(index for index, row in enumerate(self.state.rows) if row.id.id == id_)
        await self.console.press(*["j"] * at)
        assert self.row.id.id == id_

    async def give(self, command_id: str) -> None:
        """Give a command of the jobs by the first of its keys."""
        command = next(one for one in AT_JOBS if one.id == command_id)
        await self.console.press(self.screen._keys.keys_of(command)[0])

    async def poll(self) -> None:
        """Let all that is due be asked about."""
        self.console.clock.turn(40)
        await self.console.settle()

    async def paste(self, text: str) -> None:
        """Paste text."""
        self.console.app.post_message(_paste(text))
        await self.console.settle()

    def text(self) -> str:
        """What is on the screen."""
        return self.console.text()


def _paste(text: str) -> Any:
    from textual.events import Paste

    return Paste(text)


@asynccontextmanager
async def at_jobs(
    steve: Steve,
    sandbox: Systems,
    downloads: Path,
    *,
    size: tuple[int, int] = (140, 40),
    without: Iterable[System] = (),
    **console_with: Any,
) -> AsyncIterator[AtJobs]:
    """Run the console on a sandbox with keys for all systems but some."""
    pulse, unsiloed = sandbox.pulse(), sandbox.unsiloed()
    sources: dict[System, Callable[[], JobSource]] = {
        System.STEVE: lambda: steve.jobs,
        System.PULSE: lambda: pulse.jobs,
        System.UNSILOED: lambda: unsiloed.jobs,
    }
    ways = JobWays({system: source for system, source in sources.items() if system not in without})
    async with console_on(steve, downloads, size=size, jobs=ways, **console_with) as console:
        yield AtJobs(console, sandbox)
    await pulse.close()
    await unsiloed.close()


def session_of(sandbox: Sandbox, submission_id: str) -> JobKey:
    """The session in which a submission was uploaded."""
    with sandbox.database.read() as tx:
        row = tx.execute("SELECT id FROM sessions WHERE submission_id = ?", (submission_id,)).fetchone()
    return JobKey(System.STEVE, row["id"])
