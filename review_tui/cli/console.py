"""The console on one server: store, desk and screen put together, and what stayed unknown said at the end."""

import gc
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress

from review_tui.cli.printing import say
from review_tui.cli.start import Start
from review_tui.cli.systems import Systems
from review_tui.client.addresses import api_address
from review_tui.client.errors import WireError
from review_tui.client.steve import Steve
from review_tui.model.decisions import Standing
from review_tui.model.failures import Failure
from review_tui.model.preferences import Preferences
from review_tui.settings.environment import Settings
from review_tui.store.errors import NotKept
from review_tui.store.journal import Store
from review_tui.ui.app import ReviewApp
from review_tui.ui.copies import Copies
from review_tui.ui.screens.beginning import Pictures
from review_tui.ui.signals import Ending
from review_tui.ui.terminal.clipboard import Clipboard
from review_tui.ui.terminal.driver import GuardedDriver
from review_tui.workers.desk import Desk, desk_on
from review_tui.workers.memory import Memory
from review_tui.workers.notebook import Notebook
from review_tui.workers.thread import DeskThread


def open_console(
    settings: Settings,
    preferences: Preferences | None = None,
    *,
    stock_driver: bool = False,
    start: Start | None = None,
) -> int:
    """Run the console until it is quit; return its exit code. `stock_driver` leaves its input unguarded.

    Where the store cannot be used it opens for reading, and says why nothing can be decided. `start` is
    what has been drawn so far.
    """
    preferences, start = preferences or Preferences(), start or Start()
    try:
        steve = Steve(settings.base_url, settings.api_key, key_from=settings.key_check)
    except WireError as error:
        start.end()
        say(f"review-tui: {error}", to=sys.stderr)
        return 2
    with ExitStack() as stack:
        journal, why = None, settings.deciding_off
        try:
            journal = stack.enter_context(closing(Store.open(settings.store_path)))
        except NotKept as error:
            why = _in_words(error.failure)
        memory = stack.enter_context(closing(Memory(journal)))
        notebook = stack.enter_context(closing(Notebook(journal)))
        desk = DeskThread(_desk(settings, steve, journal, why))
        app = ReviewApp(
            desk,
            downloads=settings.downloads,
            driver=None if stock_driver else GuardedDriver,
            memory=memory,
            notebook=notebook,
            preferences=preferences,
            copies=Copies(Clipboard(settings.state, os.environ), api_address(settings.base_url).root),
            splash=start.splash,
            last_time=_last_time(start, settings, preferences, journal),
            came_up=_collect_again,
        )

        def asked_to_end(code: int) -> None:
            desk.begin_to_leave()
            app.told_to_end(code)

        if start.splash is not None:
            start.splash.leave_signals()
        with Ending(asked_to_end, desk.end, app.let_go):
            try:
                app.run(mouse=_wants_mouse(preferences, os.environ))
            finally:
                start.end()
                unknown = desk.end()
        with suppress(OSError):  # the terminal may be gone
            say(_left_behind(unknown, journal), to=sys.stderr)
    return app.return_code or 0


def _desk(settings: Settings, steve: Steve, journal: Store | None, why_off: str) -> Desk:
    return desk_on(
        steve,
        key_hint=settings.key_hint,
        hold=settings.hold,
        deciding_off=why_off,
        journal=journal,
        jobs=Systems(settings, steve).ways(journal),
    )


def _collect_again() -> None:
    """Let the collector work again, but never on what was made so far: keys would wait for it."""
    gc.freeze()
    gc.enable()


def _last_time(
    start: Start, settings: Settings, preferences: Preferences, journal: Store | None
) -> Pictures | None:
    """Return where the list's picture is kept; without a store, or where none is wanted, none is."""
    last_time, store = start.last_time, str(settings.store_path)
    if last_time is None or last_time.folder != str(settings.state):
        return None
    if journal is None or not preferences.splash:
        last_time.forget(store)
        return None
    return Pictures(
        start.picture, lambda picture: last_time.keep(store, picture), lambda: last_time.forget(store)
    )


def _left_behind(unknown: Iterable[Standing], journal: Store | None) -> Iterator[str]:
    """Say what a person who has left must know: what stayed unknown, and how many wait to be sent."""
    for standing in unknown:
        intent = standing.intent
        yield f"{intent.submission_id}: {intent.verb}: {standing.words} (request {intent.request_id})"
    with suppress(NotKept):
        waiting = sum(record.stage.is_unsent for record in journal.open_records()) if journal else 0
        if waiting:
            wait = "1 decision waits" if waiting == 1 else f"{waiting} decisions wait"
            yield f"{wait} for you, and none is sent by itself: review-tui outbox list"


def _wants_mouse(preferences: Preferences, environ: Mapping[str, str]) -> bool:
    """Whether to ask the terminal for the mouse: as configured, else where it is not at the end of a link."""
    if preferences.mouse is not None:
        return preferences.mouse
    return not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def _in_words(failure: Failure) -> str:
    return f"{failure.title}. {failure.hint}" if failure.hint else failure.title
