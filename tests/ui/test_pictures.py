"""The pictures of the documentation: all there, light, and asking nobody for anything."""

from pathlib import Path
from xml.etree import ElementTree as ET

from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from tests.ui.picture import PICTURES, page
from tests.ui.svg import CELL, Ink, svg_of
from tests.wire import ROOT

DOCS = Path(ROOT, "docs")
SVG = "{http://www.w3.org/2000/svg}"


def test_every_picture_is_kept_and_none_asks_for_anything_elsewhere() -> None:
    assert (DOCS / "screens.md").read_text(encoding="utf-8") == page(), "make picture writes it anew"
    kept = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.svg")}
    assert kept == set(PICTURES)
    for name in PICTURES:
        text = (DOCS / f"{name}.svg").read_text(encoding="utf-8")
        assert len(text.encode()) < 150_000, name
        assert text.count("://") == 1, name  # the name of SVG itself
        assert "url(" not in text, name
        assert ET.fromstring(text).findtext(f"{SVG}title"), name


def test_each_run_of_letters_stands_where_its_cells_do() -> None:
    ink = Ink(DEFAULT_TERMINAL_THEME, "#ffffff", "#000000")
    line = [Segment("  a b   漢"), Segment("<x>", Style(reverse=True, bold=True))]
    found = ET.fromstring(svg_of([line], 20, ink, "title & more"))
    texts = [(one.text, round((float(one.get("x", "")) - 12) / CELL)) for one in found.iter(f"{SVG}text")]
    assert texts == [("a b", 2), ("漢", 8), ("<x>", 10)]
    _, behind = found.iter(f"{SVG}rect")
    assert behind.get("fill") == "#ffffff"
    assert found.findtext(f"{SVG}title") == "title & more"
