"""The detail pane as a reviewer walks through it."""

from dataclasses import replace
from typing import Any

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Detail, Row, Verb
from review_tui.ui.detail_view import DetailState, DetailView, Tab
from review_tui.ui.render.line import Role
from review_tui.ui.widgets.detail import FileChosen, MatchChosen
from review_tui.ui.widgets.detail.waiting import STANDS
from tests.ui.outgoing import judging
from tests.ui.panes import looking
from tests.ui.samples import NO_ANSWER, NOT_VISIBLE, NOW, a_detail, a_match, a_view, the_matched


def judged(number: int, **changes: Any) -> dict[str, Any]:
    return a_match(number, resolution="false_positive", resolvedBy={"name": "Ewa"}, **changes)


def three_matches(*resolved: int) -> Detail:
    return a_detail(fraudMatches=[judged(n) if n in resolved else a_match(n) for n in (1, 2, 3)])


def resolving(number: int, stage: Stage) -> Standing:
    intent = Intent(
        Verb.RESOLVE, "s1", NOW, match_id=f"m{number}", resolution=Resolution.FALSE_POSITIVE, request_id="q1"
    )
    return Standing(intent, stage, "Match judged")


async def test_the_tab_stays_from_one_submission_to_the_next() -> None:
    async with looking() as seen:
        await seen.show(a_view())
        tabs = [seen.pane.tab]
        seen.pane.open_tab(Tab.EVENTS)
        await seen.show(a_view(a_detail("s2")))
        tabs.append(seen.pane.tab)
        assert tabs == [Tab.OVERVIEW, Tab.EVENTS]
        assert "fraud check completed" in seen.text()


async def test_tabs_end_at_both_ends() -> None:
    async with looking() as seen:
        await seen.show(a_view())
        assert not seen.pane.next_tab(-1)
        walked = [seen.pane.tab]
        while seen.pane.next_tab(1):
            walked.append(seen.pane.tab)
        assert walked == list(Tab)


async def test_each_tab_is_left_where_it_was_and_another_submission_starts_at_its_top() -> None:
    async with looking((80, 14)) as seen:
        await seen.show(a_view())
        seen.pane.open_tab(Tab.RAW)
        await seen.press("j", "j", "j")
        seen.pane.open_tab(Tab.OVERVIEW)
        assert seen.pane.body.top == 0
        seen.pane.open_tab(Tab.RAW)
        assert seen.pane.body.top == 3
        await seen.show(a_view(a_detail("s2")))
        assert seen.pane.body.top == 0


async def test_news_of_the_same_submission_moves_neither_scroll_nor_choice() -> None:
    async with looking((80, 14)) as seen:
        await seen.show(a_view(three_matches(), matched={"s9": the_matched()}))
        seen.pane.open_fraud("m2")
        await seen.press("pagedown")
        top = seen.pane.body.top
        assert top > 0
        more = a_detail(fraudMatches=[a_match(0), *(a_match(n) for n in (1, 2, 3))])
        await seen.show(a_view(more, matched={"s9": the_matched()}))
        assert seen.pane.selected_match is not None
        assert seen.pane.selected_match.id == "m2"
        assert seen.pane.body.top == top


async def test_the_first_open_match_is_chosen_at_first() -> None:
    async with looking() as seen:
        await seen.show(a_view(three_matches(1)))
        assert seen.pane.selected_match is not None
        assert seen.pane.selected_match.id == "m2"


async def test_j_and_k_walk_through_the_matches_and_the_screen_is_told() -> None:
    async with looking((80, 30)) as seen:
        await seen.show(a_view(three_matches()))
        seen.pane.open_fraud()
        await seen.press("j", "j", "j", "k")
        chosen = [message.match_id for message in seen.app.said if isinstance(message, MatchChosen)]
        assert chosen == ["m2", "m3", "m2"]


async def test_a_match_that_is_taller_than_the_pane_is_read_to_its_end_before_j_goes_on() -> None:
    async with looking((80, 14)) as seen:
        await seen.show(a_view(three_matches(), matched={"s9": the_matched()}))
        seen.pane.open_fraud("m1")
        await seen.press("j")
        assert seen.pane.selected_match is not None
        assert seen.pane.selected_match.id == "m1"
        assert seen.pane.body.top > 0
        await seen.press(*["j"] * 24)
        assert seen.pane.selected_match.id == "m3"


