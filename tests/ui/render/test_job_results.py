"""Results of jobs as lines: what is shown of each kind, what is found in it, and why there is none."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest

from review_tui.model.failures import Failure, FailureKind
from review_tui.model.jobs import JobKey
from review_tui.model.results import Result, view_of
from review_tui.model.wire import Json
from review_tui.ui.job_rows import Fetched
from review_tui.ui.render.growing import LINES_AT_MOST, GrowingLines
from review_tui.ui.render.job_json import KEYS_SHOWN, leaves_of, tree_lines
from review_tui.ui.render.job_results import result_lines
from review_tui.ui.render.line import Line, Role
from review_tui.workers.news import DownloadStage, ResultMoved
from tests.ui.madejobs import PULSE, UNSILOED, a_job, row_of, watched
from tests.ui.samples import HOSTILE

KEYS = {"fetch": "o", "open": "Enter", "watch": "w", "seen": "d"}
DONE = row_of(watched(a_job(PULSE, "p1", "completed")))
KEY = JobKey(PULSE, "p1")


def texts(lines: Iterable[Line]) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def told(value: Json, words: str = "", *, width: int = 60) -> list[str]:
    """The lines of a result without those that say where it is."""
    result = Result(KEY, Path("/d/p1.json"), 90, view_of(value), value)
    fetched = Fetched(ResultMoved(KEY, DownloadStage.DONE, result=result))
    return texts(result_lines(DONE, fetched, words, KEYS, width))[2:]


def of(moved: ResultMoved | None, head: str | None = None, words: str = "") -> list[str]:
    fetched = Fetched(moved, head) if moved else None
    return texts(result_lines(DONE, fetched, words, KEYS, 62))


def test_an_extraction_is_shown_by_fields_with_score_and_page() -> None:
    value: Json = {
        "data": {
            "total": {"value": Decimal("18.40"), "score": Decimal("0.97"), "page_no": 2},
            "lines": [{"value": {"what": {"value": "Chair", "score": Decimal("0.5")}}}],
            "min_confidence_score": Decimal("0.5"),
        }
    }
    lines = told(value)
    assert lines[0] == "2 fields · least sure 50 %"
    assert lines[1].split() == ["total", "✓", "97", "%", "p.", "2", "18.40"]
    assert lines[2].split() == ["lines[0].what", "✗", "50", "%", "Chair"]


def test_a_parse_is_shown_as_text_and_a_class_by_its_name() -> None:
    lines = told({"markdown": "# Invoice\n\n| a | b |\x1b[31m\n[link](javascript:x)", "page_count": 2})
    assert lines == ["text · 2 pages", "# Invoice", "", "| a | b |␛[31m", "[link](javascript:x)"]
    lines = told(
        {"classification": "receipt", "confidence": Decimal("0.91"), "total_pages": 1,
         "page_results": [{"page": 1, "classification": "receipt", "confidence": Decimal("0.91")}]}
    )  # fmt: skip
    assert lines[0] == "receipt  ✓ 91 % · 1 page"
    assert lines[1].split() == ["page", "1", "✓", "91", "%", "p.", "1", "receipt"]


def test_any_other_json_is_a_tree_that_ends_where_nobody_would_read_on() -> None:
    lines = told({"a": {"b": [1, Decimal("2.50"), None]}, "c": "x\u202ey", "d": [], "e": {}})
    assert lines == [
        "a  1 key",
        "  b  3 items",
        "    [0]: 1",
        "    [1]: 2.50",
        "    [2]: null",
        'c: "x\\u202ey"',
        "d: []",
        "e: {}",
    ]
    many = told({f"k{number}": number for number in range(KEYS_SHOWN + 41)})
    assert len(many) == KEYS_SHOWN + 1
    assert many[-1] == "… 41 more"
    assert told({"k": "y" * 130}, width=50) == [
        "k: " + '"' + "y" * 46,
        "  " + "y" * 48,
        "  " + "y" * 36 + '"',
    ]
    assert told("text alone") == ['"text alone"']


def test_json_is_never_too_deep_or_too_long() -> None:
    deep: Json = 1
    for _ in range(30_000):
        deep = {"d": deep}
    growing = GrowingLines(tree_lines(deep, 40))
    growing.reach(0)
    assert growing.count <= 200
    growing.reach(10**9)
    assert growing.count == LINES_AT_MOST + 1
    assert "only the first 10,000 lines" in texts([growing.line(LINES_AT_MOST)])[0]
    assert next(leaves_of([[[1]]])) == "[0][0][0]: 1"


def test_a_word_is_found_beyond_what_is_drawn() -> None:
    value: Json = {"rows": [{"name": f"part {number}", "ok": True} for number in range(900)]}
    assert told(value, "part 899") == ["Only what has “part 899” in it", 'rows[899].name: "part 899"']
    assert told(value, "ZEBRA")[1:] == ["“ZEBRA” stands nowhere in what is shown here."]
    assert told({"markdown": "one\ntwo\nTWO"}, "two")[1:] == ["2: two", "3: TWO"]
    assert len(told(value, "true")) == 502, "no more than anybody would read"


def test_what_is_no_json_is_shown_as_it_came() -> None:
    result = Result(KEY, Path("/d/p1.txt"), 300_000, why_no_view="the result is not JSON")
    moved = ResultMoved(KEY, DownloadStage.DONE, result=result)
    assert of(moved)[-1] == "… reading the file"
    lines = of(moved, "<html>\n\x1b]0;x\x07")
    assert lines[1] == "! Shown as it came: the result is not JSON."
    assert lines[3:] == ["<html>", "\\u001b]0;x\\u0007", "… 169 kB more in the file"]
    assert of(moved, "<html>\nyes", "yes")[-1] == "2: yes"


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        (None, "o fetches the result into a file of yours alone and shows it"),
        (ResultMoved(KEY, DownloadStage.RUNNING, 3_100_000, 8_000_000), "↓ 3.1 MB of 8.0 MB"),
        (ResultMoved(KEY, DownloadStage.RUNNING, 40), "↓ 40 B"),
        (
            ResultMoved(KEY, DownloadStage.FAILED, failure=Failure(FailureKind.GONE, "The result is gone")),
            "! The result is gone",
        ),
    ],
)
def test_how_far_a_result_has_come_is_said(moved: ResultMoved | None, said: str) -> None:
    assert of(moved)[0] == said


def test_where_there_is_no_result_the_reason_is_said() -> None:
    expired = row_of(watched(a_job(UNSILOED, "j", "failed")))
    lines = texts(result_lines(expired, None, "", KEYS, 60))
    assert lines[0] == "There is no result: the job failed."


def test_nothing_of_a_result_acts() -> None:
    hostile: Json = {HOSTILE: {HOSTILE: HOSTILE}, "data": {"x": {"value": HOSTILE}}, "markdown": HOSTILE}
    values: list[Json] = [
        hostile,
        {"markdown": HOSTILE},
        {"data": {HOSTILE: {"value": HOSTILE}}},
        {HOSTILE: [HOSTILE]},
    ]
    for value in values:
        for words in ("", "Caf", HOSTILE):
            drawn = "".join(told(value, words, width=30))
            assert drawn.isprintable(), drawn
            assert "\u202e" not in drawn
    lines = result_lines(DONE, Fetched(ResultMoved(KEY, DownloadStage.DONE)), HOSTILE, KEYS, 60)
    assert all(role in Role for line in lines for _, role in line)
