"""What a refusal of Unsiloed says of a job, and what only of the server."""

import asyncio
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from review_tui.client.errors import ServerFault, UnusableId
from review_tui.client.job_errors import JobFailed
from review_tui.client.unsiloed import Unsiloed
from review_tui.model.failures import FailureKind
from review_tui.model.jobs import JobState
from tests.client.rawserver import KEY, RawServer, answer, misbehaving
from tests.client.systems import Systems
from tests.simulation.weather import LeapingLoop


def unsiloed_at(server: RawServer) -> Unsiloed:
    return Unsiloed(KEY, server.base_url)


async def test_only_a_job_that_failed_is_told_from_a_server_that_did(folder: Path) -> None:
    for detail, error in (
        ("Job j1 failed: no text found", JobFailed),
        ("Job j1 failed", JobFailed),
        ("Internal error: the database is gone", ServerFault),
        ("Failed to reach the queue", ServerFault),
        ("Job store failed: connection refused", ServerFault),
        ("Job j2 failed: another", ServerFault),
    ):
        async with (
            misbehaving(answer({"detail": detail}, status=500)) as server,
            unsiloed_at(server) as unsiloed,
        ):
            with pytest.raises(error):
                await unsiloed.jobs.result("j1", folder)
    async with (
        misbehaving(answer({"detail": "Job j1 failed: x"}, status=503)) as server,
        unsiloed_at(server) as unsiloed,
    ):
        with pytest.raises(ServerFault):
            await unsiloed.jobs.result("j1", folder)


async def test_only_of_a_result_does_a_fault_say_that_its_job_failed() -> None:
    failed = answer({"detail": "Job j1 failed: no text found"}, status=500, headers="Retry-After: 9\r\n")
    async with misbehaving(failed) as server, unsiloed_at(server) as unsiloed:
        for asked in (unsiloed.jobs.get("j1"), unsiloed.jobs.list()):
            with pytest.raises(ServerFault):
                await asked
    still = answer({"detail": "Job j1 is still processing and cannot be cancelled"}, status=400)
    async with misbehaving(still) as server, unsiloed_at(server) as unsiloed:
        canceled = await unsiloed.jobs.cancel("j1")
        assert canceled.failure is not None
        assert canceled.failure.kind is FailureKind.BAD_REQUEST


@pytest.mark.parametrize("word", ["status", "batch"])
async def test_what_leads_to_another_route_is_no_id(systems: Systems, folder: Path, word: str) -> None:
    async with systems.unsiloed() as unsiloed:
        jobs = unsiloed.jobs
        for asked in (jobs.get(word), jobs.cancel(word), jobs.result(word, folder)):
            with pytest.raises(UnusableId):
                await asked
    assert systems.sandbox.seen_count == 0


def test_one_read_is_tried_again_after_two_seconds_at_the_earliest() -> None:
    async def story() -> list[float]:
        asked: list[float] = []

        def answered(request: httpx.Request) -> httpx.Response:
            asked.append(asyncio.get_running_loop().time())
            body = httpx.ByteStream(b'{"id": "j1", "status": "queued"}')
            return httpx.Response(200 if len(asked) > 2 else 500, stream=body, request=request)

        async with Unsiloed(KEY, transport=httpx.MockTransport(answered)) as unsiloed:
            assert (await unsiloed.jobs.get("j1")).state is JobState.QUEUED
        return [later - before for before, later in pairwise(asked)]

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        assert min(runner.run(story())) >= 2.0
