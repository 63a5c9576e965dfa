"""The extracted fields: what the machine read and how sure it is, what is to be checked first."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from review_tui.model.doubt import has_confidences, to_check
from review_tui.model.extraction import ExtractedField, Extraction
from review_tui.model.preferences import DoubtLimits
from review_tui.model.text import Shown
from review_tui.ui.detail_view import DetailView
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.sheet import Sheet
from review_tui.ui.render.text import ELLIPSIS, fit, plain
from review_tui.ui.render.words import confidence_piece, counted, mark_of, percent
from review_tui.ui.render.wrapping import paragraph, spread, wrapped

_VALUE_LINES: Final = 4
_CHOICE: Final = 2
_BAND: Final = 17
_BAND_BRIEF: Final = 8
_WORDS_FROM: Final = 56
"""Width from which the band of a field is said in a word beside its glyph."""


def fields_sheet(view: DetailView, chosen: str | None, width: int) -> Sheet:
    """Draw every field with its confidence: those to check first, the rest as received.

    `chosen` is the path of the field that was gone to.
    """
    detail = view.detail
    extraction = extraction_of(detail) if detail else Extraction()
    if detail is None or not extraction.fields:
        return Sheet([(("Nothing was extracted from the documents.", Role.DIM),)])
    fields = _in_order(extraction, view.doubts)
    bands = has_confidences(extraction.fields)
    lines: list[Line] = [*_summary(view, extraction, detail.confidence, width), EMPTY]
    top = bottom = 0
    rows = [table_rows([field], width - _CHOICE, fields, view.doubts, bands=bands) for field in fields]
    for field, row in zip(fields, rows, strict=True):
        is_chosen = field.path.raw == chosen
        if is_chosen:
            top, bottom = len(lines), len(lines) + len(row) - 1
        for index, line in enumerate(row):
            lines.append((("▸ " if is_chosen and not index else "  ", Role.ACCENT), *line))
    if extraction.hidden:
        least = "" if extraction.hidden_exact else "at least "
        words = f"+ {least}{extraction.hidden} more, not listed: see Raw"
        lines += [EMPTY, *paragraph(words, width, Role.DIM)]
    return Sheet(lines, top, bottom)


def _in_order(extraction: Extraction, doubts: DoubtLimits) -> list[ExtractedField]:
    first = to_check(extraction.fields, doubts)
    paths = {field.path.raw for field in first}
    return [*first, *(field for field in extraction.fields if field.path.raw not in paths)]


def table_lines(
    fields: Sequence[ExtractedField], width: int, doubts: DoubtLimits, *, bands: bool
) -> list[Line]:
    """Draw names and values in columns; a long value continues below itself, at most four lines."""
    return table_rows(fields, width, fields, doubts, bands=bands)


def table_rows(
    fields: Sequence[ExtractedField],
    width: int,
    among: Sequence[ExtractedField],
    doubts: DoubtLimits,
    *,
    bands: bool,
) -> list[Line]:
    """Draw some fields in the columns that they have `among` others."""
    left = (_BAND if width >= _WORDS_FROM else _BAND_BRIEF) if bands else 0
    name_width = min(max(cell_len(plain(field.path)) for field in among), max((width - left) // 2 - 4, 8))
    value_width = max(width - left - name_width - 2, 8)
    lines: list[Line] = []
    for field in fields:
        first, *more = wrapped(plain(field.value), value_width, _VALUE_LINES)
        said, role = confidence_piece(field.confidence, doubts)
        word = f" {mark_of(field.confidence, doubts).word}" if left == _BAND else ""
        band = ((fit(f"{said}{word}" if field.confidence is not None else "", left), role),) if bands else ()
        name = (f"{path_words(field.path, name_width)}  ", Role.DIM)
        lines.append((*band, name, (first, Role.PLAIN)))
        lines += [((" " * (left + name_width + 2) + part, Role.PLAIN),) for part in more]
    return lines


def path_words(path: Shown, width: int) -> str:
    """Say a field's path in exactly `width` cells; a nested one keeps its end, which tells it apart."""
    text = plain(path)
    if cell_len(text) <= width or not ("." in text or "[" in text):
        return fit(text, width)
    return fit(f"{ELLIPSIS}{text[1 - width :]}", width)


def _summary(view: DetailView, extraction: Extraction, whole: float | None, width: int) -> list[Line]:
    if not has_confidences(extraction.fields):
        mark = mark_of(whole, view.doubts)
        words = f"{mark.glyph} {percent(whole)} for the whole; none is given for single fields"
        return paragraph(words.strip(), width, mark.role)
    fields = to_check(extraction.fields, view.doubts)
    if not fields:
        return paragraph("✓ no doubtful field", width, Role.GOOD)
    checked = sum(field.path.raw in view.checked for field in fields)
    words = f"{checked} of {len(fields)} checked"
    left: Line = (
        (f"{counted(len(fields), 'field')} to check first  ", Role.WARN),
        (words, Role.GOOD if checked == len(fields) else Role.PLAIN),
    )
    return [spread(left, (("n next · N before", Role.KEY),), width)]
