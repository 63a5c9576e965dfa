"""The overview: what needs a person first, then the facts of a submission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from review_tui.model.decisions import Stage, Standing
from review_tui.model.doubt import has_confidences, to_check
from review_tui.model.extraction import ABSENT, ExtractedField, Extraction, fields_of, text_of
from review_tui.model.failures import Failure
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail, Verb, why_not
from review_tui.ui.detail_view import DetailState, DetailView
from review_tui.ui.key_names import key_of
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.fields import FieldColumns, columns_of, held_lines, table_lines, table_rows
from review_tui.ui.render.fraud import match_line
from review_tui.ui.render.head import row_of
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.noting import kept_blocks
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.words import STAGE_ROLES, counted, moment, standing_words
from review_tui.ui.render.wrapping import paragraph, wrapped

_WORST_SHOWN: Final = 5
_FIELDS_SHOWN: Final = 10
_STEADY_SHOWN: Final = 12
_GROUPS_SHOWN: Final = 3
_GROUPS_AT: Final = 11
_FACTS: Final = 9
"""Lines at the foot of the window for the facts, where the fields leave them free."""

_STEADY_FROM: Final = 16
"""Lines of a window from which fields stand where they always do, if those to check are seen even so."""

_METADATA_SHOWN: Final = 8
_NAME: Final = 12


def overview_lines(view: DetailView, width: int, height: int = 0) -> list[Line]:
    """Draw everything known, the worst first; `view.detail` is there.

    In a window of enough `height` fields stand in their own order, each where it stood on the submission
    before, and those to check are seen by their marks; in a low one they come first.
    """
    detail = view.detail
    if detail is None:
        return waiting_lines(view, width)
    extraction = extraction_of(detail, view.contract)
    doubtful = to_check(extraction.fields, view.doubts)
    above = [
        *notice_blocks(view, width),
        *kept_blocks(view, width),
        _reason(detail, width),
        _matches(detail, width),
    ]
    if height >= _STEADY_FROM and (steady := _steady(extraction, doubtful, view, detail, width)):
        block, last = steady
        lines = joined([*above, block])
        if len(lines) - len(block) + last < height:
            lines = joined([lines, _unreadable(detail, width)])
            lines += [EMPTY] * max(height - _FACTS - len(lines), 1)
            return lines + _facts(detail, width, view.now)
    blocks = [
        *above,
        _doubts(doubtful, extraction, view, detail, width),
        _unreadable(detail, width),
        _document(extraction, doubtful[:_WORST_SHOWN], view.doubts, width),
        _facts(detail, width, view.now),
    ]
    return joined(blocks)


def _steady(
    extraction: Extraction,
    doubtful: Sequence[ExtractedField],
    view: DetailView,
    detail: Detail,
    width: int,
) -> tuple[list[Line], int] | None:
    """Draw the fields in their own order, what is in a list or a group in a line for each of its entries.

    Returns the lines and the index of the last one that is to be checked, or None where there are too many.
    """
    to_look_at = {field.path.raw for field in doubtful}
    if not extraction.fields or len(doubtful) > _STEADY_SHOWN:
        return None
    single = [field for field in extraction.fields if field.path.raw in to_look_at or not _is_within(field)]
    single.sort(key=_is_within)
    room = _STEADY_SHOWN - len(doubtful)
    others = {field.path.raw for field in [one for one in single if one not in doubtful][:room]}
    shown = [field for field in single if field.path.raw in others | to_look_at]
    bands = has_confidences(extraction.fields)
    columns = columns_of(shown, width, bands=bands)
    sure = paragraph("✓ no field to check", width, Role.GOOD) if bands else []
    lines = _to_check_line(doubtful, extraction) or sure or held_lines(detail, view.contract, width)
    last = 0
    for field in shown:
        lines += table_rows([field], width, shown, view.doubts, bands=bands, brief=True)
        last = len(lines) - 1 if field.path.raw in to_look_at else last
    lines += _more(len(single) - len(shown))
    if groups := _groups([field for field in extraction.fields if field not in single], columns):
        lines += [EMPTY] * max(min(_GROUPS_AT - len(lines), 2), 1) + groups
    return lines, last


def _groups(within: Sequence[ExtractedField], columns: FieldColumns) -> list[Line]:
    """Draw the entries of lists and groups, each in one line."""
    groups: dict[str, list[str]] = {}
    for field in within:
        groups.setdefault(plain(field.path).partition(".")[0], []).append(plain(field.value))
    lines: list[Line] = []
    for name, values in list(groups.items())[:_GROUPS_SHOWN]:
        said = cut(" · ".join(value for value in values if value != ABSENT), columns.value)
        lines.append(((f"{' ' * columns.band}{fit(name, columns.name)}  ", Role.DIM), (said, Role.PLAIN)))
    return lines + _more(sum(len(values) for values in list(groups.values())[_GROUPS_SHOWN:]))


def _is_within(field: ExtractedField) -> bool:
    """Whether a field is an entry of a list, or of a group."""
    return "." in field.path or "[" in field.path


def joined(blocks: list[list[Line]]) -> list[Line]:
    """Put blocks under each other, one empty line between."""
    lines: list[Line] = []
    for block in filter(None, blocks):
        lines += [EMPTY, *block] if lines else block
    return lines


def waiting_lines(view: DetailView, width: int) -> list[Line]:
    """Draw what there is to say while the detail is not here."""
    row = row_of(view)
    if row is None:
        return [(("Nothing selected.", Role.DIM),)]
    if view.failure:
        return joined([*notice_blocks(view, width), failure_lines(view.failure, width)])
    return joined([*notice_blocks(view, width), [(("loading the details", Role.DIM),)]])


def failure_lines(failure: Failure, width: int) -> list[Line]:
    """Say what failed, what to do, and the request's id for whoever is asked about it."""
    lines = paragraph(f"✗ {plain(failure.title)}", width, Role.BAD)
    if failure.hint:
        lines += paragraph(plain(failure.hint), width)
    for problem in failure.problems[:_WORST_SHOWN]:
        lines += paragraph(f"{plain(problem.field)}: {plain(problem.message)}", width, indent=2)
    if failure.request_id:
        lines += paragraph(f"request {plain(failure.request_id)}", width, Role.DIM)
    return [*lines, EMPTY, ((key_of("refresh"), Role.KEY), (" asks again", Role.DIM))]


