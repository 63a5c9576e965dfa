"""The contract is read tolerantly, row by row; strictly only where a decision depends on it."""

from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.submissions import Detail, read_detail, read_page
from review_tui.model.wire import MOST_ROWS, UnexpectedShape, camel

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["review", "2026-03-25T10:00:00.000Z", 10**400, -(10**400), Decimal("1e9999")]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [*(name for one in fields(Detail) for name in (one.name, camel(one.name))), "submissionStatus", "data"]
)
LEAST: dict[str, Any] = {"id": "k1", "submissionStatus": "review"}


@given(st.dictionaries(FIELDS, JSON, max_size=8))
def test_whatever_the_other_fields_hold_a_submission_with_id_and_status_is_read(
    fields: dict[str, Any],
) -> None:
    detail = read_detail(fields | LEAST)
    assert (detail.id, detail.status) == ("k1", "review")
    page = read_page({"data": [fields | LEAST]})
    assert [row.id for row in page.rows] == ["k1"]
    assert page.unreadable == ()


@given(JSON)
def test_any_answer_is_read_or_refused_and_never_crashes(value: Any) -> None:
    for read in (read_page, read_detail):
        with suppress(UnexpectedShape):
            read(value)


@pytest.mark.parametrize("id_", [None, 7, "", "a b", "../x", "a/b", "é", "a" * 201, "a\n", "-a", ["a"], True])
def test_an_id_that_no_path_can_carry_is_refused(id_: object) -> None:
    with pytest.raises(UnexpectedShape, match="id"):
        read_detail(LEAST | {"id": id_})


@pytest.mark.parametrize("status", [None, 7, ["review"], {"word": "review"}])
def test_a_status_that_is_no_word_is_refused(status: object) -> None:
    with pytest.raises(UnexpectedShape, match="submissionStatus"):
        read_detail(LEAST | {"submissionStatus": status})


def test_an_unknown_word_is_kept_as_it_is() -> None:
    detail = read_detail(LEAST | {"submissionStatus": "escalated", "fraudStatus": "smelly"})
    assert (detail.status, detail.fraud_status) == ("escalated", "smelly")


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-25T10:00:00.000Z", datetime(2026, 3, 25, 10, tzinfo=UTC)),
        ("2026-03-25T12:00:00+02:00", datetime(2026, 3, 25, 10, tzinfo=UTC)),
        ("2026-03-25T10:00:00", datetime(2026, 3, 25, 10, tzinfo=UTC)),
        (1774432800, datetime(2026, 3, 25, 10, tzinfo=UTC)),
        (1774432800000, datetime(2026, 3, 25, 10, tzinfo=UTC)),
        (Decimal("1774432800000.0"), datetime(2026, 3, 25, 10, tzinfo=UTC)),
        (None, None),
        ("", None),
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59.999Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("9" * 10_000, None),
        (10**30, None),
        (-(10**400), None),
        (Decimal("1e300"), None),
        (True, None),
        ([], None),
    ],
)
def test_a_time_is_read_in_utc_or_is_absent(said: object, moment: datetime | None) -> None:
    assert read_detail(LEAST | {"updatedAt": said}).updated_at == moment


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (61, 61.0),
        (Decimal("61.5"), 61.5),
        (0, 0.0),
        (nan, None),
        (inf, None),
        (Decimal("1e9999"), None),
        (10**400, None),
        (Decimal("1e300"), None),
        ("61", None),
        (True, None),
        (None, None),
    ],
)
def test_a_score_is_a_finite_number_or_is_absent(said: object, number: float | None) -> None:
    assert read_detail(LEAST | {"fraudScore": said}).fraud_score == number


@pytest.mark.parametrize(("said", "share"), [(1, 1.0), (0.5, 0.5), (-0.1, None), (91, None), (10**308, None)])
def test_a_confidence_that_is_no_share_is_none(said: float, share: float | None) -> None:
    assert read_detail(LEAST | {"confidence": said}).confidence == share


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_that_was_read_can_be_shown_in_every_zone(said: datetime) -> None:
    moment = read_detail(LEAST | {"updatedAt": said.isoformat()}).updated_at
    if moment is not None:
        for hours in (-14, 14):
            assert moment.astimezone(timezone(timedelta(hours=hours))) == said


def test_a_list_that_never_ends_is_read_up_to_a_bound_and_the_rest_is_named() -> None:
    page = read_page({"data": [LEAST | {"id": f"k{i}"} for i in range(MOST_ROWS + 5)]})
    assert len(page.rows) == MOST_ROWS
    assert page.unreadable == ("data: 5 more than can be read",)
    matches = [{"id": f"m{i}"} for i in range(MOST_ROWS + 1)]
    assert read_detail(LEAST | {"fraudMatches": matches}).fraud_matches is None


def test_one_bad_row_of_a_hundred_leaves_ninety_nine_and_is_named() -> None:
    rows: list[Any] = [{"id": f"k{i}", "submissionStatus": "review"} for i in range(100)]
    rows[42] = {"id": "k42", "submissionStatus": "\x1b[2J", "createdAt": 7} | {"id": "\x1b[2J"}
    page = read_page({"data": rows})
    assert len(page.rows) == 99
    (line,) = page.unreadable
    assert line.startswith("data[42]: id ")
    assert line.isprintable()


def test_parts_of_a_detail_are_read_row_by_row_too() -> None:
    detail = read_detail(
        LEAST
        | {
            "files": [{"fileName": "a.pdf"}, "b.pdf"],
            "events": [{"type": "created"}, {"type": 7}, {"type": "invented_tomorrow"}],
            "fraudMatches": [{"id": "m1"}],
        }
    )
    assert [file.title for file in detail.files] == ["a.pdf"]
    assert [event.type for event in detail.events] == ["created", "invented_tomorrow"]
    assert len(detail.unreadable) == 2
    assert [match.id for match in detail.open_matches or ()] == ["m1"]


@pytest.mark.parametrize("matches", [None, "none", {}, [{"id": "m1"}, {"id": 7}]])
def test_matches_that_are_not_wholly_known_are_not_known(matches: object) -> None:
    detail = read_detail(LEAST | {"fraudMatches": matches})
    assert detail.fraud_matches is None
    assert detail.open_matches is None


@pytest.mark.parametrize(
    ("pagination", "has_more", "cursor"),
    [
        ({"hasMore": True, "nextCursor": "c"}, True, "c"),
        ({"hasMore": False, "nextCursor": None}, False, None),
        ({"hasMore": False, "nextCursor": "c"}, False, "c"),
        ({"nextCursor": "c"}, True, "c"),
        ({"hasMore": True}, True, None),
        ({"hasMore": "yes", "nextCursor": 7}, False, None),
        ({"nextCursor": ""}, False, None),
        ({"nextCursor": "c" * 5_000}, False, None),
        ({"hasMore": True, "nextCursor": "c\ud800"}, True, None),
        (None, False, None),
        ("more", False, None),
    ],
)
def test_where_a_page_leads(pagination: object, cursor: str | None, *, has_more: bool) -> None:
    page = read_page({"data": [], "pagination": pagination})
    assert (page.has_more, page.next_cursor) == (has_more, cursor)


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, {"data": None}, {"data": {}}])
def test_a_list_without_rows_is_refused(value: object) -> None:
    with pytest.raises(UnexpectedShape):
        read_page(value)
