"""Files of a submission, and the names under which they may be kept on this machine."""

import re
import unicodedata
from dataclasses import field
from typing import Annotated

from review_tui.model.frozen import frozen
from review_tui.model.text import Shown, clean
from review_tui.model.wire import Json, Moment, Number, OptionalText, Reads

NAME_BYTES = 180
"""UTF-8 bytes of a kept file's name, at most."""

_ID_CHARACTERS = 40

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def _link(value: Json) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError("is no text")


@frozen
class StoredFile:
    """One uploaded document; its URL is pre-signed, lives an hour and carries its own authority."""

    id: OptionalText = None
    index: Number = None
    label: OptionalText = None
    file_name: OptionalText = None
    content_type: OptionalText = None
    size_bytes: Number = None
    download_url: Annotated[str | None, Reads(_link)] = field(default=None, repr=False)
    download_url_expires_at: Moment = None

    @property
    def title(self) -> Shown:
        """What to call it on the screen."""
        return self.file_name or self.label or self.id or Shown.of("(unnamed)")


def file_key(submission_id: str, file: StoredFile) -> str:
    """Return what tells a file from every other one: its submission with its own id, or with its place."""
    return f"{submission_id}/{file.id.raw}" if file.id else f"{submission_id}#{int(file.index or 0)}"


def kept_name(submission_id: str, file: StoredFile) -> str:
    """Return the safe name under which a file is kept: the submission's id tells one scan.pdf from others."""
    fallback = file.id.raw if file.id else f"file-{int(file.index or 0)}"
    own = safe_name(file.file_name.raw if file.file_name else "", fallback=fallback)
    return safe_name(f"{submission_id[:_ID_CHARACTERS]}-{own}", fallback="file")


def safe_name(raw: str, *, fallback: str) -> str:
    """Return a file name that is safe to create from one that was received.

    Only the last path component is kept; no control, format or direction characters, no leading dot or
    dash, at most `NAME_BYTES` bytes with the ending preserved. Where nothing is left `fallback` stands in;
    it may come from outside as well and is treated likewise.
    """
    name = _harmless(raw)
    for instead in (fallback, "file"):
        if not name or _RESERVED.match(name):
            name = f"{_harmless(instead)}_{name}".strip("_")
    stem, dot, ending = name.rpartition(".")
    if not dot or not 0 < len(ending) <= 10:
        stem, ending = name, ""
    tail = f".{ending}".encode() if ending else b""
    room = NAME_BYTES - len(tail)
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + tail.decode()


def _harmless(raw: str) -> str:
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", raw[:4_000]))[-1]
    kept = "".join(
        c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )
    seen = unicodedata.normalize("NFC", clean(kept, cap=len(kept)))  # nothing that no listing shows
    return _UNSAFE.sub("_", seen).lstrip(".-_ ").rstrip(". ")
