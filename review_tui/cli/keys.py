"""The key at the door: named on the command line, piped in, found in its usual places, or asked for."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NoReturn

from review_tui.settings.errors import BadSettings
from review_tui.settings.keys import (
    API_KEY,
    LONGEST,
    ApiKey,
    KeySource,
    NamedFile,
    checked_key,
    find_key,
    key_in,
    key_of,
)
from review_tui.settings.systems import OTHERS, key_name

PIPED: Final = KeySource("standard input", "what standard input gave")
TYPED: Final = KeySource("prompt", "what was typed")

_FLAG: Final = "--key-file"
_LOGS_INPUT: Final = "TEXTUAL_LOG"
_STDIN: Final = 0


def take_environment() -> Mapping[str, str]:
    """Return the environment, and leave it to our children without the keys."""
    environ = dict(os.environ)
    for name in (API_KEY, *map(key_name, OTHERS)):
        os.environ.pop(name, None)
    return environ


def key_finder(
    given: argparse.Namespace, environ: Mapping[str, str], configured: NamedFile | None = None
) -> Callable[[str], ApiKey | None]:
    """Return what finds the key for a host; it raises BadSettings.

    What the command line names comes first, then what `find_key` finds. Only the console asks a person.
    """

    def find(host: str) -> ApiKey | None:
        if given.key_file == "-":
            return _piped(environ, for_console=given.command is None)
        if given.key_file is not None:
            return key_in(Path(given.key_file).expanduser(), _FLAG)
        found = find_key(environ, configured)
        return _typed(host, environ) if found is None and given.command is None else found

    return find


def _piped(environ: Mapping[str, str], *, for_console: bool) -> ApiKey:
    named = f"{_FLAG} -"
    _refuse_if_logged(environ)
    if os.isatty(_STDIN):
        raise BadSettings(
            f"{named}: standard input is a terminal, which shows what is typed; pipe the key in"
        )
    content = b""
    while len(content) <= LONGEST and (piece := os.read(_STDIN, LONGEST)):
        content += piece
    key = ApiKey(key_of(content, named), PIPED)
    if for_console:
        _type_at_the_terminal(named)
    return key


def _type_at_the_terminal(named: str) -> None:
    """Let standard input, which gave the key, be the terminal from now on."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise BadSettings(f"{named}: there is no terminal beside it to press keys at") from None
    os.dup2(terminal, _STDIN)
    os.close(terminal)


def _typed(host: str, environ: Mapping[str, str]) -> ApiKey:
    """Ask without echo."""
    import warnings
    from getpass import GetPassWarning, getpass

    _refuse_if_logged(environ)
    with warnings.catch_warnings(), _ended_by_signals():
        warnings.simplefilter("error", GetPassWarning)
        try:
            text = getpass(f"Key for {host} (not shown): ")
        except GetPassWarning:
            raise BadSettings("the key: this terminal would show it; put it into a file instead") from None
        except EOFError:
            text = ""
    if not text.strip():
        raise BadSettings("the key: nothing was typed")
    return ApiKey(checked_key(text.strip(), "the key that was typed"), TYPED)


def _refuse_if_logged(environ: Mapping[str, str]) -> None:
    if environ.get(_LOGS_INPUT):
        raise BadSettings(
            f"{_LOGS_INPUT} is set: what is entered can end up in that file, so no key is taken; "
            f"unset it, or use a key file"
        )


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """End by an exception where a signal would end us at once, and leave the terminal without echo."""

    def end(number: int, frame: object) -> NoReturn:
        del frame
        sys.exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
