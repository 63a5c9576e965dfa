"""What is kept is there again: after closing, beside another program, and never against what was kept."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from review_tui.model.decisions import Stage
from review_tui.model.fraud import Resolution
from review_tui.model.records import Record
from review_tui.model.submissions import Verb
from review_tui.store.errors import AlreadyMoved, AlreadyOpen
from review_tui.store.journal import Store
from tests.store.records import NOON, decided, kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "acme.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.open(path, now=lambda: NOON)
    yield store
    store.close()


def test_a_held_decision_is_there_again_as_it_was(path: Path) -> None:
    intent = decided(
        verb=Verb.RESOLVE, match_id="m1", resolution=Resolution.CONFIRMED_FRAUD, note="half a pair: \ud83d\0"
    )
    record = replace(kept(intent), shown="d1", due=NOON + timedelta(seconds=5), words="sending in 5 s")
    first = Store.open(path)
    first.write(record)
    first.close()
    again = Store.open(path)
    assert again.open_records() == (record,)
    again.close()


def test_open_ones_come_oldest_first_and_ended_ones_not_at_all(store: Store) -> None:
    later, sooner, ended = decided("s1"), decided("s2"), decided("s3")
    store.write(kept(later, after=9))
    store.write(kept(sooner, after=1))
    store.write(kept(ended))
    store.write(kept(ended, Stage.TAKEN_BACK, after=2))
    assert [record.intent for record in store.open_records()] == [sooner, later]


@pytest.mark.parametrize("stage", [Stage.NOT_DONE, Stage.UNKNOWN])
def test_an_end_that_was_not_seen_is_looked_up_for_a_day(path: Path, stage: Stage) -> None:
    times = [NOON]
    store = Store.open(path, now=lambda: times[-1])
    record = kept(decided(), stage)
    store.write(record)
    times.append(NOON + timedelta(hours=24))
    assert store.open_records() == (record,)
    times.append(NOON + timedelta(hours=24, seconds=1))
    assert store.open_records() == ()
    store.close()


def test_a_submission_has_one_open_decision_at_most(store: Store, path: Path) -> None:
    first, second = decided(verb=Verb.APPROVE), decided(verb=Verb.REJECT, reason="blurred")
    store.write(kept(first))
    beside = Store.open(path)
    with pytest.raises(AlreadyOpen, match="a decision on this submission is under way") as refused:
        beside.write(kept(second))
    assert refused.value.standing == kept(first)
    assert store.open_records() == (kept(first),)
    store.write(kept(first, Stage.TAKEN_BACK))
    beside.write(kept(second))
    assert store.open_records() == (kept(second),)
    beside.close()


def test_two_matches_of_one_submission_may_be_judged_at_once(store: Store) -> None:
    def judged(match_id: str) -> Record:
        return kept(
            decided(verb=Verb.RESOLVE, match_id=match_id, resolution=Resolution.FALSE_POSITIVE), after=1
        )

    store.write(judged("m1"))
    store.write(judged("m2"))
    for other in (judged("m1"), kept(decided())):
        with pytest.raises(AlreadyOpen):
            store.write(other)
    assert len(store.open_records()) == 2


def test_what_was_taken_back_in_one_program_is_not_sent_by_another(store: Store, path: Path) -> None:
    intent = decided()
    store.write(kept(intent))
    store.write(kept(intent, Stage.CHECKING))
    outbox = Store.open(path)
    outbox.write(kept(intent, Stage.TAKEN_BACK, run="two"))
    outbox.close()
    with pytest.raises(AlreadyMoved, match="the decision has ended: taken back"):
        store.write(kept(intent, Stage.SENDING))
    assert store.open_records() == ()


@pytest.mark.parametrize("sender", ["one", "two"])
def test_of_two_programs_that_send_the_same_decision_one_does(store: Store, path: Path, sender: str) -> None:
    other = {"one": "two", "two": "one"}[sender]
    intent = decided()
    store.write(kept(intent))
    beside = Store.open(path)
    beside.write(kept(intent, Stage.CHECKING, run=other))
    store.write(kept(intent, Stage.CHECKING, run=sender))
    with pytest.raises(AlreadyMoved, match="another console has taken the decision over"):
        beside.write(kept(intent, Stage.SENDING, run=other))
    store.write(kept(intent, Stage.SENDING, run=sender))
    for stage in (Stage.HELD, Stage.CHECKING, Stage.SENDING, Stage.TAKEN_BACK):
        with pytest.raises(AlreadyMoved, match="the decision is being sent"):
            beside.write(kept(intent, stage, run=other))
    beside.close()


def test_the_one_that_sends_may_send_again_and_take_back_what_waits(store: Store) -> None:
    intent = decided()
    for stage in (Stage.SENDING, Stage.SENDING, Stage.WAITING, Stage.CHECKING, Stage.SENDING, Stage.WAITING):
        store.write(kept(intent, stage))
    store.write(kept(intent, Stage.TAKEN_BACK))
    assert store.open_records() == ()


def test_what_may_have_arrived_is_never_sent_again(store: Store) -> None:
    for stage in (Stage.VERIFYING, Stage.SETTLING, Stage.NOT_DONE, Stage.UNKNOWN):
        intent = decided()
        store.write(kept(intent, Stage.SENDING))
        store.write(kept(intent, stage))
        for sent in (Stage.SENDING, Stage.CHECKING, Stage.WAITING, Stage.HELD, Stage.TAKEN_BACK):
            with pytest.raises(AlreadyMoved):
                store.write(kept(intent, sent))
        store.write(kept(intent, Stage.DONE))
        with pytest.raises(AlreadyMoved, match="the decision has ended: done"):
            store.write(kept(intent, Stage.UNKNOWN))


def test_many_threads_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(store.write, [kept(decided(f"s{number}")) for number in range(200)]))
        read = list(threads.map(lambda _: len(store.open_records()), range(20)))
    assert read == [200] * 20
    assert store.verify() is None


def test_matches_of_one_submission_are_judged_side_by_side_but_nothing_beside_them(store: Store) -> None:
    first, second = (decided(verb=Verb.RESOLVE, match_id=match) for match in ("m1", "m2"))
    store.write(kept(first))
    store.write(kept(second, after=1))
    for refused in (decided(), decided(verb=Verb.RESOLVE, match_id="m2")):
        with pytest.raises(AlreadyOpen):
            store.write(kept(refused))
    store.write(kept(first, Stage.TAKEN_BACK))
    store.write(kept(second, Stage.TAKEN_BACK))
    approval = decided()
    store.write(kept(approval))
    with pytest.raises(AlreadyOpen):
        store.write(kept(decided(verb=Verb.RESOLVE, match_id="m3")))
    assert store.open_records() == (kept(approval),)


def test_what_ended_long_ago_is_forgotten_and_its_log_is_not(path: Path) -> None:
    times = [NOON]
    first = Store.open(path, now=lambda: times[-1])
    ended, unknown, held = decided("s1", reason="blurred"), decided("s2"), decided("s3")
    first.write(kept(ended))
    first.write(kept(ended, Stage.TAKEN_BACK))
    first.write(kept(unknown, Stage.UNKNOWN))
    first.write(kept(held))
    first.close()

    def records() -> list[str]:
        store = Store.open(path, now=lambda: times[-1])
        rows = store._connection.execute("SELECT submission_id FROM records ORDER BY submission_id")
        ids = [str(submission_id) for (submission_id,) in rows]
        assert store.verify() is None
        assert [entry.facts["submissionId"] for entry in store.audit()] == ["s1", "s1", "s2", "s3"]
        store.close()
        return ids

    times.append(NOON + timedelta(days=30))
    assert records() == ["s1", "s2", "s3"]
    times.append(NOON + timedelta(days=30, seconds=1))
    assert records() == ["s3"], "what is held waits for the person, however long"


def test_a_store_that_cannot_forget_now_is_used_all_the_same(path: Path) -> None:
    store = Store.open(path, now=lambda: NOON)
    store.write(kept(decided("s1"), Stage.TAKEN_BACK))
    store._connection.execute(
        "CREATE TRIGGER full BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'no space is left'); END"
    )
    store.close()
    later = Store.open(path, now=lambda: NOON + timedelta(days=31))
    later.write(kept(decided("s2")))
    assert len(later.open_records()) == 1
    later.close()
