"""The extracted fields of the submissions on the screen, flattened and cleaned once."""

from collections import deque
from typing import Final

from review_tui.model.extraction import Extraction, fields_of
from review_tui.model.submissions import Detail

_KEPT: Final = 4
_recent: Final[deque[tuple[Detail, Extraction]]] = deque(maxlen=_KEPT)


def extraction_of(detail: Detail) -> Extraction:
    """Return the fields of `detail`; the last few are kept, for a large one takes tens of milliseconds."""
    for known, extraction in _recent:
        if known is detail:
            return extraction
    extraction = fields_of(detail.extracted_data)
    _recent.append((detail, extraction))
    return extraction
