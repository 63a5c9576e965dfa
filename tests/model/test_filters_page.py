"""The page on filters: what it shows can be typed, and it leaves no key out."""

import re
from pathlib import Path

from review_tui.model.query import FACTS, KEYS, parse

PAGE = (Path(__file__).parents[2] / "docs" / "filters.md").read_text(encoding="utf-8")


def test_every_word_on_the_page_is_read() -> None:
    examples = re.findall(r"`([a-z-]+[:<>=][^`…]*)`", PAGE) + re.findall(r"```text\n(.*?)\n```", PAGE)
    words = [example for example in examples if not example.startswith("server:")]
    assert len(words) > 20
    for word in words:
        assert parse(word).problems == (), word


def test_every_key_and_fact_stands_on_the_page() -> None:
    for key in KEYS:
        assert f"`{key}" in PAGE, key
    for key, facts in FACTS.items():
        for fact in facts:
            assert f"`{key}:{fact}`" in PAGE, fact
