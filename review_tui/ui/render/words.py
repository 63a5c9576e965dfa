"""How numbers, times, sizes and decisions are said: glyph and word, never colour alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from review_tui.model.decisions import Stage, Standing
from review_tui.model.doubt import Band, band_of
from review_tui.model.extraction import ABSENT
from review_tui.model.frozen import frozen
from review_tui.model.preferences import DoubtLimits
from review_tui.ui.key_names import key_of
from review_tui.ui.render.line import Piece, Role
from review_tui.ui.render.text import plain
from review_tui.ui.underway import deed


@frozen
class Mark:
    """How a band is shown: glyph, word and role."""

    glyph: str
    word: str
    role: Role


_MARKS: Final = {
    Band.SURE: Mark("✓", "sure", Role.GOOD),
    Band.UNSURE: Mark("~", "unsure", Role.WARN),
    Band.DOUBTFUL: Mark("✗", "doubtful", Role.BAD),
    Band.UNSAID: Mark(" ", "not said", Role.DIM),
}


def mark_of(confidence: float | None, limits: DoubtLimits | None = None) -> Mark:
    """Return how a confidence (0..1) is shown by the limits of its workflow, the built-in ones without."""
    return _MARKS[band_of(confidence, limits)]


def percent(confidence: float | None) -> str:
    """Say a confidence (0..1); rounded down, so that nothing is said to be better than it is."""
    return ABSENT if confidence is None else f"{int(confidence * 100 + 1e-9)} %"


def confidence_piece(confidence: float | None, limits: DoubtLimits | None = None) -> Piece:
    """Say a confidence with its band."""
    mark = mark_of(confidence, limits)
    return (f"{mark.glyph} {percent(confidence)}", mark.role)


def score(value: float | None) -> str:
    """Say a fraud score (0..100), without a point where it has no fraction."""
    return ABSENT if value is None else f"{value:.1f}".removesuffix(".0")


def moment(at: datetime | None, now: datetime) -> str:
    """Say a time to the minute, in the zone of `now`."""
    return ABSENT if at is None else f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"


def zone(now: datetime) -> str:
    """Name the zone that times are shown in."""
    return f"times in {now.tzname() or 'UTC'}"


_UNITS: Final = ("B", "kB", "MB", "GB")


def size(count: float | None) -> str:
    """Say a number of bytes in steps of 1000."""
    if count is None or count < 0:
        return ABSENT
    for unit in _UNITS[:-1]:
        if count < 999.5:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 99.5 else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} {_UNITS[-1]}"


def spoken(word: str) -> str:
    """Turn a wire word such as `fraud_match_resolved` into words; others stay as they are."""
    return word.replace("_", " ") if word.isascii() and word.replace("_", "").isalnum() else word


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """Say a number with its noun."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


STAGE_ROLES: Final[Mapping[Stage, Role]] = {
    Stage.HELD: Role.ACCENT,
    Stage.CHECKING: Role.ACCENT,
    Stage.WAITING: Role.WARN,
    Stage.SENDING: Role.ACCENT,
    Stage.VERIFYING: Role.WARN,
    Stage.SETTLING: Role.WARN,
    Stage.DONE: Role.GOOD,
    Stage.ELSEWHERE: Role.WARN,
    Stage.REFUSED: Role.BAD,
    Stage.UNSENT: Role.BAD,
    Stage.NOT_DONE: Role.BAD,
    Stage.UNKNOWN: Role.BAD,
    Stage.TAKEN_BACK: Role.PLAIN,
    Stage.CHANGED: Role.WARN,
}


def standing_words(standing: Standing) -> str:
    """Say how far a decision has come, in words that stay true while its seconds run down."""
    if standing.stage is Stage.HELD:
        since = " from last time" if standing.earlier else ""
        waits = f"{key_of('outbox')} sends it or drops it"
        way = waits if standing.earlier else f"{key_of('undo')} takes it back"
        return f"◷ {deed(standing.intent)} held{since}: {way}"
    return plain(standing.words)
