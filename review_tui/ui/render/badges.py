"""Badges: one cell before a row of the queue that says what this console knows of it."""

from collections.abc import Collection, Mapping
from typing import Final

from review_tui.model.matching import Facts
from review_tui.ui.render.line import Piece, Role

MARKED: Final[Piece] = ("+", Role.ACCENT)
FLAGGED: Final[Piece] = ("!", Role.WARN)
SNOOZED: Final[Piece] = ("z", Role.DIM)
BACK: Final[Piece] = ("Z", Role.ACCENT)
SKIPPED: Final[Piece] = ("»", Role.DIM)


def badges_of(facts: Facts, returned: Collection[str] = ()) -> Mapping[str, Piece]:
    """Return the badges by submission id; a mark stands before a flag, a flag before the rest.

    `returned` came back from being put away.
    """
    badges: dict[str, Piece] = {}
    for ids, piece in (
        (facts.skipped, SKIPPED),
        (facts.snoozed, SNOOZED),
        (returned, BACK),
        (facts.flagged, FLAGGED),
        (facts.marked, MARKED),
    ):
        badges.update(dict.fromkeys(ids, piece))
    return badges
