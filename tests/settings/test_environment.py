"""Settings from the environment: what is taken, what is refused, what is never shown."""

from pathlib import Path

import pytest

from review_tui.model.submissions import Verb
from review_tui.settings.environment import (
    HOLD,
    Settings,
    downloads_of,
    hold_of,
    log_of,
    state_of,
)
from review_tui.settings.errors import BadSettings
from review_tui.settings.holds import HOLDS

KEY = "aok_" + "0123456789abcdef" * 4
GOOD = {"STEVE_BASE_URL": "https://some.convex.site", "STEVE_API_KEY": KEY, "HOME": "nowhere"}


def test_what_is_given_is_taken() -> None:
    settings = Settings.of(GOOD | {"REVIEW_TUI_DOWNLOADS": "papers"})
    assert settings.base_url == "https://some.convex.site"
    assert settings.api_key.revealed() == KEY
    assert settings.downloads == Path("papers")


def test_the_key_is_never_written_out() -> None:
    settings = Settings.of(GOOD)
    assert settings.key_hint == "aok_…cdef from env"
    for text in (repr(settings), str(settings)):
        assert KEY not in text
        assert "0123456789" not in text


def test_of_a_short_key_nothing_is_shown() -> None:
    assert Settings.of(GOOD | {"STEVE_API_KEY": "aok_short"}).key_hint == "aok_… from env"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080", "http://localhost:9", "http://[::1]:9", "https://x.example/"]
)
def test_addresses_that_are_safe_are_taken(url: str) -> None:
    assert Settings.of(GOOD | {"STEVE_BASE_URL": url}).base_url == url


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"STEVE_BASE_URL": ""}, "STEVE_BASE_URL is not set"),
        ({"STEVE_BASE_URL": "http://some.convex.site"}, "STEVE_BASE_URL: The server's address is not safe"),
        (
            {"STEVE_BASE_URL": "http://127.0.0.1.evil.example"},
            "STEVE_BASE_URL: The server's address is not safe",
        ),
        ({"STEVE_BASE_URL": "https://user:pw@host"}, "STEVE_BASE_URL: The server's address cannot be used"),
        ({"STEVE_BASE_URL": "ftp://host"}, "STEVE_BASE_URL: The server's address cannot be used"),
        ({"STEVE_API_KEY": ""}, "STEVE_API_KEY is not set"),
        ({"STEVE_API_KEY": KEY + "\n"}, "STEVE_API_KEY cannot be a key"),
        ({"STEVE_API_KEY": "aok_ 12"}, "STEVE_API_KEY cannot be a key"),
        ({"STEVE_API_KEY": "aok_\x1b[31m"}, "STEVE_API_KEY cannot be a key"),
        ({"STEVE_API_KEY": "aok_ключ"}, "STEVE_API_KEY cannot be a key"),
        ({"STEVE_API_KEY": "a" * 600}, "STEVE_API_KEY cannot be a key"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line_without_its_secret(
    changed: dict[str, str], names: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings.of(GOOD | changed)
    line = str(refused.value)
    assert line.startswith(names)
    assert line.isprintable()
    assert "0123456789" not in line
    assert "pw" not in line


def test_documents_go_where_downloads_go_and_never_where_one_happens_to_stand(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    assert downloads_of(home) == tmp_path / "Downloads"
    assert downloads_of(home | {"XDG_DOWNLOAD_DIR": "/srv/got"}) == Path("/srv/got")
    assert downloads_of(home | {"XDG_DOWNLOAD_DIR": "got"}) == tmp_path / "Downloads"
    assert downloads_of(home | {"REVIEW_TUI_DOWNLOADS": str(tmp_path / "x")}) == tmp_path / "x"


def test_without_a_log_file_nothing_is_kept() -> None:
    assert log_of({}) is None
    assert log_of({"REVIEW_TUI_LOG": "a.log"}) == Path("a.log")


def test_decisions_are_kept_in_the_folder_for_state() -> None:
    assert state_of({"HOME": "/h"}) == Path("/h/.local/state/review-tui")
    assert state_of({"HOME": "/h", "XDG_STATE_HOME": "/s"}) == Path("/s/review-tui")
    assert state_of({"HOME": "/h", "XDG_STATE_HOME": "not/absolute"}) == Path("/h/.local/state/review-tui")
    assert state_of({"HOME": "/h", "REVIEW_TUI_STATE": "/own", "XDG_STATE_HOME": "/s"}) == Path("/own")


def test_each_server_has_a_file_of_its_own_that_a_new_key_goes_on_with() -> None:
    def file(url: str, key: str = KEY) -> Path:
        return Settings.of(
            GOOD | {"STEVE_BASE_URL": url, "STEVE_API_KEY": key, "REVIEW_TUI_STATE": "/s"}
        ).store_path

    plain = file("https://some.convex.site")
    assert plain.parent == Path("/s")
    assert plain.name.startswith("some.convex.site-")
    assert plain == file("https://SOME.convex.site/") == file("https://some.convex.site/api/v1")
    assert plain == file("https://some.convex.site", KEY[:-1] + "e")
    others = {
        file("https://some.convex.site:8443"),
        file("https://some.convex.site/eu"),
        file("https://other.convex.site"),
    }
    assert len(others | {plain}) == 4
    assert file("http://[::1]:80").name.startswith("_")
    assert KEY[-4:] not in plain.name


def test_a_decision_is_held_unless_the_environment_says_otherwise() -> None:
    assert hold_of({}) == HOLDS
    assert hold_of({HOLD: "0"}) == dict.fromkeys(Verb, 0.0)
    assert hold_of({HOLD: "8, approve=30 resolve=0.5"}) == {
        Verb.APPROVE: 30.0,
        Verb.REJECT: 8.0,
        Verb.CANCEL: 8.0,
        Verb.RESOLVE: 0.5,
    }


@pytest.mark.parametrize("text", ["-1", "31", "nan", "1e1", "approve", "approve=", "pay=5", "5s", "٥", "=5"])
def test_a_hold_that_cannot_be_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadSettings, match="REVIEW_TUI_HOLD"):
        hold_of({HOLD: text})
