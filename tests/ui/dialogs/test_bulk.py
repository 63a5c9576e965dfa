"""The sheet for many at once: what it lists, what confirms it, how it and what comes of it look."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from textual.screen import ModalScreen

from review_tui.model.bulk import Bulk, Item
from review_tui.model.decisions import Intent, Stage
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.submissions import Detail, Row, Verb
from review_tui.ui.plan import Known, Plan, plan_for
from review_tui.ui.reasons import REASONS, templates_for
from review_tui.ui.render.bulk import BulkView, brief_bulk_words, going_words, over_words
from review_tui.ui.screens.bulk import BulkScreen, PlanScreen
from review_tui.ui.screens.reason import ReasonScreen
from tests.ui.golden import assert_screen
from tests.ui.outgoing import judging, outgoing
from tests.ui.panes import asking, looking
from tests.ui.samples import HOSTILE, NOW, a_detail, a_hostile_detail, a_view

UNREADABLE = Failure(FailureKind.NO_ANSWER, "No answer from the server")


def clean(id_: str, **changes: Any) -> Detail:
    """A submission that may be approved."""
    return a_detail(id_, fraudMatches=[], fraudStatus="clean", fraudScore=4.0, **changes)


def known(*details: Detail, **readings: Failure) -> Known:
    rows = {detail.id: Row.of(detail) for detail in details}
    return Known(rows, {**{detail.id: detail for detail in details}, **readings}, {})


def of(count: int, verb: Verb = Verb.APPROVE) -> Plan:
    """A plan that sends so many."""
    details = [clean(f"s{number}") for number in range(count)]
    return plan_for(verb, [detail.id for detail in details], known(*details), "blurred")


def test_each_that_is_not_sent_says_why() -> None:
    details = [clean("ok"), a_detail("open"), clean("gone", submissionStatus="synced"), clean("busy")]
    found = replace(known(*details, dark=UNREADABLE), under_way={"busy": [outgoing("busy", Stage.SENDING)]})
    plan = plan_for(Verb.APPROVE, ["ok", "open", "gone", "busy", "dark", "unread"], found)
    assert {entry.submission_id: entry.why for entry in plan.entries} == {
        "ok": "",
        "open": "2 fraud matches to resolve first",
        "gone": "only from review; this one is synced",
        "busy": "a decision on it is under way",
        "dark": "could not be read: No answer from the server",
        "unread": "not read yet",
    }
    assert (plan.decisions, plan.reading) == (1, 1)


def test_a_reason_is_filled_for_each_and_one_with_a_gap_is_not_sent() -> None:
    details = [clean("s1"), clean("s2", extractedData={"totalAmount": 5})]
    plan = plan_for(Verb.REJECT, ["s1", "s2"], known(*details), "From {merchant}: blurred")
    assert [entry.reason for entry in plan.sent] == ["From Café Łąka: blurred"]
    assert [entry.why for entry in plan.refused] == ["its reason needs {merchant}, which was not read here"]
    long = plan_for(Verb.REJECT, ["s1"], known(clean("s1")), "x" * 2_001)
    assert "too long" in long.entries[0].why
    assert "a reason is needed" in plan_for(Verb.REJECT, ["s1"], known(clean("s1")), " ").entries[0].why


def test_the_open_matches_of_each_are_judged_but_those_that_are_being() -> None:
    detail = a_detail("s1")
    first, second = (match.id for match in detail.open_matches or ())
    found = replace(known(detail, clean("s2")), under_way={"s1": [judging("s1", first, 3)]})
    plan = plan_for(Verb.RESOLVE, ["s1", "s2"], found)
    assert [entry.match_ids for entry in plan.sent] == [(second,)]
    assert [entry.why for entry in plan.refused] == ["no open fraud match"]
    busy = replace(known(detail), under_way={"s1": [outgoing("s1")]})
    assert plan_for(Verb.RESOLVE, ["s1"], busy).decisions == 0


def test_amounts_are_added_up_by_currency_to_the_last_digit() -> None:
    amounts = [("0.1", "EUR"), ("0.2", "EUR"), ("1e400", "PLN"), ("much", "USD"), ("7", "")]
    details = [
        clean(f"s{number}", extractedData={"totalAmount": amount, "currency": currency})
        for number, (amount, currency) in enumerate(amounts)
    ]
    plan = plan_for(Verb.APPROVE, [detail.id for detail in details], known(*details))
    assert {currency: str(total) for currency, total in plan.totals().items()} == {
        "EUR": "0.3",
        "PLN": "1E+400",
        "": "7",
    }


async def test_up_to_twenty_are_confirmed_by_enter_and_by_no_other_key() -> None:
    plan = of(20)
    async with asking(PlanScreen(plan)) as asked:
        await asked.press("a", "r", "c", "f", "space", "y", "2", "0")
        assert asked.answers == []
        await asked.press("enter")
        assert asked.answers == [plan]


async def test_beyond_twenty_the_number_is_typed() -> None:
    plan = of(21)
    async with asking(PlanScreen(plan)) as asked:
        await asked.press("enter")
        assert "more than 20: type 21 and press enter" in asked.text()
        await asked.press("2", "2", "backspace", "1")
        assert "type 21: 21" in asked.text()
        await asked.press("enter")
        assert asked.answers == [plan]


async def test_nothing_is_confirmed_while_it_is_read_or_where_nothing_can_be_sent() -> None:
    details = [clean("s1"), clean("s2")]
    half = plan_for(Verb.APPROVE, ["s1", "s2"], known(details[0]))
    dialog = PlanScreen(half)
    async with asking(dialog) as asked:
        await asked.press("enter")
        assert "what is marked is still being read" in asked.text()
        assert "○ reading 1 of 2 …" in asked.text()
        dialog.show(plan_for(Verb.APPROVE, ["s1", "s2"], known(*details)))
        await asked.press()
        assert "✓ 2 will be sent" in asked.text()
        dialog.show(half)
        await asked.press("enter")
        assert len(asked.answers) == 1, "once all is read, the sheet stays as it is"
    async with asking(PlanScreen(plan_for(Verb.APPROVE, ["s1"], known(a_detail("s1"))))) as asked:
        await asked.press("enter")
        assert "nothing of it can be sent" in asked.text()
        await asked.press("escape")
        assert asked.answers == [None]


def bulk_of(*stages: Stage, **given: Any) -> Bulk:
    items = (
        Item(Intent(Verb.APPROVE, f"s{number}", NOW), f"Café Łąka {number}.40 PLN", stage, str(stage))
        for number, stage in enumerate(stages)
    )
    return Bulk(tuple(items), **given)


def test_how_far_it_is_is_said_in_few_words() -> None:
    held = bulk_of(Stage.HELD, Stage.HELD, due=NOW + timedelta(seconds=4.2))
    assert going_words(held, NOW) == "Approve 2 in 5 s · u takes all back"
    assert brief_bulk_words(held, NOW) == "◷ approve 2 in 5 s: u"
    half = bulk_of(Stage.DONE, Stage.SENDING, Stage.HELD, Stage.HELD, seconds=9.4)
    assert going_words(half, NOW) == "Approve ▓▓░░░░░░░░ 1 of 4, 9 s left · u stops the rest"
    assert going_words(replace(half, stopped="it was"), NOW) == "Approve ▓▓░░░░░░░░ 1 of 4, 9 s left"
    limited = replace(half, due=NOW + timedelta(seconds=38))
    assert going_words(limited, NOW) == "Approve ▓▓░░░░░░░░ 1 of 4, next in 38 s · u stops the rest"
    assert brief_bulk_words(limited, NOW) == "◷ approve 1 of 4: u"
    assert "12 min" in going_words(replace(half, seconds=720), NOW)
    over = bulk_of(*[Stage.DONE] * 7, Stage.UNKNOWN, *[Stage.TAKEN_BACK] * 12)
    assert over_words(over) == "Approve: 7 done, 1 unknown, 12 not sent"
    kept = bulk_of(Stage.DONE, Stage.HELD, kept=True, stopped="you took it back")
    assert (kept.is_over, over_words(kept)) == (True, "Approve: 1 done, 1 still held")


async def test_x_stops_the_rest_and_says_why_it_cannot() -> None:
    answers = iter([None, "nothing of it is left to stop"])
    bulk = bulk_of(Stage.DONE, Stage.HELD)
    async with asking(BulkScreen(BulkView(bulk, NOW), lambda: next(answers))) as asked:
        await asked.press("x")
        assert "left to stop" not in asked.text()
        await asked.press("x")
        assert "! nothing of it is left to stop" in asked.text()
        await asked.press("B")
        assert asked.answers == [None]


def _mixed() -> Plan:
    details = [clean("s1"), a_detail("s2"), clean("s3", submissionStatus="approved"), a_hostile_detail()]
    details[-1] = replace(details[-1], id="s4")
    return plan_for(Verb.APPROVE, ["s1", "s2", "s3", "s4", "s5"], known(*details, s5=UNREADABLE))


def _ended() -> BulkView:
    stages = (Stage.DONE, Stage.UNKNOWN, Stage.TAKEN_BACK, Stage.ELSEWHERE, Stage.TAKEN_BACK)
    bulk = bulk_of(*stages, stopped="it is not known what became of one")
    hostile = replace(bulk.items[3], subject=HOSTILE, words=f"Rejected by {HOSTILE}")
    return BulkView(replace(bulk, items=(*bulk.items[:3], hostile, bulk.items[4])), NOW)


def _reading() -> Plan:
    return plan_for(Verb.CANCEL, ["s1", "s2"], known(clean("s1")))


REJECTING = templates_for(Verb.REJECT, (), None)
DIALOGS: dict[str, Callable[[], ModalScreen[Any]]] = {
    "many-mixed": lambda: PlanScreen(_mixed(), waits=5),
    "many-typed": lambda: PlanScreen(of(64, Verb.REJECT), waits=5, template=REASONS[Verb.REJECT][0] + " {x}"),
    "many-reading": lambda: PlanScreen(_reading()),
    "many-reason": lambda: ReasonScreen(Verb.REJECT, None, reasons=REJECTING, marked=12),
    "many-going": lambda: BulkScreen(
        BulkView(bulk_of(Stage.DONE, Stage.SENDING, *[Stage.HELD] * 30, seconds=38), NOW), lambda: None
    ),
    "many-ended": lambda: BulkScreen(_ended(), lambda: None),
}


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (140, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_they_look_as_they_did(size: tuple[int, int]) -> None:
    async with looking(size) as seen:
        await seen.show(a_view())
        for name, dialog in DIALOGS.items():
            seen.app.push_screen(dialog())
            await seen.pilot.pause()
            assert_screen(f"dialog-{name}-{size[0]}x{size[1]}", seen.text())
            await seen.pilot.press("escape")
            await seen.pilot.pause()
