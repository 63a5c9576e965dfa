"""Sandboxes in processes of their own, forked from one that has loaded what they need."""

import os
import runpy
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

SANDBOX = "review_tui.sandbox"

_forks = get_context("forkserver")
_forks.set_forkserver_preload([f"{SANDBOX}.serve", __name__])


def begun(arguments: Sequence[str], said: Path) -> tuple[BaseProcess, Connection]:
    """Begin `python -m review_tui.sandbox`; return the process and its standard output.

    What it says on standard error goes into the file `said`.
    """
    read, written = _forks.Pipe(duplex=False)
    process = _forks.Process(target=_run, args=(arguments, written, said), daemon=True)
    process.start()
    written.close()
    return process, read


def _run(arguments: Sequence[str], out: Connection, said: Path) -> None:
    """Be the program from here on."""
    for source, number in ((os.open(os.devnull, os.O_RDONLY), 0), (out.fileno(), 1)):
        os.dup2(source, number)
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    sys.argv = [SANDBOX, *arguments]
    runpy.run_module(SANDBOX, run_name="__main__")
