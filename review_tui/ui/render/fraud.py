"""Fraud matches: what a submission resembles, how much, and who has judged it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby, zip_longest
from typing import Final

from rich.cells import cell_len

from review_tui.model.decisions import Stage, Standing
from review_tui.model.extraction import ABSENT, fields_of
from review_tui.model.failures import Failure, FailureKind
from review_tui.model.foresight import is_confirmed_fraud, why_not_to_follow
from review_tui.model.fraud import FraudMatch, Resolution
from review_tui.model.likeness import Span
from review_tui.model.submissions import Detail, Row, Verb, why_not
from review_tui.model.text import Shown
from review_tui.model.wire import Json
from review_tui.ui.detail_view import DetailView
from review_tui.ui.key_names import key_of
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.comparison import Likeness, Pair, pairs_of, pairs_told, tally
from review_tui.ui.render.fields import path_words
from review_tui.ui.render.head import amount_words, merchant_words
from review_tui.ui.render.line import EMPTY, Line, Piece, Role
from review_tui.ui.render.sheet import Sheet
from review_tui.ui.render.submissions import status_piece
from review_tui.ui.render.text import ELLIPSIS, cut, fit, plain
from review_tui.ui.render.words import STAGE_ROLES, counted, moment, score, spoken
from review_tui.ui.render.wrapping import cells, paragraph, spread, wrapped
from review_tui.ui.underway import deed

_TYPES: Final = {
    "image_similarity": "similar picture",
    "exact_duplicate": "exact duplicate",
    "data_similarity": "similar data",
}
_JUDGED: Final[Mapping[str, Piece]] = {
    Resolution.FALSE_POSITIVE: ("✓ false positive", Role.GOOD),
    Resolution.CONFIRMED_FRAUD: ("■ confirmed fraud", Role.BAD),
}
_STATE: Final = 18
_TYPE: Final = 16
_SCORE: Final = 6
_INDENT: Final = 4
_VALUE_LINES: Final = 3
_WORDS_FROM: Final = 60
"""Width from which each row says its likeness in a word beside the glyph."""

_MARK: Final = 14
_MARK_BRIEF: Final = 7
_COLUMN: Final = 20
"""Cells of a value from which the two stand in columns; below, they stand under each other."""

_SIDES: Final = ("this one ", "matched  ")


def fraud_sheet(view: DetailView, chosen: str | None, width: int) -> Sheet:
    """Draw the matches; the one with id `chosen` is unfolded beside the submission it points at."""
    detail = view.detail
    matches = detail.fraud_matches if detail else None
    if detail is None or matches is None:
        return Sheet(
            paragraph(
                f"The fraud matches could not be read. {key_of('refresh')} asks again.", width, Role.BAD
            )
        )
    if not matches:
        return Sheet([(("✓ No fraud match was found.", Role.GOOD),)])
    lines: list[Line] = [_heading(detail, view, width), EMPTY]
    top = bottom = 0
    for match in matches:
        first = len(lines)
        lines.append(match_line(match, width, chosen=match.id == chosen, judging=view.judging.get(match.id)))
        if match.id == chosen:
            lines += [*_unfolded(detail, match, view, width), EMPTY]
            top, bottom = first, len(lines) - 2
    return Sheet(lines, top, bottom)


def type_words(match: FraudMatch) -> str:
    """Say what kind of likeness it is; unknown kinds as they are."""
    kind = plain(match.type) if match.type else "kind not said"
    return _TYPES.get(kind, spoken(kind))


def state_piece(match: FraudMatch) -> Piece:
    """Say whether and how it was judged."""
    if match.resolution is None:
        return ("▲ open", Role.WARN)
    known = _JUDGED.get(match.resolution)
    return known or (f"? {spoken(plain(match.resolution))}", Role.DIM)


def match_line(
    match: FraudMatch, width: int, *, chosen: bool = False, judging: Standing | None = None
) -> Line:
    """Draw one match on one line; `judging` is its judgement while that is under way."""
    state, role = state_piece(match)
    if judging is not None and match.is_open:
        glyph = "◷" if judging.stage is Stage.HELD else "…"
        state, role = f"{glyph} {deed(judging.intent)}", STAGE_ROLES[judging.stage]
    kind = cut(type_words(match), _TYPE - 1)
    return clipped(
        (
            ("▸ ", Role.ACCENT) if chosen else ("  ", Role.PLAIN),
            (fit(state, _STATE), role),
            (kind, Role.CURSOR if chosen else Role.PLAIN),
            (" " * (_TYPE - cell_len(kind)), Role.PLAIN),
            (f"{score(match.score):>{_SCORE - 1}} ", Role.TITLE),
            (f" {plain(match.matched_submission_id or '')}", Role.DIM),
        ),
        width,
    )


def _heading(detail: Detail, view: DetailView, width: int) -> Line:
    judging = len(view.judging)
    open_count = len(detail.open_matches or ())
    if not open_count:
        judged: Line = ((f"✓ all {len(detail.fraud_matches or ())} judged", Role.GOOD),)
        return spread(judged, _what_follows(detail), width)
    words = (f"▲ {counted(open_count, 'open match', 'open matches')}", Role.WARN)
    if why_not(Verb.RESOLVE, detail.status, None):
        return (words,)
    if view.follows:
        return spread((words,), ((f"approve follows: {key_of('undo')} takes it back", Role.ACCENT),), width)
    if judging >= open_count:
        way = (f"{counted(judging, 'judgement')} on the way", Role.ACCENT)
        after = why_not_to_follow(detail, (one.intent for one in view.judging.values())) is None
        return spread(
            (words,), (way, *(((f"  {key_of('approve')} approves then", Role.KEY),) if after else ())), width
        )
    keys = (("false-positive", "false positive"), ("confirmed-fraud", "fraud"), ("note", "note"))
    named = " · ".join(f"{key_of(id_)} {words}" for id_, words in keys)
    return spread((words,), ((named, Role.KEY),), width)


def _what_follows(detail: Detail) -> Line:
    """Name the key for which the last judgement has cleared the way."""
    fraud = is_confirmed_fraud(detail)
    if why_not(Verb.REJECT if fraud else Verb.APPROVE, detail.status, 0):
        return ()
    return ((f"{key_of('reject')} rejects" if fraud else f"{key_of('approve')} approves", Role.KEY),)


def _unfolded(
    detail: Detail,
    match: FraudMatch,
    view: DetailView,
    width: int,
) -> list[Line]:
    lines = _evidence(detail, match, width)
    if not match.is_open:
        lines += _judgement(match, width, view.now)
    elif note := _note_of(match, view):
        lines += paragraph(f"your note: {plain(note)}", width, Role.ACCENT, indent=_INDENT)
    named = match.matched_submission_id
    other = view.matched.get(named.raw) if named else None
    if isinstance(other, Detail):
        return [*lines, EMPTY, *_beside(detail, other, match, width, view.now)]
    if not named:
        lines += paragraph("the server does not say which submission it resembles", width, Role.DIM, indent=4)
    elif other is None:
        lines += paragraph("loading the matched submission", width, Role.DIM, indent=_INDENT)
    else:
        lines += _not_here(other, width)
    told = pairs_told(match)
    return [*lines, EMPTY, *_table(told, width)] if told else lines


def _note_of(match: FraudMatch, view: DetailView) -> str:
    """Return what goes, or is on its way, to the server with the judgement of a match."""
    judging = view.judging.get(match.id)
    return (judging.intent.note or "") if judging else view.match_notes.get(match.id, "")


def _not_here(failure: Failure, width: int) -> list[Line]:
    if failure.kind in {FailureKind.NOT_FOUND, FailureKind.FORBIDDEN, FailureKind.GONE}:
        words = "the matched submission is not visible to this key"
        return paragraph(f"! {words}", width, Role.WARN, indent=_INDENT)
    words = f"✗ the matched submission could not be read: {plain(failure.title)}"
    return paragraph(f"{words}. {key_of('refresh')} asks again", width, Role.BAD, indent=_INDENT)


def _evidence(detail: Detail, match: FraudMatch, width: int) -> list[Line]:
    details: Json = match.details if isinstance(match.details, dict) else {}
    if match.type == "image_similarity":
        words = _picture_words(detail, details)
    elif match.type == "exact_duplicate":
        words = "the very same document was handed in before"
    else:
        words = ""
    lines = paragraph(words, width, indent=_INDENT) if words else []
    if not words and not match.compared:
        for field in fields_of(details).fields[:6]:
            told = f"{plain(field.path)}: {plain(field.value)}"
            lines.append(clipped(((f"{' ' * _INDENT}{told}", Role.DIM),), width))
    return lines


def _picture_words(detail: Detail, details: Json) -> str:
    distance = details.get("distance")
    here = _file_words(detail, details.get("fileIndex"))
    there = details.get("matchedFileIndex")
    where = f"{here} here, file {there + 1} there" if isinstance(there, int) else f"{here} here"
    if isinstance(distance, bool) or not isinstance(distance, int) or not 0 <= distance <= 10_000:
        return f"{where}; the distance is not said"
    near = "identical" if distance == 0 else "nearly identical" if distance <= 5 else "alike"
    return f"{where}: the pictures are {near} (perceptual hashes differ in {counted(distance, 'bit')})"


def _file_words(detail: Detail, index: Json) -> str:
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < 10_000:
        return "a file"
    named = next((file.title for file in detail.files if file.index == index), None)
    return f"file {index + 1} ({plain(named)})" if named else f"file {index + 1}"


def _judgement(match: FraudMatch, width: int, now: datetime) -> list[Line]:
    words = f"judged by {plain(match.resolver)}, {moment(match.resolved_at, now)}"
    lines = paragraph(words, width, Role.DIM, indent=_INDENT)
    if match.note:
        lines += paragraph(f"note: {plain(match.note)}", width, Role.DIM, indent=_INDENT)
    return lines


def _beside(detail: Detail, other: Detail, match: FraudMatch, width: int, now: datetime) -> list[Line]:
    row = Row.of(other)
    name = f"{' ' * _INDENT}{merchant_words(row)} · {amount_words(row)}  "
    lines: list[Line] = [
        clipped(((name, Role.PLAIN), status_piece(other.status)), width),
        ((f"{' ' * _INDENT}{other.id} · handed in {moment(other.created_at, now)}", Role.DIM),),
    ]
    if other.reason:
        lines += paragraph(f"reason: {plain(other.reason)}", width, Role.DIM, indent=_INDENT)
    pairs = pairs_of(detail, other, match)
    if not pairs:
        return [*lines, *paragraph("neither has extracted fields", width, Role.DIM, indent=_INDENT)]
    return [*lines, EMPTY, *_table(pairs, width)]


def _table(pairs: list[Pair], width: int) -> list[Line]:
    words = [f"{count} {like.glyph} {like.word}" for like, count in tally(pairs).items()]
    roomy = width >= _WORDS_FROM
    mark = _MARK if roomy else _MARK_BRIEF
    room = width - _INDENT - mark
    name = min(max(cell_len(plain(pair.path)) for pair in pairs), room // 3)
    value = (room - name - 4) // 2
    in_columns = value >= _COLUMN
    lines = paragraph(" · ".join(words), width, Role.TITLE, indent=_INDENT)
    if in_columns:
        heads = f"{' ' * (_INDENT + mark + name)}  {fit('this one', value)}  matched one"
        lines.append(clipped(((heads, Role.DIM),), width))
    for pair in pairs:
        head: Line = (
            (f"{' ' * _INDENT}{fit(pair.words(brief=not roomy), mark)}", pair.likeness.role),
            (f"{path_words(pair.path, name)}  ", Role.DIM),
        )
        rest = room - name - 2
        sides = _sides(pair, value, rest) if in_columns else _sides_stacked(pair, rest)
        if in_columns or len(sides) == 1:
            lines += _side_by_side(head, sides, value)
        else:
            lines += _stacked(head, sides)
    return lines


def _sides(pair: Pair, value: int, whole: int) -> list[list[Line]]:
    """Return the lines of both values, one side alone where both are written alike or one has none."""
    if pair.is_written_alike:
        return [_value_lines(pair.here, whole, ())]
    here, there = pair.differing()
    return [_value_lines(pair.here, value, here), _value_lines(pair.there, value, there)]


def _sides_stacked(pair: Pair, whole: int) -> list[list[Line]]:
    """Return the same for values under each other; one that is missing takes no line."""
    if pair.likeness is Likeness.ONLY_HERE:
        return [_value_lines(pair.here, whole, ())]
    if pair.likeness is Likeness.ONLY_THERE:
        return [_value_lines(pair.there, whole, ())]
    return _sides(pair, whole - cell_len(_SIDES[0]), whole)


def _side_by_side(head: Line, sides: list[list[Line]], value: int) -> list[Line]:
    lines: list[Line] = []
    blank: Line = ((" " * cells(head), Role.PLAIN),)
    for index, parts in enumerate(zip_longest(*sides, fillvalue=EMPTY)):
        first, *others = parts
        line: Line = (*(blank if index else head), *first)
        for other in others:
            line += ((" " * (value - cells(first) + 2), Role.PLAIN), *other)
        lines.append(line)
    return lines


def _stacked(head: Line, sides: list[list[Line]]) -> list[Line]:
    """Put one value under the other, each line behind whose it is."""
    lines: list[Line] = []
    for whose, parts in zip(_SIDES, sides, strict=True):
        for index, part in enumerate(parts):
            before: Line = ((" " * cells(head), Role.PLAIN),) if lines else head
            side = whose if index == 0 else " " * cell_len(whose)
            lines.append((*before, (side, Role.DIM), *part))
    return lines


def _value_lines(value: Shown | None, width: int, differing: Sequence[Span]) -> list[Line]:
    """Break a value into lines; what differs plays the role that marks it."""
    if value is None:
        return [((ABSENT, Role.DIM),)]
    text, at = plain(value), 0
    marked = {place for start, stop in differing for place in range(start, stop)}
    lines: list[Line] = []
    for part in wrapped(text, width, _VALUE_LINES):
        found = text.find(part.removesuffix(ELLIPSIS), at)
        at = max(found, at)
        runs = groupby(enumerate(part), key=lambda pair: found >= 0 and at + pair[0] in marked)
        lines.append(
            tuple(
                ("".join(char for _, char in run), Role.DIFFERS if is_marked else Role.PLAIN)
                for is_marked, run in runs
            )
        )
        at += len(part.removesuffix(ELLIPSIS))
    return lines
