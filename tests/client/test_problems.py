"""What a refusal says of itself is read in each shape in which the three systems say it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review_tui.client.errors import (
    BadRequest,
    Invalid,
    NotFound,
    RateLimited,
    Refused,
    ServerFault,
    UsageExceeded,
    refusal,
)
from review_tui.client.problems import Problem, problem_in, read_problem
from review_tui.client.retry import delay_before_retry
from review_tui.model.failures import FieldProblem
from review_tui.model.text import Shown
from tests.model.test_results import DEEP, is_harmless

MANY = {"error": {"code": "AUTH_002", "message": "Invalid key", "details": {"hint": "x"}}}
QUEUE_FULL = {
    "error": {"code": "SERVICE_UNAVAILABLE", "message": "Try later", "details": {"reason": "queue_full"}}
}
GONE = {
    "error": "Job not found",
    "details": {"error_type": "JobNotFound", "message": "Cleaned up", "job_id": "j1"},
    "suggestions": ["Check the id", "Look sooner!", "Ask somebody"],
}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"title": "Conflict", "detail": "It is approved"}, Problem("Conflict", "It is approved")),
        (MANY, Problem(detail="Invalid key", code="AUTH_002")),
        ({"error": {"code": "RESULT_001"}}, Problem(code="RESULT_001")),
        ({"error": "Internal error"}, Problem(detail="Internal error")),
        ({"detail": "Not Found"}, Problem(detail="Not Found")),
        ({"detail": {"message": "No such job"}}, Problem(detail="No such job")),
        (QUEUE_FULL, Problem(detail="Try later", code="SERVICE_UNAVAILABLE", reason="queue_full")),
        (
            {"error": "rate_limit_exceeded", "message": "Slow down", "retry_after": 41},
            Problem(detail="Slow down", code="rate_limit_exceeded", retry_after=41.0),
        ),
        (
            {"error": {"code": "RATE_001", "message": "Slow", "details": {"retry_after": 7}}},
            Problem(detail="Slow", code="RATE_001", retry_after=7.0),
        ),
        (GONE, Problem(detail="Cleaned up. Check the id. Look sooner!", code="JobNotFound")),
        ("Something went wrong", Problem(detail="Something went wrong")),
        ({"message": "No pages"}, Problem(detail="No pages")),
        ({"request_id": "r1"}, Problem(request_id="r1")),
    ],
)
def test_each_shape_says_what_it_says(body: Any, problem: Problem) -> None:
    assert read_problem(body) == problem
    assert problem_in(json.dumps(body).encode(), "application/json") == problem


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (["query", "limit"], "limit"),
        (["body", "file", 0, "name"], "file.0.name"),
        (["query"], "query"),
        (["limit"], "limit"),
        ([], ""),
        (None, ""),
    ],
)
def test_a_list_of_what_is_wrong_names_its_fields(where: object, name: str) -> None:
    problem = read_problem(
        {"detail": [{"loc": where, "msg": "is too large", "type": "x"}, 7, {"loc": ["a"]}]}
    )
    assert problem == Problem(fields=(FieldProblem(Shown(name), Shown("is too large")),))


@pytest.mark.parametrize("seconds", [-1, 10**10, True, "7", None, [7]])
def test_a_wait_that_is_none_is_passed_over(seconds: object) -> None:
    assert read_problem({"error": "x", "message": "y", "retry_after": seconds}).retry_after is None


@pytest.mark.parametrize(
    ("content", "kind", "detail"),
    [
        (b"Usage limit exceeded", "text/plain; charset=utf-8", "Usage limit exceeded"),
        (b" Bad Gateway\n", None, "Bad Gateway"),
        (b"upstream error", "application/json", "upstream error"),
        (b"<html>oops</html>", "text/html", ""),
        (b"<html>oops</html>", "text/plain", ""),
        (b"oops", "text/html", ""),
        (b'{"detail": "cut', "application/json", ""),
        (b"\xff\xfe", "text/plain", "��"),
        (b'{"detail": "It is there"}', "text/html", "It is there"),
    ],
)
def test_plain_words_count_and_markup_does_not(content: bytes, kind: str | None, detail: str) -> None:
    problem = problem_in(content, kind)
    assert problem.detail == detail
    assert problem.said == Shown.of(content.decode(errors="replace").strip(), lines=True)


def test_the_whole_body_is_there_for_whoever_wants_it() -> None:
    said = problem_in(b'{"detail": "a",\n "x": "\\u001b[31m"}', "application/json").said
    assert said == '{"detail": "a",\n "x": "\\u001b[31m"}'
    error = refusal(400, problem_in(b"a\x1b[31mb", "text/plain"), decides=False)
    assert error.failure.said == "a␛[31mb"
    assert problem_in(b"  ", "text/plain") == Problem()


@pytest.mark.parametrize(
    ("status", "detail", "make"),
    [
        (429, "Usage limit exceeded", UsageExceeded),
        (429, "usage limits apply to this plan", UsageExceeded),
        (429, "Too many requests", RateLimited),
        (429, "", RateLimited),
        (422, "Usage limit", Invalid),
        (404, "Usage limit", NotFound),
        (400, "", BadRequest),
        (503, "Usage limit", ServerFault),
    ],
)
def test_what_is_used_up_is_told_from_what_comes_back(status: int, detail: str, make: type[Refused]) -> None:
    error = refusal(status, Problem(detail=detail), decides=False, retry_after=1.0)
    assert type(error) is make
    assert (delay_before_retry(error, 1) is not None) is (make in {RateLimited, ServerFault})
    assert error.failure.stops_polling is (make is UsageExceeded)


@settings(max_examples=60)
@given(DEEP | st.dictionaries(st.sampled_from(["error", "detail", "details", "message", "errors"]), DEEP))
def test_whatever_a_refusal_says_it_is_clean_and_short(said: object) -> None:
    problem = read_problem(said)
    for text in (problem.title, problem.detail, problem.code, problem.reason):
        assert is_harmless(text)
        assert len(text) < 1_000
