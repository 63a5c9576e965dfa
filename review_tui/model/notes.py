"""Notes: what a reviewer writes down for themselves, and what they put away for later; it stays here."""

from collections.abc import Iterator, Mapping
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from review_tui.model.folding import fold
from review_tui.model.frozen import frozen
from review_tui.model.submissions import Row

NOTE_CHARACTERS: Final = 2_000
"""The longest note."""

FORGOTTEN_AFTER: Final = timedelta(days=30)
"""How long one that came back is known as such."""

CLOCK_SLACK: Final = timedelta(hours=1)
"""How far the clock may stand before the moment at which something was put away, and still be believed."""

ITS_TIME: Final = "its time came"
IT_CHANGED: Final = "it changed"
CLOCK_WENT_BACK: Final = "the clock was set back"


@frozen
class Note:
    """Words on a submission or a merchant, as last written; `at` is in UTC, `subject` names what it is on."""

    text: str
    at: datetime
    subject: str = ""


@frozen
class Flag:
    """A submission that somebody wants to find again; `at` is in UTC."""

    at: datetime
    subject: str = ""


@frozen
class Snooze:
    """A submission that is put away: hidden here until a time, or until it is another than it was.

    `at` and `until` are in UTC; `until` None waits for a change alone. `seen` is `look_of` the row as it
    was, `shown` the digest of its detail, `back` says why it came back, empty while it is hidden, and
    `back_at` when.
    """

    at: datetime
    until: datetime | None = None
    seen: str = ""
    words: str = ""
    subject: str = ""
    back: str = ""
    shown: str = ""
    back_at: datetime | None = None


@frozen
class PastDecision:
    """What was decided on a submission of the same merchant; `at` is in UTC, `reason` as given."""

    at: datetime
    verb: str
    submission_id: str
    user: str = ""
    reason: str = ""
    subject: str = ""


Leaf = Note | Flag | Snooze
"""One thing that is kept."""


def merchant_key(merchant: str) -> str:
    """Return the form under which a merchant is known again: without case, accents and stray blanks."""
    return " ".join(fold(merchant).split())


def look_of(row: Row) -> str:
    """Return what of a row `has_changed` compares."""
    score = "" if row.fraud_score is None else f"{row.fraud_score:g}"
    sure = "" if row.confidence is None else f"{row.confidence:g}"
    parts = (row.status, row.fraud_status, score, sure, row.merchant, row.amount, row.currency)
    return "\x1f".join(str(part or "") for part in parts)


def has_changed(seen: str, row: Row) -> bool:
    """Whether a row looks otherwise than it did; what is not known on either side is no change."""
    pairs = zip(seen.split("\x1f"), look_of(row).split("\x1f"), strict=False)
    return any(before and now and before != now for before, now in pairs)


def why_back(snooze: Snooze, now: datetime, row: Row | None = None) -> str:
    """Say why what was put away is to be shown again; empty while it stays hidden.

    A clock that runs before the moment at which it was put away cannot say how long it still waits.
    """
    if snooze.back:
        return snooze.back
    if row is not None and has_changed(snooze.seen, row):
        return IT_CHANGED
    if now < snooze.at - CLOCK_SLACK:
        return CLOCK_WENT_BACK
    return ITS_TIME if snooze.until is not None and snooze.until <= now else ""


def is_forgotten(snooze: Snooze, now: datetime) -> bool:
    """Whether it came back so long ago that nobody needs to be told of it any more."""
    since = snooze.back_at or snooze.until or snooze.at  # an earlier version did not write down when
    return bool(snooze.back) and now - since > FORGOTTEN_AFTER


class ByMerchant(Mapping[str, str]):
    """Texts by merchant, found however a document spells the name."""

    def __init__(self, notes: Mapping[str, Note]) -> None:
        self._notes = notes

    def __getitem__(self, merchant: str) -> str:
        return self._notes[merchant_key(merchant)].text

    def __contains__(self, merchant: object) -> bool:
        return bool(self._notes) and isinstance(merchant, str) and merchant_key(merchant) in self._notes

    def __iter__(self) -> Iterator[str]:
        return iter(self._notes)

    def __len__(self) -> int:
        return len(self._notes)


_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@frozen
class Book:
    """All that is kept: notes, flags and snoozes by submission id, notes on merchants by `merchant_key`."""

    notes: Mapping[str, Note] = field(default_factory=lambda: _NOTHING)
    merchants: Mapping[str, Note] = field(default_factory=lambda: _NOTHING)
    flags: Mapping[str, Flag] = field(default_factory=lambda: _NOTHING)
    snoozes: Mapping[str, Snooze] = field(default_factory=lambda: _NOTHING)

    def having(self, kind: str, about: str, leaf: Leaf | None) -> "Book":
        """Return the book with something on `about` in the part called `kind`, or without it."""
        part: Mapping[str, Leaf] = getattr(self, kind)
        if part.get(about) == leaf:
            return self
        rest = {name: one for name, one in part.items() if name != about}
        changed: dict[str, Any] = {kind: rest if leaf is None else {**rest, about: leaf}}
        return replace(self, **changed)

    @property
    def hidden(self) -> frozenset[str]:
        """The ids that are put away and have not come back."""
        return frozenset(id_ for id_, one in self.snoozes.items() if not one.back)

    @property
    def returned(self) -> frozenset[str]:
        """The ids that were put away and came back."""
        return frozenset(id_ for id_, one in self.snoozes.items() if one.back)

    def merchant_note(self, merchant: str | None) -> Note | None:
        """Return the note on a merchant."""
        return self.merchants.get(merchant_key(merchant)) if merchant else None


@frozen
class Kept:
    """What is kept of one submission.

    `past` are the decisions on other submissions of its merchant, newest first.
    """

    note: Note | None = None
    merchant_note: Note | None = None
    flag: Flag | None = None
    snooze: Snooze | None = None
    past: tuple[PastDecision, ...] = ()


def kept_of(book: Book, past: Mapping[str, tuple[PastDecision, ...]], row: Row | None) -> Kept:
    """Return what is kept of the submission in a row; `past` is by `merchant_key`."""
    if row is None:
        return Kept()
    decided = past.get(merchant_key(row.merchant), ()) if row.merchant else ()
    return Kept(
        book.notes.get(row.id),
        book.merchant_note(row.merchant),
        book.flags.get(row.id),
        book.snoozes.get(row.id),
        tuple(one for one in decided if one.submission_id != row.id),
    )


KINDS: Final[Mapping[str, type[Leaf]]] = {
    "notes": Note,
    "merchants": Note,
    "flags": Flag,
    "snoozes": Snooze,
}
"""What each part of a book holds."""

_MOMENTS: Final = frozenset({"at", "until", "back_at"})
_MAY_LACK: Final = frozenset({"until", "back_at"})


def leaf_of(kind: str, told: object) -> Leaf:
    """Read what `leaf_as_json` made of a leaf of this kind; raises ValueError or TypeError."""
    if not isinstance(told, dict):
        raise TypeError("it is no object")
    made = KINDS[kind]
    found: dict[str, Any] = {}
    for name in (one.name for one in fields(made) if one.name in told):
        value = told[name]
        if value is None and name in _MAY_LACK:
            continue
        if not isinstance(value, str):
            raise TypeError(f"{name} is no text")
        found[name] = _moment(value) if name in _MOMENTS else value
    return made(**found)


def leaf_as_json(leaf: Leaf) -> dict[str, str | None]:
    """Return a leaf as JSON's values."""
    values = ((one.name, getattr(leaf, one.name)) for one in fields(leaf))
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values}


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment
