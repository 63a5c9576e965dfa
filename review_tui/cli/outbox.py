"""The outbox from the command line: decisions whose end is not known, listed, and dropped where unsent."""

import argparse
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from review_tui.cli.exits import Exit
from review_tui.cli.printing import json_text, moment_json, moment_text, say, table
from review_tui.model.decisions import Stage
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.records import Record
from review_tui.model.text import clean
from review_tui.model.wire import Json
from review_tui.settings.environment import Settings
from review_tui.store.errors import AlreadyMoved, NothingKept, NotKept
from review_tui.store.journal import Store
from review_tui.workers.clock import RealClock

_HEADS = ("ID", "VERB", "STAGE", "SINCE", "WHAT", "WORDS")


class NotHeld(NotKept):
    """Nothing open is known under an id that was given."""

    def __init__(self, name: str) -> None:
        title = f"no open decision is kept for {clean(name, cap=200)}"
        super().__init__(Failure(FailureKind.NOT_FOUND, title, "Nothing was changed"))


class OnlyReading(NotKept):
    """Nothing may be sent with these settings."""

    def __init__(self, why: str) -> None:
        super().__init__(Failure(FailureKind.CONFLICT, why, "Nothing was sent"))


def run_outbox(given: argparse.Namespace, settings: Settings) -> Exit:
    """Run `outbox list` or `outbox drop`; raises NotKept."""
    try:
        store = Store.open(settings.store_path, create=False)
    except NothingKept:
        if given.verb == "list":
            return Exit.OK
        raise
    with closing(store):
        if given.verb == "list":
            _tell(store.open_records(), as_json=given.json)
        else:
            _drop(store, given)
    return Exit.OK


def named(records: Sequence[Record], ids: Sequence[str]) -> tuple[Record, ...]:
    """Return the open records of submissions or requests, each once; raises NotHeld for the first unknown."""
    found: dict[str, Record] = {}
    for name in ids:
        meant = [r for r in records if name in {r.intent.submission_id, r.intent.request_id}]
        meant = [r for r in meant if not r.stage.is_final] or meant
        if not meant:
            raise NotHeld(name)
        found.update((record.intent.request_id, record) for record in meant)
    return tuple(found.values())


def unsent(store: Store, ids: Sequence[str]) -> tuple[Record, ...]:
    """Return the unsent records of submissions or requests; raises NotKept unless each is one."""
    chosen = named(store.open_records(), ids)
    for record in chosen:
        if not record.stage.is_unsent:
            name = record.intent.submission_id
            raise AlreadyMoved(record, f"{name}: it may have been sent: {record.stage}")
    return chosen


def record_json(record: Record) -> dict[str, Json]:
    """Return what `--json` prints of one kept decision."""
    intent = record.intent
    return {
        "id": intent.submission_id,
        "verb": str(intent.verb),
        "matchId": intent.match_id,
        "resolution": intent.resolution,
        "reason": intent.reason,
        "note": intent.note,
        "subject": record.subject,
        "stage": str(record.stage),
        "words": record.words,
        "requestId": intent.request_id,
        "at": moment_json(intent.at),
        "changedAt": moment_json(record.changed_at),
        "due": moment_json(record.due),
        "sends": record.sends,
    }


def _drop(store: Store, given: argparse.Namespace) -> None:
    for record in unsent(store, given.ids):
        dropped = replace(
            record,
            stage=Stage.TAKEN_BACK,
            changed_at=RealClock().now(),
            due=None,
            words="Taken back; not sent",
        )
        store.write(dropped)
        _tell([dropped], as_json=given.json)


def _tell(records: Sequence[Record], *, as_json: bool) -> None:
    if as_json:
        for record in records:
            print(json_text(record_json(record)))
    elif records:
        say(table(_HEADS, map(_cells, records)))


def _cells(record: Record) -> tuple[str, ...]:
    intent = record.intent
    verb = f"{intent.verb} {intent.match_id}: {intent.resolution}" if intent.match_id else str(intent.verb)
    return (
        intent.submission_id,
        verb,
        str(record.stage),
        moment_text(record.changed_at),
        record.subject,
        record.words,
    )
