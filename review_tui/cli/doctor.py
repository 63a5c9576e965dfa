"""The doctor: everything that may stand between a reviewer and the work, looked at once, with what to do."""

import argparse
import asyncio
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from review_tui.cli.checks.finding import Finding, State
from review_tui.cli.checks.machine import store_findings, versions
from review_tui.cli.checks.server import server_findings
from review_tui.cli.checks.systems import system_findings
from review_tui.cli.checks.terminal import terminal_findings
from review_tui.cli.config import notes_of, problems_of
from review_tui.cli.exits import Exit
from review_tui.cli.keys import key_finder
from review_tui.cli.printing import json_text, say
from review_tui.client.errors import WireError
from review_tui.settings.config import Config
from review_tui.settings.environment import Settings, base_url_of, state_of, store_path
from review_tui.settings.errors import BadSettings
from review_tui.settings.files import shown

_WIDTH = 78


def run_doctor(given: argparse.Namespace, environ: Mapping[str, str]) -> Exit:
    """Run `doctor`: tell each finding as soon as it is there; return the code of the first bad one."""
    code = Exit.OK
    for finding in _findings(given, environ):
        if finding.state is State.BAD and code is Exit.OK:
            code = finding.code
        if given.json:
            print(json_text(_told(finding)), flush=True)
        else:
            say(_lines(finding))
    return code


def _findings(given: argparse.Namespace, environ: Mapping[str, str]) -> Iterator[Finding]:
    config, found = problems_of(environ, given.profile)
    yield from _set_up(config, environ, found)
    yield from terminal_findings(environ)
    yield from _server(given, environ, config or Config())
    yield from asyncio.run(system_findings(environ, config or Config()))
    yield versions()


def _set_up(config: Config | None, environ: Mapping[str, str], found: Iterable[str]) -> Iterator[Finding]:
    advice = "see docs/configuration.md, and review-tui config check until nothing is wrong"
    for problem in found:
        yield Finding("settings", problem, State.BAD, advice, Exit.USAGE)
    if config is None:
        return
    if config.file.path is None:
        yield Finding("settings", "no file; review-tui config init begins one")
    else:
        chosen = f"profile {config.profile}" if config.profile else "no profile"
        yield Finding("settings", f"{shown(config.file.path)}, {chosen}")
    for note in notes_of(config, environ):
        yield Finding("settings", note, State.WARN, "unset it, or leave the profile away")
    if config.deciding_off:
        yield Finding("settings", config.deciding_off)


def _server(given: argparse.Namespace, environ: Mapping[str, str], config: Config) -> Iterator[Finding]:
    """Look at key, server and store, as far as settings lead."""
    url, _ = base_url_of(environ, config)
    if not url:
        advice = "set STEVE_BASE_URL, or base_url in the configuration file"
        yield Finding("server", "none is named, so none was asked", State.BAD, advice, Exit.USAGE)
        return
    try:
        settings = Settings.of(environ, key_finder(given, environ, config.key_file), config)
    except BadSettings as error:
        for line in error.lines:
            yield Finding("key", line, State.BAD, "see The key in docs/operations.md", Exit.USAGE)
    else:
        yield from asyncio.run(server_findings(settings))
    try:
        path = store_path(state_of(environ, config), url)
    except WireError:  # the address cannot be used, which was said
        return
    yield from store_findings(path)


def _told(finding: Finding) -> dict[str, str | None]:
    return {
        "subject": finding.subject,
        "state": str(finding.state),
        "words": finding.words,
        "advice": finding.advice or None,
    }


def _lines(finding: Finding) -> list[str]:
    head = f"{finding.state:<5} {finding.subject:<11}"
    lines = [f"{head}{finding.words}"]
    if finding.advice:
        lines += [f"{'':<17}{line}" for line in textwrap.wrap(f"→ {finding.advice}", _WIDTH - 17)]
    return lines
