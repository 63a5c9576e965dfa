"""A decision is one intent with one id, and ends in one of six ways."""

from datetime import UTC, datetime

import pytest

from review_tui.model.decisions import Intent, Stage, excludes
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.submissions import Verb

NOON = datetime(2026, 3, 25, 12, tzinfo=UTC)


def test_each_intent_has_an_id_of_its_own_that_a_header_can_carry() -> None:
    ids = {Intent(Verb.APPROVE, "k1", NOON).request_id for _ in range(100)}
    assert len(ids) == 100
    assert all(id_.isascii() and id_.isprintable() and len(id_) <= 128 for id_ in ids)


def test_on_one_submission_only_judgements_of_different_matches_are_open_at_once() -> None:
    approval, other = Intent(Verb.APPROVE, "k1", NOON), Intent(Verb.APPROVE, "k2", NOON)
    first, again, second = (Intent(Verb.RESOLVE, "k1", NOON, match_id=id_) for id_ in ("m1", "m1", "m2"))
    assert excludes(approval, Intent(Verb.REJECT, "k1", NOON))
    assert excludes(approval, first)
    assert excludes(first, approval)
    assert excludes(first, again)
    assert not excludes(first, second)
    assert not excludes(approval, other)


@pytest.mark.parametrize("stage", Stage)
def test_six_stages_go_on_and_three_of_them_may_be_taken_back(stage: Stage) -> None:
    unsent = {"held", "checking", "waiting"}
    assert stage.is_unsent is (stage.value in unsent)
    assert stage.is_final is (stage.value not in unsent | {"sending", "verifying", "settling"})
    assert stage.may_be_corrected is (stage.value in {"not done", "unknown"})


@pytest.mark.parametrize("kind", FailureKind)
def test_only_a_key_that_is_not_accepted_stops_the_polling(kind: FailureKind) -> None:
    assert Failure(kind, "x").stops_polling is (kind.value in {"key not accepted", "forbidden"})
