"""The dialog that chooses the column by which rows are sorted."""

from typing import Final

from textual import events

from review_tui.model.sorting import Column, Sort
from review_tui.ui.render.line import EMPTY, Line, Role
from review_tui.ui.screens.dialog import Dialog

_ORDERS: Final = {
    Column.AGE: ("newest first", "oldest first"),
    Column.SCORE: ("lowest first", "highest first"),
    Column.CONFIDENCE: ("least sure first", "surest first"),
    Column.AMOUNT: ("smallest first", "largest first"),
}
_LETTERS: Final = ("a to z", "z to a")
_DOWN_FIRST: Final = frozenset({Column.AGE, Column.SCORE, Column.AMOUNT})
"""Columns of which the largest are looked for more often."""

COLUMNS: Final = tuple(Column)


def next_sort(column: Column, now: Sort | None) -> Sort:
    """Return the sort that choosing a column gives: the other direction where it is sorted by it already."""
    if now is not None and now.column is column:
        return Sort(column, not now.descending)
    return Sort(column, column in _DOWN_FIRST)


class SortScreen(Dialog[Sort | str]):
    """Asks for a column by its digit; gives a sort, "" for the server's own order."""

    def __init__(self, now: Sort | None) -> None:
        super().__init__()
        self._now = now

    def lines(self, width: int) -> list[Line]:
        """Return the columns with their digits."""
        del width
        lines: list[Line] = [
            (("Sort by", Role.TITLE), ("  the same digit again turns it round", Role.DIM)),
            EMPTY,
        ]
        for digit, column in enumerate(COLUMNS, 1):
            sort = next_sort(column, self._now)
            words = _ORDERS.get(column, _LETTERS)[sort.descending]
            shown = self._now is not None and self._now.column is column
            now = f"  (now {_ORDERS.get(column, _LETTERS)[not sort.descending]})" if shown else ""
            role = Role.TITLE if shown else Role.PLAIN
            lines.append(((f"{digit}", Role.KEY), (f"  {column:<12}", role), (f"{words}{now}", Role.DIM)))
        server = "" if self._now else "  (now)"
        lines.append((("0", Role.KEY), ("  the server's order", Role.PLAIN), (server, Role.DIM)))
        return [*lines, EMPTY, (("esc", Role.KEY), (" back", Role.DIM))]

    def press(self, event: events.Key) -> bool:
        """Choose by digit."""
        if event.character is None or not event.character.isascii() or not event.character.isdigit():
            return False
        number = int(event.character)
        if number == 0:
            self.dismiss("")
        elif number <= len(COLUMNS):
            self.dismiss(next_sort(COLUMNS[number - 1], self._now))
        return True
