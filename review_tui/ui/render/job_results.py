"""The result of a job as lines: fields, a document's text, classes, or its JSON; made while one scrolls."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from rich.cells import chop_cells

from review_tui.model.extraction import ABSENT
from review_tui.model.folding import fold
from review_tui.model.job_words import JobState
from review_tui.model.results import (
    ClassifiedResult,
    ExtractedResult,
    ParsedResult,
    Result,
    ResultField,
    TreeResult,
)
from review_tui.model.text import escaped
from review_tui.ui.job_rows import Fetched, JobRow
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.job_detail import failure_lines
from review_tui.ui.render.job_json import leaves_of, tree_lines
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.words import confidence_piece, counted, size
from review_tui.ui.render.wrapping import paragraph, wrapped
from review_tui.workers.news import DownloadStage

LOOKED_AT: Final = 50_000
"""Values of a result that are looked at for a word."""

FOUND_AT_MOST: Final = 500
HEAD: Final = 128 * 1024
"""Bytes from the start of a file that are shown where there is no other view of it."""

_NAME: Final = 28
_SCORE: Final = 9
_PAGE: Final = 6


def result_lines(
    row: JobRow, fetched: Fetched | None, words: str, keys: Mapping[str, str], width: int
) -> Iterator[Line]:
    """Yield what is known of a job's result; with `words`, those of its lines in which they stand."""
    moved = fetched.moved if fetched else None
    if moved is not None and moved.result is not None and fetched is not None:
        yield from saved_lines(moved.result, width)
        yield EMPTY
        yield from (
            _found(fetched, moved.result, words, width) if words else _shown(fetched, moved.result, width)
        )
    elif moved is not None and moved.stage is DownloadStage.RUNNING:
        of = f" of {size(moved.total)}" if moved.total else ""
        yield ((f"↓ {size(moved.done)}{of}", Role.ACCENT),)
    elif moved is not None and moved.failure is not None:
        yield from failure_lines(moved.failure, width, Role.BAD)
        yield EMPTY
        again = "asks whether all of it is to be taken" if moved.is_too_large else "tries again"
        yield from paragraph(f"{keys['fetch']} {again}.", width, Role.DIM)
    else:
        yield from _not_fetched(row, keys, width)


def _not_fetched(row: JobRow, keys: Mapping[str, str], width: int) -> Iterator[Line]:
    if row.id.is_batch:
        yield from paragraph("A batch has no result of its own: its jobs have.", width, Role.DIM)
    elif row.has_result:
        words = f"{keys['fetch']} fetches the result into a file of yours alone and shows it here."
        yield from paragraph(words, width, Role.ACCENT)
    elif row.job is None:
        yield from paragraph("Nothing is known of this job yet.", width, Role.DIM)
    else:
        verb = "failed" if row.job.state is JobState.FAILED else f"is {row.job.state}"
        yield from paragraph(f"There is no result: the job {verb}.", width, Role.DIM)
        if row.job.hint:
            yield from paragraph(plain(row.job.hint), width, Role.DIM)


def saved_lines(result: Result, width: int) -> Iterator[Line]:
    """Say where a result lies, and why it is shown as it came, if so."""
    yield from paragraph(f"✓ {size(result.size)} in {plain(str(result.path))}", width, Role.GOOD)
    if result.why_no_view:
        yield from paragraph(f"! Shown as it came: {plain(result.why_no_view)}.", width, Role.WARN)


def _shown(fetched: Fetched, result: Result, width: int) -> Iterator[Line]:
    match result.view:
        case ExtractedResult() as view:
            least = "" if view.least_score is None else f" · least sure {int(view.least_score * 100)} %"
            yield ((f"{counted(len(view.fields) + view.hidden, 'field')}{least}", Role.TITLE),)
            yield from _fields(view.fields, width)
            if view.hidden:
                yield ((f"… {view.hidden:,} more: all of them are in the file", Role.DIM),)
        case ParsedResult() as view:
            yield (("text" + _told(view), Role.TITLE),)
            yield from _text(view.text, width)
            if view.cut:
                yield (("… the rest is in the file", Role.DIM),)
        case ClassifiedResult() as view:
            pages = f" · {counted(view.total_pages, 'page')}" if view.total_pages is not None else ""
            sure = confidence_piece(view.confidence)
            yield clipped(
                ((plain(view.label), Role.TITLE), ("  ", Role.PLAIN), sure, (pages, Role.DIM)), width
            )
            yield from _fields(view.pages, width)
        case TreeResult(value):
            yield from tree_lines(value, width)
        case None:
            yield from _head(fetched, result, width)


