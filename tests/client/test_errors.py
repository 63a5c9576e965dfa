"""A refusal says in clean words what happened, what to do, and whether it may have counted."""

from typing import Any

import pytest

from review_tui.client.errors import (
    BadCertificate,
    BadRequest,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    KeyNotAccepted,
    LinkExpired,
    NoAnswer,
    NotFound,
    NotSent,
    RateLimited,
    Refused,
    ServerFault,
    Unreadable,
    UnsafeAddress,
    Unusable,
    WireError,
    link_expired,
    refusal,
)
from review_tui.client.problems import Problem, read_problem
from review_tui.model.failures import Failure, FailureKind, FieldProblem
from review_tui.model.text import Shown

LOOK_FIRST = "It may have been applied: look before you decide again."


def said(status: int, *, decides: bool = False, **body: Any) -> Refused:
    return refusal(status, read_problem(body), decides=decides)


def test_a_problem_is_read_in_all_its_parts() -> None:
    body = {
        "title": " Validation failed ",
        "detail": "Two fields are wrong",
        "requestId": "req_1",
        "errors": [
            {"field": "reason", "message": " must not be blank"},
            {"field": "note", "message": "long"},
        ],
    }
    assert read_problem(body) == Problem(
        "Validation failed",
        "Two fields are wrong",
        "req_1",
        (
            FieldProblem(Shown("reason"), Shown("must not be blank")),
            FieldProblem(Shown("note"), Shown("long")),
        ),
    )


@pytest.mark.parametrize("body", [None, 7, [], ["detail"], {}])
def test_a_body_that_says_nothing_is_an_empty_problem(body: Any) -> None:
    assert read_problem(body) == Problem("", "", None, ())


def test_what_is_not_as_promised_is_passed_over() -> None:
    body = {
        "title": 7,
        "detail": None,
        "requestId": 9,
        "errors": ["reason", {"field": "reason"}, {"field": 3, "message": "bad"}, {"message": "\t"}, None],
    }
    problem = read_problem(body)
    assert problem == Problem(
        fields=(FieldProblem(Shown(""), Shown("bad")), FieldProblem(Shown(""), Shown("␉")))
    )
    assert read_problem({"errors": {"field": "reason", "message": "blank"}}).fields == ()


def test_of_a_hundred_problems_twenty_are_kept() -> None:
    problem = read_problem({"errors": [{"field": f"f{n}", "message": "bad"} for n in range(100)]})
    assert [str(field.field) for field in problem.fields] == [f"f{n}" for n in range(20)]


def test_a_servers_sentence_is_clean_and_short() -> None:
    problem = read_problem({"title": "\x1b]0;x\x07", "detail": "d" * 1_000})
    assert problem.title == "␛]0;x␇"
    assert problem.detail == "d" * 300 + "… (+700)"
    assert NotSent("n" * 1_000).failure.hint == "n" * 300 + "… (+700)"


@pytest.mark.parametrize(
    ("status", "make", "kind"),
    [
        (400, BadRequest, "bad request"),
        (401, KeyNotAccepted, "key not accepted"),
        (403, Forbidden, "forbidden"),
        (404, NotFound, "not found"),
        (409, Conflict, "conflict"),
        (410, Gone, "gone"),
        (418, BadRequest, "bad request"),
        (422, Invalid, "invalid"),
        (429, RateLimited, "rate limited"),
        (499, ServerFault, "server fault"),
        (500, ServerFault, "server fault"),
        (503, ServerFault, "server fault"),
    ],
)
def test_each_status_is_an_error_of_its_own(status: int, make: type[Refused], kind: str) -> None:
    error = refusal(status, Problem(), decides=False)
    assert type(error) is make
    assert (error.failure.kind, error.failure.status) == (FailureKind(kind), status)
    assert str(error) == f"{error.failure.title}. {error.failure.hint}"


def test_no_two_kinds_of_refusal_are_told_alike() -> None:
    told = {str(said(status)) for status in (400, 401, 403, 404, 409, 410, 418, 422, 429, 500)}
    assert len(told) == 10


@pytest.mark.parametrize("status", [400, 418, 499, 500, 503])
def test_where_nothing_better_is_known_the_number_is_told(status: int) -> None:
    assert said(status).failure.hint == f"It answered {status}."


@pytest.mark.parametrize("status", [401, 403, 409, 422, 429])
def test_a_refusal_says_that_nothing_was_changed(status: int) -> None:
    assert said(status).failure.hint.startswith("Nothing was changed.")


@pytest.mark.parametrize("status", [500, 503, 408, 460, 499])
def test_a_decision_that_met_a_fault_may_have_been_applied(status: int) -> None:
    assert said(status, decides=True).failure.hint == f"It answered {status}. {LOOK_FIRST}"
    assert said(status, decides=True, detail="out of order").failure.hint == f"Out of order. {LOOK_FIRST}"
    assert LOOK_FIRST not in said(status).failure.hint


def test_a_key_that_is_not_accepted_is_told_with_where_it_came_from() -> None:
    assert said(401).failure.hint == "Nothing was changed. Check the key."
    told = refusal(401, Problem(detail="unknown key"), decides=False, key_from="STEVE_API_KEY").failure.hint
    assert told == "Unknown key. Check STEVE_API_KEY."


