"""Style sheets that are parsed once for all the consoles of a run, which all begin with the same ones."""

from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


def parse_once(patch: pytest.MonkeyPatch) -> None:
    """Let every console take its rules from the first that parsed the same text with the same variables."""
    parse = Stylesheet._parse_rules
    known: dict[object, list[RuleSet]] = {}

    def remembered(self: Stylesheet, css: str, read_from: Any, *place: Any, **more: Any) -> list[RuleSet]:
        key = (css, read_from, place, tuple(more.items()), tuple(self._variables.items()))
        if key not in known:
            known[key] = parse(self, css, read_from, *place, **more)
        return known[key]

    patch.setattr(Stylesheet, "_parse_rules", remembered)
