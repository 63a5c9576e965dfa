"""A row of the queue is small, with all that finds it."""

import gc
import json
import tracemalloc
from datetime import UTC, datetime

from review_tui.model.queue import HEAD, Queue
from review_tui.model.submissions import read_page
from review_tui.model.text import Shown
from tests.model.rows import NOW

MANY = 10_000
BYTES_A_ROW = 512


def test_a_row_takes_no_more_than_half_a_kilobyte() -> None:
    answers = [an_answer(first) for first in range(0, MANY + 100, 100)]
    read_page(json.loads(answers.pop()))
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        queue, window = Queue(), HEAD
        for answer in answers:
            page = read_page(json.loads(answer))
            queue, _ = queue.merged_with(page, window)
            window = window.beyond(page)
        queue.position("nobody")
        gc.collect()
        taken = (tracemalloc.get_traced_memory()[0] - before) / MANY
    finally:
        tracemalloc.stop()
    print(f"{taken:.0f} bytes a row")
    assert len(queue.rows) == MANY
    assert taken <= BYTES_A_ROW


def test_what_many_rows_say_is_kept_once() -> None:
    said = json.dumps(json.loads(an_answer(7))["data"][0])
    data = [{**json.loads(said), "id": f"s{number}"} for number in range(2)]
    one, other = read_page({"data": data}).rows
    for name in ("status", "fraud_status", "merchant", "workflow", "amount", "fraud_score", "confidence"):
        assert getattr(one, name) == getattr(other, name) is not None
        assert getattr(one, name) is getattr(other, name), name


def test_what_was_made_visible_in_one_row_is_told_of_no_other_that_says_the_same() -> None:
    hidden = "4\u202e2"
    amounts = [str(Shown.of(hidden)), hidden, str(Shown.of(hidden))]
    data = [
        {"id": f"s{at}", "submissionStatus": "review", "extractedData": {"totalAmount": one}}
        for at, one in enumerate(amounts)
    ]
    rows = read_page({"data": data}).rows
    assert len({row.amount for row in rows}) == 1
    assert [row.altered for row in rows] == [False, True, False]


def an_answer(first: int) -> str:
    data = [
        {
            "id": f"k57a0{number:027d}",
            "submissionStatus": "review",
            "fraudStatus": "clean",
            "fraudScore": number / 7 % 100,
            "workflow": {"slug": "receipt-ocr", "name": "Receipts", "version": 3},
            "extractedData": {"merchantName": f"Café {number % 997}", "totalAmount": number / 100},
            "confidence": number / 7 % 1,
            "createdAt": datetime.fromtimestamp(NOW - number, UTC).isoformat(),
            "clientSubmissionId": f"order-{number:06d}",
        }
        for number in range(first, first + 100)
    ]
    return json.dumps({"data": data, "pagination": {"hasMore": True, "nextCursor": f"c{first}"}})
