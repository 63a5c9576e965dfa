"""What a submission will be once judgements under way have counted."""

from datetime import UTC, datetime
from typing import Any

import pytest

from review_tui.model.decisions import Intent
from review_tui.model.digest import digest_of
from review_tui.model.foresight import foreseen, is_confirmed_fraud, why_not_to_follow
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Detail, Verb, read_detail

NOON = datetime(2026, 3, 25, 12, 0, tzinfo=UTC)


def a_submission(*resolutions: str | None, **changes: Any) -> Detail:
    """Return a submission whose matches m0, m1 … were judged so; None is open."""
    matches = [
        {"id": f"m{n}", "type": "exact_duplicate", "score": 90, "resolution": resolution}
        for n, resolution in enumerate(resolutions)
    ]
    body = {"id": "s1", "submissionStatus": "review", "extractedData": {"total": 9}, "fraudMatches": matches}
    return read_detail({**body, **changes})


def judgement(match_id: str, resolution: Resolution = Resolution.FALSE_POSITIVE, of: str = "s1") -> Intent:
    return Intent(Verb.RESOLVE, of, NOON, match_id=match_id, resolution=resolution)


def test_what_is_foreseen_is_what_is_read_once_the_judgements_have_counted() -> None:
    seen = foreseen(a_submission(None, None), [judgement("m0"), judgement("m1")])
    assert digest_of(seen) == digest_of(a_submission("false_positive", "false_positive"))
    assert seen.open_matches == ()


@pytest.mark.parametrize(
    "later",
    [
        a_submission("false_positive", "confirmed_fraud"),
        a_submission("false_positive", "false_positive", None),
        a_submission("false_positive", "false_positive", extractedData={"total": 10}),
    ],
)
def test_what_comes_otherwise_is_told_apart(later: Detail) -> None:
    seen = foreseen(a_submission(None, None), [judgement("m0"), judgement("m1")])
    assert digest_of(seen) != digest_of(later)


def test_judgements_of_others_and_of_judged_matches_change_nothing() -> None:
    seen = foreseen(a_submission("confirmed_fraud", None), [judgement("m0"), judgement("m1", of="s2")])
    assert digest_of(seen) == digest_of(a_submission("confirmed_fraud", None))


def test_an_approval_follows_only_judgements_that_leave_nothing_in_its_way() -> None:
    both = [judgement("m0"), judgement("m1")]
    assert why_not_to_follow(a_submission(None, None), both) is None
    assert why_not_to_follow(a_submission(None, None), both[:1]) == "1 fraud match to resolve first"
    assert "only from review" in (
        why_not_to_follow(a_submission(None, submissionStatus="failed"), both) or ""
    )
    assert why_not_to_follow(a_submission(fraudMatches=None), both) == "its fraud matches are not loaded yet"
    fraud = [judgement("m0", Resolution.CONFIRMED_FRAUD), judgement("m1")]
    assert "judged as fraud" in (why_not_to_follow(a_submission(None, None), fraud) or "")
    assert "judged as fraud" in (why_not_to_follow(a_submission("confirmed_fraud", None), both[1:]) or "")


def test_confirmed_fraud_is_known() -> None:
    assert is_confirmed_fraud(a_submission("false_positive", "confirmed_fraud"))
    assert not is_confirmed_fraud(a_submission("false_positive", None))
    assert not is_confirmed_fraud(a_submission(fraudMatches=None))
