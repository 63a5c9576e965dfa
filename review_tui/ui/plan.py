"""A plan: what deciding on all the marked would send, what not, and why."""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Final

from review_tui.model.decisions import Standing
from review_tui.model.failures import Failure
from review_tui.model.folding import amount_value
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Detail, Row, Verb, why_not, why_not_reason
from review_tui.ui.draft import Draft
from review_tui.ui.reasons import Reason, filled
from review_tui.ui.underway import in_the_way

_EXACT: Final = Context(prec=200)
"""Amounts have 64 characters at most: their sum loses no digit."""


@frozen
class Entry:
    """One of the marked: `why` says why nothing is sent on it, empty where something is.

    `row` is None while nothing is known of it; `reason` is filled from its own fields, `match_ids` are the
    open fraud matches that are judged.
    """

    submission_id: str
    row: Row | None = None
    detail: Detail | None = None
    why: str = ""
    reason: str = ""
    match_ids: tuple[str, ...] = ()

    @property
    def decisions(self) -> int:
        """How many decisions are sent on it."""
        return 0 if self.why else max(1, len(self.match_ids))


@frozen
class Plan:
    """The marked in their order; `reading` says of how many of them the detail has still to be read."""

    verb: Verb
    entries: tuple[Entry, ...] = ()
    reading: int = 0

    @property
    def decisions(self) -> int:
        """How many decisions are sent."""
        return sum(entry.decisions for entry in self.entries)

    @property
    def sent(self) -> tuple[Entry, ...]:
        """Those on which something is sent."""
        return tuple(entry for entry in self.entries if entry.decisions)

    @property
    def refused(self) -> tuple[Entry, ...]:
        """Those on which nothing is sent."""
        return tuple(entry for entry in self.entries if not entry.decisions)

    def totals(self) -> Mapping[str, Decimal]:
        """Add up by currency what is sent; amounts that are no numbers are left out."""
        found: dict[str, Decimal] = {}
        for entry in self.sent:
            value = amount_value(entry.row.amount) if entry.row else None
            if entry.row is not None and value is not None:
                currency = str(entry.row.currency or "")
                before = found.get(currency)
                found[currency] = value if before is None else _EXACT.add(before, value)
        return dict(sorted(found.items(), key=lambda one: (not one[0], one[0])))


@frozen
class Known:
    """What is known of the marked, by id: rows of the queue, readings or their failures, open decisions."""

    rows: Mapping[str, Row]
    readings: Mapping[str, Detail | Failure]
    under_way: Mapping[str, Sequence[Standing]]


def plan_for(verb: Verb, ids: Sequence[str], known: Known, template: str = "") -> Plan:
    """Say of each of the marked what would be sent; `template` is the reason with its `{field}`."""
    entries = tuple(_entry(verb, id_, known, template) for id_ in ids)
    return Plan(verb, entries, sum(id_ not in known.readings for id_ in ids))


def _entry(verb: Verb, id_: str, known: Known, template: str) -> Entry:
    reading, in_way = known.readings.get(id_), known.under_way.get(id_, ())
    if reading is None or isinstance(reading, Failure):
        why = f"could not be read: {reading.title}" if reading else "not read yet"
        return Entry(id_, known.rows.get(id_), why=why)
    row = Row.of(reading)
    if in_the_way(verb, in_way):
        return Entry(id_, row, reading, "a decision on it is under way")
    if verb is Verb.RESOLVE:
        return _judged(reading, row, {one.intent.match_id for one in in_way})
    reason = filled(template, reading)
    text = Draft.of(reason.text).text.strip()
    return Entry(id_, row, reading, _why_not(verb, reading, reason), text)


def _why_not(verb: Verb, detail: Detail, reason: Reason) -> str:
    open_matches = None if detail.open_matches is None else len(detail.open_matches)
    gaps = ", ".join(f"{{{name}}}" for name in reason.missing)
    gap = f"its reason needs {gaps}, which was not read here" if gaps else ""
    return why_not(verb, detail.status, open_matches) or gap or why_not_reason(verb, reason.text) or ""


def _judged(detail: Detail, row: Row, judging: set[str | None]) -> Entry:
    if why := why_not(Verb.RESOLVE, detail.status, None):
        return Entry(detail.id, row, detail, why)
    if detail.open_matches is None:
        return Entry(detail.id, row, detail, "its fraud matches could not be read")
    match_ids = tuple(match.id for match in detail.open_matches if match.id not in judging)
    return Entry(detail.id, row, detail, "" if match_ids else "no open fraud match", match_ids=match_ids)
