"""The doors between the rooms, held by import contracts and by what a start really imports."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_import_contracts_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        (
            "import review_tui.model.queue, review_tui.model.decisions",
            {"textual", "rich", "httpx", "starlette"},
        ),
        ("import review_tui.client.steve", {"textual", "rich", "starlette", "PIL"}),
        ("import review_tui.workers.desk", {"textual", "rich", "starlette", "PIL"}),
        ("import review_tui.cli.main", {"textual", "rich", "starlette", "PIL", "httpx"}),
        ("import review_tui.sandbox.app", {"textual", "rich", "httpx", "pydantic"}),
        ("import review_tui.ui.app", {"starlette", "uvicorn", "PIL"}),
    ],
)
def test_a_room_loads_only_what_it_needs(statement: str, unwanted: set[str]) -> None:
    assert not _loaded_by(statement) & unwanted


def test_the_wheel_carries_its_styles(tmp_path: Path) -> None:
    import zipfile

    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    styles = {f"review_tui/styles/{path.name}" for path in (ROOT / "styles").glob("*.tcss")}
    assert styles
    assert styles <= set(names)
    assert "review_tui/py.typed" in names
