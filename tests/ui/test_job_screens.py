"""The jobs as they are drawn at three sizes: full, empty, loading, stale, read, fetched."""

from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from textual.events import Paste

from review_tui.client.steve import Steve
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.jobs import JobFilter, JobKey
from review_tui.model.results import ExtractedResult, Result, ResultField
from review_tui.model.text import Shown
from review_tui.model.watching import Jobs, not_configured
from review_tui.ui.job_rows import Listing, RowId
from review_tui.ui.jobs_state import JobsState
from review_tui.ui.screens.jobs_adding import AddScreen
from review_tui.workers.news import DownloadStage, ResultMoved
from tests.client.systems import Systems
from tests.ui.atjobs import AtJobs, at_jobs
from tests.ui.golden import assert_screen
from tests.ui.madejobs import NOW, PULSE, STEVE, UNSILOED, ago, every_kind, live
from tests.ui.samples import HOSTILE
from tests.ui.terminal.frames import Emulated

SIZES = [(80, 24), (100, 30), (160, 50)]
RUNNING = RowId(UNSILOED, "job_7f13gkhgepsttv37")
DONE = RowId(PULSE, "8f14e45f-ceea-467f-a0f1-1f2d3c4b5a69")
BATCH = RowId(UNSILOED, "batch_march", is_batch=True)
NO_ANSWER = Failure(FailureKind.NO_ANSWER, "No answer from the server", "It may be busy.")


async def shown(here: AtJobs, state: JobsState) -> str:
    """The screen with this state."""
    here.console.review._jobs.change(state)
    await here.console.settle()
    return here.text()


def stale() -> Jobs:
    """Pulse does not answer, and Unsiloed was given no key."""
    systems = live()
    systems[PULSE] = replace(
        systems[PULSE],
        freshness=Freshness(FreshnessState.STALE, ago(7), failure=NO_ANSWER, retry_at=NOW),
    )
    systems[UNSILOED] = not_configured(UNSILOED)
    return Jobs(tuple(one for one in every_kind().watched if one.key.system is not UNSILOED), systems)


def fetched() -> ResultMoved:
    """A result that has been kept."""
    fields = (
        ResultField(Shown.of("supplier"), Shown.of("Ateliers Fournier & Fils, Kontor für Alles"), 0.75, 1),
        ResultField(Shown.of("total"), Shown.of("425.64"), 0.984, 2),
        ResultField(Shown.of("note"), Shown.of(HOSTILE), 0.31),
    )
    path = Path("/downloads/pulse-8f14e45f.json")
    result = Result(JobKey(*DONE[:2]), path, 604, ExtractedResult(fields, least_score=0.31))
    return ResultMoved(result.key, DownloadStage.DONE, 604, 604, result)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_jobs_are_drawn_at_each_size(
    steve: Steve, sandbox_app: Starlette, tmp_path: Path, size: tuple[int, int]
) -> None:
    name = f"{size[0]}x{size[1]}"
    async with at_jobs(steve, Systems(sandbox_app), tmp_path, size=size) as here:
        await here.open()
        empty = JobsState(known=Jobs((), {**live(), PULSE: not_configured(PULSE)}))
        assert_screen(f"jobs-empty-{name}", await shown(here, empty))
        full = JobsState(known=every_kind(), selected=RUNNING, unfolded=frozenset({BATCH}))
        assert_screen(f"jobs-full-{name}", await shown(here, full))
        assert_screen(f"jobs-stale-{name}", await shown(here, JobsState(known=stale())))
        await shown(here, replace(full, selected=DONE))
        here.console.review._jobs.hear([fetched()])
        await here.console.press("tab", "tab")
        assert_screen(f"jobs-result-{name}", here.text())


async def test_what_is_not_known_yet_is_said_and_never_an_empty_list(
    steve: Steve, sandbox_app: Starlette, tmp_path: Path
) -> None:
    async with at_jobs(steve, Systems(sandbox_app), tmp_path, size=(100, 30)) as here:
        await here.open()
        state = JobsState(known=Jobs((), live(), loading=True))
        assert "○ Reading what was watched …" in await shown(here, state)
        state = replace(state, known=replace(every_kind(), not_kept=NO_ANSWER), words="zebra")
        text = await shown(here, state)
        assert "Nothing fits “zebra”. J shows all." in text
        assert "0 shown: zebra" in text
        assert "! not remembered: No answer from the server" in text
        state = JobsState(known=every_kind(), listing=Listing(UNSILOED, JobFilter()))
        assert "○ Asking Unsiloed …" in await shown(here, state)
        failed = replace(state, listing=Listing(UNSILOED, JobFilter(), failure=NO_ANSWER))
        text = await shown(here, failed)
        assert "! No answer from the server" in text
        assert "It may be busy." in text
        refused = RowId(STEVE, "c20ad4d76fe97759aa27a0c99bff6710")
        text = await shown(here, JobsState(known=every_kind(), selected=refused))
        assert "✗ not yours" in text
        assert "! This key may not see it" in text


async def test_what_is_drawn_stays_while_nothing_is_new(
    steve: Steve, sandbox_app: Starlette, tmp_path: Path
) -> None:
    async with at_jobs(steve, Systems(sandbox_app), tmp_path) as here:
        systems = here.systems
        keys = [JobKey(PULSE, await systems.job("pulse", state="running", endsIn=9_000)) for _ in range(3)]
        await here.open()
        await here.watch(*keys)
        await here.console.settle()
        before = len(here.console.app.frames)
        for _ in range(5):
            here.console.clock.turn(2)
            await here.console.settle()
        read = here.known(keys[0]).read_at
        assert read is not None
        assert read > here.known(keys[0]).since, "it was asked about"
        assert here.console.app.frames[before:] == []


async def test_what_changes_at_once_on_two_screens_is_sent_of_both(
    steve: Steve, sandbox_app: Starlette, tmp_path: Path
) -> None:
    async with at_jobs(steve, Systems(sandbox_app), tmp_path, size=(100, 30)) as here:
        await here.open()
        review = here.console.review

        def change(state: JobsState) -> None:
            review.hint(f"the review changes with {len(state.rows)}")
            review._jobs.change(state)
            review.hint(f"the review has changed with {len(state.rows)}")

        change(replace(here.state, known=every_kind()))
        await here.console.settle()
        assert seen(here) == here.console.lines()
        await here.give("add")
        dialog = here.console.app.screen
        assert isinstance(dialog, AddScreen)
        review._jobs.say("a change beside the dialog")
        dialog.on_paste(Paste("8f14e45f-ceea-467f-a0f1-1f2d3c4b5a69"))
        here.screen._on_timer_update()
        await here.console.settle()
        assert seen(here) == here.console.lines()
        await here.console.press("escape")
        change(replace(here.state, words=""))
        await here.console.settle()
        assert seen(here) == here.console.lines()
        await here.console.press("J")
        assert seen(here) == here.console.lines(), "nothing of what changed under it is missing"


def seen(here: AtJobs) -> list[str]:
    """What a terminal shows that was sent every frame."""
    size = here.console.app.size
    terminal = Emulated(width=size.width, height=size.height)
    for frame in here.console.app.frames:
        terminal.draw(frame)
    return [line.rstrip() for line in terminal.picture.display]
