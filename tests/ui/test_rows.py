"""How a row of the queue, its age and the freshness of the screen are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from review_tui.model.ages import Lateness
from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.freshness import Freshness, FreshnessState
from review_tui.model.listed import Listed
from review_tui.model.matching import Facts
from review_tui.model.preferences import DoubtLimits, Preferences
from review_tui.model.query import parse
from review_tui.model.queue import Queue
from review_tui.model.sorting import Column, Sort
from review_tui.model.submissions import Row, Verb
from review_tui.model.text import Shown
from review_tui.model.views import View, at_once, reckoning
from review_tui.ui.render.cells import changed_cells
from review_tui.ui.render.chrome import banner_of, counts_line, header_line, pinned_line, status_line
from review_tui.ui.render.decisions import held_pieces
from review_tui.ui.render.freshness import freshness_line
from review_tui.ui.render.line import Line, Piece, Role
from review_tui.ui.render.notices import Notice
from review_tui.ui.render.submissions import (
    Columns,
    age_piece,
    age_words,
    queue_head,
    queue_line,
    state_piece,
    waiting_words,
)
from review_tui.workers.news import LoadingMoved
from tests.ui.outgoing import judging, outgoing
from tests.ui.samples import NO_ANSWER, NOW, a_detail

A_ROW = Row.of(a_detail())
WHOLE = View(Listed.of((A_ROW,)), rows=Listed.of((A_ROW,)))
MINUTE = timedelta(minutes=1)


def said(line: Line) -> str:
    return "".join(text for text, _ in line)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-3, "now"),
        (0, "now"),
        (4.9, "now"),
        (5, "5m"),
        (9.9, "5m"),
        (10, "10m"),
        (59, "50m"),
        (60, "1h"),
        (23 * 60 + 59, "23h"),
        (24 * 60, "1d"),
        (5_000_000, "999d"),
    ],
)
def test_ages_are_coarse(minutes: float, words: str) -> None:
    assert age_words(NOW - minutes * MINUTE, NOW) == words


def test_an_unknown_age_is_a_dash() -> None:
    assert age_words(None, NOW) == "–"


@given(
    st.integers(60, 220),
    st.sampled_from([A_ROW.fraud_score, None, -1e14, 123_456_789.25]),
    st.none() | st.sampled_from(Lateness),
)
def test_a_row_fills_its_width_under_its_heads(
    width: int, score: float | None, late: Lateness | None
) -> None:
    columns = Columns.of(width, late=late is not None)
    row = queue_line(
        replace(A_ROW, fraud_score=score),
        columns,
        age_piece(A_ROW, NOW, late or Lateness.IN_TIME, columns.age),
        state_piece(A_ROW, None, listed=True),
        None,
    )
    assert sum(cell_len(text) for text, _ in row) == width
    assert cell_len(said(queue_head(columns))) == width
    assert said(queue_head(columns)).index("merchant") == said(row).index(str(A_ROW.merchant)[:4])


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=12), st.integers(60, 160))
def test_whatever_a_document_says_a_row_keeps_its_width(
    merchant: str, amount: str, currency: str, width: int
) -> None:
    row = replace(A_ROW, merchant=Shown.of(merchant), amount=Shown.of(amount), currency=Shown.of(currency))
    state = state_piece(row, None, listed=True)
    line = queue_line(row, Columns.of(width), ("  1d", Role.DIM), state, Role.CURSOR)
    assert sum(cell_len(text) for text, _ in line) == width


def test_the_limits_of_the_workflow_say_how_sure_is_sure() -> None:
    row, state = replace(A_ROW, confidence=0.8), state_piece(A_ROW, None, listed=True)
    for limits, sign in ((None, "~"), (DoubtLimits(0.5, 0.75), "✓"), (DoubtLimits(0.85, 0.95), "✗")):
        line = queue_line(row, Columns.of(120), ("  1d", Role.DIM), state, None, doubts=limits)
        assert f"{sign} 80 %" in said(line)


@pytest.mark.parametrize(
    ("late", "width", "piece"),
    [
        (Lateness.IN_TIME, 11, ("         2h", Role.DIM)),
        (Lateness.DUE, 11, ("! due    2h", Role.WARN)),
        (Lateness.LATE, 11, ("✗ late   2h", Role.BAD)),
        (Lateness.LATE, 6, ("✗   2h", Role.BAD)),
    ],
)
def test_what_waits_too_long_says_so_by_glyph_word_and_role(late: Lateness, width: int, piece: Piece) -> None:
    assert age_piece(replace(A_ROW, created=(NOW - 130 * MINUTE).timestamp()), NOW, late, width) == piece


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-5, "under 10 m"),
        (9, "under 10 m"),
        (59, "50 m"),
        (60, "1 h"),
        (199, "3 h 10 m"),
        (24 * 60 - 1, "23 h 50 m"),
        (24 * 60, "1 d"),
        (100 * 60, "4 d 4 h"),
    ],
)
def test_waiting_is_told_so_coarsely_that_an_idle_screen_stays(minutes: int, words: str) -> None:
    assert waiting_words(NOW - minutes * MINUTE, NOW) == words


def test_columns_give_way_in_order_and_never_the_merchant_or_the_fraud() -> None:
    wide, middle, narrow = Columns.of(120), Columns.of(80), Columns.of(60)
    assert wide.workflow
    assert not middle.workflow
    assert middle.confidence
    assert not narrow.confidence
    assert min(narrow.merchant, narrow.fraud, narrow.amount) >= 9


def standing(stage: Stage) -> Standing:
    return Standing(Intent(Verb.APPROVE, A_ROW.id, NOW), stage, "")


def test_where_a_row_stands_is_said_in_words() -> None:
    approved = replace(A_ROW, status=Shown.of("approved"))
    assert state_piece(A_ROW, None, listed=True)[0] == "● review"
    assert state_piece(A_ROW, standing(Stage.SENDING), listed=True)[0] == "… sending"
    assert state_piece(A_ROW, standing(Stage.UNKNOWN), listed=True)[0] == "? unknown"
    assert state_piece(approved, standing(Stage.DONE), listed=False)[0] == "✓ approved"
    assert state_piece(approved, None, listed=False)[0] == "≠ elsewhere"
    assert state_piece(replace(A_ROW, gone=True), None, listed=True)[0] == "– left queue"
    assert state_piece(replace(A_ROW, status=Shown.of("paused")), None, listed=True)[0] == "? paused"


def test_what_is_held_is_counted_down_on_its_row_until_the_last_of_it_is_due() -> None:
    pieces = held_pieces(
        (
            judging("s1", "m1", 0.4),
            judging("s1", "m2", 1.1),
            outgoing("s2", earlier=True),
            outgoing("s3", Stage.SENDING),
            outgoing("s4", Stage.WAITING, seconds=41),
            outgoing("s5", verb=Verb.REJECT, seconds=-2),
        ),
        NOW,
    )
    assert pieces == {
        "s1": ("◷ 2s judging", Role.ACCENT),
        "s2": ("◷ approve: U", Role.ACCENT),
        "s4": ("◷41s approve", Role.WARN),
        "s5": ("◷ 0s reject", Role.ACCENT),
    }


@given(st.integers(60, 220), st.integers(0, 120))
def test_a_countdown_hides_nothing_of_its_row_and_changes_one_cell_a_second(width: int, seconds: int) -> None:
    drawn = []
    for left in (seconds + 1, seconds):
        state = held_pieces((outgoing("s1", seconds=left),), NOW)["s1"]
        drawn.append(queue_line(A_ROW, Columns.of(width), (" 23h", Role.DIM), state, Role.CURSOR))
        assert sum(cell_len(text) for text, _ in drawn[-1]) == width
        assert "approve" in said(drawn[-1])
        assert "▲ flagged" in said(drawn[-1])
    if seconds < 99 and seconds % 10 != 9:
        span = changed_cells(drawn[0], drawn[1], width)
        assert span is not None
        assert span[1] - span[0] == 1


def test_suspicious_text_is_badged() -> None:
    row = replace(A_ROW, merchant=Shown.of("\x1b[31mRed"))
    line = queue_line(row, Columns.of(80), (" now", Role.DIM), state_piece(row, None, listed=True), None)
    assert (" ! ", Role.WARN) in line
    assert "\x1b" not in said(line)


@pytest.mark.parametrize(
    ("freshness", "words"),
    [
        (Freshness(), "○ loading"),
        (Freshness(FreshnessState.LIVE, every=8.0), "● live · every 8 s"),
        (Freshness(FreshnessState.PAUSED), "‖ paused"),
        (
            Freshness(FreshnessState.STOPPED, failure=NO_ANSWER),
            "✗ stopped: No answer from the server – R tries again",
        ),
        (
            Freshness(
                FreshnessState.STALE,
                since=datetime(2026, 3, 25, 12, 4, tzinfo=UTC),
                retry_at=datetime(2026, 3, 25, 12, 5, 10, tzinfo=UTC),
                failure=NO_ANSWER,
            ),
            "▲ stale since 12:04 · retry 12:05:10 – No answer from the server",
        ),
    ],
    ids=lambda value: value.state.value if isinstance(value, Freshness) else "",
)
def test_freshness_is_said_without_a_clock_that_ticks(freshness: Freshness, words: str) -> None:
    assert said(freshness_line(freshness, UTC)) == words


def test_a_message_has_room_beside_a_stale_screen() -> None:
    stale = Freshness(FreshnessState.STALE, since=NOW, retry_at=NOW, failure=NO_ANSWER)
    line = said(status_line(Notice("Approved · Café Łąka", Role.GOOD, NOW), stale, UTC, 80))
    assert "Approved · Café Łąka" in line
    assert line.endswith("▲ stale since 12:30 · retry 12:30:00")
    long = "Not sent, it could not be read anew: Not reachable"
    line = said(status_line(Notice(long, Role.BAD, NOW), stale, UTC, 80))
    assert long in line
    assert line.endswith("▲ stale since 12:30")


def test_a_slow_link_is_told_where_there_is_room() -> None:
    live = Freshness(FreshnessState.LIVE, every=8.0)
    assert said(status_line(None, live, UTC, 80, link=0.3)).strip() == "link 300 ms · ● live · every 8 s"
    assert "link" not in said(status_line(None, live, UTC, 80))
    long = Notice("a message that needs nearly all of the line", Role.BAD, NOW)
    assert said(status_line(long, live, UTC, 60, link=0.3)).endswith("● live")


def test_counts_say_how_much_of_the_queue_is_here() -> None:
    rows = Listed.of((A_ROW,))
    assert said(counts_line(Queue(rows, complete=True), WHOLE)) == "1 in review · newest first"
    more = Queue(rows, cursor="next")
    assert said(counts_line(more, WHOLE)).startswith("≥ 1 in review")
    paused = LoadingMoved(1, complete=False, paused="budget")
    assert "(budget)" in said(counts_line(more, WHOLE, paused))
    news = said(counts_line(more, WHOLE, unseen=2, unreadable=3))
    assert news.startswith("↑ 2 new · ! 3 rows unreadable · ")


def test_a_bar_says_how_far_loading_is_where_it_is_known_how_much_there_will_be() -> None:
    loading, queue = LoadingMoved(610, complete=False), Queue(Listed.of((A_ROW,)), cursor="next")
    assert " ▰▰▰▰▱▱▱▱ ~61% · " in said(counts_line(queue, WHOLE, loading, expected=1_000))
    assert "▰▰▰▰▰▰▰▱ ~99%" in said(counts_line(queue, WHOLE, LoadingMoved(900, complete=False), expected=800))
    assert "▰" not in said(counts_line(queue, WHOLE, loading))
    stopped = replace(loading, paused="the newest 610 are loaded, older ones are not", stopped=True)
    assert "in review (older ones left: L goes on) · " in said(counts_line(queue, WHOLE, stopped))
    whole = Queue(Listed.of((A_ROW,)), complete=True)
    assert said(counts_line(whole, WHOLE, loading, expected=1_000)) == "1 in review · newest first"


def test_counts_say_where_one_stands() -> None:
    rows = Listed.of(replace(A_ROW, id=f"s{number}") for number in range(90))
    whole = View(rows, rows=rows)
    assert said(counts_line(Queue(rows, complete=True), whole, place=0)).startswith("1 of 90 in review")
    assert said(counts_line(Queue(rows, cursor="next"), whole, place=60)).startswith("61 of ≥ 90 in review")


def test_counts_speak_of_the_view_and_of_what_is_loaded() -> None:
    rows = Listed.of(replace(A_ROW, id=f"s{number}", fraud_score=float(number)) for number in range(90))
    view = at_once(reckoning(rows, parse("score>=80").query, Sort(Column.SCORE, descending=True), Facts(), 0))
    whole = said(counts_line(Queue(rows, complete=True), view, place=2))
    assert whole == "3 of 10 shown, 90 in review · by score ↓"
    partly = said(counts_line(Queue(rows, cursor="next"), view))
    assert partly == "≥ 10 shown, ≥ 90 in review · by score ↓ within 90 loaded"
    guest = view.standing_on("s3")
    assert said(counts_line(Queue(rows), guest, place=guest.position("s3"))).startswith(
        "not in view · ≥ 10 shown, ≥ 90"
    )


def test_what_is_about_to_be_sent_has_room_beside_a_message_on_a_narrow_screen() -> None:
    live = Freshness(FreshnessState.LIVE, every=8.0)
    notice = Notice("Rejected by Ewa at 12:03. Your approve was not sent", Role.WARN, NOW)
    line = said(status_line(notice, live, UTC, 80, ("◷ confirmed fraud in 5 s: u", Role.ACCENT)))
    assert line.startswith("◷ confirmed fraud in 5 s: u · 12:30 Rejected by Ewa at 12:03.")
    assert line.endswith("● live")


OLDEST = (("oldest 3 h", Role.DIM), (" · ", Role.DIM))


def test_a_narrow_header_leaves_whole_parts_out() -> None:
    who = ("Nordwind Retail Group", "api.example.test", "aok_…1a2b")
    counts = counts_line(Queue(Listed.of((A_ROW,)), complete=True), WHOLE)
    assert "aok_…1a2b" in said(header_line(who, (), counts, 120))
    narrow = said(header_line(who, OLDEST, counts, 76))
    assert "aok" not in narrow
    assert narrow.endswith("1 in review · newest first")
    assert "oldest 3 h · " in narrow
    assert "oldest" not in said(header_line(who, OLDEST, counts, 40))
    assert said(header_line(who, (), counts, 60)).startswith("Nordwind Retail Group  ")
    assert said(header_line(("", "", ""), (), counts, 60)).startswith("review-tui  ")


def test_what_an_earlier_run_left_is_told_until_its_end_is_known() -> None:
    intent = Intent(Verb.APPROVE, A_ROW.id, NOW)
    left = [
        Standing(intent, stage, "", earlier=True) for stage in (Stage.HELD, Stage.VERIFYING, Stage.SETTLING)
    ]
    ours = Standing(intent, Stage.VERIFYING, "")
    told = said(pinned_line([*left, ours], off=False))
    assert told == "… 2 from last time looked up · ◷ 1 from last time: U · "
    assert pinned_line([ours], off=False) == ()


def test_a_profile_is_told_by_its_banner_whatever_room_there_is() -> None:
    banner = banner_of(Preferences(banner="LIVE\x1b[2J", banner_color="bad"))
    assert banner == ((" LIVE␛[2J ", Role.BAD),)
    for width in (40, 120):
        assert " LIVE␛[2J " in said(header_line(("Nordwind", "host", "aok_…1a2b"), (), (), width, banner))
    assert banner_of(Preferences()) == ()
