"""What a refusal of Unsiloed says of a job, and what only of the server."""

from pathlib import Path

import pytest

from review_tui.client.errors import ServerFault
from review_tui.client.job_errors import JobFailed
from review_tui.client.unsiloed import Unsiloed
from review_tui.model.failures import FailureKind
from tests.client.rawserver import KEY, RawServer, answer, misbehaving


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