def _told(view: ParsedResult) -> str:
    parts = ((view.chunks, "chunk"), (view.pages, "page"))
    return "".join(f" · {counted(count, noun)}" for count, noun in parts if count is not None)


def _fields(fields: Sequence[ResultField], width: int) -> Iterator[Line]:
    room = max(width - _NAME - _SCORE - _PAGE - 3, 10)
    for field in fields:
        name = fit(cut(plain(field.name), _NAME), _NAME)
        first, *more = wrapped(plain(field.value) or ABSENT, room, 6)
        page = f"p. {field.page}" if field.page is not None else ""
        sure: Piece = confidence_piece(field.score) if field.score is not None else ("", Role.DIM)
        score: Piece = (fit(sure[0], _SCORE), sure[1])
        line: Line = (
            (f"{name} ", Role.DIM),
            score,
            (f" {fit(page, _PAGE)} ", Role.DIM),
            (first, Role.PLAIN),
        )
        yield clipped(line, width)
        indent = " " * (_NAME + _SCORE + _PAGE + 3)
        yield from (clipped(((indent + part, Role.PLAIN),), width) for part in more)


def _text(text: str, width: int) -> Iterator[Line]:
    """Draw markdown as what it is: text; what makes headings of lines makes them stand out, nothing else."""
    for part in plain(text, lines=True).split("\n"):
        role = Role.TITLE if part.startswith("#") else Role.PLAIN
        yield from (((line, role),) for line in wrapped(part, width))


def _head(fetched: Fetched, result: Result, width: int) -> Iterator[Line]:
    if result.first:
        yield ((f"The first {counted(len(result.first), 'value')}", Role.TITLE),)
        yield from _fields(result.first, width)
        yield ((f"… {size(result.size)} in all, in the file", Role.DIM),)
        return
    if fetched.head is None:
        yield (("… reading the file", Role.DIM),)
        return
    for part in fetched.head.split("\n"):
        yield from (((line, Role.PLAIN),) for line in chop_cells(escaped(part), max(width, 10)) or [""])
    if result.size > HEAD:
        yield ((f"… {size(result.size - HEAD)} more in the file", Role.DIM),)


def _found(fetched: Fetched, result: Result, words: str, width: int) -> Iterator[Line]:
    """Yield where the words stand: fields and lines as they are, values of JSON behind their paths."""
    yield ((f"Only what has “{plain(words)}” in it", Role.TITLE),)
    wanted = fold(words)
    found = looked = 0
    for text in _told_lines(fetched, result):
        looked += 1
        if wanted in fold(text):
            found += 1
            yield from (((part, Role.PLAIN),) for part in wrapped(text, width, 4))
        if found >= FOUND_AT_MOST:
            yield ((f"… only the first {FOUND_AT_MOST} are listed", Role.WARN),)
            return
    if not found:
        yield from paragraph(f"“{plain(words)}” stands nowhere in what is shown here.", width, Role.WARN)
    if looked >= LOOKED_AT:
        yield ((f"… only the first {LOOKED_AT:,} values were looked at", Role.WARN),)


def _told_lines(fetched: Fetched, result: Result) -> Iterator[str]:
    """Yield all that can be looked through, clean, one thing a line."""
    match result.view:
        case ParsedResult() as view:
            yield from (
                f"{number}: {part}" for number, part in enumerate(plain(view.text, lines=True).split("\n"), 1)
            )
        case None:
            head = escaped_lines(fetched.head or "")
            yield from (f"{number}: {part}" for number, part in enumerate(head, 1))
        case _:
            yield from islice(leaves_of(result.value), LOOKED_AT)


def escaped_lines(text: str) -> Iterator[str]:
    """Yield the lines of a text, exact and inert."""
    return (escaped(part) for part in text.split("\n"))
