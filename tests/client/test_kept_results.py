"""A kept result is read again, and searched however large it is."""

import json
from pathlib import Path

import pytest

from review_tui.client import results, searching
from review_tui.client.results import fetched, reread
from review_tui.client.searching import Search
from review_tui.model.jobs import JobKey, System
from review_tui.model.results import FoundWords, ParsedResult
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


def looked_for(file: Path, words: str, **more: int) -> FoundWords:
    search = Search(file, words, **more)
    while search.step():
        pass
    return search.so_far


@pytest.mark.parametrize("piece", [200, 201, 600, 631, 4096])
def test_words_are_found_wherever_they_stand(file: Path, monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    """At the seams of the pieces in which the file is read as well, and each of them once."""
    monkeypatch.setattr(searching, "_PIECE", piece)
    text = "".join("x" * gap + "Needle" + "\n" * (gap % 3) for gap in range(120))
    file.write_text(text)
    places = [at for at in range(len(text)) if text.startswith("Needle", at)]
    all_of_it = looked_for(file, "nEEDLE", listed=1_000)
    assert [one.at for one in all_of_it.places] == places
    assert [one.line for one in all_of_it.places] == [text.count("\n", 0, at) + 1 for at in places]
    assert all(one.words == "Needle" for one in all_of_it.places)
    assert (all_of_it.looked, all_of_it.size) == (len(text), len(text))
    assert all_of_it.lines == text.count("\n") + 1
    some = looked_for(file, "needle", listed=7)
    assert ([one.at for one in some.places], some.count) == (places[:7], 120)


def test_words_that_run_into_themselves_are_counted_as_an_editor_does(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_PIECE", 5)
    file.write_text("a" * 1_001)
    assert looked_for(file, "aaa").count == 333


def test_what_is_found_is_shown_clean_with_what_is_around(file: Path) -> None:
    file.write_bytes(b'{"merchant": "\x1b[31mCaf\xc3\xa9 \xc5\x81\xc4\x85ka",\n "total": 1}')
    (found,) = looked_for(file, "Łąka").places
    assert (found.before, found.words, found.line) == ('{"merchant": "␛[31mCafé ', "Łąka", 1)
    assert found.after.endswith('"total": 1}')
    assert looked_for(file, "nothing of it").count == 0


def test_words_are_found_as_json_may_write_them(file: Path) -> None:
    file.write_text('{"a": "Caf\\u00E9", "b": "Café", "c": "say \\"Café\\""}')
    assert looked_for(file, "café").count == 3
    assert looked_for(file, 'say "').count == 1
    assert looked_for(file, '"').count == 14


def test_a_file_that_is_gone_or_another_is_no_file_that_has_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_PIECE", 10)
    with pytest.raises(FileNotFoundError):
        looked_for(file, "x")
    file.write_text("x" * 100)
    search = Search(file, "x")
    assert search.step()
    file.write_text("y" * 300)
    with pytest.raises(OSError, match="changed meanwhile"):
        search.step()
    with pytest.raises(FileNotFoundError):
        reread(KEY, file.with_name("none"))
