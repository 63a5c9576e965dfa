"""Words in the file of a result: how far it was looked through, where they stand, what is around one."""

from collections.abc import Iterator, Mapping
from typing import Final

from review_tui.model.results import Found, FoundWords
from review_tui.ui.job_rows import Hits
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.job_detail import failure_lines
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.render.submissions import MARKER
from review_tui.ui.render.text import cut, fit, plain
from review_tui.ui.render.words import counted
from review_tui.ui.render.wrapping import cells, paragraph, wrapped

_WORDS: Final = 40
_AROUND: Final = 8


def hit_lines(hits: Hits, keys: Mapping[str, str], width: int) -> tuple[list[Line], int | None]:
    """Return the lines, and which of them is that of the chosen place, None where there is none.

    `keys` are the names of keys by what they do.
    """
    told = hits.searched
    lines = list(_summary(hits, keys, width))
    if told.failure is not None:
        lines += failure_lines(told.failure, width, Role.BAD)
    places = told.found.places
    if not places:
        return lines, None
    lines.append(EMPTY)
    names = [_named(place, told.found) for place in places]
    column = max(map(len, names))
    at = len(lines) + hits.chosen
    for index, (place, name) in enumerate(zip(places, names, strict=True)):
        is_chosen = index == hits.chosen
        lines.append(_line(place, fit(name, column, right=True), width, is_chosen=is_chosen))
        if is_chosen:
            lines += _around(place, column + 3, width)
    return lines, at


def _summary(hits: Hits, keys: Mapping[str, str], width: int) -> Iterator[Line]:
    """Say how often the words were found, how far, and which of it is shown."""
    told, found = hits.searched, hits.searched.found
    words = f"“{cut(plain(told.words), _WORDS)}”"
    if found.count:
        listed = len(found.places)
        cut_off = f", the first {listed} listed" if found.count > listed else ""
        yield from paragraph(f"{words}: {counted(found.count, 'place')}{cut_off}", width, Role.TITLE)
    elif told.is_over and told.failure is None:
        yield from paragraph(f"{words} stands nowhere in the file.", width, Role.WARN)
    else:
        yield from paragraph(f"{words}: not found so far", width, Role.TITLE)
    if not told.is_over:
        share = found.looked * 100 // found.size if found.size else 0
        yield from paragraph(f"○ looked through {share} % · {keys['leave']} leaves it", width, Role.DIM)


def _named(place: Found, found: FoundWords) -> str:
    """Say where a place is: in which line, or where the file is one long line, at which byte."""
    return f"line {place.line:,}" if found.lines > 1 else f"byte {place.at:,}"


def _line(place: Found, name: str, width: int, *, is_chosen: bool) -> Line:
    head = f"{MARKER if is_chosen else ' '} {name} "
    room = max((width - len(head)) // 3, 8)
    before = plain(place.before)
    before = before if len(before) <= room else f"…{before[-room:]}"
    role = Role.CURSOR if is_chosen else Role.DIM
    line: Line = (
        (head, role),
        (before, Role.PLAIN),
        (plain(place.words), Role.ACCENT),
        (plain(place.after), Role.PLAIN),
    )
    return clipped(line, width)


def _around(place: Found, indent: int, width: int) -> Iterator[Line]:
    """Draw what is around the chosen place, where its line does not show all of it."""
    room = max(width - indent, 10)
    before, after = plain(place.before), plain(place.after)
    if cells(((f"{before}{plain(place.words)}{after}", Role.PLAIN),)) <= room:
        return
    for part in wrapped(f"{before[-2 * room :]}{plain(place.words)}{after}", room, _AROUND):
        yield ((" " * indent + part, Role.DIM),)
