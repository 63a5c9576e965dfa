"""The command line's words: which commands there are and what each takes."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from review_tui.model.fraud import Resolution
from review_tui.model.job_words import JobState, System
from review_tui.model.submissions import SubmissionStatus

_EXITS = (
    "exit codes: 0 ok, 2 usage, 3 not found, 4 refused by state or gate, 5 key, 6 rate limit, "
    "7 network or server, 8 outcome unknown, 1 anything unexpected; of a job: 10 needs review, 11 failed, "
    "12 canceled, 13 expired or gone, 14 not over"
)
_DRIVERS = ("guarded", "stock")
_LONGEST_WAIT = 7 * 24 * 3600
_ENVIRONMENT = (
    "STEVE_BASE_URL, or base_url in the configuration file, says which server. The key comes from "
    "--key-file, else from STEVE_API_KEY, else from the file that STEVE_API_KEY_FILE names, else from the "
    "configured key_file, else from ~/.config/review-tui/key; such a file must be yours and readable by "
    "nobody else (chmod 600). Without any of them the console asks for the key. review-tui config init "
    "writes the configuration file. "
    "REVIEW_TUI_DOWNLOADS is the folder for documents, REVIEW_TUI_LOG a file for what goes wrong "
    "unexpectedly; docs/operations.md has the rest."
)


class Parser(argparse.ArgumentParser):
    """Takes words in full only, and repeats no key that was typed among them."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"allow_abbrev": False} | given)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and end with 2."""
        from review_tui.client.redaction import hidden
        from review_tui.model.text import clean

        told = hidden(message)
        if told != message:
            told += "; a key on the command line can be read by others: replace it, and see --key-file"
        super().error(clean(told))


class Version(argparse.Action):
    """Looks for the version only where it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print it and end."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("review-tui")
        except PackageNotFoundError:
            found = "(not installed)"
        print(f"review-tui {found}")
        parser.exit()


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was typed; where nothing was, no parser is built, for the console is waited for."""
    if not arguments:
        return argparse.Namespace(command=None, profile=None, key_file=None, driver=_DRIVERS[0])
    return build_parser().parse_args(arguments)


def build_parser() -> Parser:
    """Return the parser; without a command the console opens."""
    parser = Parser(
        prog="review-tui",
        description="Clear a queue of submitted documents. Without a command: open the console.",
        epilog=f"{_ENVIRONMENT} {_EXITS}",
    )
    parser.add_argument(
        "--version", action=Version, nargs=0, default=argparse.SUPPRESS, help="print it and exit"
    )
    _add_place(parser, default=None)
    parser.add_argument("--driver", choices=_DRIVERS, default=_DRIVERS[0], help=argparse.SUPPRESS)
    commands = parser.add_subparsers(dest="command", metavar="command")
    demo = commands.add_parser("demo", help="open the console on a made-up company")
    _add_world(demo)
    sandbox = commands.add_parser("sandbox", help="serve a made-up company on loopback")
    _add_world(sandbox)
    sandbox.add_argument("--port", type=_port, default=0, metavar="N", help="0 takes a free one")
    sandbox.add_argument("--db", type=Path, metavar="FILE", help="keep its state in this file")
    sandbox.add_argument("--exit-with-stdin", action="store_true", help="end when standard input ends")
    _add_submissions(commands.add_parser("submissions", help="list, show and decide submissions"))
    _add_fraud(commands.add_parser("fraud", help="list and judge fraud matches"))
    _add_jobs(commands.add_parser("jobs", help="list, show and await jobs of Steve, Pulse and Unsiloed"))
    _add_audit(commands.add_parser("audit", help="export and verify the log of who decided what"))
    _add_outbox(commands.add_parser("outbox", help="list, send and drop decisions that are held here"))
    _add_config(commands.add_parser("config", help="show, check and begin the configuration file"))
    _add_json(commands.add_parser("doctor", help="look at terminal, key, server, store and settings"))
    _add_json(commands.add_parser("keys", help="list the commands of the console and their keys"))
    return parser


