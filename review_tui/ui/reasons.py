"""The reasons that a digit picks."""

from collections.abc import Mapping
from typing import Final

from review_tui.model.submissions import Verb

REASONS: Final[Mapping[Verb, tuple[str, ...]]] = {
    Verb.REJECT: (
        "The document is not legible; please send a sharper picture",
        "The document is incomplete; please send all of its pages",
        "The amount does not match the document",
        "This document was handed in before",
        "The document is neither a receipt nor an invoice",
        "The document seems to be altered or made up",
    ),
    Verb.CANCEL: (
        "Handed in by mistake",
        "Withdrawn by the customer",
        "Replaced by a newer submission",
        "A test, not a real document",
    ),
}
"""Written to whoever handed the document in: they may be shown these words."""
