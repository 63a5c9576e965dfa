"""Results of jobs from the command line: printed exactly as they came, or kept in a file."""

import argparse
import asyncio
import codecs
import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from time import monotonic
from typing import Final

from review_tui.cli.exits import Exit
from review_tui.cli.jobs_asking import Way, each
from review_tui.cli.printing import json_text, say
from review_tui.cli.progress import ProgressLine
from review_tui.client.bodies import JSON_BYTES
from review_tui.client.errors import Unusable, WireError
from review_tui.client.job_errors import ResultTooLarge
from review_tui.client.jobs import JobSource
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import JobKey, System
from review_tui.model.results import (
    ClassifiedResult,
    ExtractedResult,
    ParsedResult,
    Result,
    ResultView,
    TreeResult,
)
from review_tui.model.text import clean
from review_tui.model.wire import Json
from review_tui.workers.faults import not_saved

_MIB: Final = 1024 * 1024
_PIECE: Final = 64 * 1024
_BEAT: Final = 0.2
_KINDS: Final[tuple[tuple[type[ResultView], str], ...]] = (
    (ExtractedResult, "fields"),
    (ParsedResult, "text"),
    (ClassifiedResult, "class"),
    (TreeResult, "tree"),
)


async def result_of_job(given: argparse.Namespace, way: Way, known: Collection[JobKey]) -> Exit:
    """Run `jobs result`; `known` are jobs that this machine remembers.

    Raises WireError where FILE cannot be written, before anything is asked.
    """
    system = System(given.system)

    async def bring(job_id: str) -> Exit:
        with _folder(given.output) as folder:
            result = await _fetched(client.jobs, job_id, folder, given.most * _MIB)
            if given.output is not None:
                _keep(result.path, given.output, force=given.force)
                _say_kept(result, given.output, as_json=given.json)
            elif given.json:
                _print_json(result)
            else:
                await print_result(result)
        return Exit.OK

    if given.output is not None:
        _refuse_what_is_there(given.output, force=given.force)
    async with way() as client:
        return await each(system, given, bring, known)


async def _fetched(source: JobSource, job_id: str, folder: Path, most: int) -> Result:
    line, told_at = ProgressLine(sys.stderr), 0.0

    def moved(done: int, total: int | None) -> None:
        nonlocal told_at
        if line.is_shown and (now := monotonic()) - told_at >= _BEAT:
            told_at = now
            of = f" of {total / _MIB:,.1f}" if total else ""
            line.show(f"{job_id}: {done / _MIB:,.1f}{of} MiB")

    try:
        return await source.result(job_id, folder, most=most, moved=moved)
    except ResultTooLarge as error:
        failure = error.failure
        raise WireError(replace(failure, hint=f"{failure.hint} Allow more with --most.")) from None
    except OSError as error:
        raise WireError(not_saved(error, folder)) from error
    finally:
        line.clear()


@contextmanager
def _folder(output: Path | None) -> Iterator[Path]:
    """Give a folder of our own for the time being, beside the file that is to be written."""
    beside = None if output is None else output.absolute().parent
    try:
        made = TemporaryDirectory(prefix=".review-tui-", dir=beside)
    except OSError as error:
        raise WireError(not_saved(error, beside or Path(gettempdir()))) from error
    with made as folder:
        yield Path(folder)


def _refuse_what_is_there(output: Path, *, force: bool) -> None:
    """Look before anything is asked: a link to a result may work but once."""
    named = f"--output: {clean(str(output), cap=300)}"
    if str(output) == "-":
        raise Unusable(f"{named} is no file; without --output the result is printed")
    if output.is_dir():
        raise Unusable(f"{named} is a folder")
    if not force and os.path.lexists(output):
        raise Unusable(f"{named} is there already; --force writes over it")


def _keep(path: Path, output: Path, *, force: bool) -> None:
    """Give a result its name; it is its owner's alone."""
    try:
        if not force:  # nobody else's file, should there be one by now
            os.close(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        path.replace(output)
    except OSError as error:
        raise WireError(not_saved(error, output.parent)) from error


def _say_kept(result: Result, output: Path, *, as_json: bool) -> None:
    if as_json:
        told: dict[str, Json] = {
            "system": str(result.key.system),
            "id": result.key.id,
            "path": str(output),
            "size": result.size,
            "kind": _kind(result.view),
            "why": result.why_no_view or None,
        }
        print(json_text(told))
        return
    why = _why_no_json(result)
    say(f"{result.key.id}: {_size(result.size)} in {output}{f'; {why}' if why else ''}")


def _why_no_json(result: Result) -> str:
    """Say what is wrong with a result; nothing of one that is only too large to be looked at."""
    return result.why_no_view if result.size <= JSON_BYTES else ""


def _kind(view: ResultView | None) -> str | None:
    return next((name for kind, name in _KINDS if isinstance(view, kind)), None)


def _size(count: int) -> str:
    return f"{count / _MIB:,.1f} MiB" if count >= _MIB else f"{count:,} bytes"


def _print_json(result: Result) -> None:
    if result.view is None:
        title = f"Not to be printed as JSON: {result.why_no_view}"
        hint = "Take it without --json, or with --output."
        raise WireError(Failure(FailureKind.UNREADABLE, title, hint))
    told: dict[str, Json] = {
        "system": str(result.key.system),
        "id": result.key.id,
        "size": result.size,
        "kind": _kind(result.view),
        "result": result.value,
    }
    print(json_text(told))


async def print_result(result: Result) -> None:
    """Print a result: exactly as it is, but to a terminal as characters that are safe to draw."""
    sys.stdout.flush()
    if why := _why_no_json(result):
        say(f"{result.key.id}: {why}", to=sys.stderr)
    at_terminal = sys.stdout.isatty()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with result.path.open("rb") as file:
        while piece := file.read(_PIECE):
            if at_terminal:
                sys.stdout.write(clean(decoder.decode(piece), lines=True, cap=_PIECE))
            else:
                sys.stdout.buffer.write(piece)
            await asyncio.sleep(0)  # for a signal
    sys.stdout.flush()
