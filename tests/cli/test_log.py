"""The log is read in a terminal, so it holds nothing that a terminal obeys."""

import logging

from review_tui.cli.running import InertFormatter


def test_what_an_error_quotes_is_written_inert() -> None:
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "no \x1b]0;%s\x07", ("\u202egpj",), None)
    assert InertFormatter("%(message)s\n%(name)s").format(record) == "no ␛]0;<U+202E>gpj␇\nx"
