"""Finding: what is chosen in the palette is given, shown or selected."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from textual.app import App
from textual.message import Message

from review_tui.model.preferences import SavedView
from review_tui.model.views import at_once
from review_tui.ui.offers import (
    Haystack,
    Kind,
    Offer,
    command_offers,
    submission_offers,
    theme_offers,
    view_offers,
    workflow_offers,
)
from review_tui.ui.render.line import Role
from review_tui.ui.render.text import plain
from review_tui.ui.screens.filtering import Filtering
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import AT_ONCE, Start, bit_by_bit
from review_tui.ui.state import ReviewState, moved_to
from review_tui.ui.themes import NAMES


class ThemeChosen(Message):
    """Another theme is wanted, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Finding:
    """Gives the command that opens the palette; `give` gives another command by its id."""

    def __init__(
        self, screen: Reviewing, filtering: Filtering, start: Start, give: Callable[[str], object]
    ) -> None:
        self._screen = screen
        self._filtering = filtering
        self._start = start
        self._give = give
        self._haystack: Haystack | None = None
        self.commands: Mapping[str, Callable[[], None]] = {"palette": self._open}

    def _open(self) -> None:
        from review_tui.ui.screens.palette import Palette

        rows = self._screen.state.queue.rows
        self._haystack = None
        stacking = Haystack.stacking(rows)
        if len(rows) <= AT_ONCE:
            self._haystack = at_once(stacking)
        dialog = Palette(self._offers, lambda: self._haystack is None)

        async def look_through() -> None:
            self._haystack = await bit_by_bit(stacking)
            if dialog.is_attached:
                dialog.look_again()

        behind = None if self._haystack is not None else self._start(look_through())

        def answered(offer: Offer | None) -> None:
            if behind is not None:
                behind.cancel()
            self._haystack = None
            if offer is not None:
                self._answer(offer, dialog.app)

        self._screen.open_dialog(dialog, answered)

    def _offers(self, text: str) -> Sequence[Offer]:
        stack = self._haystack
        commands = command_offers(self._screen.keymap, self._screen.situation, text)
        return tuple(
            chain(
                commands,
                view_offers(self._filtering.views, text),
                workflow_offers(stack.workflows if stack else (), text),
                theme_offers(NAMES, text),
                submission_offers(stack.found(text) if stack else ()),
            )
        )

    def _answer(self, offer: Offer, app: App[object]) -> None:
        screen = self._screen
        if offer.kind is Kind.COMMAND and (action := screen.keymap.by_id[offer.id].action):
            self._start(_done(app.run_action(action)))
        elif offer.kind is Kind.COMMAND:
            self._give(offer.id)
        elif offer.kind is Kind.THEME:
            app.post_message(ThemeChosen(offer.id))
        elif offer.kind is Kind.VIEW:
            self._filtering.show(self._filtering.views[int(offer.id) - 1])
        elif offer.kind is Kind.WORKFLOW:
            self._filtering.show(SavedView("workflow", offer.id, str(screen.state.sort or "")))
        else:
            self._select(offer)

    def _select(self, offer: Offer) -> None:
        """Select a submission; where the view hides it, leave the view for the whole queue."""
        screen = self._screen
        state = screen.state
        if state.queue.row(offer.id) is None:
            screen.hint(f"{plain(offer.name)} is not loaded any more")
        elif (at := state.position(offer.id)) is not None:
            screen.change(moved_to(state, at))
        else:
            screen.change(standing_on(state, offer.id))
            self._filtering.show(SavedView(""))
            screen.hint(f"the view hid {plain(offer.name)}: this is the whole queue", Role.ACCENT)


async def _done(work: Awaitable[object]) -> None:
    await work


def standing_on(state: ReviewState, submission_id: str) -> ReviewState:
    """Select a submission that the view hides; it is a guest there."""
    state = moved_to(state, state.near + 1)  # whom the reviewer leaves goes if it was only kept for them
    return replace(state, selected=submission_id, detail=None, failure=None, watched=frozenset(), matched={})
