"""A file gets a name that is safe to create, whatever it was called."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_tui.model.files import NAME_BYTES, StoredFile, file_key, kept_name, safe_name
from review_tui.model.submissions import read_detail
from review_tui.model.wire import read_one

NASTY = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from('./\\-_:*?"<>| \x00\n\u202e\u200b\ud800~é漢'))
)


@given(NASTY | st.text(alphabet="é漢a.", min_size=150, max_size=400), NASTY)
def test_no_name_leads_elsewhere_hides_or_overflows(raw: str, fallback: str) -> None:
    name = safe_name(raw, fallback=fallback)
    assert name
    assert len(name.encode()) <= NAME_BYTES
    assert not set(name) & set('/\\:*?"<>|\x00')
    assert name[0] not in ".- "
    assert name[-1] not in ". "
    assert name.strip("_")
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for char in name)


@given(NASTY)
def test_a_safe_name_is_its_own(raw: str) -> None:
    name = safe_name(raw, fallback="file-1")
    assert safe_name(name, fallback="file-1") == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("receipt.jpg", "receipt.jpg"),
        ("Rachunek Łódź.pdf", "Rachunek_Łódź.pdf"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("../..", "file-1"),
        ("", "file-1"),
        ("...", "file-1"),
        ("-rf", "rf"),
        (".bashrc", "bashrc"),
        ("a\x1b[2Jb.png", "a[2Jb.png"),
        ("fdp.\u202egpj", "fdp.gpj"),
        ("con.txt", "file-1_con.txt"),
        ("NUL", "file-1_NUL"),
        ("a" * 300 + ".pdf", "a" * (NAME_BYTES - 4) + ".pdf"),
        ("漢" * 100, "漢" * (NAME_BYTES // 3)),
        ("e\u0301.pdf", "é.pdf"),
        ("a.b.pdf", "a.b.pdf"),
        ("a" * 300 + ".pdf..", "a" * (NAME_BYTES - 4) + ".pdf"),
        ("a" * 300 + ".p", "a" * (NAME_BYTES - 2) + ".p"),
        ("a" * 300 + ".abcdefghij", "a" * (NAME_BYTES - 11) + ".abcdefghij"),
        ("a" * 300 + ".abcdefghijk", "a" * NAME_BYTES),
        ("a" * 170 + "..  .pdf" + "b" * 90, "a" * 170 + ".._.pdfbbb"),
        ("a" * 178 + "..b.c", "a" * 178 + ".c"),
        ("a" * 175 + "_._x.pdf", "a" * 175 + "_.pdf"),
        ("Xray.pdf", "Xray.pdf"),
        ("MAX", "MAX"),
        ("MAX.pdf", "MAX.pdf"),
        ("a" * 175 + ".bcd.pdf", "a" * 175 + ".pdf"),
        ("_-. a b .", "a_b_"),
        ("half\ud800.pdf", "half.pdf"),
        ("a\u2028b\u2029c\ue000d\u0378e", "abcde"),
        ("com1", "file-1_com1"),
        ("COM1.log", "file-1_COM1.log"),
        ("com10", "com10"),
        ("console", "console"),
        ("lpt9.txt", "file-1_lpt9.txt"),
        ('a|b?c*d<e>f"g:h', "a_b_c_d_e_f_g_h"),
        ("a\tb  \n c", "ab_c"),
    ],
)
def test_what_becomes_of_a_name(raw: str, name: str) -> None:
    assert safe_name(raw, fallback="file-1") == name


@pytest.mark.parametrize(
    ("raw", "fallback", "name"),
    [
        ("", "../../.ssh/authorized_keys", "authorized_keys"),
        ("", "\x1b]0;x\x07", "]0;x"),
        ("..", "..", "file"),
        ("aux", "../nul", "nul_aux"),
        ("", "nul", "file_nul"),
        ("", "_", "file"),
        ("", "Xi", "Xi"),
        ("", "iX", "iX"),
    ],
)
def test_what_stands_in_for_a_name_leads_nowhere_either(raw: str, fallback: str, name: str) -> None:
    assert safe_name(raw, fallback=fallback) == name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("scan\ufe0f\U000e0100\u3164\u115f.pdf", "scan.pdf"),
        ("Z" + "\u0316" * 40 + ".pdf", "Z\u0316\u0316\u0316.pdf"),
    ],
)
def test_no_name_differs_from_another_by_what_nobody_sees(raw: str, name: str) -> None:
    assert safe_name(raw, fallback="file") == name


def test_a_files_title_is_the_best_name_it_has() -> None:
    for said, title in (
        ({"fileName": "a.pdf", "label": "receipt", "id": "f1"}, "a.pdf"),
        ({"label": "receipt", "id": "f1"}, "receipt"),
        ({"id": "f1"}, "f1"),
        ({}, "(unnamed)"),
    ):
        assert read_one(StoredFile, said, "it").title == title


def test_a_pre_signed_link_is_not_shown_by_accident() -> None:
    file = read_one(StoredFile, {"id": "f1", "downloadUrl": "https://files.invalid/f1?sig=secret"}, "it")
    assert "secret" not in repr(file)
    assert file.download_url == "https://files.invalid/f1?sig=secret"


def test_files_are_told_apart_by_their_ids_or_by_their_places_in_their_own_submission() -> None:
    def keys(id_: str, *files: dict[str, object]) -> list[str]:
        detail = read_detail({"id": id_, "submissionStatus": "review", "files": list(files)})
        return [file_key(detail.id, file) for file in detail.files]

    assert keys("k1", {"id": "f1"}, {"id": "f2"}) == ["k1/f1", "k1/f2"]
    assert keys("k1", {}, {}) == ["k1#0", "k1#1"]
    assert keys("k2", {"index": 4}, {"index": 7}) == ["k2#4", "k2#7"]
    assert keys("k1", {"id": "f1"}, {"id": "f1"}, {"id": ""}, {"id": ""}) == ["k1/f1", "k1#1", "k1#2", "k1#3"]


@pytest.mark.parametrize(
    ("submission_id", "said", "name"),
    [
        ("k57a0", {"id": "f1", "fileName": "scan.pdf"}, "k57a0-scan.pdf"),
        ("k57a0", {"id": "f1"}, "k57a0-f1"),
        ("k57a0", {"index": 3}, "k57a0-file-3"),
        ("k57a0", {}, "k57a0-file-0"),
        ("nul.", {"fileName": "a.pdf"}, "file_nul.-a.pdf"),
        ("k57a0", {"id": "f1", "fileName": "../../etc/passwd"}, "k57a0-passwd"),
        ("k57a0", {"id": "../f1", "fileName": ".."}, "k57a0-f1"),
        ("a:b~c", {"fileName": "-rf"}, "a_b~c-rf"),
        ("i" * 200, {"fileName": "scan.pdf"}, "i" * 40 + "-scan.pdf"),
    ],
)
def test_a_kept_files_name_says_whose_it_is(submission_id: str, said: dict[str, object], name: str) -> None:
    assert kept_name(submission_id, read_one(StoredFile, said, "it")) == name


@given(NASTY)
def test_a_kept_name_is_as_safe_as_any(raw: str) -> None:
    name = kept_name("k57a0", read_one(StoredFile, {"fileName": raw, "id": raw}, "it"))
    assert name.startswith("k57a0-")
    assert len(name.encode()) <= NAME_BYTES
    assert safe_name(name, fallback="file") == name
