"""Listing jobs: by their system where it has a list, else those that this machine watches, which is said."""

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from review_tui.cli.exits import Exit, exit_of_all
from review_tui.cli.jobs_asking import Way, remembered, way_to
from review_tui.cli.jobs_printing import HEADS, cells, exit_of_error, job_json, watch_json
from review_tui.cli.printing import failure_line, json_text, say, table
from review_tui.client.errors import Unusable, WireError
from review_tui.client.job_errors import RouteMissing
from review_tui.client.jobs import JobSource
from review_tui.model.frozen import frozen
from review_tui.model.jobs import EVERY_JOB, Job, JobFilter, JobKey, JobState, System
from review_tui.model.watching import Watched
from review_tui.settings.config import Config
from review_tui.settings.errors import BadSettings
from review_tui.workers.clock import RealClock

_PAGE: Final = 100


@frozen
class Row:
    """One line of a list: `job` as it was read last, None before that; `watched` where it is watched here."""

    key: JobKey
    job: Job | None
    watched: Watched | None = None


@dataclass(slots=True)
class Listed:
    """Rows of one system, and what else there is to say of them, a line each."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


async def list_jobs(given: argparse.Namespace, environ: Mapping[str, str], config: Config) -> Exit:
    """Run `jobs list`; a system that is not configured is said, never empty.

    Raises WireError and BadSettings where one system is meant, and NotKept.
    """
    asked = JobFilter(
        JobState(given.state) if given.state else None,
        given.operation,
        given.created_after,
        given.created_before,
        tuple(given.tag),
    )
    watched = _remembered(environ, config)
    codes: list[Exit] = []
    rows: list[Row] = []
    systems = _systems(given)
    for system in systems:
        try:
            listed = await _listed(system, asked, given, way_to(system, given, environ, config), watched)
        except (BadSettings, WireError) as error:
            if len(systems) == 1:
                raise
            codes.append(_left_out(system, error))
            continue
        rows += listed.rows
        say(listed.notes, to=sys.stderr)
    _print(rows, as_json=given.json)
    return exit_of_all(codes)


def _systems(given: argparse.Namespace) -> Sequence[System]:
    """Return the systems that are meant: all, but one alone knows tags and batches."""
    if given.system:
        return [System(given.system)]
    return [System.UNSILOED] if given.tag or given.batch is not None else list(System)


def _remembered(environ: Mapping[str, str], config: Config) -> Sequence[Watched] | BadSettings:
    try:
        return remembered(environ, config)
    except BadSettings as error:
        return error


def _left_out(system: System, error: BadSettings | WireError) -> Exit:
    """Say why a system is left out of the list of all; return the code for it."""
    if isinstance(error, BadSettings):
        say((f"review-tui: {line}" for line in error.lines), to=sys.stderr)
        return Exit.OK
    say(f"review-tui: {system.label}: {failure_line(error.failure)}", to=sys.stderr)
    return exit_of_error(error)


async def _listed(
    system: System,
    asked: JobFilter,
    given: argparse.Namespace,
    way: Way,
    watched: Sequence[Watched] | BadSettings,
) -> Listed:
    async with way() as client:
        if given.batch is not None:
            return await _of_batch(client.jobs, asked, given)
        if client.jobs.offers.list:
            try:
                return await _from_server(client.jobs, asked, given.limit)
            except RouteMissing:
                if client.jobs.offers.list:  # it is not only the list that is missing
                    raise
    if asked.tags:
        raise Unusable(f"--tag: {system.label} has no list to look them up in")
    if isinstance(watched, BadSettings):
        raise watched
    return _from_here(system, asked, given.limit, watched)


def _from_here(system: System, asked: JobFilter, most: int, watched: Sequence[Watched]) -> Listed:
    here = [Row(one.key, one.job, one) for one in watched if one.key.system is system]
    if not here:
        return Listed(notes=[f"{system.label} does not list its jobs, and none of them is watched here"])
    notes = [f"{system.label} does not list its jobs: these are watched here, and as they were read last"]
    found = [row for row in here if _fits(row.job, asked)]
    if len(found) > most:
        notes.append(f"{system.label}: {len(found)} in all: give a larger --limit")
    return Listed(found[:most], notes)


def _fits(job: Job | None, asked: JobFilter) -> bool:
    """Whether a job would be in the list that is asked for; one that was never read only if all would."""
    if job is None:
        return asked == EVERY_JOB
    if job.created is None:
        in_time = asked.created_after is None and asked.created_before is None
    else:
        after, before = asked.created_after or job.created, asked.created_before or job.created
        in_time = after <= job.created <= before
    return in_time and asked.state in {None, job.state} and asked.operation in {"", job.operation}


async def _from_server(source: JobSource, asked: JobFilter, most: int) -> Listed:
    """Read page by page; those after the first are background reads."""
    listed = Listed()
    offset: int | None = 0
    while offset is not None and (left := most - len(listed.rows)) > 0:
        while offset and (wait := source.budget.may_spend_background()) > 0:  # noqa: ASYNC110 – time
            await asyncio.sleep(wait)
        page = await source.list(replace(asked, limit=min(_PAGE, left), offset=offset))
        listed.rows += (Row(job.key, job) for job in page.jobs[:left])
        listed.notes += (f"not readable: {line}" for line in page.unreadable)
        offset = page.next_offset if page.jobs or page.unreadable else None
        if offset is not None and len(listed.rows) >= most:
            known = f"{page.total} in all" if page.total is not None else f"more than {most}"
            listed.notes.append(f"{source.system.label}: {known}: give a larger --limit")
    return listed


async def _of_batch(source: JobSource, asked: JobFilter, given: argparse.Namespace) -> Listed:
    batch = await source.batch(given.batch)
    counts = ", ".join(f"{name} {count}" for name, count in batch.counts.items())
    notes = [f"batch {batch.id}: {batch.word}{f'; {counts}' if counts else ''}"]
    notes += (f"not readable: {line}" for line in batch.unreadable)
    rows = [Row(job.key, job) for job in batch.jobs if _fits(job, asked)]
    return Listed(rows[: given.limit], notes)


def _print(rows: Sequence[Row], *, as_json: bool) -> None:
    now = RealClock().now()
    if as_json:
        for row in rows:
            print(json_text(job_json(row.key, row.job) | {"watched": watch_json(row.watched)}))
    elif rows:
        say(
            table(
                HEADS, (cells(row.key, row.job, row.watched.read_at if row.watched else now) for row in rows)
            )
        )
