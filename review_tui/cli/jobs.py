"""Jobs from the command line: shown and canceled here, listed, awaited and fetched beside it."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, Final

from review_tui.cli.exits import Exit, exit_of
from review_tui.cli.jobs_asking import Way, each, known_here, way_to
from review_tui.cli.jobs_listing import list_jobs
from review_tui.cli.jobs_printing import job_json, job_lines, state_text, tell_failure, watch_json
from review_tui.cli.jobs_results import result_of_job
from review_tui.cli.jobs_waiting import wait_for_jobs
from review_tui.cli.outbox import OnlyReading
from review_tui.cli.printing import failure_json, failure_line, json_text, say
from review_tui.client.errors import Unusable
from review_tui.client.job_errors import JobGone, NotOffered
from review_tui.client.jobs import Canceled
from review_tui.model.failures import FailureKind
from review_tui.model.jobs import Job, JobKey, JobState, System
from review_tui.model.text import clean
from review_tui.model.watching import Watched
from review_tui.model.wire import Json
from review_tui.settings.config import Config

_YES: Final = frozenset({"y", "yes"})


def jobs_verb(
    given: argparse.Namespace, environ: Mapping[str, str], config: Config
) -> Callable[[], Coroutine[Any, Any, Exit]]:
    """Return what runs `jobs …`; raises BadSettings where it cannot be run."""
    if given.verb == "list":
        return partial(list_jobs, given, environ, config)
    system = System(given.system)
    way = way_to(system, given, environ, config)
    known = known_here(environ, config)
    if given.verb == "wait":
        return partial(wait_for_jobs, given, way, known)
    if given.verb == "result":
        return partial(result_of_job, given, way, known)
    if given.verb == "cancel":
        return partial(_cancel, given, way, config.deciding_off)
    return partial(_show, given, way, known)


async def _show(given: argparse.Namespace, way: Way, known: Mapping[JobKey, Watched]) -> Exit:
    system = System(given.system)
    shown: list[str] = []

    async def show(job_id: str) -> Exit:
        watched = known.get(JobKey(system, job_id))
        code = Exit.OK
        try:
            job = await client.jobs.get(job_id)
        except JobGone as error:
            if watched is None or watched.job is None:
                raise
            job, code = watched.job.gone(), Exit.JOB_EXPIRED
            tell_failure(job.key, error.failure, code, as_json=given.json)
        if given.json:
            told = job_json(job.key, job) | {"watched": watch_json(watched), "body": job.body}
            print(json_text(told))
        else:
            say(["", *job_lines(job, watched)] if shown else job_lines(job, watched))
            shown.append(job_id)
        return code

    async with way() as client:
        return await each(system, given, show)


async def _cancel(given: argparse.Namespace, way: Way, off: str) -> Exit:
    """Ask once for each job to stop; at a terminal a person is asked first. Raises WireError and NotKept."""
    system = System(given.system)
    if off:
        raise OnlyReading(off)
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty()
    if not given.yes and not at_terminal:
        raise Unusable("--yes is needed where nobody can be asked", "Nothing was canceled.")

    async def cancel(job_id: str) -> Exit:
        if not given.yes:
            job = await client.jobs.get(job_id)
            if job.state.is_terminal:
                return _told(job.key, job, f"It is over: {state_text(job)}", Exit.REFUSED, given)
            if not await _agreed(job):
                return _told(job.key, job, "Nothing was asked", Exit.REFUSED, given)
        came = await client.jobs.cancel(job_id)
        return _tell_canceled(JobKey(system, job_id), came, given)

    async with way() as client:
        if not client.jobs.offers.cancel:
            raise NotOffered(system, "cancel a job")
        return await each(system, given, cancel)


async def _agreed(job: Job) -> bool:
    """Ask the person at the terminal."""
    about = ", ".join(filter(None, (job.operation, job.name, state_text(job))))
    question = clean(f"Cancel {job.system.label} {job.id} ({about})? [y/N] ", cap=400)
    print(question, end="", file=sys.stderr, flush=True)
    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()
    ready = asyncio.Event()
    typed = b""
    loop.add_reader(stdin, ready.set)
    try:
        await ready.wait()
        typed = os.read(stdin, 1024)
        return typed.decode(errors="replace").strip().casefold() in _YES
    finally:
        loop.remove_reader(stdin)
        if not typed.endswith(b"\n"):
            print(file=sys.stderr)


def _tell_canceled(key: JobKey, came: Canceled, given: argparse.Namespace) -> Exit:
    """Say what a job is after it was asked to stop, whatever the answer was."""
    job, failure = came.job, came.failure
    if job is None and failure is not None and failure.kind is FailureKind.NOT_FOUND:
        return tell_failure(key, failure, Exit.NOT_FOUND, as_json=given.json)
    why = f" {failure_line(failure)}" if failure else ""
    if job is None:
        words, code = f"Asked to cancel; what it is now could not be read.{why}", Exit.UNKNOWN
    elif job.state is JobState.CANCELED:
        words, code = "Canceled", Exit.OK
    elif job.state.is_terminal:
        words, code = f"Not canceled, for it is over: {state_text(job)}", Exit.REFUSED
    elif failure is not None:
        words, code = f"Not canceled so far: {state_text(job)}.{why}", exit_of(failure)
    else:
        words, code = f"Asked to cancel; so far it is {state_text(job)}", Exit.NOT_OVER
    told = {"failure": failure_json(failure) if failure else None}
    return _told(key, job, words, code, given, told)


def _told(
    key: JobKey,
    job: Job | None,
    words: str,
    code: Exit,
    given: argparse.Namespace,
    more: Mapping[str, Json] | None = None,
) -> Exit:
    if given.json:
        print(json_text(job_json(key, job) | {"words": words, "failure": None} | dict(more or {})))
    else:
        say(f"{key.id}: {words}", to=sys.stderr if code else sys.stdout)
    return code