def notice_blocks(view: DetailView, width: int) -> list[list[Line]]:
    """Say what became of a decision, and why what is shown may no longer be true."""
    blocks = [_standing_block(view.standing, width)]
    told = view.standing is not None and view.standing.stage is Stage.ELSEWHERE
    if view.state is DetailState.GONE and not told:
        blocks.append(paragraph("! It left the queue: decided elsewhere, or moved on.", width, Role.WARN))
    if view.state is DetailState.STALE:
        why = f": {plain(view.failure.title)}" if view.failure else ""
        words = f"! Shown as read before; reading it again failed{why}. {key_of('refresh')} asks again."
        blocks.append(paragraph(words, width, Role.WARN))
    return blocks


def _standing_block(standing: Standing | None, width: int) -> list[Line]:
    return paragraph(standing_words(standing), width, STAGE_ROLES[standing.stage]) if standing else []


def _matches(detail: Detail, width: int) -> list[Line]:
    matches = detail.open_matches
    if matches is None:
        return paragraph("! Its fraud matches could not be read.", width, Role.WARN)
    if not matches:
        return []
    heading = f"▲ {counted(len(matches), 'open fraud match', 'open fraud matches')}"
    way = "" if why_not(Verb.RESOLVE, detail.status, None) else f"  {key_of('next-match')} goes there"
    lines: list[Line] = [((heading, Role.WARN), (way, Role.KEY))]
    lines += [match_line(match, width) for match in matches[:_WORST_SHOWN]]
    return lines + _more(len(matches) - _WORST_SHOWN)