async def test_the_matched_submission_is_asked_for_once_and_only_when_it_is_looked_at() -> None:
    async with looking() as seen:
        view = a_view()
        await seen.show(view)
        assert seen.wanted() == []
        seen.pane.open_fraud("m1")
        await seen.show(replace(view))
        await seen.show(replace(view))
        assert seen.wanted() == ["s9"]
        assert "loading the matched submission" in seen.text()
        await seen.show(replace(view, matched={"s9": the_matched()}))
        assert "Cafe Laka" in seen.text()
        assert seen.wanted() == ["s9"]


async def test_a_matched_submission_that_failed_is_asked_for_again_once_its_failure_is_dropped() -> None:
    async with looking() as seen:
        view = a_view()
        await seen.show(view)
        seen.pane.open_fraud("m1")
        await seen.show(replace(view, matched={"s9": NO_ANSWER}))
        assert "could not be read: No answer from the server" in seen.text()
        await seen.show(replace(view, matched={"s9": NOT_VISIBLE}))
        assert "not visible to this key" in seen.text()
        await seen.show(view)
        assert seen.wanted() == ["s9", "s9"]


async def test_with_my_judgement_the_next_open_match_is_chosen_that_is_not_being_judged() -> None:
    async with looking() as seen:
        await seen.show(a_view(three_matches()))
        seen.pane.open_fraud("m2")
        seen.pane.go_on({"m2", "m3"})
        assert seen.pane.selected_match is not None
        assert seen.pane.selected_match.id == "m1"
        await seen.show(a_view(three_matches(2), standing=resolving(2, Stage.DONE)))
        assert seen.pane.selected_match.id == "m1", "its end moves nothing any more"


async def test_what_is_being_judged_is_said_at_its_match_until_it_is_judged() -> None:
    async with looking() as seen:
        view = a_view(three_matches())
        await seen.show(replace(view, judging={"m2": judging("s1", "m2", 2)}))
        seen.pane.open_fraud("m1")
        await seen.pilot.pause()
        assert seen.text().count("◷ false positive") == 1
        assert "f false positive · x fraud" in seen.text()
        every = {id_: judging("s1", id_, None, Stage.SENDING) for id_ in ("m1", "m2", "m3")}
        await seen.show(replace(view, judging=every))
        assert seen.text().count("… false positive") == 3
        assert "3 judgements on the way" in seen.text()


async def test_somebody_elses_judgement_never_moves_the_choice_under_my_key() -> None:
    async with looking() as seen:
        await seen.show(a_view(three_matches()))
        seen.pane.open_fraud("m2")
        await seen.show(a_view(three_matches(2)))
        assert seen.pane.selected_match is not None
        assert seen.pane.selected_match.id == "m2"
        await seen.show(a_view(three_matches(2, 1), standing=resolving(1, Stage.DONE)))
        assert seen.pane.selected_match.id == "m2"


async def test_files_are_chosen_with_j_and_k() -> None:
    async with looking() as seen:
        await seen.show(a_view())
        seen.pane.open_tab(Tab.FILES)
        assert seen.pane.selected_file is not None
        assert seen.pane.selected_file.id == "f1"
        await seen.press("j", "j")
        assert seen.pane.selected_file.id == "f2"
        assert [message.key for message in seen.app.said if isinstance(message, FileChosen)] == ["s1/f2"]


async def test_nothing_is_selected_where_there_is_nothing() -> None:
    async with looking() as seen:
        await seen.show(DetailView(NOW))
        for tab in Tab:
            seen.pane.open_tab(tab)
            await seen.press("j", "k", "G", "g", "pagedown")
            assert "Nothing selected." in seen.text()
        assert seen.pane.selected_match is None
        assert seen.pane.selected_file is None


async def test_while_the_details_load_the_rows_facts_are_shown_on_every_tab() -> None:
    async with looking() as seen:
        await seen.show(DetailView(NOW, row=Row.of(a_detail())))
        for tab in reversed(Tab):
            seen.pane.open_tab(tab)
            await seen.pilot.pause()
            assert "Café Łąka" in seen.text()
            assert "loading the details" in seen.text()


