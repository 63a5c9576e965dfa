"""The door: what stood on the screen last time is drawn at once, then all that a command needs is loaded."""

import gc
import os
import sys
from collections.abc import Sequence

from review_tui.cli.start import begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; failures are one line on standard error."""
    start = begun(sys.argv[1:] if arguments is None else arguments, os.environ)
    gc.disable()  # what is loaded stays: to go through it again and again was a tenth of a start
    try:
        from review_tui.cli.running import run

        return run(arguments, start)
    finally:
        gc.enable()
        start.end()