def _doubts(
    doubtful: Sequence[ExtractedField], extraction: Extraction, view: DetailView, detail: Detail, width: int
) -> list[Line]:
    bands = has_confidences(extraction.fields)
    if not doubtful:
        return [] if bands or not extraction.fields else held_lines(detail, view.contract, width)
    lines = _to_check_line(doubtful, extraction)
    lines += table_lines(doubtful[:_WORST_SHOWN], width, view.doubts, bands=bands)
    return lines + _more(len(doubtful) - _WORST_SHOWN)


def _to_check_line(doubtful: Sequence[ExtractedField], extraction: Extraction) -> list[Line]:
    if not doubtful:
        return []
    words = f"~ {len(doubtful)} of {counted(len(extraction.fields), 'field')} to check"
    return [((words, Role.WARN), (f"  {key_of('next-doubt')} goes there", Role.KEY))]


def _more(count: int) -> list[Line]:
    return [((f"  + {count} more", Role.DIM),)] if count > 0 else []


def _unreadable(detail: Detail, width: int) -> list[Line]:
    lines: list[Line] = []
    for words in detail.unreadable[:_WORST_SHOWN]:
        lines += paragraph(f"! not readable: {plain(words)}", width, Role.WARN)
    return lines + _more(len(detail.unreadable) - _WORST_SHOWN)


def _reason(detail: Detail, width: int) -> list[Line]:
    if detail.reason is None:
        return []
    return paragraph(f"Reason: {plain(detail.reason, lines=True)}", width)


def _document(
    extraction: Extraction, above: Sequence[ExtractedField], limits: DoubtLimits, width: int
) -> list[Line]:
    """Draw the fields that are not `above` already, those within lists and groups last."""
    if not extraction.fields:
        return [(("Nothing was extracted from the documents.", Role.DIM),)]
    fields = [field for field in extraction.fields if field not in above]
    fields.sort(key=_is_within)
    if not fields:
        return []
    bands = has_confidences(extraction.fields)
    return table_lines(fields[:_FIELDS_SHOWN], width, limits, bands=bands) + _more(
        len(fields) - _FIELDS_SHOWN
    )


def _facts(detail: Detail, width: int, now: datetime) -> list[Line]:
    """Draw when, where from and by whom; what may take a second line comes last."""
    times = {
        "handed in": detail.created_at,
        "processed": detail.processed_at,
        "reviewed": detail.reviewed_at,
        "synced": detail.synced_at,
    }
    facts = [(name, f"{moment(at, now)} {now.tzname() or 'UTC'}") for name, at in times.items() if at]
    facts.append(("workflow", _workflow(detail)))
    if isinstance(detail.metadata, dict):
        facts += [
            (plain(field.path), plain(field.value))
            for field in fields_of(detail.metadata).fields[:_METADATA_SHOWN]
        ]
    facts.append(("by", _user(detail)))
    lines: list[Line] = []
    for name, value in facts:
        if value:
            first, *more = wrapped(value, width - _NAME - 1, 3)
            lines.append(((f"{fit(name, _NAME)} ", Role.DIM), (first, Role.PLAIN)))
            lines += [((" " * (_NAME + 1) + part, Role.PLAIN),) for part in more]
    return lines


def _user(detail: Detail) -> str:
    user = detail.external_user
    if not isinstance(user, dict):
        return ""
    parts = [plain(text_of(user[key])) for key in ("name", "email", "id") if user.get(key)]
    return " · ".join(parts)


def _workflow(detail: Detail) -> str:
    if detail.workflow is None:
        return ""
    name = plain(detail.workflow.title)
    version = detail.workflow.version
    return name if version is None else f"{name}, version {plain(text_of(version))}"