@pytest.mark.parametrize("status", [400, 401, 409, 422, 429])
def test_a_decision_that_was_refused_was_not_applied(status: int) -> None:
    assert LOOK_FIRST not in said(status, decides=True).failure.hint


def test_the_servers_own_words_come_first() -> None:
    assert said(409, detail="2 matches are open").failure.hint == "2 matches are open."
    assert said(409, title="Conflict").failure.hint == "Nothing was changed."
    assert said(500, title="Oh no").failure.hint == "It answered 500 (Oh no)."
    errors = [{"field": "reason", "message": "is blank"}, {"message": "note is long"}]
    error = said(422, detail="Two fields are wrong", errors=errors)
    assert error.failure.hint == "reason: is blank; note is long."
    assert [str(problem.field) for problem in error.failure.problems] == ["reason", ""]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("out of order", "Out of order."),
        ("reason: blank", "reason: blank."),
        ("totalAmount is wrong", "TotalAmount is wrong."),
        ("Stop!", "Stop!"),
        ("how so?", "How so?"),
        ("and so on…", "And so on…"),
        ("it failed (again)", "It failed (again)"),
        ("It failed.", "It failed."),
        ("  spaces  ", "Spaces."),
        ("x", "X."),
    ],
)
def test_it_is_told_as_a_sentence(words: str, sentence: str) -> None:
    assert said(409, detail=words).failure.hint == sentence
    assert NotSent(words, decides=True).failure.hint == f"{sentence} Nothing was changed."


def test_a_refusal_keeps_how_long_to_wait_and_whose_request_it_was() -> None:
    limited = refusal(429, Problem(), decides=True, request_id="ours", retry_after=41.0)
    assert (limited.failure.retry_after, limited.failure.request_id) == (41.0, "ours")
    assert (
        refusal(429, Problem(request_id="theirs"), decides=True, request_id="ours").failure.request_id
        == "theirs"
    )
    assert refusal(429, Problem(request_id=""), decides=True).failure.request_id is None
    long = refusal(429, Problem(request_id="x" * 200), decides=True).failure.request_id
    assert long == "x" * 128 + "… (+72)"


def test_a_decision_that_never_left_says_that_nothing_was_changed() -> None:
    lost = NotSent("connection refused", host="api.example.test", decides=True, request_id="r1")
    assert lost.failure == Failure(
        FailureKind.NOT_SENT,
        "Not sent: the server cannot be reached",
        "Connection refused. Nothing was changed.",
        request_id=Shown("r1"),
    )
    untrusted = BadCertificate("it has expired", host="api.example.test", decides=True, request_id="r1")
    assert isinstance(untrusted, NotSent)
    assert untrusted.failure == Failure(
        FailureKind.UNTRUSTED,
        "Not sent: the server did not prove who it is",
        "It has expired. Ask whoever runs the server; nothing was changed.",
        request_id=Shown("r1"),
    )


def test_a_reading_that_never_left_says_which_host_is_out_of_reach() -> None:
    lost = NotSent("connection refused", host="api.example.test", request_id="r1").failure
    assert lost == Failure(
        FailureKind.NOT_SENT,
        "Not reachable: api.example.test",
        "Connection refused.",
        request_id=Shown("r1"),
    )
    assert NotSent("refused").failure.title == "The server cannot be reached"
    assert BadCertificate("expired", host="api.example.test").failure.title == "Not trusted: api.example.test"
    for far in (NotSent("refused", host="h" * 100), BadCertificate("expired", host="h" * 100)):
        assert far.failure.title.endswith(f": {'h' * 80}… (+20)")
    assert BadCertificate("expired").failure.title == "The server did not prove who it is"


def test_a_lost_answer_of_a_decision_says_to_look_first() -> None:
    lost = NoAnswer("too slow", decides=True, request_id="r1").failure
    assert lost == Failure(
        FailureKind.NO_ANSWER, "No answer from the server", f"Too slow. {LOOK_FIRST}", request_id=Shown("r1")
    )
    assert NoAnswer("too slow", decides=False).failure.hint == "Too slow."
    odd = Unreadable("it is HTML", status=200, request_id="r1", decides=True).failure
    assert odd == Failure(
        FailureKind.UNREADABLE,
        "The server's answer could not be read",
        f"It is HTML. {LOOK_FIRST}",
        status=200,
        request_id=Shown("r1"),
    )
    assert Unreadable("it is HTML").failure.hint == "It is HTML."


def test_what_was_refused_on_this_machine_says_why() -> None:
    error = UnsafeAddress("Plain http", "use https://")
    assert isinstance(error, Unusable | ValueError)
    assert error.failure == Failure(FailureKind.LOCAL, "Plain http", "use https://")
    assert (str(error), str(Unusable("Plain http"))) == ("Plain http. use https://", "Plain http")
    assert error.args == (error.failure,)


def test_an_expired_link_says_how_to_get_a_fresh_one() -> None:
    error = link_expired(403)
    assert type(error) is LinkExpired
    assert isinstance(error, Gone)
    assert isinstance(error, WireError)
    assert error.failure == Failure(
        FailureKind.GONE,
        "The file's link is no longer valid",
        "Read the submission again for a fresh one.",
        status=403,
    )