def _add_submissions(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    listed = verbs.add_parser("list", help="list submissions, newest first")
    listed.add_argument(
        "--status", default=SubmissionStatus.REVIEW.value, metavar="WORD", help="default: review; any for all"
    )
    listed.add_argument("--workflow", metavar="SLUG")
    listed.add_argument("--fraud-status", metavar="WORD")
    listed.add_argument("--limit", type=_count, default=100, metavar="N", help="rows at most; default: 100")
    _add_json(listed)
    show = verbs.add_parser("show", help="show one submission")
    _add_id(show)
    for verb, words in (
        ("approve", "approve it; refused while a fraud match is unresolved"),
        ("reject", "reject it"),
        ("cancel", "cancel it"),
    ):
        decide = verbs.add_parser(verb, help=words)
        _add_id(decide)
        if verb != "approve":
            decide.add_argument("--reason", required=verb == "reject", metavar="TEXT")


def _add_fraud(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    _add_id(verbs.add_parser("list", help="list the fraud matches of a submission"))
    resolve = verbs.add_parser("resolve", help="judge one fraud match")
    _add_id(resolve)
    resolve.add_argument("match", metavar="MATCH")
    resolve.add_argument("resolution", choices=[word.value for word in Resolution])
    resolve.add_argument("--note", metavar="TEXT")


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    listed = verbs.add_parser("list", help="list jobs, newest first; of Steve and Pulse those watched here")
    _add_system(listed, "all of them")
    listed.add_argument("--state", choices=[word.value for word in JobState])
    listed.add_argument("--operation", default="", metavar="WORD", help="the kind of work")
    listed.add_argument(
        "--tag", action="append", default=[], metavar="TAG", help="with any of them; Unsiloed"
    )
    for name in ("--created-after", "--created-before"):
        listed.add_argument(
            name, type=_moment, metavar="TIME", help="ISO 8601; without a zone, this machine's"
        )
    listed.add_argument("--batch", metavar="ID", help="the jobs of a batch; Unsiloed")
    listed.add_argument(
        "--limit", type=_count, default=50, metavar="N", help="jobs of each system at most; default: 50"
    )
    _add_json(listed)
    _add_ids(verbs.add_parser("show", help="show jobs"))
    wait = verbs.add_parser("wait", help="wait until jobs have ended; the exit code says how")
    wait.add_argument(
        "--timeout", type=_seconds, metavar="S", help="seconds, 0: ask once; default: as the system advises"
    )
    _add_ids(wait)
    result = verbs.add_parser("result", help="print a job's result, or write it to a file")
    result.add_argument("--output", type=Path, metavar="FILE", help="a new file, for its owner alone")
    result.add_argument("--force", action="store_true", help="write over FILE")
    result.add_argument("--most", type=_count, default=512, metavar="MIB", help="default: 512")
    _add_ids(result, many=False)
    cancel = verbs.add_parser("cancel", help="ask once to cancel jobs, and say what became of them")
    cancel.add_argument("--yes", action="store_true", help="do not ask")
    _add_ids(cancel)


def _add_ids(parser: argparse.ArgumentParser, *, many: bool = True) -> None:
    parser.add_argument("ids", nargs="+" if many else 1, metavar="ID", help="a job's id")
    _add_system(parser, None)
    _add_json(parser)


def _add_system(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument(
        "--system",
        choices=[system.value for system in System],
        required=default is None,
        help=None if default is None else f"default: {default}",
    )


def _add_audit(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    export = verbs.add_parser("export", help="write the whole log, oldest first")
    export.add_argument("--format", choices=["csv", "jsonl"], default="jsonl", help="default: jsonl")
    export.add_argument("--out", type=Path, metavar="FILE", help="a new file, for its owner alone")
    export.set_defaults(json=False)
    _add_place(export)
    _add_json(verbs.add_parser("verify", help="say whether every entry is as it was written"))


def _add_outbox(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    _add_json(verbs.add_parser("list", help="list decisions whose end is not known"))
    for verb, words in (
        ("send", "send them now, each looked at anew first"),
        ("drop", "take them back; they are never sent"),
    ):
        chosen = verbs.add_parser(verb, help=words)
        chosen.add_argument("ids", nargs="+", metavar="ID", help="a submission's or a request's id")
        _add_json(chosen)


def _add_config(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", metavar="verb", required=True)
    show = verbs.add_parser("show", help="print every setting as it holds; no secret is shown")
    show.add_argument("--origin", action="store_true", help="say where each comes from")
    _add_json(show)
    _add_json(verbs.add_parser("check", help="name everything that is wrong with the settings"))
    begin = verbs.add_parser("init", help="write a file with every setting, explained; never over another")
    begin.set_defaults(json=False)


def _add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a submission's id")
    _add_json(parser)


def _add_place(parser: argparse.ArgumentParser, *, default: str | None = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--key-file", default=default, metavar="PATH", help="a file that holds the key; - for standard input"
    )
    parser.add_argument(
        "--profile", default=default, metavar="NAME", help="a server of the configuration file"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    _add_place(parser)
    parser.add_argument("--json", action="store_true", help="print JSON; see docs/operations.md")


def _add_world(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed makes the same world")
    parser.add_argument("--submissions", type=_count, metavar="N", help="how many to begin with")
    parser.add_argument(
        "--scenario",
        default="busy",
        metavar="NAME",
        help="quiet, busy (default), flood, empty, hostile or conflict",
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return number


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds") from None
    if not 0 <= seconds <= _LONGEST_WAIT:
        raise argparse.ArgumentTypeError(f"must be from 0 to {_LONGEST_WAIT}")
    return seconds


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("is no time, such as 2026-03-25 or 2026-03-25T12:00:00Z") from None


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number < 65_536:
        raise argparse.ArgumentTypeError("there is no such port")
    return number
