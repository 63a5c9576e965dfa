"""The commands that look and ask but decide nothing: refresh, pause, download, redraw, messages, help."""

from collections.abc import Callable, Mapping
from pathlib import Path

from review_tui.model.failures import Failure
from review_tui.model.freshness import FreshnessState
from review_tui.ui.render.chrome import notice_line
from review_tui.ui.render.line import Role
from review_tui.ui.screens.reviewing import Reviewing


class Looking:
    """Gives those commands; `downloads` is the folder for files."""

    def __init__(self, screen: Reviewing, downloads: Path) -> None:
        self._screen = screen
        self._downloads = downloads
        self.commands: Mapping[str, Callable[[], None]] = {
            "download": self._download,
            "refresh": self._refresh,
            "pause": self._pause,
            "redraw": screen.seen.draw_anew,
            "messages": self._show_messages,
            "help": self._help,
        }

    def _download(self) -> None:
        situation = self._screen.situation
        if situation.detail is not None and situation.file is not None:
            self._screen.desk.download(situation.detail, situation.file, self._downloads)

    def _refresh(self) -> None:
        """Ask for the queue, and for what is on the screen and could not be read."""
        desk, state = self._screen.desk, self._screen.state
        desk.refresh()
        if state.selected:
            desk.show(state.selected)
        for submission_id, found in state.matched.items():
            if isinstance(found, Failure):
                desk.watch(submission_id)
        self._screen.hint("asking the server again", Role.DIM)

    def _pause(self) -> None:
        if self._screen.state.freshness.state is FreshnessState.PAUSED:
            self._screen.desk.resume()
        else:
            self._screen.desk.pause()

    def _help(self) -> None:
        from review_tui.ui.screens.help import HelpScreen

        self._screen.open_dialog(HelpScreen(self._screen.situation, self._screen.keymap))

    def _show_messages(self) -> None:
        from review_tui.ui.screens.messages import MessagesScreen

        zone = self._screen.now().tzinfo
        log = self._screen.state.notices.log
        self._screen.open_dialog(MessagesScreen([notice_line(notice, zone) for notice in log]))
