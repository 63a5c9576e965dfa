"""A console lists submissions and looks into one."""

import json

import pytest

from review_tui.sandbox import transitions
from review_tui.sandbox.database import insert, insert_many, new_ids
from review_tui.sandbox.queries import FRAUD_STATUSES, STATUSES
from review_tui.sandbox.state import Sandbox
from review_tui.sandbox.wire import Raw
from tests.sandbox import rows
from tests.sandbox.asking import Caller

LIST = "/api/v1/submissions"


def ids(caller: Caller, query: str = "") -> list[str]:
    return [item["id"] for item in caller.get(f"{LIST}?{query}").json["data"]]


def test_a_row_has_what_the_contract_shows(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox, matches=1, client_submission_id="order-77")
    answer = caller.get(LIST)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {
        "data": [
            {
                "id": identifier,
                "submissionStatus": "review",
                "fraudStatus": "flagged",
                "fraudScore": 61.0,
                "workflow": {"slug": "receipt-ocr", "name": "Receipt OCR", "version": 3},
                "extractedData": {"merchantName": "Café Łąka", "totalAmount": 18.4},
                "confidence": 0.91,
                "createdAt": "2026-03-25T11:59:00.000Z",
                "clientSubmissionId": "order-77",
            }
        ],
        "pagination": {"hasMore": False, "nextCursor": None},
    }


def test_newest_first_and_ties_by_id(caller: Caller, sandbox: Sandbox) -> None:
    tied = sorted(rows.submission(sandbox, age=5000) for _ in range(6))
    oldest, newest = rows.submission(sandbox, age=9000), rows.submission(sandbox, age=10)
    assert ids(caller) == [newest, *tied, oldest]


def test_filters_hold_alone_and_together(caller: Caller, sandbox: Sandbox) -> None:
    made = {
        (workflow, status, fraud): rows.submission(
            sandbox, status, workflow=workflow, fraud_status=fraud, age=number
        )
        for number, (workflow, status, fraud) in enumerate(
            (workflow, status, fraud)
            for workflow in ("receipt-ocr", "invoice-intake")
            for status in STATUSES
            for fraud in FRAUD_STATUSES
        )
    }
    for workflow in (None, "receipt-ocr", "no-such-workflow"):
        for status in (None, "review", "synced"):
            for fraud in (None, "blocked"):
                asked = {"workflow": workflow, "status": status, "fraudStatus": fraud}
                query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
                wanted = [
                    identifier
                    for key, identifier in made.items()
                    if all(want in (None, have) for want, have in zip(asked.values(), key, strict=True))
                ]
                assert ids(caller, f"limit=100&{query}") == wanted, query


@pytest.mark.parametrize(
    ("limit", "count"),
    [
        ("", 20),
        ("limit=1", 1),
        ("limit=0", 1),
        ("limit=-7", 1),
        ("limit=100", 100),
        ("limit=100000", 100),
        ("limit=many", 20),
        ("limit=" + "9" * 5000, 20),
    ],
)
def test_a_limit_is_clamped_and_never_refused(
    caller: Caller, sandbox: Sandbox, limit: str, count: int
) -> None:
    for age in range(105):
        rows.submission(sandbox, age=age)
    assert len(ids(caller, limit)) == count


@pytest.mark.parametrize(
    "query",
    [
        "status=reviewed",
        "status=",
        "fraudStatus=fine",
        "cursor=",
        "cursor=b3BhcXVl",
        "cursor=%00%ff",
        "cursor=ä",
    ],
)
def test_an_unknown_word_or_a_broken_cursor_is_refused(caller: Caller, query: str) -> None:
    answer = caller.get(f"{LIST}?{query}")
    assert (answer.status, answer.slug) == (400, "bad-request")


