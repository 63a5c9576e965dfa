"""Consoles that are started again and again, in no time."""

from collections.abc import Iterator

import pytest

from tests.ui.sheets import parse_once


@pytest.fixture(scope="session", autouse=True)
def sheets_parsed_once() -> Iterator[None]:
    """Style sheets are the same for all."""
    with pytest.MonkeyPatch.context() as patch:
        parse_once(patch)
        yield
