"""What each piece of news makes of the screen's state."""

from dataclasses import replace
from datetime import timedelta

import pytest

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.queue import HEAD
from review_tui.model.submissions import Detail, Page, Row, Verb
from review_tui.model.text import Shown
from review_tui.ui.detail_view import DetailState
from review_tui.ui.render.line import Role
from review_tui.ui.render.notices import HELD, KEPT, Notices
from review_tui.ui.saying import countdown_at, notice_at
from review_tui.ui.state import (
    ReviewState,
    after_news,
    moved_to,
    next_to_go,
    open_ones,
    with_detail,
    with_failure,
    with_page,
    with_standing,
)
from review_tui.workers.news import DecisionMoved
from tests.ui.outgoing import judging, outgoing
from tests.ui.samples import NO_ANSWER, NOT_VISIBLE, NOW, a_detail, a_match


def detail_of(id_: str, status: str = "review") -> Detail:
    return a_detail(id_, submissionStatus=status)


def rows(*ids: str) -> tuple[Row, ...]:
    """Rows in this order, the newest first; `c` is always as old as any other `c`."""
    return tuple(Row.of(detail_of(id_), order=float(ord("z") - ord(id_[0]))) for id_ in ids)


def showing(*ids: str, selected: str | None = None) -> ReviewState:
    state = with_page(ReviewState(), Page(rows(*ids)), HEAD)
    return moved_to(state, ids.index(selected)) if selected else state


def ids(state: ReviewState) -> str:
    return "".join(row.id for row in state.queue.rows)


def decided(id_: str, stage: Stage, status: str = "approved") -> Standing:
    intent = Intent(Verb.APPROVE, id_, NOW)
    return Standing(intent, stage, "Approved", detail=detail_of(id_, status) if stage.is_final else None)


def test_the_first_page_selects_the_newest() -> None:
    state = showing("a", "b")
    assert (state.selected, state.near, state.started) == ("a", 0, True)
    assert state.detail_state is DetailState.LOADING


def test_an_empty_first_page_selects_nothing() -> None:
    state = with_page(ReviewState(), Page(), HEAD)
    assert (state.selected, state.row, state.started) == (None, None, True)


def test_newer_rows_leave_the_cursor_on_its_submission_and_are_counted() -> None:
    state = with_page(showing("c", "d", selected="d"), Page(rows("a", "b", "c", "d")), HEAD)
    assert (state.selected, state.near, state.unseen) == ("d", 3, 2)
    assert moved_to(state, 0).unseen == 0


def test_an_unchanged_page_is_no_change() -> None:
    state = showing("a", "b")
    assert with_page(state, Page(rows("a", "b")), HEAD) is state


def test_what_left_the_queue_stays_under_the_cursor_until_it_moves_on() -> None:
    state = with_page(showing("a", "b", "c", selected="b"), Page(rows("a", "c")), HEAD)
    assert (ids(state), state.selected, state.detail_state) == ("abc", "b", DetailState.GONE)
    assert with_page(state, Page(rows("a", "c")), HEAD) == state
    down = moved_to(state, 2)
    assert (ids(down), down.selected, down.near) == ("ac", "c", 1)
    up = moved_to(state, 0)
    assert (ids(up), up.selected, up.near) == ("ac", "a", 0)


def test_moving_on_from_the_last_one_left_selects_nothing() -> None:
    state = with_page(showing("a"), Page(), HEAD)
    assert ids(state) == "a"
    emptied = moved_to(state, 1)
    assert (ids(emptied), emptied.selected) == ("", None)
    refilled = with_page(emptied, Page(rows("b")), HEAD)
    assert refilled.selected == "b"


def test_moving_past_an_end_stays() -> None:
    state = showing("a", "b", selected="b")
    assert moved_to(state, 99) is state
    assert moved_to(state, -99).selected == "a"


def test_a_detail_of_another_submission_is_not_shown() -> None:
    state = with_detail(showing("a", "b"), detail_of("b"))
    assert state.detail is None
    assert with_detail(state, detail_of("a")).detail == detail_of("a")


