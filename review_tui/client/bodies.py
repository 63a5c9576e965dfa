"""Bodies: bytes from outside, unpacked within bounds and parsed without surprises."""

import json
import zlib
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from review_tui.model.wire import Json

JSON_BYTES: Final = 16 * 1024 * 1024
"""Decoded bytes of a JSON answer, at most."""

DEPTH: Final = 100
"""Levels that JSON may be nested, at most."""

VALUES: Final = 300_000
"""Values in a JSON answer, about: 16 MiB of empty objects would take 500 MiB and hold up the loop."""

_INT_DIGITS: Final = 4_000
_STEP: Final = 64 * 1024
_GZIP: Final = 31
_ZLIB: Final = 15
_DEFLATE: Final = -15


class BadBody(Exception):  # noqa: N818 – it is the body that is bad, not the program
    """A body that is not what was promised; the text says why, clean."""


def coding_of(values: Iterable[str]) -> str:
    """Return the one coding of a body, `identity` for none; raises BadBody for two or an unknown one."""
    names = [name.strip().lower() for value in values for name in value.split(",")]
    codings = [name for name in names if name not in {"", "identity"}]
    if len(codings) > 1:
        raise BadBody("the answer is packed more than once")
    coding = codings[0].removeprefix("x-") if codings else "identity"
    if coding not in {"identity", "gzip", "deflate"}:
        raise BadBody("the answer is packed in an unknown way")
    return coding


class Gatherer:
    """Collects a body of at most `cap` bytes, unpacking it on the way without ever holding more."""

    def __init__(self, coding: str = "identity", *, cap: int = JSON_BYTES) -> None:
        self._coding = coding
        self._cap = cap
        self._unpacker: zlib._Decompress | None = None
        self._received = 0
        self._out = bytearray()

    def take(self, chunk: bytes) -> None:
        """Add bytes as received; raises BadBody."""
        self._received += len(chunk)
        if self._received > self._cap:
            raise BadBody(f"the answer is larger than {self._cap // 1024} KiB")
        if self._coding == "identity":
            self._out += chunk
        else:
            self._unpack(chunk)

    def whole(self) -> bytes:
        """Return the body; raises BadBody where it ended too early."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise BadBody("the answer ends in the middle")
        return bytes(self._out)

    def _unpack(self, chunk: bytes) -> None:
        rest = chunk
        while rest:
            if self._unpacker is None or self._unpacker.eof:
                self._unpacker = self._next_unpacker(rest)
            try:
                self._out += self._unpacker.decompress(rest, min(_STEP, self._cap - len(self._out) + 1))
            except zlib.error:
                raise BadBody("the answer is not packed as it says") from None
            if len(self._out) > self._cap:
                raise BadBody(f"the answer unpacks to more than {self._cap // 1024} KiB")
            rest = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail

    def _next_unpacker(self, head: bytes) -> "zlib._Decompress":
        if self._coding == "gzip":
            return zlib.decompressobj(_GZIP)
        if self._unpacker is not None:
            raise BadBody("the answer goes on after its end")
        return zlib.decompressobj(_ZLIB if head[0] & 0x0F == 8 else _DEFLATE)


def is_json(content_type: str | None) -> bool:
    """Whether a content type promises JSON; an absent one promises nothing and is taken."""
    kind = (content_type or "application/json").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def parse_json(body: bytes) -> Json:
    """Parse UTF-8 JSON; raises BadBody.

    Numbers with a point, and those of more digits than an `int` may be read from, are `Decimal`; NaN and
    Infinity are None.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > VALUES:
        raise BadBody("the answer holds too many values")
    try:
        value = json.loads(
            body.decode("utf-8-sig"), parse_float=_decimal, parse_int=_integer, parse_constant=_nothing
        )
    except (ValueError, RecursionError):
        raise BadBody("the answer is not JSON") from None
    if not _is_shallow(value):
        raise BadBody("the answer is nested too deeply")
    return value


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _integer(text: str) -> int | Decimal | None:
    return int(text) if len(text) <= _INT_DIGITS else _decimal(text)


def _nothing(name: str) -> None:
    del name


def _is_shallow(value: Json) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(DEPTH):
        if not level:
            return True
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    return not level
