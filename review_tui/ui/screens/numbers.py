"""Own numbers: kept from what is told while one works, read from the log when they are looked at."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

from review_tui.model.decisions import Standing
from review_tui.model.moments import day_began, zone_of
from review_tui.model.numbers import FEW, HOURS, Looks, Made, by_hour, made_of, tally, time_left
from review_tui.model.submissions import SubmissionStatus, Verb
from review_tui.ui.screens.reviewing import Reviewing
from review_tui.ui.screens.viewing import Start
from review_tui.ui.state import ReviewState
from review_tui.workers.news import DecisionMoved, News
from review_tui.workers.notebook import Notebook

if TYPE_CHECKING:  # what draws them is loaded when they are first looked at
    from review_tui.ui.render.numbers import NumbersView
    from review_tui.ui.screens.numbers_screen import NumbersScreen

NO_LOG: Final = "no log is kept"


class Numbers:
    """Gives the command that shows them; keeps those of this session, and how long was looked at what."""

    def __init__(self, screen: Reviewing, notebook: Notebook, start: Start) -> None:
        self._screen = screen
        self._notebook = notebook
        self._start = start
        self._began = screen.now()
        self._looks = Looks()
        self._made: dict[str, Made] = {}
        self._took: dict[str, float] = {}
        self._log: Mapping[str, Made] | None = None
        self._lacking = NO_LOG
        self._shown: NumbersScreen | None = None
        self._counted: tuple[ReviewState, int] | None = None
        self.commands: Mapping[str, Callable[[], None]] = {"numbers": self._open}

    def follow(self) -> None:
        """Know what is looked at; keep what is shown true."""
        self._looks.see(self._screen.state.selected, self._screen.desk.clock.monotonic())
        if self._shown is not None:
            self._shown.show(self._view())

    def hear(self, unread: Sequence[News]) -> None:
        """Take in what was decided here, and what came of it."""
        for news in unread:
            if isinstance(news, DecisionMoved) and not news.standing.earlier:
                self._take_in(news.standing)

    def _take_in(self, standing: Standing) -> None:
        intent = standing.intent
        if intent.request_id not in self._made and intent.verb is not Verb.RESOLVE:
            took = self._looks.take(intent.submission_id, self._screen.desk.clock.monotonic())
            if took is not None:
                self._took[intent.request_id] = took
        self._made[intent.request_id] = Made(intent.at.astimezone(UTC), intent.verb, standing.stage)

    def _open(self) -> None:
        from review_tui.ui.screens.numbers_screen import NumbersScreen

        def closed(_: None) -> None:
            self._shown = None

        if self._notebook.has_past:
            self._lacking = "reading the log"
            self._start(self._read())
        self._shown = NumbersScreen(self._view(), self._screen.keymap.by_id["numbers"].keys)
        self._screen.open_dialog(self._shown, closed)

    async def _read(self) -> None:
        """Read the log as far back as anything is told of."""
        now = self._screen.now()
        since = min(day_began(now, zone_of(now)), now.astimezone(UTC) - timedelta(hours=HOURS))
        strokes = await self._notebook.strokes_since(since)
        self._log = None if strokes is None else made_of(strokes)
        self._lacking = "the log could not be read"
        self.follow()

    def _view(self) -> "NumbersView":
        from review_tui.ui.render.numbers import NumbersView

        now = self._screen.now()
        zone = zone_of(now)
        all_made = {**(self._log or {}), **self._made}
        midnight = day_began(now, zone)
        session = tally(self._made.values(), self._began)
        today = tally((one for one in all_made.values() if one.at >= midnight), self._began)
        took = [seconds for id_, seconds in self._took.items() if self._made[id_].is_done]
        remaining = self._remaining()
        return NumbersView(
            began=self._began,
            now=now.replace(second=0, microsecond=0),
            session=session,
            today=today if self._log is not None else None,
            lacking=self._lacking,
            middle=median(took) if len(took) >= FEW else None,
            remaining=remaining,
            exact=self._screen.state.queue.complete,
            left=time_left(remaining, session.pace or today.pace),
            hours=by_hour(all_made.values(), now.astimezone(UTC), zone),
        )

    def _remaining(self) -> int:
        """Count what the view lists that is still to be decided; as long as the view stays, once."""
        state = self._screen.state
        if self._counted is None or any(
            now is not then for now, then in zip(_listed(state), _listed(self._counted[0]), strict=True)
        ):
            status = state.queue.filter.status or SubmissionStatus.REVIEW
            away = {*state.facts.held, *state.waiting}
            left = sum(row.status == status and not row.gone and row.id not in away for row in state.rows)
            self._counted = state, left
        return self._counted[1]


def _listed(state: ReviewState) -> tuple[object, ...]:
    return state.view, state.facts, state.waiting
