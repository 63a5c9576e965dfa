"""What is put away comes back at its time or when it changes, and a merchant is known however it is spelt."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from review_tui.model.notes import (
    CLOCK_WENT_BACK,
    IT_CHANGED,
    ITS_TIME,
    Book,
    ByMerchant,
    Flag,
    Note,
    Snooze,
    is_forgotten,
    look_of,
    merchant_key,
    why_back,
)
from review_tui.model.submissions import Row
from review_tui.model.text import Shown
from tests.ui.samples import a_detail

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)
ROW = Row.of(a_detail())


@pytest.mark.parametrize(
    ("now", "why"),
    [
        (NOON + timedelta(minutes=59), ""),
        (NOON + timedelta(hours=1), ITS_TIME),
        (NOON + timedelta(days=400), ITS_TIME),
        (NOON - timedelta(minutes=59), ""),
        (NOON - timedelta(days=1), CLOCK_WENT_BACK),
    ],
)
def test_it_comes_back_at_its_time_whatever_the_clock_did(now: datetime, why: str) -> None:
    snooze = Snooze(NOON, NOON + timedelta(hours=1), look_of(ROW))
    assert why_back(snooze, now, ROW) == why
    assert why_back(snooze, now) == why


def test_one_without_a_time_waits_for_a_change_alone() -> None:
    snooze = Snooze(NOON, None, look_of(ROW))
    assert why_back(snooze, NOON + timedelta(days=400), ROW) == ""
    assert why_back(snooze, NOON, replace(ROW, fraud_status=Shown.of("blocked"))) == IT_CHANGED
    assert why_back(snooze, NOON, replace(ROW, fraud_score=61.5)) == IT_CHANGED
    assert why_back(snooze, NOON, replace(ROW, amount=Shown.of("18.41"))) == IT_CHANGED


def test_what_a_list_does_not_say_is_no_change() -> None:
    snooze = Snooze(NOON, None, look_of(ROW))
    assert why_back(snooze, NOON, replace(ROW, merchant=None, amount=None, fraud_score=None)) == ""


def test_one_that_came_back_stays_back() -> None:
    snooze = Snooze(NOON, NOON + timedelta(hours=1), back=IT_CHANGED)
    assert why_back(snooze, NOON) == IT_CHANGED
    assert Book(snoozes={"s1": snooze, "s2": replace(snooze, back="")}).hidden == {"s2"}


@pytest.mark.parametrize("spelt", ["Café Łąka", "CAFÉ ŁĄKA", "cafe  laka ", "Cafe\u0301 Łąka"])
def test_a_merchant_is_known_however_it_is_spelt(spelt: str) -> None:
    book = Book().having("merchants", merchant_key("Café Łąka"), Note("pays in cash", NOON))
    found = book.merchant_note(spelt)
    assert found is not None
    texts = ByMerchant(book.merchants)
    assert spelt in texts
    assert texts[spelt] == texts.get(spelt) == "pays in cash"
    assert "Bistro" not in texts
    assert texts.get("Bistro", "") == ""
    assert (list(texts), len(texts)) == (["cafe laka"], 1)
    assert book.merchant_note("Bistro") is None
    assert book.merchant_note(None) is None


@pytest.mark.parametrize("back_at", [NOON, None])
def test_one_that_came_back_is_forgotten_after_thirty_days(back_at: datetime | None) -> None:
    snooze = Snooze(NOON - timedelta(days=200), NOON, back=IT_CHANGED, back_at=back_at)
    assert not is_forgotten(snooze, NOON + timedelta(days=30))
    assert is_forgotten(snooze, NOON + timedelta(days=31))


def test_one_that_is_hidden_is_never_forgotten() -> None:
    assert not is_forgotten(Snooze(NOON), NOON + timedelta(days=3_000))


def test_a_book_changes_one_leaf_at_a_time() -> None:
    empty = Book()
    book = empty.having("flags", "s1", Flag(NOON)).having("flags", "s2", Flag(NOON))
    assert set(book.flags) == {"s1", "s2"}
    assert book.having("flags", "s1", Flag(NOON)) is book, "nothing new"
    assert set(book.having("flags", "s1", None).flags) == {"s2"}
    assert not empty.flags
