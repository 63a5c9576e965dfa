"""The server as the doctor sees it: whether it answers, whose key this is, how much is left."""

import time
from typing import Final

from review_tui.cli.checks.finding import Finding, State
from review_tui.cli.exits import exit_of
from review_tui.client.budget import Bucket
from review_tui.client.errors import KeyNotAccepted, WireError
from review_tui.client.steve import Steve
from review_tui.model.text import clean
from review_tui.model.workflows import Company
from review_tui.settings.environment import Settings

SLOW_MS: Final = 1_000
"""Milliseconds of an answer from which on waiting is felt in everything."""

CLOCK_S: Final = 5.0
"""Seconds by which this machine's clock may be wrong without a word."""

LOW: Final = 0.2
"""Part of a minute's reads below which others use most of what the key may."""


async def server_findings(settings: Settings) -> list[Finding]:
    """Ask the server twice: the second answer shows the way alone, without the greeting."""
    try:
        async with Steve(settings.base_url, settings.api_key, key_from=settings.key_check) as steve:
            began = time.monotonic()
            await steve.companies.list()
            greeted = time.monotonic()
            companies = await steve.companies.list()
            ended = time.monotonic()
            return [
                _answering(steve, greeted - began, ended - greeted),
                _scope(companies, settings),
                _budget(steve),
                _clock(steve),
            ]
    except WireError as error:
        failure = error.failure
        subject = "key" if isinstance(error, KeyNotAccepted) else "server"
        words = f"{settings.key_hint}: {failure.title}" if subject == "key" else failure.title
        return [Finding(subject, words, State.BAD, failure.hint or "", exit_of(failure))]


def _answering(steve: Steve, first: float, second: float) -> Finding:
    through = f" through the proxy {steve.proxy_in_use}" if steve.proxy_in_use else ""
    words = (
        f"{steve.host} answers after {second * 1000:.0f} ms{through}, {first * 1000:.0f} ms the first time"
    )
    if second * 1000 <= SLOW_MS:
        return Finding("server", words)
    return Finding(
        "server", words, State.WARN, "decisions are held meanwhile and lose nothing, but all is slow"
    )


def _scope(companies: tuple[Company, ...], settings: Settings) -> Finding:
    names = [clean(str(company.name or company.id or ""), cap=80) for company in companies]
    if not names:
        advice = "ask whoever gave you the key which company it is for"
        return Finding("key", f"{settings.key_hint}: it sees no company", State.WARN, advice)
    return Finding("key", f"{settings.key_hint}: {', '.join(names[:5])}{', …' if len(names) > 5 else ''}")


def _clock(steve: Steve) -> Finding:
    ahead = steve.clock_offset.total_seconds()
    if abs(ahead) <= CLOCK_S:
        return Finding("clock", "as the server's")
    words = f"{abs(ahead):.0f} s {'behind' if ahead > 0 else 'ahead of'} the server's"
    return Finding("clock", words, State.WARN, "ages are right; the log has this clock's times")


def _budget(steve: Steve) -> Finding:
    left, limit = steve.budget.remaining(Bucket.READ), steve.budget.limit(Bucket.READ)
    if left is None:
        return Finding("budget", "the server does not say; the console goes by 300 reads a minute")
    words = f"{left} of {limit} reads left for {steve.budget.reset_in(Bucket.READ) or 0:.0f} s"
    if left >= limit * LOW:
        return Finding("budget", words)
    return Finding(
        "budget", words, State.WARN, "others use this key too; a key of its own for each is better"
    )
