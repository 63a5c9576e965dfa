"""The file that begins a configuration, and the page about it: both are what the tables say."""

import re
import tomllib
from pathlib import Path

from review_tui.model.preferences import AgeLimits, DoubtLimits, Preferences
from review_tui.settings.config import Config, preferences_of, read_config
from review_tui.settings.example import example, page
from review_tui.settings.files import ConfigText
from review_tui.settings.tables import (
    AgeTable,
    ConfidenceTable,
    ConfigTable,
    HoldTable,
    PlaceTable,
    ReasonTable,
    ViewTable,
)
from tests.wire import ROOT


def test_as_it_is_written_it_chooses_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(example())
    config = read_config({"REVIEW_TUI_CONFIG": str(tmp_path / "config.toml")})
    assert config.hold() == Config().hold()
    chosen = preferences_of(config, {})
    assert chosen.age_limits("any") == AgeLimits()
    assert chosen.doubt_limits("any") == DoubtLimits()
    assert chosen == Preferences(ages=chosen.ages, doubts=chosen.doubts)


def test_every_line_of_it_is_right_once_its_sign_is_taken_away() -> None:
    data = tomllib.loads(re.sub(r"(?m)^#(?=[\[a-z])", "", example()))
    table = ConfigTable.model_validate(data)
    config = Config(ConfigText(data=data), table)
    chosen = preferences_of(config, {})
    assert chosen.views == Preferences().views
    assert (chosen.theme, chosen.advance, chosen.color) == ("terminal", "next", True)
    assert config.hold() == Config().hold()
    assert data.keys() == ConfigTable.model_fields.keys()
    assert data["profiles"]["live"].keys() == PlaceTable.model_fields.keys()


def test_every_setting_is_explained() -> None:
    tables = (ConfigTable, PlaceTable, HoldTable, AgeTable, ConfidenceTable, ViewTable, ReasonTable)
    for table in tables:
        for name, field in table.model_fields.items():
            assert field.description, (table, name)


def test_the_page_is_what_the_tables_say() -> None:
    """`make configuration` writes it anew."""
    assert (ROOT / "docs" / "configuration.md").read_text() == page()
