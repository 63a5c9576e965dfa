"""Which systems the console watches jobs of, and what it says of the others."""

import subprocess
import sys
from pathlib import Path

import pytest

from review_tui.cli.systems import Systems
from review_tui.client.steve import Steve
from review_tui.model.job_words import System
from review_tui.settings.environment import Settings
from tests.wire import ROOT

KEY = "aok_" + "0123456789abcdef" * 4


def settings(folder: Path, **environ: str) -> Settings:
    """Settings of an environment with Steve and what else is given."""
    home = {"HOME": str(folder), "REVIEW_TUI_STATE": str(folder / "state")}
    return Settings.of({"STEVE_BASE_URL": "http://127.0.0.1:9", "STEVE_API_KEY": KEY, **home, **environ})


def test_a_system_without_a_key_says_what_to_set(tmp_path: Path) -> None:
    found = settings(tmp_path)
    ways = Systems(found, Steve(found.base_url, found.api_key)).ways(None)
    assert set(ways.sources) == {System.STEVE}
    assert ways.why_not == {
        system: f"{system.label} is not configured: set {system.name}_API_KEY, "
        f"or key_file in [{system}] of the configuration."
        for system in (System.PULSE, System.UNSILOED)
    }


def test_a_system_that_is_set_up_wrongly_says_so_beside_those_that_are_not(tmp_path: Path) -> None:
    found = settings(tmp_path, PULSE_API_KEY_FILE=str(tmp_path / "nowhere"), UNSILOED_API_KEY="k" * 40)
    ways = Systems(found, Steve(found.base_url, found.api_key)).ways(None)
    assert set(ways.sources) == {System.STEVE, System.UNSILOED}
    assert ways.why_not[System.PULSE].startswith("Pulse is set up wrongly: ")
    assert "PULSE_API_KEY_FILE" in ways.why_not[System.PULSE]


@pytest.mark.parametrize("system", [System.PULSE, System.UNSILOED])
async def test_a_system_with_a_key_is_opened_once_and_closed(tmp_path: Path, system: System) -> None:
    found = settings(tmp_path, **{f"{system.name}_API_KEY": "k" * 40})
    ways = Systems(found, Steve(found.base_url, found.api_key)).ways(None)
    assert set(ways.sources) == {System.STEVE, system}
    assert ways.sources[system]().system is system
    assert ways.sources[System.STEVE]().system is System.STEVE
    assert ways.close is not None
    await ways.close()


def test_what_speaks_to_the_others_is_loaded_when_one_of_them_is_asked() -> None:
    code = "import sys, review_tui.cli.console; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "review_tui.workers.watcher" in loaded
    assert not {
        name for name in loaded if name.startswith(("review_tui.client.pulse", "review_tui.client.unsiloed"))
    }
    assert "review_tui.model.job_reading" not in loaded
