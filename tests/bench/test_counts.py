"""A short dose of the bench, of what can be counted: bytes and frames of the console itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.programs import console, surroundings
from tests.bench.sessions import Doses, nearby
from tests.bench.world import serving_rows

pytestmark = [pytest.mark.pty, pytest.mark.volume]


def test_a_key_costs_hardly_more_bytes_than_what_it_changes(tmp_path: Path) -> None:
    doses = Doses(keys=5, pages=1, held=0.4)
    with serving_rows(tmp_path, 120) as world:
        program = console("console", world.environment, tmp_path)
        figures = nearby(replace(program, views={}), surroundings(tmp_path), doses)
    assert 0 < figures["key.bytes"] <= 1.02 * figures["key.ideal"]
    assert figures["key.silent"] == 0
    assert figures["start.bytes"] < 3 * figures["page.ideal"]
    assert figures["resize.bytes"] < 1.1 * figures["resize.ideal"]
    assert figures["exit.left on"] == 0
