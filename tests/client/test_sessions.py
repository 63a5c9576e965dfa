"""Steve's sessions as jobs: read one by one, their results kept like any other's."""

from pathlib import Path

import pytest

from review_tui.client.errors import Forbidden, UnusableId
from review_tui.client.job_errors import (
    JobFailed,
    JobGone,
    NotOffered,
    ResultGone,
    RouteMissing,
    StillRunning,
)
from review_tui.client.jobs import JobSource, Offers
from review_tui.client.pulse import Pulse
from review_tui.client.steve import Steve
from review_tui.client.unsiloed import Unsiloed
from review_tui.model.failures import FailureKind
from review_tui.model.jobs import JobKey, JobState, System
from review_tui.model.results import ExtractedResult
from tests.client.rawserver import KEY, answer, asking
from tests.client.systems import Systems, left_in

DONE = {
    "sessionId": "s1",
    "state": "completed",
    "submissionId": "k1",
    "submissionStatus": "review",
    "result": {"extractedData": {"totalAmount": 18.40}, "confidence": 0.91},
}


@pytest.mark.parametrize("said", [DONE, {"data": DONE}, DONE | {"state": "complete"}])
async def test_a_session_that_is_done_has_a_result_and_needs_a_person(
    said: dict[str, object], folder: Path
) -> None:
    async with asking(answer(said)) as (steve, server):
        job = await steve.jobs.get("s1")
        assert (job.key, job.state) == (JobKey(System.STEVE, "s1"), JobState.SUCCEEDED)
        assert (job.submission_id, job.needs_person) == ("k1", True)
        result = await steve.jobs.result("s1", folder)
        assert {asked.target for asked in server.asked} == {"/api/v1/jobs/s1"}
    assert isinstance(result.view, ExtractedResult)
    assert result.view.least_score == 0.91
    assert left_in(folder) == ["steve-s1.json"]


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("pending", StillRunning),
        ("submitted", StillRunning),
        ("hibernating", StillRunning),
        ("failed", JobFailed),
        ("expired", ResultGone),
        ("completed", ResultGone),
    ],
)
async def test_a_session_without_a_result_says_why(state: str, error: type[Exception], folder: Path) -> None:
    said = {"sessionId": "s1", "state": state, "result": None, "failedReason": "Too dark"}
    async with asking(answer(said)) as (steve, _):
        with pytest.raises(error):
            await steve.jobs.result("s1", folder)
    assert left_in(folder) == []


async def test_a_session_is_of_one_key(steve: Steve) -> None:
    with pytest.raises(JobGone, match="There is no such job"):
        await steve.jobs.get("no-such-session")
    async with asking(answer({"detail": "Another key's"}, status=403)) as (other, _):
        with pytest.raises(Forbidden):
            await other.jobs.get("s1")


@pytest.mark.parametrize(
    "said",
    [
        answer(b"<html><h1>404 Not Found</h1></html>", status=404, kind="text/html"),
        answer({"detail": "Not Found"}, status=404),
        answer({"message": "no Route matched with those values"}, status=404),
        answer(b"404 page not found", status=404, kind="text/plain"),
        answer(b"default backend - 404", status=404, kind="text/plain"),
        answer(b"", status=404, kind=None),
    ],
)
async def test_what_stands_before_a_system_knows_nothing_of_a_job(said: bytes) -> None:
    async with asking(said) as (steve, server):
        pulse, unsiloed = Pulse(KEY, server.base_url), Unsiloed(KEY, server.base_url)
        for source, variable in (
            (steve.jobs, "STEVE_BASE_URL"),
            (pulse.jobs, "PULSE_BASE_URL"),
            (unsiloed.jobs, "UNSILOED_BASE_URL"),
        ):
            with pytest.raises(RouteMissing, match=f"Check {variable}") as caught:
                await source.get("j1")
            assert caught.value.failure.kind is FailureKind.SERVER
        await pulse.close()
        await unsiloed.close()


async def test_sessions_are_neither_listed_nor_canceled(folder: Path) -> None:
    async with asking(b"") as (steve, server):
        assert steve.jobs.offers == Offers()
        for ask in (
            steve.jobs.list(),
            steve.jobs.several(["s1"]),
            steve.jobs.batch("b1"),
            steve.jobs.cancel("s1"),
        ):
            with pytest.raises(NotOffered, match="Steve cannot"):
                await ask
        assert server.asked == []


async def test_the_three_are_asked_alike(systems: Systems, steve: Steve, folder: Path) -> None:
    async with systems.pulse() as pulse, systems.unsiloed() as unsiloed:
        sources: list[JobSource] = [steve.jobs, pulse.jobs, unsiloed.jobs]
        assert [source.system for source in sources] == list(System)
        assert len({id(source.budget) for source in sources}) == 3, "each key has a budget of its own"
        for source in sources:
            with pytest.raises(JobGone):
                await source.get("no-such-job")
            for ask in (source.get, source.cancel, source.batch):
                with pytest.raises((UnusableId, NotOffered)):
                    await ask("../up")
            with pytest.raises(UnusableId):
                await source.result("a/b", folder)
    assert left_in(folder) == []
