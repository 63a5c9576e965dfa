"""The rules of taste that a machine can hold: sizes, names, docstrings, addresses."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "review_tui").rglob("*.py"))
PYTHON = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
LINES_PER_FILE, LINES_PER_FUNCTION, METHODS_PER_CLASS = 400, 60, 25
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
# Written in two halves, so that this file does not trip over itself.
REGISTRIES = ("py" + "pi.org", "python" + "hosted", "npm" + "js", "deb." + "debian")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(_parsed(path))


def test_there_are_sources_to_look_at() -> None:
    rooms = {path.relative_to(ROOT / "review_tui").parts[0] for path in SOURCES}
    assert {"cli", "client", "model", "sandbox", "settings", "ui", "workers"} <= rooms


def test_files_are_short() -> None:
    lines = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON}
    assert not {name: count for name, count in lines.items() if count > LINES_PER_FILE}


def test_functions_and_classes_are_short() -> None:
    long = []
    for path in SOURCES:
        for node in _nodes(path):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LINES_PER_FUNCTION:
                    long.append(f"{_name(path)}: {node.name}: {lines} lines")
            elif isinstance(node, ast.ClassDef):
                methods = sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)
                if methods > METHODS_PER_CLASS:
                    long.append(f"{_name(path)}: {node.name}: {methods} methods")
    assert not long


def test_a_module_says_in_one_sentence_what_lives_in_it() -> None:
    said = {_name(path): (ast.get_docstring(_parsed(path)) or "").partition("\n")[0] for path in SOURCES}
    assert not [name for name, first in said.items() if not first.endswith((".", ":"))]


def test_a_file_name_is_a_noun_that_says_what_it_holds() -> None:
    assert not [_name(path) for path in PYTHON if path.stem in NAMES_THAT_SAY_NOTHING]


def test_exceptions_are_named_where_they_are_caught() -> None:
    bare = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        for node in _nodes(path)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert not bare


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    machine = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/\w")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.exists() or path.suffix in {".png", ".jpg", ".pdf"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{name}: {host}" for host in REGISTRIES if host in text]
        if name != _name(Path(__file__)) and machine.search(text):
            found.append(f"{name}: an absolute path")
    assert not found


def test_constraints_are_exact_and_hold_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().split()
    assert len(lines) > 20
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+_-]+", line) for line in lines)


def test_colours_stand_in_styles_alone() -> None:
    """Inline CSS would be a second place to look for how a region is drawn."""
    inline = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        for node in _nodes(path)
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id in {"DEFAULT_CSS", "CSS"}
    ]
    assert not inline
