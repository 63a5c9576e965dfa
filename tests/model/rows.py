"""Made-up rows of a queue."""

from typing import Any

from hypothesis import strategies as st

from review_tui.model.submissions import Row
from review_tui.model.text import Shown

NOW = 1_774_440_000.0
"""The moment at which the rows are looked at, in seconds since the epoch."""


def a_row(id_: str, **changes: Any) -> Row:
    """Return a clean submission in review that came in an hour ago."""
    created = changes.get("created", NOW - 3_600)
    texts = {"status", "fraud_status", "merchant", "amount", "currency", "workflow", "client_submission_id"}
    values: dict[str, Any] = {
        "status": "review",
        "fraud_status": "clean",
        "fraud_score": 5.0,
        "confidence": 0.9,
        "merchant": "Café Łąka",
        "amount": "18.40",
        "currency": "PLN",
        "workflow": "receipt-ocr",
        "client_submission_id": f"order-{id_}",
        "created": created,
        "order": created or 0.0,
        **changes,
    }
    shown = {
        name: Shown.of(one) if name in texts and one is not None else one for name, one in values.items()
    }
    return Row(id=id_, **dict[str, Any](shown))


_AGES = st.sampled_from([0.0, 60.0, 3_600.0, 3_600.0, 7_200.0, 90_000.0])
_ROW = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["review", "approved", "new word"]),
        "fraud_status": st.sampled_from(["clean", "flagged", None]),
        "fraud_score": st.sampled_from([None, 0.0, 50.0, 61.5, 100.0]),
        "confidence": st.sampled_from([None, 0.2, 0.7, 0.95]),
        "merchant": st.sampled_from([None, "Café Łąka", "CAFE", "Zoo", "łódź", "Straße 9"]),
        "amount": st.sampled_from([None, "18.40", "500", "-3", "500.00", "a lot", "1e3", "NaN"]),
        "currency": st.sampled_from([None, "PLN", "EUR"]),
        "workflow": st.sampled_from([None, "receipt-ocr", "invoices"]),
    }
)


@st.composite
def queues(draw: st.DrawFn, most: int = 12) -> tuple[Row, ...]:
    """Rows as a queue holds them: newest first, some at the same time, none twice."""
    ages = sorted(draw(st.lists(_AGES, max_size=most)))
    return tuple(a_row(f"s{number}", created=NOW - age, **draw(_ROW)) for number, age in enumerate(ages))
