"""Results: what jobs came to, brought into files and read as far as they can be."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

from review_tui.client.bodies import JSON_BYTES, BadBody, parse_json
from review_tui.client.errors import TooLarge
from review_tui.client.job_errors import ResultTooLarge
from review_tui.client.landing import Landing, landing
from review_tui.model.files import safe_name
from review_tui.model.glimpses import first_values
from review_tui.model.jobs import JobKey
from review_tui.model.results import Result, ResultField, view_of
from review_tui.model.wire import Json

_GLIMPSE: Final = 1024 * 1024
_INDENT: Final = "  "
_PIECE: Final = 64 * 1024

Fetch = Callable[[Callable[[bytes], None]], Awaitable[object]]
"""Hands a result's bytes, piece by piece, to a function."""


async def fetched(key: JobKey, folder: Path, fetch: Fetch, *, most: int) -> Result:
    """Keep what `fetch` brings in a new file, and read it where it is not too large.

    What `fetch` and the file system raise goes through; then no file is left.
    """
    with landing(folder, _name(key, "json")) as file:
        try:
            await fetch(file.take)
        except TooLarge as error:
            raise ResultTooLarge(error, most) from None
        return await asyncio.to_thread(_read, key, file)


async def kept(key: JobKey, folder: Path, value: Json) -> Result:
    """Keep a result that came with its job in a new file."""
    return await asyncio.to_thread(_kept, key, folder, value)


def _kept(key: JobKey, folder: Path, value: Json) -> Result:
    with landing(folder, _name(key, "json")) as file:
        gathered = bytearray()
        for piece in json_pieces(value):
            # What JSON can spell and UTF-8 cannot stays spelled as JSON does.
            gathered += piece.encode("utf-8", errors="backslashreplace")
            if len(gathered) >= _PIECE:
                file.take(bytes(gathered))
                gathered.clear()
        file.take(bytes(gathered) + b"\n")
        return Result(key, file.keep(), file.size, view_of(value), value)


def _read(key: JobKey, file: Landing) -> Result:
    result = reread(key, file.path)
    looks_like_json = file.head.lstrip()[:1] in {b"{", b"["}
    ending = "json" if result.view is not None or looks_like_json else "txt"
    return replace(result, path=file.keep(_name(key, ending)))


def reread(key: JobKey, path: Path) -> Result:
    """Read a result that was kept, as far as it can be; raises OSError."""
    size = path.stat().st_size
    if size > JSON_BYTES:
        why = f"larger than {JSON_BYTES // 1024 // 1024} MiB"
        return Result(key, path, size, why_no_view=why, first=_first(path))
    try:
        value = parse_json(path.read_bytes())
    except BadBody as error:
        why = str(error).replace("the answer", "the result")
        return Result(key, path, size, why_no_view=why, first=_first(path))
    return Result(key, path, size, view_of(value), value)


def _first(path: Path) -> tuple[ResultField, ...]:
    with path.open("rb") as file:
        head = file.read(_GLIMPSE)
    return first_values(head.decode(errors="replace")) if head.lstrip()[:1] in {b"{", b"["} else ()


def _name(key: JobKey, ending: str) -> str:
    return safe_name(f"{key.system}-{key.id.replace('.', '_')}.{ending}", fallback="result")


def json_pieces(value: Json, depth: int = 0) -> Iterator[str]:
    """Yield a JSON value as text, indented, with its numbers as they were received."""
    inside, outside = "\n" + _INDENT * (depth + 1), "\n" + _INDENT * depth
    if isinstance(value, dict) and value:
        for number, (name, inner) in enumerate(value.items()):
            yield f"{',' if number else '{'}{inside}{json.dumps(name, ensure_ascii=False)}: "
            yield from json_pieces(inner, depth + 1)
        yield outside + "}"
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value):
            yield f"{',' if number else '['}{inside}"
            yield from json_pieces(inner, depth + 1)
        yield outside + "]"
    elif isinstance(value, Decimal):
        yield str(value)
    else:
        yield json.dumps(value, ensure_ascii=False)
