"""What the network library logs of a request, without what must not be read."""

import logging
import re
from typing import Final

_QUERY: Final = re.compile(r"\?[^\s'\"]+")
_LOGGERS: Final = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks")


class _WithoutQueries(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?…", record.getMessage()), None
        return True


_filter: Final = _WithoutQueries()


def redact_queries() -> None:
    """Take queries out of all that is logged: a pre-signed URL's query is its authority."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_filter)
