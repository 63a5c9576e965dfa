"""The way of a copy: through tmux, by the terminal's own clipboard, or into a file; said, bounded, inert."""

import base64
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from review_tui.ui.terminal.clipboard import (
    AT_MOST,
    FILE,
    OSC_52_AT_MOST,
    Clipboard,
    NotCopied,
    Route,
    route_of,
)
from tests.ui.samples import HOSTILE

XTERM = {"TERM": "xterm-256color"}

TMUX = """#!/bin/sh
cat > "$HOME/took"
echo "$@" > "$HOME/asked"
env > "$HOME/env"
exit "$(cat "$HOME/code")"
"""
"""Stands in for tmux: keeps what it was given."""


@pytest.fixture
def tmux(tmp_path: Path) -> Path:
    """A folder in which a tmux stands that takes everything."""
    program = tmp_path / "bin" / "tmux"
    program.parent.mkdir()
    program.write_text(TMUX)
    program.chmod(0o700)
    (tmp_path / "code").write_text("0")
    return tmp_path


def within(tmux: Path) -> dict[str, str]:
    path = f"{tmux / 'bin'}:/usr/bin:/bin"
    return XTERM | {
        "TMUX": "x,1,0",
        "PATH": path,
        "HOME": str(tmux),
        "STEVE_API_KEY": "aok_x",
    }


@pytest.mark.parametrize(
    ("environ", "route"),
    [
        (XTERM, Route.TERMINAL),
        (XTERM | {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, Route.TERMINAL),
        (XTERM | {"TMUX": "x"}, Route.TMUX),
        (XTERM | {"STY": "1.pts-0"}, Route.FILE),
        ({"TERM": "linux"}, Route.FILE),
        ({}, Route.FILE),
    ],
)
def test_the_way_is_chosen_by_where_one_is(environ: Mapping[str, str], route: Route) -> None:
    assert route_of(environ) is route


@pytest.mark.parametrize("text", ["k57a", HOSTILE, "a\nb\x00c\x9b", "half \ud800 of one", ""])
async def test_the_terminal_gets_it_encoded_and_nothing_else(text: str) -> None:
    wrote: list[str] = []
    where = await Clipboard(None, XTERM, wrote.append).copy(text)
    assert where == "to your terminal's clipboard (OSC 52)"
    (sequence,) = wrote
    encoded = sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert encoded.isascii()
    assert encoded == "" or encoded.isprintable()
    assert base64.b64decode(encoded, validate=True).decode() == text.replace("\ud800", "\ufffd")


async def test_tmux_gets_it_exactly_and_no_secret(tmux: Path) -> None:
    wrote: list[str] = []
    where = await Clipboard(tmux, within(tmux), wrote.append).copy(HOSTILE)
    assert where == "to tmux, which hands it on to its terminal"
    assert (tmux / "took").read_bytes() == HOSTILE.encode()
    assert (tmux / "asked").read_text() == "load-buffer -w -\n"
    assert "aok_" not in (tmux / "env").read_text()
    assert wrote == []
    assert not (tmux / FILE).exists()


async def test_where_tmux_takes_nothing_a_file_is_written_and_said(tmux: Path) -> None:
    (tmux / "code").write_text("1")
    where = await Clipboard(tmux, within(tmux)).copy("k57a")
    assert where == f"to {tmux / FILE} (tmux did not take it)"
    assert (tmux / FILE).read_text() == "k57a"
    where = await Clipboard(tmux, within(tmux) | {"PATH": str(tmux)}).copy("k57b")
    assert where == f"to {tmux / FILE} (tmux cannot be run)"


async def test_a_tmux_that_hangs_is_not_waited_for(tmux: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review_tui.ui.terminal.clipboard.TMUX_S", 0.2)
    (tmux / "bin" / "tmux").write_text("#!/bin/sh\nexec sleep 60\n")
    where = await Clipboard(tmux, within(tmux)).copy("k57a")
    assert where.endswith("(tmux did not answer)")


async def test_the_file_is_its_owner_s_alone_and_holds_the_last_copy_only(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    clipboard = Clipboard(folder, XTERM)
    await clipboard.copy("the first", to_file=True)
    path = folder / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    await clipboard.copy(HOSTILE, to_file=True)
    assert path.read_bytes() == HOSTILE.encode()
    assert [one.name for one in folder.iterdir()] == [FILE]


async def test_a_link_that_somebody_laid_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep")
    for name in (FILE, f"{FILE}.new"):
        (tmp_path / name).symlink_to(precious)
    await Clipboard(tmp_path, {}).copy("k57a")
    assert precious.read_text() == "keep"
    assert (tmp_path / FILE).read_text() == "k57a"
    assert not (tmp_path / FILE).is_symlink()


async def test_what_no_terminal_takes_goes_into_a_file(tmp_path: Path) -> None:
    wrote: list[str] = []
    clipboard = Clipboard(tmp_path, XTERM, wrote.append)
    where = await clipboard.copy("x" * OSC_52_AT_MOST)
    assert where == f"to {tmp_path / FILE} (the terminal would not take so much)"
    assert wrote == []
    with pytest.raises(NotCopied, match="larger than 4 MiB"):
        await clipboard.copy("x" * (AT_MOST + 1))


async def test_where_there_is_no_way_at_all_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotCopied, match="no clipboard here"):
        await Clipboard(None, {}).copy("k57a")
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(NotCopied, match="could not be written"):
        await Clipboard(tmp_path / "state", {}).copy("k57a")
