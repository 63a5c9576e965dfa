"""What is written down holds neither keys nor queries, for a pre-signed link's query is its authority."""

import logging

import pytest

from review_tui.client.redaction import hidden, redact_queries

LOGGERS = ["httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks"]


@pytest.fixture(autouse=True)
def redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LOGGERS:
        monkeypatch.setattr(logging.getLogger(name), "filters", [])
    redact_queries()


@pytest.mark.parametrize("name", LOGGERS)
def test_a_links_signature_is_in_no_log_line(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger=name):
        logging.getLogger(name).info("HTTP Request: %s %s", "GET", "https://files.invalid/f1?sig=secret&x=1")
        logging.getLogger(name).debug("request.started target=b'/f1?sig=secret' 'and more?'")
    assert [record.getMessage() for record in caplog.records] == [
        "HTTP Request: GET https://files.invalid/f1?…",
        "request.started target=b'/f1?…' 'and more?'",
    ]


def test_what_holds_no_query_is_logged_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="httpx"):
        logging.getLogger("httpx").info("HTTP Request: %s (100%% done)", "GET https://a.invalid/")
    assert caplog.messages == ["HTTP Request: GET https://a.invalid/ (100% done)"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("GET https://files.invalid/f1?sig=secret failed", "GET https://files.invalid/f1?… failed"),
        (
            "'HTTP://files.invalid/a?b=1' and <https://b.invalid?c>",
            "'HTTP://files.invalid/a?…' and <https://b.invalid?…>",
        ),
        ("Authorization: bearer secret, again", "Authorization: bearer …, again"),
        ("the key aok_0123456789abcdef is unknown", "the key aok_… is unknown"),
        ("aok_0123456789 at https://a.invalid/?k=aok_0123456789", "aok_… at https://a.invalid/?…"),
        ("a keyword, aok_short and why?so", "a keyword, aok_short and why?so"),
        ("x-api-key: pulse_0123456789, next", "x-api-key: …, next"),
        ("{'api-key': 'unsiloed_0123456789'}", "{'api-key': '…'}"),
        ("(b'X-API-Key', b'0123456789')", "(b'X-API-Key', b'…')"),
        ("PULSE_API_KEY=0123456789 review-tui", "PULSE_API_KEY=… review-tui"),
        ("PULSE_API_KEY is not set, nor api_key", "PULSE_API_KEY is not set, nor api_key"),
    ],
)
def test_whoever_wrote_a_secret_into_an_error_it_is_not_told(said: str, told: str) -> None:
    assert hidden(said) == told
