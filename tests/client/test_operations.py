"""Unsiloed's newer deployments: a route for each kind of work, found out once and remembered."""

from pathlib import Path

import pytest

from review_tui.client.errors import ServerFault, Unreadable, WireError
from review_tui.client.job_errors import JobFailed, JobGone, NotOffered, RouteMissing, StillRunning
from review_tui.client.jobs import Offers
from review_tui.client.unsiloed import Unsiloed
from review_tui.client.unsiloed.jobs import AT_ONCE
from review_tui.model.jobs import JobState
from review_tui.model.results import ClassifiedResult, ExtractedResult, ParsedResult
from tests.client.rawserver import KEY, answer, misbehaving
from tests.client.systems import Routes, Systems, left_in


@pytest.fixture
async def newer(systems: Systems) -> Systems:
    """A sandbox whose Unsiloed has routes for each kind of work, and none for jobs."""
    await systems.switch(unsiloed_routes="operations")
    return systems


def asked_of(systems: Systems) -> list[str]:
    """The routes that were asked for, by their first part."""
    paths = [request.path.removeprefix("/unsiloed/") for request in systems.sandbox.seen]
    return [path.partition("/")[0] for path in paths if not path.startswith("/")]


@pytest.mark.parametrize(
    ("operation", "route", "words"),
    [
        ("extract", "extract", ["queued", "processing", "completed"]),
        ("classify", "classify", ["queued", "processing", "completed"]),
        ("split", "splitter", ["queued", "processing", "completed"]),
        ("parse", "parse", ["Starting", "AwaitingUpload", "Queued", "Processing", "Succeeded"]),
    ],
)
async def test_a_job_is_found_by_the_kind_of_its_work_and_asked_for_there(
    newer: Systems, operation: str, route: str, words: list[str]
) -> None:
    job_id = await newer.job("unsiloed", operation=operation, startsIn=4, endsIn=8)
    seen = []
    async with newer.unsiloed() as unsiloed:
        for _ in range(10):
            job = await unsiloed.jobs.get(job_id)
            seen.append(job.word)
            assert job.state is not JobState.UNKNOWN
            assert (job.operation, job.progress) == (operation, None)
            newer.sandbox.clock.advance(1)
        assert list(dict.fromkeys(seen)) == words
    asked = asked_of(newer)
    assert asked[0] == "jobs"
    assert asked[asked.index(route) :] == [route] * 10, "no other route once it is found"
    headers = [request.headers for request in newer.sandbox.seen if "/unsiloed/" in request.path]
    assert all(("api-key" in one) is (number > 0) for number, one in enumerate(headers))


@pytest.mark.parametrize(
    ("operation", "view"),
    [("extract", ExtractedResult), ("parse", ParsedResult), ("classify", ClassifiedResult)],
)
async def test_a_result_comes_with_its_job(newer: Systems, folder: Path, operation: str, view: type) -> None:
    job_id = await newer.job("unsiloed", operation=operation, state="completed")
    async with newer.unsiloed() as unsiloed:
        result = await unsiloed.jobs.result(job_id, folder)
    assert isinstance(result.view, view)
    assert not {"job_id", "status", "created_at"} & set(result.value)
    assert left_in(folder) == [f"unsiloed-{job_id}.json"]


async def test_an_extraction_that_wants_a_look_has_its_result_and_needs_a_person(
    newer: Systems, folder: Path
) -> None:
    job_id = await newer.job("unsiloed", operation="extract", state="review")
    async with newer.unsiloed() as unsiloed:
        job = await unsiloed.jobs.get(job_id)
        assert (job.state, job.word, job.needs_person) == (JobState.SUCCEEDED, "review", True)
        assert isinstance((await unsiloed.jobs.result(job_id, folder)).view, ExtractedResult)


@pytest.mark.parametrize(
    ("state", "error"),
    [("queued", StillRunning), ("running", StillRunning), ("failed", JobFailed), ("cancelled", JobFailed)],
)
@pytest.mark.parametrize("operation", ["extract", "parse"])
async def test_a_result_that_is_not_there_says_why(
    newer: Systems, folder: Path, state: str, error: type[WireError], operation: str
) -> None:
    job_id = await newer.job("unsiloed", operation=operation, state=state, error="Too dark")
    async with newer.unsiloed() as unsiloed:
        with pytest.raises(error) as caught:
            await unsiloed.jobs.result(job_id, folder)
        assert (await unsiloed.jobs.get(job_id)).error == ("Too dark" if state == "failed" else None)
    assert left_in(folder) == []
    assert caught.value.failure.hint != "Too dark" or state == "failed"


async def test_what_is_not_offered_here_is_said_before_anything_is_asked(newer: Systems) -> None:
    job_id = await newer.job("unsiloed")
    async with newer.unsiloed() as unsiloed:
        assert unsiloed.jobs.offers.several == AT_ONCE
        await unsiloed.jobs.get(job_id)
        assert unsiloed.jobs.offers == Offers()
        before = newer.sandbox.seen_count
        for ask in (
            unsiloed.jobs.list(),
            unsiloed.jobs.several([job_id]),
            unsiloed.jobs.batch("b1"),
            unsiloed.jobs.cancel(job_id),
        ):
            with pytest.raises(NotOffered, match="here"):
                await ask
        assert newer.sandbox.seen_count == before


async def test_a_list_that_is_missing_shows_what_kind_of_deployment_it_is(newer: Systems) -> None:
    job_id = await newer.job("unsiloed")
    async with newer.unsiloed() as unsiloed:
        with pytest.raises(RouteMissing, match="UNSILOED_BASE_URL"):
            await unsiloed.jobs.several([job_id])
        assert unsiloed.jobs.offers.several == 0
        assert (await unsiloed.jobs.get(job_id)).id == job_id


async def test_a_job_that_is_gone_is_told_from_a_route_that_is_missing(newer: Systems) -> None:
    async with newer.unsiloed() as unsiloed:
        with pytest.raises(JobGone, match="no such job"):
            await unsiloed.jobs.get("job_unknown")
    async with misbehaving(Routes()) as server, Unsiloed(KEY, server.base_url) as unsiloed:
        with pytest.raises(RouteMissing, match="UNSILOED_BASE_URL"):
            await unsiloed.jobs.get("j1")
        assert unsiloed.jobs.offers.list, "nothing was learned about the deployment"


async def test_a_route_that_fails_is_no_route_that_is_missing() -> None:
    fault = answer({"detail": "Internal error"}, status=500, headers="Retry-After: 9\r\n")
    async with (
        misbehaving(Routes(extract=fault)) as server,
        Unsiloed(KEY, server.base_url) as unsiloed,
    ):
        with pytest.raises(ServerFault):
            await unsiloed.jobs.get("j1")
    assert [asked.target for asked in server.asked] == ["/jobs/j1", "/extract/j1"]


async def test_another_job_is_not_taken_for_the_one_that_was_asked_for() -> None:
    other = answer({"job_id": "j2", "status": "queued"})
    async with (
        misbehaving(Routes(extract=other)) as server,
        Unsiloed(KEY, server.base_url) as unsiloed,
    ):
        with pytest.raises(Unreadable, match="another job"):
            await unsiloed.jobs.get("j1")