def test_a_detail_brings_its_row_up_to_date_in_place() -> None:
    state = with_detail(showing("a", "b", "c"), detail_of("b", "rejected"))
    assert [row.status for row in state.queue.rows] == ["review", "rejected", "review"]
    assert [row.order for row in state.queue.rows] == [row.order for row in rows("a", "b", "c")]


def test_a_failed_detail_keeps_what_was_read_before() -> None:
    state = with_failure(showing("a"), "a", NO_ANSWER)
    assert state.detail_state is DetailState.FAILED
    read = with_detail(state, detail_of("a"))
    assert read.detail_state is DetailState.FULL
    stale = with_failure(read, "a", NO_ANSWER)
    assert (stale.detail_state, stale.detail) == (DetailState.STALE, read.detail)


def test_one_that_is_no_longer_visible_is_gone() -> None:
    assert with_failure(showing("a"), "a", NOT_VISIBLE).detail_state is DetailState.GONE


def test_a_matched_submission_is_kept_beside_the_selected_one() -> None:
    state = replace(showing("a"), watched=frozenset({"x", "y"}))
    state = with_failure(with_detail(state, detail_of("x")), "y", NO_ANSWER)
    assert state.matched == {"x": detail_of("x"), "y": NO_ANSWER}
    assert moved_to(with_page(state, Page(rows("a", "b")), HEAD), 1).matched == {}


def test_our_decision_shows_in_place_and_an_older_page_does_not_undo_it() -> None:
    state = with_standing(showing("a", "b", selected="b"), decided("b", Stage.DONE))
    assert state.row
    assert (state.row.status, state.detail_state) == ("approved", DetailState.FULL)
    late = with_page(state, Page(rows("a", "b")), HEAD)
    assert late.row
    assert late.row.status == "approved"


def test_a_row_under_decision_does_not_leave_with_the_cursor() -> None:
    state = with_standing(showing("a", "b"), decided("a", Stage.SENDING))
    assert ids(moved_to(state, 1)) == "ab"


def test_sending_is_said_by_the_row_alone_and_the_outcome_by_the_status_line() -> None:
    sending = after_news(showing("a"), DecisionMoved(decided("a", Stage.SENDING)), NOW)
    assert sending.notices.shown is None
    done = after_news(sending, DecisionMoved(decided("a", Stage.DONE)), NOW)
    assert done.notices.shown
    assert done.notices.shown.text.startswith("Approved · ")
    assert done.notices.shown.text.endswith(", a")


def test_fresh_bad_news_is_not_pushed_away_by_good_news() -> None:
    notices = Notices().told("Outcome unknown", NOW, Role.BAD).told("Approved", NOW, Role.GOOD)
    assert notices.shown
    assert notices.shown.text == "Outcome unknown"
    later = notices.told("Approved", NOW + HELD + timedelta(seconds=1), Role.GOOD)
    assert later.shown
    assert later.shown.text == "Approved"
    assert [notice.text for notice in later.log] == ["Approved", "Approved", "Outcome unknown"]


def test_a_hint_goes_with_the_next_key_and_what_was_said_before_returns() -> None:
    notices = Notices().told("Approved", NOW, Role.GOOD).hinted("nothing is selected", NOW)
    assert notices.shown
    assert notices.shown.text == "nothing is selected"
    after = notices.after_key().shown
    assert after
    assert after.text == "Approved"


def test_only_the_last_messages_are_kept() -> None:
    notices = Notices()
    for number in range(KEPT + 5):
        notices = notices.told(str(number), NOW)
    assert (len(notices.log), notices.log[0].text) == (KEPT, str(KEPT + 4))


def test_words_from_outside_are_clean_on_the_status_line() -> None:
    failure = Failure(FailureKind.SERVER, "x", request_id=Shown.of("\x1b]0;y\x07"))
    standing = replace(decided("a", Stage.UNKNOWN), words="by \x1b[2Jme", failure=failure)
    state = after_news(showing("a"), DecisionMoved(standing), NOW)
    assert state.notices.shown
    assert "\x1b" not in state.notices.shown.text


