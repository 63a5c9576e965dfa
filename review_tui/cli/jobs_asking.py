"""Whom the commands on jobs ask, with which key, and how they go from one job to the next."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, closing, suppress
from functools import partial
from typing import Protocol

from review_tui.cli.exits import Exit, exit_of_all
from review_tui.cli.jobs_printing import exit_of_error, tell_failure
from review_tui.cli.keys import key_finder
from review_tui.cli.printing import say
from review_tui.cli.systems import client_of
from review_tui.client.errors import KeyNotAccepted, RateLimited, Unusable, UsageExceeded, WireError
from review_tui.client.job_errors import JobGone
from review_tui.client.jobs import JobSource
from review_tui.client.steve import Steve
from review_tui.model.jobs import JobKey, System
from review_tui.model.watching import Watched
from review_tui.settings.config import Config
from review_tui.settings.environment import BASE_URL, Settings, base_url_of, state_of, store_path
from review_tui.settings.errors import BadSettings
from review_tui.settings.systems import access_to, key_file_name, not_configured
from review_tui.store.errors import NothingKept, NotKept
from review_tui.store.journal import Store

_STOPPING = (KeyNotAccepted, RateLimited, UsageExceeded)


class Client(Protocol):
    """A client of one of the systems."""

    @property
    def jobs(self) -> JobSource:
        """Its jobs."""
        ...


Way = Callable[[], AbstractAsyncContextManager[Client]]
"""Opens a client."""


def way_to(system: System, given: argparse.Namespace, environ: Mapping[str, str], config: Config) -> Way:
    """Return how a system is asked; raises BadSettings, also where no key is set for it."""
    if system is System.STEVE:
        settings = Settings.of(environ, key_finder(given, environ, config.key_file), config)
        return partial(Steve, settings.base_url, settings.api_key, key_from=settings.key_check)
    if given.key_file is not None and given.system:
        raise BadSettings(
            f"--key-file: it is for Steve's key; for {system.label} set {key_file_name(system)}"
        )
    access = access_to(system, environ, config)
    if access is None:
        raise BadSettings(f"{system.label} is not configured: {not_configured(system)}")
    return partial(client_of, system, access)


def remembered(environ: Mapping[str, str], config: Config) -> Sequence[Watched]:
    """Return the jobs that this machine watches, the newest first; raises BadSettings and NotKept.

    They are kept with the decisions on Steve's server.
    """
    url, _ = base_url_of(environ, config)
    if not url:
        raise BadSettings(
            f"{BASE_URL} is not set, nor base_url configured: watched jobs are kept by its name"
        )
    try:
        path = store_path(state_of(environ, config), url)
    except Unusable as error:
        raise BadSettings(f"{BASE_URL}: {error}") from None
    try:
        with closing(Store.open(path, create=False)) as store:
            return store.watched_jobs()[::-1]
    except NothingKept:
        return ()


def known_here(environ: Mapping[str, str], config: Config) -> Mapping[JobKey, Watched]:
    """Return what this machine remembers of jobs, as far as it can be told."""
    with suppress(BadSettings, NotKept):
        return {watched.key: watched for watched in remembered(environ, config) if watched.job}
    return {}


async def each(
    system: System,
    given: argparse.Namespace,
    ask: Callable[[str], Awaitable[Exit]],
    known: Collection[JobKey] = (),
) -> Exit:
    """Ask about one job after the other and print what went wrong; return the code of all.

    One of the `known` that its system knows no longer has expired. Where the key or its limit is refused, the
    rest is not asked about.
    """
    codes: list[Exit] = []
    ids = list(dict.fromkeys(given.ids))
    for job_id in ids:
        key = JobKey(system, job_id)
        try:
            codes.append(await ask(job_id))
        except WireError as error:
            gone = isinstance(error, JobGone) and key in known
            code = Exit.JOB_EXPIRED if gone else exit_of_error(error)
            codes.append(tell_failure(key, error.failure, code, as_json=given.json))
            if isinstance(error, _STOPPING):
                break
    if left := len(ids) - len(codes):
        say(f"{left} not asked about", to=sys.stderr)
    return exit_of_all(codes)
