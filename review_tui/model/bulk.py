"""A bulk: decisions on many submissions that were confirmed as one, and what each of them comes to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import FailureKind
from review_tui.model.frozen import frozen

MOST: Final = 500
"""Submissions that are decided on in one go."""

TYPED_ABOVE: Final = 20
"""Decisions above which their number has to be typed before any is sent."""

_ONE_ONLY: Final = frozenset({FailureKind.NOT_FOUND, FailureKind.CONFLICT})
_ALL: Final = frozenset({FailureKind.KEY_NOT_ACCEPTED, FailureKind.FORBIDDEN, FailureKind.LIMITED})


class End(StrEnum):
    """What an item of a bulk has come to, as it is counted."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    UNSENT = "not sent"


_ENDS: Final = {
    Stage.DONE: End.DONE,
    Stage.ELSEWHERE: End.REFUSED,
    Stage.REFUSED: End.REFUSED,
    Stage.NOT_DONE: End.REFUSED,
    Stage.CHANGED: End.UNSENT,
    Stage.UNSENT: End.UNSENT,
    Stage.TAKEN_BACK: End.UNSENT,
    Stage.UNKNOWN: End.UNKNOWN,
}


@frozen
class Item:
    """One decision of a bulk; `subject` names its submission, clean, and `words` say where it stands."""

    intent: Intent
    subject: str
    stage: Stage = Stage.HELD
    words: str = ""

    @property
    def end(self) -> End | None:
        """What it has come to; None while it is under way."""
        return _ENDS.get(self.stage)


@dataclass(frozen=True)
class Bulk:
    """The items in the order in which they are sent, and why the rest of them is not, if so.

    `due` is when the next is sent, in UTC, None while they go out; `seconds` about how long the rest takes.
    `kept` says that what is stopped stays held: another run of the program has left it.
    """

    items: tuple[Item, ...]
    due: datetime | None = None
    seconds: float | None = None
    stopped: str = ""
    kept: bool = False

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each item stands, by its request id."""
        return {item.intent.request_id: index for index, item in enumerate(self.items)}

    @property
    def left(self) -> int:
        """How many are under way or still to be sent."""
        return sum(item.end is None for item in self.items)

    @property
    def unsent(self) -> tuple[Item, ...]:
        """The items of which the server has nothing yet."""
        return tuple(item for item in self.items if item.stage.is_unsent)

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        resting = self.kept and bool(self.stopped)
        return all(item.end or (resting and item.stage is Stage.HELD) for item in self.items)

    def item(self, request_id: str) -> Item | None:
        """Return one of its items."""
        index = self.places.get(request_id)
        return None if index is None else self.items[index]

    def count(self, end: End) -> int:
        """Return how many have come to this end."""
        return sum(item.end is end for item in self.items)

    def following(self, standing: Standing) -> "Bulk":
        """Take in how far one of its decisions has come; returns the same bulk where it is none of them."""
        index = self.places.get(standing.intent.request_id)
        if index is None:
            return self
        item = replace(self.items[index], stage=standing.stage, words=standing.words)
        if item == self.items[index]:
            return self
        return replace(self, items=(*self.items[:index], item, *self.items[index + 1 :]))

    def tells(self, standing: Standing) -> bool:
        """Whether it tells of this decision itself; not of what is learnt of one after the bulk was over."""
        item = self.item(standing.intent.request_id)
        return item is not None and (not self.is_over or item.stage is standing.stage)


def ends_words(items: Iterable[Item]) -> str:
    """Say how many have come to which end, such as `7 done, 1 unknown, 12 not sent`."""
    ends = [item.end for item in items]
    return ", ".join(f"{ends.count(end)} {end}" for end in End if end in ends)


def stops_the_rest(standing: Standing) -> str:
    """Say why nothing more of a bulk may be sent after what one of it has come to; empty where it may.

    What keeps one from being sent or read may keep all, and what became of it may be unknown of each.
    """
    failure = standing.failure
    if standing.stage is Stage.UNKNOWN:
        return "it is not known what became of one"
    if failure is None:
        return ""
    if failure.kind in _ALL or (standing.stage is Stage.UNSENT and failure.kind not in _ONE_ONLY):
        return failure.title
    return ""
