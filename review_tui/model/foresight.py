"""Foresight: what a submission will be once the judgements that are under way have counted."""

from collections.abc import Iterable
from dataclasses import replace

from review_tui.model.decisions import Intent
from review_tui.model.fraud import Resolution
from review_tui.model.submissions import Detail, Verb, why_not
from review_tui.model.text import Shown


def foreseen(detail: Detail, judgements: Iterable[Intent]) -> Detail:
    """Return the submission as it will be read once these judgements of its open matches have counted.

    Of what the judgements move, only the matches' resolutions are foreseen: a decision rests on nothing else.
    """
    if detail.fraud_matches is None:
        return detail
    judged = {
        one.match_id: one.resolution
        for one in judgements
        if one.submission_id == detail.id and one.verb is Verb.RESOLVE and one.resolution is not None
    }
    matches = tuple(
        replace(match, resolution=Shown.of(judged[match.id]))
        if match.is_open and match.id in judged
        else match
        for match in detail.fraud_matches
    )
    return replace(detail, fraud_matches=matches)


def is_confirmed_fraud(detail: Detail) -> bool:
    """Whether a match of it was judged to be fraud."""
    return any(match.resolution == Resolution.CONFIRMED_FRAUD.value for match in detail.fraud_matches or ())


def why_not_to_follow(detail: Detail, judgements: Iterable[Intent]) -> str | None:
    """Say why an approval may not follow these judgements by itself; None when it may."""
    after = foreseen(detail, judgements)
    left = None if after.open_matches is None else len(after.open_matches)
    if why := why_not(Verb.APPROVE, after.status, left):
        return why
    return "a match is judged as fraud: approve once that is done" if is_confirmed_fraud(after) else None
