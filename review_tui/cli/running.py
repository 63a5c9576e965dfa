"""Running a command: arguments and settings in, an exit code out; only what it needs is imported."""

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from review_tui.cli.arguments import parsed
from review_tui.cli.start import Start

if TYPE_CHECKING:  # what draws nothing and asks nothing starts without them
    from review_tui.cli.exits import Exit
    from review_tui.model.failures import Failure
    from review_tui.settings.config import Config
    from review_tui.settings.environment import Settings

log = logging.getLogger(__name__)

_LOGGED = 20_000
_PIPE_CLOSED = 128 + signal.SIGPIPE
_INTERRUPTED = 128 + signal.SIGINT
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(arguments: Sequence[str] | None, start: Start) -> int:
    """Run one command and return its exit code; failures are one line on standard error."""
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        _never_refuse(stream)
    given = parsed(sys.argv[1:] if arguments is None else arguments)
    if given.command not in {None, "demo"}:  # the console does so once it is seen
        gc.enable()
    try:
        try:
            code = _run(given, start)
        finally:
            start.end()
        sys.stdout.flush()
    except BrokenPipeError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        log.critical("unexpected %s", type(error).__name__, exc_info=error)
        print(
            f"review-tui: unexpected {type(error).__name__}; set REVIEW_TUI_LOG to a file to learn more",
            file=sys.stderr,
        )
        return 1
    return code


def _run(given: argparse.Namespace, start: Start) -> int:
    if given.command == "sandbox":
        from review_tui.cli.worlds import serve

        return serve(given)
    _no_core_dumps()
    _no_plugins()
    from review_tui.cli.exits import Exit
    from review_tui.cli.keys import take_environment
    from review_tui.settings.errors import BadSettings

    environ = take_environment()
    try:
        return _run_set_up(given, environ, start)
    except BadSettings as error:
        start.end()
        for line in error.lines:
            print(f"review-tui: {line}", file=sys.stderr)
        return Exit.USAGE


def _run_set_up(given: argparse.Namespace, environ: Mapping[str, str], start: Start) -> int:
    """Run a command with what is set up for it; raises BadSettings."""
    from review_tui.cli.exits import Exit
    from review_tui.cli.keys import key_finder
    from review_tui.settings.config import preferences_of, read_config
    from review_tui.settings.environment import Settings, log_of

    _log_to(log_of(environ))
    if given.command in {"config", "doctor"}:  # they have something to say also where settings are bad
        return _looked(given, environ)
    config = read_config(environ, given.profile)
    _log_to(log_of(environ, config))
    if given.command in {"keys", "jobs"}:  # these need no server, or another one
        return _configured(given, environ, config)
    key_piped = given.command is None and given.key_file == "-"
    if given.command in {None, "demo"} and not _is_at_a_terminal(key_piped=key_piped):
        print("review-tui: the console needs a terminal; see review-tui --help for the rest", file=sys.stderr)
        return Exit.USAGE
    if given.command in {None, "demo"}:
        _refuse_bad_keys(config)
    if given.command == "demo":
        from review_tui.cli.worlds import demo

        return demo(given, preferences_of(config, environ))
    settings = Settings.of(environ, key_finder(given, environ, config.key_file), config)
    if given.command is None:
        from review_tui.cli.console import open_console

        stock = given.driver == "stock"
        return open_console(settings, preferences_of(config, environ), stock_driver=stock, start=start)
    return _verb(given, settings)


def _verb(given: argparse.Namespace, settings: "Settings") -> int:
    if given.command == "outbox" and given.verb == "send":
        from review_tui.cli.sending import send_held

        return _asked(given, partial(send_held, given, settings))
    if given.command in {"audit", "outbox"}:
        return _kept(given, settings)
    from review_tui.cli.verbs import run_verb

    return _asked(given, partial(run_verb, given, settings))


def _configured(given: argparse.Namespace, environ: Mapping[str, str], config: "Config") -> int:
    if given.command == "keys":
        from review_tui.cli.keymap import run_keys

        return run_keys(given, config)
    from review_tui.cli.jobs import jobs_verb

    return _asked(given, jobs_verb(given, environ, config))


