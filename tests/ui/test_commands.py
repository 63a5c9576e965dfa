"""The one table of verbs, and what is made from it."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

from review_tui.model.decisions import Stage
from review_tui.model.submissions import Row, Verb
from review_tui.ui.commands import BY_ID, COMMANDS, Place, key_name
from review_tui.ui.detail_view import Tab
from review_tui.ui.keys_doc import keys_page
from review_tui.ui.render.chrome import key_line
from review_tui.ui.situation import Focus, Situation
from tests.ui.console import Console
from tests.ui.outgoing import judging, outgoing
from tests.ui.samples import NOW, a_detail
from tests.wire import ROOT


def words(situation: Situation, width: int = 200) -> str:
    return "".join(text for text, _ in key_line(situation, width))


def test_ids_and_keys_are_used_once() -> None:
    assert len(BY_ID) == len(COMMANDS)
    keys = Counter(key for command in COMMANDS for key in command.keys)
    assert {key for key, count in keys.items() if count > 1} == set()


def test_the_page_of_keys_is_current() -> None:
    kept = Path(ROOT, "docs", "keys.md").read_text(encoding="utf-8")
    assert kept == keys_page(), "make keys writes it anew"


async def test_every_command_of_the_screen_can_be_given(console: Console) -> None:
    of_the_screen = {command.id for command in COMMANDS if command.place is Place.SCREEN}
    assert set(console.review._commands) == of_the_screen


def test_nothing_frequent_needs_a_modifier() -> None:
    frequent = [command for command in COMMANDS if command.id not in {"palette", "previous", "redraw"}]
    assert not [c.id for c in frequent if c.keys and "+" in c.keys[0]]


def test_what_the_server_cannot_take_back_is_marked() -> None:
    marked = {command.id for command in COMMANDS if command.dangerous}
    assert marked == {"approve", "reject", "cancel", "repeat", "false-positive", "confirmed-fraud"}
    assert {verb.value for verb in Verb} - marked == {"resolve"}


def test_the_key_line_names_what_belongs_to_the_tab() -> None:
    queue = words(Situation())
    fraud = words(Situation(focus=Focus.DETAIL, tab=Tab.FRAUD))
    files = words(Situation(focus=Focus.DETAIL, tab=Tab.FILES))
    assert "f false positive" not in queue
    assert "f false positive" in fraud
    assert "o download" in files
    assert "o download" not in fraud


def test_a_narrow_key_line_keeps_the_tab_s_own_keys_help_and_quit() -> None:
    line = words(Situation(focus=Focus.DETAIL, tab=Tab.FRAUD), 60)
    assert len(line) <= 60
    for kept in ("f false positive", "x fraud", "? help", "q quit"):
        assert kept in line


def test_a_disabled_command_says_why() -> None:
    detail = a_detail()
    row = Row.of(detail)
    assert detail.open_matches
    why = BY_ID["approve"].why_disabled
    assert why(Situation()) == "nothing is selected"
    assert why(Situation(row=row)) == "its detail is not loaded yet"
    sent = outgoing("s1", Stage.SENDING)
    under_way = why(Situation(row=row, detail=detail, under_way=(sent,)))
    assert under_way == "a decision on this submission is under way"
    off = why(Situation(row=row, detail=detail, off="the store is read-only"))
    assert off == "deciding is off: the store is read-only"
    assert "to resolve first" in (why(Situation(row=row, detail=detail)) or "")
    resolve = BY_ID["false-positive"].why_disabled
    assert "no fraud match is selected" in (resolve(Situation(row=row, detail=detail)) or "")
    on_match = Situation(row=row, detail=detail, tab=Tab.FRAUD, match=detail.open_matches[0])
    assert resolve(on_match) is None


def test_matches_are_judged_side_by_side_and_the_approval_follows_them() -> None:
    detail = a_detail()
    first, second = detail.open_matches or ()
    on_first = Situation(row=Row.of(detail), detail=detail, tab=Tab.FRAUD, match=first, now=NOW)
    judged = replace(on_first, under_way=(judging("s1", first.id, 1.5), judging("s1", second.id, 2.5)))
    resolve, approve = BY_ID["false-positive"].why_disabled, BY_ID["approve"].why_disabled
    assert resolve(judged) == "this match is being judged"
    assert resolve(replace(judged, under_way=judged.under_way[1:])) is None
    assert approve(judged) is None
    assert approve(replace(judged, follows=True)) == "it follows the judgements under way: u takes it back"
    sending = replace(judged, under_way=(judging("s1", first.id, None, Stage.SENDING),))
    assert approve(sending) == "1 fraud match to resolve first"
    reject = BY_ID["reject"].why_disabled
    assert reject(judged) == "2 judgements are on their way: r again in 4 s or U"
    assert reject(sending) == "1 judgement is on its way: r again in a moment or U"
    held = replace(on_first, under_way=(outgoing("s1", seconds=3),))
    assert resolve(held) == "a decision on this submission is under way: u or U takes it back"
    earlier = replace(on_first, under_way=(outgoing("s1", earlier=True),))
    assert approve(earlier) == "approve is held from last time: U sends it or drops it"


def test_taking_back_is_named_while_something_can_be_taken_back() -> None:
    assert "u take back" not in words(Situation())
    assert "U outbox" not in words(Situation(undoable=False))
    line = words(Situation(undoable=True, outbox=1), 80)
    assert "u take back" in line
    assert "U outbox" in line


def test_keys_have_names_that_people_know() -> None:
    assert key_name("question_mark") == "?"
    assert key_name("j") == "j"


def test_a_narrow_key_line_drops_ways_to_move_before_what_decides() -> None:
    held = Situation(focus=Focus.DETAIL, undoable=True, outbox=1)
    assert words(held, 80) == (
        "h back  a approve  r reject  c cancel  u take back  U outbox  ? help  q quit  "
    )
