"""A secret is told only to who asks for it by name."""

from review_tui.model.secret import Secret


def test_a_secret_shows_itself_to_nobody_who_does_not_ask() -> None:
    secret = Secret("aok_0123456789")
    assert secret.revealed() == "aok_0123456789"
    for said in (str(secret), repr(secret), f"{secret}", f"{[secret]}"):
        assert "aok" not in said
        assert "*" in said
    assert (str(Secret("")), repr(Secret(""))) == ("", "Secret('')")


def test_secrets_are_equal_by_what_they_hide() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != "a"
