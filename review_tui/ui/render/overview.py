"""The overview: what needs a person first, then the facts of a submission."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from review_tui.model.decisions import Stage, Standing
from review_tui.model.doubt import has_confidences, to_check
from review_tui.model.extraction import ExtractedField, Extraction, fields_of, text_of
from review_tui.model.failures import Failure
from review_tui.model.preferences import DoubtLimits
from review_tui.model.submissions import Detail, Verb, why_not
from review_tui.ui.detail_view import DetailState, DetailView
from review_tui.ui.key_names import key_of
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.fields import held_lines, table_lines
from review_tui.ui.render.fraud import match_line
from review_tui.ui.render.head import row_of
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.noting import kept_blocks
from review_tui.ui.render.text import fit, plain
from review_tui.ui.render.words import STAGE_ROLES, counted, moment, standing_words, zone
from review_tui.ui.render.wrapping import paragraph, wrapped

_WORST_SHOWN: Final = 5
_FIELDS_SHOWN: Final = 10
_METADATA_SHOWN: Final = 8
_NAME: Final = 12


def overview_lines(view: DetailView, width: int) -> list[Line]:
    """Draw everything known, the worst first; `view.detail` is there."""
    detail = view.detail
    if detail is None:
        return waiting_lines(view, width)
    extraction = extraction_of(detail, view.contract)
    doubtful = to_check(extraction.fields, view.doubts)
    blocks = [
        *notice_blocks(view, width),
        *kept_blocks(view, width),
        _reason(detail, width),
        _matches(detail, width),
        _doubts(doubtful, extraction, view, detail, width),
        _unreadable(detail, width),
        _document(extraction, doubtful[:_WORST_SHOWN], view.doubts, width),
        _facts(detail, width, view.now),
    ]
    return joined(blocks)


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
    words = f"~ {len(doubtful)} of {counted(len(extraction.fields), 'field')} to check"
    lines: list[Line] = [((words, Role.WARN), (f"  {key_of('next-doubt')} goes there", Role.KEY))]
    lines += table_lines(doubtful[:_WORST_SHOWN], width, view.doubts, bands=bands)
    return lines + _more(len(doubtful) - _WORST_SHOWN)


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
    fields.sort(key=lambda field: "." in field.path or "[" in field.path)
    if not fields:
        return []
    bands = has_confidences(extraction.fields)
    return table_lines(fields[:_FIELDS_SHOWN], width, limits, bands=bands) + _more(
        len(fields) - _FIELDS_SHOWN
    )


def _facts(detail: Detail, width: int, now: datetime) -> list[Line]:
    facts = [
        ("handed in", moment(detail.created_at, now) if detail.created_at else ""),
        ("processed", moment(detail.processed_at, now) if detail.processed_at else ""),
        ("reviewed", moment(detail.reviewed_at, now) if detail.reviewed_at else ""),
        ("synced", moment(detail.synced_at, now) if detail.synced_at else ""),
        ("by", _user(detail)),
        ("workflow", _workflow(detail)),
        ("session", plain(detail.session_id) if detail.session_id else ""),
    ]
    if isinstance(detail.metadata, dict):
        facts += [
            (plain(field.path), plain(field.value))
            for field in fields_of(detail.metadata).fields[:_METADATA_SHOWN]
        ]
    lines: list[Line] = []
    for name, value in facts:
        if value:
            first, *more = wrapped(value, width - _NAME - 1, 3)
            lines.append(((f"{fit(name, _NAME)} ", Role.DIM), (first, Role.PLAIN)))
            lines += [((" " * (_NAME + 1) + part, Role.PLAIN),) for part in more]
    return [*lines, ((zone(now), Role.DIM),)]


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
