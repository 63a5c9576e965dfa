"""Copying: what of the submission to copy is asked, and where it went is said."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from textual import events

from review_tui.model.extraction import ExtractedField
from review_tui.model.frozen import frozen
from review_tui.model.text import Shown
from review_tui.ui.copies import Copies, curl_of, row_as_tsv, warning_of
from review_tui.ui.detail_view import Tab
from review_tui.ui.render.copying import Choice, copy_lines, field_lines
from review_tui.ui.render.extraction import extraction_of
from review_tui.ui.render.line import Line, Role
from review_tui.ui.render.text import plain
from review_tui.ui.render.words import counted
from review_tui.ui.screens.dialog import Dialog
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import Start
from review_tui.ui.situation import Situation
from review_tui.ui.terminal.clipboard import NotCopied, Route

_STEPS: Final = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 10, "pageup": -10}


@frozen
class Wish:
    """What is to be copied, by name and exactly, and whether into a file in any case."""

    name: str
    text: str
    to_file: bool = False


class CopyScreen(Dialog[Wish]):
    """Asks by one letter what to copy; where no field is chosen, asks for that as well."""

    def __init__(self, choices: Sequence[Choice], fields: Sequence[ExtractedField], route: Route) -> None:
        super().__init__()
        self._choices = {choice.key: choice for choice in choices}
        self._fields = fields
        self._route = route
        self._to_file = False
        self._at: int | None = None

    def lines(self, width: int) -> list[Line]:
        """Return what can be copied, or the fields."""
        if self._at is None:
            return copy_lines(tuple(self._choices.values()), self._route, width, to_file=self._to_file)
        route = Route.FILE if self._to_file else self._route
        return field_lines(self._fields, self._at, route, width, self.size.height - 2)

    def press(self, event: events.Key) -> bool:
        """Copy what a letter names."""
        if self._at is not None:
            return self._press_among_fields(event.key, self._at)
        choice = self._choices.get(event.key)
        if event.key == "w":
            self._to_file = not self._to_file
            self.draw()
        elif choice is None:
            return False
        elif choice.text is not None:
            self.dismiss(Wish(choice.name, choice.text, self._to_file))
        elif choice.key == "f" and self._fields:
            self._at = 0
            self.draw()
        return True

    def _press_among_fields(self, key: str, at: int) -> bool:
        if key == "enter":
            field = self._fields[at]
            self.dismiss(Wish(plain(field.path), field.value.raw, self._to_file))
            return True
        ends = {"g": 0, "home": 0, "G": len(self._fields) - 1, "end": len(self._fields) - 1}
        if key not in _STEPS and key not in ends:
            return False
        self._at = ends.get(key, max(0, min(at + _STEPS.get(key, 0), len(self._fields) - 1)))
        self.draw()
        return True


class Copying:
    """Gives the command that copies."""

    def __init__(self, screen: Reviewing, copies: Copies, start: Start) -> None:
        self._screen = screen
        self._copies = copies
        self._start = start
        self.commands: Mapping[str, Callable[[], None]] = {"copy": self._ask}

    def _ask(self) -> None:
        situation = self._screen.situation
        if situation.row is None:
            return
        fields = extraction_of(situation.detail).fields if situation.detail else ()
        chosen = self._screen.detail_pane.selected_field if situation.tab is Tab.FIELDS else None
        field = next((one for one in fields if one.path.raw == chosen), None)
        choices = _choices(situation, fields, field, self._copies.address)
        self._screen.open_dialog(CopyScreen(choices, fields, self._copies.clipboard.route), self._answered)

    def _answered(self, wish: Wish | None) -> None:
        if wish is not None:
            self._start(self._copy(wish))

    async def _copy(self, wish: Wish) -> None:
        self._screen.hint(*await copied(self._copies, wish))


async def copied(copies: Copies, wish: Wish) -> tuple[str, Role]:
    """Copy what is wished, and return what to say of it."""
    try:
        where = await copies.clipboard.copy(wish.text, to_file=wish.to_file)
    except NotCopied as error:
        return f"{wish.name}: not copied: {error}", Role.BAD
    warning = warning_of(wish.text)
    much = counted(len(wish.text), "character")
    beware = f" · beware: {warning}" if warning else ""
    return f"copied {wish.name}, {much}, {where}{beware}", Role.WARN if warning else Role.GOOD


def _choices(
    situation: Situation, fields: Sequence[ExtractedField], field: ExtractedField | None, address: str
) -> tuple[Choice, ...]:
    row = situation.row
    assert row is not None
    client_id = row.client_submission_id
    exact_id = client_id.raw if isinstance(client_id, Shown) else client_id
    looks = f"choose one of {len(fields)}" if fields else "none was extracted"
    if situation.detail is None:
        looks = "its detail is not loaded yet"
    elif field is not None:
        looks = f"{plain(field.path)}: {plain(field.value)}"
    return (
        Choice("i", "id", row.id, row.id),
        Choice(
            "c",
            "client id",
            client_id or "it has none",
            exact_id,
        ),
        Choice("f", plain(field.path) if field else "field", looks, field.value.raw if field else None),
        Choice("r", "row", "tab-separated, for a spreadsheet; cleaned", row_as_tsv(row)),
        Choice("u", "curl", "reads it; takes the key from $STEVE_API_KEY", curl_of(address, row.id)),
    )
