"""The extracted fields: what the machine read and how sure it is, what is to be checked first."""

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from review_tui.model.contracts import Contract
from review_tui.model.doubt import Held, has_confidences, held, to_check
from review_tui.model.extraction import ABSENT, ExtractedField, Extraction
from review_tui.model.failures import Failure
from review_tui.model.frozen import frozen
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail
from review_tui.model.text import Shown
from review_tui.ui.detail_view import DetailView
from review_tui.ui.key_names import key_of
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.sheet import Sheet
from review_tui.ui.render.text import ELLIPSIS, fit, plain
from review_tui.ui.render.words import confidence_piece, counted, mark_of, percent
from review_tui.ui.render.wrapping import cells, paragraph, spread, wrapped

_VALUE_LINES: Final = 4
_CHOICE: Final = 2
_BAND: Final = 17
_BAND_BRIEF: Final = 8
_NAME: Final = 16
"""Cells that names have at least, so that values stand in one place on one submission after another."""

_WORDS_FROM: Final = 56
"""Width from which the band of a field is said in a word beside its glyph."""


def fields_sheet(view: DetailView, chosen: str | None, width: int) -> Sheet:
    """Draw every field with its confidence: those to check first, the rest as received.

    `chosen` is the path of the field that was gone to.
    """
    detail = view.detail
    extraction = extraction_of(detail, view.contract) if detail else Extraction()
    if detail is None or not extraction.fields:
        return Sheet([(("Nothing was extracted from the documents.", Role.DIM),)])
    fields = _in_order(extraction, view.doubts)
    bands = has_confidences(extraction.fields)
    lines: list[Line] = [*_summary(view, extraction, detail, width), EMPTY]
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
    brief: bool = False,
) -> list[Line]:
    """Draw some fields in the columns that they have `among` others; what one breaks stands below it.

    With `brief` a number says how sure the machine was only where a person is to check.
    """
    columns = columns_of(among, width, bands=bands)
    lines: list[Line] = []
    for field in fields:
        told = [(part, Role.PLAIN) for part in wrapped(plain(field.value), columns.value, _VALUE_LINES)]
        if field.breaks:
            why = [(part, Role.BAD) for part in wrapped(field.breaks, columns.value)]
            told = why if field.value == ABSENT else [*told, *why]
        first, *more = told
        name = (f"{path_words(field.path, columns.name)}  ", Role.DIM)
        lines.append((*_band(field, doubts, columns.band, brief=brief), name, first))
        lines += [((" " * (columns.band + columns.name + 2), Role.PLAIN), piece) for piece in more]
    return lines


@frozen
class FieldColumns:
    """Cells that the band, the name and the value of a field have."""

    band: int
    name: int
    value: int


def columns_of(among: Sequence[ExtractedField], width: int, *, bands: bool) -> FieldColumns:
    """Share `width` cells out among the columns of these fields."""
    band = (_BAND if width >= _WORDS_FROM else _BAND_BRIEF) if bands else 0
    if not bands and any(field.breaks for field in among):
        band = _CHOICE
    longest = max((cell_len(plain(field.path)) for field in among), default=0)
    name = min(max(longest, _NAME), max((width - band) // 2 - 4, 8))
    return FieldColumns(band, name, max(width - band - name - 2, 8))


def _band(field: ExtractedField, doubts: DoubtLimits, width: int, *, brief: bool) -> Line:
    """Say how sure the machine was, and that a contract is broken, which no confidence outweighs."""
    said, role = (
        confidence_piece(field.confidence, doubts) if field.confidence is not None else ("", Role.DIM)
    )
    if field.breaks:
        said, role = f"✗ {said[2:]}", Role.BAD
    elif brief and role is Role.GOOD:
        said = said[:1]
    elif width == _BAND and said:
        said += f" {mark_of(field.confidence, doubts).word}"
    return ((fit(said, width), role),) if width else ()


def path_words(path: Shown, width: int) -> str:
    """Say a field's path in exactly `width` cells; a nested one keeps its end, which tells it apart."""
    text = plain(path)
    if cell_len(text) <= width or not ("." in text or "[" in text):
        return fit(text, width)
    return fit(f"{ELLIPSIS}{text[1 - width :]}", width)


def _summary(view: DetailView, extraction: Extraction, detail: Detail, width: int) -> list[Line]:
    fields = to_check(extraction.fields, view.doubts)
    if has_confidences(extraction.fields):
        return _to_check(view, fields, width) or paragraph("✓ no doubtful field", width, Role.GOOD)
    mark = mark_of(detail.confidence, view.doubts)
    words = f"{mark.glyph} {percent(detail.confidence)} for the whole; none for single fields"
    lines = paragraph(words.strip(), width, mark.role)
    return lines + (_to_check(view, fields, width) or held_lines(detail, view.contract, width))


def held_lines(detail: Detail, contract: Contract | Failure | None, width: int) -> list[Line]:
    """Say whether fields without a confidence could be held to their contract, and that all keep to it."""
    why = held(detail, contract)
    if why is Held.HELD:
        return paragraph("✓ every field keeps to its workflow's contract", width, Role.GOOD)
    if isinstance(contract, Failure) and why is Held.UNREADABLE:
        return paragraph(
            f"! {why}: {plain(contract.title)}. {key_of('refresh')} asks again", width, Role.WARN
        )
    return paragraph(why, width, Role.DIM) if why is not Held.NOT_NEEDED else []


def _to_check(view: DetailView, fields: Sequence[ExtractedField], width: int) -> list[Line]:
    if not fields:
        return []
    checked = sum(field.path.raw in view.checked for field in fields)
    progress = (
        f"{checked} of {len(fields)} checked",
        Role.GOOD if checked == len(fields) else Role.PLAIN,
    )
    left: Line = ((f"{counted(len(fields), 'field')} to check first  ", Role.WARN), progress)
    keys: Line = ((f"{key_of('next-doubt')} next · {key_of('previous-doubt')} before", Role.KEY),)
    return [spread(left if cells(left) + cells(keys) + 2 <= width else (progress,), keys, width)]