async def test_the_head_tells_when_what_is_shown_may_not_be_true() -> None:
    async with looking() as seen:
        for state, words in (
            (DetailState.STALE, "! stale"),
            (DetailState.GONE, "! left the queue"),
            (DetailState.FULL, ""),
        ):
            await seen.show(a_view(state=state, failure=NO_ANSWER if state is DetailState.STALE else None))
            assert seen.text().split("\n")[1].endswith(words or "83 %")


async def test_raw_text_grows_as_one_scrolls_and_ends_at_its_end() -> None:
    async with looking((80, 14)) as seen:
        await seen.show(a_view(a_detail(extractedData={f"key{n}": n for n in range(3_000)})))
        seen.pane.open_tab(Tab.RAW)
        made = seen.pane.body.line_count()
        assert made < 1_000
        await seen.press("pagedown", *["pagedown"] * 12)
        assert seen.pane.body.line_count() > made
        await seen.press("G")
        assert seen.text().rstrip().endswith("}")
        await seen.press("g")
        assert seen.pane.body.top == 0


async def test_the_tabs_show_where_the_keyboard_is() -> None:
    async with looking() as seen:
        await seen.show(a_view())
        seen.app.set_focus(None)
        await seen.pilot.pause()
        without = [role for words, role in seen.pane.head.line_at(3) if words == "Overview"]
        await seen.press()
        within = [role for words, role in seen.pane.head.line_at(3) if words == "Overview"]
        assert (without, within) == ([Role.TITLE], [Role.CURSOR])


async def test_a_narrower_pane_draws_itself_anew() -> None:
    async with looking((120, 24)) as seen:
        await seen.show(a_view())
        await seen.pilot.resize_terminal(60, 24)
        await seen.pilot.pause()
        assert all(len(line) <= 60 for line in seen.text().split("\n"))
        assert "18.40 PLN" in seen.text().split("\n")[0]


async def test_the_matched_submission_is_asked_for_as_the_server_named_it_not_as_it_is_drawn() -> None:
    named = "s9\u200b"
    async with looking() as seen:
        view = a_view(a_detail(fraudMatches=[a_match(1, matchedSubmissionId=named)]))
        await seen.show(view)
        seen.pane.open_fraud("m1")
        await seen.show(replace(view, matched={"s9": the_matched()}))
        assert seen.wanted() == [named]
        assert "loading the matched submission" in seen.text()
        await seen.show(replace(view, matched={named: NOT_VISIBLE}))
        assert "the matched submission is not visible to this key" in seen.text()


async def test_a_submission_stands_until_the_next_one_is_read_and_nothing_of_it_is_chosen() -> None:
    second = a_detail("s2", fraudMatches=[])
    async with looking() as seen:
        await seen.show(a_view())
        stood, drawn = seen.text(), len(seen.app.frames)
        await seen.show(DetailView(NOW, row=Row.of(second)))
        assert seen.text() == stood, "the one before, all of it, under its own name"
        assert seen.pane.selected_match is None
        assert seen.pane.selected_file is None
        await seen.show(a_view(second))
        assert len(seen.app.frames) == drawn + 1
        assert "s2 · " in seen.text()


async def test_one_that_is_long_in_coming_has_its_own_name_and_no_value_of_another() -> None:
    async with looking() as seen:
        await seen.show(a_view())
        await seen.show(DetailView(NOW, row=Row.of(a_detail("s2"))))
        await seen.pilot.pause(2 * STANDS)
        assert "s2 · " in seen.text()
        assert "loading the details" in seen.text()
        assert "merchantName" not in seen.text()
        await seen.show(DetailView(NOW, row=Row.of(a_detail("s3"))))
        assert "s3 · " in seen.text(), "nothing of the one before stands there to be kept"


async def test_it_is_told_with_which_frame_a_submission_comes_up() -> None:
    second = a_detail("s2")
    async with looking() as seen:
        await seen.show(a_view())
        seen.app.came.clear()
        await seen.show(replace(a_view(), downloads={}))
        assert seen.app.came == [], "it is there"
        await seen.show(DetailView(NOW, row=Row.of(second)))
        assert seen.app.came == [], "nothing of it is drawn yet"
        drawn = len(seen.app.frames)
        await seen.show(a_view(second))
        assert seen.app.came == [drawn]
