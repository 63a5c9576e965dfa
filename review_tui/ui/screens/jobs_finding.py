"""What there is at the jobs as on every screen: finding what is meant, copying, the last messages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.screen import Screen

from review_tui.model.job_words import System
from review_tui.model.text import Shown
from review_tui.ui.commands import key_name
from review_tui.ui.commands.jobs import AT_JOBS, JobKeys, JobsSituation
from review_tui.ui.copies import Copies
from review_tui.ui.job_rows import JobRow, RowId
from review_tui.ui.offers import Kind, Offer, fits, rank_of
from review_tui.ui.render.chrome import notice_line
from review_tui.ui.render.copying import Choice
from review_tui.ui.render.text import plain
from review_tui.ui.screens.copying import CopyScreen, Wish, copied
from review_tui.ui.screens.jobs_watching import WatchingJobs
from review_tui.ui.screens.messages import MessagesScreen
from review_tui.ui.screens.palette import Palette

_MOVING = frozenset({"palette", "read", "next", "previous", "back"})
_ASKS = "a command, or a job by its id, name or state"


class Finding:
    """Gives those commands.

    `open_dialog` puts a dialog over the jobs and hears what was answered; `give` gives another command.
    """

    def __init__(
        self,
        jobs: WatchingJobs,
        keys: JobKeys,
        situation: Callable[[], JobsSituation],
        open_dialog: Callable[[Screen[Any], Callable[[Any], None]], None],
        give: Callable[[str], None],
    ) -> None:
        self._jobs = jobs
        self._keys = keys
        self._situation = situation
        self._open_dialog = open_dialog
        self._give = give
        self.commands: Mapping[str, Callable[[], None]] = {
            "palette": self._find,
            "copy": self._copy,
            "messages": self._show_messages,
        }

    def _find(self) -> None:
        def answered(offer: Offer | None) -> None:
            if offer is None:
                return
            if offer.kind is Kind.COMMAND:
                self._give(offer.id)
            else:
                self._jobs.change(self._jobs.state.standing_on(_row_id(offer.id)))

        self._open_dialog(Palette(self._offers, lambda: False, asks=_ASKS), answered)

    def _offers(self, text: str) -> Sequence[Offer]:
        """Return commands and jobs that are meant, the likeliest first."""
        situation, found = self._situation(), list[tuple[int, Offer]]()
        for command in AT_JOBS:
            rank, why = rank_of(command, text), command.why_disabled(situation)
            if command.id in _MOVING or rank is None or (why and not text.strip()):
                continue
            keys = " ".join(map(key_name, self._keys.keys_of(command)))
            found.append((rank, Offer(Kind.COMMAND, command.id, command.words, command.help, keys, why)))
        commands = [offer for _, offer in sorted(found, key=lambda one: one[0])]
        return [*commands, *(_job_offers(self._jobs.state.rows, text) if text.strip() else ())]

    def _show_messages(self) -> None:
        zone = self._jobs.screen.now().tzinfo
        log = self._jobs.state.notices.log
        self._open_dialog(MessagesScreen([notice_line(notice, zone) for notice in log]), lambda _: None)

    def _copy(self) -> None:
        row, copies = self._jobs.state.row, self._jobs.copies
        if row is None:
            return

        def answered(wish: Wish | None) -> None:
            if wish is not None:
                self._jobs.start(self._copy_now(copies, wish))

        self._open_dialog(CopyScreen(self._choices(row), (), copies.clipboard.route), answered)

    async def _copy_now(self, copies: Copies, wish: Wish) -> None:
        self._jobs.say(*await copied(copies, wish))

    def _choices(self, row: JobRow) -> tuple[Choice, ...]:
        job = row.job
        fetched = self._jobs.state.fetched.get(row.key)
        path = fetched.moved.result.path if fetched and fetched.moved.result else None
        return (
            Choice("i", "id", row.id.id, row.id.id),
            _choice("n", "name", job.name if job else None),
            _choice("s", "submission", job.submission_id if job else None),
            _choice("e", "error", job.error if job else None),
            _choice("p", "path of its result", str(path) if path else None),
        )


def _choice(key: str, name: str, text: str | None) -> Choice:
    exact = text.raw if isinstance(text, Shown) else text
    return Choice(key, name, plain(text) if text else "there is none", exact or None)


def _job_offers(rows: Sequence[JobRow], text: str) -> list[Offer]:
    offers = []
    for row in rows:
        job = row.job
        words = [row.id.system.label, row.id.id, *((job.word, job.operation, job.name) if job else ())]
        said = " · ".join(plain(word) for word in words[1:] if word)
        if fits(" ".join(filter(None, words)), text):
            name = plain(job.name) if job and job.name else plain(row.id.id)
            offers.append(Offer(Kind.JOB, _offer_id(row.id), name, said))
    return offers


def _offer_id(row_id: RowId) -> str:
    return f"{'batch' if row_id.is_batch else 'job'} {row_id.system} {row_id.id}"


def _row_id(offer_id: str) -> RowId:
    kind, system, job_id = offer_id.split(" ", 2)
    return RowId(System(system), job_id, is_batch=kind == "batch")
