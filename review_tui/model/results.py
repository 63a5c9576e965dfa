"""Results of jobs: what the work came to, as typed views that take what they can."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from review_tui.model.extraction import VALUE_CAP, fields_of, text_of
from review_tui.model.frozen import frozen
from review_tui.model.jobs import JobKey
from review_tui.model.text import Shown
from review_tui.model.wire import Json

FIELDS_SHOWN: Final = 200
"""Fields, or pages, that are listed; the rest is counted."""

TEXT_SHOWN: Final = 200_000
"""Characters of a document's text that are drawn; the whole is in the file."""


_LARGE: Final = 512 * 1024


@frozen
class ResultField:
    """One value that was read; `score` is from 0 to 1 and `page` counts from 1, None where not told."""

    name: Shown
    value: Shown
    score: float | None = None
    page: int | None = None


@frozen
class ExtractedResult:
    """Fields as they were read; `hidden` more are not listed. `least_score` is that of the whole."""

    fields: tuple[ResultField, ...]
    hidden: int = 0
    least_score: float | None = None


@frozen
class ParsedResult:
    """A document as text, markdown as a rule: lines stay lines, everything else is safe to draw.

    `chunks` counts its parts and `pages` its pages, None where not told. `cut` says that there is more.
    """

    text: Shown
    chunks: int | None = None
    pages: int | None = None
    cut: bool = False


@frozen
class ClassifiedResult:
    """What a document is; `pages` has the same for each page that was looked at."""

    label: Shown
    confidence: float | None = None
    pages: tuple[ResultField, ...] = ()
    total_pages: int | None = None


@frozen
class TreeResult:
    """JSON of no known shape."""

    value: Json


ResultView = ExtractedResult | ParsedResult | ClassifiedResult | TreeResult


@frozen
class Result:
    """What a job came to: `path` holds all of it, `size` bytes, readable by its owner alone.

    `view` is None where it is too large to be read at once, or is not JSON; `why_no_view` says which, and
    `first` has the first values where they could be found.
    """

    key: JobKey
    path: Path
    size: int
    view: ResultView | None = None
    value: Json = None
    why_no_view: str = ""
    first: tuple[ResultField, ...] = ()

    @property
    def is_large(self) -> bool:
        """Whether what is shown of it may not be all, so that words are looked for in its file."""
        is_cut = isinstance(self.view, ParsedResult) and self.view.cut
        return self.view is None or is_cut or self.size > _LARGE


@frozen
class Found:
    """A place in a result where words stand: `at` in bytes from its beginning, in a line that counts from 1.

    `before` and `after` are what is around, clean and on one line.
    """

    at: int
    line: int
    before: Shown
    words: Shown
    after: Shown


@frozen
class FoundWords:
    """What was found in the `looked` first bytes of `size`: `count` places, the first of them in `places`.

    `lines` counts the lines so far.
    """

    size: int
    looked: int = 0
    lines: int = 1
    count: int = 0
    places: tuple[Found, ...] = ()


_LEAST: Final = "min_confidence_score"
_DEPTH: Final = 8
_COUNTED: Final = 20_000
_TEXTS: Final = ("markdown", "content", "text", "embed", "chunk")


def view_of(value: Json) -> ResultView:
    """Return a result as what it looks like: fields, a document's text, a class; else as it is."""
    if isinstance(value, dict):
        for look in (_as_session, _as_fields, _as_class, _as_text):
            if (view := look(value)) is not None:
                return view
    return TreeResult(value)


def _as_session(value: Mapping[str, Json]) -> ResultView | None:
    """Read the result of a Steve session."""
    data = value.get("extractedData")
    if not isinstance(data, dict):
        return None
    found = fields_of(data)
    fields = tuple(ResultField(field.path, field.value, field.confidence) for field in found.fields)
    return ExtractedResult(fields, found.hidden, _share(value.get("confidence")))


