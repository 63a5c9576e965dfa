"""What lives here: ``python -m review_tui.sandbox``, the sandbox without the rest of the program."""

import argparse
import sys
from pathlib import Path

from review_tui.sandbox.serve import main

parser = argparse.ArgumentParser(
    prog="python -m review_tui.sandbox",
    description="A pretend document-review server on loopback, with made-up data. It is not Steve.",
)
parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same world")
parser.add_argument("--submissions", type=int, help="how many to begin with")
parser.add_argument("--scenario", default="busy", help="which world to begin with")
parser.add_argument("--db", type=Path, help="keep the state in this file")
parser.add_argument("--exit-with-stdin", action="store_true", help="end when stdin ends")
given = parser.parse_args()
sys.exit(
    main(
        port=given.port,
        seed=given.seed,
        submissions=given.submissions,
        scenario=given.scenario,
        db=given.db,
        exit_with_stdin=given.exit_with_stdin,
    )
)
