"""The console on one server: desk and screen put together, and what stayed unknown said at the end."""

import sys

from review_tui.cli.printing import say
from review_tui.client.errors import WireError
from review_tui.client.steve import Steve
from review_tui.settings.environment import Settings
from review_tui.ui.app import ReviewApp
from review_tui.ui.terminal.driver import GuardedDriver
from review_tui.workers.desk import desk_on


def open_console(settings: Settings, *, stock_driver: bool = False) -> int:
    """Run the console until it is quit; return its exit code. `stock_driver` leaves its input unguarded."""
    try:
        steve = Steve(settings.base_url, settings.api_key)
    except WireError as error:
        say(f"review-tui: {error}", to=sys.stderr)
        return 2
    desk = desk_on(steve, key_hint=settings.key_hint)
    app = ReviewApp(desk, downloads=settings.downloads, driver=None if stock_driver else GuardedDriver)
    app.run(mouse=False)
    for standing in app.unknown:
        intent = standing.intent
        say(
            f"{intent.submission_id}: {intent.verb}: {standing.words} (request {intent.request_id})",
            to=sys.stderr,
        )
    return app.return_code or 0
