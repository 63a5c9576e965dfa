"""A hundred thousand submissions are answered about as quickly as a thousand."""

import asyncio
import random
import time
from collections.abc import Callable
from statistics import median

import pytest

from review_tui.sandbox.app import create_app
from review_tui.sandbox.clock import Clock
from review_tui.sandbox.database import create_indexes
from review_tui.sandbox.schema import INDEXES
from review_tui.sandbox.state import Sandbox, SandboxSettings
from tests.sandbox.asking import Caller
from tests.wire import NOON

pytestmark = pytest.mark.volume

LIST = "/api/v1/submissions"
QUERIES = (
    "",
    "status=review",
    "status=review&fraudStatus=blocked",
    "workflow=receipt-ocr&fraudStatus=flagged",
)
ROUNDS = 30


FILL = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
INSERT INTO submissions (
    id, company_id, session_id, workflow, workflow_version, status, fraud_status, extracted,
    created_at, updated_at
)
SELECT
    lower(hex(randomblob(16))), :company, 'none',
    CASE abs(random()) % 2 WHEN 0 THEN 'receipt-ocr' ELSE 'invoice-intake' END, 3,
    CASE abs(random()) % 3 WHEN 0 THEN 'review' WHEN 1 THEN 'synced' ELSE 'rejected' END,
    CASE abs(random()) % 3 WHEN 0 THEN 'clean' WHEN 1 THEN 'flagged' ELSE 'blocked' END,
    '{"merchantName":"Harbour Books","totalAmount":18.4}', :now - abs(random()) % 10000000000, :now
FROM numbers
"""
EVENTS = """
INSERT INTO events (id, submission_id, type, created_at, actor)
SELECT id, id, '"created"', created_at, '{"type":"system","id":"system","name":"Steve"}' FROM submissions
"""


def fill(sandbox: Sandbox, count: int) -> list[str]:
    """So many submissions with an event each, in the quick way: indexes last."""
    with sandbox.database.write() as tx:
        for name in INDEXES:
            tx.execute(f"DROP INDEX {name}")
        tx.execute(FILL, {"count": count, "company": sandbox.company_id, "now": sandbox.clock.now_ms()})
        tx.execute(EVENTS)
        create_indexes(tx)
        return [row["id"] for row in tx.execute("SELECT id FROM submissions")]


def milliseconds(act: Callable[[], int]) -> float:
    start = time.perf_counter()
    assert act() == 200
    return (time.perf_counter() - start) * 1000


def test_list_and_detail_keep_their_pace(capsys: pytest.CaptureFixture[str]) -> None:
    sandboxes, callers, ids = [], [], []
    with asyncio.Runner() as runner:
        for count in (1_000, 100_000):
            clock = Clock(NOON, frozen=True)
            app = create_app(SandboxSettings(scenario="empty", clock=clock, read_limit=10**6))
            sandboxes.append(app.state.sandbox)
            callers.append(Caller(app, app.state.sandbox.api_key, runner))
            ids.append(fill(app.state.sandbox, count))
        took: dict[str, list[list[float]]] = {name: [[], []] for name in (*QUERIES, "deep", "detail")}
        cursors = [deep_cursor(caller) for caller in callers]
        rng = random.Random(5)
        for _ in range(ROUNDS):  # in turns, so that a busy machine slows both
            for place, caller in enumerate(callers):
                paths = {query: f"{LIST}?limit=50&{query}" for query in QUERIES}
                paths["deep"] = f"{LIST}?limit=50&cursor={cursors[place]}"
                paths["detail"] = f"{LIST}/{rng.choice(ids[place])}"
                for name, path in paths.items():
                    took[name][place].append(milliseconds(lambda c=caller, p=path: c.get(p).status))  # type: ignore[misc]
        for sandbox in sandboxes:
            sandbox.close()
    medians = {name: [median(one) for one in both] for name, both in took.items()}
    with capsys.disabled():
        print()
        for name, (small, large) in medians.items():
            print(f"  {name or 'list':45} 1k {small:6.2f} ms   100k {large:6.2f} ms   x{large / small:.2f}")
    assert max(large / small for small, large in medians.values()) <= 3


def deep_cursor(caller: Caller) -> str:
    """Behind the first 500 rows."""
    cursor = ""
    for _ in range(5):
        page = caller.get(f"{LIST}?limit=100" + (f"&cursor={cursor}" if cursor else ""))
        cursor = page.json["pagination"]["nextCursor"]
    return cursor
