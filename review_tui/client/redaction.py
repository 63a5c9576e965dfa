"""What is written down about requests, without what must not be read: keys, and links that open documents."""

import logging
import re
from typing import Final

_QUERY: Final = re.compile(r"\?[^\s'\"]+")
_LOGGERS: Final = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks")

_SECRETS: Final = (
    # A link keeps its place, not its query: in a pre-signed one that is the authority.
    (re.compile(r"(https?://[^\s'\"<>?]*)\?[^\s'\"<>]*", re.IGNORECASE), r"\1?…"),
    (re.compile(r"(\bBearer\s+)[^\s'\",)\]}]+", re.IGNORECASE), r"\1…"),
    (re.compile(r"aok_[0-9A-Za-z]{8,}"), "aok_…"),
    # The keys of other systems have no form of their own: they are known by the header's name.
    (re.compile(r"(api[-_]?key['\"]?\s*[:=,]\s*b?['\"]?)[^\s'\",)\]}]{8,}", re.IGNORECASE), r"\1…"),
)


class _WithoutQueries(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?…", record.getMessage()), None
        return True


_filter: Final = _WithoutQueries()


def redact_queries() -> None:
    """Take queries out of all that is logged: a pre-signed URL's query is its authority."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_filter)


def hidden(text: str) -> str:
    """Return `text` without keys, bearer tokens and the queries of links, whoever wrote them into it.

    The last resort for what nobody meant to write down: an error's words, a command line.
    """
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text
