"""Paths: ids from outside put into routes, and only such as cannot lead elsewhere."""

import re
from typing import Final

from review_tui.client.errors import UnusableId

_SEGMENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}\Z")


def is_id(text: str) -> bool:
    """Whether a path can carry `text` as an id."""
    return _SEGMENT.match(text) is not None


def path(*segments: str) -> str:
    """Join segments to a path below the API's root; raises UnusableId for one that is no plain id."""
    for segment in segments:
        if not is_id(segment):
            raise UnusableId("That is not an id", "Ids are letters and digits, with . _ : ~ - between them.")
    return "".join(f"/{segment}" for segment in segments)