def test_the_outbox_holds_what_is_open_or_unknown_in_the_order_of_the_keys() -> None:
    state = showing("a", "b")
    for one in (outgoing("a", seconds=5), outgoing("b", seconds=5), outgoing("a", Stage.CHECKING)):
        state = with_standing(state, one)
    assert [(one.intent.submission_id, one.stage) for one in state.outbox.values()] == [
        ("a", Stage.CHECKING),
        ("b", Stage.HELD),
    ]
    state = with_standing(with_standing(state, outgoing("a", Stage.UNKNOWN)), outgoing("b", Stage.TAKEN_BACK))
    assert [one.stage for one in state.outbox.values()] == [Stage.UNKNOWN]
    assert with_standing(state, outgoing("a", Stage.DONE)).outbox == {}


def test_a_row_tells_of_the_judgement_that_is_open_although_another_has_ended() -> None:
    state = with_standing(showing("a"), judging("a", "m1", 2))
    state = with_standing(state, judging("a", "m2", 2))
    state = with_standing(state, judging("a", "m1", None, Stage.DONE))
    assert state.standings["a"].intent.match_id == "m2"
    assert len(open_ones(state, "a")) == 1


def test_a_held_row_keeps_its_place_though_the_server_took_it_off_the_list() -> None:
    state = with_standing(showing("a", "b", "c"), outgoing("b", seconds=5))
    state = with_page(state, Page(rows("a", "c")), HEAD)
    assert ids(state) == "abc"
    state = with_standing(state, outgoing("b", Stage.ELSEWHERE, words="Already approved"))
    assert ids(with_page(state, Page(rows("a", "c")), HEAD)) == "ac"


def test_what_is_about_to_be_sent_gives_way_to_what_needs_a_person_and_not_to_good_news() -> None:
    state = with_standing(showing("a", "b"), outgoing("b", seconds=5))
    told = after_news(state, DecisionMoved(decided("a", Stage.DONE)), NOW)
    for later, starts in ((0, "Approve in 5 s"), (3, "Approve in 2 s")):
        notice = notice_at(told, NOW + timedelta(seconds=later))
        assert notice
        assert notice.text.startswith(f"{starts} · u takes it back · ")
    changed = after_news(state, DecisionMoved(outgoing("a", Stage.CHANGED, words="Not sent")), NOW)
    notice = notice_at(changed, NOW)
    assert notice
    assert notice.text.startswith("Not sent")
    assert countdown_at(changed, NOW) == ("◷ approve in 5 s: u", Role.ACCENT)
    assert countdown_at(changed, NOW + HELD) is None, "the notice itself counts down"
    notice = notice_at(changed, NOW + HELD)
    assert notice
    assert notice.text.startswith("Approve in 0 s")


def test_what_an_earlier_run_left_is_never_what_u_takes_back() -> None:
    state = with_standing(showing("a"), outgoing("a", earlier=True))
    assert next_to_go(state) is None
    assert notice_at(state, NOW) is None


@pytest.mark.parametrize(
    ("judging_too", "words"),
    [((), "2 open"), (("m2",), "1 being resolved, 1 open"), (("m2", "m3"), "2 being resolved")],
)
def test_matches_that_are_being_judged_are_told_apart_from_open_ones(
    judging_too: tuple[str, ...], words: str
) -> None:
    first = a_match(1, resolution="false_positive")
    after = a_detail("a", fraudMatches=[first, a_match(2), a_match(3)])
    state = showing("a")
    for match_id in ("m1", *judging_too):
        state = with_standing(state, judging("a", match_id, 2))
    done = replace(judging("a", "m1", None, Stage.DONE), words="Match judged", detail=after)
    said = after_news(state, DecisionMoved(done), NOW).notices.shown
    assert said
    assert said.text.startswith(f"Match judged, {words} · ")
