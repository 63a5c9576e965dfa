"""Pulse and Unsiloed as the doctor sees them: whether each is configured, answers, and accepts the key."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from review_tui.cli.checks.finding import Finding, State
from review_tui.cli.checks.server import SLOW_MS
from review_tui.cli.exits import Exit, exit_of
from review_tui.cli.systems import client_of
from review_tui.client.errors import WireError
from review_tui.client.job_errors import JobGone
from review_tui.model.job_words import System
from review_tui.settings.config import Config
from review_tui.settings.environment import key_hint
from review_tui.settings.errors import BadSettings
from review_tui.settings.systems import OTHERS, Access, access_to, not_configured

NOBODYS: Final = "00000000-0000-4000-8000-000000000000"
"""An id that no job has: whoever answers that there is none has accepted the key."""


async def system_findings(environ: Mapping[str, str], config: Config) -> list[Finding]:
    """Ask each of them that a key is there for about one job."""
    return await asyncio.gather(*(_finding(system, environ, config) for system in OTHERS))


async def _finding(system: System, environ: Mapping[str, str], config: Config) -> Finding:
    try:
        access = access_to(system, environ, config)
    except BadSettings as error:
        advice = f"put it right, or {not_configured(system)}"
        return Finding(system, "; ".join(error.lines), State.BAD, advice, Exit.USAGE)
    if access is None:
        return Finding(system, f"not configured; to see its jobs, {not_configured(system)}")
    try:
        return await _asked(system, access)
    except WireError as error:
        failure = error.failure
        return Finding(system, failure.title, State.BAD, failure.hint, exit_of(failure))


async def _asked(system: System, access: Access) -> Finding:
    """Ask about a job that is not there; raises WireError for every other answer than that."""
    async with client_of(system, access) as client:
        began = time.monotonic()
        with suppress(JobGone):
            await client.jobs.get(NOBODYS)
        took = (time.monotonic() - began) * 1000
    source = f" from {access.key_source.brief}" if access.key_source else ""
    words = f"{client.host} answers after {took:.0f} ms and accepts {key_hint(access.api_key)}{source}"
    if took <= SLOW_MS:
        return Finding(system, words)
    return Finding(system, words, State.WARN, "its jobs are seen late")
