"""Preferences: what a team or a person may choose about the console, as values."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Final

from review_tui.model.frozen import frozen
from review_tui.model.submissions import Verb

ANY: Final = "*"
"""The workflow that stands for all that have no limits of their own."""


class Advance(StrEnum):
    """Where the selection goes once a submission is decided."""

    NEXT = "next"
    PREVIOUS = "previous"
    OFF = "off"


@frozen
class SavedView:
    """A view of the queue under a name: `query` in the words of the filter line, `sort` a column's name.

    A sort that begins with `-` runs from the largest down; empty is the server's own order.
    """

    name: str
    query: str = ""
    sort: str = ""


@frozen
class CannedReason:
    """A reason that a digit picks; `{field}` in it is replaced from the extracted data.

    `workflow` is a slug, None for all.
    """

    verb: Verb
    text: str
    workflow: str | None = None


@frozen
class AgeLimits:
    """The age, in seconds, from which a submission is a warning or a breach; None for never."""

    warn: float | None = None
    breach: float | None = None


@frozen
class DoubtLimits:
    """Confidences from 0 to 1: below `doubtful` a field is to be checked, from `sure` on it is not."""

    doubtful: float = 0.7
    sure: float = 0.9


VIEWS: Final = (
    SavedView("review"),
    SavedView("flagged", "fraud:flagged"),
    SavedView("oldest", sort="-age"),
)
"""The views of somebody who has not chosen any."""


BANNER_COLORS: Final = ("accent", "good", "warn", "bad", "plain")
"""The roles whose colour a banner may have."""


@frozen
class Preferences:
    """All that is chosen; each default is what a newcomer gets.

    `reasons` empty takes the built-in ones. `ages` and `doubts` are by workflow slug, with `ANY` for the
    rest. `keys` gives the keys of commands by their id, as Textual names them. `banner` is a word shown in
    the header so that two profiles are told apart, in the colour of the role that `banner_color` names, one
    of `BANNER_COLORS`; `read_only` takes deciding away. `mouse` None is on, except over SSH. `color` False
    paints without any colour. `splash` False keeps nothing of the list for the next start.
    """

    advance: Advance = Advance.NEXT
    views: tuple[SavedView, ...] = VIEWS
    reasons: tuple[CannedReason, ...] = ()
    ages: Mapping[str, AgeLimits] = field(default_factory=dict)
    doubts: Mapping[str, DoubtLimits] = field(default_factory=dict)
    theme: str = "terminal"
    color: bool = True
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str = ""
    banner: str = ""
    banner_color: str = "accent"
    read_only: bool = False
    mouse: bool | None = None
    splash: bool = True

    def age_limits(self, workflow: str | None) -> AgeLimits:
        """Return the limits of a workflow."""
        return self.ages.get(workflow or ANY) or self.ages.get(ANY) or AgeLimits()

    def doubt_limits(self, workflow: str | None) -> DoubtLimits:
        """Return the limits of a workflow."""
        return self.doubts.get(workflow or ANY) or self.doubts.get(ANY) or DoubtLimits()
