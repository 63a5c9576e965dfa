"""Where the key is found: which place counts, and which file is refused with the reason and never the key."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from review_tui.settings.environment import Settings
from review_tui.settings.errors import BadSettings
from review_tui.settings.keys import find_key, key_in, usual_key_file

KEYS = ["aok_" + str(number) * 64 for number in range(4)]
SERVER = {"STEVE_BASE_URL": "https://some.convex.site"}


def kept(path: Path, text: str, mode: int = 0o600) -> Path:
    """Write a key's file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def found(environ: dict[str, str]) -> tuple[str, str] | None:
    key = find_key(environ)
    return None if key is None else (key.secret.revealed(), key.source.check)


def test_the_environment_comes_before_a_named_file_and_that_before_the_usual_place(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert found(environ) is None
    usual = kept(usual_key_file(environ), KEYS[0])
    assert usual == tmp_path / "review-tui" / "key"
    assert found(environ) == (KEYS[0], str(usual))
    environ["STEVE_API_KEY_FILE"] = str(kept(tmp_path / "named", KEYS[1] + "\n"))
    assert found(environ) == (KEYS[1], str(tmp_path / "named"))
    environ["STEVE_API_KEY"] = KEYS[2]
    assert found(environ) == (KEYS[2], "STEVE_API_KEY")


def test_the_usual_place_is_in_the_folder_for_settings() -> None:
    assert usual_key_file({"HOME": "/h"}) == Path("/h/.config/review-tui/key")
    assert usual_key_file({"HOME": "/h", "XDG_CONFIG_HOME": "not/absolute"}) == Path(
        "/h/.config/review-tui/key"
    )


def test_a_place_that_cannot_be_used_is_not_passed_over(tmp_path: Path) -> None:
    kept(tmp_path / "review-tui" / "key", KEYS[0])
    with pytest.raises(BadSettings, match=r"STEVE_API_KEY_FILE: .*No such file"):
        find_key({"XDG_CONFIG_HOME": str(tmp_path), "STEVE_API_KEY_FILE": str(tmp_path / "none")})
    with pytest.raises(BadSettings, match="STEVE_API_KEY cannot be a key"):
        find_key({"XDG_CONFIG_HOME": str(tmp_path), "STEVE_API_KEY": "aok_ 1"})


def is_a_link(path: Path) -> None:
    path.symlink_to(kept(path.with_name("real"), KEYS[0]))


def is_a_link_to_nothing(path: Path) -> None:
    path.symlink_to(path.with_name("nothing"))


def is_a_pipe(path: Path) -> None:
    os.mkfifo(path, 0o600)


def is_a_folder(path: Path) -> None:
    path.mkdir(mode=0o700)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda path: kept(path, KEYS[0], 0o640), "open to others; chmod 600"),
        (lambda path: kept(path, KEYS[0], 0o604), "open to others; chmod 600"),
        (lambda path: kept(path, KEYS[0], 0o610), "open to others; chmod 600"),
        (is_a_link, "it is a link"),
        (is_a_link_to_nothing, "it is a link"),
        (is_a_pipe, "it is not a file"),
        (is_a_folder, "it is not a file"),
        (lambda path: kept(path, ""), "it is empty"),
        (lambda path: kept(path, " \n\n"), "it is empty"),
        (lambda path: kept(path, KEYS[0] * 1000), "it is too long for a key"),
        (lambda path: kept(path, KEYS[0] + "\n" + KEYS[1]), "cannot be a key"),
        (lambda path: kept(path, "key: " + KEYS[0]), "cannot be a key"),
        (lambda path: kept(path, "\ufeff" + KEYS[0]), "cannot be a key"),
    ],
)
def test_a_file_that_is_not_the_owners_alone_or_holds_no_key_is_refused(
    tmp_path: Path, make: Callable[[Path], object], why: str
) -> None:
    make(tmp_path / "key")
    for environ in ({"STEVE_API_KEY_FILE": str(tmp_path / "key")}, usual_is(tmp_path)):
        with pytest.raises(BadSettings, match=why) as refused:
            find_key(environ)
        line = str(refused.value)
        assert line.isprintable()
        assert "0000" not in line


def usual_is(folder: Path) -> dict[str, str]:
    """An environment whose usual place is `folder / "key"`."""
    (folder / "config").mkdir(exist_ok=True)
    if not (folder / "config" / "review-tui").exists():
        (folder / "config" / "review-tui").symlink_to(folder)
    return {"XDG_CONFIG_HOME": str(folder / "config")}


def test_a_file_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept(tmp_path / "key", KEYS[0])
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(BadSettings, match="belongs to somebody else"):
        key_in(path, "--key-file")


def test_a_key_given_as_a_files_name_is_not_repeated() -> None:
    with pytest.raises(BadSettings, match="that is a key, not the name of a file") as refused:
        find_key({"STEVE_API_KEY_FILE": KEYS[0]})
    assert "0000" not in str(refused.value)


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5000, "a\x1b[31mb"])
def test_a_name_that_no_file_can_have_is_refused_in_clean_words(name: str) -> None:
    with pytest.raises(BadSettings) as refused:
        find_key({"STEVE_API_KEY_FILE": name})
    assert str(refused.value).isprintable()


def test_settings_say_where_their_key_came_from(tmp_path: Path) -> None:
    path = kept(tmp_path / "key", KEYS[1])
    settings = Settings.of(SERVER | {"STEVE_API_KEY_FILE": str(path)})
    assert (settings.key_hint, settings.key_check) == ("aok_…1111 from file", str(path))
    same = Settings.of(SERVER | {"STEVE_API_KEY": KEYS[1]})
    assert (same.key_hint, same.key_check) == ("aok_…1111 from env", "STEVE_API_KEY")
    assert same.store_path == settings.store_path, "where a key comes from does not change what is kept"


def test_without_a_key_the_places_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="STEVE_API_KEY is not set, nor STEVE_API_KEY_FILE") as refused:
        Settings.of(SERVER | {"XDG_CONFIG_HOME": str(tmp_path)})
    assert str(tmp_path / "review-tui" / "key") in str(refused.value)
