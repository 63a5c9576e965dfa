"""A reviewer writes what is wanted and takes it: a command, a view, a workflow, a theme, a submission."""

import random
import time
from typing import Any

import pytest
from textual import events

from review_tui.client.steve import Steve
from review_tui.model.preferences import Advance, Preferences, SavedView
from review_tui.model.query import parse
from review_tui.model.submissions import Row, Verb
from review_tui.model.text import Shown
from review_tui.model.views import at_once
from review_tui.ui.draft import Draft
from review_tui.ui.keymap import DEFAULT, Keymap
from review_tui.ui.offers import (
    SUBMISSIONS_AT_MOST,
    Haystack,
    command_offers,
    submission_offers,
    theme_offers,
    view_offers,
    workflow_offers,
)
from review_tui.ui.render.palette import PaletteView, palette_lines
from review_tui.ui.screens.help import HelpScreen
from review_tui.ui.screens.palette import Palette
from review_tui.ui.situation import Situation
from tests.ui.console import Console, console_on
from tests.ui.samples import HOSTILE, a_detail

DETAIL = a_detail()
NAMES = ("Café Łąka", "Żabka Polska", "Lidl", "Biedronka", "Orlen")


def a_row(number: int, **changes: Any) -> Row:
    given: dict[str, Any] = {
        "id": f"k57a{number:07}",
        "status": Shown("review"),
        "fraud_status": None,
        "fraud_score": None,
        "confidence": None,
        "merchant": Shown(f"{NAMES[number % len(NAMES)]} {number % 900}"),
        "amount": Shown("18.40"),
        "currency": Shown("PLN"),
        "workflow": Shown("receipt-ocr"),
        "client_submission_id": Shown(f"order-{number}"),
        "created": None,
        "order": 0.0,
    }
    return Row(**given | changes)


def stack(*rows: Row) -> Haystack:
    return at_once(Haystack.stacking(rows))


def named(text: str, situation: Situation | None = None, keymap: Keymap = DEFAULT) -> list[str]:
    return [offer.id for offer in command_offers(keymap, situation or Situation(), text)]


async def write(console: Console, text: str) -> None:
    await console.give("palette")
    await console.press(*text)


def test_without_words_there_is_what_can_be_given_and_nothing_that_decides() -> None:
    offered = named("", Situation(row=Row.of(DETAIL), detail=DETAIL))
    assert {"filter", "help", "quit", "pause"} <= set(offered)
    assert not {"approve", "reject", "repeat", "undo", "palette", "down"} & set(offered)


def test_the_likeliest_comes_first() -> None:
    assert named("help")[0] == "help"
    assert named("save")[0] == "save-view"
    assert named("view save")[0] == "save-view"
    assert named("pau")[0] == "pause"
    assert "refresh" in named("polling"), "help is searched as well"
    assert named("aprv") == []


def test_what_decides_is_taken_only_when_it_is_written_whole() -> None:
    for text in ("appr", "submission approve"):
        offer = next(one for one in command_offers(DEFAULT, Situation(), text) if one.id == "approve")
        assert offer.whole
    offer = command_offers(DEFAULT, Situation(), "Approve ")[0]
    assert (offer.id, offer.whole, offer.why) == ("approve", False, "nothing is selected")


def test_keys_are_those_in_use_and_what_cannot_be_given_says_why() -> None:
    chosen = Keymap({"undo": ("t", "f2")})
    (undo,) = [one for one in command_offers(chosen, Situation(), "take back") if one.id == "undo"]
    assert (undo.keys, undo.why) == ("t F2", "nothing is held")


def test_views_workflows_and_themes_are_found_by_their_kind_and_name() -> None:
    views = (SavedView("review"), SavedView("big ones", "amount>500", "-age"))
    assert [one.id for one in view_offers(views, "view")] == ["1", "2"]
    (big,) = view_offers(views, "ones")
    assert (big.name, big.note) == ("big ones", "amount>500 sorted by -age")
    assert [one.id for one in view_offers(views, "amount")] == ["2"]
    slugs = {"receipt-ocr", 'odd "one"'}
    assert [one.id for one in workflow_offers(slugs, "ocr")] == ["workflow:receipt-ocr"]
    (odd,) = (offer.id for offer in workflow_offers(slugs, "odd"))
    assert parse(odd).query.terms[0].values == ('odd "one"',)
    assert [one.name for one in theme_offers(("terminal", "dark"), "dark")] == ["dark"]


def test_submissions_are_found_by_id_client_id_and_merchant_without_case_and_accents() -> None:
    rows = [a_row(number) for number in range(50)]
    many = stack(*rows, a_row(50, merchant=None, client_submission_id=None))
    assert [row.id for row in many.found("A0000007")] == ["k57a0000007"]
    assert [row.id for row in many.found("order-49")] == ["k57a0000049"]
    assert len(many.found("cafe laka")) == 10
    assert [row.id for row in many.found("zabka order-31")] == ["k57a0000031"]
    assert many.found("zabka order-32") == [], "each word has to be in the same submission"
    assert many.found("k") == [], "one character would find everything"
    assert [row.id for row in many.found("k57a0000050")] == ["k57a0000050"]
    assert stack().found("anything") == []


