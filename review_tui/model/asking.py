"""Asking: which words of a query the server answers, and which are left for this console."""

from collections.abc import Collection, Mapping
from dataclasses import field, replace
from typing import Final

from review_tui.model.folding import fold
from review_tui.model.fraud import FraudStatus
from review_tui.model.frozen import frozen
from review_tui.model.query import EVERY, Query, Term
from review_tui.model.queue import Filter
from review_tui.model.submissions import SubmissionStatus

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "status": (*SubmissionStatus, EVERY),
    "fraud": tuple(FraudStatus),
}
"""The words that are known by themselves; the data may hold others."""

_FIELDS: Final[Mapping[str, str]] = {"status": "status", "fraud": "fraud_status", "workflow": "workflow"}


@frozen
class Asked:
    """A query in two parts: `filter` goes to the server, `sent` are its words, `local` is done here."""

    filter: Filter = field(default_factory=Filter)
    sent: tuple[Term, ...] = ()
    local: Query = field(default_factory=Query)


def asked_by(query: Query, base: Filter, seen: Mapping[str, Collection[str]] | None = None) -> Asked:
    """Split a query; what it says nothing of is asked as in `base`.

    The server takes one value of status, fraud and workflow each, and knows them by their exact words: the
    known ones, and those `seen` in its data. Words that it cannot take widen what is asked of it.
    """
    asked, sent, local = base, [], []
    taken: set[str] = set()
    for term in query.terms:
        name = _FIELDS.get(term.key)
        word = _exact(term, seen or {}) if name and term.key not in taken else None
        if word is None:
            local.append(term)
            continue
        taken.add(term.key)
        sent.append(term)
        asked = replace(asked, **{str(name): None if term.key == "status" and word == EVERY else word})
    if "status" not in taken and query.mentions("status"):
        asked = replace(asked, status=None)
    return Asked(asked, tuple(sent), Query(tuple(local)))


def _exact(term: Term, seen: Mapping[str, Collection[str]]) -> str | None:
    """Return the one word that the server would know this term by."""
    if term.negated or len(term.values) != 1:
        return None
    wanted = fold(term.values[0])
    known = (*WORDS.get(term.key, ()), *seen.get(term.key, ()))
    return next((str(word) for word in known if fold(word) == wanted), None)
