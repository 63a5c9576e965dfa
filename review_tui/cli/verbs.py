"""The commands that ask or decide and draw nothing: one function per verb."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from functools import partial
from typing import Final
from uuid import uuid4

from review_tui.cli.exits import Exit, exit_of_standing
from review_tui.cli.printing import (
    MATCH_HEADS,
    ROW_HEADS,
    detail_json,
    detail_lines,
    json_text,
    match_cells,
    match_json,
    row_cells,
    row_json,
    say,
    standing_json,
    table,
)
from review_tui.client.errors import NotFound, Unreadable, Unusable
from review_tui.client.steve import Steve
from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.fraud import Resolution
from review_tui.model.queue import Filter
from review_tui.model.submissions import Detail, Row, Verb, why_not, why_not_reason
from review_tui.model.text import clean
from review_tui.settings.environment import Settings
from review_tui.store.journal import Store
from review_tui.workers.clock import RealClock
from review_tui.workers.decisions import Decisions
from review_tui.workers.desk import send
from review_tui.workers.journal import JournalThread

_PAGE: Final = 100
_TYPED: Final = 100_000


async def run_verb(given: argparse.Namespace, settings: Settings) -> Exit:
    """Run `submissions …` or `fraud …`; raises WireError where a read failed, NotKept without a store."""
    reading = _READING.get((given.command, given.verb))
    async with Steve(settings.base_url, settings.api_key, key_from=settings.key_check) as steve:
        if reading is not None:
            return await reading(steve, given)
        if settings.deciding_off:
            off = Standing(_intent(given), Stage.REFUSED, settings.deciding_off)
            return tell_standing(off, as_json=given.json)
        with closing(Store.open(settings.store_path)) as store:
            return await _decide(steve, store, given)


async def _list(steve: Steve, given: argparse.Namespace) -> Exit:
    asked = Filter(
        status=None if given.status == "any" else given.status,
        workflow=given.workflow,
        fraud_status=given.fraud_status,
    )
    rows, unreadable, left_out = await read_rows(steve, asked, given.limit)
    if given.json:
        for row in rows:
            print(json_text(row_json(row)))
    elif rows:
        say(table(ROW_HEADS, map(row_cells, rows)))
    say((f"not readable: {line}" for line in unreadable), to=sys.stderr)
    if left_out:
        say(f"more than {len(rows)}: {left_out}", to=sys.stderr)
    return Exit.OK


async def read_rows(steve: Steve, asked: Filter, most: int) -> tuple[list[Row], list[str], str]:
    """Read at most `most` rows page by page; return them, what was unreadable, and why more are left out.

    Pages after the first are background reads: whoever decides with the same key comes first.
    """
    rows: list[Row] = []
    unreadable: list[str] = []
    cursor: str | None = None
    seen: set[str] = set()
    while len(rows) < most:
        while cursor is not None and (wait := steve.budget.may_spend_background()) > 0:  # noqa: ASYNC110 – time
            await asyncio.sleep(wait)
        page = await steve.submissions.list(asked, cursor=cursor, limit=min(_PAGE, most - len(rows)))
        rows += page.rows[: most - len(rows)]
        unreadable += page.unreadable
        if not page.has_more:
            return rows, unreadable, ""
        cursor = page.next_cursor
        if cursor is None or cursor in seen or not (page.rows or page.unreadable):
            return rows, unreadable, "the server does not say how to go on"
        seen.add(cursor)
    return rows, unreadable, "give a larger --limit" if rows else ""


async def _show(steve: Steve, given: argparse.Namespace) -> Exit:
    detail = await steve.submissions.get(given.id)
    if given.json:
        print(json_text(detail_json(detail)))
    else:
        say(detail_lines(detail))
    return Exit.OK


async def _matches(steve: Steve, given: argparse.Namespace) -> Exit:
    matches = await steve.fraud.list(given.id)
    if given.json:
        for match in matches:
            print(json_text(match_json(match)))
    elif matches:
        say(table(MATCH_HEADS, map(match_cells, matches)))
    return Exit.OK


def _intent(given: argparse.Namespace) -> Intent:
    resolving = given.command == "fraud"
    return Intent(
        verb=Verb.RESOLVE if resolving else Verb(given.verb),
        submission_id=given.id,
        at=RealClock().now(),
        reason=_words(given, "reason"),
        match_id=given.match if resolving else None,
        resolution=Resolution(given.resolution) if resolving else None,
        note=_words(given, "note"),
    )


async def _decide(steve: Steve, store: Store, given: argparse.Namespace) -> Exit:
    intent = _intent(given)
    resolving = intent.verb is Verb.RESOLVE
    if (wrong := why_not_reason(intent.verb, intent.reason)) is not None:
        raise Unusable(f"--reason: {wrong}")
    detail = await steve.submissions.get(intent.submission_id)
    if intent.verb in {Verb.APPROVE, Verb.RESOLVE} and detail.fraud_matches is None:
        raise Unreadable("its fraud matches could not be read, so nothing was sent")
    if resolving and all(match.id != intent.match_id for match in detail.fraud_matches or ()):
        words = clean(f"{given.id} has no fraud match {given.match}", cap=300)
        raise NotFound(Failure(FailureKind.NOT_FOUND, words))
    why = _gate(intent, detail)
    if why is not None:
        return tell_standing(Standing(intent, Stage.REFUSED, why, detail=detail), as_json=given.json)
    return tell_standing(await _carried(steve, store, intent, detail, quiet=given.json), as_json=given.json)


def _words(given: argparse.Namespace, name: str) -> str | None:
    """Return what was typed as it will be sent: inert, with its line ends."""
    typed = getattr(given, name, None)
    return None if typed is None else clean(typed, lines=True, cap=_TYPED)


def _gate(intent: Intent, detail: Detail) -> str | None:
    """Say why a decision is not sent at all; None when it is."""
    matches = detail.open_matches
    why = why_not(intent.verb, detail.status, None if matches is None else len(matches))
    if why is not None or intent.verb is not Verb.RESOLVE:
        return why
    judged = next((match for match in detail.fraud_matches or () if match.id == intent.match_id), None)
    return f"it is judged already: {judged.resolution}" if judged and judged.resolution else None


async def _carried(steve: Steve, store: Store, intent: Intent, shown: Detail, *, quiet: bool) -> Standing:
    """Write down, send and read back; a signal meanwhile leaves a few seconds to learn what became of it."""
    told: list[Standing] = []

    def moved(standing: Standing) -> None:
        told.append(standing)
        if standing.stage is Stage.VERIFYING and not quiet:
            say(f"{intent.submission_id}: {standing.words}", to=sys.stderr)

    journal = JournalThread(store)
    decisions = Decisions(
        partial(send, steve),
        steve.submissions.get,
        moved,
        RealClock(),
        write=journal.write,
        run=uuid4().hex,
    )
    try:
        await decisions.carry(intent, shown=shown)
    except asyncio.CancelledError:
        await decisions.close()
    finally:
        journal.close()
    return told[-1]


def tell_standing(standing: Standing, *, as_json: bool) -> Exit:
    """Print how a decision ended; return its code."""
    code = exit_of_standing(standing)
    if as_json:
        print(json_text(standing_json(standing)))
    else:
        say(f"{standing.intent.submission_id}: {standing.words}", to=sys.stderr if code else sys.stdout)
    return code


_READING: Final[Mapping[tuple[str, str], Callable[[Steve, argparse.Namespace], Awaitable[Exit]]]] = {
    ("submissions", "list"): _list,
    ("submissions", "show"): _show,
    ("fraud", "list"): _matches,
}
