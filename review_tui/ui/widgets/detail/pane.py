"""The detail pane: which tab, which match and which file are chosen, and how the view is drawn."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime

from textual.app import ComposeResult
from textual.widget import Widget

from review_tui.model.files import StoredFile, file_key
from review_tui.model.fraud import FraudMatch
from review_tui.model.submissions import Detail
from review_tui.ui.detail_view import DetailView, Tab
from review_tui.ui.render.events import events_lines
from review_tui.ui.render.fields import fields_sheet
from review_tui.ui.render.files import files_sheet
from review_tui.ui.render.fraud import fraud_sheet
from review_tui.ui.render.head import head_lines
from review_tui.ui.render.line import Role
from review_tui.ui.render.overview import overview_lines, waiting_lines
from review_tui.ui.render.raw import RawText
from review_tui.ui.render.sheet import Sheet
from review_tui.ui.widgets.detail.body import DetailBody, DetailHead
from review_tui.ui.widgets.detail.messages import FileChosen, MatchChosen, MatchedWanted
from review_tui.ui.widgets.detail.waiting import Waiting

_TABS = tuple(Tab)


class DetailPane(Widget):
    """Shows the selected submission; keeps its tab from one submission to the next.

    A tab that was opened on the way to a fraud match is kept for that submission only: on the next one it
    would hide what there is to check.

    What is chosen is an id: a match or file stays chosen whatever else changes around it. Only the
    reviewer's own judgement of the chosen match takes the choice on to the next open one.

    `comes_up` is called when another submission's detail is to be drawn with the next frame.
    """

    def __init__(
        self,
        comes_up: Callable[[], None] = lambda: None,
        *,
        id: str | None = None,  # noqa: A002 – Textual's name
    ) -> None:
        super().__init__(id=id)
        self._comes_up = comes_up
        self._view = DetailView(datetime.fromtimestamp(0, UTC))
        self._tab = Tab.OVERVIEW
        self._left_tab: Tab | None = None
        self._tops: dict[Tab, int] = {}
        self._match_id: str | None = None
        self._file_key: str | None = None
        self.selected_field: str | None = None
        self._asked: set[str] = set()
        self._raw: tuple[Detail, int, RawText] | None = None
        self._sheet = Sheet()
        self._waiting = Waiting(self, self._draw)
        self._head = DetailHead(self.open_tab, self._draw_head, id="detail-head")
        self._body = DetailBody(self._step, self._draw_head, self._draw, id="detail-body")

    def compose(self) -> ComposeResult:
        """Put the head above the body."""
        yield self._head
        yield self._body

    @property
    def tab(self) -> Tab:
        """The tab that is shown."""
        return self._tab

    @property
    def head(self) -> DetailHead:
        """The part that stays."""
        return self._head

    @property
    def body(self) -> DetailBody:
        """The part that takes the keyboard."""
        return self._body

    @property
    def selected_match(self) -> FraudMatch | None:
        """The chosen fraud match of the submission that is shown."""
        return next((match for match in _matches(self._view) if match.id == self._match_id), None)

    @property
    def selected_file(self) -> StoredFile | None:
        """The chosen file of the submission that is shown."""
        return next((file for key, file in _keyed_files(self._view) if key == self._file_key), None)

    def show(self, view: DetailView) -> None:
        """Show this view; scroll and choice stay where they are while the submission is the same."""
        before, self._view = self._view, view
        if before.submission_id != view.submission_id:
            self._tops.clear()
            self._asked.clear()
            self._match_id = self._file_key = self.selected_field = None
            self._tab, self._left_tab = self._left_tab or self._tab, None
            self._body.top = 0
        self._asked -= view.matched.keys()
        self._choose_what_is_there()
        if _all_judged(view) and not _all_judged(before):
            self._show_top_of_fraud()
        if not self._waiting.begins(view):
            self._draw()

    def open_tab(self, tab: Tab) -> None:
        """Go to a tab, where it was left."""
        self._left_tab = None
        if tab is not self._tab:
            self._tops[self._tab] = self._body.top
            self._tab = tab
            self._body.top = self._tops.get(tab, 0)
            self._draw()

    def next_tab(self, step: int) -> bool:
        """Go to the next (1) or previous (-1) tab; False past an end, where nothing happens."""
        index = _TABS.index(self._tab) + step
        if not 0 <= index < len(_TABS):
            return False
        self.open_tab(_TABS[index])
        return True

    def open_fraud(self, match_id: str | None = None) -> None:
        """Go to a fraud match."""
        self._open_for_now(Tab.FRAUD)
        if match_id is not None and any(match.id == match_id for match in _matches(self._view)):
            self._match_id = match_id
        self._draw(reveal=True)

    def open_field(self, path: str) -> None:
        """Go to a field."""
        self._open_for_now(Tab.FIELDS)
        self.selected_field = path
        self._draw(reveal=True)

    def _open_for_now(self, tab: Tab) -> None:
        """Go to a tab for this submission only."""
        if self._tab is not tab:
            self._tops[self._tab] = self._body.top
            self._left_tab, self._tab = self._left_tab or self._tab, tab
            self._body.top = self._tops.get(tab, 0)

    def _choose_what_is_there(self) -> None:
        matches = _matches(self._view)
        if self.selected_match is None and matches:
            self._match_id = next((match for match in matches if match.is_open), matches[0]).id
        if self.selected_file is None:
            self._file_key = next((key for key, _ in _keyed_files(self._view)), None)

    def go_on(self, judging: Collection[str]) -> None:
        """Choose the next open match, but none of those that are being judged."""
        matches = _matches(self._view)
        at = next((index for index, match in enumerate(matches) if match.id == self._match_id), 0)
        following = next(
            (match for match in (*matches[at:], *matches[:at]) if match.is_open and match.id not in judging),
            None,
        )
        if following is None:
            self._show_top_of_fraud()
            self._draw()
        elif following.id != self._match_id:
            self._match_id = following.id
            self.post_message(MatchChosen(following.id))
            self._draw(reveal=True)

    def _show_top_of_fraud(self) -> None:
        """Bring what the last judgement has cleared the way for into sight."""
        if self._tab is Tab.FRAUD:
            self._body.top = 0
        else:
            self._tops[Tab.FRAUD] = 0

    def _step(self, step: int) -> bool:
        """Move the choice where its item's end is on the screen; False lets the body scroll."""
        if self._tab not in {Tab.FRAUD, Tab.FILES}:
            return False
        if not self._body.sees(self._sheet.bottom if step > 0 else self._sheet.top):
            return False
        if self._tab is Tab.FRAUD:
            keys, chosen = [match.id for match in _matches(self._view)], self._match_id
        else:
            keys, chosen = [key for key, _ in _keyed_files(self._view)], self._file_key
        index = keys.index(chosen) + step if chosen in keys else -1
        if not 0 <= index < len(keys):
            return False
        if self._tab is Tab.FRAUD:
            self._match_id = keys[index]
            self.post_message(MatchChosen(keys[index]))
        else:
            self._file_key = keys[index]
            self.post_message(FileChosen(keys[index]))
        self._draw(reveal=True)
        return True

    def _draw(self, *, reveal: bool = False) -> None:
        width = self._body.outer_size.width  # hidden, it keeps what it will be shown with
        if not width:
            return
        view, detail = self._view, self._view.detail
        if self._waiting.ends(view):
            self._comes_up()
        self._draw_head()
        if self._tab is Tab.RAW and detail is not None:
            self._body.show_raw(self._raw_text(detail, width), top=self._body.top)
            return
        self._sheet = self._drawn(view, width)
        self._body.show_sheet(self._sheet, top=self._body.top, reveal=reveal)
        if self._tab is Tab.FRAUD:
            self._ask_for_matched()

    def _draw_head(self) -> None:
        if self._waiting.is_on:
            self._draw()
            return
        cursor = Role.CURSOR if self._body.has_focus else Role.TITLE
        self._head.show_lines(head_lines(self._view, self._tab, self._head.outer_size.width, cursor))

    def _drawn(self, view: DetailView, width: int) -> Sheet:
        detail = view.detail
        if detail is None:
            return Sheet(waiting_lines(view, width))
        if self._tab is Tab.FIELDS:
            return fields_sheet(view, self.selected_field, width)
        if self._tab is Tab.FRAUD:
            return fraud_sheet(view, self._match_id, width)
        if self._tab is Tab.EVENTS:
            return Sheet(events_lines(detail, width, view.now))
        if self._tab is Tab.FILES:
            return files_sheet(detail, view.downloads, self._file_key, width, view.now)
        return Sheet(overview_lines(view, width, self._body.size.height))

    def _raw_text(self, detail: Detail, width: int) -> RawText:
        if self._raw is None or self._raw[0] is not detail or self._raw[1] != width:
            self._raw = (detail, width, RawText(detail.raw, width))
        return self._raw[2]

    def _ask_for_matched(self) -> None:
        chosen = self.selected_match
        named = chosen.matched_submission_id if chosen else None
        wanted = named.raw if named else None  # as received: what is drawn may be another submission's id
        if wanted and wanted not in self._view.matched and wanted not in self._asked:
            self._asked.add(wanted)
            self.post_message(MatchedWanted(wanted))


def _matches(view: DetailView) -> Sequence[FraudMatch]:
    return (view.detail.fraud_matches or ()) if view.detail else ()


def _keyed_files(view: DetailView) -> Iterator[tuple[str, StoredFile]]:
    detail = view.detail
    return ((file_key(detail.id, file), file) for file in detail.files) if detail else iter(())


def _all_judged(view: DetailView) -> bool:
    detail = view.detail
    return detail is not None and bool(detail.fraud_matches) and not detail.open_matches
