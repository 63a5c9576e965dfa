"""Only reads are asked again, only where it may help, and never for as long as a server pleases."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.client.errors import (
    BadCertificate,
    NoAnswer,
    NotSent,
    Unreadable,
    UnusableId,
    WireError,
    link_expired,
    refusal,
)
from review_tui.client.problems import Problem
from review_tui.client.retry import READ_ATTEMPTS, RETRY_AFTER_CAP, delay_before_retry, http_date, retry_after

NOW = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)


def refused(status: int, wait: float | None = None) -> WireError:
    return refusal(status, Problem(), decides=False, retry_after=wait)


HELPS = [NotSent("x"), NoAnswer("x", decides=False), refused(500), refused(503), refused(429, 1.0)]
FUTILE = [
    BadCertificate("x"),
    Unreadable("x"),
    UnusableId("x"),
    link_expired(403),
    refused(503, 60.0),
    refused(429),
    refused(429, 41.0),
    *(refused(status) for status in (400, 401, 403, 404, 409, 410, 418, 422)),
]


@pytest.mark.parametrize("error", HELPS, ids=repr)
def test_a_read_is_asked_again_a_little_later_each_time_and_then_no_more(error: WireError) -> None:
    delays = [delay_before_retry(error, attempt) for attempt in range(1, READ_ATTEMPTS + 2)]
    asked = [delay for delay in delays if delay is not None]
    assert len(asked) == READ_ATTEMPTS - 1
    assert delays[READ_ATTEMPTS - 1 :] == [None, None]
    assert asked == sorted(asked)
    assert 0 < asked[0] <= asked[-1] <= 3
    assert asked[0] >= (error.failure.retry_after or 0)


@pytest.mark.parametrize("error", FUTILE, ids=repr)
def test_what_would_get_the_same_answer_is_not_asked_again(error: WireError) -> None:
    assert delay_before_retry(error, 1) is None


@pytest.mark.parametrize("error", [*HELPS, *FUTILE], ids=repr)
def test_a_decision_is_never_repeated(error: WireError) -> None:
    assert delay_before_retry(error, 1, method="POST") is None


def test_the_second_wait_is_three_times_the_first() -> None:
    waits = [delay_before_retry(NotSent("x"), attempt) for attempt in (1, 2, 3)]
    assert waits == [0.25, 0.75, None]
    assert delay_before_retry(NotSent("x"), 2, spread=1.0) == 1.5


@pytest.mark.parametrize("status", [429, 503])
def test_what_a_server_asks_for_is_kept_to_the_second_up_to_a_persons_patience(status: int) -> None:
    assert delay_before_retry(refused(status, 3.0), 1) == 3.0
    assert delay_before_retry(refused(status, 3.1), 1) is None
    assert delay_before_retry(refused(status, 0.5), 2) == 0.75
    assert delay_before_retry(refused(status, 0.5), 1) == 0.5
    assert delay_before_retry(refused(503), 1) == 0.25


@given(st.floats(0, 1))
def test_consoles_come_back_apart(spread: float) -> None:
    delay = delay_before_retry(NotSent("x"), 1, spread=spread)
    assert delay is not None
    assert 0.25 <= delay <= 0.5


@given(st.text() | st.from_regex(r"-?[0-9]{0,30}(\.[0-9]*)?([eE][+-]?[0-9]+)?", fullmatch=True))
def test_no_header_makes_a_wait_that_is_not_a_short_number(text: str) -> None:
    seconds = retry_after(text, NOW)
    assert seconds is None or 0.0 <= seconds <= RETRY_AFTER_CAP


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        (" 7\t", 7.0),
        ("120", 120.0),
        ("121", 120.0),
        ("999999999999", 120.0),
        ("9" * 5_000, None),
        ("-1", None),
        ("1.5", None),
        ("1e3", None),
        ("٣", None),
        ("²", None),
        ("NaN", None),
        ("inf", None),
        ("Infinity", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("7, 8", None),
        ("7\n", None),
        ("X7", None),
        ("Wed, 25 Mar 2026 12:00:30 GMT", 30.0),
        ("Wed, 25 Mar 2026 11:00:00 GMT", 0.0),
        ("Fri, 25 Mar 2126 12:00:00 GMT", 120.0),
        ("Wednesday, 25-Mar-26 12:00:30 GMT", 30.0),
        ("Wed Mar 25 12:00:30 2026", 30.0),
        ("Wed, 25 Mar 2026 14:00:30 +0200", 30.0),
        ("Wed, 25 Mar 2026 12:00:30 -0000", 30.0),
        ("25 Mar 2026 12:00:30 GMT", None),
        ("Wed, 25 Mar 2026 12:00:30 GMT" + " " * 11 + "x", None),
        ("000000000007", 7.0),
        ("0000000000007", None),
        ("Wed, 99 Foo 2026 12:00:30 GMT", None),
        ("Wed, 25 Mar 99999 12:00:30 GMT", None),
    ],
)
def test_what_a_server_may_ask_for(text: str | None, seconds: float | None) -> None:
    assert retry_after(text, NOW) == seconds


@given(st.integers(-10_000, 10_000))
def test_a_date_is_as_good_as_its_seconds(offset: int) -> None:
    text = format_datetime(NOW + timedelta(seconds=offset), usegmt=True)
    assert retry_after(text, NOW) == min(max(offset, 0), RETRY_AFTER_CAP)
    assert http_date(text) == NOW + timedelta(seconds=offset)