def _as_fields(value: Mapping[str, Json]) -> ResultView | None:
    """Read an extraction: fields that each have a value with its score and its page."""
    data = value.get("data")
    if not isinstance(data, dict) or not any(map(_is_field, islice(data.values(), FIELDS_SHOWN))):
        return None
    leaves = _leaves(data)
    fields = tuple(islice(leaves, FIELDS_SHOWN))
    hidden = sum(1 for _ in islice(leaves, _COUNTED))
    return ExtractedResult(fields, hidden, _share(data.get(_LEAST, value.get(_LEAST))))


def _is_field(node: Json) -> bool:
    if isinstance(node, list):
        return any(map(_is_field, islice(node, FIELDS_SHOWN)))
    return isinstance(node, dict) and "value" in node


def _leaves(data: Mapping[str, Json]) -> Iterator[ResultField]:
    """Yield the fields in the order received; lazily, so that a huge object costs what is looked at."""
    stack: list[Iterator[tuple[str, Json]]] = [(item for item in data.items() if item[0] != _LEAST)]
    while stack:
        path, node = next(stack[-1], ("", stack))
        if node is stack:
            stack.pop()
            continue
        told = node if isinstance(node, dict) and "value" in node else {"value": node}
        inner = told["value"]
        if isinstance(inner, dict) and inner and len(stack) < _DEPTH:
            stack.append(_members(path, inner))
        elif isinstance(inner, list) and inner and len(stack) < _DEPTH:
            stack.append(_items(path, inner))
        else:
            score = told.get("score", told.get("confidence"))
            yield ResultField(Shown.of(path, cap=VALUE_CAP), _value(inner), _share(score), _page(told))


def _members(path: str, node: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    return ((f"{path}.{name}", child) for name, child in node.items())


def _items(path: str, node: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    return ((f"{path}[{index}]", child) for index, child in enumerate(node))


def _as_class(value: Mapping[str, Json]) -> ResultView | None:
    label = value.get("classification")
    if not isinstance(label, str):
        return None
    told = value.get("page_results")
    rows = [one for one in (told[:FIELDS_SHOWN] if isinstance(told, list) else ()) if isinstance(one, dict)]
    pages = tuple(
        ResultField(Shown(f"page {page}"), _value(one.get("classification")), _sure(one), page)
        for one, page in ((one, _page(one) or number) for number, one in enumerate(rows, 1))
    )
    return ClassifiedResult(Shown.of(label), _sure(value), pages, _count(value.get("total_pages")))


def _as_text(value: Mapping[str, Json]) -> ResultView | None:
    chunks = value.get("chunks")
    if isinstance(value.get("markdown"), str):
        text, count = value["markdown"], None
    elif isinstance(chunks, list) and chunks:
        text, count = "\n\n".join(_texts(chunks)), _count(value.get("total_chunks"))
        count = len(chunks) if count is None else count
    else:
        return None
    pages = _count(value.get("page_count", value.get("total_pages")))
    shown = Shown.of(text[:TEXT_SHOWN], lines=True, cap=TEXT_SHOWN)
    return ParsedResult(shown, count, pages, cut=len(text) > TEXT_SHOWN)


def _texts(chunks: Sequence[Json]) -> Iterator[str]:
    """Yield the text of each chunk, up to as much as is drawn."""
    left = TEXT_SHOWN + 1
    for chunk in chunks:
        if left <= 0:
            return
        text = _text(chunk)
        left -= len(text) + 2
        yield text


def _text(chunk: Json) -> str:
    if isinstance(chunk, str):
        return chunk
    if not isinstance(chunk, dict):
        return ""
    own = next((chunk[name] for name in _TEXTS if isinstance(chunk.get(name), str)), None)
    if own is not None:
        return str(own)
    parts = chunk.get("segments")
    inner = (_text(part) for part in islice(parts, FIELDS_SHOWN)) if isinstance(parts, list) else ()
    return "\n".join(text for text in inner if text)


def _value(value: Json) -> Shown:
    return Shown.of(value, cap=VALUE_CAP) if isinstance(value, str) else text_of(value)


def _sure(told: Mapping[str, Json]) -> float | None:
    return _share(told.get("confidence", told.get("score")))


def _share(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(value) if 0 <= value <= 1 else None


def _page(told: Mapping[str, Json]) -> int | None:
    return _count(told.get("page_no", told.get("page", told.get("page_number"))))


def _count(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
