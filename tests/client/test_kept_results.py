"""A kept result is read again, and searched however large it is."""

import json
from pathlib import Path

import pytest

from review_tui.client import results
from review_tui.client.results import fetched, found_in, reread
from review_tui.model.jobs import JobKey, System
from review_tui.model.results import ParsedResult
from tests.client.systems import LARGE

KEY = JobKey(System.PULSE, "j1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "result.json"


def test_it_is_read_again_as_it_was(file: Path) -> None:
    file.write_bytes(LARGE)
    result = reread(KEY, file)
    assert isinstance(result.view, ParsedResult)
    assert (result.path, result.size) == (file, len(LARGE))


async def test_what_is_too_large_to_be_read_shows_its_first_values(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "JSON_BYTES", 100)
    body = json.dumps({"fields": [{"name": f"f{n}"} for n in range(5_000)]}).encode()

    async def bring(into: object) -> None:
        assert callable(into)
        into(body)

    result = await fetched(KEY, tmp_path, bring, most=10**9)
    assert result.view is None
    assert len(result.first) == 200
    assert (result.first[199].name, result.first[199].value) == ("fields[199].name", "f199")


@pytest.mark.parametrize("piece", [200, 201, 230, 393, 4096])
def test_words_are_found_wherever_they_stand(file: Path, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    """At the seams of the pieces in which the file is read as well, and each of them once."""
    monkeypatch.setattr(results, "_SEARCHED", piece)
    text = "".join(f"{'x' * gap}Needle" for gap in range(120))
    file.write_text(text)
    places = [at for at in range(len(text)) if text.startswith("Needle", at)]
    assert [one.at for one in found_in(file, "nEEDLE", most=1_000)] == places
    assert [one.at for one in found_in(file, "needle", most=7)] == places[:7]
    assert all("Needle" in one.text for one in found_in(file, "needle"))


def test_what_is_found_is_shown_clean_with_what_is_around(file: Path) -> None:
    file.write_bytes(b'{"merchant": "\x1b[31mCaf\xc3\xa9 \xc5\x81\xc4\x85ka", "total": 1}')
    (found,) = found_in(file, "Łąka")
    assert found.text == '{"merchant": "␛[31mCafé Łąka", "total": 1}'
    assert found_in(file, "nothing of it") == found_in(file, "") == ()


def test_a_file_that_is_gone_is_the_callers_own_error(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        found_in(file, "x")
    with pytest.raises(FileNotFoundError):
        reread(KEY, file)
