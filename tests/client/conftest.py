"""What the client's tests of jobs start from."""

from pathlib import Path

import pytest
from starlette.applications import Starlette

from tests.client.systems import Systems


@pytest.fixture
def systems(sandbox_app: Starlette) -> Systems:
    """Pulse and Unsiloed within the process."""
    return Systems(sandbox_app)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where results go; nobody has made it yet."""
    return tmp_path / "results"
