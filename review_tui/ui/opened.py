"""What can be searched of the submissions that were opened: kept as they come, made once for each reading."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from review_tui.model.matching import Opened
from review_tui.model.submissions import Detail
from review_tui.ui.render.extraction import extraction_of

_OPENED_KEPT: Final = 2_000
_TEXTS_KEPT: Final = 4_000
_recent: Final[deque[tuple[Detail, Opened]]] = deque(maxlen=8)


def opened_of(detail: Detail) -> Opened:
    """Return what can be searched of a submission; that of the last few is kept, for it is told again."""
    for known, opened in _recent:
        if known is detail:
            return opened
    texts = "\n".join(one.value for one in extraction_of(detail).fields)[:_TEXTS_KEPT]
    has_matches = None if detail.fraud_matches is None else bool(detail.fraud_matches)
    opened = Opened(texts, str(detail.reason or ""), has_matches)
    _recent.append((detail, opened))
    return opened


def with_opened(opened: Mapping[str, Opened], detail: Detail) -> Mapping[str, Opened]:
    """Add a submission; past so many the one that was opened first goes."""
    known = opened_of(detail)
    before = opened.get(detail.id)
    if before is known or before == known:
        return opened
    rest = {id_: one for id_, one in opened.items() if id_ != detail.id}
    if len(rest) >= _OPENED_KEPT:
        del rest[next(iter(rest))]
    return {**rest, detail.id: known}
