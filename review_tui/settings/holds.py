"""Holds: the seconds for which the console holds a decision before it sends it."""

from collections.abc import Mapping
from typing import Final

from review_tui.model.submissions import Verb

HOLDS: Final[Mapping[Verb, float]] = {
    Verb.APPROVE: 5.0,
    Verb.REJECT: 5.0,
    Verb.CANCEL: 5.0,
    Verb.RESOLVE: 2.0,
}
"""Seconds by verb, unless the console is told otherwise."""

HOLD_AT_MOST: Final = 30.0
