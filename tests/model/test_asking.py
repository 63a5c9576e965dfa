"""Which words the server answers, which are looked for here, and what the word at the caret may become."""

import pytest

from review_tui.model.asking import asked_by
from review_tui.model.completion import completions, seen_in
from review_tui.model.query import parse
from review_tui.model.queue import Filter
from tests.model.rows import a_row

BASE = Filter()
SEEN = {"workflow": {"receipt-ocr", "Invoices"}, "status": {"on hold"}, "merchant": {"Café Łąka", "Zoo"}}


@pytest.mark.parametrize(
    ("text", "filter_", "sent", "local"),
    [
        ("", Filter(), "", ""),
        ("acme amount>5", Filter(), "", "acme amount>5"),
        ("fraud:flagged acme", Filter(fraud_status="flagged"), "fraud:flagged", "acme"),
        ("status:approved", Filter("approved"), "status:approved", ""),
        ("status:any", Filter(None), "status:any", ""),
        ("STATUS:Failed", Filter("failed"), "status:failed", ""),
        ('status:"On Hold"', Filter("on hold"), 'status:"on hold"', ""),
        ("workflow:invoices", Filter(workflow="Invoices"), "workflow:invoices", ""),
        ("workflow:unheard-of", Filter(), "", "workflow:unheard-of"),
        ("-fraud:clean", Filter(), "", "-fraud:clean"),
        ("fraud:flagged,blocked", Filter(), "", "fraud:flagged,blocked"),
        ("fraud:flagged fraud:blocked", Filter(fraud_status="flagged"), "fraud:flagged", "fraud:blocked"),
        ("-status:review", Filter(None), "", "-status:review"),
        ("status:approved,synced", Filter(None), "", "status:approved,synced"),
    ],
)
def test_a_query_is_split(text: str, filter_: Filter, sent: str, local: str) -> None:
    asked = asked_by(parse(text).query, BASE, SEEN)
    assert asked.filter == filter_
    assert " ".join(map(str, asked.sent)) == sent
    assert str(asked.local) == local


def test_what_a_query_leaves_open_is_asked_as_before() -> None:
    base = Filter("processing", workflow="receipt-ocr")
    assert asked_by(parse("fraud:clean").query, base).filter == Filter("processing", "receipt-ocr", "clean")
    assert asked_by(parse("status:review").query, base).filter == Filter("review", "receipt-ocr")


@pytest.mark.parametrize(
    ("text", "offered", "replaced"),
    [
        ("am", ("amount>",), "am"),
        ("acme -st", ("status:",), "st"),
        ("s", ("status:", "score>"), "s"),
        ("fraud:", ("clean", "flagged", "blocked"), ""),
        ("fraud:flagged,bl", ("blocked",), "bl"),
        ("is:ma", ("marked",), "ma"),
        ("has:", ("matches", "note"), ""),
        ("workflow:inv", ("Invoices",), "inv"),
        ("status:on", ('"on hold"',), "on"),
        ("merchant:cafe", ('"Café Łąka"',), "cafe"),
        ('merchant:"Café Ł', ('"Café Łąka"',), '"Café Ł'),
        ("amount>5", (), "5"),
        ("nothing-such", (), "nothing-such"),
    ],
)
def test_the_word_before_the_caret_may_become(text: str, offered: tuple[str, ...], replaced: str) -> None:
    found = completions(f"{text} behind", len(text), SEEN)
    assert found.words == offered
    assert text[found.start : found.end] == replaced


def test_an_empty_line_offers_every_key() -> None:
    assert len(completions("", 0, {}).words) == 14


def test_words_are_seen_in_the_rows() -> None:
    rows = (a_row("s1"), a_row("s2", merchant=None, workflow="invoices", status="on hold"))
    assert seen_in(rows) == {
        "status": {"review", "on hold"},
        "fraud": {"clean"},
        "workflow": {"receipt-ocr", "invoices"},
        "merchant": {"Café Łąka"},
        "currency": {"PLN"},
    }
