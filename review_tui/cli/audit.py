"""The audit log from the command line: written out for others, and verified."""

import argparse
import csv
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, TextIO

from review_tui.cli.exits import Exit
from review_tui.cli.printing import json_text, say
from review_tui.model.text import clean, escaped
from review_tui.model.wire import Json
from review_tui.settings.environment import Settings
from review_tui.store.audit import Entry
from review_tui.store.errors import StoreUnusable
from review_tui.store.journal import Store

COLUMNS: Final = (
    "number",
    "at",
    "user",
    "uid",
    "via",
    "verb",
    "submissionId",
    "matchId",
    "resolution",
    "note",
    "reason",
    "subject",
    "merchant",
    "shown",
    "requestId",
    "stage",
    "words",
    "sends",
    "status",
    "serverRequestId",
    "run",
    "hash",
)
"""The CSV's columns, and the names in a line of JSON."""

_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")
"""What makes a spreadsheet compute a cell instead of showing it, also in full width."""


def run_audit(given: argparse.Namespace, settings: Settings) -> Exit:
    """Run `audit export` or `audit verify`; raises NotKept where there is no log that can be read."""
    with closing(Store.open(settings.store_path, create=False)) as store:
        if given.verb == "export":
            return _export(store, given)
        return _verify(store, as_json=given.json)


def cell(value: Json) -> str:
    """Return a value as a spreadsheet may show it: never a formula, no control characters."""
    text = "" if value is None else str(value)
    return f"'{escaped(text)}" if text.startswith(_FORMULA) else escaped(text)


def _export(store: Store, given: argparse.Namespace) -> Exit:
    write = _write_csv if given.format == "csv" else _write_lines
    with _output(given.out) as to:
        write(store.audit(), to)
    return Exit.OK


def _write_csv(entries: Iterable[Entry], to: TextIO) -> None:
    rows = csv.writer(to, quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    for entry in entries:
        told = _told(entry)
        rows.writerow([cell(told.get(name)) for name in COLUMNS])


def _write_lines(entries: Iterable[Entry], to: TextIO) -> None:
    for entry in entries:
        print(json_text(_told(entry)), file=to)


def _told(entry: Entry) -> dict[str, Json]:
    """Return an entry as it is written out; one that was made unreadable as the text that it is now."""
    facts = entry.facts or {"number": entry.number, "words": f"(unreadable) {entry.text}"}
    return {**facts, "hash": entry.hash}


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    if path is None:
        yield sys.stdout
        return
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as to:
            yield to
    except OSError as error:
        raise StoreUnusable(f"--out: {error.strerror}", clean(str(path), cap=300)) from error


def _verify(store: Store, *, as_json: bool) -> Exit:
    broken, head = store.verify(), store.head()
    count, last = (head.count, head.hash) if head else (0, "")
    if as_json:
        print(json_text({"count": count, "hash": last, "broken": broken}))
    elif broken is None:
        say(f"{count} entries, each as it was written; the last is sealed {last or '(none)'}")
    else:
        said = "is missing" if broken > count else "is not as it was written, or what stood before it is gone"
        say(f"review-tui: entry {broken} {said} ({count} were written)", to=sys.stderr)
    return Exit.OK if broken is None else Exit.REFUSED
