"""The page of figures: what people wrote stays, each target has its row, nothing is met unmeasured."""

from pathlib import Path

import pytest

from tests.bench.figures import Figures
from tests.bench.report import BEGINS, ENDS, number, told, written_into
from tests.bench.targets import CONSOLE, TARGETS

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def measured(**bytes_per_key: float) -> Figures:
    figures = Figures()
    for program, value in bytes_per_key.items():
        figures.take(program, {"key.bytes": value, "key.ideal": 400})
    return figures


def row(figures: Figures, target: str) -> str:
    (found,) = [line for line in told(figures) if line.startswith(f"| {target} |")]
    return found


def test_a_figure_is_the_median_of_its_rounds_and_a_ratio_in_a_peers_units(tmp_path: Path) -> None:
    figures = Figures()
    for value in (3.0, 9.0, 4.0):
        figures.take(CONSOLE, {"key.p50": value})
    figures.take("mutt", {"key.p50": 2.0})
    figures.save(tmp_path / "kept.json")
    for one in (figures, Figures.kept_in(tmp_path / "kept.json")):
        assert one.of(CONSOLE, "key.p50") == 4.0
        assert one.ratio("key.p50", CONSOLE, "mutt") == 2.0
        assert one.ratio("key.p50", CONSOLE, "tig") is None
        assert one.programs == [CONSOLE, "mutt"]


def test_a_target_is_met_when_all_that_was_measured_is() -> None:
    assert row(measured(console=420, tig=3000, lazygit=3000, mutt=250), "T5").endswith("| yes |")
    missed = row(measured(console=420, tig=2000, lazygit=3000, mutt=250), "T5")
    assert "**0.21 × tig**, 0.14 × lazygit" in missed
    assert missed.endswith("| **no** |")


def test_what_was_not_measured_is_not_called_met() -> None:
    assert row(measured(console=420, mutt=250), "T5").endswith("| yes, as far as measured |")
    assert row(Figures(), "T5").endswith("| not measured |")


def test_what_people_wrote_stays() -> None:
    page = f"before\n{BEGINS}\nold\n{ENDS}\nafter\n"
    new = written_into(page, measured(console=420))
    assert new.startswith(f"before\n{BEGINS}\n")
    assert new.endswith(f"{ENDS}\nafter\n")
    assert "old" not in new
    assert written_into(new, measured(console=420)) == new
    with pytest.raises(ValueError, match="two lines"):
        written_into("a page without marks", Figures())


def test_the_page_has_its_marks_and_a_row_for_each_target() -> None:
    page = PAGE.read_text()
    assert written_into(page, Figures()) != page, "it holds figures"
    for target in TARGETS:
        assert f"| {target.number} | {target.about} | {target.wanted} |" in page


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (0.456, "0.46"),
        (1.0, "1"),
        (1.5, "1.5"),
        (23.04, "23"),
        (41.26, "41.3"),
        (12345.6, "12,346"),
    ],
)
def test_a_number_has_the_digits_that_mean_something(value: float, said: str) -> None:
    assert number(value) == said
