"""The filter line and the saved views: what to show is written, completed, recalled, kept under a name."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Final

from textual import events
from textual.timer import Timer
from textual.widget import Widget

from review_tui.model.completion import Completions, completions
from review_tui.model.preferences import SavedView
from review_tui.model.query import KEYED, KEYS, Parsed, Query, parse
from review_tui.model.sorting import Sort
from review_tui.ui.commands.viewing import VIEWS
from review_tui.ui.draft import EDITS, Draft
from review_tui.ui.key_names import key_of
from review_tui.ui.render.filtering import Prompt, views_line
from review_tui.ui.render.line import Line, Role
from review_tui.ui.saved_views import SavedViews
from review_tui.ui.screens.counting import Counting
from review_tui.ui.screens.dialog import BACK
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import Viewing
from review_tui.ui.widgets.chrome import StatusBar

TYPING: Final = 0.08
"""Seconds without a key after which what was written is tried out."""

SAVE_AS: Final = "save view as: "
NAME: Final = 40
"""Characters of a view's name."""


class Filtering:
    """Gives the commands that choose what is shown; `bar` is where it is written."""

    def __init__(self, screen: Reviewing, bar: StatusBar, viewing: Viewing) -> None:
        self._screen = screen
        self._bar = bar
        self._viewing = viewing
        self._saved = SavedViews(screen.preferences, screen.memory)
        self._counting = Counting(screen, viewing, lambda: self.views)
        self._prompt: Prompt | None = None
        self._naming = False
        self._timer: Timer | None = None
        self._came_from: Widget | None = None
        self._offered: tuple[Completions, int] | None = None
        self._recalled = 0
        self.commands: Mapping[str, Callable[[], None]] = {
            "filter": self._open,
            "sort": self._choose_sort,
            "view-all": lambda: self.show(SavedView("")),
            "save-view": self._ask_name,
            "forget-view": self._forget,
            **{f"view-{number}": partial(self._show_view, number) for number in range(1, VIEWS + 1)},
        }
        self._keys: Mapping[str, Callable[[], None]] = {
            "enter": self._enter,
            "tab": lambda: self._complete(1),
            "shift+tab": lambda: self._complete(-1),
            "up": lambda: self._recall(1),
            "down": lambda: self._recall(-1),
            "ctrl+s": self._ask_name,
        }

    @property
    def prompt(self) -> Prompt | None:
        """What is being written, while the keyboard is there."""
        return self._prompt if self._bar.is_written_in else None

    @property
    def views(self) -> tuple[SavedView, ...]:
        """The saved views in the order of their digits."""
        return self._saved.all

    @property
    def active(self) -> int | None:
        """The index of the saved view that is shown."""
        shown = (str(self._screen.state.query), str(self._screen.state.sort or ""))
        return next((index for index, view in enumerate(self.views) if _written(view) == shown), None)

    def views_line(self, width: int) -> Line:
        """Return the saved views as they count now, and what was asked for where it is none of them."""
        if self._is_left():
            self._bar.call_later(lambda: self._end() if self._is_left() else None)
        self._counting.follow()
        return views_line(self.views, self._counting.counts, self.active, self._viewing.asked, width)

    def show(self, view: SavedView) -> None:
        """Show a view, or say what is wrong with it."""
        parsed = parse(view.query)
        try:
            sort = Sort.of(view.sort)
        except ValueError:
            self._screen.hint(f"{view.name}: cannot sort by {view.sort}", Role.BAD)
            return
        if parsed.problems:
            self._screen.hint(f"{view.name}: {parsed.problems[0]}", Role.BAD)
            return
        self._viewing.show(parsed.query, sort)

    def _show_view(self, number: int) -> None:
        views = self.views
        if number <= len(views):
            self.show(views[number - 1])
        else:
            self._screen.hint(
                f"no view has the digit {number}; ctrl+s in the filter line saves one", Role.DIM
            )

    def _open(self) -> None:
        text = str(self._screen.state.query)
        self._naming, self._recalled = False, 0
        self._take(Draft.of(f"{text} " if text else ""))
        self._take_keyboard()

    def _ask_name(self) -> None:
        if self._prompt is not None and not self._naming and not self._keep():
            return
        self._naming = True
        self._prompt = Prompt(SAVE_AS)
        self._take_keyboard()

    def _take_keyboard(self) -> None:
        if not self._bar.is_written_in:
            self._came_from = self._bar.screen.focused
            self._bar.take_keys(self._press, self._paste)
        self._screen.show_state()

    def _close(self) -> None:
        """Leave the line for where the keyboard was before."""
        self._bar.screen.set_focus(self._came_from)
        self._end()

    def _is_left(self) -> bool:
        """Whether the keyboard went elsewhere; nowhere is where it is while the terminal is not looked at."""
        return self._prompt is not None and self._bar.screen.focused not in {None, self._bar}

    def _end(self) -> None:
        """Forget what is being written, and show again what was kept."""
        self._stop_timer()
        self._prompt = None
        self._bar.give_back()
        self._viewing.try_out(None)
        self._screen.show_state()

    def _press(self, event: events.Key) -> None:
        if self._prompt is None:
            return
        draft = self._prompt.draft
        if event.key in BACK or (event.key == "backspace" and not draft.text):
            self._close()
        elif (act := self._keys.get(event.key)) is not None:
            act()
        elif (edit := EDITS.get(event.key)) is not None:
            self._edit(edit(draft))
        elif event.is_printable and event.character is not None:
            self._edit(draft.put(event.character)[0])

    def _paste(self, text: str) -> None:
        if self._prompt is not None:
            self._edit(self._prompt.draft.put(" ".join(text.splitlines()))[0])

    def _edit(self, draft: Draft) -> None:
        self._offered, self._recalled = None, 0
        self._take(draft)
        self._screen.show_state()

    def _take(self, draft: Draft) -> None:
        """Take what is written now; it is tried out when no key follows for a moment."""
        self._stop_timer()
        if self._naming:
            self._prompt = Prompt(SAVE_AS, replace(draft, text=draft.text[:NAME]))
            return
        parsed = parse(draft.text)
        problem = parsed.problems[0] if parsed.problems else None
        if problem is not None and not problem.unfinished and problem.start <= draft.caret <= problem.end:
            problem = replace(problem, unfinished=_may_become_right(draft.text[problem.start : problem.end]))
        self._prompt = Prompt("/", draft, problem, asked=self._viewing.split(parsed.query))
        query = _tried(parsed, draft)
        if not self._viewing.foresee(query, TYPING):
            self._timer = self._bar.set_timer(TYPING, lambda: self._viewing.try_out(query))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _enter(self) -> None:
        if self._naming:
            self._save()
        elif self._keep():
            self._close()
            if not self._screen.state.view.fitting and self._screen.state.started:
                self._screen.hint(f"no match in what is loaded; {key_of('view-all')} shows the whole queue")

    def _keep(self) -> bool:
        """Show what is written; False where it cannot be read."""
        if self._prompt is None:
            return False
        parsed = parse(self._prompt.draft.text)
        if parsed.problems:
            self._prompt = replace(self._prompt, problem=replace(parsed.problems[0], unfinished=False))
            self._screen.show_state()
            return False
        self._stop_timer()
        self._viewing.show(parsed.query, self._screen.state.sort)
        self._saved.wrote(str(parsed.query))
        return True

    def _save(self) -> None:
        name = self._prompt.draft.text.strip() if self._prompt else ""
        if not name:
            self._close()
            return
        if self._saved.is_given(name):
            self._prompt = Prompt(SAVE_AS, Draft.of(name), note=f"{name} is a view of the settings")
            self._screen.show_state()
            return
        state = self._screen.state
        number = self._saved.save(SavedView(name, str(state.query), str(state.sort or "")))
        self._close()
        self._screen.hint(f"saved as {name}{f', key {number}' if number <= VIEWS else ''}", Role.GOOD)

    def _forget(self) -> None:
        active = self.active
        if active is None or not self._saved.forget(view := self.views[active]):
            self._screen.hint("what is shown is no view that was saved here")
        else:
            self._screen.hint(f"forgot the view {view.name}", Role.DIM)

    def _complete(self, step: int) -> None:
        """Put in the next word that may be meant."""
        if self._prompt is None or self._naming:
            return
        draft = self._prompt.draft
        if self._offered is None:
            offered, at = completions(draft.text, draft.caret, self._viewing.seen), 0 if step > 0 else -1
        else:
            offered, at = self._offered[0], self._offered[1] + step
        if not offered.words:
            return
        at %= len(offered.words)
        word = offered.words[at]
        if len(offered.words) == 1 and word[-1] not in ":>":
            word += " "
        text = draft.text[: offered.start] + word + draft.text[offered.end :].lstrip()
        self._take(Draft(text, offered.start + len(word)))
        alone = len(offered.words) == 1
        self._offered = None if alone else (replace(offered, end=offered.start + len(word)), at)
        if not alone and self._prompt is not None:
            self._prompt = replace(self._prompt, note=" ".join(offered.words[at:] + offered.words[:at]))
        self._screen.show_state()

    def _recall(self, step: int) -> None:
        """Put in what was written before."""
        history = self._saved.lines
        if self._naming or not history:
            return
        self._recalled = max(0, min(self._recalled + step, len(history)))
        self._offered = None
        self._take(Draft.of(history[self._recalled - 1] if self._recalled else ""))
        self._screen.show_state()

    def _choose_sort(self) -> None:
        from review_tui.ui.screens.sorting import SortScreen

        def chosen(sort: Sort | str | None) -> None:
            if sort is not None:
                own = None if isinstance(sort, str) else sort
                self._viewing.show(self._screen.state.query, own)

        self._screen.open_dialog(SortScreen(self._screen.state.sort), chosen)


@lru_cache(64)
def _written(view: SavedView) -> tuple[str, str]:
    """Return a view's query and sort in their one spelling."""
    return str(parse(view.query).query), view.sort.strip().lower()


def _tried(parsed: Parsed, draft: Draft) -> Query:
    """Return the query as far as it is written: the word at the caret may become a key."""
    terms = tuple(
        term
        for term, (_, end) in zip(parsed.query.terms, parsed.spans, strict=True)
        if term.key or end != draft.caret or not _may_become_right(term.values[0])
    )
    return Query(terms)


def _may_become_right(word: str) -> bool:
    """Whether a word is how a key begins."""
    start = word.removeprefix("-").lower()
    return not KEYED.match(start) and any(key.startswith(start) for key in KEYS)
