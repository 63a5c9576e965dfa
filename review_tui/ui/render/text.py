"""The only door for text from outside: whatever is drawn has come through here."""

from review_tui.model.text import Shown, clean


def plain(text: str, *, lines: bool = False) -> str:
    """Return `text` as characters that are safe to draw; what the model has cleaned stays as it is.

    `Shown` is drawn as it stands; anything else is cleaned here, with `lines` keeping line breaks.
    """
    if isinstance(text, Shown):
        return str(text) if lines or "\n" not in text else text.replace("\n", "⏎")
    return clean(text, lines=lines)
