"""What a reviewer was shown of a submission, as a digest, and what has changed since."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final

from review_tui.model.decisions import Intent
from review_tui.model.extraction import fields_of
from review_tui.model.fraud import FraudMatch
from review_tui.model.submissions import Detail, Verb
from review_tui.model.text import clean
from review_tui.model.wire import Json

NAMED: Final = 3
"""Differences that are named one by one; the rest is counted."""

_HEX: Final = 32
_VALUE: Final = 60


def decided_on(intent: Intent, detail: Detail) -> Detail:
    """Return what of a submission a decision rests on: a judgement on its own match, not on the others."""
    if intent.verb is not Verb.RESOLVE or detail.fraud_matches is None:
        return detail
    own = tuple(match for match in detail.fraud_matches if match.id == intent.match_id)
    return replace(detail, fraud_matches=own)


def digest_of(detail: Detail) -> str:
    """Return the digest of what a decision rests on: the extracted data and the fraud matches, 32 hex each.

    Status and events are not in it, nor are the order of keys and of matches.
    """
    return f"{_of_data(detail)}.{_of_matches(detail)}"


def has_changed(shown: str, fresh: Detail) -> bool:
    """Whether `fresh` is something else than what had the digest `shown`; empty compares to nothing."""
    return bool(shown) and shown != digest_of(fresh)


def differences(shown: Detail | None, fresh: Detail, digest: str = "") -> tuple[str, ...]:
    """Say what is different now, a few words each; empty where nothing is.

    Where what was shown is no longer at hand, its `digest` still tells the parts that differ.
    """
    if shown is None:
        data, _, matches = digest.partition(".")
        parts = [(data, _of_data(fresh), "its data"), (matches, _of_matches(fresh), "its fraud matches")]
        return tuple(f"{what} changed" for before, now, what in parts if before and before != now)
    found = _field_differences(shown, fresh) + _match_differences(shown, fresh)
    if shown.status != fresh.status:
        found.insert(0, f"status was {shown.status}, is {fresh.status}")
    if not found and digest_of(shown) != digest_of(fresh):
        found.append("something that is not listed changed")
    rest = len(found) - NAMED
    return tuple(found[:NAMED] + ([f"and {rest} more"] if rest > 0 else []))


def _of_data(detail: Detail) -> str:
    return _hashed(detail.extracted_data)


def _of_matches(detail: Detail) -> str:
    if detail.fraud_matches is None:
        return _hashed(None)
    return _hashed([_seen_of(match) for match in sorted(detail.fraud_matches, key=lambda match: match.id)])


def _seen_of(match: FraudMatch) -> list[Json]:
    words = (match.type, match.matched_submission_id, match.resolution)
    return [match.id, *(word.raw if word is not None else None for word in words), match.score, match.details]


def _hashed(value: Json) -> str:
    """Hash a JSON value with its keys in order; walks by hand, for it may be as deep as a server likes."""
    hashed = sha256()
    left: list[tuple[str, Json]] = [("", value)]
    while left:
        mark, node = left.pop()
        hashed.update(mark.encode())
        if isinstance(node, dict):
            left.append(("}", ""))
            left += ((json.dumps(str(key)) + ":", node[key]) for key in sorted(node, key=str, reverse=True))
            hashed.update(b"{")
        elif isinstance(node, list | tuple):
            left.append(("]", ""))
            left += ((",", item) for item in reversed(node))
            hashed.update(b"[")
        elif isinstance(node, str):
            hashed.update(json.dumps(str(node)).encode())
        else:
            hashed.update(str(node).encode())
    return hashed.hexdigest()[:_HEX]


def _field_differences(shown: Detail, fresh: Detail) -> list[str]:
    before, now = _fields(shown), _fields(fresh)
    found = [
        f"{path} was {value}, is {now[path]}" if path in now else f"{path} is gone"
        for path, value in before.items()
        if now.get(path) != value
    ]
    return found + [f"{path} is new: {value}" for path, value in now.items() if path not in before]


def _fields(detail: Detail) -> Mapping[str, str]:
    return {
        field.path: clean(field.value.raw, cap=_VALUE) for field in fields_of(detail.extracted_data).fields
    }


def _match_differences(shown: Detail, fresh: Detail) -> list[str]:
    if shown.fraud_matches is None or fresh.fraud_matches is None:
        same = shown.fraud_matches is fresh.fraud_matches
        return [] if same else ["its fraud matches could be read only once"]
    before = {match.id: match for match in shown.fraud_matches}
    now = {match.id: match for match in fresh.fraud_matches}
    found = [f"new fraud match: {_named(match)}" for key, match in now.items() if key not in before]
    found += [f"fraud match is gone: {_named(match)}" for key, match in before.items() if key not in now]
    for key, match in now.items():
        if key in before and _seen_of(match) != _seen_of(before[key]):
            judged = match.resolution is not None and match.resolution != before[key].resolution
            found.append(f"{_named(match)}: {f'judged {match.resolution}' if judged else 'changed'}")
    return found


def _named(match: FraudMatch) -> str:
    kind = str(match.type or "match").replace("_", " ")
    return kind if match.score is None else f"{kind} {match.score:.0f}"
