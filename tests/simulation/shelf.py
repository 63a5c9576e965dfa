"""A journal in memory that outlives the console, fails when told to, and says when it is written to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from review_tui.model.decisions import Intent, Stage, excludes
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.records import Record


class DiskFull(Exception):  # noqa: N818 – it says what happened
    """What a journal raises that cannot be written."""

    failure = Failure(FailureKind.LOCAL, "no space is left")


class AlreadyOpen(Exception):  # noqa: N818 – it says what happened
    """What a journal raises that keeps another open decision on the same submission."""

    failure = Failure(FailureKind.CONFLICT, "a decision on this submission is under way")


@dataclass
class Shelf:
    """A journal; `fails` is the share of writes that do, `at_write` is called before and after each."""

    chance: Random
    records: dict[str, Record] = field(default_factory=dict)
    history: dict[str, list[Stage]] = field(default_factory=dict)
    fails: float = 0.0
    at_write: Callable[[], None] = lambda: None

    def write(self, record: Record) -> None:
        self.at_write()
        if self.chance.random() < self.fails:
            raise DiskFull
        kept = (each for each in self.records.values() if not each.stage.is_final)
        if not record.stage.is_final and any(_is_another(each.intent, record.intent) for each in kept):
            raise AlreadyOpen
        self.records[record.intent.request_id] = record
        self.history.setdefault(record.intent.request_id, []).append(record.stage)
        self.at_write()

    def open_records(self) -> tuple[Record, ...]:
        return tuple(
            record
            for record in self.records.values()
            if not record.stage.is_final or record.stage.may_be_corrected
        )


def _is_another(one: Intent, other: Intent) -> bool:
    return one.request_id != other.request_id and excludes(one, other)
