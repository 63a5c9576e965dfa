"""What the network library logs holds no query, for a pre-signed link's query is its authority."""

import logging

import pytest

from review_tui.client.redaction import redact_queries


@pytest.fixture(autouse=True)
def redacted() -> None:
    redact_queries()


@pytest.mark.parametrize(
    "name", ["httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks"]
)
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