def _refuse_bad_keys(config: "Config") -> None:
    if config.said is None or not config.said.keys:
        return
    from review_tui.cli.config import key_problems
    from review_tui.settings.errors import BadSettings

    if found := key_problems(config):
        raise BadSettings(*found)


def _looked(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if given.command == "config":
        from review_tui.cli.config import run_config

        return run_config(given, environ)
    from review_tui.cli.doctor import run_doctor

    return run_doctor(given, environ)


def _kept(given: argparse.Namespace, settings: "Settings") -> int:
    from review_tui.store.errors import NotKept

    try:
        if given.command == "audit":
            from review_tui.cli.audit import run_audit

            return run_audit(given, settings)
        from review_tui.cli.outbox import run_outbox

        return run_outbox(given, settings)
    except NotKept as error:
        return _failed(error.failure, as_json=given.json)


def _asked(given: argparse.Namespace, verb: Callable[[], Coroutine[Any, Any, "Exit"]]) -> int:
    """Run a verb that asks a server; a signal cancels it, once."""
    from review_tui.client.errors import WireError
    from review_tui.store.errors import NotKept

    heard: list[int] = []

    async def run() -> "Exit":
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None

        def end(number: int) -> None:
            heard.append(number)
            if len(heard) == 1:  # the next must not cut off the seconds in which a lost answer is looked for
                task.cancel()

        for number in _ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup asks for
                loop.add_signal_handler(number, end, number)
        try:
            return await verb()
        finally:
            if heard:  # one more may come before the last word is printed
                signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            for number in _ENDING:
                loop.remove_signal_handler(number)

    try:
        return asyncio.run(run())
    except asyncio.CancelledError:
        return 128 + heard[0]
    except (WireError, NotKept) as error:
        return _failed(error.failure, as_json=given.json)


def _failed(failure: "Failure", *, as_json: bool) -> int:
    from review_tui.cli.exits import exit_of
    from review_tui.cli.printing import failure_json, failure_line, json_text, say

    code = exit_of(failure)
    if as_json:
        print(json_text({"error": failure_json(failure), "exit": int(code)}), file=sys.stderr)
    else:
        say(f"review-tui: {failure_line(failure)}", to=sys.stderr)
    return code


def _is_at_a_terminal(*, key_piped: bool) -> bool:
    """Whether keys can be pressed and a screen drawn; the screen is drawn on standard error.

    Where standard input gives the API key, another way to the terminal is looked for after that.
    """
    return sys.stderr.isatty() and (key_piped or sys.stdin.isatty())


def _open_what_is_closed() -> None:
    """Let what nobody reads go nowhere: a file or a connection must not take a closed stream's place."""
    nowhere = Path(os.devnull)
    if sys.stdin is None:
        sys.stdin = nowhere.open(encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = nowhere.open("w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = nowhere.open("w", encoding="utf-8")


def _never_refuse(stream: TextIO) -> None:
    """Let a character that the stream cannot encode be written as an escape instead of ending us."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _no_core_dumps() -> None:
    """Keep the key out of core files."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _no_plugins() -> None:
    """Let pydantic load no plugins: they would see every answer, and to look for them takes time."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


class InertFormatter(logging.Formatter):
    """Writes what a terminal can show as it is and what others may read: errors quote whatever they met."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, its own line ends kept, without keys and signatures."""
        from review_tui.client.redaction import hidden
        from review_tui.model.text import clean

        return clean(hidden(super().format(record)), lines=True, cap=_LOGGED)


class PrivateFile(logging.FileHandler):
    """A log that is made for its owner alone."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_for_its_owner)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _log_to(path: Path | None) -> None:
    """Log to a file of its owner's, or nowhere: never onto the screen."""
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        try:
            handler = PrivateFile(path)
        except OSError as error:
            print(f"review-tui: REVIEW_TUI_LOG: {error.strerror}", file=sys.stderr)
        else:
            handler.setFormatter(InertFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
