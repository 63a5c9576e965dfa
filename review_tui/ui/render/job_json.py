"""JSON of no known shape: as a tree, and as one line for each value behind its path."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from rich.cells import chop_cells

from review_tui.model.text import escaped
from review_tui.model.wire import Json
from review_tui.ui.render.cells import clipped
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.raw import scalar
from review_tui.ui.render.words import counted

KEYS_SHOWN: Final = 200
"""Members of one object or array that are drawn; the rest is counted."""

_NAME: Final = 200
_INDENT: Final = 2
_DEEPEST: Final = 20


def tree_lines(value: Json, width: int) -> Iterator[Line]:
    """Draw JSON as a tree, of each object and array the first members."""
    if not isinstance(value, dict | list) or not value:
        yield from _node("", value, 0, width)
        return
    stack: list[tuple[Iterator[tuple[str, Json]], int]] = [_opened(value)]
    while stack:
        members, left = stack[-1]
        entry = next(members, None)
        if entry is None:
            stack.pop()
            if left > 0:
                yield ((f"{' ' * _indent(len(stack))}… {left:,} more", Role.DIM),)
            continue
        name, child = entry
        if isinstance(child, dict | list) and child:
            kind = counted(len(child), "key" if isinstance(child, dict) else "item")
            yield clipped(
                ((f"{' ' * _indent(len(stack) - 1)}{name}", Role.PLAIN), (f"  {kind}", Role.DIM)), width
            )
            stack.append(_opened(child))
        else:
            yield from _node(name, child, len(stack) - 1, width)


def _indent(depth: int) -> int:
    return min(depth, _DEEPEST) * _INDENT


def _opened(value: Json) -> tuple[Iterator[tuple[str, Json]], int]:
    """Return the first members of an object or array, and how many more there are."""
    if isinstance(value, dict):
        named = ((escaped(str(name)[:_NAME]), child) for name, child in value.items())
        return islice(named, KEYS_SHOWN), len(value) - KEYS_SHOWN
    items = value if isinstance(value, list) else []
    numbered = ((f"[{index}]", child) for index, child in enumerate(items))
    return islice(numbered, KEYS_SHOWN), len(items) - KEYS_SHOWN


def _node(name: str, value: Json, depth: int, width: int) -> Iterator[Line]:
    indent = min(_indent(depth), max(width - 20, 0))
    head = f"{' ' * indent}{name}{': ' if name else ''}"
    text = scalar(value)
    room = max(width - indent - _INDENT, 10)
    if len(head) + len(text) * 2 <= width:
        yield ((head, Role.DIM), (text, Role.PLAIN))
        return
    yield from (((part, Role.PLAIN),) for part in chop_cells(head + text, max(width, 10))[:1])
    rest = (head + text)[len(chop_cells(head + text, max(width, 10))[0]) :]
    yield from (((" " * (indent + _INDENT) + part, Role.PLAIN),) for part in chop_cells(rest, room) if part)


def leaves_of(value: Json) -> Iterator[str]:
    """Yield each value of JSON behind its path, in order; a stack of its own, so that none is too deep."""
    stack: list[Iterator[tuple[str, Json]]] = [iter([("", value)])]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
            continue
        path, node = entry
        if isinstance(node, dict) and node:
            stack.append(_members(path, node))
        elif isinstance(node, list) and node:
            stack.append(_items(path, node))
        else:
            yield f"{path}: {scalar(node)}"


def _members(path: str, node: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    path = f"{_short(path)}." if path else ""
    return ((f"{path}{escaped(name[:_NAME])}", child) for name, child in node.items())


def _items(path: str, node: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    path = _short(path)
    return ((f"{path}[{index}]", child) for index, child in enumerate(node))


def _short(path: str) -> str:
    """Return the end of a path: deeper and deeper ones would cost more and more."""
    return path if len(path) <= 2 * _NAME else f"…{path[-_NAME:]}"
