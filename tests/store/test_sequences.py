"""Whatever is written in whatever order, the store holds what a dictionary would hold."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from review_tui.model.decisions import Stage
from review_tui.model.fraud import Resolution
from review_tui.model.records import Record
from review_tui.model.submissions import Verb
from review_tui.store.errors import AlreadyMoved, AlreadyOpen
from review_tui.store.journal import Store
from review_tui.store.records import body_of, record_of
from tests.store.records import NOON, decided, kept

_text = st.text(st.characters(exclude_categories=()), max_size=20)
_moments = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=30)).map(
    lambda after: NOON - after
)

records = st.builds(
    Record,
    intent=st.builds(
        replace,
        st.sampled_from(
            [
                replace(decided("s1"), request_id="r1"),
                replace(decided("s1", verb=Verb.REJECT), request_id="r2"),
                replace(decided("s1", verb=Verb.RESOLVE, match_id="m1"), request_id="r3"),
                replace(decided("s1", verb=Verb.RESOLVE, match_id="m1"), request_id="r4"),
                replace(decided("s1", verb=Verb.RESOLVE, match_id="m2"), request_id="r5"),
                replace(decided("s2"), request_id="r6"),
            ]
        ),
        reason=st.none() | _text,
        note=st.none() | _text,
        resolution=st.none() | st.sampled_from(Resolution),
    ),
    stage=st.sampled_from(Stage),
    changed_at=_moments,
    subject=_text,
    shown=_text,
    due=st.none() | _moments,
    sends=st.integers(0, 3),
    words=_text,
    status=st.none() | st.integers(100, 599),
    server_request_id=st.none() | _text,
    run=st.sampled_from(["one", "two"]),
)


class Plain:
    """What the store promises, as a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Record] = {}
        self.sent: dict[str, list[str]] = {}

    def write(self, record: Record) -> type[Exception] | None:
        """Keep it; or return which exception is due."""
        name, stage = record.intent.request_id, record.stage
        was = self.kept.get(name)
        if was is not None and not self._may_follow(was, record):
            return AlreadyMoved
        others = [each for each in self.kept.values() if each.intent.request_id != name]
        if not stage.is_final and any(
            not each.stage.is_final and not self._are_apart(each, record) for each in others
        ):
            return AlreadyOpen
        self.kept[name] = record
        return None

    def _are_apart(self, one: Record, other: Record) -> bool:
        both_judge = one.intent.verb is other.intent.verb is Verb.RESOLVE
        return one.intent.submission_id != other.intent.submission_id or (
            both_judge and one.intent.match_id != other.intent.match_id
        )

    def _may_follow(self, was: Record, record: Record) -> bool:
        unsent = {Stage.HELD, Stage.CHECKING, Stage.WAITING}
        leads_to_sending = unsent | {Stage.SENDING}
        if was.stage in unsent:
            return record.stage is not Stage.SENDING or was.run == record.run
        if was.stage is Stage.SENDING:
            owns = was.run == record.run
            return record.stage is not Stage.TAKEN_BACK and (owns or record.stage not in leads_to_sending)
        if was.stage in {Stage.VERIFYING, Stage.SETTLING, Stage.NOT_DONE, Stage.UNKNOWN}:
            return record.stage not in leads_to_sending | {Stage.TAKEN_BACK}
        return record.stage is was.stage

    def open(self) -> list[Record]:
        """What is not over, oldest first."""
        day = NOON - timedelta(hours=24)
        found = [
            each
            for each in self.kept.values()
            if not each.stage.is_final
            or (each.stage in {Stage.NOT_DONE, Stage.UNKNOWN} and each.changed_at >= day)
        ]
        return sorted(found, key=lambda each: (each.changed_at, each.intent.request_id))


@settings(max_examples=80)
@given(moves=st.lists(records, max_size=30))
def test_the_store_holds_what_a_dictionary_would(moves: Sequence[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state" / "acme.db"
        store, plain = Store.open(path, now=lambda: NOON), Plain()
        store._connection.execute("PRAGMA synchronous = OFF")  # nothing is cut off here
        for record in moves:
            due, raised = plain.write(record), None
            try:
                store.write(record)
            except (AlreadyMoved, AlreadyOpen) as error:
                raised = type(error)
            assert raised is due
            assert list(store.open_records()) == plain.open()
        assert store.verify() is None
        store.close()
        again = Store.open(path, now=lambda: NOON)
        assert list(again.open_records()) == plain.open()
        again.close()


@given(record=records)
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    assert record_of(body_of(record), Path("acme.db")) == record


@settings(max_examples=60)
@given(
    moves=st.lists(
        st.tuples(st.sampled_from([Stage.CHECKING, Stage.SENDING, Stage.TAKEN_BACK]), st.sampled_from("ab")),
        max_size=12,
    )
)
def test_two_runs_never_send_at_once_and_none_sends_what_was_taken_back(
    moves: list[tuple[Stage, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "state" / "acme.db")
        store._connection.execute("PRAGMA synchronous = OFF")
        intent = decided()
        store.write(kept(intent, run="a"))
        done: list[tuple[Stage, str]] = []
        for stage, run in moves:
            try:
                store.write(kept(intent, stage, run=run))
            except AlreadyMoved:
                continue
            done.append((stage, run))
        store.close()
    for (was, sender), (stage, run) in pairwise(done):
        if was is Stage.SENDING:  # only who sends can say that it did not leave
            assert run == sender
            assert stage is not Stage.TAKEN_BACK
        assert was is not Stage.TAKEN_BACK or stage is Stage.TAKEN_BACK
