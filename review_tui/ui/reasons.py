"""The reasons that a digit picks, and what stands in them for the fields of a submission."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from review_tui.model.extraction import ABSENT, fields_of
from review_tui.model.frozen import frozen
from review_tui.model.preferences import CannedReason
from review_tui.model.submissions import Detail, Row, Verb
from review_tui.model.text import clean
from review_tui.model.wire import Json
from review_tui.ui.draft import Draft
from review_tui.workers.memory import Memory

REASONS: Final[Mapping[Verb, tuple[str, ...]]] = {
    Verb.REJECT: (
        "The document is not legible; please send a sharper picture",
        "The document is incomplete; please send all of its pages",
        "The amount does not match the document",
        "This document was handed in before",
        "The document is neither a receipt nor an invoice",
        "The document seems to be altered or made up",
    ),
    Verb.CANCEL: (
        "Handed in by mistake",
        "Withdrawn by the customer",
        "Replaced by a newer submission",
        "A test, not a real document",
    ),
}
"""Written to whoever handed the document in: they may be shown these words."""

DIGITS: Final = 9
"""Reasons that a digit can pick."""

VALUE: Final = 120
"""Characters of a field that a reason takes in."""

_RECENT: Final = "recent-reasons"
_RECENT_KEPT: Final = 10

_FIELD: Final = re.compile(r"\{([^{}]{1,80})\}")


@frozen
class Reason:
    """A reason: `text` of a `template`, empty where it was written by hand.

    `missing` names the fields that stand in it as gaps.
    """

    template: str
    text: str
    missing: tuple[str, ...] = ()


WITHOUT: Final = Reason("", "")

RECENT: Final = 3
"""Reasons written by hand that are offered again."""


class Recent:
    """The reasons that were written by hand, the newest first, by verb; they outlive a run."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def of(self, verb: Verb, but: Collection[Reason] = ()) -> tuple[Reason, ...]:
        """Return those that none of `but` says already, as many as digits are left."""
        said = {one.text for one in but}
        found = [Reason("", text) for text in self._texts(verb) if text not in said]
        return tuple(found[: min(RECENT, max(DIGITS - len(but), 0))])

    def put(self, verb: Verb, text: str) -> None:
        """Know a reason that was written by hand and given."""
        kept = self._memory.get(_RECENT)
        rest = kept if isinstance(kept, dict) else {}
        texts = [text, *(one for one in self._texts(verb) if one != text)]
        self._memory.put(_RECENT, {**rest, verb.value: list[Json](texts[:_RECENT_KEPT])})

    def _texts(self, verb: Verb) -> list[str]:
        kept = self._memory.get(_RECENT)
        texts = kept.get(verb.value) if isinstance(kept, dict) else None
        found = (
            [Draft.of(one).text for one in texts if isinstance(one, str)] if isinstance(texts, list) else []
        )
        return [text for text in found if text.strip()]


def reasons_for(
    verb: Verb, canned: Sequence[CannedReason], workflow: str | None, shown: Detail | None
) -> tuple[Reason, ...]:
    """Return what the digits pick, filled from the submission as shown; `canned` empty takes the built-in."""
    return tuple(filled(one.template, shown) for one in templates_for(verb, canned, workflow))


def templates_for(verb: Verb, canned: Sequence[CannedReason], workflow: str | None) -> tuple[Reason, ...]:
    """Return what the digits pick where it is filled later, from each submission's own fields."""
    given = [one.text for one in canned if one.verb is verb and one.workflow in {None, workflow}]
    templates = given if canned else REASONS[verb]
    return tuple(Reason(one, one) for one in templates[:DIGITS])


def filled(template: str, shown: Detail | None) -> Reason:
    """Put a submission's fields where `{field}` stands; one that it has not stays as it is written.

    `{merchant}`, `{amount}` and `{currency}` are what the queue shows, others are paths of fields.
    """
    names = _FIELD.findall(template)
    known = _values(shown) if names and shown is not None else {}
    missing = tuple(name for name in names if name not in known)
    return Reason(template, _FIELD.sub(lambda found: known.get(found[1], found[0]), template), missing)


def _values(shown: Detail) -> Mapping[str, str]:
    row = Row.of(shown)
    named = {"merchant": row.merchant, "amount": row.amount, "currency": row.currency}
    fields = {str(one.path): one.value for one in fields_of(shown.extracted_data).fields}
    return {
        name: clean(value, cap=VALUE)
        for name, value in {**named, **fields}.items()
        if value and value != ABSENT
    }
