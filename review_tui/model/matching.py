"""Matching: whether a row fits a query, given what only this console knows of it."""

from collections.abc import Callable, Mapping
from dataclasses import field, fields
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any, Final

from review_tui.model.folding import amount_value, fold, rough_amount
from review_tui.model.fraud import FraudStatus
from review_tui.model.frozen import frozen
from review_tui.model.preferences import ANY, DoubtLimits
from review_tui.model.query import EVERY, KEYS, RANGE, Kind, Query, Term, seconds_of
from review_tui.model.submissions import Row

Test = Callable[[Row], bool]

_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_BETWEEN: Final = "\x1f"
_SUSPECT: Final[frozenset[str]] = frozenset({FraudStatus.FLAGGED, FraudStatus.BLOCKED})


@frozen
class Opened:
    """What is known of a submission that was opened: its extracted texts, its reason, if it has matches.

    `has_matches` is None where the answer did not say.
    """

    texts: str = ""
    reason: str = ""
    has_matches: bool | None = None


@frozen
class Facts:
    """What the list does not say of submissions, by their ids: the words behind `is:`, `has:`, `note:`.

    `snoozed` are hidden now; `outside` fit nothing, for the list that is asked for does not hold them.
    `merchant_notes` is by the merchant as a row gives it, `doubts` by workflow.
    """

    marked: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    snoozed: frozenset[str] = frozenset()
    flagged: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)
    merchant_notes: Mapping[str, str] = field(default_factory=dict)
    opened: Mapping[str, Opened] = field(default_factory=dict)
    doubts: Mapping[str, DoubtLimits] = field(default_factory=dict)

    def doubtful_below(self, workflow: str | None) -> float:
        """Return the confidence that a workflow asks for; a row below it is doubtful."""
        return (self.doubts.get(workflow or ANY) or self.doubts.get(ANY) or DoubtLimits()).doubtful

    def has_note(self, row: Row) -> bool:
        """Whether somebody noted something on it, or on its merchant."""
        return row.id in self.notes or (row.merchant is not None and row.merchant in self.merchant_notes)

    def has_matches(self, row: Row) -> bool:
        """Whether it resembles others: as read where it was opened, else by its fraud status."""
        opened = self.opened.get(row.id)
        if opened is not None and opened.has_matches is not None:
            return opened.has_matches
        return row.fraud_status is not None and row.fraud_status in _SUSPECT


def leaves_out(query: Query, facts: Facts) -> bool:
    """Whether any row could be left out: by a word, for it is snoozed, or for it is not asked for."""
    return bool(query) or bool(facts.snoozed) or bool(facts.outside)


def narrows(query: Query, other: Query) -> bool:
    """Whether, by the same facts, nothing fits a query that does not fit the other, whatever the time."""
    if query.mentions("age") or other.mentions("age") or len(query.terms) < len(other.terms):
        return False
    if query.mentions("is", "snoozed") is not other.mentions("is", "snoozed"):
        return False
    return all(map(_narrows, query.terms, other.terms))


def _narrows(term: Term, other: Term) -> bool:
    """Whether a word is the other one, or more of it."""
    if term == other:
        return True
    bare = not term.key and not other.key and not term.negated and not other.negated
    return bare and fold(other.values[0]) in fold(term.values[0])


def matcher(query: Query, facts: Facts, now: float) -> Test:
    """Return what says whether a row fits; `now` is in seconds since the epoch."""
    tests = [_test(term, facts, now) for term in query.terms]
    if facts.snoozed and not query.mentions("is", "snoozed"):
        snoozed = facts.snoozed
        tests.append(lambda row: row.id not in snoozed)
    if facts.outside:
        outside = facts.outside
        tests.append(lambda row: row.id not in outside)
    if not tests:
        return lambda _: True
    whole = tests[0]
    for test in tests[1:]:
        whole = _both(whole, test)
    return whole


def touched(query: Query, before: Facts, after: Facts) -> frozenset[str] | None:
    """Return the ids for which other facts may change whether they fit; None where it may be any."""
    names = _read_by(query)
    found: set[str] = set()
    for one in fields(Facts):
        old, new = getattr(before, one.name), getattr(after, one.name)
        if one.name not in names or old is new or old == new:
            continue
        if isinstance(old, frozenset):
            found |= old ^ new
        elif one.name in {"merchant_notes", "doubts"}:
            return None
        else:
            found |= {id_ for id_ in old.keys() | new.keys() if old.get(id_) != new.get(id_)}
    return frozenset(found)


def _read_by(query: Query) -> set[str]:
    """Name the facts that a query reads."""
    names = {"snoozed", "outside"}
    for term in query.terms:
        if term.key == "is":
            names |= {"doubts" if value == "doubtful" else value for value in term.values}
        elif term.key == "note" or (term.key == "has" and "note" in term.values):
            names |= {"notes", "merchant_notes"}
        if term.key in {"", "reason", "has"}:
            names.add("opened")
    return names


def _both(one: Test, other: Test) -> Test:
    return lambda row: one(row) and other(row)


def _test(term: Term, facts: Facts, now: float) -> Test:
    test = _holding(term, facts, now)
    return (lambda row: not test(row)) if term.negated else test


def _holding(term: Term, facts: Facts, now: float) -> Test:
    if not term.key:
        return _anywhere(fold(term.values[0]), facts)
    kind = KEYS[term.key]
    if kind in {Kind.AMOUNT, Kind.SCORE, Kind.SHARE, Kind.AGE}:
        return _compared(term, kind, now)
    if kind is Kind.FACT:
        tests = [_fact(value, facts) for value in term.values]
        return lambda row: any(test(row) for test in tests)
    if kind is Kind.WORDS:
        return _one_of(term.key, frozenset(map(fold, term.values)))
    return _contains(term.key, fold(term.values[0]), facts)