def test_a_text_cannot_pretend_to_be_another_submission() -> None:
    tricky = a_row(1, merchant=Shown.of("x\nk57a0000002\x1fy", lines=True))
    many = stack(a_row(0), tricky, a_row(2))
    assert [row.id for row in many.found("k57a0000002")] == ["k57a0000001", "k57a0000002"]


def test_a_hundred_thousand_are_looked_through_within_a_key() -> None:
    chance = random.Random(7)
    many = stack(*(a_row(number) for number in range(100_000)))
    slowest = 0.0
    for text in ("zz", "order-99999", "lidl 899", "k5 zz", "order- lidl 77", "ka 99 77", "a b c d e"):
        began = time.thread_time()
        assert len(many.found(text)) <= SUBMISSIONS_AT_MOST
        slowest = max(slowest, time.thread_time() - began)
    number = chance.randrange(100_000)
    assert [row.id for row in many.found(f"k57a{number:07}")] == [f"k57a{number:07}"]
    assert slowest < 0.15, f"{slowest * 1000:.0f} ms; 50 at rest"


@pytest.mark.parametrize("size", [(30, 6), (72, 22), (200, 22)])
def test_whatever_a_merchant_is_called_it_is_drawn_as_text_on_as_many_lines(size: tuple[int, int]) -> None:
    width, height = size
    rows = [a_row(number, merchant=Shown.of(HOSTILE)) for number in range(40)]
    offers = tuple(submission_offers(rows))
    for at in (0, 20, 39):
        view = PaletteView(Draft.of("x" * 300), offers, at, searching=True)
        lines = palette_lines(view, width, height)
        assert len(lines) == height
        text = "".join(piece for line in lines for piece, _ in line)
        assert not set(text) & set("\x1b\x07\x9b\u202e\u200b\n")


async def test_commands_are_given_by_name(console: Console) -> None:
    await write(console, "help")
    assert console.dialog is Palette
    assert "Show what each key does here" in console.text()
    await console.press("enter")
    await console.until(lambda: console.dialog is HelpScreen)
    await console.give("help")
    await write(console, "quit")
    await console.press("enter")
    await console.until(lambda: not console.app.is_running)
    assert console.app.return_code == 0


async def test_a_decision_is_given_by_its_whole_name_alone(console: Console) -> None:
    row = await console.go_to(lambda row: row.fraud_status == "clean" and row.status == "review")
    await write(console, "appro")
    await console.press("enter")
    assert console.dialog is Palette
    assert "it decides: write approve whole" in console.text()
    assert not console.desk.open_decisions
    await console.press(*"ve", "enter")
    await console.until(lambda: console.review.state.standings.get(row.id))
    assert console.review.state.standings[row.id].intent.verb is Verb.APPROVE


async def test_a_view_a_workflow_and_a_theme_are_taken(console: Console) -> None:
    await write(console, "view flag")
    await console.press("enter")
    assert console.review.filtering.views[console.review.filtering.active or 0].name == "flagged"
    slug = next(row.workflow for row in console.review.state.queue.rows if row.workflow)
    await write(console, f"workflow {slug}")
    await console.press("enter")
    assert str(console.review.state.query) == f"workflow:{slug}"
    await write(console, "theme high")
    await console.press("enter")
    await console.until(lambda: "theme: high-contrast" in console.says)


async def test_a_loaded_submission_is_selected_and_a_paste_is_looked_for_as_text(console: Console) -> None:
    wanted = console.review.state.rows[30]
    await write(console, str(wanted.client_submission_id))
    await console.press("enter")
    assert console.selected == wanted.id
    await write(console, "k57-nobody-has-this")
    await console.press("enter")
    assert "nothing fits" in console.text()
    await console.press("ctrl+u")
    console.app.post_message(events.Paste(f"\n{HOSTILE}\n"))
    await console.settle()
    assert console.dialog is Palette
    assert "nothing fits" in console.text()
    assert "\x1b" not in console.text()
    await console.press("escape")
    assert console.dialog is None
    assert console.selected == wanted.id


async def test_a_view_that_hides_it_here_is_left_and_that_is_said(console: Console) -> None:
    rows = console.review.state.rows
    wanted = rows[30]
    await console.give("filter")
    await console.press(*f"-id:{wanted.id}", "enter")
    await console.until(lambda: console.review.state.position(wanted.id) is None)
    before = console.selected
    await write(console, wanted.id)
    await console.press("enter")
    assert console.selected == wanted.id
    assert before != wanted.id
    assert str(console.review.state.query) == ""
    assert "this is the whole queue" in console.says
    console.clock.turn(0.5)
    await console.until(lambda: console.review.state.detail)
    assert console.review.state.detail
    assert console.review.state.detail.id == wanted.id


async def test_the_key_in_use_opens_it(steve: Steve, tmp_path: Any) -> None:
    chosen = Preferences(advance=Advance.OFF, keys={"palette": ("p",)})
    async with console_on(steve, tmp_path, size=(140, 40), preferences=chosen) as console:
        await console.press("ctrl+p", "enter", "j")
        assert "a command, view" not in console.text()
        await console.press("h", "p")
        assert "a command, view" in console.text()