def test_rows_added_while_one_pages_neither_repeat_nor_hide_others(caller: Caller, sandbox: Sandbox) -> None:
    before = {rows.submission(sandbox, age=1000 * (number // 3)) for number in range(50)}
    seen: list[str] = []
    query = "limit=7"
    while True:
        page = caller.get(f"{LIST}?{query}").json
        seen += [item["id"] for item in page["data"]]
        rows.submission(sandbox, age=0)
        rows.submission(sandbox, age=1000 * 8)
        if not page["pagination"]["hasMore"]:
            break
        query = f"limit=7&cursor={page['pagination']['nextCursor']}"
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_a_cursor_opens_no_other_list(caller: Caller, sandbox: Sandbox) -> None:
    for age in range(3):
        rows.submission(sandbox, age=age)
    cursor = caller.get(f"{LIST}?limit=1&status=review").json["pagination"]["nextCursor"]
    assert caller.get(f"{LIST}?limit=1&status=review&cursor={cursor}").status == 200
    assert caller.get(f"{LIST}?limit=1&cursor={cursor}").status == 400
    assert caller.get(f"{LIST}?limit=1&status=synced&cursor={cursor}").status == 400
    assert caller.with_key("other_company").get(f"{LIST}?status=review&cursor={cursor}").status == 400
    for place in range(0, len(cursor), 5):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        assert caller.get(f"{LIST}?limit=1&status=review&cursor={changed}").status == 400


def test_a_company_sees_its_own_only(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox)
    stranger = caller.with_key("other_company")
    assert stranger.get(LIST).json["data"] == []
    for path in (f"{LIST}/{identifier}", f"{LIST}/{identifier}/fraud-matches"):
        assert stranger.get(path).slug == "not-found"
    assert stranger.post(f"{LIST}/{identifier}/approve").slug == "not-found"
    assert caller.get(f"{LIST}/{identifier}").json["data"]["submissionStatus"] == "review"


def test_a_detail_has_every_field(caller: Caller, sandbox: Sandbox) -> None:
    user = {"id": "u1", "name": "Ada", "email": None}
    identifier = rows.submission(sandbox, matches=2, external_user=user)
    detail = caller.get(f"{LIST}/{identifier}").json["data"]
    (row,) = caller.get(LIST).json["data"]
    assert {name: detail[name] for name in row} == row
    assert detail["externalUser"] == user
    assert detail["metadata"] == {"lane": "4"}
    assert detail["companyId"] == sandbox.company_id
    assert caller.get(f"/api/v1/jobs/{detail['sessionId']}").json["submissionId"] == identifier
    times = ("processedAt", "reviewedAt", "syncedAt", "rejectReason", "cancelReason", "failedReason")
    assert all(detail[name] is None for name in times)
    assert detail["updatedAt"] == "2026-03-25T11:59:00.000Z"
    assert len(detail["fraudMatches"]) == 2
    assert set(detail["fraudMatches"][0]) == {
        *("id", "submissionId", "matchedSubmissionId", "type", "score", "details", "resolution"),
        *("note", "createdAt", "resolvedAt", "resolvedBy"),
    }
    assert caller.get(f"{LIST}/{identifier}/fraud-matches").json == {"data": detail["fraudMatches"]}
    assert detail["events"] == [
        {
            "id": detail["events"][0]["id"],
            "type": "created",
            "createdAt": "2026-03-25T11:59:00.000Z",
            "actor": {"type": "system", "id": "system", "name": "Steve"},
            "message": "Submission created",
            "data": None,
        }
    ]


def test_events_come_newest_first_and_at_most_a_hundred(caller: Caller, sandbox: Sandbox) -> None:
    identifier = rows.submission(sandbox)
    with sandbox.database.write() as tx:
        for number in range(130):
            at = sandbox.clock.now_ms() + number // 10
            transitions.add_event(tx, identifier, f"happened_{number}", at)
    events = caller.get(f"{LIST}/{identifier}").json["data"]["events"]
    assert [event["type"] for event in events] == [f"happened_{number}" for number in range(129, 29, -1)]


def test_what_no_python_value_holds_still_arrives(caller: Caller, sandbox: Sandbox) -> None:
    """Foreign text keeps lone surrogates, NULs and numbers beyond floats on its way."""
    hostile = '{"name":"\\ud800\\u0000","total":1e400,"exact":12345678901234567890.10}'
    identifier = rows.submission(sandbox, extracted=Raw(hostile), client_submission_id="\udcff\x1b[2J")
    body = caller.get(f"{LIST}/{identifier}").body
    assert hostile.encode() in body
    assert json.loads(body)["data"]["clientSubmissionId"] == "\udcff\x1b[2J"


def test_unknown_submissions_are_not_found(caller: Caller) -> None:
    for method, path in (
        ("GET", ""),
        ("GET", "/fraud-matches"),
        ("POST", "/approve"),
        ("POST", "/cancel"),
    ):
        answer = caller.ask(method, f"{LIST}/nobody{path}")
        assert (answer.status, answer.slug) == (404, "not-found")


def test_the_same_seed_gives_the_same_ids_in_any_batch(sandbox: Sandbox) -> None:
    with sandbox.database.write() as tx:
        one_by_one = [*new_ids(tx, "thing", 1), *new_ids(tx, "thing", 2)]
        tx.execute("DELETE FROM counters WHERE kind = 'thing'")
        assert new_ids(tx, "thing", 3) == one_by_one
    assert all(len(identifier) == 32 and identifier.isalnum() for identifier in one_by_one)


def test_no_rows_are_added_by_an_empty_batch(sandbox: Sandbox) -> None:
    with sandbox.database.write() as tx:
        insert_many(tx, "companies", [])
        insert(tx, "companies", id="c", name="Łąka")
        (name,) = tx.execute("SELECT name FROM companies WHERE id = 'c'").fetchone()
    assert json.loads(name) == "Łąka"
