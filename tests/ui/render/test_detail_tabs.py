"""What each tab says: the worst first, exact, and never more certain than the server."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from review_tui.model.decisions import Intent, Stage, Standing
from review_tui.model.extraction import FIELDS_SHOWN
from review_tui.model.failures import FieldProblem
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Verb
from review_tui.model.text import Shown
from review_tui.ui.detail_view import DetailState, DetailView, Tab
from review_tui.ui.render.events import events_lines
from review_tui.ui.render.fields import fields_sheet
from review_tui.ui.render.files import files_sheet
from review_tui.ui.render.fraud import fraud_sheet
from review_tui.ui.render.head import head_lines
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.overview import overview_lines
from review_tui.ui.render.wrapping import cells
from review_tui.workers.news import DownloadMoved, DownloadStage
from tests.ui.samples import (
    NO_ANSWER,
    NOW,
    a_detail,
    a_hostile_detail,
    a_match,
    a_view,
    the_matched,
)


def text(lines: list[Line]) -> str:
    return "\n".join("".join(piece for piece, _ in line) for line in lines)


def said(lines: list[Line], words: str) -> Role:
    """Return the role in which these words are said."""
    return next(role for line in lines for piece, role in line if words in piece)


def drawn(view: DetailView, width: int) -> dict[str, list[Line]]:
    """Draw everything there is of a view, by what it is."""
    assert view.detail is not None
    return {
        "head": head_lines(view, Tab.OVERVIEW, width),
        "overview": overview_lines(view, width),
        "fields": fields_sheet(view, None, width).lines,
        "fraud": fraud_sheet(view, "m1", width).lines,
        "events": events_lines(view.detail, width, view.now),
        "files": files_sheet(view.detail, view.downloads, "f1", width, view.now).lines,
    }


def standing(stage: Stage, words: str) -> Standing:
    return Standing(Intent(Verb.APPROVE, "s1", NOW, request_id="q1"), stage, words)


class TestOverview:
    """The overview."""

    def test_what_needs_a_person_comes_before_the_facts(self) -> None:
        words = text(overview_lines(a_view(standing=standing(Stage.REFUSED, "2 matches first")), 72))
        places = [
            words.index(part)
            for part in (
                "2 matches first",
                "2 open fraud matches",
                "2 of 9 fields to check",
                "Flat",
                "handed in",
            )
        ]
        assert places == sorted(places)

    def test_the_least_sure_field_comes_first_and_none_is_told_twice(self) -> None:
        words = text(overview_lines(a_view(), 72))
        assert words.index("✗ 55 % doubtful  date") < words.index("~ 74 % unsure    taxId")
        assert words.count("2026-03-24") == 1

    def test_in_a_high_window_fields_stand_in_their_own_order_and_those_to_check_are_marked(self) -> None:
        lines = overview_lines(a_view(), 72, 30)
        words = text(lines)
        places = [words.index(part) for part in ("merchantName", "totalAmount", "✗ 55 % doubtful  date")]
        assert places == sorted(places)
        assert "✓                merchantName" in words, "a number is said only where somebody is to look"
        assert "lineItems[0]      Flat white · 9" in words

    def test_facts_stand_at_the_foot_of_a_high_window_whatever_is_above(self) -> None:
        def foot(**changes: Any) -> int:
            words = text(overview_lines(a_view(a_detail(**changes)), 72, 40))
            return words[: words.index("handed in")].count("\n")

        assert foot() == foot(extractedData={"merchantName": "B"}) == foot(fraudMatches=[])

    def test_where_a_field_to_check_would_be_out_of_sight_those_to_check_come_first(self) -> None:
        fields = {f"a{number}": "long " * 60 for number in range(6)}
        data = {name: {"value": value, "confidence": 0.99} for name, value in fields.items()}
        data["last"] = {"value": "x", "confidence": 0.5}
        words = text(overview_lines(a_view(a_detail(extractedData=data)), 72, 20))
        assert words.index("last") < words.index("a0")

    def test_matches_that_could_not_be_read_are_not_taken_for_none(self) -> None:
        lines = overview_lines(a_view(a_detail(fraudMatches=None)), 72)
        assert said(lines, "could not be read") is Role.WARN

    def test_what_could_not_be_read_is_named(self) -> None:
        lines = overview_lines(a_view(a_detail(events=["nonsense"])), 72)
        assert "! not readable: events[0]" in text(lines)

    def test_a_failure_says_what_to_do_and_whom_to_ask(self) -> None:
        failure = replace(NO_ANSWER, problems=(FieldProblem(Shown.of("limit"), Shown.of("too high")),))
        words = text(overview_lines(DetailView(NOW, a_view().row, None, DetailState.FAILED, failure), 72))
        for part in (
            "No answer from the server",
            "may be busy",
            "limit: too high",
            "req_7f3a",
            "R asks again",
        ):
            assert part in words

    def test_the_reason_is_shown_with_its_line_breaks(self) -> None:
        detail = a_detail(submissionStatus="rejected", rejectReason="not legible")
        assert "Reason: not legible" in text(overview_lines(a_view(detail), 72))

    def test_times_are_in_the_zone_of_now(self) -> None:
        lisbon = timezone(timedelta(hours=2), "EET")
        words = text(overview_lines(a_view(now=NOW.astimezone(lisbon)), 72))
        assert "handed in    2026-03-25 12:00 EET" in words


class TestFields:
    """The extracted fields."""

    def test_glyph_and_number_say_how_sure_the_machine_is(self) -> None:
        lines = fields_sheet(a_view(a_detail()), None, 72).lines
        assert (said(lines, "✓ 97 % sure"), said(lines, "~ 74 % unsure"), said(lines, "✗ 55 % doubtful")) == (
            Role.GOOD,
            Role.WARN,
            Role.BAD,
        )

    def test_those_to_check_come_first_and_the_rest_as_received(self) -> None:
        words = text(fields_sheet(a_view(), None, 72).lines)
        names = ["date", "taxId", "merchantName", "totalAmount", "currency", "lineItems[0].name"]
        assert [words.index(name) for name in names] == sorted(words.index(name) for name in names)

    def test_the_limits_are_those_of_the_workflow(self) -> None:
        view = a_view(doubts=DoubtLimits(doubtful=0.5, sure=0.6))
        words = text(fields_sheet(view, None, 72).lines)
        assert "1 field to check first" in words
        assert "~ 55 % unsure" in words
        assert "✓ 74 % sure" in words

    def test_it_is_said_how_many_of_them_were_checked(self) -> None:
        none, one = a_view(), a_view(checked=frozenset({"date", "totalAmount"}))
        assert "2 fields to check first  0 of 2 checked" in text(fields_sheet(none, None, 72).lines)
        sheet = fields_sheet(one, "date", 72)
        assert "1 of 2 checked" in text(sheet.lines)
        assert text(sheet.lines[sheet.top : sheet.bottom + 1]).startswith("▸ ✗ 55 % doubtful")

    def test_where_only_the_whole_has_a_confidence_that_is_said(self) -> None:
        words = text(fields_sheet(a_view(a_detail(extractedData={"merchantName": "Café"})), None, 72).lines)
        assert "~ 83 % for the whole; none for single fields" in words

    def test_what_is_not_listed_is_counted(self) -> None:
        detail = a_detail(extractedData={f"key{n}": n for n in range(FIELDS_SHOWN + 50)})
        assert "+ 50 more, not listed" in text(fields_sheet(a_view(detail), None, 72).lines)

    def test_a_nested_name_that_is_too_long_keeps_its_end(self) -> None:
        detail = a_detail(extractedData={"lineItems": [{"descriptionOfTheGoods": "x"}]})
        assert "…iptionOfTheGoods" in text(fields_sheet(a_view(detail), None, 44).lines)

    @pytest.mark.parametrize("data", [None, {}, [], "text", 7])
    def test_nothing_extracted_is_said(self, data: Any) -> None:
        assert "Nothing was extracted" in text(
            fields_sheet(a_view(a_detail(extractedData=data)), None, 72).lines
        )


class TestFraud:
    """The fraud matches."""

    def test_the_chosen_match_is_unfolded_beside_its_submission(self) -> None:
        sheet = fraud_sheet(a_view(a_detail(), matched={"s9": the_matched()}), "m2", 76)
        words = text(sheet.lines)
        for part in ("Cafe Laka · 18.40 PLN", "✓ synced", "2 = equal · 2 ≈ near", "∅ only there  cashier"):
            assert part in words
        assert "▸ ▲ open            similar data       71  s9" in text(sheet.lines[sheet.top : sheet.top + 1])
        assert sheet.bottom == len(sheet.lines) - 2

    @pytest.mark.parametrize(
        ("distance", "words"),
        [(0, "identical (perceptual"), (1, "in 1 bit)"), (5, "nearly identical"), (9, "are alike")],
    )
    def test_a_pictures_distance_is_explained(self, distance: int, words: str) -> None:
        match = a_match(1, details={"distance": distance, "fileIndex": 0, "matchedFileIndex": 1})
        lines = fraud_sheet(a_view(a_detail(fraudMatches=[match])), "m1", 400).lines
        assert "file 1 (receipt-front.jpg) here, file 2 there" in text(lines)
        assert words in text(lines)

    @pytest.mark.parametrize(
        "details", [None, [], {}, {"distance": True, "fileIndex": -1}, {"distance": "3"}]
    )
    def test_a_distance_that_makes_no_sense_is_not_made_up(self, details: Any) -> None:
        lines = fraud_sheet(a_view(a_detail(fraudMatches=[a_match(1, details=details)])), "m1", 72).lines
        assert "distance is not said" in text(lines)

    def test_a_value_that_is_the_same_on_both_sides_is_said_once(self) -> None:
        lines = fraud_sheet(a_view(a_detail(), matched={"s9": the_matched()}), "m1", 90).lines
        (total,) = [line for line in text(lines).split("\n") if "totalAmount" in line]
        assert total.split() == ["=", "equal", "totalAmount", "18.40"]

    @pytest.mark.parametrize("width", [76, 118])
    def test_what_differs_in_a_near_value_is_marked_on_both_sides(self, width: int) -> None:
        lines = fraud_sheet(a_view(matched={"s9": the_matched()}), "m2", width).lines
        marked = [[piece for piece, role in line if role is Role.DIFFERS] for line in lines]
        assert [one for one in marked if one] == (
            [["é", "Łą"], ["e", "La"], ["4"], ["1"]] if width == 76 else [["é", "Łą", "e", "La"], ["4", "1"]]
        )

    def test_values_stand_under_each_other_where_columns_would_be_too_narrow(self) -> None:
        stacked = text(fraud_sheet(a_view(matched={"s9": the_matched()}), "m2", 76).lines).split("\n")
        first = next(index for index, line in enumerate(stacked) if "≈ near 86 %" in line)
        assert stacked[first].endswith("merchantName        this one Café Łąka")
        assert stacked[first + 1].strip() == "matched  Cafe Laka"
        columns = text(fraud_sheet(a_view(matched={"s9": the_matched()}), "m2", 118).lines)
        assert "this one" in columns
        assert any("Café Łąka" in line and "Cafe Laka" in line for line in columns.split("\n"))

    def test_marks_stay_with_their_characters_where_a_value_is_broken(self) -> None:
        ours = a_detail(extractedData={"merchantName": "Green Hills Trading Company of Warsaw and Gdynia"})
        theirs = a_detail(
            "s9", extractedData={"merchantName": "Green Hills Trading Company of Warsaw and Gdynja"}
        )
        lines = fraud_sheet(a_view(ours, matched={"s9": theirs}), "m1", 76).lines
        assert [piece for line in lines for piece, role in line if role is Role.DIFFERS] == ["i", "j"]

    def test_a_judged_match_says_by_whom_when_and_why(self) -> None:
        match = a_match(
            1,
            resolution="confirmed_fraud",
            note="same card",
            resolvedBy={"name": "Ewa"},
            resolvedAt="2026-03-25T12:03:00Z",
        )
        lines = fraud_sheet(
            a_view(a_detail(fraudMatches=[match]), matched={"s9": the_matched()}), "m1", 72
        ).lines
        assert said(lines, "■ confirmed fraud") is Role.BAD
        assert "judged by Ewa, 2026-03-25 12:03" in text(lines)
        assert "note: same card" in text(lines)

    def test_an_unknown_kind_and_an_unknown_judgement_are_shown_as_they_are(self) -> None:
        match = a_match(1, type="voice_print", resolution="needs_second_look", details={"hertz": 440})
        words = text(fraud_sheet(a_view(a_detail(fraudMatches=[match])), "m1", 72).lines)
        assert "voice print" in words
        assert "? needs second l" in words
        assert "hertz: 440" in words

    def test_no_match_and_unread_matches_look_different(self) -> None:
        none = fraud_sheet(a_view(a_detail(fraudMatches=[])), None, 72).lines
        unread = fraud_sheet(a_view(a_detail(fraudMatches=None)), None, 72).lines
        assert said(none, "No fraud match was found") is Role.GOOD
        assert said(unread, "could not be read") is Role.BAD


class TestEvents:
    """The events."""

    def test_they_stand_under_their_days_newest_first(self) -> None:
        words = text(events_lines(a_detail(), 72, NOW))
        parts = ["2026-03-25", "10:05:20", "10:05:10", "2026-03-24", "23:59:59"]
        assert [words.index(part) for part in parts] == sorted(words.index(part) for part in parts)
        assert "till 4" in words

    def test_a_message_that_only_repeats_its_type_is_said_once(self) -> None:
        events = [
            {"type": "files_uploaded", "message": "Files uploaded."},
            {"type": "approved", "message": "Approved automatically"},
        ]
        words = text(events_lines(a_detail(events=events), 72, NOW))
        assert words.casefold().count("files uploaded") == 1
        assert "Approved automatically" in words

    def test_an_unknown_type_and_a_missing_time_are_no_trouble(self) -> None:
        words = text(events_lines(a_detail(events=[{"type": "sent_to_mars", "actor": None}]), 72, NOW))
        assert "without a time" in words
        assert "sent to mars" in words

    def test_that_the_server_tells_no_more_than_a_hundred_is_said(self) -> None:
        words = text(events_lines(a_detail(events=[{"type": "created"}] * 100), 72, NOW))
        assert "at most 100" in words

    def test_no_event_is_said(self) -> None:
        assert "Nothing is recorded yet." in text(events_lines(a_detail(events=[]), 72, NOW))


class TestFiles:
    """The files."""

    def moved(self, stage: DownloadStage, **changes: Any) -> str:
        download = DownloadMoved("s1/f1", "s1-receipt-front.jpg", stage, **changes)
        return text(files_sheet(a_detail(), {"s1/f1": download}, "s1/f1", 72, NOW).lines)

    def test_they_say_type_size_label_and_how_long_the_link_lives(self) -> None:
        words = text(files_sheet(a_detail(), {}, "s1/f1", 100, NOW).lines)
        assert "image/jpeg · 183 kB · front · link until 13:00" in words
        assert "application/pdf · 20.5 kB · invoice · link is over; o asks for a new one" in words

    def test_a_download_is_told_on_its_line(self) -> None:
        assert "↓  45 % of 183 kB" in self.moved(DownloadStage.RUNNING, done=82_549, total=183_442)
        assert "↓ 20.5 kB" in self.moved(DownloadStage.RUNNING, done=20_480)
        done = self.moved(DownloadStage.DONE, done=9, total=9, path=Path("/d/receipt-front-2.jpg"))
        assert "✓ saved" in done
        assert "saved as /d/receipt-front-2.jpg" in done
        odd = self.moved(DownloadStage.DONE, path=Path("/d/a.jpg"), note="it is called JPEG but is markup")
        assert "! it is called JPEG but is markup" in odd
        failed = self.moved(DownloadStage.FAILED, failure=NO_ANSWER)
        assert "✗ not saved" in failed
        assert "No answer from the server. It may be busy" in failed

    def test_a_file_without_anything_has_a_line_all_the_same(self) -> None:
        words = text(files_sheet(a_detail(files=[{}]), {}, "s1#0", 72, NOW).lines)
        assert "(unnamed)" in words
        assert "type not said · – · no link" in words

    def test_no_file_is_said(self) -> None:
        assert "No file was uploaded." in text(files_sheet(a_detail(files=[]), {}, None, 72, NOW).lines)


class TestHead:
    """The head."""

    def test_it_never_changes_its_height(self) -> None:
        for view in (DetailView(NOW), a_view(), a_view(a_hostile_detail()), DetailView(NOW, a_view().row)):
            assert len(head_lines(view, Tab.RAW, 72)) == 4

    def test_what_the_detail_says_counts_more_than_the_queues_row(self) -> None:
        view = a_view(a_detail(submissionStatus="approved"), row=a_view().row)
        assert "✓ approved" in text(head_lines(view, Tab.OVERVIEW, 72))

    def test_tabs_give_way_in_a_narrow_pane_but_open_matches_stay_counted(self) -> None:
        for width in (40, 50, 60, 72):
            line = head_lines(a_view(), Tab.OVERVIEW, width)[3]
            assert cells(line) <= width
            assert "Fraud ▲2" in text([line])

    def test_an_altered_name_is_badged(self) -> None:
        assert said(head_lines(a_view(a_detail(clientSubmissionId="a\u202eb")), Tab.RAW, 72), "! altered")

    def test_a_decision_under_way_is_said_at_once(self) -> None:
        view = a_view(standing=standing(Stage.SENDING, "Approving …"))
        assert said(head_lines(view, Tab.OVERVIEW, 72), "… sending") is Role.ACCENT


@pytest.mark.parametrize("width", [50, 58, 76, 138])
@pytest.mark.parametrize("detail", [a_detail(), a_hostile_detail()], ids=["full", "hostile"])
def test_no_line_is_wider_than_the_pane_and_nothing_in_it_can_act(detail: Any, width: int) -> None:
    view = a_view(detail, matched={"s9": the_matched(extractedData={"a": "\x1b[2J"})})
    for what, lines in drawn(view, width).items():
        for line in lines:
            assert cells(line) <= width, (what, line)
            assert all(piece.isprintable() for piece, _ in line), (what, line)


def test_the_overview_does_not_change_by_time_alone() -> None:
    later = datetime.fromtimestamp(NOW.timestamp() + 60, NOW.tzinfo)
    assert overview_lines(a_view(), 72) == overview_lines(a_view(now=later), 72)
