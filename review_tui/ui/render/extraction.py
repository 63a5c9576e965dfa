"""The extracted fields of the submissions on the screen, flattened, cleaned and held to a contract once."""

from collections import deque
from typing import Final

from review_tui.model.contracts import Contract
from review_tui.model.doubt import read_fields
from review_tui.model.extraction import Extraction
from review_tui.model.failures import Failure
from review_tui.model.submissions import Detail

_KEPT: Final = 8
_recent: Final[deque[tuple[Detail, Contract | Failure | None, Extraction]]] = deque(maxlen=_KEPT)


def extraction_of(detail: Detail, contract: Contract | Failure | None = None) -> Extraction:
    """Return the fields of `detail`; the last few are kept, for a large one takes tens of milliseconds."""
    for known, held_to, extraction in _recent:
        if known is detail and held_to is contract:
            return extraction
    extraction = read_fields(detail, contract)
    _recent.append((detail, contract, extraction))
    return extraction
