"""The extracted fields: what the machine read, how sure it is, in the order received."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from review_tui.model.extraction import ExtractedField, Extraction
from review_tui.model.submissions import Detail
from review_tui.model.text import Shown
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.text import ELLIPSIS, fit, plain
from review_tui.ui.render.words import band_of, confidence_piece, counted, percent
from review_tui.ui.render.wrapping import paragraph, wrapped

_VALUE_LINES: Final = 4
_BAND: Final = 8


def fields_lines(detail: Detail, width: int) -> list[Line]:
    """Draw every field with its confidence."""
    extraction = extraction_of(detail)
    if not extraction.fields:
        return [(("Nothing was extracted from the documents.", Role.DIM),)]
    lines = [*_summary(extraction, detail.confidence, width), EMPTY]
    lines += table_lines(extraction.fields, width, bands=_has_confidences(extraction))
    if extraction.hidden:
        least = "" if extraction.hidden_exact else "at least "
        words = f"+ {least}{extraction.hidden} more, not listed: see Raw"
        lines += [EMPTY, *paragraph(words, width, Role.DIM)]
    return lines


def doubtful_of(extraction: Extraction) -> list[ExtractedField]:
    """Return the fields that a person should check, the least sure first."""
    doubtful = [field for field in extraction.fields if band_of(field.confidence).is_doubtful]
    return sorted(doubtful, key=lambda field: field.confidence or 0.0)


def table_lines(fields: Sequence[ExtractedField], width: int, *, bands: bool) -> list[Line]:
    """Draw names and values in columns; a long value continues below itself, at most four lines."""
    left = _BAND if bands else 0
    name_width = min(max(cell_len(plain(field.path)) for field in fields), max((width - left) // 2 - 4, 8))
    value_width = max(width - left - name_width - 2, 8)
    lines: list[Line] = []
    for field in fields:
        first, *more = wrapped(plain(field.value), value_width, _VALUE_LINES)
        glyph, role = confidence_piece(field.confidence) if field.confidence is not None else ("", Role.DIM)
        band = ((fit(glyph, left), role),) if bands else ()
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


def _has_confidences(extraction: Extraction) -> bool:
    return any(field.confidence is not None for field in extraction.fields)


def _summary(extraction: Extraction, whole: float | None, width: int) -> list[Line]:
    if not _has_confidences(extraction):
        words = f"{band_of(whole).glyph} {percent(whole)} for the whole; none is given for single fields"
        return paragraph(words.strip(), width, band_of(whole).role)
    doubtful = len(doubtful_of(extraction))
    if doubtful:
        return paragraph(f"{counted(doubtful, 'field')} to check", width, Role.WARN)
    return paragraph("✓ no doubtful field", width, Role.GOOD)
