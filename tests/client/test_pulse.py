"""Pulse: jobs in the words of either document, followed, canceled, refused."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from review_tui.client.errors import (
    Forbidden,
    KeyNotAccepted,
    NoAnswer,
    NotSent,
    RateLimited,
    ServerFault,
    Unreadable,
    UsageExceeded,
    WireError,
)
from review_tui.client.job_errors import (
    JobGone,
    NotOffered,
    RouteMissing,
)
from review_tui.client.pulse import Pulse
from review_tui.model.jobs import JobState
from review_tui.model.results import ParsedResult
from review_tui.model.secret import Secret
from tests.client.rawserver import KEY, answer, misbehaving
from tests.client.systems import Routes, Systems, left_in, pointing, pulse_at, told
from tests.simulation.weather import LeapingLoop


async def test_a_job_is_followed_from_its_beginning_to_its_end(systems: Systems, folder: Path) -> None:
    job_id = await systems.job("pulse", startsIn=2, endsIn=20)
    seen = []
    async with systems.pulse() as pulse:
        for _ in range(12):
            seen.append((await pulse.jobs.get(job_id)).state)
            systems.sandbox.clock.advance(2)
        assert list(dict.fromkeys(seen)) == [JobState.QUEUED, JobState.RUNNING, JobState.SUCCEEDED]
        result = await pulse.jobs.result(job_id, folder)
    assert isinstance(result.view, ParsedResult)
    assert result.view.text.startswith("# Invoice")
    assert result.size == result.path.stat().st_size > 0
    assert stat.S_IMODE(result.path.stat().st_mode) == 0o600
    assert left_in(folder) == [f"pulse-{job_id}.json"]


@pytest.mark.parametrize("absent", ["omitted", "null"])
@pytest.mark.parametrize("spelling", ["canceled", "cancelled"])
async def test_a_job_is_canceled_once_and_looked_at(systems: Systems, absent: str, spelling: str) -> None:
    await systems.switch(pulse_absent=absent, pulse_spelling=spelling)
    job_id = await systems.job("pulse", state="running")
    async with systems.pulse() as pulse:
        canceled = await pulse.jobs.cancel(job_id)
        assert canceled.job is not None
        assert (canceled.job.state, canceled.job.word) == (JobState.CANCELED, spelling)
        assert canceled.failure is None
        again = await pulse.jobs.cancel(job_id)
    assert again.job == canceled.job
    assert again.failure is not None
    assert again.failure.status == 500


@pytest.mark.parametrize("fault", ["drop", "html", "truncated"])
async def test_a_cancellation_is_never_sent_twice_and_its_job_is_read_whatever_came(
    systems: Systems, fault: str
) -> None:
    job_id = await systems.job("pulse", state="running")
    systems.fault(fault, method="DELETE")
    async with systems.pulse() as pulse:
        canceled = await pulse.jobs.cancel(job_id)
    assert canceled.job is not None
    asked = [request.method for request in systems.sandbox.seen if "/pulse/job" in request.path]
    assert asked == ["DELETE", "GET"]
    assert canceled.job.state is (JobState.CANCELED if fault == "truncated" else JobState.RUNNING)


async def test_unknown_words_are_kept_and_are_no_end() -> None:
    async with misbehaving(Routes(job=told("Hibernating"))) as server, pulse_at(server) as pulse:
        job = await pulse.jobs.get("j1")
    assert (job.state, job.word, job.state.is_terminal) == (JobState.UNKNOWN, "Hibernating", False)


@pytest.mark.parametrize(
    ("part", "error"), [("revoked", Forbidden), ("other_company", Forbidden), ("second", None)]
)
async def test_a_job_is_its_owners(systems: Systems, part: str, error: type[WireError] | None) -> None:
    job_id = await systems.job("pulse")
    async with systems.pulse(part) as pulse:
        if error is None:
            assert (await pulse.jobs.get(job_id)).id == job_id
            return
        with pytest.raises(error) as caught:
            await pulse.jobs.get(job_id)
        assert caught.value.failure.hint


async def test_a_job_that_is_unknown_is_told_from_a_route_that_is_missing(systems: Systems) -> None:
    async with systems.pulse() as pulse:
        with pytest.raises(JobGone, match="There is no such job"):
            await pulse.jobs.get("no-such-job")
    async with misbehaving(Routes()) as server, pulse_at(server) as pulse:
        with pytest.raises(RouteMissing, match="Check PULSE_BASE_URL"):
            await pulse.jobs.get("j1")
        with pytest.raises(RouteMissing):
            await pulse.jobs.cancel("j1")


async def test_another_job_is_not_taken_for_the_one_that_was_asked_for() -> None:
    async with misbehaving(Routes(job=told("completed"))) as server, pulse_at(server) as pulse:
        with pytest.raises(Unreadable, match="another job"):
            await pulse.jobs.get("j2")


async def test_a_rate_limit_has_its_time_and_a_usage_limit_has_none() -> None:
    limited = answer({"error": "rate_limit_exceeded", "message": "Slow down", "retry_after": 41}, status=429)
    async with misbehaving(Routes(job=limited)) as server, pulse_at(server) as pulse:
        with pytest.raises(RateLimited, match="Slow down") as caught:
            await pulse.jobs.get("j1")
        assert caught.value.failure.retry_after == 41
        assert pulse.jobs.budget.may_spend_background() == pytest.approx(41, abs=1)
    used_up = answer(b"Usage limit exceeded", status=429, kind="text/plain", headers="Retry-After: 1\r\n")
    async with misbehaving(Routes(job=used_up)) as server, pulse_at(server) as pulse:
        with pytest.raises(UsageExceeded, match="usage limit of this key") as exceeded:
            await pulse.jobs.get("j1")
        assert exceeded.value.failure.stops_polling
        assert len(server.asked) == 1, "it is not asked again"


async def test_pulse_lists_nothing() -> None:
    async with misbehaving(b"") as server, pulse_at(server) as pulse:
        for ask in (pulse.jobs.list(), pulse.jobs.several(["j1"]), pulse.jobs.batch("b1")):
            with pytest.raises(NotOffered, match="Pulse cannot"):
                await ask
        assert server.asked == []


async def test_a_wrong_key_is_named_and_never_repeated(systems: Systems) -> None:
    secret = "pulse_0123456789abcdef0123456789"
    echo = answer({"error": {"code": "AUTH_002", "message": f"Invalid key {secret}"}}, status=401)
    async with misbehaving(echo) as server, Pulse(Secret(secret), server.base_url) as pulse:
        with pytest.raises(KeyNotAccepted, match="Check PULSE_API_KEY") as caught:
            await pulse.jobs.get("j1")
    failure = caught.value.failure
    assert secret not in f"{failure!r} {failure.said}"
    assert failure.said is not None
    assert "AUTH_002" in failure.said


async def test_where_nobody_listens_nothing_was_canceled() -> None:
    async with misbehaving(b"") as server:
        pass
    async with pulse_at(server) as pulse:
        with pytest.raises(NotSent):
            await pulse.jobs.cancel("j1")


async def test_where_the_limit_is_reached_nothing_was_canceled_and_nothing_is_asked_after_it() -> None:
    limited = answer({"error": {"code": "RATE_001", "message": "Slow"}}, status=429)
    async with misbehaving(Routes(job=limited)) as server, pulse_at(server) as pulse:
        with pytest.raises(RateLimited):
            await pulse.jobs.cancel("j1")
    assert len(server.asked) == 1


async def test_a_server_that_fails_is_asked_again_but_not_for_a_result(folder: Path) -> None:
    fault = answer({"error": "Internal error"}, status=500)
    async with misbehaving(Routes(job=[fault, told("pending")])) as server, pulse_at(server) as pulse:
        assert (await pulse.jobs.get("j1")).state is JobState.QUEUED
    routes = Routes(job=pointing("/large_results/j1"), large_results=fault)
    async with misbehaving(routes) as server, pulse_at(server) as pulse:
        with pytest.raises(ServerFault, match="Internal error"):
            await pulse.jobs.result("j1", folder)
    assert [asked.target for asked in server.asked] == ["/job/j1", "/large_results/j1"]


def test_a_job_that_comes_with_its_result_is_given_time_but_not_for_silence() -> None:
    async def told_slowly() -> AsyncIterator[bytes]:
        whole = json.dumps({"job_id": "j1", "status": "completed", "result": {"markdown": "x" * 90}}).encode()
        for start in range(0, len(whole), 20):
            yield whole[start : start + 20]
            await asyncio.sleep(6)

    async def said_nothing() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    class Slow(httpx.AsyncBaseTransport):
        def __init__(self, body: Callable[[], AsyncIterator[bytes]]) -> None:
            self._body = body

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, content=self._body(), request=request)

    async def story() -> tuple[JobState, float]:
        async with Pulse(KEY, transport=Slow(told_slowly)) as pulse:
            state = (await pulse.jobs.get("j1")).state
        begun = asyncio.get_running_loop().time()
        async with Pulse(KEY, transport=Slow(said_nothing)) as pulse:
            with pytest.raises(NoAnswer, match="Nothing came for 10 s"):
                await pulse.jobs.get("j1")
        return state, asyncio.get_running_loop().time() - begun

    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        state, seconds = runner.run(story())
    assert state is JobState.SUCCEEDED
    assert seconds == pytest.approx(30 + 2 * 1.8, abs=0.5), "three times ten seconds, and what is between"
