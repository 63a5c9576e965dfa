"""What an earlier run of the console has left: shown first, sent only by the person."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from review_tui.client.steve import Steve
from review_tui.model.decisions import Intent, Stage
from review_tui.model.digest import digest_of
from review_tui.model.queue import Filter
from review_tui.model.records import Record, subject_of
from review_tui.model.submissions import Detail, Row, Verb
from review_tui.sandbox.state import Sandbox
from review_tui.store.journal import Store
from review_tui.ui.render.head import merchant_words
from review_tui.ui.screens.outbox import OutboxScreen
from tests.ui.console import console_on
from tests.ui.test_holding import HOLD, change_total, posts, status_of
from tests.wire import NOON


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that an earlier run has used."""
    store = Store.open(tmp_path / "state" / "kept.db", now=lambda: NOON)
    yield store
    store.close()


async def clean_ones(steve: Steve) -> list[Detail]:
    """Two submissions that could be approved."""
    page = await steve.submissions.list(Filter())
    ids = [row.id for row in page.rows if row.fraud_status == "clean"][:2]
    return [await steve.submissions.get(id_) for id_ in ids]


def left(store: Store, detail: Detail, stage: Stage = Stage.HELD, verb: Verb = Verb.APPROVE) -> Record:
    """Leave a decision behind, as kill -9 does; each a second after the one before."""
    reason = "not legible" if verb is Verb.REJECT else None
    record = Record(
        Intent(verb, detail.id, NOON, reason=reason),
        stage,
        NOON + timedelta(seconds=len(store.open_records())),
        subject=subject_of(detail),
        shown=digest_of(detail),
        due=NOON,
        sends=0 if stage.is_unsent else 1,
        run="an earlier one",
    )
    store.write(record)
    return record


async def test_it_is_shown_first_and_never_sent_by_itself(
    steve: Steve, sandbox: Sandbox, store: Store, tmp_path: Path
) -> None:
    first, second = await clean_ones(steve)
    left(store, first)
    left(store, second, verb=Verb.REJECT)
    async with console_on(steve, tmp_path, size=(140, 40), hold=HOLD, journal=store) as console:
        await console.until(lambda: console.dialog is OutboxScreen)
        assert "2 decisions from last time wait for you; none is sent by itself" in console.text()
        for detail in (first, second):
            assert merchant_words(Row.of(detail)) in console.text()
        listed = [line for line in console.lines() if "◷ held        " in line]
        assert [" from last time │" in line for line in listed] == [True, True]
        for _ in range(10):
            console.clock.turn(60)
            await console.pilot.pause(0.01)
        assert posts(sandbox) == []
        await console.press("escape")
        assert console.dialog is None
        assert "◷ 2 from last time: U" in console.lines()[0]
        assert console.text().count("◷ approve: U") == 1
        await console.give("undo")
        assert console.says == "take back: nothing is held", "u is for what this run has decided"


async def test_it_is_sent_by_two_keys_and_dropped_by_two_keys(
    steve: Steve, sandbox: Sandbox, store: Store, tmp_path: Path
) -> None:
    first, second = await clean_ones(steve)
    left(store, first)
    left(store, second, verb=Verb.REJECT)
    async with console_on(steve, tmp_path, size=(140, 40), hold=HOLD, journal=store) as console:
        await console.until(lambda: console.dialog is OutboxScreen and "1 of 2" not in console.text())
        await console.press(*"ssdnujks", "escape", *"Udx")
        await console.settle()
        assert posts(sandbox) == []
        assert len(store.open_records()) == 2, "one key alone may have been meant for what is below"
        await console.press("k", "s")
        assert f"Send approve · {merchant_words(Row.of(first))}" in console.text()
        await console.press("y")
        await console.until(lambda: not console.desk.is_open(first.id))
        await console.press("d")
        assert "Drop reject" in console.text()
        await console.press("y")
        await console.until(lambda: not console.desk.open_decisions)
        assert posts(sandbox) == [f"/api/v1/submissions/{first.id}/approve"]
        assert (await status_of(steve, first.id), await status_of(steve, second.id)) == ("approved", "review")
    assert store.open_records() == ()


async def test_what_changed_since_last_time_is_not_sent(
    steve: Steve, sandbox: Sandbox, store: Store, tmp_path: Path
) -> None:
    first, _ = await clean_ones(steve)
    left(store, first)
    change_total(sandbox, first.id)
    async with console_on(steve, tmp_path, hold=HOLD, journal=store) as console:
        await console.until(lambda: console.dialog is OutboxScreen)
        await console.press("s", "y")
        await console.until(lambda: "it changed" in console.says)
        assert posts(sandbox) == []


async def test_what_was_being_sent_is_looked_up_first(
    steve: Steve, sandbox: Sandbox, store: Store, tmp_path: Path
) -> None:
    first, _ = await clean_ones(steve)
    record = left(store, first, Stage.SENDING)
    await steve.submissions.approve(first.id, request_id=record.intent.request_id)
    async with console_on(steve, tmp_path, hold=HOLD, journal=store) as console:
        await console.until(lambda: "Approved" in console.says)
        assert console.dialog is None
        assert len(posts(sandbox)) == 1, "only what was sent last time"


async def test_the_one_that_waits_is_chosen_above_one_that_is_looked_up(
    steve: Steve, tmp_path: Path, store: Store
) -> None:
    looked_up, waits = await clean_ones(steve)
    left(store, looked_up, Stage.SENDING)
    left(store, waits)
    async with console_on(steve, tmp_path, hold=HOLD, journal=store) as console:
        await console.until(lambda: console.dialog is OutboxScreen)
        assert any("▸ ◷ held" in line for line in console.lines()), console.text()
        assert "s sends" in console.text()


async def test_what_this_run_holds_is_kept_when_it_is_left_so(
    steve: Steve, sandbox: Sandbox, store: Store, tmp_path: Path
) -> None:
    async with console_on(steve, tmp_path, size=(140, 40), hold=HOLD, journal=store) as console:
        row = await console.go_to(lambda row: row.fraud_status == "clean")
        await console.give("approve")
        await console.until(lambda: console.review.state.outbox)
        await console.press("q", "k")
        await console.until(lambda: not console.app.is_running)
    (record,) = store.open_records()
    assert (record.intent.submission_id, record.stage) == (row.id, Stage.HELD)
    assert posts(sandbox) == []
