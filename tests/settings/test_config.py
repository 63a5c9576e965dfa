"""The configuration file: what it says, which profile holds, what is wrong with it by name and line."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from review_tui.model.preferences import AgeLimits, CannedReason, DoubtLimits, Preferences, SavedView
from review_tui.model.submissions import Verb
from review_tui.settings.config import Config, preferences_of, read_config
from review_tui.settings.environment import Settings, log_of, state_of
from review_tui.settings.errors import BadSettings
from review_tui.settings.files import LARGEST, config_path, lines_of
from review_tui.settings.origins import settings_of

KEY = "aok_" + "0123456789abcdef" * 4
UNSAFE = "The server's address is not safe. Plain http is taken only on this machine; use https://."
SORTS = "age, score, confidence, amount, merchant, status, fraud or workflow"
WHOLE = """
profile = "live"
theme = "dark"
advance = "off"
banner = "TEST"
[hold]
approve = 0
[profiles.live]
base_url = "https://live.example"
key_file = "live-key"
banner = "LIVE"
banner_color = "bad"
[profiles.look]
base_url = "https://live.example"
read_only = true
[age."*"]
warn = "45m"
breach = "1d2h"
[confidence.receipts]
doubtful = 0.5
[[views]]
name = "large"
filter = "amount>500"
sort = "-amount"
[[reasons]]
verb = "reject"
text = "The {merchant} is not legible"
workflow = "receipts"
[keys]
approve = "A"
reject = ["r", "ctrl+r"]
"""


def config_of(folder: Path, text: str, profile: str | None = None, **environ: str) -> Config:
    """Write a file and read it as the door does."""
    path = folder / "config.toml"
    path.write_text(text)
    return read_config({"REVIEW_TUI_CONFIG": str(path), **environ}, profile)


def refused(folder: Path, text: str) -> tuple[str, ...]:
    """Return the lines with which a file is refused, without the folder."""
    with pytest.raises(BadSettings) as wrong:
        config_of(folder, text)
    assert all(line.isprintable() for line in wrong.value.lines)
    return tuple(line.removeprefix(f"{folder}/") for line in wrong.value.lines)


def test_all_that_may_be_chosen_is_taken(tmp_path: Path) -> None:
    config = config_of(tmp_path, WHOLE)
    chosen = preferences_of(config, {})
    assert (chosen.theme, chosen.advance, chosen.profile) == ("dark", "off", "live")
    assert (chosen.banner, chosen.banner_color, chosen.read_only) == ("LIVE", "bad", False)
    assert chosen.ages == {"*": AgeLimits(45 * 60, 26 * 3600)}
    assert chosen.doubts == {"receipts": DoubtLimits(0.5, DoubtLimits().sure)}
    assert chosen.views == (SavedView("large", "amount>500", "-amount"),)
    assert chosen.reasons == (CannedReason(Verb.REJECT, "The {merchant} is not legible", "receipts"),)
    assert chosen.keys == {"approve": ("A",), "reject": ("r", "ctrl+r")}
    assert config.hold()[Verb.APPROVE] == 0
    assert config.hold()[Verb.REJECT] == 5


def test_without_a_file_a_newcomer_gets_what_is_built_in(tmp_path: Path) -> None:
    assert preferences_of(read_config({"XDG_CONFIG_HOME": str(tmp_path)}), {}) == Preferences()
    assert config_path({"HOME": "/h"}) == Path("/h/.config/review-tui/config.toml")
    (tmp_path / "review-tui").mkdir()
    (tmp_path / "review-tui" / "config.toml").write_text('theme = "light"')
    assert preferences_of(read_config({"XDG_CONFIG_HOME": str(tmp_path)}), {}).theme == "light"


def test_the_command_line_chooses_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    assert config_of(tmp_path, WHOLE).profile == "live"
    assert config_of(tmp_path, WHOLE, REVIEW_TUI_PROFILE="look").profile == "look"
    assert config_of(tmp_path, WHOLE, "live", REVIEW_TUI_PROFILE="look").profile == "live"


def test_the_environment_wins_over_the_profile_and_that_over_the_top(tmp_path: Path) -> None:
    config = config_of(tmp_path, WHOLE + '[profiles.bare]\nstate = "kept"\n')
    environ = {"STEVE_API_KEY": KEY, "HOME": "/h"}
    assert Settings.of(environ, config=config).base_url == "https://live.example"
    asked = Settings.of(environ | {"STEVE_BASE_URL": "https://other.example"}, config=config)
    assert asked.base_url == "https://other.example"
    assert config.get("banner") == "LIVE"
    bare = config_of(tmp_path, WHOLE + '[profiles.bare]\nstate = "kept"\n', "bare")
    assert bare.get("banner") == "TEST"
    assert state_of({}, bare) == tmp_path / "kept"
    assert state_of({"REVIEW_TUI_STATE": "/own"}, bare) == Path("/own")


def test_the_key_is_in_the_file_that_the_profile_names(tmp_path: Path) -> None:
    config = config_of(tmp_path, WHOLE)
    with pytest.raises(BadSettings, match=r"config.toml:10: key_file: .*live-key: No such file"):
        Settings.of({"HOME": "/h"}, config=config)
    (tmp_path / "live-key").write_text(KEY)
    (tmp_path / "live-key").chmod(0o600)
    settings = Settings.of({"HOME": "/h"}, config=config)
    assert settings.api_key.revealed() == KEY
    assert settings.key_check == str(tmp_path / "live-key")
    other = "aok_" + "f" * 64
    assert Settings.of({"STEVE_API_KEY": other}, config=config).api_key.revealed() == other


def test_in_a_profile_for_reading_nothing_may_be_decided(tmp_path: Path) -> None:
    config = config_of(tmp_path, WHOLE, "look")
    assert preferences_of(config, {}).read_only
    settings = Settings.of({"STEVE_API_KEY": KEY}, config=config)
    assert settings.deciding_off == "this profile is for reading only"
    assert Settings.of({"STEVE_API_KEY": KEY}, config=config_of(tmp_path, WHOLE)).deciding_off == ""


def test_no_color_takes_colour_away_whatever_the_file_says(tmp_path: Path) -> None:
    config = config_of(tmp_path, "color = true")
    assert preferences_of(config, {}).color
    assert preferences_of(config, {"NO_COLOR": ""}).color
    assert not preferences_of(config, {"NO_COLOR": "1"}).color


def test_the_log_can_be_named_in_the_file(tmp_path: Path) -> None:
    config = config_of(tmp_path, 'log = "a.log"')
    assert log_of({}, config) == tmp_path / "a.log"
    assert log_of({"REVIEW_TUI_LOG": "b.log"}, config) == Path("b.log")


def test_everything_that_is_wrong_is_named_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    assert refused(
        tmp_path,
        'theme = "drak"\nread_only = "yes"\nbasurl = 3\nbase_url = "http://else.example"\n'
        '[hold]\napprove = 31\ntheme = "dark"\n'
        '[age."*"]\nwarn = "2x"\nbreach = 5\n'
        "[confidence.a]\ndoubtful = 0.9\nsure = 0.8\n"
        '[[views]]\nname = "a"\nfilter = "amuont>3"\n[[views]]\nsort = "agee"\n'
        '[[reasons]]\nverb = "rejct"\ntext = " "\n'
        '[keys]\napprove = 3\n[profiles."a b"]\nbanner_color = "red"\n[colour]\n',
    ) == (
        "config.toml:1: theme: must be terminal, light, dark, high-contrast or cvd; did you mean dark?",
        "config.toml:2: read_only: must be true or false",
        "config.toml:3: basurl: unknown; did you mean base_url?",
        f"config.toml:4: base_url: {UNSAFE}",
        "config.toml:6: hold.approve: must be 30 or less",
        "config.toml:7: hold.theme: unknown here; it belongs above the first [table]",
        'config.toml:9: age."*".warn: must be a time such as "45m", "2h" or "1d12h"',
        'config.toml:10: age."*".breach: must be a time such as "45m", "2h" or "1d12h"',
        "config.toml:11: confidence.a: doubtful must not be above sure",
        'config.toml:16: views[1].filter: at character 1: no key "amuont"; did you mean amount?',
        "config.toml:17: views[2].name: is missing",
        f"config.toml:18: views[2].sort: must be {SORTS}, with - in front from the largest down, or empty",
        "config.toml:20: reasons[1].verb: must be reject or cancel; did you mean reject?",
        "config.toml:21: reasons[1].text: must not be empty",
        'config.toml:23: keys.approve: must be a key such as "a", or a list of keys',
        'config.toml:24: profiles."a b": is no name: at most 40 letters, digits, dots, - and _',
        'config.toml:25: profiles."a b".banner_color: must be accent, good, warn, bad or plain',
        "config.toml:26: colour: unknown; did you mean color?",
    )


def test_two_views_of_one_name_are_refused(tmp_path: Path) -> None:
    (line,) = refused(tmp_path, '[[views]]\nname = "a"\n[[views]]\nname = "a"\n')
    assert line == "config.toml:1: views: more than one is called a"


def test_a_key_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    lines = refused(
        tmp_path, f'api_key = "{KEY}"\nkey_file = "{KEY}"\n{KEY} = 1\ntheme = "{KEY}"\nbase_url = "{KEY}"\n'
    )
    assert len(lines) == 5
    assert "key_file names the file" in lines[0]
    assert "0123456789" not in "".join(lines)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'a = "x', "config.toml:1: "),
        (b"\n\ntheme = dark", "config.toml:3: invalid value, character 9"),
        (b"[hold]\n[hold]", "config.toml:2: cannot declare ('hold',) twice, character 6"),
        (b'theme = "dark"\nbanner = "\xff"', "config.toml:2: it is not UTF-8"),
        (b"#" * (LARGEST + 1), "it is larger than 256 KiB"),
        (b"a = " + b"[" * 5000, "config.toml: it is nested too deeply"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path, text: bytes, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(text)
    with pytest.raises(BadSettings) as wrong:
        read_config({"REVIEW_TUI_CONFIG": str(path)})
    assert told in str(wrong.value)
    assert str(wrong.value).isprintable()


def is_a_folder(path: Path) -> None:
    path.mkdir()


def is_a_pipe(path: Path) -> None:
    os.mkfifo(path)


def is_open_to_all(path: Path) -> None:
    path.write_text("")
    path.chmod(0o646)


def is_not_there(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (is_a_folder, "it is a folder"),
        (is_a_pipe, "it is not a file"),
        (is_open_to_all, "everybody may write it, and so send your key anywhere"),
        (is_not_there, "REVIEW_TUI_CONFIG: .*there is no such file; review-tui config init writes one"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_not_read(
    tmp_path: Path, make: Callable[[Path], None], why: str
) -> None:
    make(tmp_path / "config.toml")
    with pytest.raises(BadSettings, match=why):
        read_config({"REVIEW_TUI_CONFIG": str(tmp_path / "config.toml")})


def test_a_file_of_somebody_else_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text("")
    os.chown(tmp_path / "config.toml", 1, -1) if os.geteuid() == 0 else None
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(BadSettings, match="belongs to somebody else"):
        read_config({"REVIEW_TUI_CONFIG": str(tmp_path / "config.toml")})


def test_the_null_device_stands_for_no_file() -> None:
    assert preferences_of(read_config({"REVIEW_TUI_CONFIG": os.devnull}), {}) == Preferences()


@pytest.mark.parametrize(
    "given", [("--profile", "lve", {}), ("REVIEW_TUI_PROFILE", None, {"REVIEW_TUI_PROFILE": "lve"})]
)
def test_a_profile_that_is_not_there_is_named_with_the_nearest(
    tmp_path: Path, given: tuple[str, str | None, dict[str, str]]
) -> None:
    named, profile, environ = given
    with pytest.raises(BadSettings, match=f"{named}: there is no profile 'lve'; did you mean live"):
        config_of(tmp_path, WHOLE, profile, **environ)


def test_lines_are_known_through_every_way_of_writing_toml() -> None:
    text = (
        "# first\na = 1\nb.c = 2\n"  # 1-3
        'd = """\n[no.table]\ne = 1\n"""\n'  # 4-7
        "f = [\n 1,\n # in it\n 2 ]\n"  # 8-11
        '[g."h.i"] # behind\nj = { k = 1 }\n'  # 12-13
        "[[l]]\nm = 1\n[[l]]\nm = 2\n[l.n]\no = 3\n"  # 14-19
    )
    lines = lines_of(text)
    assert {place: lines[place] for place in [("a",), ("b", "c"), ("d",), ("f",), ("f", 1)]} == {
        ("a",): 2,
        ("b", "c"): 3,
        ("d",): 4,
        ("f",): 8,
        ("f", 1): 8,
    }
    assert ("no", "table") not in lines
    assert lines["g", "h.i", "j", "k"] == 13
    assert (lines["l", 0, "m"], lines["l", 1], lines["l", 1, "m"], lines["l", 1, "n", "o"]) == (
        15,
        16,
        17,
        19,
    )


def test_each_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    environ = {
        "STEVE_BASE_URL": "https://u:secret@x.example",
        "STEVE_API_KEY": KEY,
        "REVIEW_TUI_HOLD": "reject=9",
    }
    found = {one.name: one for one in settings_of(config_of(tmp_path, WHOLE), environ)}
    told = {
        name: (one.value, one.origin, one.where.removeprefix(f"{tmp_path}/")) for name, one in found.items()
    }
    assert told["profile"] == ("live", "file", "config.toml:2")
    assert told["base_url"] == ("(cannot be used)", "environment", "STEVE_BASE_URL")
    assert told["api_key"] == ("(set, not shown)", "environment", "STEVE_API_KEY")
    assert told["key_file"] == (str(tmp_path / "live-key"), "profile live", "config.toml:10")
    assert told["theme"] == ("dark", "file", "config.toml:3")
    assert told["color"] == (True, "default", "")
    assert told["hold.approve"] == (0.0, "file", "config.toml:7")
    assert told["hold.reject"] == (9.0, "environment", "REVIEW_TUI_HOLD")
    assert told["hold.cancel"] == (5.0, "default", "")
    assert told['age."*".breach'] == ("1d2h", "file", "config.toml:18")
    assert told["views[1].filter"] == ("amount>500", "file", "config.toml:23")
    assert told["keys.reject"] == (["r", "ctrl+r"], "file", "config.toml:31")
    assert "0123456789" not in str(found)
    assert "secret" not in str(found)
