"""`python -m review_tui`."""

import sys

from review_tui.cli.main import main

sys.exit(main())
