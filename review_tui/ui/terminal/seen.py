"""What a person sees: whether the terminal has shown what is selected, and having it shown again."""

from collections.abc import Callable
from typing import Final

from textual.driver import Driver

from review_tui.ui.terminal.driver import GuardedDriver
from review_tui.ui.terminal.pace import told

NOT_SEEN: Final = "your terminal is only just being sent this one, press again"


class Seen:
    """Asks the driver what was shown; where that is not ours, everything is taken for seen.

    `link` is what a slow link takes there and back, in coarse seconds, 0 where it is not slow. It is looked
    up when the selection moves, so that it is not the reason for anything to be drawn.
    """

    def __init__(self, driver: Callable[[], Driver | None]) -> None:
        self._driver = driver
        self._frame = 0
        self.link = 0.0

    def selected_anew(self) -> None:
        """Know that with the next frame another submission is shown."""
        driver = self._driver()
        if isinstance(driver, GuardedDriver):
            self._frame = driver.output.next_frame
            self.link = told(driver.output.pace.link, self.link)

    def draw_anew(self) -> None:
        """Have the terminal shown everything again, whatever stands on it."""
        driver = self._driver()
        if isinstance(driver, GuardedDriver):
            driver.output.redraw()

    @property
    def is_shown(self) -> bool:
        """Whether the terminal has shown what is selected, as far as it tells."""
        driver = self._driver()
        return not isinstance(driver, GuardedDriver) or driver.output.is_seen(self._frame)
