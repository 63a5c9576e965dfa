"""Results of jobs: what the work came to, as typed views that take what they can."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from review_tui.model.jobs import JobKey
from review_tui.model.text import Shown
from review_tui.model.wire import Json

FIELDS_SHOWN: Final = 200
"""Fields, or pages, that are listed; the rest is counted."""

TEXT_SHOWN: Final = 200_000
"""Characters of a document's text that are drawn; the whole is in the file."""


@dataclass(frozen=True, slots=True)
class ResultField:
    """One value that was read; `score` is from 0 to 1 and `page` counts from 1, None where not told."""

    name: Shown
    value: Shown
    score: float | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ExtractedResult:
    """Fields as they were read; `hidden` more are not listed. `least_score` is that of the whole."""

    fields: tuple[ResultField, ...]
    hidden: int = 0
    least_score: float | None = None


@dataclass(frozen=True, slots=True)
class ParsedResult:
    """A document as text, markdown as a rule: lines stay lines, everything else is safe to draw.

    `chunks` counts its parts and `pages` its pages, None where not told. `cut` says that there is more.
    """

    text: Shown
    chunks: int | None = None
    pages: int | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ClassifiedResult:
    """What a document is; `pages` has the same for each page that was looked at."""

    label: Shown
    confidence: float | None = None
    pages: tuple[ResultField, ...] = ()
    total_pages: int | None = None


@dataclass(frozen=True, slots=True)
class TreeResult:
    """JSON of no known shape."""

    value: Json


ResultView = ExtractedResult | ParsedResult | ClassifiedResult | TreeResult


@dataclass(frozen=True, slots=True)
class Result:
    """What a job came to: `path` holds all of it, `size` bytes, readable by its owner alone.

    `view` is None where it is too large to be read at once, or is not JSON; `why_no_view` says which.
    """

    key: JobKey
    path: Path
    size: int
    view: ResultView | None = None
    value: Json = None
    why_no_view: str = ""
