"""Problems: what a refusal says of itself, in whichever of its shapes a server says it."""

import re
from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import Final

from review_tui.client.bodies import BadBody, is_json, parse_json
from review_tui.model.failures import FieldProblem
from review_tui.model.frozen import frozen
from review_tui.model.text import Shown, clean
from review_tui.model.wire import Json

WORDS: Final = 300
"""Characters of a server's own sentence that are kept."""

_PROBLEMS: Final = 20
"""Field problems that are kept of one answer."""

_SUGGESTIONS: Final = 2
_AROUND: Final = frozenset({"body", "query", "path", "header"})
_MARKUP: Final = re.compile(r"\s*<")


@frozen
class Problem:
    """What a refusal says of itself, clean; empty where the body says nothing.

    `code` and `reason` are the server's own short words for it. `retry_after` is in seconds, as said in the
    body and not bounded yet. `said` is the body itself, for whoever wants to read all of it.
    """

    title: str = ""
    detail: str = ""
    request_id: str | None = None
    fields: tuple[FieldProblem, ...] = ()
    code: str = ""
    reason: str = ""
    retry_after: float | None = None
    said: Shown | None = field(default=None, compare=False)


def problem_in(content: bytes, content_type: str | None) -> Problem:
    """Read the body of a refusal, whatever it is; never raises, for the status alone is an answer."""
    text = content.decode("utf-8", errors="replace").strip()
    if not text:
        return Problem()
    problem = Problem()
    try:
        problem = read_problem(parse_json(content))
    except BadBody:
        plain = is_json(content_type) or (content_type or "").strip().lower().startswith("text/plain")
        if plain and not _MARKUP.match(text) and not text.startswith(("{", "[")):
            problem = Problem(detail=_words(text))
    return replace(problem, said=Shown.of(text, lines=True))


def read_problem(value: Json) -> Problem:
    """Take from an error body what can be used; never raises.

    It is RFC 9457; an `error` that is text, or an object with a code; a `detail` that is text, or a list of
    fields; a `message` beside either; or nothing but a text.
    """
    if isinstance(value, str):
        return Problem(detail=_words(value))
    if not isinstance(value, dict):
        return Problem()
    error, details = value.get("error"), value.get("details")
    inner: Mapping[str, Json] = error if isinstance(error, dict) else {}
    more = _object(inner.get("details")) or _object(details)
    message = _words(inner.get("message")) or _words(value.get("message")) or _words(more.get("message"))
    named = _words(error)
    detail = _detail(value.get("detail")) or message or named
    return Problem(
        title=_words(value.get("title")),
        detail=_with_suggestions(detail, value.get("suggestions")),
        request_id=_text_of(value.get("requestId")) or _text_of(value.get("request_id")),
        fields=_fields(value),
        code=_words(inner.get("code")) or _words(more.get("error_type")) or (named if message else ""),
        reason=_words(more.get("reason")),
        retry_after=_seconds(value.get("retry_after")) or _seconds(more.get("retry_after")),
    )


def _detail(value: Json) -> str:
    if isinstance(value, dict):
        return _words(value.get("message")) or _words(value.get("error")) or _words(value.get("detail"))
    return _words(value)


def _with_suggestions(detail: str, suggestions: Json) -> str:
    given = suggestions[:_SUGGESTIONS] if isinstance(suggestions, list) else ()
    sentences = [part for part in (detail, *map(_words, given)) if part]
    return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in sentences) if given else detail


def _fields(value: Mapping[str, Json]) -> tuple[FieldProblem, ...]:
    found: list[FieldProblem] = []
    for name, where, words in (("errors", "field", "message"), ("detail", "loc", "msg")):
        told = value.get(name)
        found += (
            FieldProblem(Shown.of(_place(item.get(where))), Shown.of(_words(item.get(words))))
            for item in (told[:_PROBLEMS] if isinstance(told, list) else ())
            if isinstance(item, dict) and _words(item.get(words))
        )
    return tuple(found)


def _place(value: Json) -> str:
    """Return a field's name; where it is a path, without the part of the request at its beginning."""
    if not isinstance(value, list):
        return _words(value)
    parts = [str(part) for part in value if isinstance(part, str | int)]
    return _words(".".join(parts[1:] if len(parts) > 1 and parts[0] in _AROUND else parts))


def _seconds(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(value) if 0 <= value < 10**9 else None


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _text_of(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _words(value: Json) -> str:
    return clean(value, cap=WORDS).strip() if isinstance(value, str) else ""
