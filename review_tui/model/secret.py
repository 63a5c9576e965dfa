"""Secrets: what no log, no traceback and no picture may hold by accident."""

from typing import Final

_HIDDEN: Final = "**********"


class Secret:
    """A text that shows itself to nobody who does not ask for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def revealed(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{_HIDDEN if self._text else ''}')"

    def __str__(self) -> str:
        return _HIDDEN if self._text else ""

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)