def _one_of(key: str, words: frozenset[str]) -> Test:
    get: Mapping[str, Callable[[Row], str | None]] = {
        "status": lambda row: row.status,
        "fraud": lambda row: row.fraud_status,
        "workflow": lambda row: row.workflow,
        "currency": lambda row: row.currency,
    }
    if key == "status" and EVERY in words:
        return lambda _: True
    value, known = get[key], _remembered(lambda text: fold(text) in words)
    return lambda row: known(value(row))


def _contains(key: str, word: str, facts: Facts) -> Test:
    if key == "merchant":
        known = _remembered(lambda text: word in fold(text))
        return lambda row: known(row.merchant)
    if key == "id":
        return lambda row: word in fold(row.id) or word in fold(row.client_submission_id or "")
    if key == "reason":
        opened = facts.opened
        return lambda row: row.id in opened and word in fold(opened[row.id].reason)
    notes, merchants = facts.notes, facts.merchant_notes
    return lambda row: (
        word in fold(notes.get(row.id, "")) or word in fold(merchants.get(row.merchant or "", ""))
    )


def _fact(name: str, facts: Facts) -> Test:
    by_rule: Mapping[str, Test] = {
        "doubtful": _doubtful(facts),
        "note": facts.has_note,
        "matches": facts.has_matches,
    }
    if name in by_rule:
        return by_rule[name]
    ids: frozenset[str] = getattr(facts, name)
    return lambda row: row.id in ids


def _doubtful(facts: Facts) -> Test:
    """Hold a row's confidence, where it has one, against its workflow's, which is looked up once for all."""
    known: dict[str | None, float] = {}

    def test(row: Row) -> bool:
        if row.confidence is None:
            return False
        limit = known.get(row.workflow)
        if limit is None:
            limit = known[row.workflow] = facts.doubtful_below(row.workflow)
        return row.confidence < limit

    return test


def _anywhere(word: str, facts: Facts) -> Test:
    """Look for a word in every text of a row, and in what was read of it where it was opened."""
    opened = facts.opened
    merchants: dict[str | None, bool] = {None: False}
    rest: dict[tuple[str | None, ...], bool] = {}

    def test(row: Row) -> bool:
        merchant, said = row.merchant, (row.workflow, row.currency, row.status, row.fraud_status)
        found = merchants.get(merchant)
        if found is None:
            found = merchants[merchant] = word in fold(merchant or "")
        if found:
            return True
        found = rest.get(said)
        if found is None:
            found = rest[said] = any(word in fold(text) for text in said if text)
        if found:
            return True
        own = _BETWEEN.join((row.id, row.client_submission_id or "", row.amount or ""))
        if word in (own.lower() if own.isascii() else _folded_apart(own)):
            return True
        return row.id in opened and _in_opened(word, opened[row.id])

    return test


def _folded_apart(texts: str) -> str:
    return _BETWEEN.join(map(fold, texts.split(_BETWEEN)))


def _in_opened(word: str, opened: Opened) -> bool:
    return word in fold(opened.texts) or word in fold(opened.reason)


def _remembered(holds: Callable[[str], bool]) -> Callable[[str | None], bool]:
    """Ask once for each different text: many rows say the same."""
    known: dict[str | None, bool] = {None: False}

    def test(text: str | None) -> bool:
        found = known.get(text)
        if found is None:
            found = known[text] = holds(text or "")
        return found

    return test


def _compared(term: Term, kind: Kind, now: float) -> Test:
    value = _value_of(kind, now)
    if term.op == RANGE:
        low, high = (_limit(kind, text) if text else None for text in term.values)

        def within(row: Row) -> bool:
            own = value(row)
            return own is not None and (low is None or own >= low) and (high is None or own <= high)

        return within
    limit, holds = _limit(kind, term.values[0]), _COMPARE[term.op]
    if kind is Kind.AMOUNT:
        return _amount_compared(term.values[0], Decimal(limit), holds)

    def test(row: Row) -> bool:
        own = value(row)
        return own is not None and holds(own, limit)

    return test


def _amount_compared(text: str, limit: Decimal, holds: Callable[[Any, Any], bool]) -> Test:
    """Compare amounts by their first fifteen digits, and those that are equal so far by all of them."""
    rough_limit = rough_amount(text)

    def test(row: Row) -> bool:
        rough = rough_amount(row.amount)
        if rough is not None and rough_limit is not None and rough != rough_limit:
            return holds(rough, rough_limit)
        own = amount_value(row.amount)
        return own is not None and holds(own, limit)

    return test


def _value_of(kind: Kind, now: float) -> Callable[[Row], Any]:
    if kind is Kind.AMOUNT:
        return lambda row: amount_value(row.amount)
    if kind is Kind.SCORE:
        return lambda row: row.fraud_score
    if kind is Kind.SHARE:
        return lambda row: row.confidence
    return lambda row: None if row.created is None else now - row.created


def _limit(kind: Kind, text: str) -> Decimal | float:
    if kind is Kind.AGE:
        return seconds_of(text)
    if kind is Kind.SHARE and text.endswith("%"):
        return float(Decimal(text[:-1]) / 100)
    return Decimal(text) if kind is Kind.AMOUNT else float(text)
