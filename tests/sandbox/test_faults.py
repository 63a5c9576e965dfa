"""What goes wrong on demand, by script and by header, before and after a request took effect."""

import json
import time

import pytest

from review_tui.sandbox.faults import KINDS, ConnectionDropped, Fault, parse_header
from review_tui.sandbox.problems import Problem
from review_tui.sandbox.state import Sandbox
from tests.sandbox import rows
from tests.sandbox.asking import Answer, Caller

LIST = "/api/v1/submissions"


def status_of(caller: Caller, identifier: str) -> str:
    return str(caller.get(f"{LIST}/{identifier}").json["data"]["submissionStatus"])


def approve(caller: Caller, identifier: str, fault: str) -> Answer:
    return caller.post(f"{LIST}/{identifier}/approve", X_Sandbox_Fault=fault)


@pytest.mark.parametrize(
    ("fault", "status", "becomes"),
    [
        ("status=500", 500, "review"),
        ("status=500;after", 500, "approved"),
        ("status=429", 429, "review"),
        ("status=503;after", 503, "approved"),
        ("html", 502, "review"),
        ("html=200;after", 200, "approved"),
        ("redirect=https://elsewhere.invalid/", 307, "review"),
        ('body={"data": []}', 200, "review"),
        ("truncated", 200, "approved"),
        ("wrong_id", 200, "approved"),
        ("slow_body=0.001", 200, "approved"),
        ("delay=0.01", 200, "approved"),
    ],
)
def test_an_answer_goes_wrong_before_or_after_the_request_took_effect(
    caller: Caller, sandbox: Sandbox, fault: str, status: int, becomes: str
) -> None:
    identifier = rows.submission(sandbox)
    answer = approve(caller, identifier, fault)
    assert answer.status == status
    assert answer.headers["request-id"]
    assert answer.headers["x-ratelimit-limit"]
    assert status_of(caller, identifier) == becomes


@pytest.mark.parametrize(
    ("fault", "becomes"), [("drop", "review"), ("drop;after", "approved"), ("cut_off", "approved")]
)
def test_a_connection_drops_before_or_after(
    caller: Caller, sandbox: Sandbox, fault: str, becomes: str
) -> None:
    """Without a socket to close, the application raises what a transport turns into a reset."""
    identifier = rows.submission(sandbox)
    with pytest.raises(ConnectionDropped):
        approve(caller, identifier, fault)
    assert sandbox.seen[-1].status is None
    assert status_of(caller, identifier) == becomes


def test_what_each_answer_looks_like(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox)
    path = f"{LIST}/{identifier}"
    whole = caller.get(path)
    cut = caller.get(path, X_Sandbox_Fault="truncated")
    assert cut.body == whole.body[: len(whole.body) // 2]
    assert cut.headers["content-length"] == str(len(cut.body))
    page = caller.get(path, X_Sandbox_Fault="html=200")
    assert page.headers["content-type"].startswith("text/html")
    assert page.body.startswith(b"<!doctype html>")
    other = caller.get(path, X_Sandbox_Fault="wrong_id").json["data"]
    assert other["id"] not in (identifier, None)
    assert other["submissionStatus"] == "review"
    slow = caller.get(path, X_Sandbox_Fault="slow_body=0.0001")
    assert slow.body == whole.body
    refused = caller.get(path, X_Sandbox_Fault="status=429")
    assert (refused.slug, refused.headers["retry-after"]) == ("rate-limit-exceeded", "2")
    assert caller.get(path, X_Sandbox_Fault="redirect=https://a.invalid/").headers["location"] == (
        "https://a.invalid/"
    )
    assert caller.get(path, X_Sandbox_Fault="body=[1e999]").body == b"[1e999]"


def test_a_delay_is_as_long_as_it_says(caller: Caller) -> None:
    start = time.monotonic()
    assert caller.get(LIST, X_Sandbox_Fault="status=500;delay=0.05").status == 500
    assert time.monotonic() - start >= 0.05


def test_a_script_hits_its_route_so_many_times(caller: Caller, sandbox: Sandbox) -> None:
    fault = {"kind": "status", "method": "POST", "path": f"{LIST}/*/approve", "times": 2, "value": 500}
    added = caller.post("/sandbox/faults", fault)
    assert added.status == 200
    assert added.json["data"][0]["times"] == 2
    identifier = rows.submission(sandbox)
    assert caller.get(f"{LIST}/{identifier}").status == 200
    assert caller.post(f"{LIST}/{identifier}/cancel", {"reason": " "}).status == 422
    answers = [caller.post(f"{LIST}/{identifier}/approve").status for _ in range(3)]
    assert answers == [500, 500, 200]
    assert [seen.fault for seen in sandbox.seen if seen.path.endswith("approve")] == [
        "status",
        "status",
        None,
    ]
    assert caller.get("/sandbox/faults").json["data"] == []


def test_a_script_is_played_in_order_and_can_be_taken_back(caller: Caller, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("status", value="500"))
    sandbox.faults.add(Fault("status", value="429", times=5))
    assert [caller.get(LIST).status for _ in range(2)] == [500, 429]
    assert caller.get("/sandbox/state").status == 200, "the admin routes have no faults"
    assert caller.ask("DELETE", "/sandbox/faults").json["data"] == []
    assert caller.get(LIST).status == 200


def test_every_kind_is_told(caller: Caller) -> None:
    told = caller.get("/sandbox/faults").json["kinds"]
    assert told == KINDS
    assert {Fault(kind).kind for kind in told} == set(KINDS)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"kind": "explode"}, "kind"),
        ({}, "kind"),
        ({"kind": "status", "value": "fine"}, "value"),
        ({"kind": "drop", "times": "often"}, "times"),
        ({"kind": "drop", "times": "NaN"}, "times"),
        ({"kind": "delay", "delay": -1}, "delay"),
        ({"kind": "slow_body", "value": "x"}, "value"),
        ({"kind": "drop", "colour": "red"}, "colour"),
    ],
)
def test_a_fault_that_is_none_is_refused(caller: Caller, fields: object, wrong: str) -> None:
    answer = caller.post("/sandbox/faults", fields)
    assert answer.slug == "validation-error"
    assert answer.json["errors"][0]["field"] == wrong


def test_a_header_that_names_no_fault_is_refused(caller: Caller) -> None:
    assert caller.get(LIST, X_Sandbox_Fault="explode").slug == "validation-error"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("drop", Fault("drop")),
        ("drop; after", Fault("drop", after=True)),
        ("delay=2.5", Fault("delay", delay=2.5)),
        ("html=200;delay=1", Fault("html", value="200", delay=1.0)),
        ("truncated", Fault("truncated", after=True)),
        ("redirect=https://a.invalid/?b=c", Fault("redirect", value="https://a.invalid/?b=c")),
    ],
)
def test_a_header_reads_as_a_fault(text: str, fault: Fault) -> None:
    assert parse_header(text) == fault


def test_a_fault_shows_itself_as_it_was_given() -> None:
    fault = Fault("status", "POST", "/x", 3, "500", after=True, delay=0.5)
    assert Fault(**json.loads(json.dumps(fault.as_json()))) == fault
    with pytest.raises(Problem):
        parse_header("status=abc")
