"""Text from outside where it is seldom looked at: judging, cancelling, headers, the outbox, ids."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from review_tui.model.submissions import Verb
from review_tui.model.text import well_formed
from review_tui.settings.environment import Settings
from review_tui.store.journal import Store
from tests.cli.program import BARE, call
from tests.pty.planted import (
    ALL,
    KEY,
    Planted,
    hostile_in,
    mark,
    plain_detail,
    planted,
    planted_server,
    row_of,
)
from tests.pty.terminal import Terminal
from tests.pty.test_sink import BACK, DECIDED, Sink, environment
from tests.pty.test_story import PROGRAM
from tests.store.records import decided, kept

pytestmark = pytest.mark.pty

LAST = "last\x9b2J\x1b[31m\x1b]0;owned\x07\u202e"
"""An id that attacks."""

HEADERS = {
    "Request-Id": "\x9b2J\x9d0;of a header\x9c\x1b[31m",
    "Retry-After": "\x9b8m1",
    "X-RateLimit-Limit": "\x84\x8d",
    "X-RateLimit-Remaining": "\x1b[2J",
    "X-RateLimit-Reset": "\x90q\x9c",
    "Server": "\x1b]0;of a header\x07",
}
"""Controls of one byte each and of several, where HTTP lets them pass."""


class Edges(Planted):
    """Submissions with one open fraud match each, and one whose very id attacks."""

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        parts = path.partition("?")[0].strip("/").split("/")[2:]
        if parts[-1] == "nameless":
            return 422, {"title": "it says nothing of which request this was, but in a header"}
        if parts[0] == "submissions" and method == "GET":
            return 200, {"data": self._details() if len(parts) == 1 else self._detail_of(parts[1])}
        return super().answer(method, path)

    def _details(self) -> list[dict[str, Any]]:
        return [row_of(index, "D") | {"id": f"open{index:02}"} for index in DECIDED] + [self._detail_of(LAST)]

    def _detail_of(self, id_: str) -> dict[str, Any]:
        if not id_.startswith("open"):
            created = {"createdAt": "2026-03-25T08:00:00.000Z"}
            return {"id": LAST, "submissionStatus": "review", "fraudMatches": [], "events": []} | created
        index = int(id_[-2:])
        match = {"id": f"m{index}", "type": planted("Mt", index), "matchedSubmissionId": planted("Mi", index)}
        return plain_detail(index) | {"id": id_, "fraudMatches": [match | {"score": 50, "resolution": None}]}


@pytest.fixture
def server() -> Iterator[Planted]:
    """Texts that attack, and headers that do."""
    with planted_server(Edges(headers=HEADERS)) as found:
        yield found


def test_judging_cancelling_and_the_last_words_are_text(server: Planted, tmp_path: Path) -> None:
    env = environment(server, tmp_path) | {"REVIEW_TUI_HOLD": "0"}
    with Terminal(PROGRAM, env, columns=180, lines=56) as terminal:
        sink = Sink(terminal)
        for index in DECIDED:
            sink.sees((f"open{index:02} · ", index))
            sink.press("m")
            sink.sees(("▸.*<Mt>", index), ("<Mi>", index))
            sink.press("f")
            sink.sees((r"\d\d:\d\d .*<Sf>.*<Sm>.*", index))
            sink.press("i")
            sink.sees(("Note on the match  <Mt>", index))
            sink.press(BACK)
            terminal.wait_until_gone("Note on")
            sink.press("c")
            sink.sees(("Cancel  <Dm>.*<Da>", index))
            sink.press(BACK)
            terminal.wait_until_gone("Cancel  ")
            sink.press("]")
        terminal.wait_for("1 row unreadable")
        sink.press("q")
        assert terminal.wait_for_exit() == 0
    assert hostile_in(bytes(terminal.raw)) == []
    assert len(server.posts) == len(DECIDED)


def test_the_outbox_on_the_command_line_is_text(tmp_path: Path) -> None:
    env = BARE | {"STEVE_BASE_URL": "https://acme.example", "STEVE_API_KEY": KEY}
    env |= {"REVIEW_TUI_STATE": str(tmp_path)}
    store = Store.open(Settings.of(env).store_path)
    for index in ALL:
        intent = decided(f"s{index:02}", verb=Verb.REJECT, reason=well_formed(planted("Re", index)))
        record = replace(kept(intent, after=index), subject=well_formed(planted("Su", index)))
        store.write(replace(record, words=well_formed(planted("Wo", index))))
    store.close()
    for more, surfaces in (([], ("Su",)), (["--json"], ("Su", "Re"))):
        ended = call("outbox", "list", *more, env=env)
        assert ended.code == 0
        assert hostile_in((ended.out + ended.err).encode()) == []
        assert [
            mark(surface, i) for surface in surfaces for i in ALL if mark(surface, i) not in ended.out
        ] == []


def test_headers_of_an_answer_are_never_printed(server: Planted, tmp_path: Path) -> None:
    env = environment(server, tmp_path)
    for words in (("submissions", "show", "nameless"), ("submissions", "list"), ("companies", "list")):
        for more in ([], ["--json"]):
            ended = call(*words, *more, env=env)
            said = ended.out + ended.err
            assert hostile_in(said.encode()) == [], words
            assert "of a header" not in said
            if more and words[-1] == "nameless":
                UUID(ended.error["error"]["requestId"])  # an id of our own in place of the header's
